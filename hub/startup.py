"""What surrounds a command of manage.py: its servers, and the environment that `up` gives to all.

Runs before the settings are read, because the settings read the addresses of these servers.
"""

import argparse
import contextlib
import os
import secrets
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hub import embedded

_OFFLINE = {
    "check", "collectstatic", "compilemessages", "findstatic", "help", "lifecycle",
    "makemessages", "makemigrations", "spectacular", "startapp", "version",
}  # fmt: skip
_EASY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


BEGAN = time.monotonic()


class StartFailed(Exception):
    """A step of the start did not work: which, why, and what to do."""

    def __init__(self, step: str, why: str, cure: str) -> None:
        super().__init__(f"{step}: {why}")
        self.step, self.why, self.cure = step, why, cure


@dataclass(slots=True)
class Servers:
    """The embedded servers of this process, by name, and how to start each again."""

    home: Path
    by_name: dict[str, embedded.Server] = field(default_factory=dict)

    def start(self, name: str) -> embedded.Server:
        """Start the server called `name`; on its old port when it has run before."""
        port = self.by_name[name].port if name in self.by_name else 0
        starter = embedded.start_postgres if name == "postgres" else embedded.start_valkey
        server = starter(self.home / name, log=self.log(name), port=port)
        self.by_name[name] = server
        return server

    def log(self, name: str) -> Path:
        """Where the server called `name` writes its log."""
        return self.home / "log" / f"{name}.log"

    def stop(self) -> None:
        """Stop what runs: the queue first, the record last."""
        for name in ("valkey", "postgres"):
            if name in self.by_name:
                self.by_name[name].stop()


def data_folder() -> Path:
    """Where everything that must survive is kept."""
    root = Path(__file__).resolve().parent.parent
    return Path(os.environ.get("HUB_DATA_DIR") or root / "var").absolute()


@contextlib.contextmanager
def surroundings(arguments: list[str]) -> Iterator[None]:
    """Give the command of `arguments` the servers that it needs, for as long as it runs."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if command.startswith("-") or {"-h", "--help"} & set(arguments) or command in _OFFLINE:
        yield
    elif command == "up":
        with _everything(arguments[2:]):
            yield
    else:
        with _database_alone():
            yield


# -- For a single command ------------------------------------------------------------------------


@contextlib.contextmanager
def _database_alone() -> Iterator[None]:
    home = data_folder()
    if os.environ.get("DATABASE_URL") or embedded.running(home, "database"):
        yield
        return
    with embedded.only_one(home) as mine:
        if not mine:
            raise SystemExit(f"The servers under {home} are just starting or stopping. Try again.")
        servers = Servers(home)
        try:
            os.environ["DATABASE_URL"] = servers.start("postgres").url
        except embedded.EmbeddedError as error:
            raise SystemExit(str(error)) from error
        os.environ.setdefault("HUB_DEVELOPMENT", "1")
        try:
            yield
        finally:
            servers.stop()


# -- For `up` ------------------------------------------------------------------------------------

servers: Servers | None = None


def arguments_of_up() -> argparse.ArgumentParser:
    """What `manage.py up` understands; asked here, before Django is there, and by the command."""
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    return parser


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `up` to `parser`."""
    parser.add_argument("--no-demo", action="store_true", help="no demo partnership, no post box")
    parser.add_argument("--port", type=int, help="the port of the pages (else PORT, else 8000)")


@contextlib.contextmanager
def _everything(arguments: list[str]) -> Iterator[None]:
    global servers  # noqa: PLW0603  # handed to the command, which Django makes itself
    options, _ = arguments_of_up().parse_known_args(arguments)
    home = data_folder()
    try:
        with embedded.only_one(home) as mine:
            if not mine:
                address = embedded.running(home, "web")
                where = f"at {address}" if address else "or a command is using its database"
                raise StartFailed(
                    "start",
                    f"The hub of this folder is already running {where}.",
                    "Use that one, or stop it with Ctrl-C where it runs.",
                )
            _environment(home, no_demo=options.no_demo, port=options.port)
            servers = Servers(home)
            try:
                _start_servers(servers)
                yield
            finally:
                servers.stop()
                embedded.withdraw(home)
    except StartFailed as failed:
        explain(failed)
        sys.exit(1)
    except Exception as error:
        explain(_unforeseen(error, home))
        sys.exit(1)


