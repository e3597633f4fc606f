"""Forms as data: what may be asked, when, where a form ends, and what is an answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.forms import answers, conditions, path, reading, standard, walking, words, writing
from kb.forms.schema import Answers, Form, Kind, Question

TODAY = date(2026, 11, 17)
ROAD = {
    "key": "road",
    "type": "choice",
    "words": "What kind of road is it on?",
    "choices": [{"value": "local", "words": "A street"}, {"value": "motorway", "words": "The M5"}],
}
DEEP = {
    "key": "deep",
    "type": "number",
    "words": "How deep is it?",
    "unit": "cm",
    "least": 1,
    "most": 200,
}
HURT = {"key": "hurt", "type": "yes_no", "words": "Could it hurt somebody now?"}
RING = {
    "key": "ring",
    "kind": "emergency",
    "when": {"question": "hurt", "is": "yes"},
    "title": "Ring now",
    "words": "Do not wait for us.",
    "phone": "999",
}
COLOURS = [{"value": "green", "words": "Green"}, {"value": "black", "words": "Black"}]
BORN = {"key": "born", "type": "date", "words": "When were you born?", "most": 0}


def form(*questions: dict[str, Any], **more: Any) -> Form:
    return reading.form({"questions": list(questions), **more})


def refused(*questions: dict[str, Any], **more: Any) -> list[str]:
    with pytest.raises(reading.BadForm) as bad:
        form(*questions, **more)
    return [str(one) for one in bad.value.problems]


def test_a_form_is_the_same_after_it_was_written_and_read() -> None:
    made = form(
        ROAD,
        {**HURT, "when": {"question": "road", "is": "local"}, "why": "We send a crew at once"},
        {**DEEP, "when": {"all": [{"question": "hurt", "is": "no"}, {"not": {"missing": "road"}}]}},
        BORN,
        ends=[
            RING,
        ],
        describe=False,
    )
    assert reading.form(writing.data(made)) == made


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({**ROAD, "key": "Road Kind"}, "small letters"),
        ({**ROAD, "type": "radio"}, "The type is one of"),
        ({**ROAD, "words": " "}, "needs words"),
        ({**ROAD, "choices": ROAD["choices"][:1]}, "2 to 30 answers"),
        ({**ROAD, "choices": [*ROAD["choices"], ROAD["choices"][0]]}, "there twice"),
        ({**ROAD, "colour": "red"}, "means nothing here"),
        ({**HURT, "choices": ROAD["choices"]}, "need no choices"),
        ({**DEEP, "least": 500}, "more than"),
        ({**DEEP, "least": True}, "must be a number"),
        ({**ROAD, "when": {"question": "later", "is": "x"}}, "no question before it"),
        ({**ROAD, "when": {"question": "road", "is": "local"}}, "no question before it"),
        ({**ROAD, "required": "yes"}, "true or false"),
        ({**ROAD, "words": 5}, "must be text"),
        ("road", "is a table"),
        ({"key": "description", "type": "text", "words": "What?"}, "of the type “words”"),
    ],
)
def test_what_cannot_be_asked_is_named_with_its_place(question: Any, said: str) -> None:
    assert any(said in one for one in refused(question)), refused(question)


def test_a_condition_that_no_answer_can_meet_is_named() -> None:
    assert (
        "no answer “sea”" in refused(ROAD, {**HURT, "when": {"question": "road", "is": "sea"}})[0]
    )
    assert (
        "asks about a date"
        in refused(ROAD, {**HURT, "when": {"question": "road", "years_under": 5}})[0]
    )
    assert "one test of" in refused(ROAD, {**HURT, "when": {"question": "road"}})[0]
    assert "stands alone" in refused(ROAD, {**HURT, "when": {"any": [], "question": "road"}})[0]


def test_a_no_needs_its_next_step_and_an_emergency_a_telephone() -> None:
    end = {
        "key": "no",
        "when": {"question": "road", "is": "motorway"},
        "title": "No",
        "words": "No.",
    }
    assert "next step" in refused(ROAD, ends=[{**end, "kind": "not_eligible"}])[0]
    assert "telephone" in refused(ROAD, ends=[{**end, "kind": "emergency"}])[0]


def test_a_question_is_asked_only_where_its_condition_holds() -> None:
    made = form(
        ROAD,
        {**HURT, "when": {"question": "road", "is": "local"}},
        {**DEEP, "when": {"question": "hurt", "is": "no"}},
    )

    def keys(**given: Any) -> list[str]:
        return [one.key for one in path.asked(made, given, today=TODAY)]

    assert keys() == ["road"]
    assert keys(road="local") == ["road", "hurt"]
    assert keys(road="local", hurt="no") == ["road", "hurt", "deep"]
    # What is asked no more leads nowhere: the answer to `hurt` counts for nothing now.
    assert keys(road="motorway", hurt="no") == ["road"]
    assert path.counting(made, {"road": "motorway", "hurt": "no"}, today=TODAY) == {
        "road": "motorway"
    }


def test_the_next_question_is_the_first_that_is_open() -> None:
    made = form(ROAD, {**DEEP, "required": False}, HURT)
    assert path.next_open(made, {}, (), today=TODAY).key == "road"  # type: ignore[union-attr]
    after = {"road": "local"}
    assert path.next_open(made, after, ("road",), today=TODAY).key == "deep"  # type: ignore[union-attr]
    assert path.next_open(made, after, ("road", "deep"), today=TODAY).key == "hurt"  # type: ignore[union-attr]
    gone = {"road": "track", "hurt": "no"}
    assert path.next_open(made, gone, ("road", "deep", "hurt"), today=TODAY).key == "road"  # type: ignore[union-attr]
    done = {"road": "local", "hurt": "no"}
    assert path.next_open(made, done, ("road", "deep", "hurt"), today=TODAY) is None


def test_a_form_ends_where_its_answers_say_so() -> None:
    made = form(
        HURT,
        BORN,
        ends=[
            RING,
            {
                "key": "young",
                "kind": "not_eligible",
                "when": {"question": "born", "years_under": 66},
                "title": "Not yet",
                "words": "It is for people of 66.",
                "next_step": "Ask again then.",
            },
        ],
    )
    assert path.end(made, {}, today=TODAY) is None
    ring = path.end(made, {"hurt": "yes"}, today=TODAY)
    assert ring is not None
    assert (ring.key, path.at(made, ring)) == ("ring", "hurt")
    # Who says that it is no emergency goes on.
    assert path.end(made, {"hurt": "yes"}, today=TODAY, passed=["ring"]) is None
    born = {"hurt": "no", "born": "1960-11-18"}
    young = path.end(made, born, today=TODAY, passed=["ring"])
    assert young is not None
    # So does who asks a person all the same, until they answer the question anew.
    assert path.end(made, born, today=TODAY, passed=["young"]) is None
    assert path.not_touched(made, ["ring", "young"], "born") == ("ring",)
    # An emergency comes before every other end.
    both = path.end(made, {**born, "hurt": "yes"}, today=TODAY)
    assert both is not None
    assert both.key == "ring"
    assert path.end(made, {"hurt": "no", "born": "1960-11-17"}, today=TODAY) is None


def test_each_area_is_asked_in_its_own_words() -> None:
    areas = {
        "E07000238": {"words": "Which Wychavon bin?", "choices": [*COLOURS]},
        "E07000237": {"skip": True},
    }  # fmt: skip
    made = form({**ROAD, "areas": areas}, HURT)
    there = path.for_area(made, ["E05007940", "E07000238", "E10000034"])
    assert there.questions[0].words == "Which Wychavon bin?"
    assert there.questions[0].values == ("green", "black")
    assert [one.key for one in path.for_area(made, ["E07000237"]).questions] == ["hurt"]
    assert path.for_area(made, []) == made


KINDS: list[tuple[dict[str, Any], Any, Any]] = [
    (DEEP, "12", "12"),
    (DEEP, " 1,5 ", "15"),
    (DEEP, "7.50", "7.5"),
    (HURT, "yes", "yes"),
    (BORN, "1950-02-28", "1950-02-28"),
    (BORN, TODAY, TODAY.isoformat()),
    ({"key": "a", "type": "text", "words": "?"}, " two\r\n words\x00 ", "two words"),
    ({"key": "a", "type": "words", "words": "?"}, "one\r\ntwo", "one\ntwo"),
    ({**ROAD, "type": "several"}, ["motorway", "local"], ["local", "motorway"]),
    ({**ROAD, "type": "several"}, "local", ["local"]),
]


@pytest.mark.parametrize(("question", "typed", "kept"), KINDS)
def test_an_answer_is_kept_in_one_way(question: Any, typed: Any, kept: Any) -> None:
    assert answers.read(form(question).questions[0], typed, today=TODAY) == kept


@pytest.mark.parametrize(
    ("question", "typed", "said"),
    [
        (DEEP, "0", "Enter 1 or more"),
        (DEEP, "201", "Enter 200 or less"),
        (DEEP, "deep", "Enter a number"),
        (DEEP, "nan", "Enter a number"),
        (DEEP, "1e9", "Enter a number"),
        (DEEP, True, "Enter a number"),
        (HURT, "perhaps", "Choose one"),
        (HURT, ["yes"], "Choose one"),
        (BORN, "2026-11-18", "today or before"),
        (BORN, "2026-02-30", "real date"),
        (BORN, None, "real date"),
        ({"key": "a", "type": "text", "words": "?"}, " ", "Write an answer"),
        ({"key": "a", "type": "text", "words": "?", "longest": 5}, "123456", "5 characters"),
        ({"key": "a", "type": "text", "words": "?"}, 5, "as text"),
        ({**ROAD, "type": "several"}, [], "one or more"),
        ({**ROAD, "type": "several"}, ["sea"], "from the list"),
        ({**ROAD, "type": "several", "most": 1}, ["local", "motorway"], "1 or fewer"),
    ],
)
def test_what_is_no_answer_is_told_to_who_gave_it(question: Any, typed: Any, said: str) -> None:
    with pytest.raises(answers.NotAnAnswer, match=said):
        answers.read(form(question).questions[0], typed, today=TODAY)


@given(
    st.one_of(
        st.text(max_size=50),
        st.integers(),
        st.lists(st.text(max_size=5)),
        st.none(),
        st.dictionaries(st.text(max_size=3), st.integers()),
    )
)
def test_whatever_is_typed_is_an_answer_or_is_refused_in_words(typed: Any) -> None:
    for question in form(ROAD, DEEP, HURT, BORN).questions:
        try:
            kept = answers.read(question, typed, today=TODAY)
        except answers.NotAnAnswer:
            continue
        assert answers.read(question, kept, today=TODAY) == kept
        assert words.answer(question, kept)


_NAMES = [
    "questions",
    "ends",
    "key",
    "type",
    "words",
    "when",
    "choices",
    "all",
    "is",
    "question",
    "areas",
]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(_JSON)
def test_no_data_breaks_the_reading_of_a_form(data: Any) -> None:
    try:
        made = reading.form(data)
    except reading.BadForm:
        return
    else:
        assert reading.form(writing.data(made)) == made


def test_the_catalogue_completes_a_form_in_the_order_of_a_story() -> None:
    facts = standard.Facts(
        location="map", owner_tier="county", prompt="How big?", anonymous_ok=True
    )
    made = standard.completed(form(ROAD), facts)
    assert [one.kind for one in made.questions] == [
        Kind.CHOICE,
        Kind.PLACE,
        Kind.WORDS,
        Kind.FILE,
        Kind.PERSON,
    ]
    assert made.questions[-1].anonymous is True
    assert [one.key for one in made.own] == ["road"]
    nowhere = standard.completed(form(describe=False), standard.Facts(owner_tier="county"))
    assert [one.kind for one in nowhere.questions] == [Kind.PERSON]


def test_answers_read_in_words_and_make_the_words_of_an_enquiry() -> None:
    made = form(ROAD, DEEP, BORN, {**ROAD, "key": "both", "type": "several"})
    given_: Answers = {
        "both": ["local", "motorway"],
        "deep": "12",
        "born": "1950-02-28",
        "old-key": "x",
    }
    assert [(one.question, one.answer) for one in words.said(made, given_)] == [
        ("How deep is it?", "12 cm"),
        ("When were you born?", "28 February 1950"),
        ("What kind of road is it on?", "A street, The M5"),
        ("Old key", "x"),
    ]
    assert words.described(made, {"deep": "12"}) == "How deep is it? 12 cm"


def test_conditions_name_the_questions_that_they_look_at() -> None:
    made = form(
        ROAD,
        HURT,
        {**DEEP, "when": {"any": [{"question": "road", "is": ["local"]}, {"missing": "hurt"}]}},
    )
    assert set(conditions.questions(made.questions[2].when)) == {"road", "hurt"}


def test_a_group_counts_years_as_ages_are_counted() -> None:
    asked = Question("born", Kind.DATE, "?")
    for born, years, is_under in [
        ("1960-11-17", 66, False),
        ("1960-11-18", 66, True),
        ("2000-02-29", 27, True),
    ]:
        made = reading.form(
            {
                "questions": [
                    {"key": asked.key, "type": "date", "words": "?"},
                    {**HURT, "when": {"question": "born", "years_under": years}},
                ]
            }
        )
        assert conditions.holds(made.questions[1].when, {"born": born}, today=TODAY) is is_under


def test_a_form_ends_with_words_of_its_own_in_place_of_what_happened() -> None:
    more = {"key": "description", "type": "words", "words": "Is there more?", "required": False}
    facts = standard.Facts(location="map", owner_tier="county", prompt="Where is it?")
    made = form(HURT, more)
    asked = standard.completed(made, facts).questions
    assert [one.key for one in asked] == ["hurt", "place", "description", "files", "you"]
    assert asked[2].words == "Is there more?"
    assert not made.needs_words
    assert form(HURT).needs_words
    assert not form(HURT, describe=False).needs_words


def test_an_address_that_a_form_asks_for_is_a_home_unless_it_may_be_left_out() -> None:
    home = {"key": "home", "type": "address", "words": "Where do you live?"}
    assert form(home).questions[0].exact
    assert not form({**home, "required": False}).questions[0].exact
    added = standard.completed(form(HURT), standard.Facts(location="address")).question("place")
    assert added is not None
    assert not added.exact


def test_the_count_of_questions_never_grows_while_somebody_answers() -> None:
    made = form(
        ROAD,
        {**HURT, "when": {"question": "road", "is": "local"}},
        {**DEEP, "when": {"question": "hurt", "is": "yes"}},
        BORN,
    )
    steps: list[Answers] = [
        {}, {"road": "local"}, {"road": "local", "hurt": "yes"}, {"road": "local", "hurt": "no"},
        {"road": "motorway"},
    ]  # fmt: skip
    assert [walking.longest(made, one, today=TODAY) for one in steps] == [4, 4, 4, 3, 2]
    assert walking.longest(made, {}, today=TODAY, steps=2) == 0
