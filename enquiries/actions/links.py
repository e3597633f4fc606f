"""Two reports of one thing: merged (one person's) or linked (two people's), and both undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from core.audit import SYSTEM, Actor
from core.errors import DomainError
from enquiries import events
from enquiries.actions import deadlines, resolutions, restoring, telling
from enquiries.events import EventType
from enquiries.lifecycle import ENDED, LinkKind, NotNow, Outcome, Status
from enquiries.models import Enquiry, EnquiryLink
from enquiries.queries import alike, links
from enquiries.queries.access import NoSuchCase, desk_id

MERGED_WORDS = "You told us about this before. We deal with both reports under {reference}."
LINKED_WORDS = "Somebody told us about this already. We tell you when there is news."


class NotTogether(DomainError):
    """These two cannot be joined, or parted, in this way."""

    code = "not_together"
    field = "other"


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two enquiries, both held: the report that ends, and the one that goes on."""

    report: Enquiry
    target: Enquiry


def _held(*ids: int) -> dict[int, Enquiry]:
    """Enquiries locked in the order of their keys, so that nobody waits in a ring."""
    return {pk: events.locked(pk) for pk in sorted(set(ids))}


def _pair(viewer: Viewer, reference: str, other: str) -> _Pair:
    """Both, locked; what was merged is stood for by its end. Raises NoSuchCase, NotTogether."""
    report, named = desk_id(viewer, reference), _named(viewer, other)
    target = links.merged_end(named)
    if report == target:
        raise NotTogether(
            "That is this enquiry itself"
            if report == named
            else "That one was merged into this one already"
        )
    held = _held(report, target)
    if links.merged_end(named) != target:
        raise NotTogether("Somebody merged that one meanwhile. Reload the page and look again")
    return _Pair(held[report], held[target])


def _named(viewer: Viewer, reference: str) -> int:
    """The other one, as somebody typed it. Raises NotTogether, beside the field."""
    try:
        return desk_id(viewer, reference)
    except NoSuchCase as error:
        raise NotTogether("There is no enquiry with that reference. Check each letter") from error


def _is_done(pair: _Pair, kind: LinkKind) -> bool:
    """Whether this very link stands. Raises NotTogether for another one, NotNow for an end."""
    report, target = pair.report, pair.target
    before = links.ending(report.pk)
    if before is not None:
        if before.kind == kind.value and before.target_id == target.pk:
            return True
        raise NotTogether(
            f"{report.reference} was joined to {before.target.reference} already. Undo that first"
        )
    if report.status in ENDED:
        raise NotNow(f"{report.reference} has ended, so there is nothing to join")
    after = links.ending(target.pk)
    if after is not None:
        whose = after.target.reference
        raise NotTogether(f"{target.reference} is linked to {whose}. Link this one to it, too")
    if target.status in ENDED:
        raise NotTogether(
            f"{target.reference} has ended. If it is not done after all, open it again first"
        )
    return False


def _came_later(pair: _Pair) -> None:
    first, second = pair.target, pair.report
    if (second.received_at, second.pk) < (first.received_at, first.pk):
        raise NotTogether(
            f"{second.reference} came first, so it is the one that goes on. "
            f"Merge {first.reference} into it instead"
        )


@transaction.atomic
def join(*, reference: str, other: str, same_person: bool, viewer: Viewer, now: datetime) -> str:
    """Ends the later of two reports in the earlier, whichever of them is named first.

    Returns the reference that goes on. Raises NoSuchCase, NotTogether, NotNow.
    """
    one, end = desk_id(viewer, reference), links.merged_end(_named(viewer, other))
    if one == end:
        raise NotTogether("These two are one already")
    first, second = Enquiry.objects.filter(pk__in=[one, end]).order_by("received_at", "pk")
    if same_person:
        return merge(reference=second.reference, into=first.reference, viewer=viewer, now=now)
    return link_duplicate(reference=second.reference, to=first.reference, viewer=viewer, now=now)


