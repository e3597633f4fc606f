"""The shared queue and one case, as staff see them. Every reading takes the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

import customers.queries
from accounts.permissions import Permission, Viewer
from customers.queries import PersonRow
from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.lifecycle import (
    ENDED,
    LIVE,
    OUTCOME_WORDS,
    PRIORITY_WORDS,
    STAFF_WORDS,
    LinkKind,
    Outcome,
    Priority,
    Status,
)
from enquiries.models import Enquiry, EnquiryEvent, Referral
from enquiries.queries import (
    disputes,
    holders,
    holding,
    links,
    sensitive,
    story,
    suggestions,
    touches,
)
from enquiries.queries.access import NoSuchCase, canonical, visible
from enquiries.queries.alike import Alike, alike
from enquiries.queries.disputes import Refusal
from enquiries.queries.fields import outward
from enquiries.queries.links import Tie
from enquiries.queries.story import Line
from enquiries.queries.touches import Touch

PAGE = 25
SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a queue shows. `view` is unassigned, mine, team, disputed, all, or ended."""

    view: str = "unassigned"
    service: str = ""
    organisation: str = ""
    channel: str = ""
    status: str = ""
    text: str = ""
    late: bool = False
    priority: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue. `urgency` is late, soon, fine or none; `is_free` says that it
    waits at the hub for somebody to take it. `priority` is in words, unless it is normal;
    `refusals` say why it is disputed, where the queue shows what is; `tells_sensitive` that
    somebody reads here what is sensitive, `is_hidden` that the viewer never reads it."""

    reference: str
    service: str
    description: str
    place: str
    person: str
    status: str
    status_words: str
    owner: str
    assignee: str
    channel: str
    received_at: datetime
    due_at: datetime | None
    promised_on: date | None
    urgency: str
    is_free: bool
    priority: str
    refusals: tuple[Refusal, ...] = ()
    tells_sensitive: bool = False
    is_hidden: bool = False
    # What first triage would take it for, while nobody has said.
    perhaps: str = ""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue; `next_page` is 0 on the last one."""

    rows: tuple[QueueRow, ...]
    page: int
    next_page: int


def urgency(due_at: datetime | None, status: str, now: datetime) -> str:
    """Whether a clock has run out (`late`), nearly has (`soon`), has not (`fine`) or is `none`."""
    if due_at is None or status in ENDED:
        return "none"
    if due_at < now:
        return "late"
    return "soon" if due_at - now < SOON else "fine"


def _of_view(rows: QuerySet[Enquiry], viewer: Viewer, view: str) -> QuerySet[Enquiry]:
    if view == "ended":
        # What readers said of an answer was nobody's work: its editors have it.
        # Nor is a form that somebody began and never sent anybody's.
        ended = rows.filter(status__in=list(ENDED), article="")
        return ended.exclude(outcome=Outcome.UNANSWERED.value)
    rows = rows.filter(status__in=list(LIVE))
    if view == "unassigned":
        # In these states a case of the hub's can stand with nobody; the index knows them.
        free = rows.filter(status__in=["new", "open", "waiting"], assignee__isnull=True)
        # What may be spam has a queue of its own.
        free = free.exclude(holding.still_held(), status=Status.NEW.value)
        return free.filter(Q(owner_id=viewer.organisation_id) | Q(owner=None))
    if view == "mine":
        return rows.filter(assignee_id=viewer.id)
    if view == "team":
        return rows.filter(team_id__in=viewer.team_ids)
    if view == "disputed":
        return rows.filter(disputed_at__isnull=False)
    return rows


def _narrowed(rows: QuerySet[Enquiry], filters: Filters, now: datetime) -> QuerySet[Enquiry]:
    if filters.service:
        rows = rows.filter(service__slug=filters.service)
    if filters.organisation:
        rows = rows.filter(owner__slug=filters.organisation)
    if filters.channel:
        rows = rows.filter(first_contact__channel=filters.channel)
    if filters.status:
        rows = rows.filter(status=filters.status)
    if filters.priority:
        rows = rows.filter(priority=filters.priority)
    if filters.late:
        rows = rows.filter(due_at__lt=now)
    if filters.text.strip():
        rows = rows.filter(_about(filters.text.strip()))
    return rows


def _is_reference(text: str) -> bool:
    try:
        return bool(canonical(text.strip()))
    except NoSuchCase:
        return False


def _about(text: str) -> Q:
    try:
        return Q(reference=canonical(text))
    except NoSuchCase:
        return Q(description__icontains=text) | Q(postcode__iexact=text)


