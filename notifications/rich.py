"""One source, two forms: what an e-mail or a letter says, as plain text and as HTML. Pure.

Written words may hold a little Markdown: `# heading`, `* item`, `1. item`, `**bold**` and
`[words](address)`. What came from a fact is put in last: nothing in it is ever markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from notifications.wording import Run

TAGS = frozenset({"p", "h2", "h3", "ul", "ol", "li", "strong", "a", "br"})
ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+\Z")
# What stands instead of a link that only the message holds (notifications.hiding).
_HIDDEN = re.compile(r"\(\w+: only in the message\)\Z")
_WRITTEN_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s\"'<>\\]+\Z")

# Characters of nobody's language mark where a fact goes, in text and in the address of a link.
_MARKS = str.maketrans(dict.fromkeys("\ue000\ue001\ue002\ue003"))
_PLACE = re.compile("\ue000(\\d+)\ue001")
_ANY_PLACE = re.compile("([\ue000\ue002])(\\d+)[\ue001\ue003]")
_ONLY_A_PLACE = re.compile("\\s*\ue000(\\d+)\ue001\\s*\\Z")

_HEADING = re.compile(r"(#{1,2})[ \t]+(.+)\Z")
_ITEM = re.compile(r"[*-][ \t]+(.+)\Z")
_NUMBERED = re.compile(r"\d{1,2}[.)][ \t]+(.+)\Z")
_INLINE = re.compile(
    r"\*\*(?P<bold>[^*\n]+)\*\*"
    r"|\[(?P<words>[^\[\]\n]{1,200})\]\((?P<target>[^()\s]{1,500})\)"
    r"|(?P<bare>https?://[^\s\"'<>()\\\ue000-\ue003]*[^\s\"'<>()\\\ue000-\ue003.,;:?!])"
)


@dataclass(frozen=True, slots=True)
class Rich:
    """The same words twice."""

    plain: str
    html: str


@dataclass(frozen=True, slots=True)
class _Block:
    kind: str  # p, h2, h3, ul, ol
    lines: tuple[str, ...]


def both(runs: Sequence[Run], *, is_url: Callable[[str], bool]) -> Rich:
    """The words of filled parts as plain text and as HTML without a page around it."""
    facts = [run for run in runs if run.name]
    places = iter(range(len(facts)))
    source = "".join(
        f"\ue000{next(places)}\ue001" if run.name else run.text.translate(_MARKS) for run in runs
    )
    form = _Form([run.text for run in facts], [is_url(run.name) for run in facts])
    blocks = list(_blocks(source.replace("\r\n", "\n")))
    plain = "\n\n".join(form.plain(block) for block in blocks)
    paragraphs = [part.strip() for part in plain.split("\n\n")]
    return Rich(
        "\n\n".join(part for part in paragraphs if part) + "\n",
        "".join(form.html(block) for block in blocks),
    )


def _blocks(source: str) -> Iterator[_Block]:
    kind, lines = "", list[str]()
    for line in [*source.split("\n"), ""]:
        this, words = _kind(line)
        if this != kind or this in ("h2", "h3"):
            if kind and lines:
                yield _Block(kind, tuple(lines))
            lines = []
        kind = this
        if this:
            lines.append(words)


def _kind(line: str) -> tuple[str, str]:
    bare = line.strip()
    if not bare:
        return "", ""
    if found := _HEADING.match(bare):
        return f"h{len(found[1]) + 1}", found[2]
    if found := _ITEM.match(bare):
        return "ul", found[1]
    if found := _NUMBERED.match(bare):
        return "ol", found[1]
    return "p", bare


class _Form:
    """Fills the places of facts, in words and in HTML."""

    def __init__(self, values: list[str], urls: list[bool]) -> None:
        self.values = values
        self.urls = [is_url and bool(ADDRESS.match(value) or _HIDDEN.match(value))
                     for is_url, value in zip(urls, values, strict=True)]  # fmt: skip

    def plain(self, block: _Block) -> str:
        """A block as plain text."""
        marks = {"ul": "- {}", "ol": "{n}. {}"}
        mark = marks.get(block.kind, "{}")
        lines = [
            mark.format(_INLINE.sub(self._plain_inline, line), n=n)
            for n, line in enumerate(block.lines, start=1)
        ]
        return _PLACE.sub(lambda place: self.values[int(place[1])], "\n".join(lines))

    def _plain_inline(self, found: re.Match[str]) -> str:
        if found["bold"] is not None:
            return found["bold"]
        if found["bare"] is not None:
            return found["bare"]
        if self._leads(found["target"]):
            return f"{found['words']}: {found['target']}"
        return found[0]

    def html(self, block: _Block) -> str:
        """A block as HTML."""
        if block.kind in ("ul", "ol"):
            items = "".join(f"<li>{self._inline(line)}</li>" for line in block.lines)
            return f"<{block.kind}>{items}</{block.kind}>"
        alone = _ONLY_A_PLACE.match(block.lines[0]) if len(block.lines) == 1 else None
        if alone and block.kind == "p" and not self.urls[int(alone[1])]:
            # What somebody wrote keeps its paragraphs.
            parts = re.split(r"\n\s*\n", self.values[int(alone[1])].strip())
            return "".join(f"<p>{_broken(part.strip())}</p>" for part in parts if part.strip())
        inner = "<br>".join(self._inline(line) for line in block.lines)
        return f"<{block.kind}>{inner}</{block.kind}>"

    def _inline(self, line: str) -> str:
        out, at = [], 0
        for found in _INLINE.finditer(line):
            out.append(escape(line[at : found.start()]))
            out.append(self._marked(found))
            at = found.end()
        out.append(escape(line[at:]))
        # In one go, so that no fact is looked through for places.
        return _ANY_PLACE.sub(self._fact, "".join(out))

    def _marked(self, found: re.Match[str]) -> str:
        if found["bold"] is not None:
            return f"<strong>{escape(found['bold'])}</strong>"
        if found["bare"] is not None:
            return f'<a href="{escape(found["bare"])}">{escape(found["bare"])}</a>'
        words, target = found["words"], found["target"]
        place = _PLACE.fullmatch(target)
        if not self._leads(target):
            return escape(found[0])
        href = f"\ue002{place[1]}\ue003" if place else escape(target)
        # A link within the words of a link would be none.
        inner = _PLACE.sub("\ue002\\1\ue003", escape(words))
        return f'<a href="{href}">{inner}</a>'

    def _leads(self, target: str) -> bool:
        place = _PLACE.fullmatch(target)
        if place is not None:
            return self.urls[int(place[1])]
        return bool(_WRITTEN_ADDRESS.match(target)) and not _PLACE.search(target)

    def _fact(self, place: re.Match[str]) -> str:
        value = self.values[int(place[2])]
        if place[1] == "\ue002":
            return escape(" ".join(value.split()))
        if self.urls[int(place[2])]:
            return f'<a href="{escape(value)}">{escape(value)}</a>'
        return _broken(value.strip())


def _broken(value: str) -> str:
    return re.sub(r"\s*\n\s*", "<br>", escape(value))


def links_wrong(source: str) -> list[tuple[int, str]]:
    """Links in written words that lead nowhere, with where they stand."""
    found = []
    for one in re.finditer(r"\[[^\[\]\n]{1,200}\]\(([^()\s]{1,500})\)", source):
        if not _WRITTEN_ADDRESS.match(one[1]):
            found.append((one.start(), one[1]))
    return found
