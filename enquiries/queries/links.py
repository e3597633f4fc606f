"""Enquiries that belong together, as the ledger of links says it now: what was undone is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, Count, OuterRef, Q, Subquery

from accounts.permissions import Viewer
from core.audit import CITIZEN
from core.statements import Given, Objects, Statement, objects
from enquiries.lifecycle import LIVE, STAFF_WORDS, LinkKind, Status
from enquiries.models import ContactItem, Enquiry, EnquiryLink
from enquiries.queries import of_kiosks

if TYPE_CHECKING:
    from kb.models import Service

# The kinds by which the report itself ends: what becomes of it is read at its target.
ENDING = (LinkKind.MERGED.value, LinkKind.DUPLICATE.value)
# Longer than any chain that people make; a ring, which no action makes, would end here.
_DEEPEST = 50

_GIVEN = tuple(Given(name, BigIntegerField()) for name in ("pk", "kinds", "deepest"))
_UP = Statement(
    """
WITH RECURSIVE up(id, of_others, depth) AS (
    SELECT %s::bigint, false, 0
    UNION ALL
    SELECT link.target_id, up.of_others OR link.kind = 'duplicate', up.depth + 1
    FROM enquiries_enquirylink link JOIN up ON link.enquiry_id = up.id
    WHERE link.undone_at IS NULL AND link.kind = ANY(%s) AND up.depth < %s
)
SELECT id, of_others FROM up ORDER BY depth DESC LIMIT 1
""",
    _GIVEN,
    (),
    prepared=True,
)
_DOWN = Statement(
    """
WITH RECURSIVE down(id, depth) AS (
    SELECT %s::bigint, 0
    UNION ALL
    SELECT link.enquiry_id, down.depth + 1
    FROM enquiries_enquirylink link JOIN down ON link.target_id = down.id
    WHERE link.undone_at IS NULL AND link.kind = ANY(%s) AND down.depth < %s
)
SELECT id FROM down WHERE depth > 0
""",
    _GIVEN,
    (),
    prepared=True,
)


# How often somebody was in touch about the report at the near end of a link.
_TOUCHES = (
    ContactItem.objects.filter(enquiry=OuterRef("enquiry"))
    .order_by()
    .values("enquiry")
    .annotate(number=Count("pk"))
    .values("number")
)


def _end(enquiry_id: int, kinds: tuple[str, ...]) -> tuple[int, bool]:
    found = _UP.rows(pk=enquiry_id, kinds=list(kinds), deepest=_DEEPEST)
    return (found[0][0], found[0][1]) if found else (enquiry_id, False)


def _below(enquiry_id: int, kinds: tuple[str, ...]) -> list[int]:
    """The enquiries that ended in this one, straight or by way of another."""
    return [pk for (pk,) in _DOWN.rows(pk=enquiry_id, kinds=list(kinds), deepest=_DEEPEST)]


def merged_end(enquiry_id: int) -> int:
    """The enquiry that this one was merged into, however many times; itself if it was not."""
    return _end(enquiry_id, (LinkKind.MERGED.value,))[0]


def stands_for_id(enquiry_id: int) -> int:
    """The enquiry under which a report is dealt with, whosever that is; itself if it is its own."""
    return _end(enquiry_id, ENDING)[0]


def stands_for(reference: str) -> str:
    """The reference under which a report goes on that may have been merged; else its own."""
    reference = of_kiosks.leads_to(reference)
    pk = Enquiry.objects.filter(reference=reference).values_list("pk", flat=True).first()
    end = merged_end(pk) if pk is not None else None
    if end is None or end == pk:
        return reference
    return Enquiry.objects.values_list("reference", flat=True).get(pk=end)


def ending(enquiry_id: int) -> EnquiryLink | None:
    """The link by which an enquiry ended in another."""
    rows = EnquiryLink.objects.select_related("target")
    return rows.filter(enquiry_id=enquiry_id, kind__in=ENDING, undone_at=None).first()


def is_followed(enquiry_id: int) -> bool:
    """Whether other people's reports ended in this one."""
    kind = LinkKind.DUPLICATE.value
    rows = EnquiryLink.objects.filter(target_id=enquiry_id, kind=kind, undone_at=None)
    return rows.exists()


