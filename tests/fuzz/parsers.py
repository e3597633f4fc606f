"""Everything of ours that reads what others wrote, and what each may say of what it cannot read.

T-S23: whatever it is given, each reads it or refuses it in its own words, within a second. To be
held here a reader needs one line in PARSERS.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import hypothesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from rest_framework.exceptions import APIException

from accounts import areas, boundary_files
from api.parsing import JsonParser
from channels.email import html, imap, mime, quoted, senders, trust
from channels.sms import parsing as sms
from channels.sms import spool
from channels.voice import parsing as voice
from core import references, webhook_signing
from core.errors import DomainError
from core.sheets import Check, parse
from customers import contact
from enquiries import importing, mappings, rule_rows
from enquiries.imports import ImportMapping
from hub.fallback import Door
from kb import tongue_files
from kb.forms import files
from notifications import wording
from tests.imports.test_import_enquiries import HEAD, MAPPING

NOW = datetime(2026, 11, 17, 10, tzinfo=UTC)
# Of the processor's time: a machine that does much else does not count.
LONGEST_SECONDS = 1.0
SID = "SM" + "0" * 32


@dataclass(frozen=True)
class Parser:
    """What it is given, and one reading of that; what it may refuse with is caught there."""

    given: SearchStrategy[Any]
    read: Callable[[Any], object]


@dataclass
class Tally:
    """How much was read, and how long the longest took."""

    examples: int = 0
    slowest: float = 0.0


def _took(parser: Parser, value: Any) -> float:
    began = time.thread_time()
    parser.read(value)
    return time.thread_time() - began


def hold(parser: Parser, *, examples: int, seed: int | None = None) -> Tally:
    """Raises what it raised on the shortest example found, or AssertionError where it hangs."""
    tally = Tally()

    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(parser.given)
    def holds(value: Any) -> None:
        took = _took(parser, value)
        if took >= LONGEST_SECONDS:
            # The garbage of a thousand tests may have been swept up meanwhile: not its work.
            took = min(took, _took(parser, value))
        tally.examples += 1
        tally.slowest = max(tally.slowest, took)
        assert took < LONGEST_SECONDS, f"{took:.1f} s"

    if seed is not None:
        holds = hypothesis.seed(seed)(holds)
    holds()
    return tally


# -- What is written -------------------------------------------------------------------------------

# Letters that programs trip over: of no width, from right to left, joined, alone, and none at all.
ODD = "\x00\r\n\t\x1b\x85\u00a0\u200b\u200f\u202e\u2028\ufeff\ufffd\U0001f3f4\u0301\u0660\uff11ſİ"
ANY = st.characters()


def words(*pieces: str, most: int = 60) -> SearchStrategy[str]:
    """Text made of the pieces that a reader looks for, with anything between, and long rows."""
    one = st.one_of(
        st.sampled_from(pieces), st.text(ANY, max_size=8), st.sampled_from(ODD),
        st.builds(lambda piece, times: piece * times, st.sampled_from([*pieces, *ODD]),
                  st.integers(2, 300)),
    )  # fmt: skip
    return st.lists(one, max_size=most).map("".join)


def octets(*pieces: str, most: int = 60) -> SearchStrategy[bytes]:
    """The same as bytes, not all of them text."""
    return st.lists(
        st.one_of(words(*pieces, most=6).map(_bytes), st.binary(max_size=12)), max_size=most
    ).map(b"".join)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def posted(*names: str, **usual: str) -> SearchStrategy[dict[str, str]]:
    """The fields of a webhook: some missing, some strange, some as they should be."""
    value = words("+447700900123", "0", "9" * 30, SID, "https://x/", "-1", "true", most=5)
    told = st.dictionaries(st.sampled_from([*names, *usual]), value, max_size=12)
    return told.map(lambda fields: {**usual, **fields})


JSON_PIECES = ('{"', '":', "[", "]", "}", ",", '"', "1e999", "NaN", "null", "\\ud800", "-", "0")
POSTCODES = words("WR1 3EZ", "wr113da", "WR", "1", "3", "EZ", "GIR 0AA", " ", "-", most=12)
REFERENCES = words("WH", "WH7-K3MP-4X", "7", "K3MP", "-", " ", "\u2013", most=12)

# -- How it is read --------------------------------------------------------------------------------


def _text(fields: dict[str, str]) -> None:
    with suppress(sms.NotAText):
        text = sms.read_request(fields)
        assert "\x00" not in text.words
        text.words.encode()


def _words(text: str) -> None:
    sms.read(text)
    sms.language(text)
    sms.is_thanks(text)
    sms.postcodes(text)
    sms.without_reference(text)


def _call(fields: dict[str, str]) -> None:
    for how in (voice.status, voice.dialled):
        with suppress(voice.NotACall):
            how(fields, now=NOW)
    with suppress(voice.NotACall):
        voice.incoming(fields, is_open=True, now=NOW)


def _mail(raw: bytes) -> None:
    mime.message_id(raw)
    with suppress(mime.Unreadable):
        mail = mime.read(raw)
        quoted.split(mail.words)
        senders.who_wrote(mail, own={"hub@hub.example"}, answers_us=True)
        trust.checks(mail.received, "mx.hub.example")


def _signed(headers: dict[str, str]) -> None:
    secret = "whsec_" + "A" * 40
    assert not webhook_signing.is_signed(headers, b"x", secrets=[secret], now=NOW)


def _refused(read: Callable[[Any], object]) -> Callable[[Any], None]:
    """What refuses by the house's own errors."""

    def reads(value: Any) -> None:
        with suppress(DomainError):
            read(value)

    return reads


