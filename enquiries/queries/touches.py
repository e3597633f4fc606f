"""The contacts of an enquiry in the order in which people were in touch, as staff read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from enquiries.channels import CHANNEL_WORDS, DOOR_WORDS, ENTERED, KIND_WORDS, Channel, ItemKind
from enquiries.models import Contact, ContactItem, Enquiry, EnquiryEvent
from enquiries.vocabulary import EventType


@dataclass(frozen=True, slots=True)
class Touch:
    """One contact in which the enquiry was spoken of; `about` names one that was merged into it,
    and `is_new` says that it was told first in this contact.

    A form that was begun at one door and finished at another is told as one, with both times:
    `begun` is then when and where it was begun.
    """

    at: datetime
    channel: str
    kind: str
    words: str
    about: str
    is_new: bool
    begun: datetime | None = None
    begun_at: str = ""


def touches(enquiry: Enquiry, items: list[ContactItem], *, reads: bool) -> list[Touch]:
    """All of them, of its `links.items`; without anybody's words where the viewer does not read."""
    begun, finished = _of_one_form(enquiry, items)
    return [
        Touch(
            at=item.at,
            channel=_door(item.contact) if item is finished else _channel(item.contact),
            kind=KIND_WORDS[ItemKind.NEW if item is finished else ItemKind(item.kind)],
            words=item.words if reads else "",
            about="" if item.enquiry_id == enquiry.pk else item.enquiry.reference,
            is_new=item is finished or item.kind == ItemKind.NEW.value,
            begun=begun.at if begun is not None and item is finished else None,
            begun_at=_door(begun.contact) if begun is not None and item is finished else "",
        )
        for item in items
        if item is not begun
    ]


def begun_at(enquiry: Enquiry, items: list[ContactItem]) -> str:
    """The door at which its form was begun, where it was finished at another; else ""."""
    begun, _ = _of_one_form(enquiry, items)
    return _door(begun.contact) if begun is not None else ""


def _channel(contact: Contact) -> str:
    return CHANNEL_WORDS[Channel(contact.channel)]


def _door(contact: Contact) -> str:
    return DOOR_WORDS[Channel(contact.channel)]


def _of_one_form(
    enquiry: Enquiry, items: list[ContactItem]
) -> tuple[ContactItem | None, ContactItem | None]:
    """What began a form and what finished it at another door; none where one door did both."""
    mine = [one for one in items if one.enquiry_id == enquiry.pk]
    begun = next((one for one in mine if one.contact_id == enquiry.first_contact_id), None)
    if begun is None or ENTERED not in begun.contact.signals:
        return None, None
    told_more = [one for one in mine if one.kind == ItemKind.NEW_INFORMATION.value]
    helped = next((one for one in told_more if one.contact.assists_id == begun.contact_id), None)
    if helped is not None:
        return begun, helped
    forced = EnquiryEvent.objects.filter(enquiry=enquiry, type=EventType.CHANNEL_FORCED.value)
    to = {str(one.get("to", "")) for one in forced.values_list("data", flat=True)}
    finished = next((one for one in told_more if one.contact.channel in to), None)
    return (begun, finished) if finished is not None else (None, None)
