"""What whoever is named did, as the rest of a sentence: "sent it to Wychavon". Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from enquiries.vocabulary import EventType, phrase

DID: dict[EventType, str] = {
    EventType.REFERRED: "sent it to {organisation}. {reason}",
    EventType.ACCEPTED: "accepted it for {organisation}",
    EventType.REJECTED: "rejected it for {organisation}{because}",
    EventType.RETURNED: "sent it back for {organisation}{missing}",
    EventType.OFFER_WITHDRAWN: "took it back from {organisation}",
    EventType.INFO_REQUESTED: "asked the citizen",
    EventType.REPLIED: "told the citizen",
    EventType.NOTED: "wrote a note",
    EventType.ATTACHED: "added a file: {file}",
    EventType.NEW_DATE: "told the citizen a new date, {date}",
    EventType.PRIORITY_SET: "set the priority: {priority_words}",
    EventType.PROMISE_SET: "promised it by {date}",
    EventType.RESOLVED: "ended it: {outcome_words}",
    EventType.REOPENED: "opened it again",
    EventType.TRANSFERRED: "transferred it to {to}",
    EventType.TOLD_TO_CONTACT: "told the citizen to ring, visit or fill in something else",
    EventType.PART_COMPLETED: "did the part of {organisation} ({outcome_words})",
}
# Where it depends on who did it.
DID_BY: dict[tuple[EventType, str], str] = {
    (EventType.RECEIVED, "citizen"): "told us by {channel}",
    (EventType.RECEIVED, "staff"): "wrote down what they were told by {channel}",
    (EventType.INFO_RECEIVED, "citizen"): "answered",
    (EventType.CONTACTED, "citizen"): "was in touch: {kind_words}",
}
MESSAGES = frozenset(
    one.value
    for one in (
        EventType.RECEIVED, EventType.INFO_REQUESTED, EventType.INFO_RECEIVED, EventType.REPLIED,
        EventType.CONTACTED, EventType.NEW_DATE, EventType.REASSURED, EventType.RESOLVED,
        EventType.MERGED_IN, EventType.SURVEYED, EventType.TELLING_CHANGED,
    )
)  # fmt: skip
NOTES = frozenset({EventType.NOTED.value, EventType.ATTACHED.value, EventType.FILE_REMOVED.value})


def did(kind: str, actor_kind: str, data: Mapping[str, Any]) -> str:
    """The rest of the sentence; "" where the line says it all without a name."""
    if kind not in set(EventType):
        return ""
    event = EventType(kind)
    words = DID_BY.get((event, actor_kind)) or DID.get(event, "")
    return phrase(words, {**data, "words": ""}) if words else ""
