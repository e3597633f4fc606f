"""/channels/sms/fallback: a tiny process of its own that takes texts while ours do not answer.

It knows neither Django's models nor the database, so that it lives when those do not. Bodies' own
accounts it reads from a sealed file (`channels.sms.keyring`). It checks that Twilio speaks, writes
the text to disk, and says so only when the disk has it; the rest is done by `channels.sms.spooled`
when the database is back.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from channels import twilio_signing
from channels.sms import keyring, spool
from channels.sms.keyring import Key
from hub import embedded, env

PATH = "/channels/sms/fallback"
FORM = "application/x-www-form-urlencoded"
MOST_BYTES, MOST_FIELDS = 64 * 1024, 200
NOTHING_TO_SAY = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
_SID = re.compile(r"[A-Za-z]{2}[0-9A-Fa-f]{32}")

log = logging.getLogger(__name__)

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], object]


class _Refused(Exception):
    """An answer that takes nothing."""

    def __init__(self, status: str, words: str, *headers: tuple[str, str]) -> None:
        super().__init__(words)
        self.status, self.headers = status, list(headers)


class _Fields(dict[str, list[str]]):
    """What was posted: every value of each name, as the signature counts them."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


@dataclass(frozen=True, slots=True)
class Door:
    """The WSGI application: what Twilio calls us by, the tokens that may sign, where to keep, and
    the account whose tokens they are, where that is known.

    Without a token nobody is let in.
    """

    url: str
    tokens: tuple[str, ...]
    folder: Path
    account: str = ""
    # What opens the file of bodies' own accounts.
    seals: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """One request, WSGI's way."""
        try:
            status, kind, body = self._answer(environ)
            headers: list[tuple[str, str]] = []
        except _Refused as refused:
            status, kind, body = refused.status, "text/plain; charset=utf-8", str(refused).encode()
            headers = refused.headers
        headers += [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start(status, headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]

    def _answer(self, environ: Environ) -> tuple[str, str, bytes]:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if path == "/healthz" and method in {"GET", "HEAD"}:
            if not spool.is_open(self.folder):
                raise _Refused("503 Service Unavailable", "The folder cannot be written.\n")
            return "200 OK", "text/plain; charset=utf-8", b"ok\n"
        if path not in {PATH, urlsplit(self.url).path}:
            raise _Refused("404 Not Found", "There is nothing here.\n")
        if method != "POST":
            raise _Refused("405 Method Not Allowed", "Only POST.\n", ("Allow", "POST"))
        fields = _posted(environ)
        query = environ.get("QUERY_STRING", "")
        called = f"{self.url}?{query}" if query else self.url
        given = environ.get("HTTP_X_TWILIO_SIGNATURE", "")
        said = {name: values[-1] for name, values in fields.items()}
        sid = said.get("AccountSid", "")
        if given and twilio_signing.is_right(called, fields, given, tokens=self.tokens):
            signer, is_theirs = None, not self.account or sid in {"", self.account}
        else:
            signer = self._signer(sid, called, fields, given)
            number, service = said.get("To", ""), said.get("MessagingServiceSid", "")
            is_theirs = signer.has(number=number, service=service)
        if not is_theirs:
            log.warning("fallback.of_another_account")
            raise _Refused("403 Forbidden", "It is not of your account.\n")
        self._keep(said, signer)
        return "200 OK", "text/xml; charset=utf-8", NOTHING_TO_SAY

    def _signer(self, sid: str, called: str, fields: _Fields, given: str) -> Key:
        """The account of this id beside our own, if it signed."""
        for one in keyring.read(self.folder, seals=self.seals) if sid and given else []:
            tokens = [one.token] if one.account_sid == sid else []
            if twilio_signing.is_right(called, fields, given, tokens=tokens):
                return one
        log.warning("fallback.signature_refused")
        raise _Refused("403 Forbidden", "The signature is not right.\n")

    def _keep(self, fields: dict[str, str], signer: Key | None) -> None:
        sid = fields.get("MessageSid") or fields.get("SmsSid") or fields.get("SmsMessageSid") or ""
        if not _SID.fullmatch(sid):
            raise _Refused("400 Bad Request", "MessageSid is missing.\n")
        now = datetime.now(UTC)
        try:
            spool.keep(
                self.folder, sid=sid, fields=fields, received_at=now, source=spool.FALLBACK,
                carrier=signer.carrier if signer else "", line=signer.line if signer else "",
            )  # fmt: skip
        except OSError as error:
            log.exception("fallback.not_kept errno=%s", error.errno)
            raise _Refused(
                "503 Service Unavailable", "Try again shortly.\n", ("Retry-After", "5")
            ) from error
        log.warning("fallback.kept sid=%s", sid)


def _posted(environ: Environ) -> _Fields:
    kind = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
    if kind != FORM:
        raise _Refused("415 Unsupported Media Type", "Only a form.\n")
    length = str(environ.get("CONTENT_LENGTH") or "")
    if not (length.isascii() and length.isdigit()):
        raise _Refused("411 Length Required", "Say how long it is.\n")
    if len(length) > 9 or int(length) > MOST_BYTES:
        raise _Refused("413 Content Too Large", "That is larger than any text.\n")
    try:
        body: bytes = environ["wsgi.input"].read(int(length))
    except OSError as error:
        raise _Refused("400 Bad Request", "It ended too early.\n") from error
    if len(body) < int(length):
        raise _Refused("400 Bad Request", "It ended too early.\n")
    try:
        words = body.decode("ascii")
        pairs = parse_qsl(words, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:  # not ASCII, or too many fields
        raise _Refused("400 Bad Request", "That is no form.\n") from error
    fields = _Fields()
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def from_environment() -> Door:
    """The door as the environment describes it, with the names that the settings read as well."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    root = Path(__file__).resolve().parent.parent
    home = Path(env.text("HUB_DATA_DIR", default=str(root / "var")))
    base = env.address("HUB_BASE_URL", default="http://localhost:8000", schemes=("http", "https"))
    url = env.address("HUB_SMS_FALLBACK_URL", default=f"{base}{PATH}", schemes=("http", "https"))
    tokens = [one.strip() for one in env.secret("TWILIO_AUTH_TOKEN").split(",") if one.strip()]
    if not tokens and env.boolean("HUB_DEMO", default=False):
        tokens = [embedded.kept_secret(home / "twilio-auth-token")]
    if not tokens:
        log.error("fallback.no_token: every text is refused until TWILIO_AUTH_TOKEN is set")
    folder = Path(env.text("HUB_SMS_SPOOL_DIR", default=str(home / "sms-spool")))
    return Door(url, tuple(tokens), folder, env.text("TWILIO_ACCOUNT_SID"), _seals(home))


def _seals(home: Path) -> tuple[str, ...]:
    """The keys that the settings seal by; none where there is no secret to derive them from."""
    told = [one.strip() for one in env.secret("SEALING_KEYS").split(",") if one.strip()]
    if told:
        return tuple(told)
    secret = env.secret("SECRET_KEY")
    if not secret and env.boolean("HUB_DEVELOPMENT", default="DATABASE_URL" not in os.environ):
        secret = embedded.kept_secret(home / "secret-key")
    return tuple(f"{one}/seal" for one in (secret, *env.words("SECRET_KEY_FALLBACKS")) if one)
