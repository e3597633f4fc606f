"""Who knocks at a citizens' door, as limits count it, and the page for who knocks too often."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core import limits

if TYPE_CHECKING:
    from kiosks.models import Kiosk


class TooMany(Exception):
    """There were more tries than the door's bounds allow; the page says when to try again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after

    def page(self) -> HttpResponse:
        """The answer; its words come from the page of errors (429), in the face of the door."""
        return HttpResponse(status=429, headers={"Retry-After": str(self.retry_after)})


def who(request: HttpRequest, kiosk: Kiosk | None = None, **more: str) -> dict[str, str]:
    """What is counted of a request: its session and its network; of a kiosk, the device alone."""
    if kiosk is not None:
        return {"kiosk": str(kiosk.pk), **more}
    address = network(request.META.get("REMOTE_ADDR", ""))
    return {
        "session": request.session.session_key or "",
        "address": address,
        "address_day": address,
        **more,
    }


def network(address: str) -> str:
    """One connection as a provider hands them out: an IPv4 address, or 64 bits of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def check(request: HttpRequest, door: str, kiosk: Kiosk | None = None, **more: str) -> None:
    """Counts a request at a door. Raises TooMany."""
    verdict = limits.allow(door=door, who=who(request, kiosk, **more), now=timezone.now())
    if not verdict:
        raise TooMany(verdict.retry_after)


def is_first(request: HttpRequest, door: str, what: str) -> bool:
    """Whether nobody of this connection was counted with this before; no where nobody knows."""
    whose = network(request.META.get("REMOTE_ADDR", ""))
    return limits.count(door=door, who={"words": f"{whose} {what}"}, now=timezone.now()) == 1


def confirms(to: str) -> bool:
    """Counts an enquiry that is confirmed to an address, and says whether it still is today."""
    return not to or bool(limits.allow(door="confirm", who={"to": to}, now=timezone.now()))


def had_enough(to: str) -> bool:
    """Whether so many enquiries were confirmed to an address today that this one is not."""
    most = limits.DOORS["confirm"]["to"].most
    return bool(to) and limits.counted(door="confirm", who={"to": to}, now=timezone.now()) > most


def must_have_room(
    request: HttpRequest, door: str, kiosk: Kiosk | None = None, **more: str
) -> None:
    """For doors where only wrong tries count. Raises TooMany."""
    verdict = limits.look(door=door, who=who(request, kiosk, **more), now=timezone.now())
    if not verdict:
        raise TooMany(verdict.retry_after)


def wrong(request: HttpRequest, door: str, kiosk: Kiosk | None = None, **more: str) -> None:
    """Counts a wrong try at such a door."""
    limits.count(door=door, who=who(request, kiosk, **more), now=timezone.now())
