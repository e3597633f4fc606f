"""A partner's editor changes what forms ask in their own area, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Viewer
from core.audit import SYSTEM
from kb import actions_forms, actions_forms_areas, queries_forms, queries_forms_areas
from kb.actions_forms import FormChanged, NoSuchForm
from kb.forms import editing, lint, path
from kb.models import AreaDraft, FormVersion
from tests import forms_of
from tests.answers.steps import editor
from tests.desk.steps import new_key, text
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/forms/missed-bin/"
WYCHAVON, WORCESTER = "E07000238", "E07000237"
KNOWN = lint.Known()
QUESTIONS = (
    forms_of.choice("which", "Which bin?", black="The black one", green="The green one"),
    {"key": "hurt", "type": "yes_no", "words": "Could it hurt somebody?"},
)
ENDS = [
    {
        "key": "ring",
        "kind": "emergency",
        "when": {"question": "hurt", "is": "yes"},
        "title": "Ring now",
        "words": "Ring us.",
        "phone": "01632 960000",
    }
]


@pytest.fixture
def form(world: World) -> FormVersion:
    return forms_of.publish("missed-bin", *QUESTIONS, ends=ENDS)


@pytest.fixture
def wychavon(world: World, form: FormVersion) -> User:
    return editor(world, "wychavon")


@pytest.fixture
def desk(wychavon: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(wychavon)


@pytest.fixture
def who(world: World, wychavon: User) -> Viewer:
    return world.viewer(wychavon)


def page(desk: Client, address: str) -> str:
    response = desk.get(address)
    assert response.status_code == 200
    return text(response)


def sent(desk: Client, address: str, **data: str) -> str:
    """Sends the form of a page as it stands, with what is typed; gives the page that follows."""
    shown = page(desk, address)
    hidden = dict(re.findall(r'type="hidden" name="(mark|revision|live)" value="([^"]*)"', shown))
    response = desk.post(address, {**hidden, "key": new_key(), **data}, follow=True)
    return text(response)


def asked_in(code: str) -> list[str]:
    live = queries_forms.live("missed-bin")
    assert live is not None
    return [one.words for one in path.for_area(live.form, [code]).questions]


def save(who: Viewer, code: str = WYCHAVON, mark: str = "", **to: object) -> None:
    actions_forms_areas.save(
        viewer=who, slug="missed-bin", key="which", code=code, to=dict(to), mark=mark, now=NOW
    )


def publish(who: Viewer, revision: int = 1) -> FormVersion:
    return actions_forms_areas.publish(
        viewer=who, slug="missed-bin", revision=revision, known=KNOWN, now=NOW
    )


def test_what_an_editor_writes_is_asked_in_their_area_once_it_is_published(desk: Client) -> None:
    assert "Which bin?" in page(desk, ADDRESS)
    after = sent(desk, f"{ADDRESS}questions/which/{WYCHAVON}/", words="Which of your bins?")
    assert "is in your draft" in after
    assert "Your draft" in after
    assert asked_in(WYCHAVON) == ["Which bin?", "Could it hurt somebody?"]
    shown = page(desk, f"{ADDRESS}publish/")
    assert "“Which bin?” in Wychavon: question" in shown
    assert "As everywhere" in shown
    assert "asks this in your area from now on" in sent(desk, f"{ADDRESS}publish/")
    assert asked_in(WYCHAVON) == ["Which of your bins?", "Could it hurt somebody?"]
    assert asked_in(WORCESTER) == ["Which bin?", "Could it hurt somebody?"]
    live = queries_forms.live("missed-bin")
    assert live is not None
    assert (live.number, live.published_by) == (2, "Edie Editor")
    assert not AreaDraft.objects.exists()


def test_what_belongs_to_all_stays_with_the_hub(desk: Client, who: Viewer) -> None:
    for address in (
        f"{ADDRESS}questions/which/{WORCESTER}/",
        "/desk/forms/pothole/",
        "/desk/settings/forms/",
        "/desk/settings/forms/missed-bin/",
    ):
        assert desk.get(address).status_code == 404
    with pytest.raises(NoSuchForm):
        save(who, WORCESTER, words="Ours now?")
    forms_of.publish("pothole", *QUESTIONS)
    with pytest.raises(NoSuchForm):
        actions_forms_areas.save(
            viewer=who, slug="pothole", key="which", code=WYCHAVON, to={"hint": "x"}, mark="",
            now=NOW,
        )  # fmt: skip
    assert not AreaDraft.objects.exists()


def test_a_draft_is_tried_at_each_door_as_it_would_be_asked_there(
    desk: Client, who: Viewer
) -> None:
    choices = [{"value": "black", "words": "The grey one"}, {"value": "green", "words": "Green"}]
    save(who, words="Which of your bins?", choices=choices)
    actions_forms_areas.save(
        viewer=who, slug="missed-bin", key="hurt", code=WYCHAVON, to={"hint": "A needle, say"},
        mark="", now=NOW,
    )  # fmt: skip
    for door, black, hurt in (
        ("web", "black", "yes"), ("kiosk", "black", "yes"), ("desk", "black", "yes"),
        ("sms", "1", "1"),
    ):  # fmt: skip
        first = desk.get(f"{ADDRESS}try/", {"door": door})
        assert "Which of your bins?" in text(first), door
        assert "once your draft is live" in text(first)
        assert "Choose an answer" in text(desk.post(f"{ADDRESS}try/", {**typed(first)}))
        on = desk.post(f"{ADDRESS}try/", {**typed(first), "value": black})
        assert "Could it hurt somebody?" in text(on)
        assert "A needle, say" in text(on)
        assert "The grey one" in text(on)
        ended = desk.post(f"{ADDRESS}try/", {**typed(on), "value": hurt})
        assert "Ring now" in text(ended)
        past = desk.post(f"{ADDRESS}try/", {**typed(ended, answer=False), "pass": "1"})
        assert "Question 3 of about" in text(past)
    assert queries_forms_areas.one(who, "missed-bin").draft.revision == 2  # type: ignore[union-attr]
    assert asked_in(WYCHAVON)[0] == "Which bin?"


def typed(response: Any, *, answer: bool = True) -> dict[str, str]:
    """What the form of a page sends besides what is typed."""
    found = re.findall(r'type="hidden" name="(state|door|area|question)" value="([^"]*)"',
                       response.content.decode())  # fmt: skip
    return {
        **{name: unescape(value) for name, value in found},
        **({"answer": "1"} if answer else {}),
    }


def test_without_a_draft_what_is_live_in_the_area_is_tried(desk: Client, who: Viewer) -> None:
    save(who, words="Which of ours?")
    publish(who)
    shown = page(desk, f"{ADDRESS}try/")
    assert "Which of ours?" in shown
    assert "once your draft is live" not in shown
    save(who, mark=editing.seen({"words": "Which of ours?"}), skip=True)
    shown = page(desk, f"{ADDRESS}try/")
    assert "Which of ours?" not in shown
    assert "Could it hurt somebody?" in shown


def test_nobody_tries_a_form_as_in_an_area_that_is_not_theirs(
    world: World, desk: Client, who: Viewer, client_for: Callable[[User], Client]
) -> None:
    save(who, words="A secret of ours?")
    other = client_for(editor(world, "worcester-city", "Olga Other"))
    theirs = page(other, f"{ADDRESS}try/?area={WYCHAVON}")
    assert "A secret of ours?" not in theirs
    assert f'value="{WYCHAVON}"' not in theirs
    # What is no area of theirs is read as their own, however it was sent.
    assert "A secret of ours?" in page(desk, f"{ADDRESS}try/?area={WORCESTER}")
    for area in ("\x00", "x" * 9_000, WORCESTER):
        shown = desk.post(
            f"{ADDRESS}try/", {"area": area, "door": "\x00", "state": "[[[", "answer": ""}
        )
        assert shown.status_code == 200
        assert f'name="area" value="{WYCHAVON}"' in shown.content.decode()
    assert desk.get("/desk/forms/pothole/try/").status_code == 404
    assert desk.get("/desk/forms/no-such/try/").status_code == 404
    for somebody in (world.administrator, world.officer, world.agent, world.manager):
        assert client_for(somebody).get(f"{ADDRESS}try/").status_code == 404


def test_a_service_without_questions_of_its_own_can_be_tried_too(desk: Client) -> None:
    shown = page(desk, "/desk/forms/allotments/try/")
    assert "asks only what every service asks" in shown
    assert "Question 1 of about" in shown


def test_nobody_else_sees_the_draft(
    world: World, who: Viewer, client_for: Callable[[User], Client]
) -> None:
    save(who, words="A secret of ours?")
    other = client_for(editor(world, "worcester-city", "Olga Other"))
    assert "A secret of ours?" not in page(other, ADDRESS)
    assert other.get(f"{ADDRESS}questions/which/{WYCHAVON}/").status_code == 404
    assert "There is no draft any more" in text(other.get(f"{ADDRESS}publish/", follow=True))
    hub = client_for(world.administrator)
    assert "A secret of ours?" not in page(hub, "/desk/settings/forms/missed-bin/")
    assert hub.get(ADDRESS).status_code == 404
    for somebody in (world.officer, world.agent, world.manager):
        assert client_for(somebody).get("/desk/forms/").status_code == 404


def test_an_emergency_is_asked_about_everywhere(desk: Client) -> None:
    after = sent(desk, f"{ADDRESS}questions/hurt/{WYCHAVON}/", skip="on")
    assert "Its answer tells an emergency, so it is asked everywhere" in after
    assert not AreaDraft.objects.exists()


def test_a_question_can_be_left_out_and_brought_back(desk: Client, who: Viewer) -> None:
    sent(desk, f"{ADDRESS}questions/which/{WYCHAVON}/", skip="on")
    assert "Not asked here" in page(desk, ADDRESS)
    sent(desk, f"{ADDRESS}publish/")
    assert asked_in(WYCHAVON) == ["Could it hurt somebody?"]
    sent(desk, f"{ADDRESS}questions/which/{WYCHAVON}/", forget="1")
    sent(desk, f"{ADDRESS}publish/")
    assert asked_in(WYCHAVON) == ["Which bin?", "Could it hurt somebody?"]


def test_what_says_the_same_as_everywhere_is_no_draft(who: Viewer) -> None:
    save(who, words="Which?")
    assert queries_forms_areas.one(who, "missed-bin").draft is not None
    save(who, mark=editing.seen({"words": "Which?"}))
    assert queries_forms_areas.one(who, "missed-bin").draft is None


def test_what_is_live_saved_again_beside_another_change_is_no_change(who: Viewer) -> None:
    save(who, words="Which?")
    publish(who)
    actions_forms_areas.save(
        viewer=who, slug="missed-bin", key="hurt", code=WYCHAVON, to={"words": "Is it sharp?"},
        mark="", now=NOW,
    )  # fmt: skip
    save(who, mark=editing.seen({"words": "Which?"}), words="Which?")
    draft = queries_forms_areas.one(who, "missed-bin").draft
    assert draft is not None
    assert set(draft.changes) == {"hurt"}


def test_words_that_cannot_be_are_refused_where_they_were_typed(desk: Client) -> None:
    after = sent(desk, f"{ADDRESS}questions/which/{WYCHAVON}/", choices="no = No | \nno = Nope")
    assert "It is not saved yet" in after
    assert "no = Nope" in after
    assert not AreaDraft.objects.exists()


def test_nobody_saves_over_words_that_they_have_not_seen(desk: Client, who: Viewer) -> None:
    address = f"{ADDRESS}questions/which/{WYCHAVON}/"
    before = page(desk, address)
    save(who, words="A colleague’s words?")
    assert 'name="mark"' in before  # of nothing: it said nothing of its own
    after = text(desk.post(address, {"key": new_key(), "mark": "", "words": "Mine?"}))
    assert "This has changed meanwhile" in after
    assert "A colleague’s words?" in after
    assert 'value="Mine?"' in after
    again = dict(re.findall(r'name="(mark|key)" value="([^"]*)"', after))
    desk.post(address, {**again, "words": "Mine?"})
    assert "Mine?" in page(desk, ADDRESS)


def test_what_the_hub_changed_meanwhile_is_not_written_over(who: Viewer) -> None:
    save(who, words="Which of yours?")
    data = dict(queries_forms.live("missed-bin").data)  # type: ignore[union-attr]
    data["questions"][0] = {**data["questions"][0], "areas": {WYCHAVON: {"hint": "By the hub"}}}
    actions_forms.publish(service_slug="missed-bin", data=data, actor=SYSTEM, now=NOW)
    with pytest.raises(FormChanged):
        publish(who)
    assert queries_forms_areas.one(who, "missed-bin").overtaken == [("which", WYCHAVON)]
    save(who, mark=editing.seen({"words": "Which of yours?"}), words="Which of yours?")
    publish(who, revision=2)
    assert asked_in(WYCHAVON)[0] == "Which of yours?"


def test_a_draft_of_the_whole_form_does_not_take_it_back(who: Viewer) -> None:
    actions_forms.make_draft(service_slug="missed-bin", actor=SYSTEM, now=NOW)
    save(who, words="Which of yours?")
    made = publish(who)
    draft = queries_forms.draft("missed-bin")
    assert draft is not None
    actions_forms.publish_draft(
        service_slug="missed-bin", revision=draft.revision, live=made.number, note="",
        known=KNOWN, actor=SYSTEM, now=NOW,
    )  # fmt: skip
    assert asked_in(WYCHAVON)[0] == "Which of yours?"


def test_a_page_that_is_out_of_date_publishes_nothing(who: Viewer) -> None:
    save(who, words="First?")
    save(who, mark=editing.seen({"words": "First?"}), words="Second?")
    with pytest.raises(FormChanged):
        publish(who, revision=1)
    assert asked_in(WYCHAVON)[0] == "Which bin?"


def test_a_draft_is_thrown_away(desk: Client, who: Viewer) -> None:
    save(who, words="First?")
    assert "Your draft is thrown away" in sent(desk, f"{ADDRESS}discard/")
    assert "First?" not in page(desk, ADDRESS)


def test_the_list_has_what_the_body_answers_for(desk: Client) -> None:
    shown = page(desk, "/desk/forms/")
    assert "/desk/forms/missed-bin/" in shown
    assert "/desk/forms/allotments/" in shown
    assert "/desk/forms/pothole/" not in shown


def test_an_editor_of_the_hub_changes_what_all_read(
    world: World, form: FormVersion, client_for: Callable[[User], Client]
) -> None:
    desk = client_for(editor(world, "hub"))
    assert "Missed bin" in page(desk, "/desk/settings/forms/")
    assert desk.get("/desk/settings/").status_code == 404
    made = desk.post("/desk/settings/forms/missed-bin/draft/", {"key": new_key()})
    assert made.status_code == 303
    assert queries_forms.draft("missed-bin") is not None