@transaction.atomic
def merge(*, reference: str, into: str, viewer: Viewer, now: datetime) -> str:
    """One person told us twice: the later report ends and the earlier goes on for both.

    That it is one person is known, or the agent says so where one of them is unknown. Returns the
    reference that goes on. Merging twice changes nothing. Raises NoSuchCase, NotTogether, NotNow.
    """
    pair = _pair(viewer, reference, into)
    if _is_done(pair, LinkKind.MERGED):
        return pair.target.reference
    _came_later(pair)
    if alike.whose(pair.report, pair.target) == alike.OTHER:
        raise NotTogether("These two are from different people. Link them instead")
    _end(pair, LinkKind.MERGED, actor=viewer.actor, now=now)
    telling.merged(pair.report, pair.target, now=now)
    return pair.target.reference


@transaction.atomic
def link_duplicate(*, reference: str, to: str, viewer: Viewer, now: datetime) -> str:
    """Somebody else told us already: this report ends, and its citizen hears what comes of that.

    Returns the reference that goes on. Linking twice changes nothing. Raises as merge.
    """
    pair = _pair(viewer, reference, to)
    if _is_done(pair, LinkKind.DUPLICATE):
        return pair.target.reference
    if alike.whose(pair.report, pair.target) == alike.SAME:
        raise NotTogether("Both are from the same person. Merge them instead")
    _end(pair, LinkKind.DUPLICATE, actor=viewer.actor, now=now)
    telling.linked(pair.report, pair.target, now=now)
    return pair.target.reference


def reported_too(report_id: int, target_id: int, *, actor: Actor, now: datetime) -> bool:
    """A citizen says that what they tell us is what somebody told us before: "it is this one".

    Their report ends in that one, and they hear what comes of it. False, changing nothing, when
    that one has ended meanwhile or cannot be told from theirs: then theirs goes on by itself.
    Belongs into the transaction in which the report came in.
    """
    end = links.stands_for_id(target_id)
    if end == report_id:
        return False
    held = _held(report_id, end)
    pair = _Pair(held[report_id], held[end])
    if pair.target.status in ENDED or pair.report.status in ENDED:
        return False
    # The same for everybody, also where the address is that of who told us first: anybody may give
    # anybody's address, and must not learn by it who that was. Staff merge.
    _end(pair, LinkKind.DUPLICATE, actor=actor, now=now)
    telling.linked(pair.report, pair.target, now=now)
    return True


def _end(pair: _Pair, kind: LinkKind, *, actor: Actor, now: datetime) -> None:
    """Ends the report in its target, with a line on both ledgers."""
    report, target = pair.report, pair.target
    merged = kind is LinkKind.MERGED
    was = restoring.where(report)
    EnquiryLink.objects.create(
        kind=kind.value, enquiry=report, target=target, made_at=now, made_by=actor.name[:120]
    )
    resolutions.withdraw_offers(report, actor=actor, now=now)
    deadlines.ended(report, at=now, is_void=True)
    words = MERGED_WORDS if merged else LINKED_WORDS
    report.public_words = words.format(reference=target.reference)
    report.closes_at = resolutions.closes_at(report, now)
    report.disputed_at = None
    events.move(
        report,
        Status.RESOLVED,
        EventType.DUPLICATE_OF,
        actor=actor,
        at=now,
        outcome=Outcome.DUPLICATE,
        saving=["public_words", "closes_at", "disputed_at"],
        target=target.pk,
        reference=target.reference,
        same_person=merged,
        why="The same person told us twice" if merged else "Somebody else told us already",
        was=was,
    )
    if merged:
        said = {"words": report.description}
        kind_of_line = EventType.MERGED_IN
    else:
        said, kind_of_line = {}, EventType.ALSO_REPORTED
    events.record(target, kind_of_line, actor=actor, at=now, reference=report.reference, **said)


@transaction.atomic
def unmerge(*, reference: str, viewer: Viewer, now: datetime) -> str:
    """Takes a merge back; the report goes on where it stood. Returns what was restored, in words.

    Undoing twice changes nothing. Raises NoSuchCase, NotTogether.
    """
    pk = desk_id(viewer, reference)
    return _undo(pk, LinkKind.MERGED, EventType.UNMERGED, actor=viewer.actor, now=now)


