"""Calls to addresses that somebody typed in: never into our own network, never on to elsewhere.

The name is looked up once, every address that it has must be one of the open internet, and the
connection goes to the very address that was looked at; so a name that changes gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import certifi
import urllib3
from django.conf import settings
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

TIMEOUT_SECONDS = 10
CONNECT_SECONDS = 5
READ_AT_MOST = 64 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotAllowed(ValueError):
    """An address that we do not call."""


class NotReached(Exception):
    """Nobody was reached: nothing can have been taken."""


class Lost(Exception):
    """Somebody was reached and no whole answer came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, its body cut at 64 kB."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def address(url: str) -> str:
    """The address, if it is one that may be called: https on its usual port, nobody's password.

    On a developer's machine http and other ports will do as well. Raises NotAllowed.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowed("This is not an address") from error
    schemes = {"https", "http"} if settings.HUB_DEVELOPMENT else {"https"}
    if parts.scheme not in schemes or not parts.hostname:
        raise NotAllowed("The address has to begin with https://")
    if parts.username is not None or parts.password is not None:
        raise NotAllowed("The address holds a name or a password")
    if port not in {None, 443} and not settings.HUB_DEVELOPMENT:
        raise NotAllowed("The address names a port that is not 443")
    return url


def is_open(found: _Address) -> bool:
    """Whether an address lies in the open internet and leads nowhere else."""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_open(found.ipv4_mapped)
        if found in _NAT64 or found in _LOCAL_NAT64 or found.sixtofour or found.teredo:
            return False
    return found.is_global and not (
        found.is_multicast or found.is_reserved or found.is_unspecified or found.is_link_local
    )


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Posts to an address. Raises NotReached or Lost."""
    try:
        parts = urlsplit(address(url))
        target = _vetted(parts.hostname or "", parts.port or _port(parts.scheme))
    except NotAllowed as error:
        raise NotReached(str(error)) from error
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _pool(parts.scheme, target, parts.hostname or "", parts.port) as pool:
        try:
            answer = pool.urlopen(
                "POST", path, body=body, headers={**headers, "Host": parts.netloc},
                redirect=False, retries=False, preload_content=False,
            )  # fmt: skip
        except (NewConnectionError, ConnectTimeoutError, SSLError) as error:
            raise NotReached(f"The receiver cannot be reached: {type(error).__name__}") from error
        except (HTTPError, OSError) as error:
            raise Lost(f"The answer was lost: {type(error).__name__}") from error
        try:
            read = answer.read(READ_AT_MOST, decode_content=False)
        except (HTTPError, OSError):
            read = b""  # the status is what counts
        finally:
            answer.close()
        return Answer(answer.status, dict(answer.headers), read)


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _vetted(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached("The receiver's name cannot be looked up") from error
    addresses = [ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in found]
    if not addresses or not all(_may_be_called(one) for one in addresses):
        raise NotAllowed("The address leads into a network that is not open")
    return str(addresses[0])


def _may_be_called(found: _Address) -> bool:
    return is_open(found) or (settings.HUB_DEVELOPMENT and found.is_loopback)


def _pool(scheme: str, target: str, host: str, port: int | None) -> urllib3.HTTPConnectionPool:
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, total=TIMEOUT_SECONDS)
    if scheme == "http":
        return urllib3.HTTPConnectionPool(target, port or 80, timeout=timeout)
    return urllib3.HTTPSConnectionPool(
        target, port or 443, timeout=timeout, cert_reqs="CERT_REQUIRED", ca_certs=certifi.where(),
        server_hostname=host, assert_hostname=host,
    )  # fmt: skip
