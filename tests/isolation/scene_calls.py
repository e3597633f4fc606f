"""Calls of the scene: one that somebody answered, one that nobody did."""

from __future__ import annotations

from customers.contact import read_phone
from enquiries.actions.calls import take_news
from inbox.calls import Fact, News
from inbox.models import Call
from tests.isolation.stage import Scene
from tests.world import NOW


def calls(scene: Scene) -> None:
    """Writes both. The numbers of the callers are on no page."""
    for key, fact in (("answered", Fact.ANSWERED), ("missed", Fact.UNANSWERED)):
        number = f"07700 {next(scene.numbers)}"
        scene.canaries.add(f"hub.{key}.caller", number)
        sid = f"CA{key.encode().hex():0>32}"
        take_news(News(sid, {Fact.RANG: NOW, fact: NOW}, caller=read_phone(number)), now=NOW)
        call = Call.objects.get(sid=sid)
        scene.calls[key] = call.callback.public_id if call.callback else call.public_id
        if call.contact:
            scene.calls["contact"] = call.contact
