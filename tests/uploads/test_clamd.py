"""The protocol of clamd, against a server on the loopback that keeps it, and breaks it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from core import clamd
from hub import checks
from tests.uploads.clamd import SIGNATURE, Scanner, scanner


@pytest.fixture
def here() -> Iterator[Scanner]:
    with scanner() as found:
        yield found


def test_a_clean_file_and_one_that_is_not(here: Scanner) -> None:
    assert clamd.scan(here.url, BytesIO(b"a photo")) == ""
    assert clamd.scan(here.url, BytesIO(SIGNATURE)) == "Win.Test.EICAR_HDB-1"
    assert here.seen == [b"a photo", SIGNATURE]


def test_a_large_file_goes_in_parts_and_arrives_whole(here: Scanner) -> None:
    content = bytes(range(256)) * 3_000
    assert clamd.scan(here.url, BytesIO(content)) == ""
    assert here.seen == [content]
    assert clamd.scan(here.url, BytesIO(b"")) == ""


def test_over_a_socket_of_this_machine(tmp_path: Path) -> None:
    with scanner(str(tmp_path / "clamd.sock")) as found:
        assert clamd.scan(found.url, BytesIO(SIGNATURE)) != ""


@pytest.mark.parametrize(
    "mood", ["close", "close late", "garbage", "limit", "half", "much", "other", "hang", "drip"]
)
def test_what_is_no_answer_is_never_read_as_clean(here: Scanner, mood: str) -> None:
    here.mood = mood
    began = time.monotonic()
    with pytest.raises(clamd.NotAnswered):
        clamd.scan(here.url, BytesIO(b"x" * 200_000), seconds=0.6)
    assert time.monotonic() - began < 5


def test_a_scanner_that_is_away(tmp_path: Path) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    for url in (f"tcp://127.0.0.1:{port}", f"unix://{tmp_path}/nothing.sock"):
        with pytest.raises(clamd.NotAnswered):
            clamd.scan(url, BytesIO(b"x"), seconds=1)


@pytest.mark.parametrize("url", ["http://clamd:3310", "tcp://", "tcp://host:3310/path", "unix://x"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="CLAMD_URL"):
        clamd.address(url)


def test_the_usual_port_needs_no_number() -> None:
    assert clamd.address("tcp://clamd") == ("clamd", 3310)
    assert clamd.address("tcp://[::1]:99") == ("::1", 99)
    assert clamd.address("unix:///run/clamd.sock") == "/run/clamd.sock"


@pytest.mark.parametrize(
    ("url", "said"),
    [("", set()), ("tcp://clamd:3310", set()), ("tcp://clamd/path", {"hub.E013"})],
)
def test_the_start_says_that_an_address_is_none(url: str, said: set[str], settings: Any) -> None:
    settings.CLAMD_URL = url
    found = checks.scanner_has_an_address(None)
    assert {message.id for message in found} == said
