"""Templates that say what data says: which of their texts know their language. Pure."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}", re.DOTALL)
_TONGUE = re.compile(r"{%\s*tongue\s+(?P<text>\S+?(?::\"[^\"]*\")?)(?:\s+(?P<data>\S+))?\s*%}")
_SPOKEN = re.compile(
    r"{{\s*(?P<filtered>[^{}]*?)\|said(?:\|\w+)*\s*}}"
    r"|{{\s*(?P<row>[^{}]*?\|in_a_row)\s*}}"
    r"|{%\s*said\s+(?P<tagged>\S+)(?:\s+\S+)??(?:\s+as\s+\w+)?\s*%}"
)
# What has no element of its own: the title of a document.
_UNMARKED = re.compile(
    r"{%\s*block (?P<name>title|heading)\s*%}.*?{%\s*endblock (?P=name)\s*%}", re.DOTALL
)
# What the names of our data are in the templates of citizens.
_DATA = re.compile(
    r"{{\s*(?:journey\.service_name|tracked\.service|service\.(?:name|summary|prompt)"
    r"|question\.(?:words|hint|why|unit)|end\.(?:title|words|next_step)"
    r"|article\.(?:title|summary|short)|hit\.(?:title|summary)|body\.hand_off"
    r"|purpose\.(?:name|words|uses|lawful_basis|special_category|controller|recipients|retention)"
    r"|one\.(?:advice))\s*(?:\|[^{}]*)?}}"
)


def unmarked(source: str) -> list[str]:
    """Texts of our data that are said in an element that does not tell their language."""
    text = _UNMARKED.sub("", _COMMENT.sub("", source))
    found = []
    for match in _SPOKEN.finditer(text):
        said = match["filtered"] or match["row"] or match["tagged"]
        before = text[: match.start()]
        marks = [one["text"] for one in _TONGUE.finditer(before[-600:])]
        if said not in marks:
            found.append(said)
    return found


def unsaid(source: str) -> list[str]:
    """Texts of our data that are printed as they were written."""
    text = _COMMENT.sub("", source)
    return [one for one in _DATA.findall(text) if "|said" not in one]


def silent(source: str) -> list[str]:
    """Marks whose text is not said after them."""
    text = _COMMENT.sub("", source)
    found = []
    for match in _TONGUE.finditer(text):
        after = text[match.end() : match.end() + 400]
        said = [one["filtered"] or one["row"] or one["tagged"] for one in _SPOKEN.finditer(after)]
        if match["text"] not in said:
            found.append(match["text"])
    return found
