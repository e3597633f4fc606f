"""Reads a text message: what kind of thing is said in it. Pure."""
# ruff: noqa: SIM905  a vocabulary is read as words, not as a list of strings

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from channels import numbers
from core import references

MAX_WORDS = 1_600
# Twilio takes ten files with one text, and no longer addresses than these.
MAX_MEDIA, MAX_URL, MAX_TYPE = 10, 500, 80
SID = re.compile(r"[A-Za-z]{2}[0-9A-Fa-f]{32}")

STOP = frozenset(["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"])
START = frozenset(["start", "unstop"])
HELP = frozenset(["help", "info"])
# Who wants a person, and no questions.
AGENT = frozenset(
    "agent adviser advisor operator human person konsultant konsultantka człowiek czlowiek".split()
)
# A text, or its first word, that says in which language to go on.
LANGUAGES = {
    "english": "en-gb", "in english": "en-gb", "angielski": "en-gb", "po angielsku": "en-gb",
    "polski": "pl", "polish": "pl", "po polsku": "pl", "in polish": "pl",
}  # fmt: skip
_FIRST = re.compile(
    r"^(?:(english|in english|polish|in polish|polski|po polsku)\s*[:,;.!\n-]\s*"
    r"|(polski|po polsku)\s+)(?=\S)",
    re.IGNORECASE,
)

_GRATEFUL = frozenset(
    "thanks thank thankyou thx ta cheers ok okay k great brilliant lovely perfect wonderful"
    " excellent appreciated noted 👍 🙏 ❤ 😊 🙂".split()
)
_POLITE = _GRATEFUL | frozenset(
    "you so much very many a lot again that's thats that is all for your the letting me know help"
    " reply good will do got it and".split()
)
_TOKEN = re.compile(r"[\w']+|[👍🙏❤😊🙂]")
# Who asks what is known anyway says one of these, and nothing that stands in _WAITS.
_ASKS = re.compile(
    r"^(?:(?:hi|hello|hey|pls|please)\b[\s,.!]*)*"
    r"(?:what|when|where|which|who|how|can|could|is|are|do|does)\b|\?"
)
_WAITS = re.compile(
    r"\b(?:will|gonna|going to|still|yet|again|any (?:news|update|idea|progress)|update"
    r"|chas(?:e|ing)|waiting|heard|happening|no (?:news|reply|one)|nobody"
    r"|not been|hasn'?t|haven'?t|have not|has not|reported|told you|my (?:report|enquiry|case))\b"
)
# Of something that was asked for: who has a case open and says this speaks of that case.
_EXPECTS = re.compile(
    r"\b(?:com(?:e|ing)|empt(?:y|ied)|collected|taken|fixed|mended|repaired|done|finished|sorted"
    r"|resolved|delivered|cleaned|cleared)\b"
)
_CHASE = re.compile(
    r"\b(?:when|still|any (?:news|update|idea|progress)|an? update|update\?|chas(?:e|ing)"
    r"|where (?:is|are|was)|not been|hasn'?t been|have(?:n'?t| not) (?:heard|been|had)"
    r"|heard nothing|no (?:news|reply|one)|nobody|how (?:long|much longer)"
    r"|what(?:'?s| is) happening|waiting|again\?)"
)
_COMPLAINT = re.compile(
    r"\b(?:still|not|isn'?t|wasn'?t|hasn'?t|haven'?t|didn'?t|don'?t|never|wrong|again|came back"
    r"|come back|missed|worse|nobody|no one|unhappy|disagree|appeal)\b"
)
_POSTCODE = re.compile(r"(?<![A-Z0-9])([A-Z]{1,2}[0-9][A-Z0-9]?)\s{0,3}([0-9][A-Z]{2})(?![A-Z0-9])")
_STATUS = re.compile(r"^(?:status|track|progress)\b[\s:.,#-]*(.*)$", re.DOTALL)


class Kind(StrEnum):
    EMPTY = "empty"
    STOP = "stop"
    START = "start"
    HELP = "help"
    STATUS = "status"
    THANKS = "thanks"
    ABOUT = "about"
    AGENT = "agent"
    LANGUAGE = "language"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Media:
    """A file that came with a text: where the provider keeps it, and what it says that it is."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Text:
    """One text as the provider gave it. `phone` is "" when nobody can be answered there.

    `received_at` is when it reached us or the provider, where that was not now: a text that was
    kept while the database was away, or that the provider's list had and we had not. `line` is the
    body by whose own account it came; "": by the partnership's.
    """

    sid: str
    phone: str
    sender: str
    words: str
    pictures: int
    media: tuple[Media, ...] = ()
    received_at: datetime | None = None
    line: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says. `language` where it says that alone, `chases` when it asks how something
    is going, `complains` when it says that something was not done, or not done well, `asks` when
    it is a question that does not speak of something that was asked before, `expects` when it
    speaks of work that is to be done."""

    kind: Kind
    reference: str = ""
    chases: bool = False
    complains: bool = False
    asks: bool = False
    expects: bool = False
    postcodes: tuple[str, ...] = ()
    language: str = ""


