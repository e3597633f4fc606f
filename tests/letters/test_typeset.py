"""A letter on paper: tagged, its address in the window, and what people wrote stays words."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import typst
from PIL import Image

from notifications import typesetting
from notifications.letters import typeset
from notifications.letters.typeset import AddressTooLong, Letter
from tests.letters.pages import Run, inside, runs

LETTER = Letter(
    subject="Your enquiry WH7-K3MP-4X: Done",
    html="<p>Thank you.</p><h2>What next</h2><ul><li>one</li><li><strong>two</strong></li></ul>"
    '<p>See <a href="https://hub.example/track/">our page</a>.<br>Bye</p>',
    address=("Mx Jo Bloggs", "1 High Street", "Malvern", "WR14 4AA"),
    sender=("Malvern Hills District Council", "Worcestershire Hub", "01632 960000"),
    reference="WH7-K3MP-4X",
    language="en-gb",
    at=datetime(2026, 11, 17, 10, tzinfo=UTC),
)
DOTS = 100  # to the inch


def drawn(letter: Letter) -> Image.Image:
    """Its first page as a picture."""
    found: Any = typst.compile(
        str(typeset.HERE / "letter.typ"), format="png", ppi=DOTS, ignore_system_fonts=True,
        sys_inputs={"letter": json.dumps(typeset._told(letter))},
        font_paths=[str(typesetting.FONTS)],
    )  # fmt: skip
    first = found if isinstance(found, bytes) else found[0]
    return Image.open(io.BytesIO(first)).convert("L")


def ink(page: Image.Image, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether anything is printed between these millimetres."""
    box = tuple(round(one / 25.4 * DOTS) for one in (left, top, right, bottom))
    return page.crop(box).getextrema()[0] < 128  # type: ignore[arg-type,operator]


@pytest.mark.parametrize("is_large", [False, True])
def test_it_is_tagged_for_screen_readers(is_large: bool) -> None:
    page = typeset.printed(replace(LETTER, is_large=is_large))
    assert page.pages == 1
    whole = inside(page.pdf)
    assert b"pdfuaid:part" in whole
    assert b"/Marked true" in whole
    for tag in (b"/StructTreeRoot", b"/H1", b"/H2", b"/L", b"/LI", b"/Link", b"/P"):
        assert tag in whole, tag
    assert b"/Lang (en" in whole or b"/Lang(en" in whole
    assert b"<dc:title>" in whole
    # Its typeface is in it.
    assert b"/FontFile" in whole


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("lines", [2, 4, 7, 9])
def test_the_address_is_in_the_window_and_nothing_else_is(lines: int, is_large: bool) -> None:
    address = tuple(f"Line {number} of an address" for number in range(lines))
    page = drawn(replace(LETTER, address=address, is_large=is_large))
    assert ink(page, 24, 39.5, 120, 66.3)
    # Around it there is room, so that a letter that moves in its envelope shows nothing else.
    assert not ink(page, 0, 30, 24, 95)
    assert not ink(page, 0, 67, 120, 88)
    assert not ink(page, 0, 0, 105, 39)
    with_none = drawn(replace(LETTER, address=(" ", " "), is_large=is_large))
    assert not ink(with_none, 0, 35, 120, 70)


def test_a_long_address_keeps_its_postcode() -> None:
    address = (*(f"Line {number}" for number in range(9)), "WR14 4AA")
    told = typeset._told(replace(LETTER, address=address))["address"]
    assert len(told) == typeset.MOST_LINES
    assert told[-1] == "WR14 4AA"
    assert "Line 8" in told[-2]


WRAPS = "The Old Coach House and Stables behind the Church of Saint Wulfstan"


def in_window(letter: Letter) -> list[Run]:
    """The words that stand where the window shows them."""
    shown = runs(typeset.printed(letter).pdf)
    return [one for one in shown if 24 < one.left < 120 and 39.5 < one.top < 66.3]


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize(
    "lines",
    [
        ("Mx Jo Bloggs", WRAPS, "1 High St", "Malvern", "Malvern Link", "Worcestershire"),
        ("Mx Jo Bloggs", *[WRAPS] * 5),
        (" ".join(["Bartholomew"] * 8), "1 High St", "Upton", "Malvern", " ".join(["Wells"] * 30)),
        ("Mx Jo Bloggs", "Llanfair" * 8, "Malvern"),
    ],
)
def test_the_longest_address_stands_in_the_window_whole(
    lines: tuple[str, ...], is_large: bool
) -> None:
    address = (*lines, "WR14 4AA")
    shown = in_window(replace(LETTER, address=address, is_large=is_large))
    assert shown[-1].words == "WR14 4AA"
    assert "".join(one.words for one in shown).replace(" ", "") == "".join(address).replace(" ", "")
    assert all(one.points >= 7 for one in shown)
    ordinary = in_window(replace(LETTER, is_large=is_large))
    assert [one.points for one in ordinary] == [11.5] * 4


