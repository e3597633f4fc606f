"""Suggestions at the desk: shown, taken with one press, corrected, kept and counted."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

import kb.queries
from enquiries.actions import suggesting, triage
from enquiries.channels import Channel
from enquiries.inbound import Sender
from enquiries.lifecycle import Status
from enquiries.models import Enquiry, EnquiryEvent, Suggestion
from enquiries.queries import suggestions
from kb.models import Cue, Notice
from tests.desk.steps import text
from tests.desk.test_links import pressed
from tests.world import NOW, World, ask, enquiry_of

LATER = NOW + timedelta(hours=1)
UNSURE = "rubbish bin beside the tyre"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture(autouse=True)
def cues(db: None) -> None:
    Cue.objects.create(subject="missed-bin", says="bin not emptied", points="bin")
    Cue.objects.create(subject="pothole", says="pothole, hole in the road", points="tyre")
    Cue.objects.create(subject="chasing", says="any news, still not")


def asked(words: str = UNSURE, **more: Any) -> Enquiry:
    """A text without a service, through triage."""
    received = ask(words=words, service=None, channel=Channel.SMS, **more)
    return enquiry_of(received)


def page_of(enquiry: Enquiry) -> str:
    return f"/desk/cases/{enquiry.reference}/"


def kept(enquiry: Enquiry) -> Suggestion:
    return Suggestion.objects.get(enquiry=enquiry)


def buttons(page: str) -> dict[str, str]:
    """What each button of the suggestion says, by the service that it sends."""
    return dict(
        re.findall(r'<button type="submit" name="service" value="([\w-]+)"[^>]*>([^<]+)<', page)
    )


def press(client: Any, enquiry: Enquiry, service: str) -> str:
    fields = pressed(text(client.get(page_of(enquiry))), f"{page_of(enquiry)}service/")
    answer = client.post(f"{page_of(enquiry)}service/", {**fields, "service": service}, follow=True)
    return text(answer)


def test_what_is_sure_is_set_by_itself_and_kept_with_its_reason(world: World) -> None:
    case = asked("bin not emptied")
    assert case.service is not None
    assert case.service.slug == "missed-bin"
    found = kept(case)
    assert found.was_set
    assert found.certainty >= 90
    assert "Missed bin" in found.reason
    assert (found.right, found.decided_at) == (None, None)
    said = EnquiryEvent.objects.get(enquiry=case, type="enquiry.triaged", data__has_key="found")
    assert said.data["reason"] == found.reason


def test_what_is_not_sure_waits_unclassified_with_the_suggestion(world: World) -> None:
    case = asked()
    assert case.service is None
    assert case.status == Status.OPEN
    assert case.routing_reason.startswith(triage.WAITS)
    found = kept(case)
    assert found.service is not None
    assert (found.service.slug, found.was_set) == ("missed-bin", False)


def test_the_bar_is_a_setting(world: World, settings: Any) -> None:
    settings.HUB_TRIAGE_BAR = 100
    assert asked("bin not emptied").service is None
    settings.HUB_TRIAGE_BAR = 1
    assert asked().service is not None


def test_words_that_say_nothing_are_kept_as_that(world: World, client_for: Any) -> None:
    case = asked("hello")
    found = kept(case)
    assert (found.service, found.certainty, found.was_set) == (None, 0, False)
    page = text(client_for(world.agent).get(page_of(case)))
    assert "The words do not say it" in page
    assert buttons(page) == {}


def test_no_word_of_the_citizen_is_kept_with_a_suggestion(world: World) -> None:
    case = asked("Rita Fable of 9 Plum Row: rubbish bin by tyre wobbles")
    found = kept(case)
    for theirs in ("Rita", "Fable", "Plum", "wobbles"):
        assert theirs not in f"{found.reason} {found.others} {found.words_hash}"
    again = asked("Rita Fable of 9 Plum Row: rubbish bin by tyre wobbles")
    assert kept(again).words_hash == found.words_hash


def test_one_press_takes_the_suggestion_routes_it_and_is_kept(
    world: World, client_for: Any
) -> None:
    case = asked()
    client = client_for(world.agent)
    page = text(client.get(page_of(case)))
    assert "What it may be about" in page
    assert "sure" in page
    assert buttons(page)["missed-bin"] == "Yes, it is Missed bin"

    page = press(client, case, "missed-bin")
    assert "Service set, and routed anew" in page
    assert "What it may be about" not in page
    case.refresh_from_db()
    assert case.service is not None
    assert case.service.slug == "missed-bin"
    assert case.owner == world.organisations["wychavon"]
    found = kept(case)
    assert (found.right, found.decided_by) == (True, "Asha Agent")
    assert found.decided_at == LATER


def test_another_service_corrects_it_and_the_last_word_counts(
    world: World, client_for: Any
) -> None:
    case = asked()
    client = client_for(world.agent)
    press(client, case, "allotments")
    found = kept(case)
    assert found.decided is not None
    assert (found.decided.slug, found.right) == ("allotments", False)
    assert found.service is not None
    assert found.service.slug == "missed-bin"

    agent = world.viewer(world.agent)
    triage.place(reference=case.reference, viewer=agent, service="missed-bin", now=LATER)
    assert kept(case).right is True


def test_a_service_that_was_set_by_itself_says_so_and_may_be_corrected(
    world: World, client_for: Any
) -> None:
    case = asked("bin not emptied")
    client = client_for(world.agent)
    page = text(client.get(page_of(case)))
    assert "was taken from its words (very sure)" in page
    agent = world.viewer(world.agent)
    triage.place(reference=case.reference, viewer=agent, service="pothole", now=LATER)
    found = kept(case)
    assert (found.was_set, found.right) == (True, False)
    assert "was taken from its words" not in text(client.get(page_of(case)))


def test_who_decides_on_an_old_page_is_shown_what_happened_since(
    world: World, client_for: Any
) -> None:
    case = asked()
    client = client_for(world.agent)
    fields = pressed(text(client.get(page_of(case))), f"{page_of(case)}service/")
    agent = world.viewer(world.agent)
    triage.place(reference=case.reference, viewer=agent, service="pothole", now=LATER)
    answer = client.post(f"{page_of(case)}service/", {**fields, "service": "missed-bin"})
    assert kept(case).decided.slug != "missed-bin"  # type: ignore[union-attr]
    assert "There is a problem" in text(answer)


def test_the_queue_says_what_a_case_may_be_about(world: World, client_for: Any) -> None:
    case, silent = asked(), asked("hello")
    page = text(client_for(world.agent).get("/desk/?view=unassigned"))
    assert f"Perhaps Missed bin ({suggestions.certainty_words(kept(case).certainty)})" in page
    assert page.count("Perhaps") == 1
    assert silent.reference in page


def test_a_manager_may_decide_and_a_partner_is_not_shown_it(world: World, client_for: Any) -> None:
    case = asked()
    assert "What it may be about" in text(client_for(world.manager).get(page_of(case)))
    assert client_for(world.officer).get(page_of(case)).status_code == 404


def test_an_open_case_of_the_number_is_part_of_the_suggestion(world: World) -> None:
    sender = Sender(phone="07700 900123")
    ask(service="pothole", words="hole", sender=sender, channel=Channel.SMS)
    again = asked("any news", sender=sender)
    found = kept(again)
    assert found.service is not None
    assert found.service.slug == "pothole"
    assert "open case" in found.reason
    stranger = asked("any news", sender=Sender(phone="07700 900124"))
    assert kept(stranger).service is None


def test_a_notice_where_they_are_is_part_of_the_suggestion(world: World) -> None:
    notice = Notice.objects.create(
        organisation=world.organisations["wychavon"],
        kind="outage",
        title="No collections today",
        words="Ice",
        area_codes=["E07000238"],
        starts_at=NOW - timedelta(hours=1),
        published_at=NOW - timedelta(hours=1),
        changed_at=NOW,
    )
    notice.services.add(kb.queries.services_named(["missed-bin"])["missed-bin"])
    assert "notice" in kept(asked(at=NOW + timedelta(minutes=1))).reason
    elsewhere = asked(at=NOW + timedelta(minutes=1), postcode="WR1 3EZ")
    assert "notice" not in kept(elsewhere).reason


def test_triage_twice_keeps_one_suggestion_and_never_undoes_a_decision(world: World) -> None:
    case = asked()
    agent = world.viewer(world.agent)
    triage.place(reference=case.reference, viewer=agent, service="pothole", now=LATER)
    found = kb.queries.suggest_service("bin")
    suggesting.keep(case, found, was_set=False, now=LATER)
    assert kept(case).decided is not None


def test_a_conversation_keeps_what_its_words_suggest_beside_what_it_ended_with(
    world: World,
) -> None:
    sure = enquiry_of(ask(words="bin not emptied", service="missed-bin", channel=Channel.SMS))
    assert (kept(sure).was_set, kept(sure).right) == (True, None)
    chosen = enquiry_of(ask(words=UNSURE, service="pothole", channel=Channel.SMS))
    assert (kept(chosen).was_set, kept(chosen).right) == (False, False)
    assert kept(chosen).decided_by == suggesting.CITIZEN
    agreed = enquiry_of(ask(words=UNSURE, service="missed-bin", channel=Channel.SMS))
    assert (kept(agreed).was_set, kept(agreed).right) == (False, True)
    by_form = enquiry_of(ask(words=UNSURE, service="pothole", channel=Channel.WEB))
    assert not Suggestion.objects.filter(enquiry=by_form).exists()


def test_who_changes_what_a_conversation_took_is_counted_too(world: World) -> None:
    case = enquiry_of(ask(words="bin not emptied", service="missed-bin", channel=Channel.SMS))
    agent = world.viewer(world.agent)
    triage.place(reference=case.reference, viewer=agent, service="pothole", now=LATER)
    assert (kept(case).was_set, kept(case).right) == (True, False)


def test_managers_see_right_and_wrong_by_week_and_what_was_corrected(
    world: World, client_for: Any
) -> None:
    agent = world.viewer(world.agent)
    for service in ("missed-bin", "missed-bin", "pothole"):
        case = asked()
        triage.place(reference=case.reference, viewer=agent, service=service, now=LATER)
    asked("bin not emptied")
    undone = asked("bin not emptied")
    triage.place(reference=undone.reference, viewer=agent, service="pothole", now=LATER)
    asked("hello", at=NOW - timedelta(days=7))

    found = suggestions.triaged(world.viewer(world.manager), now=LATER)
    assert [week.monday.isoformat() for week in found.weeks] == ["2026-11-16", "2026-11-09"]
    this = found.weeks[0]
    assert (this.suggested, this.was_set, this.undone) == (5, 2, 1)
    assert (this.decided, this.right) == (3, 2)
    assert [(one.suggested, one.decided, one.times) for one in found.corrections] == [
        ("Missed bin", "Pothole", 2)
    ]
    page = text(client_for(world.manager).get("/desk/performance/triage/"))
    assert "16 Nov 2026" in page
    assert "67%" in page
    assert "90 in 100" in page


def test_the_table_has_every_suggestion_and_nobody_in_it(world: World, client_for: Any) -> None:
    case = asked(f"Rita Fable: {UNSURE}", sender=Sender(name="Rita Fable", phone="07700 900123"))
    agent = world.viewer(world.agent)
    triage.place(reference=case.reference, viewer=agent, service="pothole", now=LATER)
    answer = client_for(world.manager).get("/desk/performance/triage/table.csv")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(body))
    assert row["reference"] == case.reference
    assert (row["suggested"], row["decided"]) == ("missed-bin", "pothole")
    assert (row["set_by_itself"], row["right"]) == ("no", "no")
    assert "attachment" in answer["Content-Disposition"]
    for theirs in ("Rita", "7700", "Asha"):
        assert theirs not in body


def test_figures_of_first_triage_are_the_hubs_own(world: World, client_for: Any) -> None:
    for person in (world.agent, world.officer):
        for path in ("", "table.csv"):
            answer = client_for(person).get(f"/desk/performance/triage/{path}")
            assert answer.status_code in (403, 404)
    officer = world.viewer(world.officer)
    assert suggestions.triaged(officer, now=LATER).weeks == ()
    assert list(suggestions.lines(officer, now=LATER)) == []


def test_a_week_begins_on_a_monday_in_london(world: World) -> None:
    # Half past eleven on a Sunday in summer time, half past ten by the clock of the machine.
    asked(at=datetime(2026, 10, 18, 22, 30, tzinfo=UTC))
    asked(at=datetime(2026, 10, 18, 23, 30, tzinfo=UTC))
    found = suggestions.triaged(world.viewer(world.manager), now=LATER)
    assert [one.monday.isoformat() for one in found.weeks] == ["2026-10-19", "2026-10-12"]