def _phone(text: str) -> None:
    number = contact.read_phone(text)
    assert contact.read_phone(number) == number
    contact.is_mobile(number)


def _postcode(text: str) -> None:
    compact = areas.compact(text)
    assert compact.isascii()
    assert areas.compact(areas.spaced(compact)) == compact


def _reference(text: str) -> None:
    assert references.parse(references.parse(text)) == references.parse(text)


def _sheet(content: bytes) -> None:
    check = Check()
    for row in parse("x.csv", content, ["slug", "n", "day"], check):
        row.slug("slug")
        row.number("n", most=9)
        row.degrees("n", most=90)
        row.flag("n")
        row.day("day")
        row.one_of("slug", {"a"}, "service")
        row.some_of("slug", {"a"}, "service")
        check.once(row, "slug", "n")
    "".join(str(problem) for problem in check.problems).encode("utf-8", "surrogatepass")


def _filed(read: Callable[[Path], object]) -> Callable[[bytes], None]:
    """What reads a file by its path, and refuses by the house's own errors."""

    def reads(content: bytes) -> None:
        with tempfile.NamedTemporaryFile() as file, suppress(DomainError, spool.NotReadable):
            path = Path(file.name)
            path.write_bytes(content)
            read(path)

    return reads


@cache
def _mapping() -> ImportMapping:
    with tempfile.NamedTemporaryFile(suffix=".toml") as file:
        path = Path(file.name)
        path.write_text(MAPPING, encoding="utf-8")
        check = Check()
        found = mappings.load(
            path, columns=HEAD.split(","), services={"missed-bin", "pothole"},
            organisations={"wychavon", "worcester-city"}, check=check,
        )  # fmt: skip
        check.finish()
    return found


def _imported(path: Path) -> None:
    check = Check()
    importing._columns(path, check)
    path.write_bytes(HEAD.encode() + b"\r\n" + path.read_bytes())
    list(importing._records(path, _mapping(), importing.Tally(), now=NOW))


def _body(raw: bytes) -> None:
    with suppress(APIException):
        JsonParser().parse(BytesIO(raw), "application/json", {})


def _template(source: str) -> None:
    with suppress(wording.Unreadable):
        parts = wording.parse(source)
        wording.text(parts, {name: "x" for name, _ in wording.names(parts)})


