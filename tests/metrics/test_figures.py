"""Figures are sums that can be checked by hand, and some laws that hold for any mix."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import figures, sums
from metrics.figures import Osr
from metrics.sums import Counted, Group


def osr(counted: Iterable[Counted]) -> Osr:
    return figures.osr(sums.of(counted).cells)


def group(kind: str = "success", **more: Any) -> Group:
    base: dict[str, Any] = {
        "klass": "INFORM", "channel": "phone", "linkable": True, "self_service": False,
        "reason": None, "owner": None, "recontacted": False, "broken": False, "capped": False,
        "fcc": None, "rftr": None,
    }  # fmt: skip
    return Group(kind=kind, **(base | more))


def test_the_headline_is_the_linkable_rate_weighted_with_everybody():
    found = osr([
        Counted(group(), 8), Counted(group("failure", recontacted=True), 2),
        Counted(group(channel="web"), 1), Counted(group("failure", channel="web"), 1),
        Counted(group(channel="web", linkable=False), 8),
    ])  # fmt: skip

    # Phone 0.8 of 10, web 0.5 of 10 although only two of them can be linked.
    assert found.linked == pytest.approx(0.65)
    assert found.upper == pytest.approx(17 / 20)
    assert found.n == 12
    assert found.lower == pytest.approx((9 + 8 * (1 - 2 * 0)) / 20)


def test_anonymous_successes_are_taken_to_come_back_twice_as_often():
    found = osr([
        Counted(group(), 8), Counted(group("failure", recontacted=True), 2),
        Counted(group(linkable=False), 10),
    ])  # fmt: skip

    assert found.lower == pytest.approx((8 + 10 * (1 - 2 * 0.2)) / 20)


def test_a_cell_without_linkable_enquiries_borrows_and_says_so():
    found = osr([
        Counted(group(), 3), Counted(group("failure"), 1),
        Counted(group(channel="web", linkable=False), 6),
    ])  # fmt: skip

    assert found.linked == pytest.approx(0.75)
    assert found.borrowed == 6


def test_where_nobody_can_be_linked_there_is_no_headline():
    found = osr([
        Counted(group(linkable=False), 7), Counted(group("failure", linkable=False), 3),
    ])  # fmt: skip

    assert (found.linked, found.wilson, found.n, found.lower) == (None, None, 0, None)
    assert found.upper == pytest.approx(0.7)


def test_open_windows_and_exclusions_stand_beside_the_rate_and_not_in_it():
    found = osr([
        Counted(group(), 4),
        Counted(group("pending"), 3), Counted(group("pending", broken=True), 2),
        Counted(group("excluded", reason="test"), 5),
        Counted(group("excluded", reason="staged"), 1),
    ])  # fmt: skip

    assert (found.mature, found.pending, found.linked) == (4, 5, 1.0)
    assert found.left_out == 6
    assert found.provisional == pytest.approx(7 / 9)


def test_wilson_is_wilson():
    low, high = figures.wilson(0.8, 100) or (0, 0)

    assert (round(low, 4), round(high, 4)) == (0.7112, 0.8666)
    assert figures.wilson(0.5, 0) is None


def test_the_agenda_lists_the_commonest_reason_first():
    found = figures.measures(sums.of([
        Counted(group("failure", reason="late", owner="partner:wychavon"), 2),
        Counted(group("failure", reason="repetition", owner="front_door"), 5),
        Counted(group("excluded", reason="test"), 5),
        Counted(group("excluded", reason="staged", self_service=True), 1),
    ]))  # fmt: skip

    assert [(row.reason, row.owner, row.n) for row in found.failures] == [
        ("repetition", "front_door", 5),
        ("late", "partner:wychavon", 2),
    ]
    assert found.excluded == {"staged": 1, "test": 5}
    assert found.assisted_excluded == {"test": 5}


groups = st.builds(
    group,
    kind=st.sampled_from(["success", "failure", "pending", "excluded"]),
    klass=st.sampled_from(["INFORM", "REQUEST"]),
    channel=st.sampled_from(["phone", "web", "sms"]),
    linkable=st.booleans(),
    recontacted=st.booleans(),
)
rows = st.lists(st.builds(Counted, group=groups, n=st.integers(1, 50)), max_size=12)


@given(rows)
def test_the_lower_bound_never_passes_the_upper_one(counted):
    found = osr(counted)

    if found.lower is not None:
        assert found.upper is not None
        assert found.lower <= found.upper + 1e-12
    assert found.linked is None or 0 <= found.linked <= 1 + 1e-12


@given(rows)
def test_without_anonymous_enquiries_all_three_are_one(counted):
    known = [Counted(group(row.group.kind, channel=row.group.channel), row.n) for row in counted]
    found = osr(known)

    if found.linked is not None:
        assert found.linked == pytest.approx(found.upper)
        assert found.lower == pytest.approx(found.upper)


@given(rows, st.randoms())
def test_the_order_of_counting_does_not_matter(counted, random):
    shuffled = list(counted)
    random.shuffle(shuffled)

    one, other = osr(counted), osr(shuffled)

    assert (one.mature, one.n, one.left_out) == (other.mature, other.n, other.left_out)
    assert (one.linked or 0) == pytest.approx(other.linked or 0)
