"""Questions and answers come to a device whole, in its languages, and leave for newer ones."""

from __future__ import annotations

import pytest
from django.utils import timezone

from channels.kiosk import content
from kiosks.models import Kiosk
from tests import forms_of
from tests.kiosk.test_every_kind import QUESTIONS
from tests.kiosk_engine.conftest import Engine, until
from tests.kiosk_engine.line import CUT, THROUGH, Line

pytestmark = pytest.mark.django_db(transaction=True)


def kept(engine: Engine) -> list[str]:
    names: list[str] = engine.page.evaluate("caches.keys()")
    return sorted(name for name in names if name.startswith("content-"))


def test_an_edition_comes_whole_in_the_languages_of_the_device_or_the_one_before_stays(
    engine: Engine, line: Line
) -> None:
    first = content.edition(at_most=0)
    both = [f"content-{first}-en-gb", f"content-{first}-pl"]
    until(engine.page, lambda: kept(engine) == both)
    until(engine.page, lambda: bool(engine.ask("stocking", "it.here()")))
    bundle = engine.ask("stocking", "it.content('pl')")
    assert (bundle["edition"], bundle["language"]) == (first, "pl")
    assert "fly-tipping" in bundle["services"]
    places = engine.ask("stocking", "it.places('pl')")
    assert "WR11 4" in places["postcodes"]
    # A new form, and the line goes before all of it is here.
    forms_of.publish("fly-tipping", *QUESTIONS)
    second = content.edition(at_most=0)
    assert second != first
    line.is_now(CUT)
    engine.ask("stocking", "it.haveContent(facts.edition, ['en-gb', 'pl'])", edition=second)
    assert kept(engine) == both
    assert engine.ask("stocking", "it.here()")["edition"] == first
    assert "content_failed" in engine.ask("stocking", "it.problems()")
    line.is_now(THROUGH)
    # From now on it speaks English alone.
    Kiosk.objects.update(languages=["en-gb"], last_seen_at=timezone.now())
    engine.ask("pulse", "it.pulse()")
    until(engine.page, lambda: kept(engine) == [f"content-{second}-en-gb"])
    assert engine.ask("stocking", "it.content('pl')") is None
    assert "content_failed" not in engine.ask("stocking", "it.problems()")
