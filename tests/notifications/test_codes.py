"""The tables of vendors' codes."""

from __future__ import annotations

import csv

import pytest

from notifications.backends import codes
from notifications.backends.base import Later, Refused

VENDORS = sorted(path.stem for path in codes.FOLDER.glob("*.csv"))
COLUMNS = ["code", "says", "meaning", "does", "minutes", "address"]


def test_there_is_a_table_of_each_vendor():
    assert VENDORS == ["notify", "smtp", "twilio", "webhook"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_row_can_be_followed(vendor):
    path = codes.FOLDER / f"{vendor}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        assert reader.fieldnames == COLUMNS
        rows = list(reader)
    keys = [(row["code"], row["says"].lower()) for row in rows]
    assert len(keys) == len(set(keys)), "a code stands there twice"
    assert all(None not in row and None not in row.values() for row in rows)
    codes.read.cache_clear()
    known = codes.read(vendor)
    assert sum(map(len, known.values())) == len(rows)
    for row in rows:
        found = codes.meaning(vendor, row["code"], said=row["says"])
        assert (found.code, found.says) == (row["code"], row["says"])
        assert found.words[0].isupper()
        assert found.words == found.words.strip()
        # An address is only judged by what says that the message will never reach it.
        assert not found.address or found.does == codes.REFUSE


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("code", ["", "99999", "x" * 200, "é"])
def test_a_code_that_nobody_knows_judges_no_address(vendor, code):
    found = codes.meaning(vendor, code)
    assert (found.does, found.address) == (codes.REFUSE, "")


def test_a_row_that_nobody_can_follow_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(codes, "FOLDER", tmp_path)
    for name, row in (
        ("does", "1,,Words,explode,0,"),
        ("address", "1,,Words,refuse,0,burnt"),
        ("minutes", "1,,Words,again,0,"),
        ("unknown", "1,,Words,refuse,0,"),
    ):
        text = ",".join(COLUMNS) + "\n" + row + "\n"
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        with pytest.raises(codes.NotATable):
            codes.read(name)


def test_the_words_of_an_answer_choose_among_rows_of_one_code():
    of_number = codes.meaning("notify", "400 ValidationError", said="phone_number Too many digits")
    of_else = codes.meaning("notify", "400 ValidationError", said="reference is too long")
    assert (of_number.address, of_else.address) == ("unusable", "")


def test_what_a_code_does_becomes_an_outcome():
    assert isinstance(codes.meaning("twilio", "21610").trouble("21610"), Refused)
    busy, later = (codes.meaning("twilio", c).trouble(c) for c in ("20429", "20003"))
    assert isinstance(busy, Later)
    assert isinstance(later, Later)
    assert (busy.busy, later.busy) == (True, False)
    again = codes.meaning("twilio", "30003").refusal("30003")
    assert again.again_minutes == 15


def test_the_closest_status_of_a_mail_server_counts():
    assert codes.meaning("smtp", "5.1.1", "550", "5").address == "unusable"
    assert codes.meaning("smtp", "5.9.9", "550", "5").does == codes.REFUSE
    assert codes.meaning("smtp", "450", "4").does == codes.BUSY
    assert codes.meaning("smtp", "499", "4").does == codes.LATER