def inbox(viewer: Viewer, filters: Filters, *, page: int, now: datetime) -> QueuePage:
    """A page of the queue, due first; empty for who may not see it.

    One statement, and a second one with the reasons for what is disputed.
    """
    if not (viewer.is_hub and viewer.may(Permission.SEE_QUEUE)):
        return QueuePage((), 1, 0)
    rows = _narrowed(_of_view(Enquiry.objects.all(), viewer, filters.view), filters, now)
    if filters.text.strip() and not _is_reference(filters.text):
        rows = sensitive.findable(viewer, rows)
    order = ("-received_at", "-pk") if filters.view == "ended" else ("due_at", "pk")
    page = max(page, 1)
    start = (page - 1) * PAGE
    found = list(
        rows.select_related(
            "service", "owner", "assignee", "first_contact", "person", "suggestion__service"
        )
        .only(
            "reference",
            "description",
            "postcode",
            "status",
            "received_at",
            "due_at",
            "promised_on",
            "priority",
            "service__name",
            "service__sensitive",
            "owner__short_name",
            "assignee__full_name",
            "assignee__email",
            "first_contact__channel",
            "person__full_name",
            "suggestion__certainty",
            "suggestion__service__slug",
            "suggestion__service__name",
            "suggestion__service__is_active",
        )
        .order_by(*order)[start : start + PAGE + 1]
    )
    more, found = len(found) > PAGE, found[:PAGE]
    said = disputes.refusals(row.pk for row in found) if filters.view == "disputed" else {}
    shown = tuple(_row(viewer, enquiry, now, said.get(enquiry.pk, ())) for enquiry in found)
    return QueuePage(shown, page, page + 1 if more else 0)


def _row(
    viewer: Viewer, enquiry: Enquiry, now: datetime, refusals: tuple[Refusal, ...]
) -> QueueRow:
    finds = sensitive.finds(viewer, enquiry)
    return QueueRow(
        reference=enquiry.reference,
        service=enquiry.service.name if enquiry.service else "Service not yet known",
        description=enquiry.description[:140] if finds else sensitive.UNREAD,
        place=enquiry.postcode if finds else outward(enquiry.postcode),
        person=_person(viewer, enquiry, finds=finds),
        status=enquiry.status,
        status_words=STAFF_WORDS[Status(enquiry.status)],
        owner=enquiry.owner.short_name if enquiry.owner else "Hub",
        assignee=str(enquiry.assignee) if enquiry.assignee else "",
        channel=CHANNEL_WORDS[Channel(enquiry.first_contact.channel)],
        received_at=enquiry.received_at,
        due_at=enquiry.due_at,
        promised_on=enquiry.promised_on,
        urgency=urgency(enquiry.due_at, enquiry.status, now),
        is_free=enquiry.assignee_id is None and enquiry.status in (Status.NEW, Status.OPEN),
        priority=priority_words(enquiry.priority),
        refusals=refusals,
        tells_sensitive=finds and sensitive.is_sensitive(enquiry),
        is_hidden=not sensitive.reads(viewer, enquiry),
        perhaps=suggestions.in_a_line(enquiry),
    )


def _person(viewer: Viewer, enquiry: Enquiry, *, finds: bool) -> str:
    """Who asked, for who may see people; that somebody did, for all others."""
    if enquiry.person is None:
        return "Anonymous"
    return str(enquiry.person) if finds and viewer.may(Permission.SEE_PEOPLE) else "Known"


