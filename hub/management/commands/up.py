"""manage.py up: the whole hub on one machine, started, watched and stopped."""

import hashlib
import io
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts import queries as accounts
from hub import embedded, startup
from hub.processes import Process
from hub.startup import StartFailed, say
from hub.supervisor import Supervisor, write_pid

LOUD = """
  The hub is running:   {address}
  Logs in full:         {logs}
  Stop everything:      Ctrl-C   (the data stays in {data})
"""
DEMO = """
  Staff sign in at      {address}/sign-in/   password for all: {password}
    agent@hub.demo      takes calls and visits          manager@hub.demo   sees the figures
    admin@hub.demo      looks after the settings        officer@wychavon.demo, officer@worcester-city.demo,
                        officer@west-mercia-police.demo …   answer what is sent to their organisation
  Demo post box         {address}/demo/post-box/   every text and e-mail that would have gone out

  Try first: report a missed bin at {address}/ask/ as a resident of WR11 4AA. Then sign in
  as officer@wychavon.demo, accept it and complete it, and see in the post box what the resident was told.
"""

_ALONE = ("--without-mingle", "--without-gossip")  # no talk among workers through Redis


class Command(BaseCommand):
    help = "Runs everything: PostgreSQL, Valkey, web, relay, worker and beat. Ctrl-C stops all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        startup.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if startup.servers is None:
            raise CommandError("Start this through manage.py, which prepares its servers.")
        began = time.monotonic()
        home, address = settings.HUB_DATA_DIR, f"http://127.0.0.1:{os.environ['PORT']}"
        try:
            _steps()
            embedded.announce(
                home,
                database=os.environ["DATABASE_URL"],
                redis=os.environ["REDIS_URL"],
                web=settings.HUB_BASE_URL,
            )
            write_pid(home / "run" / "up.pid")
            connection.close()
            Supervisor(_processes(home), startup.servers).run(
                ready=lambda: _announce(time.monotonic() - began), address=address
            )
        except StartFailed as failed:
            startup.explain(failed)
            sys.exit(1)


def _steps() -> None:
    """What must be done once: checks, tables, static files, demo data."""
    _step("settings", _check, "Correct the setting that is named.")
    _step("migrations", _migrate, "Read the line above; `make reset` starts with empty data.")
    _step("static files", _collect_static, "Run `make run` again; it fetches what is missing.")
    if settings.HUB_DEMO:
        _step("demo data", _demo, "Run `make reset`, then `make run`; or start with --no-demo.")


def _step(name: str, work: Callable[[], object], cure: str) -> None:
    try:
        work()
    except Exception as error:
        raise StartFailed(name, f"{type(error).__name__}: {error}", cure) from error


def _check() -> None:
    call_command("check", stdout=io.StringIO())


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        say("hub", f"bringing the tables up to date ({waiting} migrations)")
        call_command("migrate", verbosity=0, interactive=False)


def _collect_static() -> None:
    stamp = settings.HUB_DATA_DIR / "run" / "static.stamp"
    mark = _static_mark()
    done = stamp.exists() and stamp.read_text(encoding="ascii") == mark
    if done and settings.STATIC_ROOT.is_dir():
        return
    say("hub", "collecting the static files")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(mark, encoding="ascii")


def _static_mark() -> str:
    whole = hashlib.sha256()
    ours = sorted(path for path in (settings.BASE_DIR / "static").rglob("*") if path.is_file())
    packages = settings.BASE_DIR / "package-lock.json", settings.BASE_DIR / "hub" / "vendored.py"
    for path in (*ours, *packages):
        whole.update(str(path).encode() + path.read_bytes())
    return whole.hexdigest()


def _demo() -> None:
    if accounts.organisations():
        return
    say("hub", "loading the demo partnership (the first time only)")
    call_command("demo", stdout=io.StringIO())


def _processes(home: Path) -> list[Process]:
    figures = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(parents=True)
    python, here = sys.executable, str(settings.BASE_DIR)
    manage = str(settings.BASE_DIR / "manage.py")
    # as root in a container it would otherwise warn at every start
    quiet = ["-W", "ignore:You're running the worker with superuser"]
    celery = [python, *quiet, "-m", "celery", "--workdir", here, "-A", "hub.celery", "-q"]
    bind = f"{os.environ.get('HUB_BIND', '127.0.0.1')}:{os.environ['PORT']}"
    commands = {
        "web": [
            python, "-m", "gunicorn", "--chdir", here, "-c", f"{here}/hub/gunicorn.py",
            "-b", bind, "hub.wsgi",
        ],
        "relay": [python, manage, "relay"],
        "worker": [*celery, "worker", "-c", "2", "-Q", "default", *_ALONE],
        "beat": [*celery, "beat", "--pidfile="],
    }  # fmt: skip
    return [
        Process(name, command, home / "log" / f"{name}.log", say)
        for name, command in commands.items()
    ]


def _announce(seconds: float) -> None:
    say("hub", f"ready in {seconds:.1f} s")
    words = LOUD + (DEMO if settings.HUB_DEMO else "")
    facts = {
        "address": settings.HUB_BASE_URL,
        "logs": settings.HUB_DATA_DIR / "log",
        "data": settings.HUB_DATA_DIR,
        "password": os.environ.get("HUB_DEMO_PASSWORD", ""),
    }
    print(words.format(**facts), flush=True)
