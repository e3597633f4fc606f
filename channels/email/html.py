"""The words of an HTML mail. Pure, and one look at each letter: no markup makes it slow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

LONGEST = 600_000
# What stands in these is no word of the writer's, with how each ends. "head" is none of them: its
# own end may be left out, and all that it may hold beside these has no words.
_SKIPPED = {
    name: re.compile(rf"</{name}(?![a-z0-9])")
    for name in ("script", "style", "title", "svg", "template")
}
_REMARK = re.compile(r"--!?(?=>)")
# Those that may show what a writer meant, and a picture that is written out in its own mark.
_DRAWN = ("svg", "template")
_PICTURE = re.compile(r"""src\s{0,3}=\s{0,3}["']?data:""")
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
     "blockquote", "pre", "section", "article", "header", "footer", "dl", "dt", "dd"}
)  # fmt: skip
_NAME = re.compile(r"/?([a-z][a-z0-9]{0,15})")
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

    def whole(self) -> str:
        """All lines."""
        self.end_line()
        return "\n".join(self.lines)

    def end_line(self) -> None:
        """The line ends here; one without a word is none."""
        text = " ".join("".join(self._line).split())
        self._line = []
        if text and text != "-":
            self.lines.append(f"{'>' * self._depth} {text}" if self._depth else text)


@dataclass(frozen=True, slots=True)
class Read:
    """The words of a page in lines; what is quoted begins with ">". `is_whole` says that there was
    nothing else which somebody may have meant to say."""

    words: str
    is_whole: bool = True


def words_of(html: str) -> str:
    """The words of a page alone."""
    return read(html).words


def read(html: str) -> Read:
    """What a page says. What has no end hides nothing but its own mark."""
    is_whole = len(html) <= LONGEST
    html = html[:LONGEST]
    lower = html.translate(_LOWER)
    page, ends, at = _Page(), _Ends(lower), 0
    while (opens := html.find("<", at)) >= 0:
        page.words(html[at:opens])
        if lower.startswith("<!--", opens):
            at = ends.behind("!--", _REMARK, opens + 2) or opens + 4
            continue
        found = _NAME.match(lower, opens + 1)
        closes = html.find(">", opens)
        if closes < 0 and found is not None:
            return Read(page.whole(), is_whole=False)  # its last mark was cut off
        if found is not None:
            name, is_end = found.group(1), html[opens + 1] == "/"
            whole = html[opens : min(closes, opens + 2_000)]
            at = closes + 1
            if name in _SKIPPED and not is_end and html[closes - 1] != "/":
                at = ends.behind(name, _SKIPPED[name], at) or at
                is_whole = is_whole and name not in _DRAWN
            elif name == "img" and _PICTURE.search(whole.lower()):
                is_whole = False
            page.mark(name, whole, ends=is_end)
        elif closes >= 0 and html[opens + 1] in ("!", "?", "/"):
            at = closes + 1
        else:
            page.words("<")  # a sign of its own, as in "a < b"
            at = opens + 1
            if closes < 0:
                break
    page.words(html[at:])
    return Read(page.whole(), is_whole)


class _Ends:
    """Where parts end. What has no end further on is looked for once: no row of openings costs
    more than one."""

    def __init__(self, lower: str) -> None:
        self._lower = lower
        self._none: set[str] = set()

    def behind(self, name: str, end: re.Pattern[str], start: int) -> int:
        """Behind the next end of a part; 0 where there is none."""
        found = None if name in self._none else end.search(self._lower, start)
        closes = self._lower.find(">", found.end()) if found is not None else -1
        if closes < 0:
            self._none.add(name)
        return closes + 1
