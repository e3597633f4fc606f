"""What anybody may read tells of nobody: not by itself, and not by taking one from another."""

from __future__ import annotations

import random

from metrics import figures, public, sums
from metrics.figures import Osr
from metrics.sums import Counted, Group


def osr(enough: int, not_enough: int) -> Osr:
    """A rate of so many for whom once was enough, and so many for whom it was not."""

    def group(kind: str) -> Group:
        return Group(
            "REQUEST", "web", True, False, kind, None, None, False, False, False, None, None
        )

    both = [Counted(group("success"), enough), Counted(group("failure"), not_enough)]
    return figures.osr(sums.of(both).cells)


def test_a_figure_of_fewer_than_five_or_with_a_side_of_fewer_is_not_shown() -> None:
    assert public.shown("web", osr(4, 0)) is None
    assert public.shown("web", osr(40, 4)) is None
    assert public.shown("web", osr(4, 40)) is None
    assert public.shown("web", osr(0, 0)) is None
    found = public.shown("web", osr(17, 5))
    assert found is not None
    assert (found.share, found.n) == (75, 20)
    assert public.shown("web", osr(6, 0)) == public.Shown("web", 100, 57, 100, 5)


def test_a_figure_is_the_same_for_all_counts_that_it_may_be_of() -> None:
    for enough in range(5, 63):
        for not_enough in range(5, 63):
            alike = osr(5 * round(enough / 5), 5 * round(not_enough / 5))
            assert public.shown("web", osr(enough, not_enough)) == public.shown("web", alike)


def test_a_day_with_few_late_messages_tells_of_few() -> None:
    assert [public.few_of(due - late, due) for due, late in ((900, 4), (900, 5), (900, 0), (4, 0))
            ] == [True, False, False, True]  # fmt: skip


def test_what_a_total_lacks_is_never_of_few() -> None:
    whole = [("web", osr(90, 30)), ("phone", osr(20, 9)), ("sms", osr(7, 6)), ("kiosk", osr(3, 0))]

    found, hidden = public.parts(whole)

    # The kiosk's three alone would be what the total lacks; with the texts it is of sixteen.
    assert [one.key for one in found] == ["web", "phone"]
    assert hidden == 2
    assert public.parts([("web", osr(9, 9)), ("phone", osr(0, 0))])[1] == 0


def test_no_world_tells_of_few_by_a_total_and_its_parts() -> None:
    dice = random.Random(8)
    for _ in range(400):
        rows = [
            (f"c{index}", osr(dice.choice([0, 1, 3, 5, 9, 40]), dice.choice([0, 2, 4, 6, 12])))
            for index in range(dice.randint(1, 6))
        ]
        found, _ = public.parts(rows)
        names = {one.key for one in found}
        left = [public.counted(one) for key, one in rows if key not in names]
        lacks = sum(left, public.Counted(0, 0))
        assert not found or not lacks.tells_of_few
        assert not found or sum(1 for one in left if one.enough + one.not_enough) != 1
        assert all(one.n % 5 == 0 and one.n for one in found)
