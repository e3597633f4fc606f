"""Gathers the words to translate into locale/*/LC_MESSAGES/django.po, and compiles them to .mo.

`make messages` does both; `--check` says what is missing, unused or not compiled, and writes
nothing. Needs no GNU gettext: Babel reads Python, Django's own lexer turns templates into Python.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
ROOMS = (
    "core",
    "accounts",
    "customers",
    "inbox",
    "kiosks",
    "kb",
    "notifications",
    "enquiries",
    "metrics",
    "channels",
    "desk",
    "hub",
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
# Lines of the header that would differ each time.
_CHANGING = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team'
    r"|Report-Msgid-Bugs-To): .*\n",
    re.MULTILINE,
)
_COMMENT = re.compile(r"\{#.*?#\}")


# Where, what (text, or text with its plural), and its context.
Said = tuple[str, str | tuple[str, ...], str | None]


def found() -> Iterator[Said]:
    """Everything that is marked for translation."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _in_python(path, path.read_bytes())
    for suffix in ("html", "txt"):
        for path in sorted((ROOT / "templates").rglob(f"*.{suffix}")):
            text = path.read_text(encoding="utf-8")
            if "{% load i18n" in text or "i18n" in text:
                python = templatize(_COMMENT.sub("", text), origin=str(path))
                # What stands for text around the words may be indented in any way.
                lines = "\n".join(line.strip() for line in python.splitlines())
                yield from _in_python(path, lines.encode())


def _in_python(path: Path, source: bytes) -> Iterator[Said]:
    name = path.relative_to(ROOT).as_posix()
    for _line, function, said, _comments in extract_python(io.BytesIO(source), KEYWORDS, (), {}):
        given: Any = said
        parts = [str(one) for one in (given if isinstance(given, tuple) else (given,)) if one]
        context = parts.pop(0) if parts and function and "pgettext" in function else None
        if parts:
            is_plural = str(function).startswith(("ngettext", "npgettext"))
            yield name, tuple(parts[:2]) if is_plural else parts[0], context


def gathered(language: str) -> Catalog:
    """Everything that is to be said in a language, without translations."""
    catalog = Catalog(
        locale=language, project="hub", charset="utf-8", fuzzy=False, header_comment=HEADER
    )
    for name, said, context in found():
        first = said if isinstance(said, str) else said[0]
        flags = ["python-format"] if "%(" in first else []
        where: Any = [(name, None)]
        catalog.add(said, locations=where, flags=flags, context=context)
    return catalog


HEADER = """# The hub in another language. `make messages` gathers and compiles; people translate.
#"""


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(language: str) -> Catalog:
    """The catalogue as it is kept."""
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> Catalog:
    """The kept catalogue with what is said now; translations of what has gone are dropped."""
    kept, now = read(language), gathered(language)
    for message in now:
        if not message.id:
            continue
        before = kept.get(message.id, message.context)
        if before is not None and before.string and not before.fuzzy:
            message.string = before.string
    return now


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as text, the same for the same words."""
    out = io.BytesIO()
    write_po(out, catalog, width=100, sort_output=True, omit_header=False, include_lineno=False)
    text = out.getvalue().decode()
    text = _CHANGING.sub("", text)
    return text.encode()


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue as gettext reads it, the same for the same words at any time."""
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def is_said(message: Message) -> bool:
    """Whether a message has all its words."""
    strings = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return all(strings)


def problems() -> list[str]:
    """What is wrong with the catalogues, a line each."""
    wrong = []
    for language in languages():
        kept = read(language)
        now = gathered(language)
        for message in now:
            if message.id and kept.get(message.id, message.context) is None:
                wrong.append(f"{language}: not gathered: {message.id!r}")
        for message in kept:
            if not message.id:
                continue
            if now.get(message.id, message.context) is None:
                wrong.append(f"{language}: said no more: {message.id!r}")
            elif not is_said(message) or message.fuzzy:
                wrong.append(f"{language}: not translated: {message.id!r}")
            wrong += [f"{language}: {message.id!r}: {error}" for error in message.check()]
        # Not the bytes: Babel writes the time into the header of what it reads.
        mo = (LOCALE / language / "LC_MESSAGES" / "django.mo").read_bytes()
        if mo != as_mo(read(language)):
            wrong.append(f"{language}: not compiled; run make messages")
    return wrong


def main() -> int:
    """Gather and compile, or check."""
    if "--check" in sys.argv:
        wrong = problems()
        print("\n".join(wrong) or "Every word has its translation.")
        return bool(wrong)
    for language in languages():
        folder = LOCALE / language / "LC_MESSAGES"
        (folder / "django.po").write_bytes(as_po(update(language)))
        catalog = read(language)
        (folder / "django.mo").write_bytes(as_mo(catalog))
        open_ = sum(1 for one in catalog if one.id and not is_said(one))
        print(f"{language}: {len(catalog)} messages, {open_} without a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
