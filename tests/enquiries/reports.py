"""Reports of one missed bin, and what an agent does with them."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.permissions import Viewer
from enquiries import intake
from enquiries.actions import links
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Sender
from enquiries.models import Clock, ContactItem, Enquiry, EnquiryEvent
from notifications.models import Notification
from tests.world import NOW, ask, enquiry_of

LATER = NOW + timedelta(hours=1)
JO = Sender(name="Jo Bloggs", email="jo@example.com")
SAM = Sender(name="Sam Stone", email="sam@example.com", phone="07700 900123")
NOBODY = Sender()


def report(sender: Sender = JO, *, minutes: int = 0, **more: object) -> Enquiry:
    """A report of the same missed bin."""
    return enquiry_of(ask(sender=sender, at=NOW + timedelta(minutes=minutes), **more))  # type: ignore[arg-type]


def two(second: Sender = JO) -> tuple[Enquiry, Enquiry]:
    """One person's report, and a second one of the same thing."""
    return report(), report(second, minutes=10, words="It is still there, and it smells")


def merge(report: Enquiry, into: Enquiry, agent: Viewer, now: datetime = LATER) -> str:
    return links.merge(reference=report.reference, into=into.reference, viewer=agent, now=now)


def link(report: Enquiry, to: Enquiry, agent: Viewer, now: datetime = LATER) -> str:
    return links.link_duplicate(reference=report.reference, to=to.reference, viewer=agent, now=now)


def types(enquiry: Enquiry) -> list[str]:
    rows = EnquiryEvent.objects.filter(enquiry=enquiry).order_by("sequence")
    return [row.type.removeprefix("enquiry.") for row in rows]


def told(enquiry: Enquiry) -> list[str]:
    rows = Notification.objects.filter(about=enquiry.reference).exclude(
        event__in=["offered", "taken_back"]
    )
    return list(rows.order_by("pk").values_list("event", flat=True))


def state(enquiry: Enquiry) -> dict[str, object]:
    """Everything of an enquiry that a merge must leave, or bring back."""
    enquiry.refresh_from_db()
    names = [field.attname for field in Enquiry._meta.concrete_fields]
    kept = {name: getattr(enquiry, name) for name in names}
    for name in ("version", "reopened_count"):
        del kept[name]
    kept["offers"] = sorted(
        enquiry.referrals.filter(status__in=["offered", "accepted"]).values_list(
            "organisation__slug", flat=True
        )
    )
    kept["clocks"] = sorted(
        Clock.objects.filter(enquiry=enquiry, referral=None).values_list(
            "kind", "state", "due_at", "stopped_at"
        )
    )
    return kept


def say(enquiry: Enquiry, kind: str, words: str, sender: Sender = JO, **more: object) -> Enquiry:
    """A later contact about an enquiry."""
    received = intake.receive(
        InboundContact(
            channel=Channel.PHONE,
            external_id=f"{kind}-{words}-{ContactItem.objects.count()}",
            received_at=LATER,
            needs=(Need(words, kind=kind, about=enquiry.reference, **more),),  # type: ignore[arg-type]
            sender=sender,
        ),
        now=LATER,
    )
    return enquiry_of(received)
