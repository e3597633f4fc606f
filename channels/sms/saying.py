"""Who texts, and what they are answered: each answer is kept with the text that it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import notifications.actions
from channels.sms.parsing import Text
from customers.contact import NotAPhoneNumber, read_phone
from customers.queries_telling import texts_stopped
from enquiries import intake
from enquiries.actions import telling_texts
from enquiries.channels import Channel
from enquiries.inbound import Taken
from enquiries.queries import texting


@dataclass(frozen=True, slots=True)
class Caller:
    """One text with its sender's number in E.164 ("" for what is none) and their language."""

    text: Text
    phone: str
    language: str
    now: datetime

    @property
    def line(self) -> str:
        """The body by whose own account they write; "" for the partnership's."""
        return self.text.line

    @property
    def thread(self) -> str:
        """What stands for the number; "" where there is none."""
        return thread_of(self.phone, self.line)

    @property
    def at(self) -> datetime:
        """When the text came: now, or when the provider had it."""
        return self.text.received_at or self.now


def thread_of(phone: str, line: str) -> str:
    """What stands for a number at an account (`Text.line`); "" where there is none."""
    return texting.thread_of(phone, line)


def phone_of(text: Text) -> str:
    """The sender's number in E.164, or "" for what is no number that we can write to."""
    try:
        return read_phone(text.phone) if text.phone else ""
    except NotAPhoneNumber:
        return ""


def key(text: Text) -> str:
    """Under which the answer to a text is kept."""
    return f"sms:{text.sid}"


def hand_over(text: Text, *, now: datetime, by: str = "") -> None:
    """Sends the answer to a text as a message, once: no request waits for it. `by` is the carrier
    that brought the text. Raises LookupError where no answer was kept.
    """
    taken = intake.known(Channel.SMS, text.sid)
    of_taken = [f"received:{one.enquiry_id}" for one in taken.enquiries] if taken else []
    if not notifications.actions.hand_over_answer(keys=[key(text), *of_taken], now=now, by=by):
        raise LookupError("The answer to a text was not kept where it is looked for")


def answered(text: Text, said: str, *, by: str | None, now: datetime) -> str:
    """What its own request answers a text with: nothing where a message says it, `by` a carrier."""
    if by is None:
        return said
    if said and text.phone:
        hand_over(text, by=by, now=now)
    return ""


def say(caller: Caller, event: str, *, about: str = "", **context: str) -> str:
    """Answers a text, once: the same text again gets the same words."""
    return notifications.actions.answer(
        key=key(caller.text),
        event=event,
        to=caller.text.sender,
        context=context,
        about=about,
        language=caller.language,
        now=caller.now,
    )


def joined(caller: Caller, taken: Taken) -> str:
    """That others told us before, as the answer to a text; "" where it did not end in theirs, or
    where they are told that another way."""
    return telling_texts.joined_at_once(
        taken.enquiry_id, taken.reference, to=caller.phone, now=caller.now
    )


def taken(
    caller: Caller,
    reference: str,
    *,
    hint: str,
    short: str = "",
    danger: str = "",
    is_read_first: bool = False,
) -> str:
    """ "We have it", with the reference, as the answer to a text."""
    return telling_texts.answered_at_once(
        reference,
        to=caller.text.sender,
        hint=hint,
        short=short,
        danger=danger,
        is_read_first=is_read_first,
        is_stopped=bool(caller.phone) and texts_stopped(caller.phone),
        now=caller.now,
    )
