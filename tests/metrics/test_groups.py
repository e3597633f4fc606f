"""Groups of enquiries that are judged together: whole, each once, and never one too many."""

from random import Random

from metrics.groups import Groups, batches


def test_groups_are_whole_also_by_a_chain_of_people() -> None:
    tied = Groups()
    for one, other in ((1, -7), (5, -7), (-7, -9), (8, -9), (2, 3)):
        tied.join(one, other)

    found = [ids for _, ids in batches(tied, [1, 2, 3, 4, 5, 8], 1)]

    assert sorted(found) == [[1, 5, 8], [2, 3], [4]]
    assert tied.of(1) == tied.of(-9) != tied.of(2)


def test_who_was_cut_off_goes_on_after_a_batch_and_finds_the_same_groups() -> None:
    random = Random(1)
    pairs = [(random.randrange(1, 900), random.randrange(-300, 0)) for _ in range(700)]
    tied, again = Groups(), Groups()
    for pair in pairs:
        tied.join(*pair)
    for pair in reversed(pairs):
        again.join(*pair)
    keys = range(1, 1_000)

    found = list(batches(tied, keys, 50))

    assert sorted(key for _, ids in found for key in ids) == list(keys)
    assert found == list(batches(again, keys, 50))
    for number, (last, ids) in enumerate(found):
        assert {tied.of(key) for key in ids} <= set(range(last + 1))
        rest = [(end, later) for end, later in batches(again, keys, 50) if end > last]
        assert rest == found[number + 1 :]
