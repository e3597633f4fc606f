"""A form, tried: one question after another as a door asks them. Nothing is kept or sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from desk import formeditor_preview as preview
from desk.forms_formeditor_try import StepForm
from kb.forms import answers as reader
from kb.forms import explained, path
from kb.forms import words as saying
from kb.forms.answers import NotAnAnswer
from kb.forms.schema import Answer, EndKind, Form, Question

if TYPE_CHECKING:
    from kb.models import Service

DOORS = (
    ("web", "Website"),
    ("kiosk", "Kiosk"),
    ("desk", "Agent"),
    ("sms", "Text message"),
)
MOST_STATE = 60_000


@dataclass(slots=True)
class Walk:
    """How far somebody has come; it lives in the page alone."""

    answers: dict[str, Answer] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """To be carried on in the page."""
        return json.dumps([self.answers, self.done, self.passed], ensure_ascii=False)


def _walk(text: str) -> Walk:
    """A walk out of a page; one that cannot be read begins again."""
    try:
        answers, done, passed = json.loads(text[:MOST_STATE])
        kept: dict[str, Answer] = {
            str(key): value
            for key, value in dict(answers).items()
            if isinstance(value, str)
            or (isinstance(value, list) and all(isinstance(one, str) for one in value))
        }
        return Walk(kept, [str(one) for one in done], [str(one) for one in passed])
    except (ValueError, TypeError, RecursionError):
        return Walk()


def asked(request: HttpRequest) -> QueryDict:
    """What the page was asked with: the door, the area, and how far the walk has come."""
    return request.POST if request.method == "POST" else request.GET


def walked(request: HttpRequest, service: Service, form: Form) -> dict[str, Any]:
    """The next question or the end that the answers so far lead to, for parts/try.html.

    `form` is as it is asked where it is tried.
    """
    today, data = timezone.localdate(), asked(request)
    door = data.get("door", "web")
    door = door if door in dict(DOORS) else "web"
    state = Walk() if "again" in data else _walk(data.get("state", ""))
    step = _answered(request, form, state, door, today)
    end = path.end(form, state.answers, today=today, passed=state.passed)
    question = path.next_open(form, state.answers, state.done, today=today) if end is None else None
    if step is None and question is not None:
        step = StepForm(None, question=question, door=door)
    shown = step.question if step is not None and end is None else None
    return {
        "state": state.text,
        "door": door,
        "doors": DOORS,
        "step": step if shown is not None else None,
        "question": shown,
        "seen": preview.of_question(shown) if shown is not None else None,
        "replies": preview.replies(service) if door == "sms" else None,
        "end": end,
        "end_kind": explained.ENDS[end.kind] if end is not None else "",
        "end_text": preview.message(explained.end_as_text(end)) if end is not None else None,
        "may_pass": end is not None and end.kind is EndKind.EMERGENCY,
        "said": _said(form, state, today),
        "at": len(state.done) + 1,
        "of": len(path.asked(form, state.answers, today=today)),
    }


def _answered(
    request: HttpRequest, form: Form, state: Walk, door: str, today: date
) -> StepForm | None:
    """Takes what was answered into the walk; gives the step back where it was no answer."""
    key = request.POST.get("question", "")
    question = form.question(key)
    if "pass" in request.POST:
        end = path.end(form, state.answers, today=today, passed=state.passed)
        if end is not None and end.kind is EndKind.EMERGENCY:
            state.passed.append(end.key)
        return None
    if question is None or "answer" not in request.POST:
        return None
    step = StepForm(request.POST, question=question, door=door)
    if not step.is_valid():
        return step
    given = step.cleaned_data["given"]
    if given not in (None, "", []):
        try:
            state.answers[key] = reader.read(question, given, today=today)
        except NotAnAnswer as error:
            step.add_error(step.first, error.message)
            return step
    elif question.required and step.is_asked:
        step.add_error(step.first, _missing(question))
        return step
    else:
        state.answers.pop(key, None)
    if key not in state.done:
        state.done.append(key)
    if not step.is_asked:
        # A place, a file and a person are typed elsewhere: something stands for them here.
        state.answers[key] = "shown"
    return None


def _missing(question: Question) -> str:
    return "Choose an answer" if question.choices else "Write an answer"


def _said(form: Form, state: Walk, today: date) -> list[saying.Said]:
    counting = path.counting(form, state.answers, today=today)
    return [one for one in saying.said(form, counting) if form.question(one.key)]
