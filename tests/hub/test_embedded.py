"""PostgreSQL and Valkey from their wheels, wherever the folder is and whoever starts them."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from hub import embedded, isolation
from tests.hub.running import open_folder

pytestmark = pytest.mark.slow

# As root there are three seats for a server that refuses to be root; else there is one.
SEATS = (
    ("as nobody", "in a namespace", "in a public folder") if os.geteuid() == 0 else ("as we are",)
)


@pytest.fixture
def home() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder / "a folder" / "postgres"
        data = folder / "a folder" / "postgres" / "data"
        if data.is_symlink():
            shutil.rmtree(data.resolve().parent)


def _arrange(seat: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if seat in {"in a namespace", "in a public folder"}:
        home.parent.mkdir()
        home.parent.chmod(0o700)  # as /root is
    if seat == "in a public folder":
        monkeypatch.setattr(isolation, "_namespaces_work", lambda: False)


@pytest.mark.parametrize("seat", SEATS)
def test_data_survives_a_kill_and_needs_the_password(
    seat: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _arrange(seat, home, monkeypatch)
    log = home.parent / "postgres.log"
    server = embedded.start_postgres(home, log=log)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgresql://hub:wrong@127.0.0.1:{server.port}/hub")
    server.process.kill()
    server.process.wait()
    again = embedded.start_postgres(home, log=log, port=server.port)
    try:
        assert again.port == server.port
        with psycopg.connect(again.url) as connection:
            assert connection.execute("SELECT word FROM kept").fetchone() == ("still here",)
            assert connection.execute("SHOW max_wal_size").fetchone() == ("4GB",)
        if os.geteuid() == 0 and seat != "in a namespace":
            assert psutil.Process(again.process.pid).uids().real != 0
    finally:
        again.stop()
    assert again.process.poll() is not None


def test_valkey_keeps_its_queue_and_needs_the_password(tmp_path: Path) -> None:
    server = embedded.start_valkey(tmp_path, log=tmp_path / "valkey.log")
    with redis.Redis.from_url(server.url) as client:
        client.rpush("queue", "work")
    with redis.Redis(port=server.port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    server.process.kill()
    server.process.wait()
    again = embedded.start_valkey(tmp_path, log=tmp_path / "valkey.log", port=server.port)
    try:
        with redis.Redis.from_url(again.url) as client:
            assert client.lrange("queue", 0, -1) == [b"work"]
    finally:
        again.stop()


def test_a_taken_port_makes_way_for_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert embedded.free_port(port, next_free=True) != port


def test_a_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    secret = embedded.kept_secret(tmp_path / "run" / "secret")
    assert len(secret) >= 60
    assert embedded.kept_secret(tmp_path / "run" / "secret") == secret
    assert (tmp_path / "run" / "secret").stat().st_mode & 0o077 == 0


def test_an_address_of_servers_that_are_gone_is_not_believed(tmp_path: Path) -> None:
    embedded.announce(tmp_path, database="postgresql://somewhere")
    assert embedded.running(tmp_path, "database") == "postgresql://somewhere"
    path = tmp_path / "run" / "servers.json"
    gone = path.read_text().replace(f'"pid": {os.getpid()}', '"pid": 4194303')
    path.write_text(gone)
    assert embedded.running(tmp_path, "database") == ""


def test_an_unrelated_process_with_the_number_of_a_dead_server_is_left_alone(
    tmp_path: Path,
) -> None:
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n")
    embedded.stop_leftover(tmp_path)  # would interrupt this very test
