"""Where a text says that something is: a postcode, a house, a street and town."""

from __future__ import annotations

import re
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts import addresses, areas
from accounts.addresses import Found
from channels.asking.questions import Asking
from channels.sms import parsing, replies
from channels.sms.dialog import Dialog, Turn
from channels.sms.turns import Located
from core.errors import DomainError
from kb.forms.schema import Kind, Question

# Addresses that are offered to choose from; more are asked for more closely.
MOST: Final = 9
_LONGEST: Final = 300
_POSTCODE = re.compile(r"(?i)(?<![A-Z0-9])[A-Z]{1,2}[0-9][A-Z0-9]?\s{0,3}[0-9][A-Z]{2}(?![A-Z0-9])")


def place(asking: Asking, question: Question, words: str, dialog: Dialog) -> Located:
    """What words say of the place that a question asks for."""
    chosen = replies.one_of(len(dialog.offered), words) if dialog.turn is Turn.HOUSE else None
    listed = addresses.by_uprn(dialog.offered[chosen][1]) if chosen is not None else None
    if listed is not None:
        return Located(data=_of(listed))
    postcodes = parsing.postcodes(words)
    rest = _POSTCODE.sub(" ", words)
    rest = " ".join(rest.split()).strip(" ,.;:-")[:_LONGEST]
    if len(postcodes) > 1:
        return Located(note=_("You named two postcodes. Text the one that it is."))
    try:
        postcode = areas.lookup(postcodes[0]).postcode if postcodes else ""
    except DomainError as error:
        return Located(note=f"{error}.")
    in_house = dialog.turn is Turn.HOUSE and not postcode
    if in_house:
        postcode = dialog.journey.postcode
    if postcode:
        return _at(asking, question, postcode, rest)
    return _in_words(question, rest, dialog)


def at_postcode(asking: Asking, question: Question, postcode: str) -> Located:
    """What a postcode alone answers of a question."""
    return _at(asking, question, postcode, "")


def postcode_in(words: str) -> str:
    """The one postcode that words name, where we know it; "" for none, or for several."""
    found = parsing.postcodes(words)
    try:
        return areas.lookup(found[0]).postcode if len(found) == 1 else ""
    except DomainError:
        return ""


def _at(asking: Asking, question: Question, postcode: str, rest: str) -> Located:
    """A postcode, with the house where it is needed and known."""
    if question.kind is not Kind.ADDRESS or not (asking.lists or question.exact):
        return Located(data=_data(postcode, rest))
    if not any(one.isalnum() for one in rest):
        return Located(house=True, postcode=postcode)
    found = _matching(list(addresses.at(postcode)), rest)
    if len(found) == 1:
        return Located(data=_of(found[0]))
    if 1 < len(found) <= MOST:
        return Located(offered=tuple((one.text, one.uprn) for one in found), postcode=postcode)
    return Located(data=_data(postcode, rest))


def _in_words(question: Question, rest: str, dialog: Dialog) -> Located:
    """A street and town: one that the address book knows, else in words, asked for once more."""
    if not any(one.isalpha() for one in rest):
        return Located(note=_("We could not read that as a place."))
    found = addresses.named(rest)
    if len(found) == 1:
        return Located(data=_of(found[0]))
    if 1 < len(found) <= MOST:
        return Located(offered=tuple((one.text, one.uprn) for one in found))
    if dialog.tries and not question.exact:
        return Located(data=_data("", rest))
    if question.exact:
        return Located(note=_("We need the postcode of the address."))
    return Located(note=_("The postcode tells us which council it is for. "
                          "If you do not know it, text the street and town again."))  # fmt: skip


def _matching(rows: list[Found], words: str) -> list[Found]:
    """The addresses that have all of these words."""
    wanted = _tokens(words)
    return [one for one in rows if wanted and wanted <= _tokens(one.text)]


def _tokens(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", replies.plain(text)))


def _of(found: Found) -> dict[str, Any]:
    return {
        **_data(areas.spaced(found.postcode), found.text),
        "uprn": found.uprn,
        "latitude": found.latitude,
        "longitude": found.longitude,
    }


def _data(postcode: str, address: str) -> dict[str, Any]:
    return {
        "postcode": postcode,
        "address": address,
        "nowhere": not postcode,
        "uprn": "",
        "latitude": None,
        "longitude": None,
    }
