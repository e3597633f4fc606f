"""The life of a message, as one table. Pure.

`queued → sending → sent → delivered | failed | expired`; `unknown` is the side state of a message
that was handed over without a clear answer; `overtaken` the end of one that waited, and that newer
news made needless before it went.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    OVERTAKEN = "overtaken"


TRANSITIONS: dict[State, frozenset[State]] = {
    # A receipt may overtake our own note that the message was accepted: it is the better witness.
    State.QUEUED: frozenset(
        {
            State.SENDING,
            State.SENT,
            State.DELIVERED,
            State.FAILED,
            State.EXPIRED,
            State.OVERTAKEN,
        }
    ),
    State.SENDING: frozenset(
        {State.QUEUED, State.UNKNOWN, State.SENT, State.DELIVERED, State.FAILED, State.EXPIRED}
    ),
    # Back to waiting where who was thought to have died comes back, and has not sent it.
    State.UNKNOWN: frozenset(
        {State.QUEUED, State.SENDING, State.SENT, State.DELIVERED, State.FAILED, State.EXPIRED}
    ),
    State.SENT: frozenset({State.DELIVERED, State.FAILED, State.EXPIRED}),
    State.DELIVERED: frozenset(),
    State.FAILED: frozenset(),
    State.EXPIRED: frozenset(),
    State.OVERTAKEN: frozenset(),
}

OPEN = frozenset({State.QUEUED, State.SENDING, State.UNKNOWN})
FINAL = frozenset({State.DELIVERED, State.FAILED, State.EXPIRED, State.OVERTAKEN})

WORDS = {
    State.QUEUED: "Waiting to go",
    State.SENDING: "On its way",
    State.UNKNOWN: "Sent, perhaps: the provider's answer was lost",
    State.SENT: "Sent",
    State.DELIVERED: "Delivered",
    State.FAILED: "Not delivered",
    State.EXPIRED: "Given up",
    State.OVERTAKEN: "Not sent: newer news went instead",
}

# Of a letter we know when it went to who prints it, and when that person posted it.
LETTER_WORDS = {State.SENT: "With who prints and posts it", State.DELIVERED: "Posted"}


def may(current: State, following: State) -> bool:
    """Whether a message may go from one state to the other."""
    return following in TRANSITIONS[current]
