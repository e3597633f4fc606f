"""Made-up enquiries: the same for the same seed, whole in the ledger, and worth looking at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from core.audit import Actor
from enquiries.models import ContactItem, Enquiry, EnquiryEvent, Referral, SurveyAnswer
from hub.demo import crowd
from hub.demo.crowd import Hands
from metrics import recount
from metrics.one_stop import Kind
from metrics.queries import Chosen
from tests.partnership import _loaded

__all__ = ["_loaded"]
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
SIZE = 2_000
# Keys, and what is drawn so that nobody can guess it.
_OWN = {"id", "enquiry_id", "first_contact_id", "person_id", "reference", "secret", "transaction"}


def add(size: int = SIZE, seed: int = crowd.SEED) -> int:
    hands = Hands((), Actor("staff", name="Asha Agent"))
    return max(crowd.add(size, hands, now=NOW, seed=seed), default=0)


@pytest.fixture(scope="module")
def _made(_loaded: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        add()
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


def rows(after: int = 0) -> list[Any]:
    """What the newest enquiries came to, in the order in which they were made."""
    found = []
    lines: dict[int, list[Any]] = {}
    for line in EnquiryEvent.objects.filter(enquiry_id__gt=after).order_by("enquiry", "sequence"):
        data = {key: value for key, value in line.data.items() if key != "contact"}
        lines.setdefault(line.enquiry_id, []).append((line.type, line.at, line.actor_name, data))
    for enquiry in Enquiry.objects.filter(pk__gt=after).order_by("pk").values():
        mine = lines[enquiry["id"]]
        enquiry["description"] = enquiry["description"].partition(", number")[0]
        found.append(({key: value for key, value in enquiry.items() if key not in _OWN}, mine))
    return found


@pytest.mark.usefixtures("_made")
def test_the_same_seed_makes_the_same_rows_once() -> None:
    first = rows()
    assert len(first) == SIZE
    assert add() == 0
    with transaction.atomic():
        last = Enquiry.objects.order_by("pk").last()
        assert last is not None
        assert add(300, seed=7) == 300
        other = rows(last.pk)
        transaction.set_rollback(True)
    assert other != first[:300]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crowd, "prefix", lambda seed: f"again-{seed}-")
        assert add() == SIZE
    assert rows(last.pk) == first


@pytest.mark.usefixtures("_made")
def test_ledgers_are_whole_and_say_many_things() -> None:
    begins = EnquiryEvent.objects.filter(sequence=1).values_list("type", flat=True)
    assert Counter(begins) == {"enquiry.received": SIZE}
    assert not EnquiryEvent.objects.filter(at__gt=NOW).exists()
    kinds = set(EnquiryEvent.objects.values_list("type", flat=True))
    told = "returned rejected expired info_requested info_received reopened transferred abandoned"
    assert kinds >= {f"enquiry.{one}" for one in (*told.split(), "spam", "surveyed", "closed")}
    assert len(set(Referral.objects.values_list("status", flat=True))) == 7
    items = set(ContactItem.objects.values_list("kind", flat=True))
    assert items == {"new", "chase", "new_information", "reply_to_us", "repeat", "thanks"}
    assert SurveyAnswer.objects.filter(answer="no").exists()


@pytest.mark.usefixtures("_made")
def test_figures_have_something_to_find() -> None:
    judged = recount.as_of(NOW)
    verdicts = Counter(one.verdict.kind for one in judged)
    assert len(judged) == SIZE
    assert verdicts[Kind.PENDING] >= 10
    share = verdicts[Kind.SUCCESS] / (verdicts[Kind.SUCCESS] + verdicts[Kind.FAILURE])
    assert 0.68 <= share <= 0.82
    reasons = {one.verdict.reason for one in judged}
    assert reasons >= {
        "late", "progress_chasing", "closed_too_early", "repetition", "partner_return", "duplicate",
        "insufficient_capture", "signposting_or_transfer", "clarification", "abandoned_online",
        "same_need", "withdrawn", "staged", "spam", "out_of_partnership",
    }  # fmt: skip
    assert {link.tier for one in judged for link in one.links} == {"L1", "L2", "L3", "L4"}
    by_body = recount.by(judged, Chosen(), "organisation", moment=NOW)
    rates = {
        slug: by_body[slug].measures.osr.upper or 0.0 for slug in ("malvern-hills", "redditch")
    }
    assert rates["malvern-hills"] > rates["redditch"] + 0.05
    people = Counter(Enquiry.objects.exclude(person=None).values_list("person", flat=True))
    assert max(people.values()) >= 4
