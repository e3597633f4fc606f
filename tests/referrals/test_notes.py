"""Notes are read by exactly those they were written for."""

from __future__ import annotations

import pytest

from accounts.permissions import Viewer
from enquiries.actions import referral_notes, replies
from enquiries.actions.referral_states import AlreadyAnswered
from enquiries.models import Enquiry
from enquiries.queries import desk, ledger, tracking
from enquiries.queries import referrals as reading
from enquiries.queries.access import NoSuchReferral
from tests.referrals.steps import LATER, accept, lines, new_case, reject, send, told, with_
from tests.world import World

pytestmark = pytest.mark.django_db
CANARY = "the hippopotamus"


@pytest.fixture
def shared(agent: Viewer, constable: Viewer) -> Enquiry:
    case = new_case()
    send(case, "west-mercia-police", agent, alongside=True)
    return case


def note(case: Enquiry, viewer: Viewer, seen_by: str) -> None:
    referral_notes.note(
        public_id=with_(case, viewer.organisation_slug).public_id,
        viewer=viewer,
        words=f"About {CANARY}",
        seen_by=seen_by,
        now=LATER,
    )


def readers(case: Enquiry, agent: Viewer, officer: Viewer, constable: Viewer) -> dict[str, bool]:
    """Who finds the words anywhere in what they may read."""
    seen = tracking.track(case.reference, case.secret, now=LATER)
    found = {
        "us": reading.referral(officer, with_(case, "wychavon").public_id),
        "hub": desk.case(agent, case.reference, now=LATER).lines,
        "police": reading.referral(constable, with_(case, "west-mercia-police").public_id),
        "citizen": seen,
        "export": list(ledger.ledger([case.pk])),
    }
    return {who: CANARY in repr(what) for who, what in found.items()}


@pytest.mark.parametrize(
    ("seen_by", "who"),
    [("us", {"us"}), ("hub", {"us", "hub"}), ("public", {"us", "hub", "citizen"})],
)
def test_a_note_reaches_exactly_its_readers(
    shared: Enquiry,
    agent: Viewer,
    officer: Viewer,
    constable: Viewer,
    seen_by: str,
    who: set[str],
) -> None:
    note(shared, officer, seen_by)
    found = readers(shared, agent, officer, constable)
    assert {name for name, reads in found.items() if reads} == who
    mails = [mail for mail in told("replied") if CANARY in mail.body]
    assert len(mails) == (1 if seen_by == "public" else 0)


def test_a_public_note_is_an_answer_and_an_inner_one_is_none(
    shared: Enquiry, officer: Viewer
) -> None:
    note(shared, officer, "us")
    note(shared, officer, "hub")
    shared.refresh_from_db()
    assert shared.responded_at is None
    note(shared, officer, "public")
    shared.refresh_from_db()
    assert shared.responded_at == LATER
    assert lines(shared, "replied")[0].data["seen_by"] == "public"


def test_the_hubs_own_notes_stay_with_the_hub(
    shared: Enquiry, agent: Viewer, officer: Viewer, constable: Viewer
) -> None:
    replies.note(reference=shared.reference, viewer=agent, words=CANARY, now=LATER)
    found = readers(shared, agent, officer, constable)
    assert {name for name, reads in found.items() if reads} == {"hub"}


def test_the_same_note_at_once_again_is_one(shared: Enquiry, officer: Viewer) -> None:
    note(shared, officer, "us")
    note(shared, officer, "us")
    assert len(lines(shared, "noted")) == 1
    note(shared, officer, "hub")
    assert len(lines(shared, "noted")) == 2


def test_nobody_is_chosen_as_a_reader_for_anybody(shared: Enquiry, officer: Viewer) -> None:
    with pytest.raises(referral_notes.NoReader) as refusal:
        note(shared, officer, "")
    assert refusal.value.field == "seen_by"


def test_who_handed_it_back_writes_and_reads_no_more(
    world: World, shared: Enquiry, officer: Viewer
) -> None:
    accept(shared, officer)
    note(shared, officer, "us")
    reject(shared, officer)
    with pytest.raises(AlreadyAnswered):
        note(shared, officer, "us")
    assert CANARY not in repr(reading.referral(officer, with_(shared, "wychavon").public_id))


def test_a_stranger_writes_nothing(shared: Enquiry, outsider: Viewer, agent: Viewer) -> None:
    for viewer in (outsider, agent):
        with pytest.raises(NoSuchReferral):
            referral_notes.note(
                public_id=with_(shared, "wychavon").public_id,
                viewer=viewer,
                words="Mine",
                seen_by="us",
                now=LATER,
            )


def test_what_the_hub_shares_is_read_by_whoever_has_the_case_and_by_nobody_else(
    agent: Viewer, officer: Viewer, constable: Viewer, world: World
) -> None:
    case = new_case()
    early, late = f"Early: {CANARY}", f"Late: {CANARY}"
    replies.note(reference=case.reference, viewer=agent, words=early, seen_by="shared", now=LATER)
    replies.note(reference=case.reference, viewer=agent, words="Ours alone", now=LATER)
    accept(case, officer)
    replies.note(reference=case.reference, viewer=agent, words=late, seen_by="shared", now=LATER)
    theirs = repr(reading.referral(officer, with_(case, "wychavon").public_id).lines)
    assert early in theirs
    assert late in theirs
    assert "Ours alone" not in theirs
    assert CANARY not in repr(tracking.track(case.reference, case.secret, now=LATER))
    ours = desk.case(agent, case.reference, now=LATER).lines
    assert [one.seen_by for one in ours if one.type == "enquiry.noted"] == [
        "shared",
        "us",
        "shared",
    ]
