"""A letter as a tagged PDF (PDF/UA-1), by typst. What it says is data there, never markup."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
PLAIN_POINTS, LARGE_POINTS = 12, 18
# More lines than these are hard to read in a window, however small they are set.
MOST_LINES = 7
TOO_LONG = "The address is too long for the window of an envelope"
# A sign that no typeface has is looked for by trying. So often it is taken alone, as often again
# with its neighbours; then all go that are no Latin letters and no common signs.
TRIES = 20
STAND_IN = "\u25a1"
_COMMON = ((0, 0x250), (0x2000, 0x2070), (0x20A0, 0x20C0), (ord(STAND_IN), ord(STAND_IN) + 1))
_UNSHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
# Signs that direct or join others and show nothing by themselves.
_INVISIBLE = dict.fromkeys(
    [*range(0x20), 0x7F, *range(0xD800, 0xE000), 0xFEFF, 0x200B, 0x2028, 0x2029, 0xFFFE, 0xFFFF]
)


class CannotPrint(ValueError):
    """The letter cannot be put on paper as it is."""


class AddressTooLong(CannotPrint):
    """Its address does not fit into the window, at any size that can be read."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands in a letter. `html` are its words as notifications.rich makes them."""

    subject: str
    html: str
    address: tuple[str, ...]
    sender: tuple[str, ...]
    reference: str
    language: str
    at: datetime
    is_large: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter on paper, as PDF."""

    pdf: bytes
    pages: int


def printed(letter: Letter) -> Printed:
    """The letter on A4, its address where a C5 or DL window shows it.

    A sign that no typeface has is printed as its name, or as an empty box: a letter is the last
    way to somebody. Raises CannotPrint, AddressTooLong.
    """
    told = json.dumps(_told(letter), ensure_ascii=False)
    stamp = int(letter.at.timestamp())
    for tried in range(2 * TRIES + 3):
        try:
            # Names in other scripts: with all typefaces that the machine has.
            pdf = _compiled(told, stamp, everything=tried > 0)
        except typst.TypstError as error:
            if TOO_LONG in str(error):
                raise AddressTooLong(TOO_LONG) from error
            unshown = _UNSHOWN.search(str(error))
            if unshown is None:
                raise CannotPrint(str(error)) from error
            if tried:
                told = _without(told, _sign(unshown[1]), tried)
        else:
            return Printed(pdf, len(_PAGE.findall(pdf)))
    raise CannotPrint("No typeface here has its signs")


def _without(told: str, unshown: str, tried: int) -> str:
    """A letter without signs that cannot be shown: the more of them go, the longer it takes."""
    gone, rare = set(unshown), {one for one in told if not _is_common(one)}
    if tried > 2 * TRIES:
        gone |= rare
    elif tried > TRIES:
        gone |= {one for one in rare if ord(one) >> 8 in {ord(sign) >> 8 for sign in unshown}}
    signs = "".join(map(re.escape, gone))
    changing = "".join(re.escape(one) for one in set(told) if _only_changes(one)) or "\uffff"
    return re.sub(f"([{signs}])([{changing}]*)", lambda one: _stand_in(one[1], one[2]), told)


def _stand_in(sign: str, changed_by: str) -> str:
    """A sign in words: pictures have names that people know, letters of other scripts do not."""
    if sign.isascii() or (changed_by and _is_common(sign)):
        return sign  # it is what follows that nothing can show
    name = unicodedata.name(sign, "").lower()
    if _only_changes(sign):
        return ""
    if name.startswith("regional indicator symbol letter "):
        return name[-1].upper()  # two of them are a flag
    return f"[{name}]" if name and unicodedata.category(sign)[0] == "S" else STAND_IN


def _is_common(sign: str) -> bool:
    return any(low <= ord(sign) < end for low, end in _COMMON)


def _only_changes(sign: str) -> bool:
    """Whether a sign only changes or joins the one before it, as the colour of a skin does."""
    kind = unicodedata.category(sign)
    return not sign.isascii() and (kind[0] == "M" or kind in ("Cf", "Sk"))


def _compiled(told: str, stamp: int, *, everything: bool) -> bytes:
    found: bytes = typst.compile(
        str(HERE / "letter.typ"),
        format="pdf",
        sys_inputs={"letter": told},
        pdf_standards=["ua-1"],
        font_paths=[str(FONTS)],
        ignore_system_fonts=not everything,
        timestamp=stamp,
    )
    return found


def _sign(text: str) -> str:
    """A sign as typst names it: some by their number alone."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda one: chr(int(one[1], 16)), text)


