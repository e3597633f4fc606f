"""One request as one role, what it answered, and whether that may be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from channels.kiosk.devices import cookie_name
from core import live
from tests.isolation.stage import Scene
from tests.isolation.table import Reader

# Not this machine itself, which may read /metrics.
FROM = "203.0.113.7"
_HANDLER = ClientHandler(enforce_csrf_checks=False)
_CHANGES = re.compile(
    r'(csrfmiddlewaretoken" value=|nonce=|name="key" value=|name="key" type="hidden" value=)"[^"]*"'
    r"|nonce-[\w+/=-]+"
)
_KEYS = re.compile(r'(<input[^>]*name="key"[^>]*value=)"[^"]*"')
_TICKET = re.compile(r'"ticket": "([^"]*)"')
_SKIP = frozenset({"Set-Cookie", "Content-Length", "Date", "X-Request-Id", "Server-Timing"})
# Written by who looks or tries, refused or not.
_NOT_COUNTED = ("audit", "session", "signintry", "migrations", "content_type", "permission")


@dataclass(frozen=True)
class Answer:
    """What came back: its status and address, and all else as one text without what varies.

    `writes` says that a row was written on the way, though perhaps taken back again.
    """

    status: int
    location: str
    text: str
    code: str
    writes: bool = False

    def without(self, *values: str) -> tuple[int, str]:
        """To be held against another answer, whatever was asked for by name."""
        text = self.text
        for value in sorted(filter(None, values), key=len, reverse=True):
            whole = rf"(?<![\w-]){re.escape(value)}(?![\w-])"
            text = re.sub(whole, "ID", text, flags=re.IGNORECASE)
        return self.status, text


def ask(
    scene: Scene, reader: Reader, method: str, path: str, body: Any = None, query: str = ""
) -> Answer:
    """One request, by a browser or a system that has nothing but its key."""
    client = Client(raise_request_exception=False)
    client.handler = _HANDLER
    headers = {}
    if reader.user:
        client.cookies[settings.SESSION_COOKIE_NAME] = scene.sessions[reader.user]
    if reader.token:
        headers["authorization"] = f"Bearer {scene.tokens[reader.token]}"
    if reader.device:
        client.cookies[cookie_name()] = scene.kiosk_token
    more: dict[str, Any] = {"REMOTE_ADDR": FROM, "headers": headers, "QUERY_STRING": query}
    if path.startswith("/api/") and method != "GET":
        headers["idempotency-key"] = f"iso-{path}"[:80]
        more["content_type"] = "application/json"
    elif method in ("PUT", "PATCH", "DELETE"):
        body, more["content_type"] = "", "text/plain"
    watch = _Watch()
    with connection.execute_wrapper(watch):
        response = getattr(client, method.lower())(path, body, **more)
    return _read(response, writes=watch.writes)


class _Watch:
    """Sees whether a statement writes a row that counts."""

    def __init__(self) -> None:
        self.writes = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        head = str(sql)[:60].lower()
        if head.startswith(("insert", "update", "delete")):
            self.writes = self.writes or not any(word in head for word in _NOT_COUNTED)
        return execute(sql, params, many, context)


def _read(response: Any, *, writes: bool) -> Answer:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(
        f"{name}: {value}" for name, value in sorted(response.headers.items()) if name not in _SKIP
    )
    text = f"{headers}\n\n{content.decode(errors='replace')}"
    text = _TICKET.sub(_what_it_hears, _KEYS.sub(r'\1"…"', _CHANGES.sub(r"\1…", text)))
    found = re.search(r'"code": ?"(\w+)"', text)
    code = found[1] if found else ""
    return Answer(response.status_code, response.get("Location", ""), text, code, writes)


def _what_it_hears(found: re.Match[str]) -> str:
    """A ticket is sealed anew each time: what counts is what it lets a page hear."""
    return f'"ticket": "{" ".join(live.opened(found[1], now=timezone.now()).topics)}"'


def is_shut(path: str, answer: Answer) -> bool:
    """Whether a role stands before the door: sent to sign in, or told that there is nothing."""
    if answer.status in (404, 405):
        return True
    if path.endswith("/logout/"):
        return False  # where whoever goes out is sent is the door
    if path.startswith("/api/"):
        return answer.status == 401 or (answer.status == 403 and answer.code == "scope_missing")
    if path.startswith("/desk/"):
        to_door = answer.location.startswith(("/sign-in/", "/desk/settings/reference/login/"))
        return answer.status == 302 and to_door
    if path.startswith("/kiosk/"):
        return answer.status == 403 or answer.location == "/kiosk/enrol/"
    return answer.status == 403 and path.startswith("/channels/")


def _tables() -> list[str]:
    return [
        table
        for table in connection.introspection.table_names()
        if not any(word in table for word in _NOT_COUNTED)
    ]


_fingerprint_sql: list[str] = []


def fingerprint() -> dict[str, str]:
    """A hash of all rows, table by table."""
    if not _fingerprint_sql:
        _fingerprint_sql.append(
            " UNION ALL ".join(
                f"SELECT '{table}', md5(coalesce(string_agg(t::text, '' ORDER BY t::text), ''))"
                f' FROM "{table}" AS t'
                for table in _tables()
            )
        )
    with connection.cursor() as cursor:
        cursor.execute(_fingerprint_sql[0])
        return dict(cursor.fetchall())


def changed(before: dict[str, str]) -> list[str]:
    """The tables whose rows are not what they were."""
    after = fingerprint()
    return sorted(name for name in before if before[name] != after[name])


def told(words: Iterable[str]) -> str:
    """Several names as one text."""
    return ", ".join(sorted(words))
