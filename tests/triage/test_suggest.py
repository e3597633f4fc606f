"""What is suggested, with a few services and without a database."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb import triage
from kb.triage import Lexicon, Subject, suggest

LEXICON = Lexicon(
    [
        Subject("missed-bin", "Missed bin", ("bin not emptied",), ("missed bin",), ("binmen",)),
        Subject("new-bin", "New bin", ("broken bin", "new bin"), (), ("lid",)),
        Subject("pothole", "Pothole", ("pothole", "hole in road"), (), ("tyre",)),
        Subject("street-light", "Street light", ("street light out",), ("lamp post",), ("dark",)),
        Subject("pest-control", "Pests", ("wasp nest", "rats"), (), ("loft",), told="poison bait"),
        Subject(triage.ELSEWHERE, "", ("passport", "gas leak")),
        Subject(triage.CHASING, "", ("any news", "still not"), (), ("still",)),
        Subject(triage.THANKING, "", ("thanks",), (), ("ok",)),
    ]
)


def about(words: str, *history: str) -> str | None:
    return suggest(words, LEXICON, history=history).service_slug


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("bin wasnt emptied", "missed-bin"),
        ("lid of my bin is broken", "new-bin"),
        ("massive hole in the road burst my tyre", "pothole"),
        ("waspnest in loft", "pest-control"),
        ("BINMEN went past", "missed-bin"),
        ("hello", None),
        ("", None),
        ("???", None),
        ("need a new passport", None),
        ("ok thanks", None),
        ("\x00\ud800", None),
    ],
)
def test_a_text_is_about_what_its_words_say(words: str, service: str | None) -> None:
    assert about(words) == service


def test_who_asks_again_asks_about_their_open_case() -> None:
    assert about("any news?", "pothole") == "pothole"
    assert about("any news?") is None
    again = suggest("still not", LEXICON, history=["pothole"])
    assert "ask again" in again.reason
    assert "Pothole" in again.reason


def test_who_has_two_open_cases_is_less_surely_understood() -> None:
    one = suggest("any news", LEXICON, history=["pothole"])
    two = suggest("any news", LEXICON, history=["new-bin", "pothole"])
    assert two.service_slug == "new-bin"
    assert two.certainty <= 0.5 < one.certainty
    assert [slug for slug, _ in two.others] == ["pothole"]


def test_words_of_another_matter_are_not_drawn_to_the_open_case() -> None:
    assert about("street light out, any news", "missed-bin") == "street-light"


def test_thanks_are_about_nothing_even_with_an_open_case() -> None:
    assert about("ok thanks", "pothole") is None


def test_an_open_case_makes_the_same_matter_likelier_and_is_told() -> None:
    without = suggest("bin again", LEXICON)
    with_case = suggest("bin again", LEXICON, history=["new-bin"])
    assert with_case.service_slug == "new-bin"
    assert "open case" in with_case.reason
    shares = dict([(without.service_slug, without.certainty), *without.others])
    assert with_case.certainty > shares["new-bin"]


def test_a_notice_where_they_are_makes_its_matter_likelier_and_is_told() -> None:
    words = "new bin emptied"
    shares = []
    for services in ({"missed-bin"}, set(), {"new-bin"}):
        found = suggest(words, LEXICON, told=services)
        assert ("notice" in found.reason) == (found.service_slug in services)
        shares.append(
            dict([(found.service_slug, found.certainty), *found.others]).get("missed-bin", 0.0)
        )
    assert shares[0] > shares[1] > shares[2] > 0


def test_two_matters_in_one_text_make_it_less_sure_and_name_both() -> None:
    both = suggest("wasp nest in the loft, and a hole in the road", LEXICON)
    alone = suggest("wasp nest in the loft", LEXICON)
    assert both.certainty < alone.certainty
    assert {both.service_slug, both.others[0][0]} == {"pest-control", "pothole"}


def test_the_reason_is_in_our_words_and_holds_none_of_theirs() -> None:
    found = suggest("Rita Fable 07700900123, rts in loft 12 Mill Lane", LEXICON)
    assert found.service_slug == "pest-control"
    assert "“loft”" in found.reason
    for theirs in ("Rita", "Fable", "0770", "Mill"):
        assert theirs not in found.reason


def test_an_open_case_of_a_service_that_is_no_more_changes_nothing() -> None:
    assert suggest("any news", LEXICON, history=["gone"]).service_slug is None


def test_no_service_at_all_suggests_nothing() -> None:
    assert suggest("bin not emptied", Lexicon([])).service_slug is None


# The first characters that are drawn take seconds on a busy machine: it makes their table.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(max_size=300),
    st.lists(st.sampled_from(["pothole", "new-bin", "gone", ""]), max_size=3),
    st.sets(st.sampled_from(["missed-bin", "x"])),
)
def test_whatever_comes_the_answer_is_whole(text: str, history: list[str], told: set[str]) -> None:
    found = suggest(text, LEXICON, history=history, told=told)
    assert found.service_slug is None or found.service_slug in LEXICON.names
    assert found.service_slug not in triage.NOT_SERVICES
    assert 0 <= found.certainty <= 1
    assert found.reason
    assert len(found.reason) <= 300
    assert len(found.others) <= triage.MOST_OTHERS
    assert sum(share for _, share in found.others) + found.certainty <= 1.02
    surest = found.certainty if found.service_slug else triage.GUESSED
    assert all(0 <= share <= surest for _, share in found.others)
    assert found == suggest(text, LEXICON, history=history, told=told)
