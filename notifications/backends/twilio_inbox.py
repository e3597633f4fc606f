"""What Twilio holds for us: the list of texts that came in, and the files that came with them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from notifications.backends import accounts, calling, registry
from notifications.backends.accounts import Account
from notifications.backends.base import Later
from notifications.backends.twilio import AddressedHttpClient
from notifications.incoming import Gone, Incoming, NotNow, TooLarge, WithFile

API = "https://api.twilio.com"
PAGE, MOST_LISTED, MOST_FILES = 200, 20_000, 10
# The list is sorted by when a text was made, and filtered by the day it was sent.
SLACK = timedelta(hours=1)
MOST_HOPS, MOST_SECONDS = 3, 30.0
_CHUNK = 64 * 1024
_MOVED = frozenset({301, 302, 303, 307, 308})
_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
_FILE = re.compile(
    r"/2010-04-01/Accounts/(AC\w{1,40})/Messages/((?:SM|MM)\w{1,40})/Media/(ME\w{1,40})"
)


def texts(*, to: str, since: datetime, by: str = "") -> Iterator[Incoming]:
    """Texts to one of our numbers since then, newest first. Raises NotNow, also between two."""
    try:
        listed = _client(_carrier(by)).messages.stream(
            to=to, date_sent_after=since, page_size=PAGE, limit=MOST_LISTED
        )
        for number, row in enumerate(listed, start=1):
            at = _at(row.date_sent or row.date_created)
            if at is not None and at < since - SLACK:
                return
            if not _SID.fullmatch(str(row.sid)):
                raise NotNow("Twilio lists a text without an id")
            if row.direction == "inbound" and at is not None and at >= since:
                yield Incoming(
                    str(row.sid), str(row.from_ or ""), to, str(row.body or ""), at,
                    _count(row.num_media),
                )  # fmt: skip
            if number == MOST_LISTED:
                raise NotNow(f"Twilio lists more than {MOST_LISTED} texts")
    except _TROUBLE as error:
        raise NotNow(f"Twilio's list cannot be read: {type(error).__name__}") from error


def files(sid: str, *, by: str = "") -> list[WithFile]:
    """What came with a text. Raises NotNow."""
    try:
        rows = _client(_carrier(by)).messages(sid).media.list(limit=MOST_FILES)
    except _TROUBLE as error:
        raise NotNow(f"Twilio's files cannot be listed: {type(error).__name__}") from error
    return [
        WithFile(f"{API}{str(row.uri).removesuffix('.json')}", str(row.content_type or ""))
        for row in rows
    ]


def fetch(url: str, *, most: int, line: str = "") -> bytes:
    """A file that came with a text of ours. Raises Gone, TooLarge, NotNow.

    Our keys go to the account's own address alone; where that sends us on, only to hosts that are
    listed, without them.
    """
    at, owner = _place(url, line)
    home = _home(owner)
    auth: tuple[str, str] | None = _keys(owner)
    deadline = time.monotonic() + MOST_SECONDS
    with requests.Session() as session:
        for _hop in range(MOST_HOPS + 1):
            answer = _get(session, at, auth)
            with answer:
                if answer.status_code not in _MOVED:
                    return _content(answer, most=most, deadline=deadline)
                at = _next(at, answer.headers.get("Location", ""), home)
            auth = None
    raise Gone("It was sent on too often")


def delete(url: str) -> None:
    """Takes a file away from Twilio: we have it. Raises NotNow."""
    at, owner = _place(url, "")
    try:
        answer = requests.delete(
            f"{at}.json", auth=_keys(owner), timeout=calling.TIMEOUT_SECONDS, allow_redirects=False
        )
    except requests.RequestException as error:
        raise NotNow(f"Twilio cannot be reached: {type(error).__name__}") from error
    if answer.status_code not in {200, 204, 404, 410}:
        raise NotNow(f"Twilio did not take the file away: HTTP {answer.status_code}")


# An answer of another shape than Twilio's is an AttributeError or a TypeError of its client.
_TROUBLE = (
    TwilioException, requests.RequestException, Later, ValueError, KeyError, AttributeError,
    TypeError,
)  # fmt: skip


def _carrier(slug: str) -> Account:
    found = registry.carrier(slug) if slug else accounts.of_environment("twilio")
    if found is None:
        raise NotNow("That account with Twilio is gone")
    return found


def _client(owner: Account) -> Client:
    http = AddressedHttpClient(str(owner.settings.get("api_base", "")))
    return Client(*_keys(owner), http_client=http)


def _keys(owner: Account) -> tuple[str, str]:
    return str(owner.settings.get("account_sid", "")), owner.secrets.get("auth_token", "")


def _home(owner: Account) -> str:
    return str(owner.settings.get("api_base", "") or API)


def _owner(account_sid: str, line: str) -> Account:
    """The account of this id, if it is the body's by whose own a text came. Raises Gone."""
    if not line and account_sid == settings.TWILIO_ACCOUNT_SID:
        return accounts.of_environment("twilio")
    for one in registry.accounts_of("twilio", account_sid=account_sid):
        if one.settings.get("organisation", "") == line:
            return one
    raise Gone("It is of another account")