def _door(asked: tuple[dict[str, str], bytes]) -> None:
    """A request to the fallback that nobody signed: told no, whatever it is."""
    environ, body = asked
    told: list[str] = []
    door = Door("https://hub.example/channels/sms/fallback", ("token",), Path("/nowhere"))
    whole = {"REQUEST_METHOD": "POST", "PATH_INFO": "/channels/sms/fallback",
             "CONTENT_TYPE": "application/x-www-form-urlencoded",
             "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body), **environ}  # fmt: skip
    list(door(whole, lambda status, headers: told.append(status)))
    assert told
    assert told[0].startswith("4")


_CALLED = ("CallSid", "CallStatus", "DialCallStatus", "ParentCallSid", "DequeingCallSid",
           "QueueResult", "QueueTime", "DialCallDuration", "From", "To", "Direction",
           "Timestamp", "SequenceNumber")  # fmt: skip
_ENVIRON = st.dictionaries(
    st.sampled_from(["CONTENT_TYPE", "CONTENT_LENGTH", "QUERY_STRING", "HTTP_X_TWILIO_SIGNATURE"]),
    st.one_of(st.text(st.characters(max_codepoint=255), max_size=40), st.integers(-9, 99).map(str)),
)
_FORM = st.dictionaries(st.text(max_size=9), st.text(st.characters(exclude_categories=["Cs"])))

PARSERS = {
    "the fields of a text": Parser(
        posted("MessageSid", "From", "Body", "NumMedia", "MediaUrl0", "MediaContentType0",
               "NumSegments", MessageSid=SID), _text),
    "the words of a text": Parser(
        words("STATUS", "WH7-K3MP-4X", "stop", "thanks", "WR1 3EZ", "polski", "1", "was wrong",
              "?", " "), _words),
    "the fields of a call": Parser(posted(*_CALLED, CallSid="CA" + "0" * 32), _call),
    "a mail": Parser(
        octets("From: ", "To: ", "Subject: ", "Date: ", "Message-ID: <", "References: ", "\r\n",
               "\r\n\r\n", "Content-Type: multipart/mixed; boundary=b", "--b", "--b--",
               "=?utf-8?q?",
               "?=", "Content-Type: text/html; charset=", "message/rfc822", "utf-7", "idna",
               "Content-Transfer-Encoding: base64", "Authentication-Results: ", "mx.hub.example;",
               "Content-Disposition: attachment; filename*0*=", "> ", "-- ", "(", "<", '"', ";",
               "Auto-Submitted: auto-replied", "multipart/report", "message/delivery-status"),
        _mail),
    "the page of a mail": Parser(
        words("<p>", "</", "<blockquote", "<a href=", "<!--", "-->", "<style>", "<script",
              "</style", "<svg/>", "<head>", "<img src=data:", "&#",
              "&amp", ">", '"', "'", "=", "<br", "<![CDATA["), html.words_of),
    "what is quoted in a mail": Parser(
        words("> ", "\n", "On 1 Jan 2026, x wrote:", "From: ", "Sent: ", "-----Original", "-- \n",
              "wrote:", "Sent from my ", "________"), quoted.split),
    "the signature of a mail": Parser(
        posted("webhook-id", "webhook-timestamp", "webhook-signature",
               **{"webhook-id": "a", "webhook-timestamp": str(int(NOW.timestamp())),
                  "webhook-signature": "v1,AAAA"}), _signed),
    "the address of a mailbox": Parser(
        words("imaps://", "imap://", "a:b@", "[::1]", ":", "/", "%", "?", "#", "99999", most=12),
        lambda url: _suppressed(ValueError, imap.place, url)),
    "a telephone number": Parser(
        words("+44", "07700 900123", "(0)", "00", "-", " ", "ext", ";", "tel:", "9", most=20),
        _refused(_phone)),
    "an email address": Parser(
        words("a", "@", ".", "example.com", '"', "<", ">", "xn--", "ﬁ", "K", most=20),
        _refused(contact.read_email)),
    "a postcode": Parser(POSTCODES, _postcode),
    "a reference": Parser(REFERENCES, _refused(_reference)),
    "a table": Parser(
        st.one_of(
            octets("slug,n,day", "\r\n", ",", '"', '""', "a", "1", "2026-01-31", "\ufeff", ";"),
            octets(",", '"', "\n", "a", "2026-02-31", "1e5", "-", "nan", "١").map(
                lambda rest: b"slug,n,day\n" + rest)), _sheet),
    "a file of old enquiries": Parser(
        octets("1,01/07/2024 09:30,,Bin,tel,,done,WR9 8DS,Ann,07700 900123,Full", "\r\n", ",", '"',
               "2024-01-10T09:30:00+00:00", "99/99/9999 25:61", "Bin", "x" * 140_000, most=20),
        _filed(_imported)),
    "a file of a form": Parser(
        octets("[[questions]]", "\n", "key", " = ", '"', "type", "choice", "words", "[[ends]]",
               "when", "{", "}", "[", "]", "1979-05-27", "inf", "1e999", "'''", "service"),
        _refused(lambda content: files.read("x.toml", content))),
    "a form as JSON": Parser(
        octets(*JSON_PIECES, "questions", "key", "type", "choices", most=30),
        _refused(lambda content: files.read("x.json", content))),
    "a file of translations": Parser(
        octets('msgid "', 'msgstr "', '"\n', "#, fuzzy\n", "msgctxt", "msgid_plural", "%(name)s",
               "Language: pl", "\\n", "charset=", "#~ ", "nplurals=9"),
        _refused(lambda content: tongue_files.read(content, ["pl"]))),
    "boundaries": Parser(
        octets(*JSON_PIECES, '{"type":"FeatureCollection","features":[', '{"type":"Feature"',
               '"geometry":', '"properties":', '"coordinates":', '"Polygon"', '"code"', most=20),
        _filed(lambda path: boundary_files.boundaries(path, Check(), {"E07000238"}))),
    "a rule on its way through a page": Parser(
        words(*JSON_PIECES, "answers", "channels", "valid_from", "2026-01-01", most=40),
        rule_rows.of_text),
    "a text that the fallback kept": Parser(
        octets(*JSON_PIECES, '{"version":1,"received_at":"', '","fields":{', "source", most=20),
        _filed(spool.read)),
    "a request to the fallback": Parser(
        st.tuples(_ENVIRON, st.one_of(octets("a=b", "&", "%", "%zz", "+", "=", ";"),
                                      _FORM.map(lambda form: urlencode(form).encode()))), _door),
    "a body for the API": Parser(octets(*JSON_PIECES, most=40), _body),
    "a message with variables": Parser(
        words("((", "))", "((a))", "??", "((!a??", "\n", "(", ")", "!"), _template),
}  # fmt: skip


def _suppressed(error: type[Exception], read: Callable[[Any], object], value: Any) -> None:
    with suppress(error):
        read(value)
