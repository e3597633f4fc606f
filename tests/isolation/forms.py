"""A form that is live and a draft of it, for the addresses of their editor."""

from __future__ import annotations

from core.audit import SYSTEM
from kb import actions_forms
from kb.forms import editing
from tests import forms_of
from tests.world import NOW

SERVICE = "allotments"


def form_and_draft() -> None:
    """A service asks which plot, and a draft adds where the form ends early."""
    forms_of.publish(SERVICE, forms_of.choice("plot", "Which plot?", half="Half", full="Full"))
    actions_forms.make_draft(service_slug=SERVICE, actor=SYSTEM, now=NOW)
    end = {
        "key": "none-left", "kind": "answered", "title": "None is free", "words": "All are let.",
        "when": {"question": "plot", "is": "full"},
    }  # fmt: skip
    actions_forms.change(
        service_slug=SERVICE,
        work=lambda data: editing.put(data, "ends", end),
        actor=SYSTEM,
        now=NOW,
    )
