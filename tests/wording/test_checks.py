"""What is checked when words are saved: no text breaks the check, and what passes can be sent."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from core.audit import SYSTEM
from enquiries.actions import telling
from enquiries.queries import surveys
from notifications import actions_wordings, gsm, live, queries_wordings, rendering, saying, shipped
from notifications import wording_checks as checks
from notifications.actions_wordings import Place
from notifications.events import EVENTS
from notifications.shipped import Source
from tests.world import NOW, ask, enquiry_of

PIECES = st.lists(
    st.sampled_from(
        ["((reference))", "((track_url))", "((service??about ((service))))", "((!service??what))",
         "((owner??", "))", "((", "(", ")", "??", "((nobody))", " words ", "\n", "# ", "* ", "**",
         "[go](((track_url)))", "[x](y)", "{{ x }}", "\x00", "\ue000", "é☂", "((cancelled))"]
    ),
    max_size=12,
).map("".join)  # fmt: skip
EVERY = [(event, medium) for event, known in EVENTS.items() for medium in sorted(known.media)]


@given(PIECES, PIECES, st.sampled_from(["sms", "email", "letter"]))
def test_what_passes_can_be_sent_and_says_what_it_must(
    subject: str, body: str, medium: str
) -> None:
    source = checks.tidied(medium, Source(subject, body))
    if checks.faults("resolved", medium, source):
        return
    said = live.read(source, "en-gb")
    known = EVENTS["resolved"]
    full = dict.fromkeys(known.keys, "x") | {"reference": "WH7-K3MP-4X"}
    for facts in (full, {**dict.fromkeys(known.keys, ""), "reference": "WH7-K3MP-4X"}):
        made = rendering.fill(said, known, medium, facts)
        assert made.body.strip()
        assert bool(made.subject) == (medium != "sms")
        assert "WH7-K3MP-4X" in made.subject + made.body
        assert "((" not in made.body.replace("(((", "")


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_the_check(subject: str, body: str) -> None:
    for medium in ("sms", "email", "letter"):
        found = checks.faults("received", medium, checks.tidied(medium, Source(subject, body)))
        assert all(one.words and one.field in ("subject", "body") for one in found)


@pytest.mark.parametrize(("event", "medium"), EVERY)
def test_what_we_ship_passes_and_has_an_example_for_every_fact(event: str, medium: str) -> None:
    if event in saying.WITHOUT_WORDS:
        return
    for language in actions_wordings.languages_of(event):
        source = shipped.source(event, medium, language)
        assert source is not None
        assert checks.faults(event, medium, source) == []
        assert checks.remarks(event, source) == []
        place = Place(event, medium, language)
        shown = queries_wordings.shown(place, source, queries_wordings.examples(event))
        assert "((" not in shown.subject + shown.body
        if medium == "sms":
            most = queries_wordings.shown(place, source, queries_wordings.longest(event))
            assert most.size is not None
            assert shown.size is not None
            assert shown.size.segments <= most.size.segments
            assert len(most.body) <= gsm.LONGEST


def test_a_price_is_by_the_part(settings: Any) -> None:
    settings.HUB_TEXT_PENCE = 3.95
    assert queries_wordings.measured("x" * 160).pence == "4"
    assert queries_wordings.measured("x" * 161).pence == "7.9"
    assert queries_wordings.measured("☂" * 71).segments == 2
    assert queries_wordings.measured("☂’").outside == (
        "☂ (umbrella)", "’ (right single quotation mark)"
    )  # fmt: skip


@pytest.mark.django_db
def test_another_process_says_new_words_within_seconds_and_asks_nothing_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [1_000.0]
    monkeypatch.setattr(live, "monotonic", lambda: clock[0])
    live.forget()
    facts = {"reference": "R", "service": "", "owner": "O", "promised": "", "next": "",
             "track_url": "https://x"}  # fmt: skip

    def said() -> str:
        return rendering.render(event="received", medium="sms", context=facts).body

    before = said()
    place = Place("received", "sms", "en-gb")
    draft = actions_wordings.save_draft(
        place, source=Source("", "New ((reference)) ((track_url))"), edition=0, actor=SYSTEM,
        now=NOW,
    )  # fmt: skip
    actions_wordings.publish(place, edition=draft.edition, actor=SYSTEM, now=NOW)
    # As in another process: nobody told it.
    with CaptureQueriesContext(connection) as asked:
        assert said() == before
        clock[0] += live.STALE - 1
        assert said() == before
    assert len(asked) == 0
    clock[0] += 2
    with CaptureQueriesContext(connection) as asked:
        assert said() == "New R https://x"
    assert len(asked) == 2
    clock[0] += live.STALE
    with CaptureQueriesContext(connection) as asked:
        assert said() == "New R https://x"
    assert len(asked) == 1


@pytest.mark.django_db
def test_the_longest_links_are_as_long_as_those_that_go_out(world: Any, settings: Any) -> None:
    settings.HUB_BASE_URL = "https://one-front-door.worcestershire.example"
    enquiry = enquiry_of(ask())
    enquiry.reopened_count = 10
    real = {**telling.context_of(enquiry), "survey_url": surveys.link(enquiry)}
    most = queries_wordings.longest("resolved")
    for name in ("track_url", "survey_url"):
        assert len(most[name]) >= len(real[name]), real[name]
        assert queries_wordings.examples("resolved")[name].startswith(settings.HUB_BASE_URL)
