"""What was said about an enquiry, both ways, as its citizen reads it: for who has the link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import notifications.queries
from enquiries.channels import Channel, ItemKind
from enquiries.models import ContactItem, Enquiry, EnquiryEvent
from enquiries.vocabulary import EventType
from notifications.queries import ToCitizen

MOST = 100
SAME_WITHIN = timedelta(minutes=10)
# What staff wrote down of a call or a visit are their words, not the citizen's.
_OWN_WORDS = frozenset({Channel.WEB, Channel.KIOSK, Channel.SMS, Channel.EMAIL})
_THEIRS: dict[str, str] = {
    ItemKind.NEW: gettext_noop("You told us"),
    ItemKind.CHASE: gettext_noop("You asked where it is"),
    ItemKind.NEW_INFORMATION: gettext_noop("You told us more"),
    ItemKind.REPLY_TO_US: gettext_noop("You answered"),
    ItemKind.REPEAT: gettext_noop("You told us that it is not right"),
    ItemKind.THANKS: gettext_noop("You thanked us"),
}
_ON: dict[str, str] = {
    Channel.WEB: gettext_noop("on the website"),
    Channel.KIOSK: gettext_noop("at a kiosk"),
    Channel.SMS: gettext_noop("by text message"),
    Channel.EMAIL: gettext_noop("by email"),
    Channel.PHONE: gettext_noop("by phone"),
    Channel.COUNTER: gettext_noop("at the counter"),
    Channel.API: gettext_noop("by way of another organisation"),
}
# What we wrote ourselves stands in the ledger, whoever could be sent it.
_OURS: dict[str, str] = {
    EventType.INFO_REQUESTED: gettext_noop("%(owner)s asked you"),
    EventType.REPLIED: gettext_noop("%(owner)s wrote to you"),
    EventType.RESOLVED: gettext_noop("%(owner)s told you how it ended"),
}
_SENT: dict[str, str] = {
    "received": gettext_noop("We told you that we have it"),
    "accepted": gettext_noop("We told you who has taken it on"),
    "late": gettext_noop("We told you that it is late"),
    "new_date": gettext_noop("We told you a new date"),
    "reassured": gettext_noop("We told you that it goes on"),
    "merged": gettext_noop("We told you that we had it already"),
    "linked": gettext_noop("We told you that we had it already"),
    "parted": gettext_noop("We told you that it goes on by itself"),
    "followed": gettext_noop("We sent you news"),
    "link": gettext_noop("We sent you the link to this page"),
    "told_here": gettext_noop("We told you that we write here from now on"),
    "told_elsewhere": gettext_noop("We told you that we write elsewhere from now on"),
    "sms_received": gettext_noop("We told you that we have it"),
    "sms_no_photo": gettext_noop("We told you that we could not open a file"),
    "sms_late": gettext_noop("We told you that we have it"),
    "sms_late_danger": gettext_noop("We told you that we have it"),
    "sms_opened": gettext_noop("We told you that we have it"),
    "sms_added": gettext_noop("We told you that we have your words"),
    "added": gettext_noop("We told you that we have your words"),
    "files_left_out": gettext_noop("We told you which files we could not keep"),
    "sms_status": gettext_noop("We told you how it stands"),
}
_WITH_WORDS = ("asked", "replied", "texted", "resolved")
_STATES: dict[str, str] = {
    "on_its_way": gettext_noop("on its way"),
    "sent": gettext_noop("sent"),
    "arrived": gettext_noop("arrived"),
    "failed": gettext_noop("did not reach you"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said. `way` is how, and where it went, masked; `state` what became of it.

    `words` is what was written, empty where only staff wrote it down; `whole` a message of ours
    that says what the page says, to be folded away.
    """

    at: datetime
    is_ours: bool
    title: str
    words: str = ""
    way: str = ""
    state: str = ""
    is_trouble: bool = False
    whole: str = ""


def of(reference: str) -> list[Said]:
    """Everything, oldest first, at most so much as a page can hold: the newest of it."""
    enquiry = Enquiry.objects.get(reference=reference)
    sent = notifications.queries.to_citizen(reference, [*_SENT, *_WITH_WORDS])
    by_key = {message.key: message for message in sent}
    said = [*_written(enquiry, by_key), *_told_us(enquiry)]
    said += [_message(one) for one in sent if one.event in _SENT]
    return sorted(said, key=lambda one: one.at)[-MOST:]


def is_said_again(reference: str, kind: ItemKind, words: str, *, now: datetime) -> bool:
    """Whether the same was said a few minutes ago: by the back button, or by a second press.

    The same submission of the same party within ten minutes is one (R40).
    """
    since = now - SAME_WITHIN
    rows = ContactItem.objects.filter(enquiry__reference=reference, kind=kind.value)
    return rows.filter(words=words.strip(), at__gt=since).exists()


def _told_us(enquiry: Enquiry) -> list[Said]:
    rows = ContactItem.objects.filter(enquiry=enquiry).select_related("contact")
    found = []
    for item in rows.order_by("at", "pk"):
        channel = Channel(item.contact.channel)
        found.append(
            Said(
                at=item.at,
                is_ours=False,
                title=_(_THEIRS[ItemKind(item.kind)]),
                words=item.words if channel in _OWN_WORDS else "",
                way=_(_ON[channel]),
            )
        )
    return found


def _written(enquiry: Enquiry, sent: Mapping[str, ToCitizen]) -> list[Said]:
    """What people of ours wrote, each with how it was sent, where it was."""
    rows = EnquiryEvent.objects.filter(enquiry=enquiry, type__in=list(_OURS))
    found, ends = [], 0
    reopened = EventType.REOPENED.value
    lines = rows | EnquiryEvent.objects.filter(enquiry=enquiry, type=reopened)
    for event in lines.select_related("organisation").order_by("sequence"):
        if event.type == reopened:
            ends += 1
            continue
        key = {
            EventType.INFO_REQUESTED: f"asked:{enquiry.pk}:{event.sequence}",
            EventType.REPLIED: f"replied:{enquiry.pk}:{event.sequence}",
            EventType.RESOLVED: f"resolved:{enquiry.pk}:{ends}",
        }[EventType(event.type)]
        owner = event.organisation.name if event.organisation else _("Worcestershire Hub")
        message = sent.get(key)
        found.append(
            Said(
                at=event.at,
                is_ours=True,
                title=_(_OURS[event.type]) % {"owner": owner},
                words=str(event.data.get("words", "")),
                way=_way(message) if message else "",
                state=_(_STATES[message.state]) if message else "",
                is_trouble=message is not None and message.state == "failed",
            )
        )
    return found


def _way(message: ToCitizen) -> str:
    if message.medium == "sms":
        return _("by text message to %(to)s") % {"to": message.masked}
    return _("by email to %(to)s") % {"to": message.masked}


def _message(message: ToCitizen) -> Said:
    return Said(
        at=message.at,
        is_ours=True,
        title=_(_SENT[message.event]),
        way=_way(message),
        state=_(_STATES[message.state]),
        is_trouble=message.state == "failed",
        whole=message.body,
    )
