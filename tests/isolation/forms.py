"""A form that is live and a draft of it, for the addresses of their editor."""

from __future__ import annotations

from core.audit import SYSTEM
from kb import actions_articles, actions_forms, actions_forms_areas
from kb.article_content import Content
from kb.forms import editing
from tests import forms_of
from tests.isolation.stage import BODIES, Scene
from tests.world import NOW

SERVICE = "allotments"
# A service that districts answer for, and what differs in the area of one of them.
DISTRICT, AREA = "assisted-bin", "E07000238"


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


def drafts_of_areas(scene: Scene) -> None:
    """The editor of a body writes what a question says there; it is nobody else’s."""
    forms_of.publish(DISTRICT, forms_of.choice("who", "Who helps?", crew="The crew", kin="Family"))
    actions_forms_areas.save(
        viewer=scene.viewer("editor_a"), slug=DISTRICT, key="who", code=AREA,
        to={"hint": "Our crew is small."}, mark="", now=NOW,
    )  # fmt: skip


def answers_of_bodies(scene: Scene) -> None:
    """A draft of an answer of two bodies, in the order of their letters."""
    for owner, writer in (("a", "editor_a"), ("b", "administrator")):
        viewer = scene.viewer(writer)
        content = Content(title=f"What {owner} says", summary="Not yet.", body="Not yet.")
        actions_articles.create(viewer=viewer, organisation=BODIES[owner], content=content, now=NOW)
