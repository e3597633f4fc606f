"""A wrong value stops the start with its name and the cure."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from hub import env


def test_a_word_that_is_neither_yes_nor_no_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DEMO", "maybe")
    with pytest.raises(ImproperlyConfigured, match=r"HUB_DEMO is 'maybe'\. Set it to 1 or 0\."):
        env.boolean("HUB_DEMO", default=False)


@pytest.mark.parametrize("value", ["yes", "1", "TRUE", " on "])
def test_people_write_yes_in_many_ways(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HUB_DEMO", value)
    assert env.boolean("HUB_DEMO", default=False) is True


@pytest.mark.parametrize(("value", "cure"), [("many", "whole number"), ("0", "from 1 to 64")])
def test_a_number_out_of_range_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str, cure: str
) -> None:
    monkeypatch.setenv("WEB_WORKERS", value)
    with pytest.raises(ImproperlyConfigured, match=cure):
        env.integer("WEB_WORKERS", default=2, low=1, high=64)


def test_an_address_that_is_wrong_is_not_repeated_because_it_may_hold_a_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EMAIL_URL", "mail.example/someone:hunter2")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL") as caught:
        env.address("EMAIL_URL", default="", schemes=("smtp", "smtps"))
    assert "hunter2" not in str(caught.value)


def test_a_secret_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from the file\n")
    monkeypatch.delenv("SOME_KEY", raising=False)
    monkeypatch.setenv("SOME_KEY_FILE", str(tmp_path / "key"))
    assert env.secret("SOME_KEY") == "from the file"


def test_a_secret_that_is_given_twice_or_not_readable_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SOME_KEY_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match="SOME_KEY_FILE"):
        env.secret("SOME_KEY")
    monkeypatch.setenv("SOME_KEY", "x")
    with pytest.raises(ImproperlyConfigured, match="Remove one"):
        env.secret("SOME_KEY")
