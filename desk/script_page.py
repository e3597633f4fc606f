"""The page of a script: what is asked now, where it ends, what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import kb.asking
import kb.queries
import kb.queries_notices
from accounts.permissions import Viewer
from customers.contact import shown
from desk import scripts, sitting
from desk.forms_script import ScriptForm, say
from enquiries.queries.contacts import OpenContact
from kb.asking import FILES, WHAT, WHERE, YOU, Asking
from kb.forms import words
from kb.forms.schema import EndKind, Question
from kb.journeys import EMAIL, SMS, Journey
from teamwork.queries_scripts import Kept, wants_whole


@dataclass(frozen=True, slots=True)
class Row:
    """One question that was answered, or that is known, with the key to change it."""

    key: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class State:
    """A script with its form as it stands for one viewer."""

    contact: OpenContact
    kept: Kept
    asking: Asking
    whole: bool

    @property
    def here(self) -> str:
        """The address of its page."""
        return f"/desk/contact/{self.contact.public_id}/scripts/{self.kept.public_id}/"

    def open_now(self, at: str = "") -> list[Question]:
        """The questions that are put now: the next one, the one to be changed, or all."""
        turn = self.asking.first_open
        chosen = self.asking.question(at) if at and self.asking.may_answer(at) else None
        if self.whole:
            return self.asking.questions if turn is not None or chosen is not None else []
        one = chosen or turn
        return [one] if one is not None else []


def state(who: Viewer, contact: OpenContact, kept: Kept) -> State:
    """A script as a viewer is led through it."""
    service = kb.queries.service(kept.journey.service) if kept.journey.service else None
    return State(contact, kept, scripts.asking(kept, contact, service), wants_whole(who))


def context(
    now_: State, *, at: str = "", form: ScriptForm | None = None, now: datetime
) -> dict[str, Any]:
    """Everything on the page; `form` is one that was sent and refused."""
    asking = now_.asking
    end = asking.end if form is None else None
    open_now = now_.open_now(at) if end is None else []
    if form is None and open_now:
        form = ScriptForm(asking=asking, questions=open_now)
    expected = scripts.expected(asking, now)
    return {
        "nav_here": "contact",
        "contact": now_.contact,
        "state": now_,
        "here": now_.here,
        "revision": now_.kept.revision,
        "service": asking.service,
        "danger": sitting.danger(asking.service),
        "end": end,
        "is_emergency": end is not None and end.kind is EndKind.EMERGENCY,
        "back_of_end": asking.before_end(end) if end is not None else "",
        "form": form,
        "key": open_now[0].key if len(open_now) == 1 and not now_.whole else "",
        "progress": _progress(asking, open_now) if not now_.whole else None,
        "rows": rows(now_),
        "expected": expected,
        "outside": expected.outside if expected is not None else None,
        "needs_somebody": _needs_somebody(now_),
        "is_whole_form": now_.whole,
    }


def _progress(asking: Asking, open_now: list[Question]) -> Mapping[str, Any] | None:
    if not open_now:
        return None
    number, most, may_be_fewer = asking.progress(open_now[0].key)
    return {"number": number, "most": most, "may_be_fewer": may_be_fewer}


def _needs_somebody(now_: State) -> bool:
    service = now_.asking.service
    journey = now_.kept.journey
    is_known = now_.contact.person is not None or journey.email or journey.phone
    return service is not None and not service.anonymous_ok and not is_known


def rows(now_: State) -> list[Row]:
    """What is known, in the order of the questions."""
    journey = now_.kept.journey
    found = []
    for question in now_.asking.questions:
        if question.key in journey.done:
            answer = _answer(question, journey) or _open(question, now_)
            found.append(Row(question.key, say(question), answer))
    return found


def _open(question: Question, now_: State) -> str:
    return "They could not say" if question.key in now_.kept.left else "Left open"


def _answer(question: Question, journey: Journey) -> str:
    part = kb.asking.role(question)
    if part == WHERE:
        where = " ".join(filter(None, (journey.address, journey.postcode)))
        return where or ("There is no place" if journey.nowhere else "")
    if part == WHAT:
        return journey.description
    if part == YOU:
        return _who(journey)
    if part == FILES:
        return ""
    given = journey.answers.get(question.key)
    return words.answer(question, given) if given else ""


def _who(journey: Journey) -> str:
    ways = {EMAIL: "by email", SMS: "by text message"}
    phone = shown(journey.phone) if journey.phone else ""
    told = f"told {ways[journey.tell_by]}" if journey.tell_by in ways else "not told"
    said = [one for one in (journey.name, phone, journey.email) if one]
    return ", ".join([*said, told]) if said else "Anonymous"
