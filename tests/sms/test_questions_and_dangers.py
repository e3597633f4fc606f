"""Texts that ask what is known already, and texts in which somebody may be in danger."""

from __future__ import annotations

import re
from datetime import date

import pytest

import kb.actions
from channels.sms import parsing
from core.audit import SYSTEM
from enquiries.models import ContactItem
from kb import dangers
from kb.actions_forms import publish
from kb.models import Article, Danger, Service
from kb.synonyms import ChangedMeanwhile
from tests.outbox import run_outbox
from tests.world import NOW

pytestmark = pytest.mark.django_db

DAY, GOES = "Send us your postcode: we say when your bins go.", "Yes: paper, tins, glass. No: food."
MISSED = "Leave the bin out: crews sometimes finish late."
GAS = "If you smell gas, go outside and ring 0800 111 999 now."
IN_DANGER = "If somebody is in danger now, ring 999."


@pytest.fixture
def answers(world):
    service = Service.objects.get(slug="missed-bin")
    Article.objects.all().delete()
    for slug, title, short in [
        ("find-bin-day", "Find your bin day", DAY),
        ("what-goes-in-recycling", "What can go in the recycling bin", GOES),
        ("bin-not-emptied", "My bin was not emptied", MISSED),
    ]:
        Article.objects.create(
            slug=slug, service=service, title=title, summary=title, body=title, short=short,
            reviewed_on=date(2026, 11, 1),
        )  # fmt: skip
    kb.actions.index()


@pytest.fixture
def listed(world):
    """The words of danger that a partnership begins with, whatever a test before took away."""
    for place, (slug, say, words) in enumerate(
        [
            ("gas", GAS, "smell gas, gas leak"),
            ("harm", IN_DANGER, "husband hit me, hit me, not safe at home"),
            ("place", IN_DANGER, "dangerous, danger"),
        ]
    ):
        Danger.objects.update_or_create(
            slug=slug, defaults={"name": slug, "say": say, "words": words, "position": place}
        )


def kinds() -> list[str]:
    return list(ContactItem.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("When is my bin day", True),
        ("hello, what can go in recycling bin?", True),
        ("bin day?", True),
        ("My bin was not emptied", False),
        ("When will my bin be emptied", False),
        ("any news?", False),
        ("is there still no news", False),
        ("have you forgotten my report?", False),
    ],
)
def test_who_asks_what_is_known_and_who_waits(words, asks):
    assert parsing.read(words).asks is asks


def test_a_question_is_answered_though_the_telephone_has_an_enquiry_open(clock, phone, answers):
    phone.text("My bin was not emptied on Monday. WR11 3DA")
    run_outbox()
    answer = phone.text("when is my bin day")
    assert DAY in answer
    assert "waiting for news" not in answer
    assert kinds() == ["new", "new"]


@pytest.mark.parametrize(
    "words", ["When will my bin be emptied", "when is my bin emptied", "still no news about my bin"]
)
def test_who_waits_for_what_was_asked_is_still_heard_as_that(clock, phone, answers, words):
    phone.text("My bin was not emptied on Monday. WR11 3DA")
    run_outbox()
    assert "waiting for news" in phone.text(words)
    assert kinds() == ["new", "chase"]


def test_a_question_gets_the_answer_that_fits_and_no_other(clock, phone, answers):
    answer = phone.text("what can go in recycling bin?")
    assert GOES in answer
    assert DAY not in answer


def test_a_question_that_two_answers_fit_alike_gets_none(clock, phone, answers):
    answer = phone.text("what about my bin?")
    assert not any(short in answer for short in (DAY, GOES, MISSED))


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("I smell gas in my council flat", GAS),
        ("There is a GAS   leak!", GAS),
        ("my husband has just hit me i need somewhere to stay", IN_DANGER),
        ("I’m not safe at home", IN_DANGER),
        ("pothole on Bridge Street, it is dangerous", IN_DANGER),
    ],
)
def test_words_of_danger_are_answered_with_whom_to_ring_before_all_else(
    clock, phone, listed, words, first
):
    answer = phone.text(words)
    assert answer.startswith(first)
    assert "We have your message" in answer


@pytest.mark.parametrize(
    "words", ["My gas bill smells of trouble", "The ball hit the wall behind me", "hit", ""]
)
def test_words_that_only_look_like_danger_are_not_taken_for_it(clock, phone, listed, words):
    # As a number of its own: a reference may hold three nines.
    assert not re.search(r"\b999\b", phone.text(words))


def test_more_words_on_an_enquiry_that_say_danger_are_answered_so_too(clock, phone, listed):
    reference = phone.text("pothole on Bridge Street WR1 3EZ").split("reference is ")[1][:11]
    answer = phone.text(f"{reference} it is dangerous now")
    assert answer.startswith(IN_DANGER)
    assert kinds() == ["new", "new_information"]


def test_whom_the_form_of_the_service_says_to_ring_is_named(clock, phone, listed):
    form = {
        "questions": [{"key": "hurt", "type": "yes_no", "words": "Could it hurt somebody?"}],
        "ends": [
            {"key": "ring", "kind": "emergency", "when": {"question": "hurt", "is": "yes"},
             "title": "Ring", "words": "Now", "phone": "01632 960000"}
        ],
    }  # fmt: skip
    publish(service_slug="pothole", data=form, actor=SYSTEM, now=NOW)
    answer = phone.text("Pothole, very dangerous")
    assert answer.startswith(f"{IN_DANGER} About this, ring 01632 960000 now.")


def test_what_editors_write_is_looked_for_at_once(clock, phone, listed):
    gas = Danger.objects.get(slug="gas")
    dangers.save(
        slug="gas", say="Ring 999.", text="rotten eggs", seen=dangers.mark(gas), actor=SYSTEM,
        now=NOW,
    )  # fmt: skip
    assert phone.text("It smells of rotten eggs here").startswith("Ring 999. We have")


def test_nobody_saves_over_words_that_they_have_not_seen(listed):
    with pytest.raises(ChangedMeanwhile):
        dangers.save(slug="gas", say="Ring", text="gas", seen="old", actor=SYSTEM, now=NOW)
    seen = dangers.mark(Danger.objects.get(slug="gas"))
    with pytest.raises(dangers.NotALine):
        dangers.save(slug="gas", say="x" * 121, text="gas", seen=seen, actor=SYSTEM, now=NOW)
    assert Danger.objects.get(slug="gas").say == GAS
