"""`make reset` leaves nothing behind, wherever PostgreSQL sat, and takes nothing from a hub that
runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hub import embedded, isolation, reset
from tests.hub import test_embedded
from tests.hub.running import open_folder


@pytest.fixture
def home() -> Iterator[Path]:
    """The data folder of a hub."""
    with open_folder() as folder:
        yield folder / "a folder" / "var"
        isolation.leave_public_place(folder / "a folder" / "var" / "postgres")


@pytest.mark.slow
@pytest.mark.parametrize("seat", test_embedded.SEATS)
def test_after_it_the_next_start_is_the_first(
    seat: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_embedded._arrange(seat, home, monkeypatch)
    log = home.parent / "postgres.log"
    server = embedded.start_postgres(home / "postgres", log=log)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (word text)")
    server.stop()

    assert reset.main(home, sure=False, ask=lambda _words: " Yes ") == 0
    assert not home.exists()
    assert not isolation.public_place(home / "postgres").exists()

    again = embedded.start_postgres(home / "postgres", log=log)
    try:
        with psycopg.connect(again.url) as connection:
            assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)
    finally:
        again.stop()


def test_what_runs_and_what_nobody_agreed_to_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "var" / "secret-key"
    kept.parent.mkdir()
    kept.touch()

    def nobody(_words: str) -> str:
        raise EOFError

    with embedded.only_one(kept.parent):
        assert reset.main(kept.parent, sure=True) == 1
    assert "is running. Stop it" in capsys.readouterr().out
    assert reset.main(kept.parent, sure=False, ask=nobody) == 1
    assert "make reset YES=1" in capsys.readouterr().out
    assert reset.main(kept.parent, sure=False, ask=lambda _words: "no") == 0
    assert reset.main(reset.ROOT.parent, sure=True) == 1
    assert kept.exists()
    assert reset.main(kept.parent, sure=True) == 0
    assert not kept.parent.exists()
