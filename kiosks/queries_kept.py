"""What devices kept for us, read: where a printed number leads, what could not be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosks.models import Kiosk, ReservedNumber, SetAside, Uncarried


def speaker(thumbprint: str) -> Kiosk | None:
    """The device that signs with this key, with its site: also one that was shut out.

    What it kept is taken whoever runs its site now: somebody was told that we have it.
    """
    rows = Kiosk.objects.select_related("site").exclude(thumbprint="")
    return rows.filter(thumbprint=thumbprint).order_by("-enrolled_at").first()


def stands_for(reference: str) -> str:
    """The reference of the enquiry that a device's number leads to, where that is another; ""."""
    rows = ReservedNumber.objects.filter(reference=reference)
    return rows.values_list("stands_for", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A number that was given and has reached us not yet, or never will: `gone` says when.

    `is_off`: its kiosk was switched off since, and brings nothing unless it is set up again.
    """

    site: str
    gone: datetime | None
    is_off: bool = False


def on_its_way(reference: str) -> OnItsWay | None:
    """What is known of a device's number that leads to no enquiry; None for any other."""
    row = ReservedNumber.objects.select_related("kiosk__site")
    number = row.filter(reference=reference, used_at=None).first()
    if number is None:
        return None
    gone = Uncarried.objects.filter(reference=reference).values_list("made_at", flat=True).first()
    off = number.kiosk.revoked_at
    return OnItsWay(number.kiosk.site.name, gone, is_off=gone is None and off is not None)


def set_aside(*, limit: int = 200) -> Sequence[SetAside]:
    """What waits for a person, the oldest first."""
    rows = SetAside.objects.filter(ended_at=None).select_related("kiosk__site")
    return list(rows.order_by("came_at", "pk")[:limit])


def set_aside_count() -> int:
    """How many wait for a person."""
    return SetAside.objects.filter(ended_at=None).count()


def of_entry(entry: str) -> SetAside | None:
    """One by the id of the entry; None where it was not set aside, or has ended."""
    rows = SetAside.objects.select_related("kiosk__site")
    return rows.filter(entry=entry, ended_at=None).first()
