"""After the storm: was anything lost, doubled, told twice or not told? (reliability.md, 2.3)"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db.models import Count, Max, Min
from django.utils import timezone

from core import audit
from core.models import Outbox
from enquiries.models import ContactItem, Enquiry, EnquiryEvent, Receipt
from notifications.models import DeliveryReceipt, Notification, PostboxMessage
from tests.storm.citizens import lines

_MARKER = re.compile(r"storm ([0-9a-f]{32})")


@dataclass
class Findings:
    """What was found, by the name of the invariant, each with the first few cases."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    told_twice: list[str] = field(default_factory=list)
    not_told: list[str] = field(default_factory=list)
    other: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, Any] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Nothing at all was found."""
        return not (
            self.lost
            or self.doubled
            or self.told_twice
            or self.not_told
            or any(self.other.values())
        )


def outbox_rests() -> bool:
    """I4: nothing is promised that is not kept (what every beat promises anew aside)."""
    return not Outbox.objects.filter(settled_at=None).exclude(task="hub.run_job").exists()


def examine(folder: Path) -> Findings:
    """All invariants."""
    found = Findings()
    notes = lines(folder / "acks.jsonl")
    acks = [note for note in notes if "reference" in note]
    for note in notes:
        if "refused" in note:
            found.other["answers that no citizen should get"].append(note["refused"])
    taken = lines(folder / "taken.jsonl")
    _stored(found, acks)
    _once(found)
    _kept(found)
    _told(found, acks, taken)
    _histories(found)
    found.counts |= {
        "acknowledged": len(acks),
        "stored": Enquiry.objects.count(),
        "by door": dict(Counter(ack["channel"] for ack in acks)),
        "texts taken": len(taken),
        "e-mails": PostboxMessage.objects.count(),
        "states": dict(
            Notification.objects.values_list("state").annotate(n=Count("pk")).order_by("state")
        ),
        "looked up": Notification.objects.filter(attempts__gt=1).count(),
    }
    return found


def _stored(found: Findings, acks: list[dict[str, Any]]) -> None:
    """I1: acknowledged ⊆ stored, and under the reference that was given."""
    by_reference = dict(Enquiry.objects.values_list("reference", "description"))
    for ack in acks:
        words = by_reference.get(ack["reference"])
        if words is None or ack["marker"] not in words:
            found.lost.append(f"{ack['channel']} {ack['reference']}")


def _once(found: Findings) -> None:
    """I2, I3, I7: no words twice, one arrival and one piece of history each."""
    markers = Counter(
        match.group(1)
        for words in Enquiry.objects.values_list("description", flat=True)
        if (match := _MARKER.search(words))
    )
    found.doubled += [f"{marker} {count} times" for marker, count in markers.items() if count > 1]
    pairs = Receipt.objects.values_list("channel", "external_id")
    found.doubled += [f"receipt {pair}" for pair, n in Counter(pairs).items() if n > 1]
    received = Counter(
        EnquiryEvent.objects.filter(type="enquiry.received").values_list("enquiry_id", flat=True)
    )
    items = Counter(ContactItem.objects.filter(kind="new").values_list("enquiry_id", flat=True))
    for pk, reference in Enquiry.objects.values_list("pk", "reference"):
        if received[pk] != 1 or items[pk] != 1:
            words = f"{reference}: {received[pk]} received, {items[pk]} contacts"
            found.other["enquiries without exactly one arrival"].append(words)
    referred = Counter(
        EnquiryEvent.objects.filter(type="enquiry.referred").values_list("enquiry_id", flat=True)
    )
    found.doubled += [f"referred {n} times: {pk}" for pk, n in referred.items() if n > 1]


def _kept(found: Findings) -> None:
    """I4: the outbox is empty and nothing was laid aside."""
    for row in Outbox.objects.filter(settled_at=None).exclude(task="hub.run_job"):
        found.other["promises not kept"].append(f"{row.key} after {row.attempts}: {row.error}")


def _told(found: Findings, acks: list[dict[str, Any]], taken: list[dict[str, Any]]) -> None:
    """I5, I6: everybody was told that we have it, and no message went out twice."""
    said = Counter((message["to"], message["body"]) for message in taken)
    found.told_twice += [f"{to}: {body[:80]}" for (to, body), n in said.items() if n > 1]
    mails = Counter(PostboxMessage.objects.values_list("to", "subject", "body"))
    found.told_twice += [f"{mail[0]}: {mail[1]}" for mail, n in mails.items() if n > 1]
    texts = defaultdict(list)
    for message in taken:
        for reference in re.findall(r"WH\w-\w{4}-\w{2}", message["body"]):
            texts[reference].append(message["to"])
    for ack in acks:
        # A text is answered in the same breath; the others are told by a text of their own.
        if ack["channel"] != "sms" and ack["phone"] not in texts[ack["reference"]]:
            found.not_told.append(f"{ack['channel']} {ack['reference']}")
    # What came after the news that somebody has it did not take that back.
    arrived = DeliveryReceipt.objects.filter(status="delivered", notification__isnull=False)
    back = arrived.exclude(notification__state="delivered")
    for pk, state in back.values_list("notification_id", "notification__state"):
        found.other["messages taken back"].append(f"message {pk} is {state}")
    open_states = Notification.objects.exclude(state__in=["sent", "delivered"])
    for row in open_states:
        found.not_told.append(f"message {row.pk} {row.event} is {row.state}")


def _histories(found: Findings) -> None:
    """I8, I9: the audit trail holds; every history counts 1, 2, 3 without a hole."""
    audit.seal(now=timezone.now())
    found.other["audit"] += [fault.words for fault in audit.verify()]
    spans = EnquiryEvent.objects.values("enquiry_id").annotate(
        n=Count("pk"), low=Min("sequence"), high=Max("sequence")
    )
    for span in spans.order_by("enquiry_id"):
        if span["low"] != 1 or span["high"] != span["n"]:
            found.other["histories with holes"].append(str(span))
