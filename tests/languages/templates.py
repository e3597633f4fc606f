"""Finds words in a template that no translator is shown. Pure."""

from __future__ import annotations

import re

_TRANSLATED = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL
)
_ENGLISH = re.compile(r"<(?P<tag>[a-z0-9]+)[^<>]*{%\s*english\s*%}[^<>]*>.*?</(?P=tag)>", re.DOTALL)
_COMMENT = re.compile(r"{#.*?#}|<!--.*?-->|{%\s*comment\b.*?{%\s*endcomment\s*%}", re.DOTALL)
_SAID_BY_TAGS = re.compile(
    r"{%\s*include\b[^%]*?\b(?:words|label|title|heading|hint|text|lead|more)=(?P<said>\"[^\"]*\")",
)
_FACE = re.compile(r"{%\s*block face\s*%}.*?{%\s*endblock face\s*%}", re.DOTALL)
_TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_SPOKEN = re.compile(
    r"""\b(?:aria-label|title|alt|placeholder)=["'](?P<said>[^"']*)["']""", re.DOTALL
)
_ELEMENT = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>", re.DOTALL)
_ENTITY = re.compile(r"&[a-z#0-9]+;")
_WORD = re.compile(r"[^\W\d_]{2,}")
# The same in every language.
SAME = frozenset({"HUB", "UK", "GSM", "SMS", "PDF"})


def untranslated(source: str) -> list[str]:
    """Words that stand in a template outside of gettext, in what is read and what is spoken."""
    text = _COMMENT.sub("", source)
    text = _ENGLISH.sub("", _FACE.sub("", text))
    text = _TRANSLATED.sub("", text)
    said = [match["said"] for match in _SAID_BY_TAGS.finditer(text)]
    text = _TAG.sub("", text)
    said += [match["said"] for match in _SPOKEN.finditer(text)]
    text = _MARKUP.sub("\n", _ELEMENT.sub("", text))
    said += text.splitlines()
    return [line for one in said if (line := _ENTITY.sub("", one).strip()) and _words(line)]


def _words(line: str) -> list[str]:
    return [word for word in _WORD.findall(line) if word not in SAME]
