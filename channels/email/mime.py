"""Reads an e-mail, whatever its shape: headers, words, files, and reports of failed delivery.

Pure. What is read is bounded, so that no mail costs more than a moment; and nothing is believed
that only we may say: headers that are named like ours are dropped before anything looks.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses

from channels.email import html, reports
from channels.email.reports import Report

# Of everything there is more than anybody needs.
MOST_PARTS, MOST_DEPTH, MOST_BOUNDARIES = 100, 12, 40
MOST_HEADER_BYTES, MOST_TEXT_BYTES = 256 * 1024, 1024 * 1024
LONGEST_HEADER, LONGEST_LIST = 2_000, 20_000
# Pictures of signatures and the like: small, and shown inside the words.
SMALL_INLINE_BYTES = 15 * 1024
OURS = "x-hub-"
# Proofs of a sender's program, of no use to a reader.
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature",
                         "application/x-pkcs7-signature"})  # fmt: skip
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
# Encodings that are none of text, or that cost far more than they hold.
_NEVER = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_MESSAGE_ID = re.compile(rb"(?im)^message-id:[ \t]*(?:\r?\n[ \t]+)?([^\r\n]{1,900})")


class Unreadable(ValueError):
    """It is no e-mail that can be read; the words say why."""


@dataclass(frozen=True, slots=True)
class File:
    """Something that came with a mail, as it came."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was read. `to` and `answers` are headers to look for our tokens in; `received`
    are the names and values of those that servers on the way wrote, from the top. `is_partly_read`
    says that its page holds something that we could not make words of; `is_report` that a machine
    calls it a report, of whatever; `carried` are the ids of mails inside it."""

    message_id: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    to: str = ""
    answers: str = ""
    language: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    received: tuple[tuple[str, str], ...] = ()
    words: str = ""
    forwarded: str = ""
    files: tuple[File, ...] = ()
    report: Report | None = None
    carried: str = ""
    is_report: bool = False
    is_sealed: bool = False
    is_partly_read: bool = False


def message_id(raw: bytes) -> bytes:
    """The Message-ID of a mail without reading it; empty where it has none."""
    found = _MESSAGE_ID.search(_head(raw))
    return found.group(1).strip() if found else b""


def _head(raw: bytes) -> bytes:
    """The headers of a mail as they came."""
    first = raw[:MOST_HEADER_BYTES]
    ends = [at for at in (first.find(b"\r\n\r\n"), first.find(b"\n\n")) if at >= 0]
    return first[: min(ends)] if ends else first


def read(raw: bytes) -> Mail:
    """What a mail says. Raises Unreadable."""
    if not raw.strip():
        raise Unreadable("It is empty")
    if len(_head(raw)) >= MOST_HEADER_BYTES:
        raise Unreadable("Its headers are too long")
    if raw.lower().count(b"boundary=") > MOST_BOUNDARIES:
        raise Unreadable("It has too many parts inside each other")
    try:
        return _read(message_from_bytes(raw, policy=compat32))
    except Unreadable:
        raise
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        # What the standard library trips over is the mail's fault, not ours.
        raise Unreadable(f"It is not written as mails are ({type(error).__name__})") from error


def _read(message: Message) -> Mail:
    rows = list(_headers(message))
    headers = dict(reversed(rows))  # the topmost counts
    name, address = _first_address(headers.get("from", ""))
    gathered = _Gathered()
    gathered.walk(message, 0)
    is_report = message.get_content_type() == "multipart/report"
    words, subject = clean("\n\n".join(gathered.words)), _line(headers.get("subject", ""))
    carried = " ".join(gathered.carried)[:LONGEST_LIST]
    report = _report(message) if is_report else None
    if report is None:
        report = reports.in_words(address, headers, subject, words, carried)
    listed = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
    return Mail(
        message_id=headers.get("message-id", ""),
        sender=address,
        sender_name=name,
        subject=subject,
        to=" ".join(value for key, value in rows if key in listed)[:LONGEST_LIST],
        answers=" ".join(v for k, v in rows if k in ("references", "in-reply-to"))[-LONGEST_LIST:],
        language=headers.get("content-language", "")[:40].lower(),
        headers=headers,
        received=tuple(
            row for row in rows if row[0] in ("received", "authentication-results")
        )[:MOST_PARTS],
        words=words,
        forwarded=clean("\n\n".join(gathered.forwarded)),
        files=tuple(gathered.files),
        report=report,
        carried=carried,
        is_report=is_report,
        is_sealed=gathered.is_sealed,
        is_partly_read=gathered.is_partly_read,
    )  # fmt: skip


def _headers(message: Message) -> Iterator[tuple[str, str]]:
    """Names in small letters and values, without those that only we may write."""
    for name, value in message.raw_items():
        key = str(name).lower()
        if key.startswith(OURS):
            continue
        most = LONGEST_LIST if key in ("references", "to", "cc") else LONGEST_HEADER
        yield key, _decoded(str(value)[-most:] if key == "references" else str(value)[:most])


def _decoded(value: str) -> str:
    """A header in letters, however it was encoded."""
    plain = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    plain = re.sub(r"\r?\n[ \t]*", " ", plain)
    if "=?" not in plain:
        return _CONTROL.sub("", plain).strip()
    try:
        pieces = decode_header(plain)
    except (ValueError, LookupError, TypeError):
        return _CONTROL.sub("", plain).strip()
    text = "".join(
        decoded(piece, charset) if isinstance(piece, bytes) else piece for piece, charset in pieces
    )
    return _CONTROL.sub("", text).strip()


def _line(text: str) -> str:
    return " ".join(text.split())[:200]


def _first_address(value: str) -> tuple[str, str]:
    try:
        found = getaddresses([value])
    except (RecursionError, ValueError, LookupError):
        found = []
    name, address = found[0] if found else ("", "")
    return _line(name), address.strip()[:254]


def decoded(content: bytes, charset: str | None, *, is_cut: bool = False) -> str:
    """Bytes as letters: as the mail says, else as they most likely are.

    `is_cut` says that they may end within a letter, which is left out then.
    """
    for name in (charset, "utf-8", "cp1252"):
        if not name:
            continue
        try:
            if codecs.lookup(name).name.replace("-", "_") not in _NEVER:
                return _whole(content, name) if is_cut else content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def _whole(content: bytes, charset: str) -> str:
    """Bytes as letters, without the last where it is not whole: it has four bytes at most."""
    for _ in range(3):
        with suppress(UnicodeDecodeError):
            return content.decode(charset)
        content = content[:-1]
    return content.decode(charset)


def clean(text: str) -> str:
    """Words as they are kept: no control characters, no lines of nothing in a row."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    plain = _CONTROL.sub("", plain)
    lines, blank = [], 0
    for line in plain.split("\n"):
        kept = line.rstrip()
        blank = 0 if kept else blank + 1
        if blank < 3:
            lines.append(kept)
    return "\n".join(lines).strip("\n")


