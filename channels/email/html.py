"""The words of an HTML mail. Pure, and one look at each letter: no markup makes it slow."""

from __future__ import annotations

import re
from html import unescape

LONGEST = 600_000
# What stands in these is no word of the writer's.
_SKIPPED = ("script", "style", "head", "title", "svg", "template")
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
     "blockquote", "pre", "section", "article", "header", "footer", "dl", "dt", "dd"}
)  # fmt: skip
_NAME = re.compile(r"/?\s*([a-z][a-z0-9]{0,15})")
_HREF = re.compile(r"""href\s{0,3}=\s{0,3}["']?(https?://[^"'\s>]{1,500})""", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f\u200b\u200c\ufeff\u00ad]+")
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


class _Page:
    """Lines of words as they come, with the marks of a quote in front of what is quoted."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._line: list[str] = []
        self._depth = 0
        self._link = ""
        self._linked: list[str] = []

    def words(self, text: str) -> None:
        """Words between two marks."""
        plain = _SPACES.sub(" ", unescape(text))
        self._line.append(plain)
        if self._link:
            self._linked.append(plain)

    def mark(self, name: str, whole: str, *, ends: bool) -> None:
        """One mark of HTML."""
        if name == "a":
            self._anchor(whole, ends=ends)
        elif name in ("td", "th"):
            self._line.append(" ")
        if name not in _BLOCKS:
            return
        self.end_line()
        if name == "blockquote":
            self._depth = max(0, self._depth - 1) if ends else min(self._depth + 1, 5)
        elif name == "li" and not ends:
            self._line.append("- ")
        elif name == "p" and ends:
            self.lines.append(">" * self._depth)

    def _anchor(self, whole: str, *, ends: bool) -> None:
        if ends:
            shown = "".join(self._linked).strip()
            if self._link and shown and self._link.rstrip("/") not in (shown, shown.rstrip("/")):
                self._line.append(f" ({self._link})")
            self._link, self._linked = "", []
            return
        found = _HREF.search(whole)
        self._link, self._linked = (unescape(found.group(1)) if found else ""), []

    def end_line(self) -> None:
        """The line ends here; one without a word is none."""
        text = " ".join("".join(self._line).split())
        self._line = []
        if text and text != "-":
            self.lines.append(f"{'>' * self._depth} {text}" if self._depth else text)


def words_of(html: str) -> str:
    """The words of a page in lines. What is quoted begins with ">"."""
    html = html[:LONGEST]
    lower = html.translate(_LOWER)
    page, at = _Page(), 0
    while True:
        opens = html.find("<", at)
        if opens < 0:
            page.words(html[at:])
            break
        page.words(html[at:opens])
        if lower.startswith("<!--", opens):
            at = _after(lower, "-->", opens)
            continue
        found = _NAME.match(lower, opens + 1)
        closes = html.find(">", opens)
        if closes < 0:
            break
        if found is not None:
            name, ends = found.group(1), html[opens + 1] == "/"
            if name in _SKIPPED and not ends:
                closes = _after(lower, f"</{name}", closes) - 1
            page.mark(name, html[opens : min(closes, opens + 2_000)], ends=ends)
        elif html[opens + 1 : opens + 2] not in ("!", "?", "/"):
            page.words("<")  # a sign of its own, as in "a < b"
            closes = opens
        at = closes + 1
    page.end_line()
    return "\n".join(page.lines)


def _after(lower: str, what: str, start: int) -> int:
    """Behind the end of a part, or behind everything where it has none."""
    end = lower.find(what, start)
    if end < 0:
        return len(lower)
    closes = lower.find(">", end)
    return closes + 1 if closes >= 0 else len(lower)
