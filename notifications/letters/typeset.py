"""A letter as a tagged PDF (PDF/UA-1), by typst. What it says is data there, never markup."""

from __future__ import annotations

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

from notifications.typesetting import CannotPrint, Printed, clean, document

HERE = Path(__file__).resolve().parent
PLAIN_POINTS, LARGE_POINTS = 12, 18
# More lines than these are hard to read in a window, however small they are set.
MOST_LINES = 7
TOO_LONG = "The address is too long for the window of an envelope"


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


def printed(letter: Letter) -> Printed:
    """The letter on A4, its address where a C5 or DL window shows it. Raises CannotPrint,
    AddressTooLong."""
    try:
        return document(HERE / "letter.typ", _told(letter), at=letter.at)
    except CannotPrint as error:
        if TOO_LONG in str(error):
            raise AddressTooLong(TOO_LONG) from error
        raise


def _told(letter: Letter) -> dict[str, Any]:
    lines = [clean(line) for line in letter.address]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 2], ", ".join(lines[MOST_LINES - 2 : -1]), lines[-1]]
    with translation.override(letter.language):
        day = date_format(
            timezone.localtime(letter.at).date(), "j E Y" if letter.language == "pl" else "j F Y"
        )
        reference = gettext("Your reference: %(reference)s") % {"reference": letter.reference}
        page = gettext("Page %(page)s of %(all)s") % {"page": "{page}", "all": "{all}"}
    return {
        "subject": clean(letter.subject),
        "sender": [clean(one) for one in letter.sender],
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
        words = clean(data)
        if words:
            url = self.url if self.url and not self.url.startswith("(") else None
            self._add({"kind": "text", "text": words, "bold": self.bold, "url": url})

    def _add(self, piece: dict[str, Any]) -> None:
        if self.blocks and self.blocks[-1]["lines"]:
            self.blocks[-1]["lines"][-1].append(piece)


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
