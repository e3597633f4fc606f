"""Translations of our data as PO files: written for translators, read back, and checked. Pure."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from core.errors import DomainError

LARGEST = 8_000_000
MOST_TEXTS = 50_000
LONGEST = 20_000
_HEADER = """# What our data says, in another language. Leave what you do not translate empty.
# Names in %(…)s or {…}, addresses, and telephone numbers stay as they are.
#"""
# Lines of the header that would differ each time.
_CHANGING = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team'
    r"|Report-Msgid-Bugs-To): .*\n",
    re.MULTILINE,
)
_LINE = re.compile(
    r"(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s+)?\"(?:[^\"\\]|\\.)*\")?"
)
_KEPT = (
    ("%s", re.compile(r"%\([^()%\s]{0,60}\)[sd]")),
    ("%s", re.compile(r"{[^{}]{0,60}}")),
    ("the link to %s", re.compile(r"\]\(([^)\s]{1,500})[^)]{0,200}\)")),
    ("the address %s", re.compile(r"\bhttps?://[^\s)<>\"“”]+[^\s)<>\"“”.,;:!?]")),
    ("the e-mail address %s", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "the number %s",
        re.compile(r"(?<![\d£])(?<!\d[.,])(?:999|112|111|101|105|0\d[\d ]{7,14}\d)(?!\d|[.,]\d)"),
    ),
)


@dataclass(frozen=True, slots=True)
class Text:
    """One text of our data, and where it is read."""

    source: str
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which line of a file."""

    line: int
    words: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.words}" if self.line else self.words


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: its language, translations by their sources, and how many it leaves out."""

    language: str
    texts: Mapping[str, str]
    empty: int
    unsure: int


class BadWords(DomainError):
    """A file that cannot be taken. `problems` has all that is wrong with it."""

    code = "words_not_valid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {one}" for one in self.problems[:50])
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        super().__init__(f"{count}, so nothing was changed:\n{lines}")


def as_po(
    texts: Sequence[Text], known: Mapping[str, str], language: str, *, missing: bool = False
) -> str:
    """The texts with their translations, in their order; with `missing` those without one alone."""
    catalog = Catalog(
        locale=language.replace("-", "_"),
        project="hub",
        charset="utf-8",
        fuzzy=False,
        header_comment=_HEADER,
    )
    for one in texts:
        if missing and one.source in known:
            continue
        catalog.add(one.source, known.get(one.source, ""), auto_comments=list(one.where))
    out = io.BytesIO()
    write_po(out, catalog, width=100, omit_header=False)
    return _CHANGING.sub("", out.getvalue().decode())


def read(content: bytes, languages: Sequence[str], *, language: str = "") -> Read:
    """What a file says, for one of the languages: its own, or the one that is named.

    Raises BadWords with everything that is wrong.
    """
    catalog = _catalog(content)
    messages = [one for one in catalog if one.id]
    if len(messages) > MOST_TEXTS:
        raise BadWords([Problem(0, f"It has more than {MOST_TEXTS:,} texts")])
    named = _language(catalog, languages, language)
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    empty = unsure = 0
    for one in messages:
        wrong = _unfit(one)
        if wrong:
            problems.append(Problem(one.lineno or 0, wrong))
        elif not str(one.string).strip():
            empty += 1
        elif one.fuzzy:
            unsure += 1
        else:
            texts[str(one.id)] = str(one.string)
    if problems:
        raise BadWords(problems)
    return Read(named, texts, empty, unsure)


def _catalog(content: bytes) -> Catalog:
    if len(content) > LARGEST:
        raise BadWords([Problem(0, f"It is larger than {LARGEST // 1_000_000} MB")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadWords([Problem(line, "It is not written in UTF-8")]) from error
    if "msgid" not in text:
        raise BadWords([Problem(0, "It is no PO file: nothing in it begins with msgid")])
    lines = text.replace("\r\n", "\n").split("\n")
    # Babel guesses what a line means that is none: we do not.
    if bad := [at for at, line in enumerate(lines, 1) if not _LINE.fullmatch(line.strip())]:
        raise BadWords([Problem(at, "It is no line of a PO file") for at in bad])
    try:
        return read_po(io.StringIO("\n".join(lines)), abort_invalid=True)
    except PoFileError as error:
        raise BadWords([Problem((error.lineno or 0) + 1, _plain(str(error)))]) from error
    except (ValueError, TypeError, LookupError, AttributeError, UnknownLocaleError) as error:
        raise BadWords([Problem(0, "It cannot be read as a PO file. Export it anew")]) from error


def _plain(words: str) -> str:
    return f"It cannot be read from here on ({words.partition(' on ')[0]})"


def _language(catalog: Catalog, languages: Sequence[str], named: str) -> str:
    """The one of ours that a file is in. Raises BadWords."""
    own = str(catalog.locale_identifier or "").replace("_", "-").lower()
    wanted = (named or own).replace("_", "-").lower()
    ours = ", ".join(languages)
    if not wanted:
        raise BadWords([Problem(0, f"It does not say its language. Ours are: {ours}")])
    if wanted not in languages:
        raise BadWords([Problem(0, f"“{wanted[:20]}” is none of our other languages: {ours}")])
    if own and own != wanted:
        raise BadWords([Problem(0, f"It says that it is in “{own[:20]}”, not in “{wanted}”")])
    return wanted


def _unfit(message: Message) -> str:
    """Why an entry cannot be taken; nothing where it can."""
    if message.context:
        return "A text has no context (msgctxt) here: it is translated once"
    if not isinstance(message.id, str) or not isinstance(message.string or "", str):
        return "A text of our data has no plural"
    if not message.string or message.fuzzy:
        return ""
    return unfit(message.id, str(message.string))


def unfit(source: str, text: str) -> str:
    """Why a text cannot stand for its source; nothing where it can."""
    if any(one == "\x00" or "\ud800" <= one <= "\udfff" for one in source + text):
        return "It has characters that cannot be kept"
    if len(source) > LONGEST:
        return f"“{_short(source)}” is longer than any text of our data"
    if len(text) > min(LONGEST, 4 * len(source) + 200):
        return f"The translation of “{_short(source)}” is far longer than the text"
    for words, pattern in _KEPT:
        before, after = sorted(pattern.findall(source)), sorted(pattern.findall(text))
        if lost := [one for one in before if before.count(one) > after.count(one)]:
            return f"The translation of “{_short(source)}” has lost {words % lost[0]}"
        if more := [one for one in after if after.count(one) > before.count(one)]:
            return f"The translation of “{_short(source)}” has {words % more[0]}, and it has not"
    return ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
