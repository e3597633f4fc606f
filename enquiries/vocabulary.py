"""The words of the ledger: each event's name, its sentence and what an erasure removes. Pure.

One vocabulary: a name is a line of the ledger, a webhook type and an audit word.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from enquiries.lifecycle import REJECT_WORDS, RejectReason


class EventType(StrEnum):
    RECEIVED = "enquiry.received"
    ACKNOWLEDGED = "enquiry.acknowledged"
    TRIAGED = "enquiry.triaged"
    PROMISE_SET = "enquiry.promise_set"
    REFERRED = "enquiry.referred"
    ACCEPTED = "enquiry.accepted"
    REJECTED = "enquiry.rejected"
    RETURNED = "enquiry.returned"
    EXPIRED = "enquiry.expired"
    OFFER_WITHDRAWN = "enquiry.offer_withdrawn"
    INFO_REQUESTED = "enquiry.info_requested"
    INFO_RECEIVED = "enquiry.info_received"
    REPLIED = "enquiry.replied"
    NOTED = "enquiry.noted"
    ASSIGNED = "enquiry.assigned"
    TRANSFERRED = "enquiry.transferred"
    DISPUTED = "enquiry.disputed"
    PART_COMPLETED = "enquiry.part_completed"
    HANDED = "enquiry.handed"
    TEAM_CHANGED = "enquiry.team_changed"
    ATTACHED = "enquiry.attached"
    FILE_REMOVED = "enquiry.file_removed"
    CONTACTED = "enquiry.contacted"
    CONTACT_ENDED = "enquiry.contact_ended"
    ESCALATED = "enquiry.escalated"
    DUE_SOON = "enquiry.due_soon"
    DUE_MOVED = "enquiry.due_moved"
    NEW_DATE = "enquiry.new_date"
    REASSURED = "enquiry.reassured"
    PRIORITY_SET = "enquiry.priority_set"
    RESOLVED = "enquiry.resolved"
    UNANSWERED = "enquiry.unanswered"
    REOPENED = "enquiry.reopened"
    CLOSED = "enquiry.closed"
    DUPLICATE_OF = "enquiry.duplicate_of"
    UNMERGED = "enquiry.unmerged"
    UNLINKED = "enquiry.unlinked"
    PERSON_MERGED = "enquiry.person_merged"
    PERSON_UNMERGED = "enquiry.person_unmerged"
    MERGED_IN = "enquiry.merged_in"
    ALSO_REPORTED = "enquiry.also_reported"
    TAKEN_OUT = "enquiry.taken_out"
    SPLIT_OFF = "enquiry.split_off"
    SPLIT_FROM = "enquiry.split_from"
    FOLLOWS = "enquiry.follows"
    ABANDONED = "enquiry.abandoned"
    CHANNEL_FORCED = "enquiry.channel_forced"
    TOLD_TO_CONTACT = "enquiry.told_to_contact"
    SILENT = "enquiry.silent"
    TEST = "enquiry.test"
    NOT_TEST = "enquiry.not_test"
    HELD = "enquiry.held"
    LET_GO = "enquiry.let_go"
    SPAM = "enquiry.spam"
    NOT_SPAM = "enquiry.not_spam"
    TELLING_CHANGED = "enquiry.telling_changed"
    SUBSCRIBED = "enquiry.subscribed"
    UNSUBSCRIBED = "enquiry.unsubscribed"
    SURVEYED = "enquiry.surveyed"
    UNDONE = "enquiry.undone"
    MESSAGE_LOST = "enquiry.message_lost"


@dataclass(frozen=True, slots=True)
class Wording:
    """How staff read an event. `personal` names the data that an erasure blanks;
    `noise` is folded away on the case page; `private` is not for other organisations."""

    sentence: str
    personal: frozenset[str] = field(default=frozenset())
    noise: bool = False
    private: bool = False


_WORDS = frozenset({"words"})

WORDINGS: dict[EventType, Wording] = {
    EventType.RECEIVED: Wording("Received by {channel}"),
    EventType.ACKNOWLEDGED: Wording("The citizen was given the reference", noise=True),
    EventType.TRIAGED: Wording("{found}. {reason}"),
    EventType.PROMISE_SET: Wording("Promised by {date}"),
    EventType.REFERRED: Wording("Sent to {organisation}. {reason}", frozenset({"reason"})),
    EventType.ACCEPTED: Wording("Accepted by {organisation}"),
    EventType.REJECTED: Wording("Rejected by {organisation}{because}: {words}", _WORDS),
    EventType.RETURNED: Wording(
        "Sent back by {organisation}{missing}: {words}", frozenset({"words", "question"})
    ),
    EventType.EXPIRED: Wording("{organisation} did not answer in time"),
    EventType.OFFER_WITHDRAWN: Wording("Taken back from {organisation}: {words}", _WORDS),
    EventType.INFO_REQUESTED: Wording("Asked the citizen{foresight}: {words}", _WORDS),
    EventType.INFO_RECEIVED: Wording("The citizen answered: {words}", _WORDS),
    EventType.REPLIED: Wording("Told the citizen: {words}", _WORDS),
    EventType.NOTED: Wording("Note: {words}", _WORDS, private=True),
    EventType.ASSIGNED: Wording("Now with {name}", noise=True),
    EventType.TRANSFERRED: Wording("{how} {whom}"),
    EventType.DISPUTED: Wording("Before the duty manager: {words}", _WORDS, private=True),
    EventType.PART_COMPLETED: Wording(
        "{organisation} has done its part ({outcome_words}): {words}",
        frozenset({"words", "next_step"}),
    ),
    EventType.HANDED: Wording("{organisation}: now with {name}. {words}", _WORDS, noise=True),
    EventType.TEAM_CHANGED: Wording("{organisation}: now with the team {team}", noise=True),
    EventType.ATTACHED: Wording("File added: {file}", frozenset({"file"}), private=True),
    EventType.FILE_REMOVED: Wording(
        "File removed: our check found that it may not be safe: {file}",
        frozenset({"file"}),
        private=True,
    ),
    EventType.CONTACTED: Wording("The citizen was in touch: {kind_words}", _WORDS),
    EventType.CONTACT_ENDED: Wording(
        "The contact ended: {outcome_words}", noise=True, private=True
    ),
    EventType.ESCALATED: Wording("Overdue: {clock_words}. The team and the hub were told"),
    EventType.DUE_SOON: Wording("Due soon: {clock_words}. The team was told", noise=True),
    EventType.DUE_MOVED: Wording("{clock_words}: we now aim for {due_words}: {reason}"),
    EventType.NEW_DATE: Wording("The citizen is told a new date, {date}: {words}", _WORDS),
    EventType.REASSURED: Wording(
        "The citizen was told, before they ask, how it stands", noise=True
    ),
    EventType.PRIORITY_SET: Wording("Priority: {priority_words}. {words}", _WORDS),
    EventType.RESOLVED: Wording(
        "{outcome_words}: {words}", frozenset({"words", "reason", "next_step"})
    ),
    EventType.UNANSWERED: Wording("The reader said that the answer did not help", _WORDS),
    EventType.REOPENED: Wording("Opened again: {words}", _WORDS),
    EventType.CLOSED: Wording("Closed after the time for questions", noise=True),
    # Other organisations read no reference of a case that is not theirs.
    EventType.DUPLICATE_OF: Wording(
        "{why}: it goes on in {reference}", frozenset({"was"}), private=True
    ),
    EventType.UNMERGED: Wording("Not the same as {reference} after all. {restored}", private=True),
    EventType.UNLINKED: Wording("Not the same as {reference} after all. {restored}", private=True),
    EventType.PERSON_MERGED: Wording(
        "Who asked is somebody whom we knew already: {by} merged the two", private=True
    ),
    EventType.PERSON_UNMERGED: Wording(
        "Who asked is somebody else after all: {by} took the two apart", private=True
    ),
    EventType.MERGED_IN: Wording("The same person told us again: {words}", _WORDS),
    EventType.ALSO_REPORTED: Wording(
        "Somebody else told us, too, in {reference}. They hear what comes of it", private=True
    ),
    EventType.TAKEN_OUT: Wording("{reference} is not part of it any more", private=True),
    EventType.SPLIT_OFF: Wording("One part of it became an enquiry of its own"),
    EventType.SPLIT_FROM: Wording("Taken out of {reference}", private=True),
    EventType.ABANDONED: Wording(
        "Begun online and not sent; the last question was {last_question}"
    ),
    EventType.CHANNEL_FORCED: Wording("Begun at one door, and finished at another: {to}"),
    EventType.TOLD_TO_CONTACT: Wording("Told to ring, visit or fill in something else"),
    EventType.SILENT: Wording("Nobody spoke, or nothing was asked", private=True),
    EventType.TEST: Wording(
        "A test of ours, which no figure counts: {words}", _WORDS, private=True
    ),
    EventType.NOT_TEST: Wording("A citizen’s after all: {words}", _WORDS, private=True),
    EventType.FOLLOWS: Wording("Comes after {reference}, which had been closed", private=True),
    EventType.HELD: Wording(
        "Held: it may be spam. Sent to nobody until somebody looks", private=True
    ),
    EventType.LET_GO: Wording("{how}: it goes on", private=True),
    EventType.SPAM: Wording("Ended as spam. Nobody was told", private=True),
    EventType.NOT_SPAM: Wording("Not spam after all: it goes on", private=True),
    EventType.TELLING_CHANGED: Wording("The citizen chose to be told by {way}", private=True),
    EventType.SUBSCRIBED: Wording(
        "Somebody else is told how it goes on, too", noise=True, private=True
    ),
    EventType.UNSUBSCRIBED: Wording(
        "Somebody else is not told any more how it goes on", noise=True, private=True
    ),
    EventType.SURVEYED: Wording(
        "Did they get what they needed? {answer_words}. {words}", _WORDS, private=True
    ),
    EventType.MESSAGE_LOST: Wording(
        "A message did not reach the citizen, and there is no other way to write to them",
        private=True,
    ),
    # Within seconds, by who did it: the lines of the act stay, and count no more.
    EventType.UNDONE: Wording("Taken back at once: {what}", private=True),
}


class _Gaps(dict[str, Any]):
    """Old lines may lack a field that a sentence names today; they still read well."""

    def __missing__(self, key: str) -> str:
        return ""


def sentence(kind: str, data: Mapping[str, Any]) -> str:
    """An event in words for staff. Unknown kinds read as their own name."""
    try:
        wording = WORDINGS[EventType(kind)]
    except ValueError:
        return kind
    return wording.sentence.format_map(_Gaps(_readable(data))).strip().rstrip(":").strip()


def phrase(words: str, data: Mapping[str, Any]) -> str:
    """Words with the facts of an event in them, as `sentence` reads them."""
    return words.format_map(_Gaps(_readable(data))).strip().rstrip(":.").strip()


def _readable(data: Mapping[str, Any]) -> dict[str, Any]:
    """Dates as people write them, and what a partner's no rests on; all else as it is."""
    readable = dict(data)
    readable["because"] = _because(data)
    readable["how"] = "Put through to" if data.get("mode") == "cold" else "Handed over to"
    readable["whom"] = data.get("name") or data.get("to", "")
    late = " (nobody could have asked this at the start)"
    readable["foresight"] = late if data.get("unforeseeable") else ""
    readable["missing"] = f" (missing: {data['question']})" if data.get("question") else ""
    with suppress(KeyError, TypeError, ValueError):
        day = date.fromisoformat(readable["date"])
        readable["date"] = f"{day:%a} {day.day} {day:%b %Y}"
    return readable


def _because(data: Mapping[str, Any]) -> str:
    """The reason from the list, and whom they suggest instead."""
    reason, suggested = data.get("reason"), data.get("suggested_name")
    found = [REJECT_WORDS[RejectReason(reason)]] if reason in set(RejectReason) else []
    found += [f"they suggest {suggested}"] if suggested else []
    return f" ({'; '.join(found)})" if found else ""
