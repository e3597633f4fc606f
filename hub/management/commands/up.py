"""manage.py up: the whole hub on one machine, started, watched and stopped."""

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from hub import embedded, parts, startup
from hub.preparing import prepare
from hub.startup import StartFailed, say
from hub.supervisor import Supervisor

RUNNING = """
  The hub is running:   {address}
  Logs in full:         {logs}
  Stop everything:      Ctrl-C   (the data stays in {data})
"""
WITHOUT_DEMO = """
  No demo data. Your first administrator, in a second terminal:
                        .venv/bin/python manage.py createsuperuser
"""
DEMO = """
  Staff sign in at      {address}/sign-in/   password for all: {password}
    agent@hub.demo      takes calls and visits          manager@hub.demo   sees the figures
    agent2@hub.demo     the same, and speaks Polish     leader@hub.demo    looks after their team
    admin@hub.demo      looks after the settings        editor@hub.demo    writes answers and forms
    officer@wychavon.demo, officer@worcester-city.demo, officer@west-mercia-police.demo …
                        answer what is sent to their organisation
    manager@wychavon.demo  sees the figures of their own, and answers for them
    editor@wychavon.demo, editor@worcester-city.demo, editor@worcestershire-county.demo
                        write their organisation's answers, notices and what forms ask in its area
  Demo post box         {address}/demo/post-box/   every text and email that would have gone out
  Kiosk                 {address}/kiosk/enrol/     {kiosk}

  Try first: report a missed bin at {address}/ask/ as a resident of WR11 4AA.
  Then sign in as officer@wychavon.demo, accept it and complete it, and see in the post box
  what the resident was told.
"""


class Command(BaseCommand):
    help = (
        "Runs everything: PostgreSQL, Valkey, web, live, fallback, relay, worker and beat. "
        "Ctrl-C stops."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        startup.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if startup.servers is None:
            raise CommandError("Start this through manage.py, which prepares its servers.")
        home: Path = settings.HUB_DATA_DIR
        try:
            prepare(static=True)
            _announce_addresses(home)
            _empty(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]))
            connection.close()
            processes = [parts.web(), parts.relay(), parts.worker(), parts.beat(), parts.live()]
            if settings.TWILIO_AUTH_TOKENS:  # without one nobody could text us
                processes.append(parts.fallback())
            Supervisor(processes, startup.servers).run(
                ready=_say_ready, address=f"http://127.0.0.1:{os.environ['PORT']}"
            )
        except StartFailed as failed:
            startup.explain(failed)
            sys.exit(1)


def _announce_addresses(home: Path) -> None:
    embedded.announce(
        home,
        database=os.environ["DATABASE_URL"],
        redis=os.environ["REDIS_URL"],
        web=settings.HUB_BASE_URL,
    )
    (home / "run" / "up.pid").write_text(str(os.getpid()), encoding="ascii")


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _say_ready() -> None:
    say("hub", f"ready in {time.monotonic() - startup.BEGAN:.1f} s")
    words = RUNNING + (DEMO if settings.HUB_DEMO else WITHOUT_DEMO)
    facts = {
        "address": settings.HUB_BASE_URL,
        "logs": settings.HUB_DATA_DIR / "log",
        "data": settings.HUB_DATA_DIR,
        "kiosk": _kiosk_words(),
        "password": os.environ.get("HUB_DEMO_PASSWORD", ""),
    }
    print(words.format(**facts), flush=True)


def _kiosk_words() -> str:
    code = settings.HUB_DATA_DIR / "demo-kiosk-code"
    if not code.exists():
        return "make a code in the settings of the desk"
    return f"enrol a device once with the code {code.read_text(encoding='ascii').strip()}"
