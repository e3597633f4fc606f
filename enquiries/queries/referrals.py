"""A partner's own referrals. Every reading starts at Referral, never at Enquiry."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

import accounts.colleagues
import customers.queries
from accounts.colleagues import Colleague
from accounts.permissions import Permission, Viewer
from customers.queries import PersonRow
from enquiries.lifecycle import Status
from enquiries.models import ContactItem, EnquiryEvent, Referral, ReferralStatus
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.queries import between, fields, story
from enquiries.queries.access import (
    HELD,
    NoSuchCase,
    NoSuchReferral,
    canonical,
    held_by,
    own_referrals,
    visible,
)
from enquiries.queries.fields import Field, Sight
from enquiries.queries.story import Line
from enquiries.vocabulary import EventType

PAGE = 25
# How far apart reports of one cause lie, and how many are shown beside one.
SAME_CAUSE, MOST_ALIKE = timedelta(days=7), 100
TABS: dict[str, list[str]] = {
    "offered": ["offered"],
    "mine": ["accepted"],
    "team": ["accepted"],
    "accepted": ["accepted"],
    "waiting": ["accepted"],
    "done": ["completed", "rejected", "returned", "expired", "withdrawn"],
}
# First what runs out first: the time to answer, then the time to act.
ORDERS = {"offered": ("accept_due_at", "pk"), "done": ("-settled_at", "-pk")}
# The last two letters of a postcode name a few houses; without them it is its sector.
_UNIT = 2
# What the hub adds and may share with whoever has a part of the case.
_SHARED = (EventType.NOTED.value, EventType.ATTACHED.value, EventType.FILE_REMOVED.value)
_SHOWN = ("enquiry__service", "organisation", "team", "assignee")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed by: a reference, a team, a service, what was due before a moment."""

    text: str = ""
    team_id: int | None = None
    service: str = ""
    late_at: datetime | None = None


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """A page of referrals with their enquiries; `next_page` is 0 on the last one."""

    rows: tuple[Referral, ...]
    page: int
    next_page: int


@dataclass(frozen=True, slots=True)
class ReferralCase:
    """One referral, its enquiry, who asked, and what was said and done about it.

    `sight` is what of it this viewer reads (enquiries.queries.fields): the enquiry holds no more.
    Who handed the work back, or completed it before it was opened again, knows the question and
    no longer whose it is. Lines are what this organisation did, and what the citizen answered;
    never what others did.
    """

    referral: Referral
    sight: Sight
    person: PersonRow | None
    has_it: bool
    said: tuple[ContactItem, ...]
    lines: tuple[Line, ...]


def referrals(
    viewer: Viewer,
    tab: str,
    *,
    page: int = 1,
    filters: Filters = EVERYTHING,
    size: int = PAGE,
) -> ReferralPage:
    """A page of the referrals to the viewer's organisation, due first.

    `mine` is in the viewer's own hands, `team` with the viewer's teams (all of them for who is in
    none), whoever has it. What waits for its citizen stands in `waiting` alone.
    """
    rows = _narrowed(_of_tab(own_referrals(viewer), viewer, tab), tab, filters)
    order = ORDERS.get(tab, ("work_due_at", "pk"))
    page = max(page, 1)
    start = (page - 1) * size
    found = list(rows.select_related(*_SHOWN).order_by(*order)[start : start + size + 1])
    shown = tuple(fields.veiled(viewer, row) for row in found[:size])
    return ReferralPage(shown, page, page + 1 if len(found) > size else 0)


def _of_tab(rows: QuerySet[Referral], viewer: Viewer, tab: str) -> QuerySet[Referral]:
    rows = rows.filter(status__in=TABS.get(tab, TABS["offered"]))
    return rows.filter(_which(viewer, tab))


def _which(viewer: Viewer, tab: str) -> Q:
    """What sets tabs of one status apart."""
    waits = Q(enquiry__status=Status.WAITING.value)
    if tab == "waiting":
        return waits
    if tab == "mine":
        return ~waits & Q(assignee_id=viewer.id or 0)
    if tab == "team" and viewer.team_ids:
        return ~waits & Q(team_id__in=viewer.team_ids)
    return ~waits if tab in ("team", "accepted") else Q()


def _narrowed(rows: QuerySet[Referral], tab: str, filters: Filters) -> QuerySet[Referral]:
    if filters.text.strip():
        try:
            rows = rows.filter(enquiry__reference=canonical(filters.text))
        except NoSuchCase:
            return rows.none()
    if filters.team_id is not None:
        rows = rows.filter(team_id=filters.team_id)
    if filters.service:
        rows = rows.filter(enquiry__service__slug=filters.service)
    if filters.late_at is not None:
        due = "accept_due_at" if tab == "offered" else "work_due_at"
        rows = rows.filter(**{f"{due}__lt": filters.late_at})
    return rows


def counts(viewer: Viewer) -> dict[str, int]:
    """How many referrals stand in each live tab; one statement, by index."""
    accepted = Q(status=ReferralStatus.ACCEPTED.value)
    tabs = {
        tab: Count("pk", filter=accepted & _which(viewer, tab))
        for tab in ("mine", "team", "accepted", "waiting")
    }
    offered = Count("pk", filter=Q(status=ReferralStatus.OFFERED.value))
    rows = own_referrals(viewer).filter(status__in=LIVE_REFERRAL)
    found: dict[str, int] = rows.aggregate(offered=offered, **tabs)
    return found


