"""Drawing a sample of links, marking it, and deciding where two who marked it differ."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from teamwork import telling_quality
from teamwork.models import QualityMark, QualityPair, QualityRound
from teamwork.quality import MARKERS, SAME, UNSURE
from teamwork.quality_rows import marked

SMALLEST, LARGEST = 5, 500
ANSWERS = (SAME, "apart", UNSURE)


class NotNow(DomainError):
    code = "not_now"


@dataclass(frozen=True, slots=True)
class Population:
    """What a sample is drawn from: pairs of a later contact and an earlier enquiry (keys of rows).

    `linked` maps each to its tier; `*_total` say for how many the two stand.
    """

    linked: dict[tuple[int, int], str]
    apart: Sequence[tuple[int, int]]
    linked_total: int
    apart_total: int
    rule_version: str


def _checked(viewer: Viewer) -> None:
    if not (viewer.is_hub and viewer.may(Permission.LEAD_TEAM)):
        raise NotNow("Only those who lead a team at the hub do this")


def seed_of(key: str) -> str:
    """By what the pairs of this key are chosen."""
    return uuid.uuid5(uuid.NAMESPACE_OID, key).hex


def draw(
    viewer: Viewer,
    population: Population,
    *,
    since: date,
    until: date,
    size: int,
    key: str,
    now: datetime,
) -> int:
    """A new round of `size` pairs, half linked and half not as far as there are; its number.

    The same `key` draws the same round once. Raises NotNow.
    """
    _checked(viewer)
    if not SMALLEST <= size <= LARGEST:
        raise NotNow(f"Choose from {SMALLEST} to {LARGEST} pairs")
    if not population.linked and not population.apart:
        raise NotNow("Nothing in these days was linked or looks alike. Choose longer ones")
    seed = seed_of(key)
    chosen = _chosen(population, size, seed)
    try:
        with transaction.atomic():
            found = QualityRound.objects.filter(seed=seed).first()
            if found is not None:
                return found.number
            newest = QualityRound.objects.aggregate(newest=Max("number"))["newest"] or 0
            drawn = QualityRound.objects.create(
                number=newest + 1,
                since=since,
                until=until,
                seed=seed,
                linked_total=population.linked_total,
                apart_total=population.apart_total,
                rule_version=population.rule_version,
                drawn_at=now,
                drawn_by=viewer.name[:120],
            )
            _put_in(drawn, population, chosen)
    except IntegrityError as error:
        raise NotNow("Somebody else drew a sample just now. Look at it, or draw again") from error
    audit.record(
        "quality.drawn",
        actor=viewer.actor,
        target=f"quality:{drawn.number}",
        at=now,
        data={"pairs": len(chosen)},
    )
    return drawn.number


def _put_in(drawn: QualityRound, population: Population, chosen: Sequence[tuple[int, int]]) -> None:
    QualityPair.objects.bulk_create(
        QualityPair(
            round=drawn,
            place=place,
            contact_id=contact,
            earlier_id=earlier,
            tier=population.linked.get((contact, earlier), ""),
        )
        for place, (contact, earlier) in enumerate(chosen, 1)
    )


def _chosen(population: Population, size: int, seed: str) -> list[tuple[int, int]]:
    """Half of each kind, what one kind lacks taken from the other, in no order that tells."""
    dice = random.Random(seed)  # noqa: S311  # a sample
    linked, apart = sorted(population.linked), sorted(population.apart)
    of_linked = min(len(linked), max(size // 2, size - len(apart)))
    of_apart = min(len(apart), size - of_linked)
    chosen = dice.sample(linked, of_linked) + dice.sample(apart, of_apart)
    dice.shuffle(chosen)
    return chosen


def mark(
    viewer: Viewer, *, pair: uuid.UUID, answer: str, words: str = "", now: datetime
) -> QualityMark:
    """One answer. The first two stand beside each other; where they differ the next decides.

    Whoever has answered answers the same again, or is refused: an answer is not changed once
    given. Raises NotNow.
    """
    _checked(viewer)
    if answer not in ANSWERS:
        raise NotNow("Say whether it is the same need, or that it cannot be told")
    with transaction.atomic():
        held = QualityPair.objects.select_for_update(of=("self",)).select_related("contact")
        found = held.filter(public_id=pair).first()
        if found is None:
            raise NotNow("There is no such pair")
        if found.contact.agent_id == viewer.id:
            raise NotNow("You took this contact yourself. Somebody else marks it")
        marks = list(QualityMark.objects.filter(pair=found))
        own = next((one for one in marks if one.staff_id == viewer.id), None)
        if own is not None:
            if own.answer == answer:
                return own
            raise NotNow("You have answered this one already. An answer is not changed")
        decides = len(marks) >= MARKERS
        if decides and not marked(found, marks).differs:
            raise NotNow("Two people have answered this one already")
        if decides and answer == UNSURE and not words.strip():
            raise NotNow("Say why it cannot be told: that settles it")
        given = QualityMark.objects.create(
            pair=found,
            staff_id=viewer.id or 0,
            answer=answer,
            decides=decides,
            words=words.strip()[:300],
            at=now,
        )
        telling_quality.tell(found.round_id, now=now)
        return given
