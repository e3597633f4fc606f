"""Pairs that may be one need told twice: what a sample is drawn from, and what who marks reads.

Nothing here says whether a pair was linked.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.lifecycle import OUTCOME_WORDS, Outcome
from enquiries.models import Contact, ContactItem, Enquiry

# A later contact within so long may be about the same (the longest window of measures.md).
WITHIN = timedelta(days=90)
# Of more enquiries than this a part is looked through, and what is found stands for all.
MOST_LOOKED_THROUGH = 5_000
# Of one enquiry so many later ones at most: a much reported place would be all of the sample.
MOST_OF_ONE = 5

# Two reports may be one need where one person tells both, or both name one place and service.
_PAIRS = """
SELECT DISTINCT found.contact, found.earlier FROM (
    SELECT later.first_contact_id AS contact, earlier.id AS earlier,
        row_number() OVER (PARTITION BY earlier.id ORDER BY later.received_at, later.id) AS nth
    FROM enquiries_enquiry AS earlier
    JOIN enquiries_enquiry AS later ON later.person_id = earlier.person_id
        AND later.received_at > earlier.received_at
        AND later.received_at <= earlier.received_at + %(days)s * interval '1 day'
        AND later.first_contact_id <> earlier.first_contact_id
    JOIN kb_service AS one ON one.id = earlier.service_id AND NOT one.sensitive
    JOIN kb_service AS other ON other.id = later.service_id AND NOT other.sensitive
    WHERE earlier.id = ANY(%(keys)s)
    UNION ALL
    SELECT later.first_contact_id, earlier.id,
        row_number() OVER (PARTITION BY earlier.id ORDER BY later.received_at, later.id)
    FROM enquiries_enquiry AS earlier
    JOIN enquiries_enquiry AS later ON later.postcode = earlier.postcode
        AND later.service_id = earlier.service_id
        AND later.person_id IS DISTINCT FROM earlier.person_id
        AND later.received_at > earlier.received_at
        AND later.received_at <= earlier.received_at + %(days)s * interval '1 day'
        AND later.first_contact_id <> earlier.first_contact_id
    JOIN kb_service AS one ON one.id = earlier.service_id AND NOT one.sensitive
    WHERE earlier.id = ANY(%(keys)s) AND earlier.postcode <> ''
) AS found
WHERE found.nth <= %(most)s
ORDER BY found.earlier, found.contact
"""


@dataclass(frozen=True, slots=True)
class Likely:
    """Pairs of a later contact and an earlier enquiry (keys), and how many there are in all."""

    pairs: tuple[tuple[int, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair as it is read out: no name, no reference, nothing of a link."""

    at: datetime
    channel: str
    service: str
    words: str
    place: str
    ended: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides, and what is known of whether one person and one place tell them.

    `same_person` and `same_place` are yes, no or unknown.
    """

    later: Side
    earlier: Side
    same_person: str
    same_place: str


def likely(since: date, until: date, *, seed: str, linked: Collection[tuple[int, int]]) -> Likely:
    """Pairs whose earlier enquiry came in on these London days (half-open) and that are not among
    those `linked`. Of very many a random part is looked through, the same for the same seed.
    """
    start, end = (timezone.make_aware(datetime.combine(day, time())) for day in (since, until))
    rows = Enquiry.objects.filter(received_at__gte=start, received_at__lt=end)
    keys = sorted(rows.values_list("pk", flat=True))
    chosen = keys
    if len(keys) > MOST_LOOKED_THROUGH:
        chosen = random.Random(seed).sample(keys, MOST_LOOKED_THROUGH)  # noqa: S311  # a sample
    with connection.cursor() as sql:
        sql.execute(_PAIRS, {"keys": chosen, "days": WITHIN.days, "most": MOST_OF_ONE})
        found = [(contact, earlier) for contact, earlier in sql.fetchall()]
    apart = tuple(sorted(readable(set(found) - set(linked))))
    share = len(chosen) / len(keys) if keys else 1
    return Likely(apart, round(len(apart) / share))


def by(contact: int) -> int | None:
    """The key of the member of staff who took a contact."""
    return Contact.objects.filter(pk=contact).values_list("agent_id", flat=True).first()


def pair(contact: int, earlier: int) -> Pair:
    """What who marks a pair reads. Raises Enquiry.DoesNotExist, Contact.DoesNotExist."""
    row = Contact.objects.get(pk=contact)
    first = Enquiry.objects.select_related("service", "first_contact").get(pk=earlier)
    items = ContactItem.objects.filter(contact=row).select_related("enquiry__service")
    # What the contact said: of the earlier one, where it names that; else of what it opened.
    named = [item for item in items if item.enquiry_id == earlier] or list(items)
    said = named[0] if named else None
    other = said.enquiry if said is not None else first
    words = (said.words or (other.description if other.pk != earlier else "")) if said else ""
    return Pair(
        later=Side(
            at=row.started_at,
            channel=CHANNEL_WORDS[Channel(row.channel)],
            service=other.service.name if other.service else "",
            words=words,
            place=_place(other),
        ),
        earlier=Side(
            at=first.received_at,
            channel=CHANNEL_WORDS[Channel(first.first_contact.channel)],
            service=first.service.name if first.service else "",
            words=first.description,
            place=_place(first),
            ended=OUTCOME_WORDS[Outcome(first.outcome)] if first.outcome else "",
            ended_at=first.resolved_at,
        ),
        same_person=_same(row.person_id, first.person_id),
        same_place=_same(_spot(other), _spot(first)),
    )


def _place(enquiry: Enquiry) -> str:
    return " ".join(part for part in (enquiry.address, enquiry.postcode) if part)


def _spot(enquiry: Enquiry) -> str | None:
    return enquiry.uprn or enquiry.postcode or None


def _same(one: object, other: object) -> str:
    if not one or not other:
        return "unknown"
    return "yes" if one == other else "no"


def readable(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of the pairs that are about no sensitive service: others are not for a sample."""
    keys = {earlier for _, earlier in pairs}
    contacts = {contact for contact, _ in pairs}
    hidden = set(
        Enquiry.objects.filter(pk__in=keys, service__sensitive=True).values_list("pk", flat=True)
    )
    private = set(
        ContactItem.objects.filter(
            contact_id__in=contacts, enquiry__service__sensitive=True
        ).values_list("contact_id", flat=True)
    )
    return {pair for pair in pairs if pair[1] not in hidden and pair[0] not in private}