@transaction.atomic
def unlink(*, reference: str, viewer: Viewer, now: datetime) -> str:
    """Takes a link to somebody else's report back. Returns and raises as unmerge."""
    pk = desk_id(viewer, reference)
    return _undo(pk, LinkKind.DUPLICATE, EventType.UNLINKED, actor=viewer.actor, now=now)


@transaction.atomic
def part(*, reference: str, viewer: Viewer, now: datetime) -> str:
    """Takes back whichever of the two it was. Returns and raises as unmerge."""
    link = links.ending(desk_id(viewer, reference))
    if link is not None and link.kind == LinkKind.DUPLICATE.value:
        return unlink(reference=reference, viewer=viewer, now=now)
    return unmerge(reference=reference, viewer=viewer, now=now)


def _standing(pk: int, kind: LinkKind) -> tuple[EnquiryLink, Enquiry, Enquiry] | None:
    """A live link with its two enquiries, all held; None where there is none."""
    link = links.of_kind(pk, kind)
    if link is None:
        return None
    held = _held(pk, link.target_id)
    link = EnquiryLink.objects.select_for_update().filter(pk=link.pk, undone_at=None).first()
    return None if link is None else (link, held[pk], held[link.target_id])


def _undo(pk: int, kind: LinkKind, line: EventType, *, actor: Actor, now: datetime) -> str:
    found = _standing(pk, kind)
    if found is None:
        if EnquiryLink.objects.filter(enquiry_id=pk, kind=kind.value).exists():
            return "It was undone before"
        raise NotTogether("There is nothing to undo here")
    link, report, target = found
    _take_back(link, actor=actor, now=now)
    restored = restoring.restore(report, target, line, ended_at=link.made_at, actor=actor, now=now)
    events.record(target, EventType.TAKEN_OUT, actor=actor, at=now, reference=report.reference)
    telling.parted(report, now=now)
    return restored


def _take_back(link: EnquiryLink, *, actor: Actor, now: datetime) -> None:
    link.undone_at, link.undone_by = now, actor.name[:120]
    link.save(update_fields=["undone_at", "undone_by"])


def held_with_target(enquiry_id: int) -> tuple[Enquiry, Enquiry | None]:
    """An enquiry and the one that its report was linked to, both locked in order."""
    found = _standing(enquiry_id, LinkKind.DUPLICATE)
    return (events.locked(enquiry_id), None) if found is None else (found[1], found[2])


def come_back(
    enquiry: Enquiry, target: Enquiry, *, words: str, actor: Actor, now: datetime
) -> None:
    """The citizen of a report that was linked to another's says that it is not solved.

    While the other one is being dealt with, that is where it is in hand. When that one has ended,
    their own report goes on by itself.
    """
    if target.status not in ENDED or enquiry.status != Status.RESOLVED.value:
        return
    link = links.of_kind(enquiry.pk, LinkKind.DUPLICATE)
    if link is not None:
        _take_back(link, actor=actor, now=now)
        events.record(
            enquiry,
            EventType.UNLINKED,
            actor=actor,
            at=now,
            target=target.pk,
            reference=target.reference,
            restored="It goes on by itself",
        )
    resolutions.open_again(enquiry, words=words, actor=actor, now=now)


def part_followers(*, target_id: int, now: datetime) -> int:
    """Whoever withdrew spoke for themselves: other people's reports go on by themselves.

    Each in a transaction of its own; returns how many. Running it again changes nothing.
    """
    rows = EnquiryLink.objects.filter(
        target_id=target_id, kind=LinkKind.DUPLICATE.value, undone_at=None
    )
    done = 0
    for pk in rows.order_by("enquiry_id").values_list("enquiry_id", flat=True):
        done += _apart(pk, now=now)
    return done


@transaction.atomic
def _apart(pk: int, *, now: datetime) -> bool:
    found = _standing(pk, LinkKind.DUPLICATE)
    if found is None or found[2].outcome != Outcome.WITHDRAWN.value:
        return False
    _undo(pk, LinkKind.DUPLICATE, EventType.UNLINKED, actor=SYSTEM, now=now)
    return True
