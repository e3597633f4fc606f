"""T-S1: every field of every public form takes hostile words, and gives back no more than words."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.utils import timezone

import channels
from channels.kiosk.devices import cookie_name
from customers import links
from customers.models import ContactPoint
from enquiries.actions import referral_answers
from enquiries.models import Enquiry
from tests.hostile.corpus import SHORT, WHOLE
from tests.hostile.pages import faults
from tests.hostile.walking import Walk, asked_for, noticed
from tests.isolation.ids import ids
from tests.isolation.stage import Scene
from tests.isolation.table import entries, filled, readers
from tests.world import NOW

pytestmark = pytest.mark.django_db


def public_forms() -> set[type[forms.Form]]:
    """Every form of every way in, as the product has them."""
    for module in pkgutil.walk_packages(channels.__path__, "channels."):
        importlib.import_module(module.name)

    def below(one: type[forms.Form]) -> Iterator[type[forms.Form]]:
        for child in one.__subclasses__():
            yield child
            yield from below(child)

    return {one for one in below(forms.Form) if one.__module__.startswith("channels.")}


def walks(scene: Scene, **also: Any) -> Iterator[Walk]:
    """Everybody who comes from outside: a visitor, who stands at a kiosk, who has each link."""
    web = ("/ask/", "/search/", "/services/", "/track/", "/my/", "/centres/", "/said/", "/answers/")
    whole = Walk(Client(), web, **also)
    whole.get("/ask/?service=missed-bin")
    for path in (*web, *opened_by(scene, "anonymous")):
        whole.get(path)
    yield whole
    # Where somebody has told us the same: "it is this one".
    told = Enquiry.objects.get(reference=scene.things["county.offered"].reference)
    near = Walk(Client(), ("/ask/",), postcode=told.postcode)
    near.get("/ask/?service=pothole")
    yield near
    kiosk = Walk(Client(), ("/kiosk/",), **also)
    kiosk.client.cookies[cookie_name()] = scene.kiosk_token
    kiosk.get("/kiosk/start/")
    for path in opened_by(scene, "kiosk"):
        kiosk.get(path)
    yield kiosk
    mine = Walk(Client(), ("/my/telling/",), **also)
    mine.client.cookies["my"] = visit_of(scene)
    mine.get("/my/telling/")
    yield mine
    for key in ("a.accepted", "a.done", "b.done", "a.offered"):
        thing = scene.things[key]
        link = f"/track/{thing.reference}/{thing.secret}/"
        theirs = Walk(Client(), (link,), looks_first=key == "b.done", **also)
        theirs.get(link)
        yield theirs


def visit_of(scene: Scene) -> str:
    """The visit of somebody who has opened the link to all that is theirs."""
    theirs = Enquiry.objects.get(reference=scene.things["a.accepted"].reference)
    point = ContactPoint.objects.filter(person=theirs.person, kind="email").earliest("pk")
    now = timezone.now()
    asked = links.ask(kind="email", value=point.value, language="en-gb", now=now)
    link = links.prepare(link_id=asked, now=now)
    visit = links.use(token=link.token, before="", now=now) if link else None
    assert visit
    return visit


def opened_by(scene: Scene, name: str) -> list[str]:
    """The addresses that a role may open."""
    return [
        filled(entry.route, values)
        for entry in entries().values()
        if name in entry.methods.get("GET", ())
        for _, values in ids(scene, entry, readers()[name]).own[:1]
    ]


def test_every_field_of_every_public_form_gives_back_words(scene: Scene) -> None:
    who, question = scene.viewer("officer_a"), WHOLE
    offered = scene.things["a.accepted"].referrals["a"]
    referral_answers.ask(public_id=offered, viewer=who, question=question, now=NOW)
    fields = frozenset(name for one in public_forms() for name in one.base_fields)
    wrong: list[str] = []
    sent: set[tuple[str, ...]] = set()
    with noticed() as whole, asked_for() as names:
        for walk in walks(scene, fields=fields, also=names):
            wrong += walk.wrong
            sent |= walk.seen
    assert not wrong, "\n".join(wrong[:40])
    left = {one.__qualname__ for one in public_forms() if not _is_read(one, whole)}
    assert len(sent) > 40
    assert not left, left


def _is_read(one: type[forms.Form], whole: set[type[forms.Form]]) -> bool:
    """Whether a form, or for what only others are made from each of those, has read it all."""
    return one in whole or (
        bool(one.__subclasses__()) and all(_is_read(child, whole) for child in one.__subclasses__())
    )


def test_every_name_that_a_page_reads_in_its_address_gives_back_words(scene: Scene) -> None:
    """Also those that no page offers: an address can be sent to anybody."""
    kiosk, anybody = Client(), Client()
    kiosk.cookies[cookie_name()] = scene.kiosk_token
    kiosk.get("/kiosk/start/")
    wrong, tried = [], 0
    for name, client in (("anonymous", anybody), ("citizen", anybody), ("kiosk", kiosk)):
        for path in opened_by(scene, name):
            with asked_for() as names:
                client.get(path)
            for words in (WHOLE, SHORT) if names else ():
                response = client.get(path, dict.fromkeys(names, words))
                assert response.status_code < 500, path
                wrong += [f"{path}: {fault}" for fault in faults(response)]
                tried += 1
    assert not wrong, "\n".join(wrong[:40])
    assert tried > 40