def priority_words(priority: str) -> str:
    """Urgent or emergency; nothing for what is normal."""
    return "" if priority == Priority.NORMAL else PRIORITY_WORDS[Priority(priority)]


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that staff may see of one enquiry, and what they may do now.

    `is_sensitive` says what kind of service it is about; where the viewer does not read such
    cases (`is_hidden`), nobody's words, names and places are in it.
    """

    enquiry: Enquiry
    is_sensitive: bool
    is_hidden: bool
    status_words: str
    outcome_words: str
    urgency: str
    person: PersonRow | None
    lines: tuple[Line, ...]
    touches: tuple[Touch, ...]
    referrals: tuple[Referral, ...]
    can_take: bool
    can_refer: bool
    can_resolve: bool
    can_reopen: bool
    can_follow: bool
    can_triage: bool
    can_note: bool
    can_tell: bool
    can_ask: bool
    can_release: bool
    can_join: bool
    can_split: bool
    can_part: bool
    ties: tuple[Tie, ...]
    alike: tuple[Alike, ...]
    followers: int


def _found(viewer: Viewer, reference: str) -> Enquiry:
    enquiry = (
        visible(viewer)
        .select_related(
            "service", "owner", "team", "assignee", "first_contact", "first_contact__site"
        )
        .filter(reference=canonical(reference))
        .first()
    )
    if enquiry is None:
        raise NoSuchCase("There is no enquiry with that reference")
    return enquiry


def case(viewer: Viewer, reference: str, *, now: datetime) -> Case:
    """One case. Raises NoSuchCase for what is not there and for what is not the viewer's."""
    enquiry = _found(viewer, reference)
    hub, reads = viewer.is_hub, sensitive.reads(viewer, enquiry)
    live = enquiry.status in LIVE
    ties = links.ties(viewer, enquiry)
    joined = any(tie.is_from and tie.kind in links.ENDING for tie in ties)
    shown = Case(
        enquiry=enquiry,
        is_sensitive=sensitive.is_sensitive(enquiry),
        is_hidden=not reads,
        status_words=STAFF_WORDS[Status(enquiry.status)],
        outcome_words=OUTCOME_WORDS[Outcome(enquiry.outcome)] if enquiry.outcome else "",
        urgency=urgency(enquiry.due_at, enquiry.status, now),
        person=customers.queries.by_id(enquiry.person_id) if enquiry.person_id and reads else None,
        lines=tuple(_lines(enquiry, viewer, reads=reads)),
        touches=tuple(touches.touches(enquiry, reads=reads)),
        referrals=tuple(_referrals(enquiry, viewer)),
        can_take=reads and _is_free(viewer, enquiry),
        can_refer=hub and live and viewer.may(Permission.REFER),
        can_resolve=hub and live and viewer.may(Permission.RESOLVE),
        can_reopen=hub
        and enquiry.status == Status.RESOLVED
        and not joined
        and viewer.may(Permission.RESOLVE),
        can_follow=_may_follow(viewer, enquiry, ties),
        can_triage=hub and live and viewer.may(Permission.TRIAGE),
        can_note=hub and viewer.may(Permission.RESOLVE),
        can_tell=hub and live and viewer.may(Permission.RESOLVE),
        can_ask=hub and live and enquiry.status != Status.NEW and viewer.may(Permission.RESOLVE),
        can_release=hub
        and live
        and enquiry.assignee_id == viewer.id
        and viewer.may(Permission.TRIAGE),
        can_join=hub and live and viewer.may(Permission.RESOLVE),
        can_split=hub and live and viewer.may(Permission.TRIAGE),
        can_part=hub and joined and viewer.may(Permission.RESOLVE),
        ties=ties,
        alike=alike(viewer, enquiry),
        followers=len(links.followers(enquiry)) if hub else 0,
    )
    if not reads:
        sensitive.blank(enquiry)
    return shown


def _is_free(viewer: Viewer, enquiry: Enquiry) -> bool:
    """Whether the viewer may take a case: nobody has it, or who has it has left the desk."""
    if not (viewer.is_hub and enquiry.status in LIVE and viewer.may(Permission.TRIAGE)):
        return False
    return enquiry.assignee_id != viewer.id and not holders.has_holder(enquiry)


def _may_follow(viewer: Viewer, enquiry: Enquiry, ties: tuple[Tie, ...]) -> bool:
    """Whether a new one may come after it: it is closed for good, and goes on nowhere else."""
    merged = any(tie.is_from and tie.kind == LinkKind.MERGED for tie in ties)
    closed = viewer.is_hub and enquiry.status == Status.CLOSED
    return closed and not merged and viewer.may(Permission.RESOLVE)


def _lines(enquiry: Enquiry, viewer: Viewer, *, reads: bool) -> list[Line]:
    events = EnquiryEvent.objects.filter(enquiry=enquiry).order_by("sequence")
    shown = events if reads else sensitive.bare(events)
    return story.lines(shown, viewer, begun_at=touches.begun_at(enquiry))


def _referrals(enquiry: Enquiry, viewer: Viewer) -> Sequence[Referral]:
    rows = Referral.objects.filter(enquiry=enquiry).select_related(
        "organisation", "team", "assignee", "suggested"
    )
    if not viewer.is_hub:
        rows = rows.filter(organisation_id=viewer.organisation_id or 0)
    return list(rows.order_by("offered_at", "pk"))