@pytest.mark.parametrize("line", ["Llanfair" * 15, f"{WRAPS} " * 8])
def test_an_address_that_fits_at_no_size_is_refused_in_words(line: str) -> None:
    with pytest.raises(AddressTooLong, match="too long for the window"):
        typeset.printed(replace(LETTER, address=("Jo Bloggs", line, line, "WR14 4AA")))


def test_large_print_is_eighteen_points() -> None:
    assert typeset._told(replace(LETTER, is_large=True))["size"] == 18
    assert typeset._told(LETTER)["size"] == 12
    long = replace(LETTER, html="<p>" + "Many words. " * 400 + "</p>")
    assert typeset.printed(replace(long, is_large=True)).pages > typeset.printed(long).pages > 1


@pytest.mark.parametrize(
    "trick",
    ['#panic("x")', '#read("/etc/passwd")', "$x$", "@ref", "`raw`", "#{", "*b* _i_", "\\u{41}",
     "((track_url))", "= Heading", "// comment", '"quotes" \\', "<label>", "~", "--- ...", "]]"],
)  # fmt: skip
def test_what_people_wrote_is_words_in_every_place(trick: str) -> None:
    escaped = trick.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    letter = replace(
        LETTER,
        subject=f"x {trick}",
        html=f"<p>{escaped}</p><h2>{escaped}</h2><ul><li>{escaped}</li></ul>",
        address=(trick, trick),
        sender=(trick,),
    )
    assert typeset.printed(letter).pages == 1
    told = typeset._told(letter)
    assert [piece["text"] for block in told["blocks"] for line in block["lines"] for piece in line
            ] == [trick] * 3  # fmt: skip


def test_polish_letters_are_set_in_polish() -> None:
    told = typeset._told(replace(LETTER, language="pl"))
    assert told["date"] == "17 listopada 2026"
    assert told["reference_words"].startswith("Numer")
    polish = replace(LETTER, language="pl", subject="Zażółć gęślą jaźń ŁÓDŹ")
    assert b"pdfuaid:part" in inside(typeset.printed(polish).pdf)


def test_a_sign_that_no_typeface_has_is_said_another_way_and_the_letter_goes() -> None:
    strange = "Jo \U000f1234, \U0001f44d\U0001f3fd and \U0001f1ec\U0001f1e7, a\u0348"
    letter = replace(LETTER, subject=strange, html=f"<p>{strange}</p>", address=(strange, "x"))
    said = "".join(one.words for one in runs(typeset.printed(letter).pdf))
    assert said.count("\u25a1, [thumbs up sign] and GB, a") == 3
    # What shows nothing is left out.
    shown = runs(typeset.printed(replace(LETTER, subject="a\x00b\x07\u200bc\ufeff")).pdf)
    assert "abc" in [one.words for one in shown]


def test_words_in_a_script_that_no_typeface_has_do_not_keep_a_letter_back() -> None:
    # More signs than are tried one by one, of more kinds than go together.
    signs = "".join(chr(0xF0000 + 0x100 * number) for number in range(3 * typesetting.TRIES))
    said = runs(typeset.printed(replace(LETTER, html=f"<p>Łask {signs} – €5</p>")).pdf)
    whole = "".join(one.words for one in said)
    assert typesetting.STAND_IN * len(signs) in whole
    assert "Łask" in whole
    assert "– €5" in whole


def test_many_are_one_file_with_all_their_pages() -> None:
    long = replace(LETTER, html="<p>" + "Many words. " * 900 + "</p>")
    one, two = typeset.printed(LETTER), typeset.printed(long)
    whole = typeset.in_one([(one.pdf, one.pages), (two.pdf, two.pages)])
    assert len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", whole)) == one.pages + two.pages > 2
