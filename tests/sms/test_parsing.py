import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms import parsing
from channels.sms.parsing import Kind
from core import references

REF = "WH" + "234567" + references.check_character("234567")
SHOWN = references.parse(REF)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("", Kind.EMPTY),
        (" \n ", Kind.EMPTY),
        ("?", Kind.EMPTY),
        ("...", Kind.EMPTY),
        ("STOP", Kind.STOP),
        (" stop. ", Kind.STOP),
        ("Unsubscribe", Kind.STOP),
        ("Stop the noise next door", Kind.WORDS),
        ("START", Kind.START),
        ("help", Kind.HELP),
        ("Help!", Kind.HELP),
        ("Help me, a tree has fallen", Kind.WORDS),
        ("STATUS", Kind.STATUS),
        (f"STATUS {SHOWN}", Kind.STATUS),
        (f"status {REF.lower()}", Kind.STATUS),
        (f"Status: {SHOWN}?", Kind.STATUS),
        ("status wh7-xxxx-yy", Kind.STATUS),
        ("Status of my planning application", Kind.WORDS),
        (SHOWN, Kind.STATUS),
        (f"{SHOWN} when will you come", Kind.ABOUT),
        (f"It is the left gate ({REF.lower()})", Kind.ABOUT),
        ("Thanks", Kind.THANKS),
        ("thank you so much!", Kind.THANKS),
        ("OK", Kind.THANKS),
        ("👍", Kind.THANKS),
        ("Great, thanks for letting me know", Kind.THANKS),
        ("Thanks but it is still there", Kind.WORDS),
        ("ok but when", Kind.WORDS),
        ("My bin was missed WR11 3DA", Kind.WORDS),
        ("سيارة مهجورة في الشارع", Kind.WORDS),
        ("🐀🐀🐀 in the park", Kind.WORDS),
        ("7", Kind.WORDS),
    ],
)
def test_what_kind_of_thing_a_text_says(words, kind):
    assert parsing.read(words).kind is kind


@pytest.mark.parametrize(
    ("words", "chases"),
    [
        ("When will it be done?", True),
        ("Still nothing", True),
        ("any news", True),
        ("Any update on my bin", True),
        ("where is my new bin", True),
        ("I haven't heard", True),
        ("It hasn’t been collected", True),
        ("The gate is blue", False),
        ("It is worse now", False),
    ],
)
def test_asking_how_it_goes_is_told_from_new_facts(words, chases):
    assert parsing.read(words).chases is chases


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bin at wr11 3da", ("WR11 3DA",)),
        ("WR113DA", ("WR11 3DA",)),
        ("from WR1 1AA to DY10 1AB", ("WR1 1AA", "DY10 1AB")),
        ("no postcode at no. 4", ()),
        ("twice WR1 1AA wr11aa", ("WR1 1AA",)),
    ],
)
def test_postcodes_are_found_in_words(words, found):
    assert parsing.postcodes(words) == found


@pytest.mark.parametrize(
    ("sender", "phone"),
    [
        ("+447700900123", "+447700900123"),
        ("+14155550123", "+14155550123"),
        ("+266696687", ""),
        ("+86282452253", ""),
        ("anonymous", ""),
        ("PARCELCO", ""),
        ("60777", ""),
        ("", ""),
        ("client:someone", ""),
    ],
)
def test_only_a_number_can_be_answered(sender, phone):
    fields = {"MessageSid": "SM" + "0" * 32, "From": sender, "Body": "x"}
    assert parsing.read_request(fields).phone == phone


def test_odd_media_counts_do_no_harm():
    for count, pictures in (("2", 2), ("-1", 0), ("x", 0), ("9" * 40, 0), ("²", 0)):
        fields = {"MessageSid": "SM" + "0" * 32, "From": "", "NumMedia": count}
        assert parsing.read_request(fields).pictures == pictures


def test_files_that_came_with_a_text_are_read_with_it():
    fields = {"MessageSid": "MM" + "0" * 32, "From": "", "NumMedia": "2",
              "MediaUrl0": "https://api.twilio.com/a", "MediaContentType0": "image/jpeg",
              "MediaUrl1": " ", "MediaUrl2": "https://api.twilio.com/b"}  # fmt: skip
    read = parsing.read_request(fields)
    assert read.media == (parsing.Media("https://api.twilio.com/a", "image/jpeg"),)
    assert parsing.read_request({**fields, "NumMedia": "0"}).media == ()
    assert len(parsing.read_request({**fields, "NumMedia": "99"}).media) == 2


@given(st.text(max_size=1700))
def test_no_text_is_too_strange_to_read(words):
    fields = {"MessageSid": "SM" + "0" * 32, "From": "+447700900123", "Body": words}
    text = parsing.read_request(fields)
    assert len(text.words) <= 1600
    assert "\x00" not in text.words
    assert parsing.read(text.words).kind in Kind
