"""The editor of forms: drafts, one change at a time, two editors, what cannot be, publishing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.models import AuditEvent
from kb.models import FormVersion
from tests.desk.steps import SCRIPT, new_key, text
from tests.formeditor.steps import ROOT, draft, filled, hidden, live, question, save
from tests.not_ours import give_away
from tests.world import World

pytestmark = pytest.mark.django_db
LIST = "/desk/settings/forms/"


def test_the_list_says_which_services_have_a_form_and_a_draft(admin: Client) -> None:
    page = text(admin.get(LIST))
    assert "Version 1, 2 questions of its own" in page
    assert "The standard one" in page
    draft(admin)
    assert "Ada" in text(admin.get(LIST)) or "Draft" in text(admin.get(LIST))
    only = text(admin.get(f"{LIST}?show=draft"))
    assert "1 of 5 services" in only
    assert "No service fits" in text(admin.get(f"{LIST}?text=zebra"))
    assert admin.get(f"{LIST}?text=%00%F0%9F%A6%93&show=nonsense").status_code == 200


def test_only_administrators_may(admin: Client, client_for: Any, world: World) -> None:
    draft(admin)
    for user in (world.agent, world.officer, world.manager):
        other = client_for(user)
        for path in ("", "checks/", "questions/road/", "publish/", "try/", "form.toml"):
            assert other.get(f"{ROOT}{path}").status_code == 404
        assert other.post(f"{ROOT}draft/", {"key": new_key()}).status_code == 404


def test_what_is_live_is_shown_with_what_every_service_asks(admin: Client) -> None:
    page = text(admin.get(ROOT))
    assert "Which road is it on?" in page
    assert "Only if “Which road is it on?” is “A street”" in page
    assert "Where is it?" in page
    assert "the catalogue decides" in page
    assert "Add a question" not in page
    standard = text(admin.get(f"{LIST}missed-bin/"))
    assert "asks only what every service asks" in standard
    assert admin.get(f"{LIST}no-such/").status_code == 404
    assert admin.get(f"{ROOT}questions/road/").status_code == 404


def test_a_draft_is_made_once_and_changes_nothing_that_is_live(admin: Client) -> None:
    key = new_key()
    for _ in range(2):
        admin.post(f"{ROOT}draft/", {"key": key})
    admin.post(f"{ROOT}draft/", {"key": new_key()})
    made = FormVersion.objects.get(state="draft")
    assert made.number == 2
    assert made.data == live().data
    assert AuditEvent.objects.filter(action="form.drafted").count() == 1


def test_a_question_of_every_kind_is_added(admin: Client) -> None:
    draft(admin)
    kinds = ["text", "words", "choice", "several", "yes_no", "date", "number", "file"]
    for kind in kinds:
        answer = save(
            admin, "questions/new/", words=f"What about {kind}?", type=kind, hint="For example 3",
            choices="Red\nbl = Blue | as the sky" if kind in ("choice", "several") else "",
            least="-5" if kind in ("date", "number") else "",
        )  # fmt: skip
        assert answer.status_code == 303, text(answer)
    rows = {
        one["type"]: one for one in FormVersion.objects.get(state="draft").data["questions"][2:]
    }
    assert list(rows) == kinds
    assert rows["choice"]["choices"] == [
        {"value": "red", "words": "Red"},
        {"value": "bl", "words": "Blue", "hint": "as the sky"},
    ]
    assert rows["several"]["key"] == "what-about-several"
    assert rows["date"]["least"] == -5
    assert "choices" not in rows["yes_no"]


def test_what_is_wrong_is_said_and_the_words_stay(admin: Client) -> None:
    draft(admin)
    refused = save(admin, "questions/new/", words="Which?", type="choice", choices="Only one")
    assert refused.status_code == 200
    assert "A choice needs 2 to 30 answers" in text(refused)
    assert "Only one" in text(refused)
    assert text(refused).count("<title>Error:") == 1
    for words in (
        {"words": "", "type": "text"},
        {"words": "x" * 161, "type": "text"},
        {"words": "Which?", "type": "nonsense"},
        {"words": "Which?", "type": "text", "name": "Bad Key"},
        {"words": "Which?", "type": "text", "name": "road"},
        {"words": "Deep?", "type": "number", "least": "many"},
        {"words": "Deep?", "type": "number", "least": "9", "most": "1"},
        {"words": "Deep?", "type": "number", "least": "1e400"},
        {"words": "\x00?", "type": "text"},
        {"words": "Who?", "type": "text", "when_test_0": "no|such|thing"},
        {"words": "Deep?", "type": "text", "when_test_0": "deep|at_least|"},
        {"words": "Deep?", "type": "text", "when_test_0": "deep|at_least|", "when_number_0": "nan"},
        {"words": "Where?", "type": "place", "name": "description"},
    ):
        refused = save(admin, "questions/new/", **words)
        assert refused.status_code == 200, words
        assert "Error:" in text(refused), words
    assert FormVersion.objects.get(state="draft").revision == 1


def test_a_condition_of_several_tests_is_built_shown_and_kept(admin: Client) -> None:
    draft(admin)
    save(
        admin, "questions/new/", words="Is it dark there?", type="yes_no", name="dark",
        when_how="all", when_test_0="road|is|local", when_test_1="road|is|motorway",
        when_test_2="deep|at_least|", when_number_2="2.5",
    )  # fmt: skip
    made = question("dark")
    assert made is not None
    assert made["when"] == {
        "all": [
            {"question": "road", "is": ["local", "motorway"]},
            {"question": "deep", "at_least": 2.5},
        ]
    }
    again = save(admin, "questions/dark/", words="Is it dark?")
    assert again.status_code == 303
    changed = question("dark")
    assert changed is not None
    assert (changed["when"], changed["words"]) == (made["when"], "Is it dark?")
    page = text(admin.get(ROOT))
    assert "is “A street” or “The M5” and “How deep is it?” is 2.5 or more" in page


def test_a_condition_that_rows_cannot_say_is_kept_until_it_is_let_go(admin: Client) -> None:
    draft(admin)
    deep = {"not": {"all": [{"question": "road", "is": "local"}, {"missing": "road"}]}}
    row = FormVersion.objects.get(state="draft")
    row.data["questions"][1]["when"] = deep
    row.save()
    page = admin.get(f"{ROOT}questions/deep/")
    assert "says more than the tests below can" in text(page)
    save(admin, "questions/deep/", words="How deep?")
    assert (question("deep") or {})["when"] == deep
    save(admin, "questions/deep/", when_keep="")
    assert "when" not in (question("deep") or {"when": 1})


def test_up_and_down_never_past_what_it_looks_at(admin: Client) -> None:
    draft(admin)
    up = {"key": new_key(), "steps": "-1"}
    answer = admin.post(f"{ROOT}questions/deep/move/", up, follow=True)
    assert "It stays where it is" in text(answer)
    assert "no question before it" in text(answer)
    save(admin, "questions/new/", words="Is it wet?", type="yes_no", name="wet")
    admin.post(f"{ROOT}questions/wet/move/", {"key": new_key(), "steps": "-1"})
    keys = [one["key"] for one in FormVersion.objects.get(state="draft").data["questions"]]
    assert keys == ["road", "wet", "deep"]
    for steps in ("", "9", "x"):
        admin.post(f"{ROOT}questions/wet/move/", {"key": new_key(), "steps": steps})
    assert FormVersion.objects.get(state="draft").revision == 3


def test_what_others_depend_on_cannot_be_removed(admin: Client) -> None:
    draft(admin)
    page = admin.get(f"{ROOT}questions/road/remove/")
    assert "the question “How deep is it?”" in text(page)
    sent = {**hidden(page), "key": new_key(), "mark": "x"}
    assert admin.post(f"{ROOT}questions/road/remove/", sent).status_code == 200
    assert question("road")
    page = admin.get(f"{ROOT}questions/deep/remove/")
    assert admin.post(f"{ROOT}questions/deep/remove/", hidden(page)).status_code == 303
    assert question("deep") is None
    assert admin.get(f"{ROOT}questions/deep/").status_code == 404


def test_what_rules_name_cannot_be_removed_or_renamed(admin: Client, world: World) -> None:
    give_away("pothole")
    draft(admin)
    page = admin.get(f"{ROOT}questions/road/remove/")
    assert "routing rules name its answer <code>motorway</code>" in text(page)
    data = {"key": new_key(), "mark": ""}
    assert admin.post(f"{ROOT}questions/road/remove/", data).status_code == 200
    saved = save(admin, "questions/road/", choices="local = A street\nm5 = The M5")
    assert saved.status_code == 303, text(saved)
    checks = text(admin.get(f"{ROOT}checks/"))
    assert "Routing rules name the answer “motorway”, which cannot be given" in checks
    page = admin.get(f"{ROOT}publish/")
    assert "Wrong: mend this first" in text(page)
    row = FormVersion.objects.get(state="draft")
    forced = {"key": new_key(), "revision": row.revision, "live": live().number, "note": "M5"}
    refused = admin.post(f"{ROOT}publish/", forced)
    assert refused.status_code == 200
    assert "It is not published" in text(refused)
    assert live().number < row.number


def test_two_editors_of_one_question_the_later_is_told_and_loses_nothing(admin: Client) -> None:
    draft(admin)
    early, late = (admin.get(f"{ROOT}questions/road/") for _ in range(2))
    assert save(admin, "questions/road/", early, words="Which road?").status_code == 303
    told = save(admin, "questions/road/", late, hint="Look at the sign")
    page = text(told)
    assert told.status_code == 200
    assert "A colleague has changed this question meanwhile" in page
    assert "Theirs, in the draft now" in page
    assert "Look at the sign" in page
    assert (question("road") or {})["words"] == "Which road?"
    again = admin.post(f"{ROOT}questions/road/", {**filled(told), "hint": "Look at the sign"})
    assert again.status_code == 303
    assert (question("road") or {})["hint"] == "Look at the sign"


def test_two_editors_of_two_questions_do_not_meet(admin: Client) -> None:
    draft(admin)
    road, deep = admin.get(f"{ROOT}questions/road/"), admin.get(f"{ROOT}questions/deep/")
    assert save(admin, "questions/road/", road, words="Which road?").status_code == 303
    assert save(admin, "questions/deep/", deep, words="How deep?").status_code == 303
    assert [one["words"] for one in FormVersion.objects.get(state="draft").data["questions"]] == [
        "Which road?",
        "How deep?",
    ]


def test_what_was_removed_or_published_meanwhile_is_said_with_the_words(admin: Client) -> None:
    draft(admin)
    page = admin.get(f"{ROOT}questions/deep/")
    gone = admin.get(f"{ROOT}questions/deep/remove/")
    admin.post(f"{ROOT}questions/deep/remove/", hidden(gone))
    told = save(admin, "questions/deep/", page, words="How deep is the hole?")
    assert "A colleague has removed this question meanwhile" in text(told)
    assert "How deep is the hole?" in text(told)
    page = admin.get(f"{ROOT}questions/road/")
    discard = admin.get(f"{ROOT}discard/")
    assert admin.post(f"{ROOT}discard/", hidden(discard)).status_code == 303
    told = save(admin, "questions/road/", page, words="Which road then?")
    assert "There is no draft any more" in text(told)
    assert "Which road then?" in text(told)


def test_an_end_is_written_and_needs_what_its_kind_needs(admin: Client) -> None:
    draft(admin)
    words = {
        "title": "Ring us", "words": "Do not wait.", "kind": "emergency",
        "when_test_0": "road|is|motorway",
    }  # fmt: skip
    assert "an emergency needs a telephone" in text(save(admin, "ends/new/", **words))
    assert "a “no” needs a next step" in text(
        save(admin, "ends/new/", **{**words, "kind": "not_eligible"})
    )
    assert "Choose when the form ends here" in text(
        save(admin, "ends/new/", **{**words, "phone": "999", "when_test_0": ""})
    )
    assert save(admin, "ends/new/", **words, phone="999").status_code == 303
    made = FormVersion.objects.get(state="draft").data["ends"]
    assert made[0]["key"] == "ring-us"
    assert made[0]["when"] == {"question": "road", "is": "motorway"}
    page = text(admin.get(ROOT))
    assert "When “Which road is it on?” is “The M5”" in page
    assert "the end “Ring us”" in text(admin.get(f"{ROOT}questions/road/"))
    gone = admin.get(f"{ROOT}ends/ring-us/remove/")
    assert admin.post(f"{ROOT}ends/ring-us/remove/", hidden(gone)).status_code == 303
    assert "ends" not in FormVersion.objects.get(state="draft").data


def test_what_differs_in_an_area_is_written_and_taken_back(admin: Client) -> None:
    draft(admin)
    chosen = admin.get(f"{ROOT}questions/road/areas/?code=E07000237")
    assert chosen["Location"].endswith("questions/road/areas/E07000237/")
    path = "questions/road/areas/E07000237/"
    save(admin, path, words="Which street in the city?", required="no")
    assert (question("road") or {})["areas"] == {
        "E07000237": {"words": "Which street in the city?", "required": False}
    }
    assert "Different in 1 area" in text(admin.get(ROOT))
    assert save(admin, "questions/road/", hint="Look").status_code == 303
    assert (question("road") or {})["areas"]
    save(admin, path, forget="1")
    assert "areas" not in (question("road") or {"areas": 1})
    assert admin.get(f"{ROOT}questions/road/areas/E99999999/").status_code == 404
    assert admin.get(f"{ROOT}questions/road/areas/?code=%00", follow=True).status_code == 200


def test_trying_walks_branches_and_ends_at_every_door_and_keeps_nothing(admin: Client) -> None:
    draft(admin)
    save(
        admin, "ends/new/", title="Ring them", words="It is theirs.", kind="not_ours",
        phone="0300 123 5000", when_test_0="road|is|motorway",
    )  # fmt: skip
    before = FormVersion.objects.count()
    for door, local, motorway in (
        ("web", "local", "motorway"), ("kiosk", "local", "motorway"),
        ("desk", "local", "motorway"), ("sms", "1", "2"),
    ):  # fmt: skip
        page = admin.get(f"{ROOT}try/?door={door}")
        assert "Which road is it on?" in text(page)
        empty = admin.post(f"{ROOT}try/", {**hidden(page), "answer": "1"})
        assert "Choose an answer" in text(empty)
        ended = admin.post(f"{ROOT}try/", {**hidden(page), "answer": "1", "value": motorway})
        assert "Ring them" in text(ended)
        on = admin.post(f"{ROOT}try/", {**hidden(page), "answer": "1", "value": local})
        assert "How deep is it?" in text(on)
        wrong = admin.post(f"{ROOT}try/", {**hidden(on), "answer": "1", "value": "much"})
        assert "Enter a number" in text(wrong)
        while "Check your answers" not in text(on):
            on = admin.post(f"{ROOT}try/", {**hidden(on), "answer": "1", "value": "7"})
            assert on.status_code == 200
        assert "7 cm" in text(on)
    assert FormVersion.objects.count() == before


def test_the_text_messages_say_what_a_text_really_gets(admin: Client) -> None:
    draft(admin)
    page = text(admin.get(f"{ROOT}try/?door=sms"))
    assert "By text nobody is asked these questions" in page
    assert "We have your message. Your reference is" in page
    assert "By text nobody" not in text(admin.get(f"{ROOT}try/?door=web"))
    looked = text(admin.get(f"{ROOT}questions/road/"))
    assert "Not asked by text today" in looked


@pytest.mark.parametrize(
    "state", ["", "x", "[]", "[1,2,3]", '[{"road":["a",{}]},[],[]]', "[" * 9_000]
)
def test_a_state_that_was_tampered_with_begins_again(admin: Client, state: str) -> None:
    data = {"state": state, "door": "nonsense", "area": "\x00", "question": "road", "answer": "1"}
    page = admin.post(f"{ROOT}try/", data)
    assert page.status_code == 200


def test_how_it_looks_is_shown_from_what_stands_in_the_form(admin: Client) -> None:
    draft(admin)
    page = admin.get(f"{ROOT}questions/new/")
    words = {**filled(page), "type": "choice", "words": "Which colour?", "shown": ""}
    looked = text(admin.post(f"{ROOT}questions/look/", {**words, "choices": "\n".join("ABCDEFG")}))
    assert "Kiosk, 2 screens" in looked
    assert "Reply with the number" in looked
    assert "<html" not in looked
    button = save(admin, "questions/new/", **words, choices="Red\nBlue", look="1")
    assert "How it looks" in text(button)
    assert "1 Red" in text(button)
    assert question("which-colour") is None
    assert admin.post(f"{ROOT}ends/look/", {"title": "x"}).status_code == 200
    assert admin.post(f"{ROOT}questions/look/", {}).status_code == 200


def test_words_of_editors_are_only_words(admin: Client) -> None:
    draft(admin)
    save(
        admin, "questions/road/", words=f"Q {SCRIPT}", hint=SCRIPT, why=SCRIPT,
        choices=f"local = {SCRIPT[:60]}\nmotorway = M5",
    )  # fmt: skip
    pages = ("", "checks/", "changes/", "questions/road/", "questions/deep/", "publish/", "try/")
    more = ("questions/road/remove/", "ends/new/", "questions/road/areas/E07000237/")
    for path in pages + more:
        page = text(admin.get(f"{ROOT}{path}"))
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
