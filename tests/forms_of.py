"""What a service asks, written in a test and published as an editor would."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

import kb.actions_forms
from core.audit import SYSTEM
from kb.models import FormState, FormVersion


def publish(service: str, *questions: dict[str, Any], **more: Any) -> FormVersion:
    """The service asks these from now on; `more` has `ends` and `describe`."""
    return kb.actions_forms.publish(
        service_slug=service,
        data={"questions": list(questions), **more},
        actor=SYSTEM,
        now=timezone.now(),
    )


def add(service: str, *questions: dict[str, Any]) -> FormVersion:
    """The service asks these beside what it asks already; a known key stays as it is."""
    live = FormVersion.objects.filter(service__slug=service, state=FormState.LIVE).first()
    before = live.data["questions"] if live is not None else []
    known = {one["key"] for one in before}
    return publish(service, *before, *(one for one in questions if one["key"] not in known))


def choice(key: str, words: str = "", required: bool = True, /, **choices: str) -> dict[str, Any]:
    """A question with a choice of answers, each `value="Words"`."""
    return {
        "key": key,
        "type": "choice",
        "words": words or f"What about {key}?",
        "required": required,
        "choices": [{"value": value, "words": said} for value, said in choices.items()],
    }