_ALONE = ((Kind.STOP, STOP), (Kind.START, START), (Kind.HELP, HELP), (Kind.AGENT, AGENT))


class NotAText(ValueError):
    """The request lacks what makes a text: its id, or the field that holds its words."""


def read_request(fields: Mapping[str, str]) -> Text:
    """A text from the fields that Twilio posts; unknown fields do not matter. Raises NotAText."""
    sid = fields.get("MessageSid") or fields.get("SmsSid") or fields.get("SmsMessageSid") or ""
    if not SID.fullmatch(sid):
        raise NotAText("MessageSid")
    sender = fields.get("From", "").strip()
    pictures = _count(fields.get("NumMedia", "0"))
    return Text(
        sid=sid,
        phone=numbers.told(sender),
        sender=sender[:40],
        words=fields.get("Body", "").replace("\x00", "").strip()[:MAX_WORDS],
        pictures=pictures,
        media=_media(fields, pictures),
    )


def _count(number: str) -> int:
    return int(number) if number.isascii() and number.isdigit() and len(number) < 3 else 0


def _media(fields: Mapping[str, str], count: int) -> tuple[Media, ...]:
    found = (
        Media(
            fields.get(f"MediaUrl{n}", "")[:MAX_URL].strip(),
            fields.get(f"MediaContentType{n}", "")[:MAX_TYPE].strip(),
        )
        for n in range(min(count, MAX_MEDIA))
    )
    return tuple(one for one in found if one.url)


def read(words: str) -> Reading:
    """What kind of thing a text says."""
    plain = words.replace("’", "'").casefold().strip()
    whole = plain.strip(" .!?\"'")
    if not any(character.isalnum() for character in plain) and not is_thanks(plain):
        return Reading(Kind.EMPTY)
    for kind, vocabulary in _ALONE:
        if whole in vocabulary:
            return Reading(kind)
    if whole in LANGUAGES:
        return Reading(Kind.LANGUAGE, language=LANGUAGES[whole])
    found = references.find(words)
    reference = found[0] if found else ""
    status = _STATUS.match(plain)
    if status and _is_status(status.group(1), reference):
        return Reading(Kind.STATUS, reference or status.group(1).strip().upper()[:20])
    if reference and not without_reference(words):
        return Reading(Kind.STATUS, reference)
    if not reference and is_thanks(words):
        return Reading(Kind.THANKS)
    return Reading(
        Kind.ABOUT if reference else Kind.WORDS,
        reference,
        chases=bool(_CHASE.search(plain)),
        complains=bool(_COMPLAINT.search(plain)),
        expects=bool(_EXPECTS.search(plain)),
        asks=bool(_ASKS.search(plain)) and not _WAITS.search(plain),
        postcodes=postcodes(words),
    )


def language(words: str) -> tuple[str, str]:
    """The language that the first word of a text names, and what it says then; "" for none."""
    found = _FIRST.match(words)
    if found is None:
        return "", words
    named = " ".join((found.group(1) or found.group(2)).casefold().split())
    return LANGUAGES.get(named, ""), words[found.end() :]


def is_thanks(words: str) -> bool:
    """Whether a text only says thank you, or that it was read."""
    plain = words.replace("’", "'").casefold()
    tokens = _TOKEN.findall(plain)
    return len(plain) <= 60 and bool(_GRATEFUL & set(tokens)) and _POLITE.issuperset(tokens)


def postcodes(words: str) -> tuple[str, ...]:
    """What looks like postcodes in a text, each once, in order, with one space."""
    found = (f"{a} {b}" for a, b in _POSTCODE.findall(words.upper()))
    return tuple(dict.fromkeys(found))


def without_reference(words: str) -> str:
    """The words that remain beside a reference."""
    return re.sub(r"(?i)\bwh[\s-]?[2-9a-z](?:[\s-]{0,3}[2-9a-z]){6}\b", "", words).strip(
        " .,:;-#\n"
    )


def _is_status(rest: str, reference: str) -> bool:
    """Whether STATUS stands alone or before a reference, even a mistyped one."""
    rest = rest.strip(" .!?#")
    return not rest or bool(reference) or (len(rest.split()) <= 3 and rest.startswith("wh"))