class _Gathered:
    """Words and files of a mail, gathered part by part."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.forwarded: list[str] = []
        self.files: list[File] = []
        self.carried: list[str] = []
        self.is_sealed = False
        self.is_partly_read = False
        self._parts = 0

    def walk(self, part: Message, depth: int, *, inside: bool = False) -> None:
        """Takes a part and those in it. `inside` a mail that was forwarded as a file."""
        self._parts += 1
        if self._parts > MOST_PARTS or depth > MOST_DEPTH:
            raise Unreadable("It has too many parts")
        kind, held = part.get_content_type(), _parts(part)
        if kind == "multipart/encrypted" or kind in _SEALED:
            self.is_sealed = True
        elif kind == "multipart/alternative" and held:
            self._best_of(held, depth, inside=inside)
        elif kind == "multipart/report" and held:
            self.walk(held[0], depth + 1, inside=inside)  # the rest is for machines
        elif part.is_multipart():
            if kind == "message/rfc822":
                self.carried += [str(one.get("Message-ID", ""))[:LONGEST_HEADER] for one in held]
            for one in held:
                self.walk(one, depth + 1, inside=inside or kind == "message/rfc822")
        else:
            self._leaf(part, kind, inside=inside)

    def _best_of(self, parts: list[Message], depth: int, *, inside: bool) -> None:
        """The same in several ways: plain words where they say anything; files of all."""
        texts = [one for one in parts if one.get_content_type() == "text/plain"]
        plain = next((one for one in texts if _text(one).strip()), None)
        for one in parts:
            is_text = one.get_content_maintype() == "text" and not _name(one)
            if plain is not None and is_text and one is not plain:
                continue
            if plain is not None and one.get_content_type() == "multipart/related":
                self._files_of(one, depth + 1)
            else:
                self.walk(one, depth + 1, inside=inside)

    def _files_of(self, part: Message, depth: int) -> None:
        for one in _parts(part):
            if one.get_content_maintype() not in ("text", "multipart"):
                self.walk(one, depth + 1)

    def _leaf(self, part: Message, kind: str, *, inside: bool) -> None:
        is_attached = part.get_content_disposition() == "attachment"
        if kind in ("text/plain", "text/html") and not is_attached and not _name(part):
            read = _read_text(part)
            (self.forwarded if inside else self.words).append(read.words)
            self.is_partly_read = self.is_partly_read or not read.is_whole
        elif kind in _SIGNATURES or (kind == "text/calendar" and not is_attached):
            return
        else:
            self._file(part, is_attached=is_attached)

    def _file(self, part: Message, *, is_attached: bool) -> None:
        content = _content(part)
        is_shown = not is_attached and bool(part.get("Content-ID"))
        if (content or is_attached) and not (is_shown and len(content) < SMALL_INLINE_BYTES):
            self.files.append(File(_name(part) or "file", content))


def _parts(part: Message) -> list[Message]:
    """What a part consists of; nothing where it is no list of parts."""
    held = part.get_payload()
    return [one for one in held if isinstance(one, Message)] if isinstance(held, list) else []


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, AssertionError):
        content = None
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    return _read_text(part).words


def _read_text(part: Message) -> html.Read:
    try:
        charset = part.get_content_charset()
    except (ValueError, LookupError, TypeError):
        charset = None
    content = _content(part)
    text = decoded(content[:MOST_TEXT_BYTES], charset, is_cut=len(content) > MOST_TEXT_BYTES)
    if part.get_content_type() == "text/html":
        return html.read(text)
    return html.Read(text, is_whole=len(content) <= MOST_TEXT_BYTES)


def _name(part: Message) -> str:
    try:
        return _line(_decoded(part.get_filename() or ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _report(message: Message) -> Report | None:
    """The first recipient of a report of delivery, and the headers of the mail it is about."""
    held = _parts(message)
    if len(held) < 2:
        return None
    fields: dict[str, str] = {}
    for block in _parts(held[1]):
        for name, value in block.raw_items():
            fields.setdefault(str(name).lower(), _decoded(str(value)[:LONGEST_HEADER]))
    returned = _returned(held[2]) if len(held) > 2 else ""
    if not fields.get("action"):
        return None
    recipient = fields.get("original-recipient") or fields.get("final-recipient", "")
    return Report(
        action=fields["action"].lower(),
        status=fields.get("status", "").split(" ")[0][:12],
        recipient=recipient.rpartition(";")[2].strip().strip("<>").lower()[:254],
        words=_line(fields.get("diagnostic-code", "")),
        returned=returned[:LONGEST_LIST],
    )


def _returned(part: Message) -> str:
    """The headers of a mail that comes back: as a mail, or as text."""
    if held := _parts(part):
        return "\n".join(f"{name}: {value}" for name, value in held[0].raw_items())
    return "" if part.is_multipart() else decoded(_content(part)[:LONGEST_LIST], "utf-8")
