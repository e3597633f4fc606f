import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import gsm


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("£5 for a café", "GSM-7", 13, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("[]{}", "GSM-7", 8, 1),
        ("ŵ", "UCS-2", 1, 1),
        ("’" * 70, "UCS-2", 70, 1),
        ("’" * 71, "UCS-2", 71, 2),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        # neither is a pair split between two parts
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
        ("ж" * 66 + "😀" + "ж" * 66, "UCS-2", 134, 3),
    ],
)
def test_parts_are_counted_as_providers_count_them(text, encoding, units, segments):
    assert gsm.measure(text) == gsm.Size(encoding, units, segments)


def _taken_apart(text: str, single: int, joined: int, coded: Callable[[str], bytes]) -> int:
    """Parts as a sender cuts them off: as many characters as a part holds, again and again."""
    if len(coded(text)) <= single:
        return 1
    parts = 0
    while text:
        fits = max(n for n in range(1, joined + 1) if len(coded(text[:n])) <= joined)
        text, parts = text[fits:], parts + 1
    return parts


@given(st.text("a€[", min_size=140, max_size=500), st.text("жa😀", min_size=60, max_size=300))
def test_parts_are_as_many_as_a_sender_cuts_off(basic, wide):
    escaped = _taken_apart(basic, 160, 153, lambda words: re.sub(r"[€\[]", "..", words).encode())
    assert gsm.measure(basic).segments == escaped
    wide += "ж"  # not in the basic alphabet
    doubled = _taken_apart(wide, 140, 134, lambda words: words.encode("utf-16-be"))
    assert gsm.measure(wide).segments == doubled


def test_typographic_characters_become_plain_ones():
    assert gsm.plain("“It’s here” – at 5\u00a0pm…") == '"It\'s here" - at 5 pm...'


def test_what_has_no_plain_form_is_left_alone():
    assert gsm.plain("ŷ 😀 مرحبا") == "ŷ 😀 مرحبا"
    assert gsm.outside("aŷbŷ😀") == "ŷ😀"


@given(st.text(max_size=400), st.integers(min_value=10, max_value=200))
def test_a_shortened_text_fits_and_starts_as_it_did(text, limit):
    short = gsm.shorten(text, limit)
    assert len(short) <= limit
    assert short == text or text.startswith(short.removesuffix("..."))
