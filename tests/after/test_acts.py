"""What citizens do on the page of their enquiry: each once, and counted for what it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.models import Outbox
from enquiries import tasks
from enquiries.actions import referrals, triage
from enquiries.lifecycle import NotNow, Outcome
from enquiries.models import Clock, ContactItem, EnquiryEvent, Referral
from kb.models import Service
from metrics import recount
from metrics.one_stop import Judged
from notifications.models import Notification
from tests.after.conftest import Citizen
from tests.journeys.steps import words
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


def verdict_of(citizen: Citizen) -> Judged:
    """When the time for coming back is over, from the ledger alone."""
    found = recount.as_of(timezone.now() + timedelta(days=120))
    return next(one for one in found if one.enquiry == str(citizen.enquiry.pk))


def said(answer: Any) -> str:
    return words(answer.content.decode())


def test_something_added_is_kept_once_and_breaks_no_promise_of_one_stop(citizen: Citizen) -> None:
    page = said(citizen.sends("add", words="It has got bigger"))
    assert "We have your words" in page
    assert "It has got bigger" in page
    citizen.again("add")
    item = ContactItem.objects.get(kind="new_information")
    assert (item.words, item.evidence) == ("It has got bigger", ["tracking_link"])
    assert verdict_of(citizen).recontacts == 0


def test_asking_where_it_is_gives_the_answer_at_once_and_counts_as_chasing(
    citizen: Citizen,
) -> None:
    page = citizen.reads("where/")
    assert "Wychavon District Council has been asked to take it on" in page
    assert "since" in page
    assert "Thursday 19 November 2026" in page
    assert "You asked where it is" in said(citizen.sends("where"))
    citizen.again("where")
    assert ContactItem.objects.get(kind="chase").words == "Where is it?"
    found = verdict_of(citizen)
    assert found.recontacts == 1
    assert (found.verdict.kind, found.verdict.reason) == ("failure", "progress_chasing")


def test_cancelling_ends_it_tells_the_partner_to_stop_and_leaves_it_out_of_the_rate(
    citizen: Citizen, referral: Referral
) -> None:
    assert "Cancel this enquiry" in citizen.reads("cancel/")
    page = said(citizen.sends("cancel", words="It was emptied after all"))
    assert "It is cancelled" in page
    assert "Cancelled" in page
    assert "It is cancelled" in said(citizen.again("cancel"))
    enquiry = citizen.now()
    assert (enquiry.status, enquiry.outcome) == ("resolved", "withdrawn")
    referral.refresh_from_db()
    assert referral.status == "withdrawn"
    told = Notification.objects.get(event="taken_back")
    assert told.to == referral.organisation.email
    assert Clock.objects.get(enquiry=enquiry, kind="resolution").state == "void"
    assert EnquiryEvent.objects.filter(enquiry=enquiry, type="enquiry.resolved").count() == 1
    found = verdict_of(citizen).verdict
    assert (found.kind, found.reason) == ("excluded", "withdrawn")


def test_what_was_cancelled_can_go_on_and_counts_as_never_cancelled(citizen: Citizen) -> None:
    citizen.sends("cancel")
    assert "You can take this back until" in citizen.reads()
    assert "It goes on" in said(citizen.sends("restore"))
    assert "It goes on" in said(citizen.again("restore"))
    enquiry = citizen.now()
    assert (enquiry.status, enquiry.outcome, enquiry.reopened_count) == ("open", "", 1)
    row = Outbox.objects.get(task="enquiries.route_again", settled_at=None)
    tasks.route_again(outbox_id=row.pk)
    tasks.route_again(outbox_id=row.pk)
    assert citizen.now().status == "referred"
    assert Referral.objects.filter(enquiry=enquiry, status="offered").count() == 1
    found = verdict_of(citizen)
    # Nobody did it: that they had cancelled once is no excuse, and that they came back no fault.
    assert (found.verdict.kind, found.verdict.reason) == ("failure", "late")
    assert found.recontacts == 0


def test_what_is_done_is_not_cancelled_whoever_presses(world: World, done: Citizen) -> None:
    assert "Cancel it" not in done.reads()
    answer = done.client.get(f"{done.page}cancel/")
    assert answer.status_code == 302
    key = "0b8f3a5e-1f2b-4d7a-9c55-0a6f0b1f2c3d"
    page = done.client.post(f"{done.page}cancel/", {"key": key, "words": ""}, follow=True)
    assert "Nothing was changed" in said(page)
    assert done.now().outcome == Outcome.COMPLETED
    assert ContactItem.objects.count() == 1


def test_a_partner_who_completes_while_the_citizen_cancels_was_quicker_and_nothing_is_lost(
    world: World, citizen: Citizen, referral: Referral, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = citizen.html("cancel/")  # opened before
    officer = world.viewer(world.officer)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=NOW)
    # The page is decided on what stood before; the lock decides on what stands.
    from channels.web import track_acts
    from enquiries.queries import tracking

    stale = tracking.by_link(citizen.enquiry.reference, citizen.enquiry.secret, now=NOW)
    referrals.complete(
        public_id=referral.public_id,
        viewer=officer,
        outcome=Outcome.COMPLETED,
        words="Emptied",
        now=NOW,
    )
    monkeypatch.setattr(track_acts, "opened", lambda *_args: stale)
    key = form.split('name="key" value="')[1].split('"')[0]
    page = citizen.client.post(f"{citizen.page}cancel/", {"key": key}, follow=True)
    assert "Nothing was changed" in said(page)
    assert citizen.now().outcome == "completed"
    assert not ContactItem.objects.filter(kind="new_information").exists()


@pytest.mark.parametrize("risk", ["sensitive", "emergency"])
def test_a_report_of_danger_or_of_somebody_at_risk_is_not_silenced_by_its_link(
    citizen: Citizen, risk: str
) -> None:
    if risk == "sensitive":
        Service.objects.filter(slug="missed-bin").update(sensitive=True)
    else:
        enquiry = citizen.now()
        enquiry.priority = "emergency"
        enquiry.save(update_fields=["priority"])
    assert "somebody talks it through with you" in citizen.reads()
    key = "0b8f3a5e-1f2b-4d7a-9c55-0a6f0b1f2c3d"
    page = citizen.client.post(f"{citizen.page}cancel/", {"key": key}, follow=True)
    assert "Nothing was changed" in said(page)
    assert citizen.now().status == "referred"


def test_not_what_i_needed_opens_it_again_with_its_own_reason(done: Citizen) -> None:
    form = said(done.sends("not-needed", words="", why=""))
    assert "Choose why it was not what you needed" in form
    assert "Write what you need" in form
    done.sent["why"], done.sent["words"] = "clarification", "When is it emptied next?"
    page = said(done.again("not-needed"))
    assert "When is it emptied next?" in page
    done.again("not-needed")
    item = ContactItem.objects.get(kind="repeat")
    assert item.avoidable == "clarification"
    assert done.now().status == "open"
    found = verdict_of(done).verdict
    assert (found.kind, found.reason, found.owner) == ("failure", "clarification", "content")


def test_it_is_not_solved_is_still_a_repeat(done: Citizen) -> None:
    from tests.journeys.steps import hidden_fields

    form = hidden_fields(done.html(), "/track/")
    done.client.post(done.page, {**form, "again": "Still full"})
    assert ContactItem.objects.get(kind="repeat").avoidable == ""
    assert verdict_of(done).verdict.reason == "closed_too_early"


@pytest.mark.parametrize("name", ["add", "where", "cancel"])
def test_other_words_from_the_back_button_are_no_failure_of_ours(
    citizen: Citizen, name: str
) -> None:
    citizen.sends(name, words="One")
    citizen.sent["words"] = "Two"
    answer = citizen.again(name)
    assert answer.status_code == 200
    kept = ContactItem.objects.exclude(kind="new").count()
    assert kept == (1 if name == "cancel" else 2)


SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}{% now %}"
PAYLOADS = [
    SCRIPT,
    "\x00",
    "a\x00b",
    "x" * 4001,
    "🗑️👩🏽‍🚒",
    "الحاوية",
    "\u202efdp.exe",
    "' OR 1=1 --",
    "%s%n%(words)s",
    "\r\n.\r\nSubject: x",
]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("add", "words"),
        ("add", "key"),
        ("where", "words"),
        ("cancel", "words"),
        ("tell", "to"),
        ("tell", "way"),
        ("others", "to"),
    ],
)
def test_anything_in_any_field_is_kept_as_words_or_refused_in_words(
    citizen: Citizen, name: str, field: str, payload: str
) -> None:
    form = {"way": "email", "to": "x@example.com", field: payload}
    citizen.sends(name, **form)
    answer = citizen.again(name)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    # Where it is shown, it is shown as it was written.
    assert text.count("onerror=alert(1)") == text.count("{{ 7*7 }}{% now %}")


def test_a_field_that_comes_twice_or_as_a_list_is_no_fault_of_ours(citizen: Citizen) -> None:
    for name in ("add", "where", "tell", "others", "cancel"):
        data = {"key": ["x", "y"], "words": ["a", "b"], "way": ["email", "sms"], "to": ["", "@"]}
        assert citizen.client.post(f"{citizen.page}{name}/", data).status_code in (200, 302)


def test_a_wrong_link_opens_no_act(citizen: Citizen) -> None:
    wrong = f"/track/{citizen.enquiry.reference}/{'x' * 22}/"
    # Nor does the postcode, in the place of the secret.
    by_postcode = f"/track/{citizen.enquiry.reference}/WR113DA/"
    for start in (wrong, by_postcode):
        for name in ("", "add/", "where/", "cancel/", "tell/", "others/", "files/"):
            assert citizen.client.get(start + name).status_code == 404
            assert citizen.client.post(start + name, {"words": "x"}).status_code == 404
    assert ContactItem.objects.count() == 1


def test_routing_again_leaves_what_somebody_took_meanwhile(
    world: World, citizen: Citizen, agent: Any
) -> None:
    from enquiries.actions import assignments

    citizen.sends("cancel")
    citizen.sends("restore")
    assignments.take(reference=citizen.enquiry.reference, viewer=agent, now=timezone.now())
    triage.route_again(enquiry_id=citizen.enquiry.pk, now=timezone.now())
    assert citizen.now().status == "open"


def test_an_act_that_there_is_not_is_refused(citizen: Citizen) -> None:
    from enquiries.actions import withdrawals

    with pytest.raises(withdrawals.NoSuchAct):
        withdrawals.do(citizen.now(), "explode", words="", actor=world_actor(), now=NOW)
    with pytest.raises(NotNow):
        withdrawals.do(citizen.now(), "restore", words="", actor=world_actor(), now=NOW)


def world_actor() -> Any:
    from core.audit import CITIZEN

    return CITIZEN


def test_cancelled_a_second_time_after_it_went_on_it_is_cancelled(citizen: Citizen) -> None:
    assert "It is cancelled" in said(citizen.sends("cancel"))
    assert "It goes on" in said(citizen.sends("restore"))
    assert "It is cancelled" in said(citizen.sends("cancel"))
    assert citizen.now().outcome == "withdrawn"
