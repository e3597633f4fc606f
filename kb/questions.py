"""What a service asks, from its live form; and what is an answer to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, Prefetch, prefetch_related_objects
from django.utils import timezone

from core.errors import DomainError
from core.statements import Given, Objects, objects
from kb.forms import answers as reader
from kb.forms import path, reading, standard, words
from kb.forms.answers import NotAnAnswer as NotRead
from kb.forms.schema import CHOSEN, Answer, Answers, Form, Question
from kb.forms.words import Said
from kb.models import FormState, FormVersion, Service

__all__ = ["NotAnAnswer", "Question", "Said"]

# Stands for the form of a service that has none of its own, where a version is kept.
UNWRITTEN = 0


class NotAnAnswer(DomainError):
    code = "answer_not_valid"


@dataclass(frozen=True, slots=True)
class Asked:
    """A service's form as it is asked now, and the version it comes from (None: the catalogue)."""

    form: Form
    version_id: int | None


def made_ready(services: Sequence[Service]) -> Sequence[Service]:
    """Services whose live forms are all read at once: one statement for a whole list."""
    live = FormVersion.objects.filter(state=FormState.LIVE)
    prefetch_related_objects(services, Prefetch("forms", queryset=live, to_attr="live_forms"))
    return services


def _live(service: Service) -> FormVersion | None:
    if not hasattr(service, "live_forms"):
        live_forms = _live_forms().rows(service=service.pk)
        for one in live_forms:
            one.service = service
        service.live_forms = live_forms  # type: ignore[attr-defined]  # as `made_ready` has it
    live: list[FormVersion] = getattr(service, "live_forms", [])
    return next(iter(live), None)


@cache
def _live_forms() -> Objects[FormVersion]:
    service = Given("service", BigIntegerField())
    return objects(
        FormVersion.objects.filter(service_id=service, state=FormState.LIVE), prepared=True
    )


def own_form(service: Service | None) -> Form:
    """What a service asks of its own. One statement for each service that was read."""
    live = _live(service) if service is not None else None
    return reading.form(live.data) if live is not None else Form(())


def asked(service: Service | None, version_id: int | None = None) -> Asked:
    """The whole form of a service: its own questions and what every service asks.

    With a version as that one asks, also when it has been replaced; UNWRITTEN names the form of a
    service that had none of its own. One that is not this service's is no version: the live one.
    """
    found = _of_version(service, version_id)
    own = reading.form(found.data) if found is not None else Form(())
    return Asked(standard.completed(own, facts(service)), found.pk if found is not None else None)


def _of_version(service: Service | None, version_id: int | None) -> FormVersion | None:
    if service is None or version_id == UNWRITTEN:
        return None
    live = _live(service)
    if version_id is None or (live is not None and live.pk == version_id):
        return live
    past = FormVersion.objects.filter(pk=version_id, service=service, state=FormState.PAST)
    return past.first() or live


def facts(service: Service | None) -> standard.Facts:
    """What a service's form takes from the catalogue."""
    if service is None:
        return standard.Facts(is_known=False)
    return standard.Facts(
        location=service.location,
        owner_tier=service.owner_tier,
        prompt=service.prompt,
        anonymous_ok=service.anonymous_ok,
        subject=service.subject,
    )


def version(version_id: int) -> Form:
    """The own questions of one version, live or past."""
    return reading.form(FormVersion.objects.get(pk=version_id).data)


def of(service: Service | None) -> Sequence[Question]:
    """The own questions of a service in their order."""
    return own_form(service).own


def choices(question: Question) -> list[tuple[str, str]]:
    """The possible answers, each with its words."""
    return [(one.value, one.words) for one in question.choices]


def version_of(service: Service | None, version_id: int | None) -> int | None:
    """The version that an enquiry keeps: the one named where it is the service's, else the live."""
    if service is None or version_id == UNWRITTEN:
        return None
    live = _live(service)
    if version_id is None or (live is not None and live.pk == version_id):
        return live.pk if live is not None else None
    known = FormVersion.objects.filter(pk=version_id, service=service).exclude(
        state=FormState.DRAFT
    )
    return version_id if known.exists() else (live.pk if live is not None else None)


def version_kept(
    service: Service | None, version_id: int | None, answers: Mapping[str, Any]
) -> int | None:
    """The same, and none where no form asked: a text, another system without answers."""
    asked = answers or version_id is not None
    return version_of(service, version_id) if asked else None


def checked(
    service: Service | None,
    answers: Mapping[str, Any],
    *,
    version_id: int | None = None,
    today: date | None = None,
) -> dict[str, Answer]:
    """Answers as they are kept, by a version of the form or by the live one.

    Raises NotAnAnswer for what nobody asked, or is no answer to it.
    """
    if not answers:
        return {}
    if service is None:
        raise NotAnAnswer("Say which service it is about before its questions", field="answers")
    form = version(version_id) if version_id is not None else own_form(service)
    known = {question.key: question for question in path.everywhere(form).own}
    kept: dict[str, Answer] = {}
    for key, value in answers.items():
        if key not in known:
            asks = _listed(known) or "nothing"
            raise NotAnAnswer(
                f"{service.name} does not ask {_shown(key)}. It asks {asks}", field="answers"
            )
        kept[key] = _read(known[key], value, today or timezone.localdate())
    return {key: kept[key] for key in known if key in kept}


def _read(question: Question, value: Any, today: date) -> Answer:
    try:
        return reader.read(question, value, today=today)
    except NotRead as error:
        field = f"answers.{question.key}"
        if question.kind not in CHOSEN:
            words_ = f"{_shown(str(value))} is no answer to {_shown(question.key)}. {error.message}"
            raise NotAnAnswer(words_, field=field) from error
        raise NotAnAnswer(
            f"{_shown(str(value))} is no answer to {_shown(question.key)}. "
            f"Use one of {_listed(question.values)}",
            field=field,
        ) from error


def still(service: Service, answers: Answers) -> dict[str, Answer]:
    """Those of some answers that are answers for this service too."""
    if not answers:
        return {}
    kept: dict[str, Answer] = {}
    for question in of(service):
        if question.key not in answers:
            continue
        given = answers[question.key]
        values = given if isinstance(given, list) else [given]
        if not question.choices or all(one in question.values for one in values):
            kept[question.key] = given
    return kept


def in_words(
    service: Service | None, answers: Answers, version_id: int | None = None
) -> list[Said]:
    """What was answered, in the order of the questions; nothing that was not asked.

    With a version, in its words; an answer to a question that has gone since is read by its key.
    """
    if not answers:
        return []
    live = _live(service) if service is not None else None
    if version_id is None or (live is not None and live.pk == version_id):
        form = own_form(service)
    else:
        form = version(version_id)
    return words.said(path.everywhere(form), answers)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _shown(text: str) -> str:
    return f"“{text[:60]}”"
