"""What data says, in the language of who reads it.

Data is written in English, and translated text by text (`kb.actions_tongues`). Wherever a citizen
reads it, it goes through `said`, which knows its language too: templates have `{{ text|said }}`
with `{% tongue text %}` in the tag around it. Staff read English, and answers are kept as English.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.utils.translation import get_language, gettext

from kb.models import ContentWords

# The attribute `lang` of what nobody has translated.
ENGLISH = "en-GB"
# For so many seconds a process goes on with what it knew; another may have changed it meanwhile.
STALE = 30.0
_CALLED = ": what people call it"
_State = tuple[object, ...]


class Said(str):
    """A text as it is shown. `lang` is nothing where it is in the language of the page."""

    __slots__ = ("lang",)
    lang: str

    def __new__(cls, text: str, lang: str = "") -> Said:
        """A text that knows its language."""
        made = super().__new__(cls, text)
        made.lang = lang
        return made


@dataclass(slots=True)
class _Book:
    """The texts of a language by their sources, as they were at a moment."""

    state: _State
    texts: dict[str, str]
    seen_at: float


_books: dict[str, _Book] = {}


def said(text: object) -> Said:
    """A text of our data in the language of the page, else as it was written, marked as English.

    What was said once stays as it is. Words that stand in our own catalogue ("Yes") are taken from
    there where nobody has translated them for the data.
    """
    if isinstance(text, Said):
        return text
    plain = "" if text is None else str(text)
    language = get_language() or "en"
    if is_english(language) or not plain.strip():
        return Said(plain)
    found = _texts(language).get(plain)
    return ours(plain) if found is None else Said(found)


def ours(text: str) -> Said:
    """A text that may stand in our own catalogue; asks no database."""
    found = gettext(text) if text else text
    is_known = found != text or is_english(get_language() or "en")
    return Said(found) if is_known else Said(text, ENGLISH)


def woven(pattern: str, **parts: object) -> Said:
    """Texts of our data within words of the page, which are translated already."""
    spoken = {name: said(part) for name, part in parts.items()}
    return Said(pattern % spoken, next((one.lang for one in spoken.values() if one.lang), ""))


def joined(texts: Iterable[object], between: str = ", ") -> Said:
    """Several texts in a row. One that nobody has translated makes all of them English."""
    rows = list(texts)
    spoken = [said(one) for one in rows]
    if any(one.lang for one in spoken):
        return Said(between.join(str(one) for one in rows), ENGLISH)
    return Said(between.join(spoken))


def is_english(language: str) -> bool:
    """Whether a language is the one in which data is written."""
    return language.partition("-")[0] == "en"


def called(name: str) -> str:
    """The text that has what people call a service, parted by commas: searched, never shown.

    Its English is in the service's own synonyms; kb.search_index reads the others by this.
    """
    return f"{name}{_CALLED}"


def named(text: str) -> str:
    """The name of a service that such a text is of; a text that is none of these as it is."""
    return text.removesuffix(_CALLED)


def key(source: str) -> str:
    """What a text is known by."""
    return hashlib.sha256(source.encode()).hexdigest()


def forget() -> None:
    """What this process knows is read anew before it is said again."""
    _books.clear()


def _texts(language: str) -> dict[str, str]:
    kept, now = _books.get(language), time.monotonic()
    if kept is not None and now - kept.seen_at < STALE:
        return kept.texts
    try:
        state = _state(language)
        if kept is None or kept.state != state:
            rows = ContentWords.objects.filter(language=language)
            kept = _Book(state, dict(rows.values_list("source", "text").order_by()), now)
            _books[language] = kept
    except DatabaseError:
        # A page that says that something is wrong is shown all the same.
        return kept.texts if kept is not None else {}
    kept.seen_at = now
    return kept.texts


# No time of a change is asked for: one that was begun earlier may be committed later.
_STATE = """
SELECT count(*), sum(hashtext(key || text)::bigint) FROM kb_contentwords WHERE language = %s"""


def _state(language: str) -> _State:
    """Differs when any text of a language has changed, come or gone."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [language])
        return tuple(cursor.fetchone())
