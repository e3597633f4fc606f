"""What a service asks because the answer decides who must act; and what is an answer to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from core.errors import DomainError
from kb.models import Question, Service


class NotAnAnswer(DomainError):
    code = "answer_not_valid"


@dataclass(frozen=True, slots=True)
class Said:
    """One question and what was answered, in words."""

    question: str
    answer: str


def of(service: Service | None) -> Sequence[Question]:
    """The questions of a service in their order. One statement for each service that was read."""
    if service is None:
        return []
    prefetch_related_objects([service], "questions")
    return list(service.questions.all())


def made_ready(services: Sequence[Service]) -> Sequence[Service]:
    """Services whose questions are all read at once: one statement for a whole list."""
    prefetch_related_objects(services, "questions")
    return services


def choices(question: Question) -> list[tuple[str, str]]:
    """The possible answers, each with its words."""
    return [(str(one["value"]), str(one["words"])) for one in question.choices]


def checked(service: Service | None, answers: Mapping[str, str]) -> dict[str, str]:
    """Answers as they are kept. Raises NotAnAnswer for what nobody asked, or is no answer to it."""
    if not answers:
        return {}
    if service is None:
        raise NotAnAnswer("Say which service it is about before its questions", field="answers")
    asked = {question.key: question for question in of(service)}
    for key, value in answers.items():
        if key not in asked:
            known = _listed(asked) or "nothing"
            raise NotAnAnswer(
                f"{service.name} does not ask {_shown(key)}. It asks {known}", field="answers"
            )
        values = [one for one, _words in choices(asked[key])]
        if value not in values:
            raise NotAnAnswer(
                f"{_shown(value)} is no answer to {_shown(key)}. Use one of {_listed(values)}",
                field=f"answers.{key}",
            )
    return {key: answers[key] for key in asked if key in answers}


def still(service: Service, answers: Mapping[str, str]) -> dict[str, str]:
    """Those of some answers that are answers for this service too."""
    if not answers:
        return {}
    possible = {question.key: dict(choices(question)) for question in of(service)}
    return {key: value for key, value in answers.items() if value in possible.get(key, {})}


def in_words(service: Service | None, answers: Mapping[str, object]) -> list[Said]:
    """What was answered, in the order of the questions; nothing that was not asked.

    An answer to a question that has gone since is read by its key.
    """
    if not answers:
        return []
    known = {question.key: question for question in of(service)}
    ordered = [key for key in known if key in answers]
    ordered += [key for key in sorted(answers) if key not in known]
    return [
        Said(
            question=known[key].words if key in known else key.replace("-", " ").capitalize(),
            answer=dict(choices(known[key]) if key in known else []).get(
                str(answers[key]), str(answers[key])
            ),
        )
        for key in ordered
    ]


def _listed(names: Sequence[str] | Mapping[str, object]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _shown(text: str) -> str:
    return f"“{text[:60]}”"