def _told(letter: Letter) -> dict[str, Any]:
    lines = [_clean(line) for line in letter.address]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 2], ", ".join(lines[MOST_LINES - 2 : -1]), lines[-1]]
    with translation.override(letter.language):
        day = date_format(
            timezone.localtime(letter.at).date(), "j E Y" if letter.language == "pl" else "j F Y"
        )
        reference = gettext("Your reference: %(reference)s") % {"reference": letter.reference}
        page = gettext("Page %(page)s of %(all)s") % {"page": "{page}", "all": "{all}"}
    return {
        "subject": _clean(letter.subject),
        "sender": [_clean(one) for one in letter.sender],
        "address": lines,
        "too_long": TOO_LONG,
        "language": letter.language.partition("-")[0],
        "size": LARGE_POINTS if letter.is_large else PLAIN_POINTS,
        "reference": letter.reference,
        "reference_words": reference if letter.reference else "",
        "date": day,
        "page": page,
        "blocks": blocks(letter.html),
    }


def blocks(html: str) -> list[dict[str, Any]]:
    """The words of a letter taken apart: blocks of lines of pieces."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [one for one in reader.blocks if any(one["lines"])]


class _Reader(HTMLParser):
    """Reads what notifications.rich wrote: a few tags, none of them nested but in lists."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[dict[str, Any]] = []
        self.bold = False
        self.url: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "h2", "h3"):
            self.blocks.append({"kind": tag, "lines": [[]]})
        elif tag in ("ul", "ol"):
            self.blocks.append({"kind": tag, "lines": []})
        elif tag == "li":
            self.blocks[-1]["lines"].append([])
        elif tag == "strong":
            self.bold = True
        elif tag == "a":
            self.url = dict(attrs).get("href")
        elif tag == "br":
            self._add({"kind": "break"})

    def handle_endtag(self, tag: str) -> None:
        if tag == "strong":
            self.bold = False
        elif tag == "a":
            self.url = None

    def handle_data(self, data: str) -> None:
        words = _clean(data)
        if words:
            url = self.url if self.url and not self.url.startswith("(") else None
            self._add({"kind": "text", "text": words, "bold": self.bold, "url": url})

    def _add(self, piece: dict[str, Any]) -> None:
        if self.blocks and self.blocks[-1]["lines"]:
            self.blocks[-1]["lines"][-1].append(piece)


def _clean(text: str) -> str:
    return text.translate(_INVISIBLE)


def in_one(pdfs: Sequence[tuple[bytes, int]]) -> bytes:
    """Letters, each with how many pages it has, as one file to be printed in one go.

    What comes out is for paper: it has no tags, which are in each letter by itself.
    """
    with TemporaryDirectory(prefix="letters-") as folder:
        pages = ['#set page(paper: "a4", margin: 0pt)']
        for number, (pdf, count) in enumerate(pdfs):
            Path(folder, f"{number}.pdf").write_bytes(pdf)
            pages += [
                f'#page(image("{number}.pdf", page: {page}, width: 100%, height: 100%))'
                for page in range(1, count + 1)
            ]
        main = Path(folder, "main.typ")
        main.write_text("\n".join(pages), encoding="utf-8")
        found: bytes = typst.compile(
            str(main), root=folder, format="pdf", ignore_system_fonts=True, pdf_tags=False
        )
    return found
