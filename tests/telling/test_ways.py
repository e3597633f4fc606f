"""By which ways somebody may be told: facts in, ways out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.adjusting import Need
from customers.contact import is_mobile
from customers.ways import EMAIL, LETTER, SMS, Known, Point, Why, Wish, decide, postal_lines

MOBILE = Point("phone", "+447700900123", "mobile")
OTHER = Point("phone", "+447700900456", "other")
LANDLINE = Point("phone", "+441905000000", "landline")
MAIL = Point("email", "jo@example.com", "mail")
POST = ("Jo Bloggs", "1 High Street", "Evesham", "WR11 3DA")


def media(known: Known, wish: Wish) -> list[str]:
    return [way.medium for way in decide(known, wish).ways]


def told(known: Known, wish: Wish) -> list[str]:
    return [way.to for way in decide(known, wish).ways]


# -- In which order ------------------------------------------------------------------------------


def test_what_they_chose_for_it_comes_first() -> None:
    known = Known((MOBILE, MAIL))
    assert media(known, Wish(prefer=SMS)) == [SMS, EMAIL]
    assert media(known, Wish(prefer=EMAIL)) == [EMAIL, SMS]
    assert media(known, Wish()) == [EMAIL, SMS]
    assert decide(known, Wish(prefer=SMS)).ways[0].why is Why.CHOSEN


def test_what_they_chose_for_all_of_theirs_counts_where_they_chose_nothing_for_it() -> None:
    known = Known((MOBILE, MAIL), tell_by=SMS)
    assert media(known, Wish()) == [SMS, EMAIL]
    assert decide(known, Wish()).ways[0].why is Why.STANDING
    assert media(known, Wish(prefer=EMAIL)) == [EMAIL, SMS]


def test_an_address_given_with_it_comes_before_one_that_is_only_known() -> None:
    # An API enquiry that asks for texts and gives an e-mail address alone.
    proved = replace(OTHER, is_proved=True)
    known = Known((proved, MAIL))
    wish = Wish(prefer=SMS, first="mail", given=frozenset({"mail"}))
    assert told(known, wish) == ["jo@example.com", "+447700900456"]


def test_of_two_numbers_it_is_the_one_that_was_given() -> None:
    wish = Wish(prefer=SMS, first="other", given=frozenset({"other"}))
    assert told(Known((MOBILE, OTHER)), wish) == ["+447700900456"]


def test_letters_are_the_last_way_and_the_first_for_who_chose_them() -> None:
    known = Known((MOBILE, MAIL), post=POST)
    assert media(known, Wish()) == [EMAIL, SMS, LETTER]
    assert media(replace(known, tell_by=LETTER), Wish()) == [LETTER, EMAIL, SMS]
    # For this enquiry they chose otherwise.
    assert media(replace(known, tell_by=LETTER), Wish(prefer=SMS)) == [SMS, EMAIL, LETTER]
    letter = decide(known, Wish()).after([EMAIL, SMS])
    assert letter is not None
    assert (letter.to, letter.postal) == ("WR11 3DA", POST)


# -- Where nothing may go --------------------------------------------------------------------------


def test_what_nobody_proved_is_written_to_about_what_it_was_given_with_alone() -> None:
    known = Known((MOBILE, MAIL))
    assert told(known, Wish(first="mobile", given=frozenset({"mobile"}))) == ["+447700900123"]
    both = Wish(first="mobile", given=frozenset({"mobile", "mail"}))
    assert told(known, both) == ["jo@example.com", "+447700900123"]
    proved = Known((MOBILE, replace(MAIL, is_proved=True)))
    assert told(proved, Wish(first="mobile", given=frozenset({"mobile"}))) == [
        "+447700900123",
        "jo@example.com",
    ]


def test_an_address_of_one_enquiry_is_no_way_for_another() -> None:
    known = Known((replace(MAIL, for_one=True), MOBILE))
    assert told(known, Wish()) == ["+447700900123"]
    assert told(known, Wish(prefer=EMAIL, first="mail"))[0] == "jo@example.com"


@pytest.mark.parametrize(
    ("spoiled", "left"),
    [
        (replace(MOBILE, is_stopped=True), [EMAIL]),
        (replace(MOBILE, is_unusable=True), [EMAIL]),
        (LANDLINE, [EMAIL]),
        (MOBILE, [EMAIL, SMS]),
    ],
)
def test_stopped_refused_and_landline_numbers_get_no_text(spoiled: Point, left: list[str]) -> None:
    assert media(Known((spoiled, MAIL)), Wish()) == left


@pytest.mark.parametrize(
    ("need", "left"),
    [
        (Need.NO_TEXTS, [EMAIL, LETTER]),
        (Need.NO_EMAILS, [SMS, LETTER]),
        (Need.NO_LETTERS, [EMAIL, SMS]),
        (Need.CALLS_ONLY, []),
        (Need.RELAY_UK, [EMAIL, SMS, LETTER]),
    ],
)
def test_what_they_need_outweighs_what_they_chose(need: Need, left: list[str]) -> None:
    known = Known((MOBILE, MAIL), post=POST, needs=frozenset({need.value}))
    for prefer in (SMS, EMAIL, LETTER, ""):
        assert sorted(media(known, Wish(prefer=prefer))) == sorted(left)


def test_who_wants_to_be_rung_is_to_be_rung() -> None:
    decision = decide(Known((MOBILE,), needs=frozenset({Need.CALLS_ONLY.value})), Wish())
    assert decision.must_ring
    assert decision.ways == ()


def test_large_print_goes_with_the_letter() -> None:
    letter = decide(Known(post=POST, needs=frozenset({Need.LARGE_PRINT.value})), Wish()).ways[0]
    assert letter.large_print


def test_why_nobody_may_be_told() -> None:
    assert decide(Known(), Wish()).why_none is Why.NOTHING_KNOWN
    assert decide(Known((replace(MAIL, is_unusable=True),)), Wish()).why_none is Why.NOTHING_USABLE
    assert decide(Known((LANDLINE,)), Wish()).why_none is Why.NOTHING_USABLE


# -- Marketing ------------------------------------------------------------


def test_marketing_goes_only_by_media_they_said_yes_to_and_to_proved_addresses() -> None:
    news = Wish(marketing=True)
    proved = (replace(MAIL, is_proved=True), replace(MOBILE, is_proved=True))
    assert decide(Known(proved), news).why_none is Why.NO_CONSENT
    assert media(Known(proved, yes_to=frozenset({EMAIL})), news) == [EMAIL]
    assert media(Known((MAIL,), yes_to=frozenset({EMAIL})), news) == []
    stopped = (replace(MOBILE, is_proved=True, is_stopped=True),)
    assert media(Known(stopped, yes_to=frozenset({SMS})), news) == []
    # A service message asks for no yes.
    assert media(Known(proved), Wish()) == [EMAIL, SMS]


# -- Whatever is known -----------------------------------------------------------------------------

# Other tests may keep the machine busy while this draws.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
values = st.sampled_from(
    [
        ("phone", MOBILE.value),
        ("phone", OTHER.value),
        ("phone", LANDLINE.value),
        ("email", MAIL.value),
    ]
)
flags = st.booleans()
points = st.builds(
    lambda value, digest, *marks: Point(value[0], value[1], digest, *marks),
    values, st.sampled_from("abcd"), flags, flags, flags, flags, flags,
)  # fmt: skip
everything = st.builds(
    Known,
    st.lists(points, max_size=6).map(tuple),
    st.sampled_from([(), POST]),
    st.sampled_from(["", SMS, EMAIL, LETTER]),
    st.frozensets(st.sampled_from([need.value for need in Need])),
    st.frozensets(st.sampled_from([SMS, EMAIL, LETTER])),
)
wishes = st.builds(
    Wish,
    st.sampled_from(["", SMS, EMAIL, LETTER]),
    st.sampled_from(["", *"abcd"]),
    st.none() | st.frozensets(st.sampled_from("abcd")),
    flags,
)


@patient
@given(everything, wishes)
def test_no_way_that_they_forbade_and_each_medium_once(known: Known, wish: Wish) -> None:
    decision = decide(known, wish)
    used = [way.medium for way in decision.ways]
    assert len(used) == len(set(used))
    assert bool(decision.ways) != (decision.why_none is not None)
    forbidden = {Need.NO_TEXTS: SMS, Need.NO_EMAILS: EMAIL, Need.NO_LETTERS: LETTER}
    assert not {forbidden[Need(n)] for n in known.needs if Need(n) in forbidden} & set(used)
    if Need.CALLS_ONLY in known.needs:
        assert not used
    if wish.marketing:
        assert set(used) <= known.yes_to
    for way in decision.ways:
        if way.medium == LETTER:
            continue
        fitting = [point for point in known.points if point.value == way.to]
        open_ones = [
            point
            for point in fitting
            if not point.is_stopped
            and not point.is_unusable
            and (
                not point.for_one
                or point.digest == wish.first
                or point.digest in (wish.given or ())
            )
        ]
        assert open_ones
        if way.medium == SMS:
            assert is_mobile(way.to)
        if wish.given is not None:
            assert any(p.is_proved or p.digest in {wish.first, *wish.given} for p in open_ones)


@patient
@given(everything, wishes, st.frozensets(st.sampled_from([SMS, EMAIL, LETTER])))
def test_after_what_was_tried_comes_another_medium(
    known: Known, wish: Wish, tried: frozenset[str]
) -> None:
    way = decide(known, wish).after(tried)
    assert way is None or way.medium not in tried


# -- Where letters go ------------------------------------------------------------


def test_an_address_is_whole_with_a_name_a_house_and_a_postcode() -> None:
    assert postal_lines(name="Jo Bloggs", address="1 High Street, Evesham", postcode="wr113da") == (
        "Jo Bloggs", "1 High Street", "Evesham", "WR11 3DA",
    )  # fmt: skip
    assert postal_lines(name="Jo", address="Rose Cottage\nMain Road", postcode="WR11 3DA")


@pytest.mark.parametrize(
    ("name", "address", "postcode"),
    [
        ("", "1 High Street", "WR11 3DA"),
        ("Jo", "", "WR11 3DA"),
        ("Jo", "High Street", "WR11 3DA"),
        ("Jo", "1 High Street", ""),
        ("Jo", "1 High Street", "WR11"),
        ("Jo", "WR11 3DA", "WR11 3DA"),
    ],
)
def test_no_letter_to_an_address_that_is_not_whole(name: str, address: str, postcode: str) -> None:
    assert postal_lines(name=name, address=address, postcode=postcode) == ()


@patient
@given(st.text(max_size=60), st.text(max_size=300), st.text(max_size=12))
def test_a_window_has_seven_lines_and_the_postcode_is_the_last(
    name: str, address: str, postcode: str
) -> None:
    for code in (postcode, "WR11 3DA"):
        lines = postal_lines(name=name, address=address, postcode=code)
        assert len(lines) <= 7
        assert all(line.strip() and "\n" not in line for line in lines)
        assert not lines or lines[-1][-4] == " "
