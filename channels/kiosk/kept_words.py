"""What a device kept, read by the rules of every door: what is good, and what is left over.

Nobody can be asked again. So nothing is refused here: what is no answer as our forms take it is
said to staff in words, beside all that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import kb.queries
import kb.questions
from accounts import areas
from channels.asking import questions
from channels.asking.journey import EMAIL, NOBODY, SMS, Journey
from core.errors import DomainError
from customers.contact import is_mobile, read_email, read_phone
from kb.forms.schema import DESCRIPTION, EndKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.models import Service

_MOST_ADDRESS, _MOST_NAME, _MOST_LISTED, _MOST_SHOWN = 300, 200, 100, 4_000
_LARGEST_ID: Final = 2**31 - 1
NOTHING: Final = "Nothing was written"


@dataclass(frozen=True, slots=True)
class Read:
    """A journey of what is good; `left` are lines for staff, with what could not be read.

    `ends_at` is the title of an end that the answers lead to and that nobody is known to have read.
    """

    journey: Journey
    left: tuple[str, ...] = ()
    ends_at: str = ""


class _Reader:
    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said, self.left = said, list[str]()

    def text(self, name: str) -> str:
        found = self.said.get(name)
        return found.strip() if isinstance(found, str) else ""

    def listed(self, name: str) -> tuple[str, ...]:
        found = self.said.get(name)
        listed = found[:_MOST_LISTED] if isinstance(found, list) else []
        return tuple(one for one in listed if isinstance(one, str))

    def over(self, what: str, value: Any) -> None:
        self.left.append(f"{what}: {_shown(value)}")

    def cut(self, name: str, what: str, most: int) -> str:
        found = self.text(name)
        if len(found) > most:
            self.over(what, found)
        return found[:most]

    def checked(self, name: str, what: str, read: Callable[[str], str]) -> str:
        """What a reader of the house makes of a text; nothing where it refuses."""
        found = self.text(name)
        try:
            return read(found) if found else ""
        except DomainError:
            self.over(what, found)
            return ""


def _shown(value: Any) -> str:
    listed = value if isinstance(value, list) else [value]
    return ", ".join(str(one) for one in listed)[:_MOST_SHOWN]


def understood(said: Mapping[str, Any], *, key: str, today: date) -> Read:
    """A kept entry as a journey that was answered on a day."""
    reader = _Reader(said)
    service = _service(reader)
    form_id = said.get("form_id")
    is_id = isinstance(form_id, int) and 0 <= form_id <= _LARGEST_ID
    journey = Journey(
        id=key,
        done=reader.listed("done"),
        passed=reader.listed("passed"),
        service=service.slug if service is not None else "",
        service_name=service.name if service is not None else NOTHING,
        form_id=int(form_id) if is_id and form_id is not None and service is not None else None,
        postcode=reader.checked("postcode", "Postcode", lambda text: areas.lookup(text).postcode),
        address=reader.cut("address", "Where it is", _MOST_ADDRESS),
        nowhere=said.get("nowhere") is True,
        description=reader.text("description"),
        name=reader.cut("name", "Name", _MOST_NAME),
        **_told(reader),
    )
    journey = _with_answers(reader, journey, service, today)
    asking = questions.of(journey, service, files=False, today=today)
    if journey.description and asking.form.question(DESCRIPTION) is None:
        reader.over("What they wrote", journey.description)
    end = asking.end
    is_read = end is None or end.kind is EndKind.EMERGENCY
    return Read(journey, tuple(reader.left), "" if is_read or end is None else end.title)


def _service(reader: _Reader) -> Service | None:
    slug = reader.text("service")
    found = kb.queries.service(slug) if slug else None
    if slug and found is None:
        reader.over("What it is about", slug)
    return found


def _told(reader: _Reader) -> dict[str, Any]:
    """How they want to be told. An address that is none is left to staff, who may make it out."""
    way = reader.text("tell_by")
    if way == NOBODY:
        return {"tell_by": NOBODY}
    email = reader.checked("email", "Email address", read_email) if way != SMS else ""
    phone = reader.checked("phone", "Telephone", read_phone) if way != EMAIL else ""
    if way == SMS and phone and not is_mobile(phone):
        reader.over("Telephone", phone)
        phone = ""
    wanted = {EMAIL: email, SMS: phone}.get(way, "")
    if wanted:
        return {"tell_by": way, "email": email, "phone": phone}
    for what, value in (("Email address", email), ("Telephone", phone)):
        if value:
            reader.over(what, value)
    return {"tell_by": ""}


def _with_answers(
    reader: _Reader, journey: Journey, service: Service | None, today: date
) -> Journey:
    sent = reader.said.get("answers")
    given = dict(list(sent.items())[:_MOST_LISTED]) if isinstance(sent, dict) else {}
    if not given:
        return journey
    form_id = kb.questions.version_kept(service, journey.form_id, given)
    words = {one.key: one.words for one in questions.of(journey, service).form.questions}
    answers: dict[str, Any] = {}
    for key, value in given.items():
        try:
            checked = kb.questions.checked(service, {key: value}, version_id=form_id, today=today)
            answers |= checked
        except DomainError:
            reader.over(words.get(key, key), value)
    journey = replace(journey, answers=answers)
    if reader.left:
        # What was refused may be what another question hung on: that is told as well.
        counting = questions.of(journey, service, files=False, today=today).answers
        for key in answers.keys() - counting.keys():
            reader.over(words.get(key, key), answers[key])
    return journey


def all_of_it(said: Mapping[str, Any]) -> str:
    """Everything that was said, line by line, for staff to read: where no rule can."""
    reader = _Reader(said)
    named = {
        "service": "What it is about", "postcode": "Postcode", "address": "Where it is",
        "name": "Name", "email": "Email address", "phone": "Telephone", "tell_by": "Tell them by",
    }  # fmt: skip
    lines = [reader.text("description")]
    lines += [f"{what}: {found}" for key, what in named.items() if (found := reader.text(key))]
    sent = said.get("answers")
    given = sent.items() if isinstance(sent, dict) else ()
    lines += [f"{key}: {_shown(value)}" for key, value in given]
    return "\n".join(line for line in lines if line) or NOTHING
