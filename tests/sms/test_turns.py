"""One turn by itself: what a text does to a conversation, for any form and any words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.asking.journey import Journey
from channels.asking.questions import ABOUT, Asking
from channels.sms import dialog as states
from channels.sms import replies, turns
from channels.sms.dialog import Dialog, Turn
from channels.sms.turns import Act, Ask, Located
from kb.forms import reading, standard
from kb.forms.schema import Kind, Question

TODAY = date(2026, 11, 17)  # a Tuesday
BINS: dict[str, Any] = {
    "questions": [
        {"key": "bins", "type": "several", "words": "Which?", "choices": [
            {"value": "rubbish", "words": "Rubbish"}, {"value": "food", "words": "Food waste"}]},
        {"key": "day", "type": "date", "words": "When?", "most": 0},
        {"key": "out", "type": "yes_no", "words": "Out?"},
        {"key": "note", "type": "text", "words": "Note?", "required": False,
         "when": {"question": "out", "is": "yes"}},
        {"key": "many", "type": "number", "words": "How many?", "least": 1, "most": 9},
    ],
    "ends": [
        {"key": "late", "kind": "answered", "when": {"question": "out", "is": "no"},
         "title": "No", "words": "Too late.", "next_step": "Next time."},
    ],
    "describe": False,
}  # fmt: skip
FORM = standard.completed(reading.form(BINS), standard.Facts(anonymous_ok=True))


def somewhere(asking: Asking, question: Question, words: str, dialog: Dialog) -> Located:
    place = {"postcode": "WR1 3EZ", "address": words, "nowhere": False, "uprn": "",
             "latitude": None, "longitude": None}  # fmt: skip
    if "far" in words:
        return Located(note="Too far.")
    return Located(data=place) if words.strip() else Located()


ASK = Ask(place=somewhere, other=lambda _words: "", files=lambda: False)


def begun() -> tuple[Dialog, Asking]:
    journey = replace(Journey(id="j"), done=(ABOUT,), phone="+447700900123")
    at = "2026-11-17T10:00:00+00:00"
    dialog = Dialog("+447700900123", "+447700900123", at, at, "token", journey, words=("bin",))
    asking = Asking(journey, None, FORM, TODAY)
    dialog = turns.onward(dialog, asking)
    return dialog, replace(asking, journey=dialog.journey)


def say(*words: str, ask: Ask = ASK) -> turns.Move:
    dialog, asking = begun()
    move = turns.Move(Act.SAY, dialog)
    for one in words:
        move = turns.take(move.dialog, replace(asking, journey=move.dialog.journey), one, ask)
    return move


def test_a_form_is_answered_in_its_order():
    said = ("1", "yesterday", "yes", "skip", "3")
    keys = [say(*said[:count]).dialog.key for count in range(6)]
    assert keys == ["bins", "day", "out", "note", "many", "place"]
    done = say("1", "yesterday", "yes", "skip", "3", "Here")
    assert done.dialog.turn is Turn.SUMMARY
    assert done.dialog.journey.answers == {
        "bins": ["rubbish"], "day": "2026-11-16", "out": "yes", "many": "3",
    }  # fmt: skip
    assert done.dialog.journey.tell_by == "sms"


def test_a_text_is_one_or_another_thing_by_what_was_asked():
    for words, act in (("1", Act.SEND), ("ok", Act.SEND), ("yes", Act.SEND), ("2", Act.SAY)):
        assert say("1", "today", "yes", "skip", "3", "Here", words).act is act


def test_a_corrected_answer_leaves_the_others_and_asks_what_hangs_on_it():
    corrected = say("1", "today", "yes", "torn", "3", "Here", "Q3", "no")
    assert (corrected.dialog.turn, corrected.dialog.key) == (Turn.END, "late")
    back = turns.take(corrected.dialog, _asking(corrected.dialog), "q3", ASK)
    again = turns.take(back.dialog, _asking(back.dialog), "yes", ASK)
    assert again.dialog.turn is Turn.SUMMARY
    assert again.dialog.journey.answers["note"] == "torn"


def _asking(dialog: Dialog) -> Asking:
    return Asking(dialog.journey, None, FORM, TODAY)


def test_the_second_answer_that_is_none_asks_for_a_person():
    assert say("what").act is Act.SAY
    assert say("what").dialog.tries == 1
    assert say("what", "how").act is Act.PERSON
    assert say("what", "how").dialog.stray == ("what", "how")
    assert say("what", "1", "how").act is Act.SAY


def test_where_the_place_is_not_known_its_reason_is_said():
    move = say("1", "today", "yes", "skip", "3", "far away")
    assert (move.note, move.dialog.tries) == ("Too far.", 1)


def test_words_about_something_else_are_held_and_never_taken_for_an_answer():
    other = replace(ASK, other=lambda words: "pothole" if "pothole" in words else "")
    asked = say("a pothole in my road", ask=other)
    assert asked.dialog.turn is Turn.WHICH
    assert asked.dialog.held == ("a pothole in my road",)
    assert say("a pothole in my road", "2", ask=other).dialog.later == ("a pothole in my road",)
    mine = say("a pothole in my road", "1", ask=other)
    assert (mine.dialog.turn, mine.dialog.key) == (Turn.QUESTION, "bins")
    assert "a pothole in my road" in mine.dialog.words


TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["1", "2", "0", "3", "yes", "no", "skip", "back", "link", "other", "send", "ok", "Q1", "Q9",
         "2 was wrong", "change 3", "1 2", "all", "yesterday", "16 nov", "31/02", "12", "WR1 3EZ",
         "it is far", "one", "-1", "9" * 50, "", " ", "\n", "١", "½"]
    ),
)  # fmt: skip


# A busy machine is no fault of the words.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, max_size=14), st.booleans())
def test_no_texts_break_a_conversation_and_none_is_kept_that_is_no_answer(texts, is_other):
    ask = replace(ASK, other=lambda words: "pothole" if is_other and "far" in words else "")
    dialog, asking = begun()
    for text in texts:
        move = turns.take(dialog, replace(asking, journey=dialog.journey), text, ask)
        assert move.act in Act
        dialog = move.dialog
        assert states.read(dialog.stored()) == dialog
        journey = dialog.journey
        asked = {one.key: one for one in FORM.questions}
        for key, given_ in journey.answers.items():
            turned = asked[key]
            if turned.kind in (Kind.CHOICE, Kind.YES_NO):
                assert given_ in turned.values
            if turned.kind is Kind.SEVERAL:
                assert set(given_) <= set(turned.values)
            if turned.kind is Kind.DATE:
                assert date.fromisoformat(str(given_)) <= TODAY
        assert dialog.tries < turns.TRIES or move.act is Act.PERSON
        if move.act is not Act.SAY:
            break


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_the_same_text_in_the_same_place_does_the_same(text):
    first, second = say("1", text), say("1", text)
    assert first == second


# -- How answers are read --------------------------------------------------------------------------


def question(**given: Any) -> Question:
    return reading.form({"questions": [{"key": "q", "words": "Q?", **given}]}).questions[0]


LIST = [
    {"value": "local", "words": "An ordinary road"},
    {"value": "main", "words": "A motorway"},
    {"value": "unknown", "words": "I do not know"},
]


@pytest.mark.parametrize(
    ("said", "value"),
    [("1", "local"), ("2.", "main"), ("#2", "main"), ("option 2", "main"), ("A MOTORWAY", "main"),
     ("an ord", "local"), ("not sure", "unknown"), ("dont know", "unknown"), ("3)", "unknown")],
)  # fmt: skip
def test_a_choice_is_a_number_or_its_words(said, value):
    assert replies.answer(question(type="choice", choices=LIST), said, today=TODAY) == value


@pytest.mark.parametrize("said", ["0", "4", "1 2", "a", "road", "12", "", "?", "1.5"])
def test_what_is_no_choice_is_not_one(said):
    with pytest.raises(replies.NotRead):
        replies.answer(question(type="choice", choices=LIST), said, today=TODAY)


@pytest.mark.parametrize(
    ("said", "values"),
    [("1 3", ["local", "unknown"]), ("3,1", ["local", "unknown"]), ("1 and 2", ["local", "main"]),
     ("12", ["local", "main"]), ("1&2", ["local", "main"]), ("all", ["local", "main", "unknown"]),
     ("a motorway, 1", ["local", "main"]), ("1, 9", None), ("1 9", None), ("0", None)],
)  # fmt: skip
def test_several_are_numbers_however_they_are_parted(said, values):
    asked = question(type="several", choices=LIST)
    if values is None:
        with pytest.raises(replies.NotRead):
            replies.answer(asked, said, today=TODAY)
    else:
        assert replies.answer(asked, said, today=TODAY) == values


@pytest.mark.parametrize(
    ("said", "value"),
    [("yes", "yes"), ("Y", "yes"), ("1", "yes"), ("Yes, it was", "yes"), ("tak", "yes"),
     ("2", "no"),
     ("nope", "no"), ("No it wasn't", "no"), ("nie", "no"), ("maybe", None), ("3", None)],
)  # fmt: skip
def test_yes_and_no(said, value):
    asked = question(type="yes_no")
    if value is None:
        with pytest.raises(replies.NotRead):
            replies.answer(asked, said, today=TODAY)
    else:
        assert replies.answer(asked, said, today=TODAY) == value


@pytest.mark.parametrize(
    ("said", "ago"),
    [("today", 0), ("Yesterday morning", 1), ("monday", 1), ("on Tues", 0), ("wednesday", 6),
     ("16 Nov", 1), ("16th of November", 1), ("Nov 16", 1), ("16/11", 1), ("16.11.2026", 1),
     ("16-11-26", 1), ("2026-11-16", 1), ("wczoraj", 1), ("w środę", 6), ("16 listopada", 1),
     ("18 Nov", 364)],
)  # fmt: skip
def test_a_day_that_is_past_however_it_is_written(said, ago):
    asked = question(type="date", most=0)
    expected = (TODAY - timedelta(days=ago)).isoformat()
    assert replies.answer(asked, said, today=TODAY) == expected


@pytest.mark.parametrize("said", ["soon", "31/02", "99", "16", "the 16th", "13/13/2026"])
def test_what_is_no_day(said):
    with pytest.raises(replies.NotRead):
        replies.answer(question(type="date", most=0), said, today=TODAY)


def test_a_day_to_come_is_the_next_one():
    asked = question(type="date", least=0)
    assert replies.answer(asked, "monday", today=TODAY) == "2026-11-23"
    assert replies.answer(asked, "16 nov", today=TODAY) == "2027-11-16"


@pytest.mark.parametrize(
    ("said", "value"),
    [("3", "3"), ("about 3", "3"), ("three", "3"), ("dwa", "2"), ("2,5", "2.5"), ("3 or 4", None),
     ("none", None), ("10", None)],
)  # fmt: skip
def test_a_number(said, value):
    asked = question(type="number", least=1, most=9)
    if value is None:
        with pytest.raises(replies.NotRead):
            replies.answer(asked, said, today=TODAY)
    else:
        assert replies.answer(asked, said, today=TODAY) == value


@pytest.mark.parametrize("said", ["no", "2", "Q2 please", "it was wrong", "2 bins", "to 2"])
def test_what_takes_nothing_back(said):
    assert replies.wrong(said) in (0, 2)
    if said in ("no", "2", "it was wrong", "2 bins", "to 2"):
        assert replies.wrong(said) == 0
