"""What citizens do with an enquiry of their own, inside the contact that says so: call it off, and
take that back."""

from __future__ import annotations

from datetime import datetime

from core import outbox
from core.audit import Actor
from core.errors import DomainError
from enquiries.actions import resolutions
from enquiries.lifecycle import ENDED, NotNow, Outcome, Status
from enquiries.models import Enquiry
from enquiries.queries import withdrawing

WITHDRAW, RESTORE = "withdraw", "restore"
# What the citizen reads of the end that they made.
WITHDRAWN_WORDS = "You told us that you do not need this any more, so we stopped."


class NotByThemselves(DomainError):
    """A person decides whether this may stop."""

    code = "not_to_be_withdrawn"


class NoSuchAct(DomainError):
    code = "act_unknown"


def do(enquiry: Enquiry, act: str, *, words: str, actor: Actor, now: datetime) -> None:
    """Does an act of the citizen's to a locked enquiry. Raises NotNow, NotByThemselves, NoSuchAct.

    Whoever was quicker has it: what was done before is not called off.
    """
    if act == WITHDRAW:
        _withdraw(enquiry, actor=actor, now=now)
    elif act == RESTORE:
        _restore(enquiry, words=words, actor=actor, now=now)
    else:
        raise NoSuchAct("There is no such thing to do with an enquiry")


def _withdraw(enquiry: Enquiry, *, actor: Actor, now: datetime) -> None:
    if enquiry.status in ENDED:
        raise NotNow("It had ended before you cancelled it. Nothing was changed")
    if not withdrawing.may(enquiry):
        raise NotByThemselves(
            "We do not stop this without talking to you. Add what has changed, or call us"
        )
    resolutions.settle(
        enquiry, outcome=Outcome.WITHDRAWN, words=WITHDRAWN_WORDS, actor=actor, now=now
    )


def _restore(enquiry: Enquiry, *, words: str, actor: Actor, now: datetime) -> None:
    """It goes on, and is sent where the rules say. What was called off counts as never said."""
    is_off = enquiry.outcome == Outcome.WITHDRAWN.value
    if enquiry.status != Status.RESOLVED.value or not is_off:
        raise NotNow("It goes on already, or it is too long ago. Nothing was changed")
    resolutions.open_again(
        enquiry, words=words, actor=actor, now=now, takes_back=Outcome.WITHDRAWN.value
    )
    outbox.ring(
        "enquiries.route_again",
        key=f"route_again:{enquiry.pk}:{enquiry.reopened_count}",
        args={"enquiry_id": enquiry.pk},
    )


__all__ = ["RESTORE", "WITHDRAW", "NoSuchAct", "NotByThemselves", "do"]
