"""What a call has come to is the same, in whatever order and however often it is told."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.calls import Attempt, CallState, Fact, began_at, standing, together

T = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)


def at(seconds: int) -> datetime:
    return T + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("told", "state", "answered", "ended"),
    [
        ({Fact.RANG: 0}, CallState.RINGING, None, None),
        ({Fact.RANG: 0, Fact.ANSWERED: 8}, CallState.ANSWERED, 8, None),
        ({Fact.RANG: 0, Fact.ANSWERED: 8, Fact.OVER: 60}, CallState.ENDED, 8, 60),
        ({Fact.RANG: 0, Fact.UNANSWERED: 60, Fact.OVER: 66}, CallState.MISSED, None, 60),
        ({Fact.RANG: 0, Fact.OVER: 12}, CallState.HUNG_UP, None, 12),
        ({Fact.RANG: 0, Fact.GAVE_UP: 12, Fact.OVER: 12}, CallState.HUNG_UP, None, 12),
        ({Fact.RANG: 0, Fact.CLOSED: 0, Fact.OVER: 20}, CallState.ENDED, None, 20),
        # One telephone did not answer, another one did.
        ({Fact.RANG: 0, Fact.UNANSWERED: 20, Fact.ANSWERED: 30}, CallState.ANSWERED, 30, None),
        # The answer was told late, and without a time of its own.
        ({Fact.RANG: 0, Fact.OVER: 60, Fact.ANSWERED: 62}, CallState.ENDED, 60, 60),
        # The end is all that was ever told.
        ({Fact.OVER: 5}, CallState.HUNG_UP, None, 5),
    ],
)
def test_how_a_call_stands(told, state, answered, ended):
    found = standing({fact: at(seconds) for fact, seconds in told.items()})
    assert found.state is state
    assert found.answered_at == (None if answered is None else at(answered))
    assert found.ended_at == (None if ended is None else at(ended))


news = st.lists(
    st.tuples(st.sampled_from(list(Fact)), st.integers(0, 20_000)), min_size=1, max_size=8
)


@settings(deadline=None)  # the machine may be busy
@given(news, st.randoms())
def test_the_order_of_the_news_and_their_repeats_do_not_matter(told, chance):
    turned = told + chance.sample(told, chance.randint(0, len(told)))
    chance.shuffle(turned)

    def whole(pieces):
        known: dict[Fact, datetime] = {}
        for fact, seconds in pieces:
            known = together(known, {fact: at(seconds)})
        return standing(known)

    assert whole(told) == whole(turned)


@settings(deadline=None)  # the machine may be busy
@given(news)
def test_times_are_never_out_of_order(told):
    known: dict[Fact, datetime] = {}
    for fact, seconds in told:
        known = together(known, {fact: at(seconds)})
    found = standing(known)
    times = [found.rang_at, found.answered_at, found.ended_at]
    assert all(a <= b for a, b in itertools.pairwise([one for one in times if one is not None]))


def test_a_redial_within_two_hours_goes_back_to_the_first_attempt():
    def missed(rang: int, ended: int) -> Attempt:
        return Attempt(CallState.MISSED, at(rang), at(ended))

    hour = 3_600
    assert began_at(at(hour), []) == at(hour)
    assert began_at(at(hour), [missed(0, 30)]) == at(0)
    assert began_at(at(2 * hour + 30), [missed(0, 30)]) == at(0)
    assert began_at(at(2 * hour + 31), [missed(0, 30)]) == at(2 * hour + 31)
    # A row of them is followed to its start; an answered call ends it.
    row = [missed(3 * hour, 3 * hour + 9), missed(90 * 60, 90 * 60 + 9), missed(0, 9)]
    assert began_at(at(4 * hour), row) == at(0)
    spoken = Attempt(CallState.ENDED, at(2 * hour), at(2 * hour + 90))
    assert began_at(at(4 * hour), [row[0], spoken, row[2]]) == at(3 * hour)
