"""Calls of the scene: one that somebody answered, one that nobody did, one that is to be made."""

from __future__ import annotations

from uuid import UUID

from customers.contact import read_phone
from enquiries.actions.calls import take_news
from enquiries.models import CallDue, Enquiry
from inbox.calls import Fact, News
from inbox.models import Call, Leg
from tests.isolation.stage import Scene
from tests.world import NOW


def calls(scene: Scene) -> None:
    """Writes them. The numbers of the callers are on no page."""
    case = Enquiry.objects.get(reference=scene.things["a.accepted"].reference)
    due = CallDue.objects.create(
        enquiry=case, key="due", event="asked", words="Which gate?", why="No way", created_at=NOW
    )
    scene.calls["due"] = due.public_id
    for key, fact in (("answered", Fact.ANSWERED), ("missed", Fact.UNANSWERED)):
        number = f"07700 {next(scene.numbers)}"
        scene.canaries.add(f"hub.{key}.caller", number)
        sid = f"CA{key.encode().hex():0>32}"
        take_news(News(sid, {Fact.RANG: NOW, fact: NOW}, caller=read_phone(number)), now=NOW)
        call = Call.objects.get(sid=sid)
        scene.calls[key] = call.callback.public_id if call.callback else call.public_id
        if call.contact:
            scene.calls["contact"] = call.contact
            # Another one rings at the same time, at the agent's telephone and at nobody else's.
            scene.calls["ring"] = _ring(scene, call)


def _ring(scene: Scene, call: Call) -> UUID:
    leg = Leg.objects.create(
        sid=f"CA{'9' * 32}", call=call, agent=scene.users["agent"], rang_at=NOW, answered_at=NOW,
        state="answered",
    )  # fmt: skip
    return leg.public_id