def of_kind(enquiry_id: int, kind: LinkKind) -> EnquiryLink | None:
    """The link of one kind that an enquiry has to another."""
    rows = EnquiryLink.objects.select_related("target")
    return rows.filter(enquiry_id=enquiry_id, kind=kind.value, undone_at=None).first()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an ended report goes on: the enquiry that stands for it, and whose that is."""

    enquiry: Enquiry
    of_others: bool
    # By a citizen's own word ("it is this one"), whom nobody has looked at.
    by_citizen: bool = False


def standing(enquiry: Enquiry) -> Standing | None:
    """Where a report that ended as a duplicate goes on; None for any other."""
    pk, of_others = _end(enquiry.pk, ENDING)
    if pk == enquiry.pk:
        return None
    rows = Enquiry.objects.select_related("service", "owner", "person")
    by_citizen = of_others and by_citizens([enquiry.pk]) == {enquiry.pk}
    return Standing(rows.get(pk=pk), of_others, by_citizen)


def reached(enquiry: Enquiry) -> list[Enquiry]:
    """Reports that ended in this one, straight or by way of another, oldest first."""
    below = _below(enquiry.pk, ENDING)
    if not below:
        return []
    rows = Enquiry.objects.filter(pk__in=below).select_related("service", "owner", "first_contact")
    return list(rows.order_by("received_at", "pk"))


def followers(enquiry: Enquiry) -> list[Enquiry]:
    """Reports of people who are to hear what becomes of this enquiry: each person once."""
    found: dict[int, Enquiry] = {}
    for row in reached(enquiry):
        if row.person_id is not None and row.person_id != enquiry.person_id:
            found.setdefault(row.person_id, row)
    return list(found.values())


def by_citizens(enquiry_ids: Sequence[int]) -> set[int]:
    """Those of some reports that a citizen's own word joined to another."""
    rows = EnquiryLink.objects.filter(
        enquiry_id__in=list(enquiry_ids),
        kind=LinkKind.DUPLICATE.value,
        undone_at=None,
        made_by=CITIZEN.name,
    )
    return set(rows.values_list("enquiry_id", flat=True))


@dataclass(frozen=True, slots=True)
class Tie:
    """One link as the page of one of its two enquiries shows it; `other` is the other one.

    `is_from` says that the page's enquiry is the one that was merged, linked, taken out or came
    after. `undo` takes it back, if anything does: `part` of `acts_on`, or `join` of it with `into`.
    """

    kind: str
    is_from: bool
    other: str
    service: str
    description: str
    status: str
    status_words: str
    received_at: datetime
    made_at: datetime
    made_by: str
    touches: int
    undo: str
    acts_on: str
    into: str


def _of(side: str) -> tuple[str, ...]:
    """What a tie says of the enquiry on one side; most cases have none, and all ask."""
    own = ("reference", "description", "status", "received_at", "service__name")
    return tuple(f"{side}__{one}" for one in (*own, "service__sensitive"))


def ties(viewer: Viewer, enquiry: Enquiry) -> tuple[Tie, ...]:
    """Every link of an enquiry, both ways, in the order in which they were made, for the hub.

    One statement. Of a sensitive case others see only that it is there.
    """
    if not viewer.is_hub:
        return ()
    rows = _links().rows(enquiry=enquiry.pk)
    return tuple(_tie(viewer, row, is_from=row.enquiry_id == enquiry.pk) for row in rows)


@cache
def _links() -> Objects[EnquiryLink]:
    one = Given("enquiry", BigIntegerField())
    return objects(
        EnquiryLink.objects.filter(Q(enquiry_id=one) | Q(target_id=one), undone_at=None)
        .select_related("enquiry__service", "target__service")
        .only("kind", "made_at", "made_by", *_of("enquiry"), *_of("target"))
        .annotate(touched=Subquery(_TOUCHES))
        .order_by("made_at", "pk"),
        prepared=True,
    )


def _tie(viewer: Viewer, row: EnquiryLink, *, is_from: bool) -> Tie:
    other = row.target if is_from else row.enquiry
    service = other.service
    is_hidden = service is not None and service.sensitive and not viewer.reads_sensitive
    both_live = row.enquiry.status in LIVE and row.target.status in LIVE
    undo = "part" if row.kind in ENDING else ""
    if row.kind == LinkKind.SPLIT.value and both_live:
        undo = "join"
    return Tie(
        kind=row.kind,
        is_from=is_from,
        other=other.reference,
        service=_service(service, is_hidden=is_hidden),
        description="" if is_hidden else other.description,
        status=other.status,
        status_words=STAFF_WORDS[Status(other.status)],
        received_at=other.received_at,
        made_at=row.made_at,
        made_by=row.made_by,
        touches=row.touched or 0,  # type: ignore[attr-defined]  # annotated above
        undo=undo,
        acts_on=row.enquiry.reference,
        into=row.target.reference,
    )


def _service(service: Service | None, *, is_hidden: bool) -> str:
    if is_hidden:
        return "A sensitive service"
    return service.name if service else "Service not yet known"


def items(enquiry: Enquiry, *, alone: bool = False) -> list[ContactItem]:
    """What every contact said about an enquiry and about the reports merged into it.

    `alone`: the caller knows that nothing was.
    """
    below = [] if alone else _below(enquiry.pk, (LinkKind.MERGED.value,))
    if below:
        all_of_it = [enquiry.pk, *below]
        rows = ContactItem.objects.filter(enquiry_id__in=all_of_it).order_by("at", "pk")
        return list(rows.select_related("contact", "enquiry"))
    items = _items().rows(enquiry=enquiry.pk)
    for item in items:
        item.enquiry = enquiry
    return items


@cache
def _items() -> Objects[ContactItem]:
    rows = ContactItem.objects.filter(enquiry_id=Given("enquiry", BigIntegerField()))
    return objects(rows.order_by("at", "pk").select_related("contact"), prepared=True)