def _place(url: str, line: str) -> tuple[str, Account]:
    """Where a file is that an address of Twilio's API names, and whose it is. Raises Gone."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Gone("It is at no address") from error
    found = _FILE.fullmatch(parts.path)
    if found is None or parts.query or parts.fragment:
        raise Gone("It is not at Twilio")
    owner = _owner(found[1], line)
    home = _home(owner)
    if parts.netloc not in {urlsplit(API).netloc, urlsplit(home).netloc}:
        raise Gone("It is not at Twilio")
    return f"{home}{found[0]}", owner


def _next(at: str, location: str, home: str) -> str:
    """Where an answer sends us on, if we may go there. Raises Gone."""
    try:
        url = urljoin(at, location)
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Gone("It was sent on to no address") from error
    base = urlsplit(home)
    if (parts.scheme, parts.netloc) == (base.scheme, base.netloc):
        return url
    is_listed = parts.hostname in settings.TWILIO_MEDIA_HOSTS and "@" not in parts.netloc
    if parts.scheme != "https" or not is_listed or port not in {None, 443}:
        raise Gone("It was sent on to a host that is not Twilio's")
    return url


def _get(session: requests.Session, url: str, auth: tuple[str, str] | None) -> requests.Response:
    try:
        return session.get(
            url, auth=auth, timeout=calling.TIMEOUT_SECONDS, allow_redirects=False, stream=True
        )
    except requests.RequestException as error:
        raise NotNow(f"Twilio cannot be reached: {type(error).__name__}") from error
    except ValueError as error:  # the library reads where it is sent on, though it does not go
        raise Gone("It was sent on to no address") from error


def _content(answer: requests.Response, *, most: int, deadline: float) -> bytes:
    status = answer.status_code
    if status in {401, 403, 408, 425, 429} or status >= 500:
        raise NotNow(f"Twilio does not give it now: HTTP {status}")
    if status != 200:
        raise Gone(f"Twilio does not have it: HTTP {status}")
    if _count(answer.headers.get("Content-Length")) > most:
        raise TooLarge("It is too large")
    content = bytearray()
    try:
        for chunk in answer.iter_content(_CHUNK):
            content += chunk
            if len(content) > most:
                raise TooLarge("It is too large")
            if time.monotonic() > deadline:
                raise NotNow("Twilio gives it too slowly")
    except requests.RequestException as error:
        raise NotNow(f"It broke off: {type(error).__name__}") from error
    return bytes(content)


def _at(moment: Any) -> datetime | None:
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _count(number: Any) -> int:
    try:
        return max(0, int(number))
    except (TypeError, ValueError):
        return 0
