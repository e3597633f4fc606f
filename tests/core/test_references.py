import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import references
from core.references import ALPHABET, BadReference

bodies = st.text(alphabet=ALPHABET, min_size=6, max_size=6)


def reference(body: str) -> str:
    return references.parse("WH" + body + references.check_character(body))


def test_a_new_reference_can_be_read_back_as_people_write_it():
    for _ in range(200):
        fresh = references.new()
        assert len(fresh) == 11
        assert references.parse(fresh) == fresh
        assert references.parse(fresh.lower().replace("-", " ")) == fresh
        assert references.parse(fresh.replace("-", "\u2013")) == fresh
        assert references.parse(f"  {fresh.replace('-', '')}\n") == fresh


def test_new_references_differ():
    assert len({references.new() for _ in range(500)}) > 495


@given(bodies, st.integers(0, 6), st.sampled_from(ALPHABET))
def test_every_wrong_character_is_noticed(body: str, place: int, wrong: str):
    right = reference(body).replace("-", "")
    index = place + 2
    if right[index] == wrong:
        return
    with pytest.raises(BadReference):
        references.parse(right[:index] + wrong + right[index + 1 :])


@given(bodies, st.integers(0, 5))
def test_every_swap_of_neighbours_is_noticed(body: str, place: int):
    right = reference(body).replace("-", "")
    index = place + 2
    if right[index] == right[index + 1]:
        return
    swapped = right[:index] + right[index + 1] + right[index] + right[index + 2 :]
    with pytest.raises(BadReference):
        references.parse(swapped)


@given(bodies)
def test_characters_that_look_like_ours_are_understood(body: str):
    right = reference(body)
    lookalike = right[:2] + right[2:].replace("8", "B").replace("5", "S").replace("2", "Z")
    assert references.parse(lookalike) == right


@pytest.mark.parametrize(
    "text",
    ["", "WH", "WH7-K3MP-4", "XX7-K3MP-4X", "WH7-K3MP-4XX", "😀" * 9, "WH1-1111-11", "WHI-OOOO-LL"],
)
def test_anything_else_is_refused_in_words(text: str):
    with pytest.raises(BadReference) as refused:
        references.parse(text)
    assert refused.value.message.endswith(".")


def test_references_are_found_inside_a_text():
    one, two = references.new(), references.new()
    text = f"re {one.lower()}, and {two.replace('-', '')}. {one} again; not WH2-2222-23 or WHAT"
    assert references.find(text) == [one, two]
    assert references.find("STATUS " + one.replace("-", " ")) == [one]
    assert references.find("What have you done with my washing") == []


@given(st.text(max_size=300))
def test_no_text_upsets_the_search(text: str):
    assert isinstance(references.find(text), list)


def test_what_kiosks_give_by_themselves_nobody_else_draws():
    for _ in range(500):
        theirs, ours = references.for_kiosk(), references.new()
        assert references.parse(theirs) == theirs
        assert references.is_of_kiosk(theirs)
        assert not references.is_of_kiosk(ours)
