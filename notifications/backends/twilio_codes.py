"""What Twilio's error codes mean for us: a table, because Twilio may change what it sends."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.backends.base import Refused
from notifications.lifecycle import State


@dataclass(frozen=True, slots=True)
class Meaning:
    """`words` for staff. `address` is what becomes of the number: "", `opted_out`, `unusable`.

    `again_after_minutes` above zero: worth one more try, so much later.
    """

    words: str
    address: str = ""
    again_after_minutes: int = 0


MEANINGS: dict[str, Meaning] = {
    "21211": Meaning("This is not a phone number", "unusable"),
    "21214": Meaning("This number cannot be reached", "unusable"),
    "21217": Meaning("This is not a phone number", "unusable"),
    "21610": Meaning("This person has asked for no texts (they sent STOP)", "opted_out"),
    "21612": Meaning("No route to this number from ours"),
    "21614": Meaning("This is not a mobile number", "unusable"),
    "21408": Meaning("Texts to this country are not switched on"),
    "21617": Meaning("The text is too long"),
    "30003": Meaning("The phone could not be reached", again_after_minutes=15),
    "30004": Meaning("The number is blocked", "unusable"),
    "30005": Meaning("The number is not in use", "unusable"),
    "30006": Meaning("This is a landline, or its network cannot be reached", "unusable"),
    "30007": Meaning("The network filtered the text: tell the hub's administrators"),
    "30008": Meaning("The network gave no reason", again_after_minutes=15),
}

# Too many at once: the same request will do in a moment.
BUSY = frozenset({"20429", "14107", "30001"})


def meaning(code: str) -> Meaning:
    """What a code means; unknown codes say so."""
    return MEANINGS.get(code, Meaning(f"The provider's code {code}" if code else "No reason given"))


# What the provider calls a message's state, in our words.
STATES: dict[str, State] = {
    "accepted": State.SENT,
    "scheduled": State.SENT,
    "queued": State.SENT,
    "sending": State.SENT,
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.FAILED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}


def refusal(code: str) -> Refused:
    """The refusal that a code stands for."""
    known = meaning(code)
    return Refused(
        known.words, code=code, address=known.address, again_minutes=known.again_after_minutes
    )
