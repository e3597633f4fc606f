"""One case, as staff see it, and what its viewer may do to it now; the queue is in `queue`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache, cached_property, lru_cache
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    Model,
    OuterRef,
    Prefetch,
    QuerySet,
    prefetch_related_objects,
)

import customers.queries
from accounts.permissions import Permission, Viewer
from core.statements import Given, Objects, objects
from customers.queries import PersonRow
from enquiries.lifecycle import ENDED, LIVE, OUTCOME_WORDS, STAFF_WORDS, LinkKind, Outcome, Status
from enquiries.models import (
    Acting,
    Attachment,
    CallDue,
    Clock,
    ContactItem,
    Enquiry,
    EnquiryEvent,
    EnquiryLink,
    Referral,
    Suggestion,
)
from enquiries.queries import (
    deadlines,
    destinations,
    holders,
    links,
    promise_hours,
    sensitive,
    story,
    touches,
    watching,
)
from enquiries.queries.access import NoSuchCase, canonical, visible
from enquiries.queries.alike import Alike, alike
from enquiries.queries.links import Tie
from enquiries.queries.story import Line
from enquiries.queries.timeleft import NO_DATE, TimeLeft
from enquiries.queries.touches import Touch


class Case:
    """One enquiry as its viewer may see it, and what they may do to it now.

    `is_sensitive` says what kind of service it is about; where the viewer does not read such
    cases (`is_hidden`), nobody's words, names and places are in it. What has a statement of its
    own is read when it is asked for, once: a part of the page asks only what it shows.
    """

    def __init__(self, viewer: Viewer, enquiry: Enquiry, *, now: datetime) -> None:
        self.viewer, self.enquiry = viewer, enquiry
        self.is_sensitive = sensitive.is_sensitive(enquiry)
        self.is_hidden = not sensitive.reads(viewer, enquiry)
        self.status_words = STAFF_WORDS[Status(enquiry.status)]
        self.outcome_words = OUTCOME_WORDS[Outcome(enquiry.outcome)] if enquiry.outcome else ""
        self._now = now
        more = vars(enquiry)
        self.is_watched = bool(more.get("is_watched", False))
        # What few cases have is asked for where it was there as the case was read.
        self.has_files, self.has_calls = more.get("has_files", True), more.get("has_calls", True)
        self._is_tied = more.get("is_tied", True)
        self._is_live = enquiry.status in LIVE
        if self.is_hidden:
            sensitive.blank(enquiry)

    def _may(self, permission: Permission, *, live: bool = True) -> bool:
        return self.viewer.is_hub and (self._is_live or not live) and self.viewer.may(permission)

    @cached_property
    def person(self) -> PersonRow | None:
        """Who asked, unless the viewer does not read it."""
        if self.enquiry.person_id is None or self.is_hidden:
            return None
        return customers.queries.by_id(self.enquiry.person_id)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The story, oldest first; it also says what was taken back."""
        events = _story().rows(enquiry=self.enquiry.pk)
        shown = sensitive.bare(events) if self.is_hidden else events
        begun = touches.begun_at(self.enquiry, self._items)
        return tuple(story.lines(shown, self.viewer, begun_at=begun))

    @cached_property
    def _items(self) -> list[ContactItem]:
        # Who is of the hub knows all links already, and so whether anything was merged into it.
        alone = self.viewer.is_hub and not self._has_below
        return links.items(self.enquiry, alone=alone)

    @cached_property
    def touches(self) -> tuple[Touch, ...]:
        """Every contact about it."""
        return tuple(touches.touches(self.enquiry, self._items, reads=not self.is_hidden))

    @cached_property
    def referrals(self) -> tuple[Referral, ...]:
        """Where it was sent to, oldest first."""
        return tuple(_referrals(self.enquiry, self.viewer))

    @cached_property
    def clock_rows(self) -> list[Clock]:
        """Its clocks, as one statement reads them for the times and for the referrals."""
        return deadlines.rows_of(self.viewer, self.enquiry)

    @cached_property
    def time_left(self) -> TimeLeft:
        """What is left of what its citizen was promised, as the queue counts it."""
        enquiry = self.enquiry
        if self.is_over:
            return NO_DATE
        runs = [row for row in self.clock_rows if row.kind in promise_hours.OF_CITIZEN]
        hours = (
            deadlines.hours_of(runs[-1])
            if runs
            else destinations.calendar_of(enquiry.owner, enquiry.team)
        )
        return promise_hours.left(enquiry.due_at, enquiry.status, self._now, hours)

    @property
    def is_over(self) -> bool:
        """Whether no promise runs any more, or none was made."""
        return self.enquiry.due_at is None or self.enquiry.status in ENDED

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """What it is linked with, both ways."""
        return links.ties(self.viewer, self.enquiry) if self._is_tied else ()

    @property
    def _joined(self) -> bool:
        return any(tie.is_from and tie.kind in links.ENDING for tie in self.ties)

    @property
    def _has_below(self) -> bool:
        return any(not tie.is_from and tie.kind in links.ENDING for tie in self.ties)

    @cached_property
    def alike(self) -> tuple[Alike, ...]:
        """What may be the same thing told twice."""
        return alike(self.viewer, self.enquiry)

    @cached_property
    def followers(self) -> int:
        """How many other people hear what its citizen is told."""
        if not (self.viewer.is_hub and self._has_below):
            return 0
        return len(links.followers(self.enquiry))

    @cached_property
    def can_take(self) -> bool:
        return not self.is_hidden and _is_free(self.viewer, self.enquiry)

    @property
    def can_refer(self) -> bool:
        return self._may(Permission.REFER)

    @property
    def can_resolve(self) -> bool:
        return self._may(Permission.RESOLVE)

    @property
    def can_tell(self) -> bool:
        return self._may(Permission.RESOLVE)

    @property
    def can_join(self) -> bool:
        return self._may(Permission.RESOLVE)

    @property
    def can_note(self) -> bool:
        return self._may(Permission.RESOLVE, live=False)

    @property
    def can_triage(self) -> bool:
        return self._may(Permission.TRIAGE)

    @property
    def can_split(self) -> bool:
        return self._may(Permission.TRIAGE)

    @property
    def can_ask(self) -> bool:
        return self._may(Permission.RESOLVE) and self.enquiry.status != Status.NEW

    @property
    def can_release(self) -> bool:
        return self._may(Permission.TRIAGE) and self.enquiry.assignee_id == self.viewer.id

    @property
    def can_reopen(self) -> bool:
        may = self._may(Permission.RESOLVE, live=False)
        return may and self.enquiry.status == Status.RESOLVED and not self._joined

    @property
    def can_follow(self) -> bool:
        """Whether a new one may come after it: closed for good, and it goes on nowhere else."""
        closed = self.enquiry.status == Status.CLOSED
        merged = any(tie.is_from and tie.kind == LinkKind.MERGED for tie in self.ties)
        return closed and not merged and self._may(Permission.RESOLVE, live=False)

    @property
    def can_part(self) -> bool:
        return self._may(Permission.RESOLVE, live=False) and self._joined


