"""The alphabet of text messages: what fits into it, and how many parts a text takes. Pure."""

from __future__ import annotations

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
LONGEST = 1600

# One typographic character would turn the whole text into UCS-2 and double its price.
_PLAIN = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "«": '"', "»": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u2026": "...", "\u2022": "-", "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u200a": " ",
        "\u202f": " ", "\u2003": " ", "\u2002": " ", "\t": " ", "\u200b": None, "\ufeff": None,
        "\u00ad": None,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How a text travels: its encoding, its length in that encoding's units, its parts."""

    encoding: str
    units: int
    segments: int


def plain(text: str) -> str:
    """The same words with the characters that typewriters had, where there are such."""
    return text.translate(_PLAIN)


def outside(text: str) -> str:
    """The characters that the GSM alphabet does not have, each once, in order."""
    return "".join(dict.fromkeys(c for c in text if c not in BASIC and c not in EXTENDED))


def measure(text: str) -> Size:
    """Encoding, units and parts of a text as providers count them."""
    if outside(text):
        return _size("UCS-2", [2 if c > "\uffff" else 1 for c in text], 70, 67)
    return _size("GSM-7", [2 if c in EXTENDED else 1 for c in text], 160, 153)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words and marked with three dots."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 3]
    head, _, tail = cut.rpartition(" ")
    # A single endless word is cut where it stands.
    return (head if head and len(tail) < 40 else cut).rstrip(" ,;:-") + "..."


def _size(encoding: str, widths: list[int], single: int, joined: int) -> Size:
    """A part holds whole characters: one of two units begins the next where one is left."""
    units = sum(widths)
    if units <= single:
        return Size(encoding, units, 1)
    segments, room = 1, joined
    for width in widths:
        if width > room:
            segments, room = segments + 1, joined
        room -= width
    return Size(encoding, units, segments)
