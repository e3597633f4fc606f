"""Many referrals of one cause, each answered by itself; a second press does nothing."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from accounts.permissions import Viewer
from enquiries.actions import referral_bulk
from enquiries.lifecycle import Outcome, RejectReason
from enquiries.models import Enquiry, EnquiryEvent, Referral
from enquiries.queries import referrals as reading
from enquiries.queries.access import NoSuchReferral
from tests.referrals.steps import LATER, accept, new_case, reject, send, with_
from tests.world import NOW

pytestmark = pytest.mark.django_db


def ids(cases: list[Enquiry]) -> list[uuid.UUID]:
    return [with_(case, "wychavon").public_id for case in cases]


def test_forty_are_answered_and_a_second_press_does_nothing(officer: Viewer) -> None:
    cases = [new_case() for _ in range(40)]
    for _twice in range(2):
        found = referral_bulk.many("accept", ids(cases), officer, LATER, key="k")
        assert set(found.done) == {case.reference for case in cases}
        assert found.refused == ()
    assert EnquiryEvent.objects.filter(type="enquiry.accepted").count() == 40
    for _twice in range(2):
        found = referral_bulk.many(
            "note", ids(cases), officer, LATER, key="n", words="The river rose", seen_by="public"
        )
        assert len(found.done) == 40
    assert EnquiryEvent.objects.filter(type="enquiry.replied").count() == 40
    found = referral_bulk.many(
        "complete", ids(cases), officer, LATER, outcome=Outcome.COMPLETED, words="It fell again"
    )
    assert len(found.done) == 40
    assert set(Enquiry.objects.values_list("status", flat=True)) == {"resolved"}


def test_one_that_is_refused_holds_up_no_other(
    officer: Viewer, outsider: Viewer, agent: Viewer
) -> None:
    good, rejected, foreign = new_case(), new_case(), new_case()
    reject(rejected, officer)
    send(foreign, "worcester-city", agent)
    unknown = uuid.uuid4()
    chosen = [
        with_(rejected, "wychavon").public_id,
        with_(foreign, "worcester-city").public_id,
        unknown,
        *ids([good]) * 2,
    ]
    found = referral_bulk.many("accept", chosen, officer, LATER, key="k")
    assert found.done == (good.reference,)
    assert [(one.public_id, one.reference) for one in found.refused] == [
        (chosen[0], rejected.reference), (chosen[1], ""), (unknown, ""),
    ]  # fmt: skip
    assert "rejected already" in found.refused[0].words
    assert found.refused[1].words == found.refused[2].words
    # What was refused left no trace of its key: it may be tried again.
    again = referral_bulk.many("accept", chosen[:1], officer, LATER, key="k")
    assert len(again.refused) == 1


def test_bulk_takes_the_same_care_as_one(officer: Viewer) -> None:
    case = new_case()
    found = referral_bulk.many(
        "reject", ids([case]), officer, LATER, reason=RejectReason.OTHER, words=" "
    )
    assert found.done == ()
    assert found.refused[0].words == "Write what the citizen will read"
    with pytest.raises(referral_bulk.TooMany):
        referral_bulk.many("accept", [uuid.uuid4() for _ in range(101)], officer, LATER)


def test_the_same_cause_is_same_service_near_in_place_and_time(
    officer: Viewer, outsider: Viewer
) -> None:
    here, beside = new_case(), new_case()
    old = new_case(at=NOW - timedelta(days=9))
    other_service = new_case(service="council-tax-bill")
    taken = new_case()
    accept(taken, officer)
    elsewhere = new_case()
    Enquiry.objects.filter(pk=elsewhere.pk).update(postcode="WR10 1AA", ward_code="E05000001")
    sector = new_case()
    Enquiry.objects.filter(pk=sector.pk).update(postcode="WR11 3ZZ", ward_code="E05000002")

    found = reading.same_cause(officer, with_(here, "wychavon").public_id)
    assert {row.enquiry.reference for row in found} == {beside.reference, sector.reference}
    for absent in (old, other_service, taken, elsewhere):
        assert absent.reference not in {row.enquiry.reference for row in found}
    with pytest.raises(NoSuchReferral):
        reading.same_cause(outsider, with_(here, "wychavon").public_id)
    assert Referral.objects.filter(organisation__slug="worcester-city").count() == 0