@cache
def _story() -> Objects[EnquiryEvent]:
    of_case = EnquiryEvent.every.filter(enquiry_id=Given("enquiry", BigIntegerField()))
    return objects(of_case.order_by("sequence"), prepared=True)


@lru_cache(maxsize=512)
def _one(viewer: Viewer) -> Objects[Enquiry]:
    return objects(
        visible(viewer)
        .annotate(
            is_watched=watching.by_staff(Given("staff", BigIntegerField())),
            is_suggested=Exists(Suggestion.objects.filter(enquiry_id=OuterRef("pk"))),
            is_acted=Exists(Acting.objects.filter(contact_id=OuterRef("first_contact_id"))),
            has_files=Exists(Attachment.objects.filter(enquiry_id=OuterRef("pk"))),
            has_calls=Exists(CallDue.objects.filter(enquiry_id=OuterRef("pk"))),
            is_tied=Exists(EnquiryLink.objects.filter(enquiry_id=OuterRef("pk")))
            | Exists(EnquiryLink.objects.filter(target_id=OuterRef("pk"))),
        )
        .select_related(
            "service", "owner", "team", "assignee", "first_contact", "first_contact__site"
        )
        .filter(reference=Given("reference", CharField())),
        prepared=True,
    )


def _found(viewer: Viewer, reference: str) -> Enquiry:
    found = _one(viewer).rows(reference=canonical(reference), staff=viewer.id or 0)
    if not found:
        raise NoSuchCase("There is no enquiry with that reference")
    enquiry, more = found[0], vars(found[0])
    suggestions = Suggestion.objects.select_related("service")
    _seldom(enquiry, "suggestion", suggestions, is_there=more["is_suggested"])
    spoken = Acting.objects.select_related("by")
    _seldom(enquiry.first_contact, "acting", spoken, is_there=more["is_acted"])
    return enquiry


def _seldom(row: Model, name: str, rows: QuerySet[Any], *, is_there: bool) -> None:
    """What few have is read where it is there: to plan four more joins for each case took longer
    than to read it."""
    if is_there:
        prefetch_related_objects([row], Prefetch(name, queryset=rows))
        return
    other_side: Any = row._meta.get_field(name)
    other_side.set_cached_value(row, None)


def case(viewer: Viewer, reference: str, *, now: datetime) -> Case:
    """One case. Raises NoSuchCase for what is not there and for what is not the viewer's."""
    return Case(viewer, _found(viewer, reference), now=now)


def _is_free(viewer: Viewer, enquiry: Enquiry) -> bool:
    """Whether the viewer may take a case: nobody has it, or who has it has left the desk."""
    if not (viewer.is_hub and enquiry.status in LIVE and viewer.may(Permission.TRIAGE)):
        return False
    return enquiry.assignee_id != viewer.id and not holders.has_holder(enquiry)


def _referrals(enquiry: Enquiry, viewer: Viewer) -> Sequence[Referral]:
    of = None if viewer.is_hub else viewer.organisation_id or 0
    return _sent(is_of_one=of is not None).rows(enquiry=enquiry.pk, of=of)


@cache
def _sent(*, is_of_one: bool) -> Objects[Referral]:
    rows = Referral.objects.filter(enquiry_id=Given("enquiry", BigIntegerField())).select_related(
        "organisation", "team", "assignee", "suggested"
    )
    if is_of_one:
        rows = rows.filter(organisation_id=Given("of", BigIntegerField()))
    return objects(rows.order_by("offered_at", "pk"), prepared=True)