def referral(viewer: Viewer, public_id: uuid.UUID) -> ReferralCase:
    """One referral to the viewer's organisation. Raises NoSuchReferral for all others."""
    found = (
        own_referrals(viewer)
        .select_related(*_SHOWN, "suggested")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NoSuchReferral("There is no such referral")
    seen = fields.sight(viewer, found)
    keeps = found.status in HELD and seen.of(Field.WORDS)
    # People change how they are reached: who has the work no more reads nothing new of them.
    has_it = held_by(found.organisation_id).filter(pk=found.pk).exists()
    person_id = found.enquiry.person_id if has_it and seen.of(Field.NAME) else None
    asked_by = customers.queries.by_id(person_id) if person_id else None
    lines, said = _lines(found, viewer) if keeps else ([], [])
    return ReferralCase(
        referral=fields.veil(found, seen),
        sight=seen,
        person=fields.person(asked_by, seen, found.enquiry.tell_by) if asked_by else None,
        has_it=has_it,
        said=tuple(said),
        lines=tuple(lines),
    )


def _lines(found: Referral, viewer: Viewer) -> tuple[list[Line], list[ContactItem]]:
    """What this organisation did, what the hub shared, what the citizen answered, and all that the
    citizen said.

    What they told an organisation that has a part of it at the same time is between those two
    (enquiries.queries.between).
    """
    items = ContactItem.objects.filter(enquiry_id=found.enquiry_id).order_by("at", "pk")
    own = Q(organisation_id=found.organisation_id)
    told = Q(type__in=_SHARED, data__seen_by=story.SHARED)
    rows = EnquiryEvent.objects.filter(
        own | told | Q(type__in=between.TURNS), enquiry_id=found.enquiry_id
    )
    if found.settled_at is not None:
        # What is said after that is for whoever deals with it then.
        items, rows = items.filter(at__lte=found.settled_at), rows.filter(at__lte=found.settled_at)
    others = between.Between(found)
    shown: list[EnquiryEvent] = []
    for row in rows.order_by("sequence"):
        is_ours = (
            row.type == EventType.INFO_RECEIVED or row.organisation_id == found.organisation_id
        )
        is_hidden = others.hides(row)
        # What the hub shares is for whoever has the case, also when it was said before.
        if row.type in _SHARED and row.data.get("seen_by") == story.SHARED:
            shown.append(row)
            continue
        # An answer for several holds their words, too; our own line stands before it.
        if is_ours and not is_hidden and not _is_joint(row) and row.at >= found.offered_at:
            shown.append(row)
    return story.lines(shown, viewer), others.read(items)


def _is_joint(row: EnquiryEvent) -> bool:
    return row.type == EventType.RESOLVED and row.data.get("parts", 1) > 1


def same_cause(viewer: Viewer, public_id: uuid.UUID) -> tuple[Referral, ...]:
    """Others of the viewer's that probably have the same cause, oldest first.

    The same service in the same state, offered within a week, in the same ward or postcode
    sector: near enough to be looked at together, never to decide whose they are. Raises
    NoSuchReferral.
    """
    own = own_referrals(viewer)
    found = own.select_related("enquiry").filter(public_id=public_id).first()
    if found is None:
        raise NoSuchReferral("There is no such referral")
    enquiry = found.enquiry
    near = Q(enquiry__ward_code=enquiry.ward_code) if enquiry.ward_code else Q()
    if len(enquiry.postcode) > _UNIT:
        near |= Q(enquiry__postcode__startswith=enquiry.postcode[:-_UNIT])
    if not near or enquiry.service_id is None or found.settled_at is not None:
        return ()
    rows = own.filter(
        near,
        status=found.status,
        enquiry__service_id=enquiry.service_id,
        offered_at__range=(found.offered_at - SAME_CAUSE, found.offered_at + SAME_CAUSE),
    ).exclude(pk=found.pk)
    rows = rows.select_related(*_SHOWN).order_by("offered_at", "pk")[:MOST_ALIKE]
    return tuple(fields.veiled(viewer, row) for row in rows)


def colleagues(viewer: Viewer) -> list[Colleague]:
    """Who else answers referrals in the viewer's organisation, by name; the viewer too."""
    if not viewer.may(Permission.ANSWER_REFERRALS):
        return []
    return accounts.colleagues.colleagues(viewer.organisation_id)


def live(viewer: Viewer, reference: str, *, organisation: str = "") -> Referral | None:
    """Who has an enquiry of the viewer's now: its newest live referral, or that to one body."""
    rows = Referral.objects.filter(
        enquiry__in=visible(viewer).filter(reference=canonical(reference)),
        status__in=LIVE_REFERRAL,
    )
    if organisation:
        rows = rows.filter(organisation__slug=organisation)
    return rows.select_related("organisation").order_by("-offered_at", "-pk").first()


def of_references(viewer: Viewer, references: Collection[str]) -> dict[str, uuid.UUID]:
    """The viewer's newest referral of each of these enquiries; of those without one none."""
    rows = own_referrals(viewer).filter(enquiry__reference__in=references)
    found = rows.order_by("offered_at", "pk").values_list("enquiry__reference", "public_id")
    return dict(found)
