"""Markdown as answers are written in it, drawn as clean HTML. Pure.

Two rings: the renderer takes no HTML from the writer, and what it drew is cleaned by a short list
of what may be there. Pictures and documents are ours alone: `![what it shows](file:ID)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

PUBLIC_FILES = "/answers/files/"
_TAGS = {
    "p", "ul", "ol", "li", "a", "strong", "em", "h2", "h3", "h4", "blockquote", "br", "hr", "code",
    "table", "thead", "tbody", "tr", "th", "td", "img", "div", "span", "pre",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "loading"},
    "div": {"class"},
    "span": {"class", "aria-hidden"},
    "strong": {"class"},
    "table": {"class"},
    "th": {"class", "scope"},
    "td": {"class"},
    "ol": {"start"},
}
# A writer has no way to name a class: these are ours, and no other is let through.
_CLASSES = {
    "div": {"govuk-inset-text", "govuk-warning-text", "hub-table-scroll"},
    "span": {"govuk-warning-text__icon", "govuk-visually-hidden"},
    "strong": {"govuk-warning-text__text"},
    "table": {"govuk-table"},
    "th": {"govuk-table__header"},
    "td": {"govuk-table__cell"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_FILE = re.compile(r"^file:([0-9a-f-]{36})$")
_BLOCK = re.compile(r"^:::[ \t]*(warning|inset)[ \t]*$")
_END = re.compile(r"^:::[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
# The renderer checks addresses before it draws them, and knows no "file:".
_CHECKED = _MARKDOWN.validateLink
_MARKDOWN.validateLink = lambda url: bool(_FILE.match(url)) or _CHECKED(url)  # type: ignore[method-assign]  # its own way to say it


def html(text: str, *, files: str = PUBLIC_FILES, links: bool = True, pictures: bool = True) -> str:
    """The words as HTML that is safe to show. Headings start below the page's own.

    Without `links` they stay words: a kiosk leads nowhere else. Without `pictures` there are none:
    they cannot be fetched while the line is away.
    """
    apart = (set() if links else {"a"}) | (set() if pictures else {"img"})
    drawn = "".join(_block(kind, words, files) for kind, words in _blocks(text))
    return nh3.clean(
        drawn,
        tags=_TAGS - apart,
        attributes={tag: names - {"class"} for tag, names in _ATTRIBUTES.items()},
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def plain(text: str) -> str:
    """The words alone, for where nothing can be drawn."""
    drawn = "".join(_block(kind, words, PUBLIC_FILES) for kind, words in _blocks(text))
    bare = nh3.clean(drawn, tags=set(), attributes={}, link_rel=None)
    return re.sub(r"\n{3,}", "\n\n", _unescaped(bare)).strip()


def files_in(text: str) -> set[str]:
    """The ids of the files that the words show."""
    return set(re.findall(r"\(file:([0-9a-f-]{36})", text))


def _unescaped(text: str) -> str:
    for mark, char in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&quot;", '"')):
        text = text.replace(mark, char)
    return text.replace("&amp;", "&")


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """The words cut into what stands in a box, with the kind of box, and what does not."""
    kind, lines, fenced = "", [], False
    for line in text.replace("\r\n", "\n").replace("\x00", "").split("\n"):
        fenced ^= bool(_FENCE.match(line))
        opens = None if fenced or kind else _BLOCK.match(line)
        if opens is None and not (kind and not fenced and _END.match(line)):
            lines.append(line)
            continue
        yield kind, "\n".join(lines)
        kind, lines = (opens.group(1) if opens else ""), []
    yield kind, "\n".join(lines)


def _block(kind: str, words: str, files: str) -> str:
    if not words.strip():
        return ""
    if kind == "warning":
        # One strong sentence: a warning has no lists.
        inner = _MARKDOWN.renderer.render(
            _MARKDOWN.parseInline(" ".join(words.split())), _MARKDOWN.options, {}
        )
        return (
            '<div class="govuk-warning-text">'
            '<span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
            f'<strong class="govuk-warning-text__text">{inner}</strong></div>'
        )
    drawn = _drawn(words, files)
    return f'<div class="govuk-inset-text">{drawn}</div>' if kind == "inset" else drawn


def _drawn(words: str, files: str) -> str:
    tokens = _MARKDOWN.parse(words)
    _shift(tokens)
    for token in tokens:
        if token.children:
            token.children = [_ours(child, files) for child in token.children]
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _shift(tokens: Sequence[Token]) -> None:
    """The page has its own first heading; tables get our classes, and a place to scroll in."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(max(int(token.tag[1]), 2), 4)}"
        elif token.type == "table_open":
            token.attrSet("class", "govuk-table")
        elif token.type == "th_open":
            token.attrs = {"class": "govuk-table__header", "scope": "col"}
        elif token.type == "td_open":
            token.attrs = {"class": "govuk-table__cell"}


def _ours(token: Token, files: str) -> Token:
    """A picture or a document of ours under its address; a picture from elsewhere as its words."""
    if token.type == "image":
        found = _FILE.match(str(token.attrGet("src") or ""))
        if found is None:
            words = Token("html_inline", "", 0)
            words.content = escape(token.content)
            return words
        token.attrSet("src", f"{files}{found.group(1)}/")
        token.attrSet("loading", "lazy")
    elif token.type == "link_open":
        found = _FILE.match(str(token.attrGet("href") or ""))
        if found is not None:
            token.attrSet("href", f"{files}{found.group(1)}/")
    return token
