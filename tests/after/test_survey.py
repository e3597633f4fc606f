"""Did you get what you needed today? Asked at each end, answered once, counted as it was said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

import metrics.queries
from desk.performance_said import companion
from enquiries.channels import Channel
from enquiries.models import Contact, EnquiryEvent, SurveyAnswer
from enquiries.queries import surveys
from enquiries.queries.surveys import Asked, EndPoint
from kb.models import Service
from metrics import exports
from metrics.queries import Chosen
from notifications.models import Notification
from tests.after.conftest import Citizen, token_in
from tests.journeys.steps import report_a_missed_bin, words
from tests.world import World

pytestmark = pytest.mark.django_db


def said(answer: Any) -> str:
    return words(answer.content.decode())


def press(html: str, answer: str, **more: str) -> Any:
    token = token_in(html, 'action="/said/')
    return Client().post(f"/said/{token}/", {"answer": answer, **more}, follow=True)


def test_the_page_of_what_has_ended_asks_and_one_press_answers(done: Citizen) -> None:
    assert "Did you get what you needed today?" in done.reads()
    page = said(press(done.html(), "partly"))
    assert "You said: Partly" in page
    assert "You said: Partly" in done.reads()
    row = SurveyAnswer.objects.get()
    assert (row.answer, row.channel, row.end_point) == ("partly", "web", "done")
    assert row.enquiry_id == done.enquiry.pk


def test_it_is_not_asked_while_it_goes_on(citizen: Citizen) -> None:
    assert "Did you get what you needed today?" not in citizen.reads()


def test_the_same_again_is_one_answer_and_another_changes_it(done: Citizen) -> None:
    html = done.html()
    for answer in ("yes", "yes", "no"):
        press(html, answer)
    press(html, "no", words="Nobody came")
    press(html, "no", words="Nobody came")
    assert SurveyAnswer.objects.get().answer == "no"
    lines = EnquiryEvent.objects.filter(type="enquiry.surveyed").order_by("sequence")
    kept = [(line.data["answer"], line.data["words"]) for line in lines]
    assert kept == [("yes", ""), ("no", ""), ("no", "Nobody came")]


def test_words_are_kept_sealed_and_read_on_the_case(
    done: Citizen, client_for: Any, world: World
) -> None:
    press(done.html(), "no", words="It was the wrong bin")
    assert "wrong bin" not in str(SurveyAnswer.objects.get().__dict__)
    case = client_for(world.agent).get(f"/desk/cases/{done.enquiry.reference}/")
    assert "It was the wrong bin" in said(case)
    # What is said of a partner's work is between the citizen and the hub.
    partner = client_for(world.officer).get("/desk/referrals/?view=done", follow=True)
    assert "wrong bin" not in said(partner)


def test_the_message_that_it_ended_links_to_the_question_and_opening_it_answers_nothing(
    done: Citizen,
) -> None:
    body = Notification.objects.get(event="resolved").body
    path = f"/said/{token_in(body, '/said/')}/"
    for _scanner in range(3):
        assert "Did you get what you needed today?" in said(Client().get(path))
        assert Client().head(path).status_code == 200
    assert not SurveyAnswer.objects.exists()
    Client().post(path, {"answer": "yes"})
    # The page asks the same question of the same end: it is answered already.
    assert "You said: Yes" in done.reads()


def test_the_confirmation_asks_once_a_sitting(world: World) -> None:
    client = Client()
    reference, link = report_a_missed_bin(client)
    row = EnquiryEvent.objects.get(enquiry__reference=reference, sequence=1)
    assert row.type == "enquiry.received"
    assert link.startswith("/track/")


def test_what_opened_again_and_ended_again_is_asked_again(done: Citizen) -> None:
    press(done.html(), "no")
    done.sends("not-needed", why="clarification", words="Not mine")
    assert "Did you get what" not in done.reads()
    done.sends("cancel")
    assert "Did you get what you needed today?" in done.reads()
    press(done.html(), "yes")
    found = SurveyAnswer.objects.order_by("pk").values_list("end_point", "answer")
    assert list(found) == [("done", "no"), ("withdrawn", "yes")]


@pytest.mark.parametrize("token", ["x", "%00", "WyJkb25lIl0:1xxxxx:forged", "x" * 3000])
def test_a_question_that_we_never_asked_is_answered_by_nobody(world: World, token: str) -> None:
    for answer in (Client().get(f"/said/{token}/"), Client().post(f"/said/{token}/")):
        assert answer.status_code in (400, 404)
    assert not SurveyAnswer.objects.exists()


def test_a_token_of_another_kind_of_ours_is_no_question() -> None:
    from django.core import signing

    for parts in ([], ["done"], ["elsewhere", "x", "web", "", ""], ["done", "x", "pigeon", "", ""]):
        assert surveys.opened(signing.dumps(parts, salt="enquiries.survey")) is None
    assert surveys.opened(signing.dumps(["done", "x", "web", "", ""], salt="other")) is None


@pytest.mark.parametrize("answer", ["", "maybe", "\x00", "YES", "x" * 500])
def test_an_answer_that_is_none_is_refused_in_words(done: Citizen, answer: str) -> None:
    page = press(done.html(), answer)
    assert "Choose yes, partly or no" in said(page)
    assert not SurveyAnswer.objects.exists()


def test_words_that_are_too_long_stay_on_the_page(done: Citizen) -> None:
    press(done.html(), "no")
    page = press(done.html(), "no", words="w" * 1001)
    assert "Use 1,000 characters or fewer" in said(page)
    assert "w" * 1001 in page.content.decode()


def test_an_answer_is_no_contact_and_changes_nothing_of_the_case(done: Citizen) -> None:
    before = (Contact.objects.count(), done.now().status, done.now().outcome)
    press(done.html(), "no", words="Never again")
    assert before == (Contact.objects.count(), done.now().status, done.now().outcome)


def answered(key: str, answer: str, **more: Any) -> None:
    from enquiries.actions import surveys as acts

    asked = Asked(EndPoint.NOT_OURS.value, key, Channel.KIOSK.value, **more)
    from tests.world import NOW

    acts.answer(asked, answer=answer, now=NOW)


def test_the_surveyed_rate_is_yes_of_all_and_partly_is_not_yes(
    world: World, manager: Any, agent: Any
) -> None:
    for number, answer in enumerate(["yes", "yes", "partly", "no"]):
        answered(str(number), answer, service="missed-bin")
    found = metrics.queries.surveyed(manager, Chosen())
    assert (found.yes, found.partly, found.no, found.share.value) == (2, 1, 1, 0.5)
    assert metrics.queries.surveyed(manager, Chosen(channel="web")).share.value is None
    assert metrics.queries.surveyed(manager, Chosen(service="missed-bin")).share.denominator == 4
    # Who may not see performance sees none.
    assert metrics.queries.surveyed(agent, Chosen()).share.denominator == 0


def test_managers_read_what_people_say_and_sensitive_words_are_not_in_the_list(
    done: Citizen, client_for: Any, world: World
) -> None:
    press(done.html(), "no", words="The crew was rude")
    client = client_for(world.manager)
    figure = companion(world.viewer(world.manager), Chosen(), None)
    assert (figure["value"], figure["n"]) == ("0%", 1)
    assert "The crew was rude" in said(client.get("/desk/performance/said/"))
    assert "The crew was rude" not in said(client.get("/desk/performance/said/?answer=yes"))
    Service.objects.update(sensitive=True)
    assert "The crew was rude" not in said(client.get("/desk/performance/said/"))
    for query in ("answer=x&before=%00", "before=99999999999999999999", "before=-1", "answer=%00"):
        assert client.get(f"/desk/performance/said/?{query}").status_code == 200


def test_the_ledger_that_leaves_has_a_line_for_each_answer_and_no_words(done: Citizen) -> None:
    press(done.html(), "no", words="Ring Jo on 07700 900123")
    lines = [json.loads(line) for line in exports.stream()]
    (line,) = [one for one in lines if one["type"] == "survey"]
    assert line["answer"] == "no"
    assert line["end_point"] == "done"
    assert str(done.enquiry.pk) != line["enquiry"]
    assert "900123" not in json.dumps(lines)
    assert not [one for one in lines if one.get("event") == "surveyed"]


def test_an_end_point_that_there_is_not_is_a_fault_of_the_page() -> None:
    from channels.asking import survey

    with pytest.raises(ValueError, match="nowhere"):
        survey.at("nowhere", "1")