def _unforeseen(error: Exception, home: Path) -> StartFailed:
    """What to say of an error that no step has foreseen; a setting's own words are enough."""
    if type(error).__name__ == "ImproperlyConfigured":
        return StartFailed("settings", str(error), "Correct it and start again.")
    trace = home / "log" / "up.log"
    with contextlib.suppress(OSError):
        trace.parent.mkdir(parents=True, exist_ok=True)
        trace.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    cure = f"This should not happen. {trace} has the details for those who can mend it."
    return StartFailed("start", f"{type(error).__name__}: {error}", cure)


def explain(failed: StartFailed) -> None:
    """Say which step failed, why, and what to do."""
    say("hub", f"FAILED: {failed.step}")
    for line in failed.why.splitlines():
        say("hub", f"   {line}")
    say("hub", f"What to do: {failed.cure}")


def say(component: str, words: str) -> None:
    """One line, at once."""
    print(f"{component:>8} | {words}", flush=True)


def _environment(home: Path, *, no_demo: bool, port: int | None) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "run").mkdir(exist_ok=True)
    except OSError as error:
        raise StartFailed(
            "data folder", str(error), f"Make {home} writable for you, or set HUB_DATA_DIR."
        ) from error
    wanted = port or _port_from_environment()
    chosen = embedded.free_port(wanted, next_free=True)
    if chosen != wanted:
        say("web", f"port {wanted} is in use by another program; using {chosen}")
    beside = embedded.free_port(
        _port_beside("fallback", "HUB_SMS_FALLBACK_PORT", chosen + 10), next_free=True
    )
    streams = embedded.free_port(_port_beside("live", "HUB_LIVE_PORT", beside + 1), next_free=True)
    demo = "0" if no_demo else "1"
    defaults = {
        "HUB_DATA_DIR": str(home),
        "HUB_DEVELOPMENT": "1",
        "HUB_DEMO": demo,
        "HUB_HASHED_STATIC": "1",
        # With nothing in front that would hand the path on, the fallback door is at its own port.
        "HUB_SMS_FALLBACK_URL": f"{os.environ.get('HUB_BASE_URL') or f'http://localhost:{beside}'}"
        "/channels/sms/fallback",
        "HUB_LIVE_URL": f"{os.environ.get('HUB_BASE_URL') or f'http://localhost:{streams}'}/live/",
        "HUB_BASE_URL": f"http://localhost:{chosen}",
        "PROMETHEUS_MULTIPROC_DIR": str(home / "run" / "metrics"),
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    if no_demo:
        os.environ["HUB_DEMO"] = "0"
    elif not os.environ.get("HUB_DEMO_PASSWORD"):
        os.environ["HUB_DEMO_PASSWORD"] = _kept_password(home / "demo-password")
    os.environ["PORT"] = str(chosen)
    os.environ["HUB_SMS_FALLBACK_PORT"] = str(beside)
    os.environ["HUB_LIVE_PORT"] = str(streams)
    os.environ["PYTHONUNBUFFERED"] = "1"


def _port_from_environment() -> int:
    text = os.environ.get("PORT", "").strip() or "8000"
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise StartFailed("web", f"PORT is {text!r}.", "Set PORT to a number from 1 to 65535.")


def _port_beside(part: str, variable: str, usual: int) -> int:
    text = os.environ.get(variable, "").strip()
    if not text:
        return min(usual, 65535)
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise StartFailed(
        part, f"{variable} is {text!r}.", f"Set {variable} to a number from 1 to 65535."
    )


def _kept_password(path: Path) -> str:
    if not path.exists():
        groups = ["".join(secrets.choice(_EASY_LETTERS) for _ in range(4)) for _ in range(4)]
        path.touch(mode=0o600)
        path.write_text("-".join(groups), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _start_servers(servers: Servers) -> None:
    for name, variable, given in (
        ("postgres", "DATABASE_URL", "PostgreSQL"),
        ("valkey", "REDIS_URL", "Redis"),
    ):
        if os.environ.get(variable):
            say(name, f"using the {given} that {variable} names")
            continue
        try:
            server = servers.start(name)
        except (embedded.EmbeddedError, OSError) as error:
            raise StartFailed(
                name,
                str(error),
                f"Read {servers.log(name)}. Or run your own and set {variable} to its address.",
            ) from error
        os.environ[variable] = server.url
        say(name, f"answers on port {server.port}, data in {servers.home / name}")
