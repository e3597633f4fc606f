"""A conversation as the contact that intake reads: all its texts, from the first to the last."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

import accounts.queries
from channels.asking import contact, nearby, questions
from channels.asking.questions import Asking
from channels.sms import locating
from channels.sms.dialog import Dialog
from channels.sms.saying import thread_of
from core.errors import DomainError
from enquiries import intake, joining
from enquiries.actions import dialogs
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Received, Sender, Taken
from enquiries.lifecycle import Priority
from kb.forms.schema import End, EndKind

# How an enquiry ends whose form ended before it was sent.
_OUTCOMES: Final = {
    EndKind.NOT_ELIGIBLE: "decided_no",
    EndKind.ANSWERED: "answered",
    EndKind.NOT_OURS: "signposted",
    EndKind.EMERGENCY: "signposted",
}
_MOST_WORDS: Final = 4_000
# Why a person reads it before it goes on, in words for staff.
ASKED: Final = "They asked for a person"
UNREAD: Final = "What they answered could not be read"
SILENT: Final = "They answered our questions no more"
ABOUT_ELSE: Final = "They said that it is not about what we thought"
PAST_A_NO: Final = "They read that it ends here, and asked a person all the same"


def open_(
    dialog: Dialog, asking: Asking, *, sid: str, language: str, why: str, now: datetime
) -> Taken:
    """The enquiry of a conversation, as it stands: `why` a person reads it before it goes on, ""
    where none does. `sid` is the text that opens it, or stands for the silence that did."""
    read_first = why or (PAST_A_NO if asking.is_past_a_no else "")
    need = replace(
        _need(dialog, asking),
        priority=(Priority.URGENT if asking.is_urgent else Priority.NORMAL).value,
        send_to=accounts.queries.hub().slug if read_first else None,
        read_first=read_first,
    )
    received = _receive(dialog, need, sid=sid, language=language, now=now)
    first = received.enquiries[0]
    dialogs.named(dialog.journey.id, first.reference)
    return first


def ended(
    dialog: Dialog, asking: Asking, end: End, *, sid: str, language: str, now: datetime
) -> Taken:
    """The enquiry of who read that it ends here, and stopped: they were told, and hear no more."""
    words = "\n\n".join(part for part in (end.words, end.next_step, end.phone) if part)
    need = replace(
        _need(dialog, asking),
        answer=words[:2_000],
        outcome=_OUTCOMES[end.kind],
        inside=accounts.queries.is_ours(end.phone),
    )
    received = _receive(dialog, need, sid=sid, language=language, now=now, is_told=False)
    first = received.enquiries[0]
    dialogs.named(dialog.journey.id, first.reference)
    return first


def _need(dialog: Dialog, asking: Asking) -> Need:
    """What was told. A service that is offered no more asks nothing, so nothing was answered."""
    is_offered = asking.service is not None
    return Need(
        description=description(dialog, asking),
        service=dialog.journey.service if is_offered else None,
        place=_place(dialog),
        answers=asking.answers if is_offered else {},
        form_id=dialog.journey.form_id if is_offered else None,
        said="\n".join(dialog.said)[:_MOST_WORDS],
    )


def description(dialog: Dialog, asking: Asking) -> str:
    """What it is about in their own words: the first text, what came beside, what was not read."""
    is_asked = asking.part(questions.WHAT) is not None
    written = dialog.journey.description.strip() if is_asked else ""
    told = [*dialog.words, *dialog.held, *dialog.stray]
    # What they wrote for the question stands first where it says more than the first text.
    own = told if not written or written in told else [written, *told]
    return "\n".join(part for part in own if part.strip())[:_MOST_WORDS] or asking.description


def _place(dialog: Dialog) -> Place | None:
    """Where it is: as it was answered, else the one postcode that was named anywhere; words alone
    where the place is none any more since."""
    found = contact.place(dialog.journey)
    if found is None:
        postcode = locating.postcode_in("\n".join(dialog.said))
        return Place(postcode=postcode) if postcode else None
    try:
        intake.located(found)
    except DomainError:
        return Place(address=found.address) if found.address else None
    return found


def _receive(
    dialog: Dialog, need: Need, *, sid: str, language: str, now: datetime, is_told: bool = True
) -> Received:
    inbound = InboundContact(
        channel=Channel.SMS,
        external_id=sid,
        received_at=dialog.began,
        started_at=dialog.began,
        ended_at=dialog.last,
        needs=(need,),
        sender=Sender(phone=dialog.phone) if is_told else Sender(),
        thread=thread_of(dialog.phone, dialog.line),
        tell_by="sms" if is_told else "",
        language=language,
        files_of=dialog.journey.id,
    )
    theirs = nearby.joined(dialog.journey)
    if theirs is not None:
        return joining.join_within(inbound, target_id=theirs, now=now)
    return intake.receive_within(inbound, now=now)
