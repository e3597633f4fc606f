"""Names as they are spoken: without accents, capitals and what is written between them. Pure."""

from __future__ import annotations

import re
import unicodedata

# Letters that are no base letter with a mark, as who has an English keyboard types them. The
# database folds the names that are looked for in the same way (migration 0008).
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "ŧ": "t", "ß": "ss", "æ": "ae",
     "œ": "oe", "þ": "th"}
)  # fmt: skip
_BEGINS = re.compile(r"\b(O|Mc|Mac)['’`]?(?=\w{3})", re.IGNORECASE)
_PREFIX = re.compile(r"\b(O|Mc|Mac) +(?=\w\w)", re.IGNORECASE)


def plain(text: str) -> str:
    """Words that can be compared with what was heard."""
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.sub(r"[^\w\s]", " ", bare).split())


def joined(name: str) -> str:
    """A name whose first part is written apart, as one word: "O Brien" is "OBrien"."""
    return _PREFIX.sub(r"\1", name)


def apart(name: str) -> str:
    """A name with whatever may be such a first part written apart: "OBrien" is "O Brien"."""
    return _BEGINS.sub(r"\1 ", name)
