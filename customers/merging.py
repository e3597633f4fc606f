"""What becomes of two rows that are one person, field by field. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final

PERSON_FIELDS: Final = (
    "full_name", "address", "postcode", "uprn", "language", "is_vulnerable", "vulnerable_why",
    "vulnerable_until", "tell_how_much", "tell_by", "post_unusable_at",
)  # fmt: skip
POINT_FIELDS: Final = (
    "verified_at", "verified_how", "for_one", "is_preferred", "opted_out_at", "unusable_at",
)  # fmt: skip
_PLACE: Final = ("address", "postcode", "uprn", "post_unusable_at")
_WORDS: Final = {
    "full_name": "their name",
    "address": "their address",
    "postcode": "their postcode",
    "uprn": "the number of their property",
    "language": "their language",
    "is_vulnerable": "whether they are vulnerable",
    "vulnerable_why": "why they are vulnerable",
    "vulnerable_until": "how long they are vulnerable",
    "tell_how_much": "how much they want to hear",
    "tell_by": "by what they are told",
    "post_unusable_at": "whether letters arrive",
    "is_preferred": "where they are reached first",
}
_ROWS: Final = {
    "points": "phone numbers or email addresses",
    "needs": "needs",
    "names": "other names",
    "addresses": "other addresses",
    "alerts": "alerts",
    "news": "words on news",
    "moves": "changes of address",
    "for": "people who act for them",
    "acts": "people for whom they act",
    "enquiries": "enquiries",
    "contacts": "contacts",
}
_TIMES: Final = ("verified_at", "opted_out_at", "unusable_at", "post_unusable_at")


def person(
    kept: Mapping[str, Any], gone: Mapping[str, Any], take: Collection[str]
) -> dict[str, Any]:
    """What the one who stays becomes: their own, filled from the other where it is empty, or as
    somebody chose (`name`, `address`). Who was vulnerable stays so."""
    made = dict(kept)
    if gone["full_name"] and (not kept["full_name"] or "name" in take):
        made["full_name"] = gone["full_name"]
    if gone["address"] and (not kept["address"] or "address" in take):
        made.update({name: gone[name] for name in _PLACE})
    if gone["is_vulnerable"] and not kept["is_vulnerable"]:
        for name in ("is_vulnerable", "vulnerable_why", "vulnerable_until"):
            made[name] = gone[name]
    for name in ("tell_by", "tell_how_much"):
        made[name] = kept[name] or gone[name]
    if kept["language"].startswith("en") and not gone["language"].startswith("en"):
        made["language"] = gone["language"]
    return made


def point(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any]:
    """An address that both have: what was proved of either is proved, what failed has failed."""
    made = dict(kept)
    if gone["verified_at"] and not kept["verified_at"]:
        made["verified_at"], made["verified_how"] = gone["verified_at"], gone["verified_how"]
    made["for_one"] = kept["for_one"] and gone["for_one"]
    for name in ("opted_out_at", "unusable_at"):
        made[name] = kept[name] or gone[name]
    return made


def other_names(now: str, gone: str, was: str, had: Collection[str]) -> list[str]:
    """Names that nobody would read any more, to be kept beside the one that is used."""
    names = dict.fromkeys(name for name in (gone, was) if name and name != now)
    return [name for name in names if name not in had]


def said(value: Any) -> Any:
    """A value as it is written into a merge."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def read(field: str, value: Any) -> Any:
    """The same, read back."""
    if value is None or not isinstance(value, str):
        return value
    if field in _TIMES:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if field == "vulnerable_until" else value


def changed(field: str) -> str:
    """What is said of a field that somebody changed since."""
    what = _WORDS.get(field, "what is known of an address that both have")
    return f"Changed since the merge, and left as it is now: {what}"


def not_back(table: str, count: int) -> str:
    """What is said of rows that are not there any more, or are somebody else's now."""
    return f"Changed hands or ended since the merge, and left alone: {count} {_ROWS[table]}"
