"""A text that answers what staff wrote to a number before there was any case."""

from __future__ import annotations

import notifications.actions
from channels.sms import saying
from channels.sms.saying import Caller
from enquiries import intake
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Sender
from enquiries.queries import text_out, texting


def reply(caller: Caller, *, danger: str) -> str | None:
    """Opens an enquiry for who wrote, with what was said before; None where nobody had written."""
    begun = text_out.begun_with(caller.phone, now=caller.now)
    # By a body's own account nobody answers what another wrote.
    if begun is None or caller.line not in {"", begun.organisation}:
        return None
    latest = texting.latest(caller.phone, caller.line, now=caller.now)
    if latest is not None and latest.received_at > begun.at:
        return None  # they have an enquiry since: words are about that, or about something new
    need = Need(description=caller.text.words, send_to=begun.organisation)
    received = intake.receive_within(
        InboundContact(
            channel=Channel.SMS,
            external_id=caller.text.sid,
            received_at=caller.at,
            needs=(need,),
            sender=Sender(phone=caller.phone),
            thread=caller.thread,
            tell_by="sms",
            language=caller.language,
        ),
        now=caller.now,
    )
    reference = received.enquiries[0].reference
    # What we wrote stands with it: it says what they answer.
    notifications.actions.now_about(before=begun.about, about=reference)
    return saying.taken(caller, reference, hint="", danger=danger)
