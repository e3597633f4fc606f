"""How a form that was begun is kept: sealed, with a code of which only a hash is known."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from typing import Any, Final

from core import references, sealing
from core.privacy import keyed_hash

# What intake would be told so far, in words that every door reads.
NEED: Final = (
    "service", "form_id", "description", "answers", "postcode", "address", "uprn", "latitude",
    "longitude", "name", "email", "phone", "tell_by", "language", "send_to", "end",
)  # fmt: skip
_PURPOSE: Final = "begun form"
_GROUP, _GROUPS = 5, 2
_LOOKALIKES = str.maketrans("BSZ", "852")
_APART = re.compile(r"[\s\-\u2010-\u2015_.]+")


def seal(answers: Mapping[str, Any], need: Mapping[str, Any]) -> str:
    """What a door keeps for itself, and what every door reads, unreadable in the database."""
    body = {"answers": dict(answers), "need": {key: need.get(key) for key in NEED}}
    return sealing.seal(json.dumps(body), purpose=_PURPOSE)


def opened(sealed: str) -> dict[str, Any] | None:
    """Both again; None where they are gone, or do not open."""
    try:
        found: dict[str, Any] = json.loads(sealing.unseal(sealed, purpose=_PURPOSE))
    except (sealing.SealBroken, ValueError):
        return None
    return found


def new_code() -> str:
    """A code that can be read out: 45 bits, in two groups."""
    return "-".join(
        "".join(secrets.choice(references.ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS)
    )


def code_hash(code: str) -> str:
    """What is kept of a code; spaces, dashes and look-alikes in what was typed do not matter."""
    letters = _APART.sub("", code[:60]).upper().translate(_LOOKALIKES)
    return keyed_hash("begun form", letters)
