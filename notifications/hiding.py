"""Facts that stand in a message alone: kept sealed until it is sent, and never shown to staff."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape

from core import sealing

_PURPOSE = "notifications.hidden"
_PLACE = re.compile(r"\(\w+: only in the message\)")


def places(hidden: Mapping[str, str]) -> dict[str, str]:
    """What stands in the kept words instead of each fact."""
    return {name: f"({name}: only in the message)" for name in hidden}


def has_places(words: str) -> bool:
    """Whether something stands in these words that is not kept in them."""
    return _PLACE.search(words) is not None


def seal(hidden: Mapping[str, str]) -> str:
    """The facts, unreadable without the key that is not in the database; "" for none."""
    return sealing.seal(json.dumps(dict(hidden)), purpose=_PURPOSE) if hidden else ""


def facts(sealed: str) -> dict[str, str]:
    """The facts themselves, for the message alone. Raises core.sealing.SealBroken."""
    if not sealed:
        return {}
    hidden: dict[str, str] = json.loads(sealing.unseal(sealed, purpose=_PURPOSE))
    return hidden


def shown(words: str, sealed: str) -> str:
    """The words as they go out. Raises core.sealing.SealBroken."""
    return _put(words, facts(sealed))


def shown_html(words: str, sealed: str) -> str:
    """The same for words that are HTML."""
    return _put(words, {name: escape(value) for name, value in facts(sealed).items()})


def _put(words: str, hidden: Mapping[str, str]) -> str:
    for name, place in places(hidden).items():
        words = words.replace(place, hidden[name])
    return words
