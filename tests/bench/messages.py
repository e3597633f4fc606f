"""Messages handed over per second, and how many within ten seconds of being asked for.

`python -m tests.bench.messages` prints JSON. Its servers are its own: PostgreSQL with fsync on,
Valkey, a mail server and a Twilio of which each answers at once, all on loopback. The hub's relay
and two workers take what is asked for; two workers of a bare Celery hand the same mails to the same
server in the same run, for the machine is shared and only the ratio says something.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub import embedded
from tests.parts import Part, python, running
from tests.stand_ins.mail_server import MailServer
from tests.stand_ins.twilio_server import ACCOUNT, SERVICE, TOKEN, TwilioServer

BURST = 600
PER_SECOND = 20
STEADY_SECONDS = 20
WITHIN_SECONDS = 10
PATIENCE_SECONDS = 180.0
WORKERS = ["worker", "-c", "2", "--without-mingle", "--without-gossip"]
FACTS = {
    "reference": "WH2-TM7M-RJ",
    "service": "Pothole",
    "owner": "Worcestershire County Council",
    "promised": "Friday 27 November",
    "track_url": "https://hub.example.org/t/WH2-TM7M-RJ",
    "next": "",
}

Figures = dict[str, Any]


def measured() -> Figures:
    """All of it, in one run."""
    home = Path(tempfile.mkdtemp(prefix="hub-bench-messages-"))
    home.chmod(0o711)  # as root, PostgreSQL runs as another user and must reach its folder
    try:
        with MailServer() as post, TwilioServer() as twilio, _system(home, post, twilio):
            return _measure(home, post, twilio)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def _system(home: Path, post: MailServer, twilio: TwilioServer) -> Iterator[None]:
    postgres = embedded.start_postgres(home / "postgres", log=home / "postgres.log")
    valkey = embedded.start_valkey(home / "valkey", log=home / "valkey.log")
    os.environ.pop("HUB_TEST_HOME", None)
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "hub.settings",
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "HUB_DATA_DIR": str(home / "var"),
            "HUB_DEVELOPMENT": "1",
            "HUB_BASE_URL": "http://127.0.0.1:9",
            "HUB_LOG_LEVEL": "WARNING",
            "HUB_QUIET_HOURS": "off",
            "SECRET_KEY": "only-for-the-bench-" + "x" * 40,
            "EMAIL_URL": post.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_MESSAGING_SERVICE_SID": SERVICE,
            "TWILIO_API_BASE": twilio.base,
        }
    )
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        valkey.stop(patience=5)
        postgres.stop(patience=10)


def _measure(home: Path, post: MailServer, twilio: TwilioServer) -> Figures:
    celery = ["-m", "celery", "-A", "hub.celery", "-q", *WORKERS, "-Q", "default"]
    relay = Part("relay", python("manage.py", "relay"), {}, home / "relay.log")
    worker = Part("worker", python(*celery), {}, home / "worker.log")
    with running(relay, worker):
        _burst("email", 10, lambda: len(post.letters))  # everybody is up and warm
        _burst("sms", 10, lambda: len(twilio.messages))
        mails = _burst("email", BURST, lambda: len(post.letters))
        texts = _burst("sms", BURST, lambda: len(twilio.messages))
        steady = _steady()
    bare = _bare(home, post)
    return {
        "mails_per_s": mails,
        "texts_per_s": texts,
        "bare_celery_mails_per_s": bare,
        "of_bare": round(mails / bare, 2),
        f"at_{PER_SECOND}_per_s": steady,
    }


def _ask(medium: str) -> None:
    from django.db import transaction

    import notifications.actions

    who = uuid.uuid4()
    to = f"{who.hex}@example.org" if medium == "email" else f"+447700{who.int % 10**6:06d}"
    with transaction.atomic():
        notifications.actions.send(
            key=f"bench:{who}", event="received", medium=medium, to=to, context=FACTS,
            about=f"WH{who.hex[:10]}", now=datetime.now(UTC),
        )  # fmt: skip


def _burst(medium: str, count: int, arrived: Callable[[], int]) -> float:
    """Messages per second from the first that is asked for to the last that has arrived."""
    expected = arrived() + count
    began = time.monotonic()
    for _ in range(count):
        _ask(medium)
    _wait(lambda: arrived() >= expected, began)
    return round(count / (time.monotonic() - began), 1)


def _steady() -> Figures:
    """A busy hour's pace, half mails and half texts: the share handed over within ten seconds."""
    from notifications.models import Notification

    since = datetime.now(UTC)
    began = time.monotonic()
    count = PER_SECOND * STEADY_SECONDS
    for number in range(count):
        time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
        _ask("email" if number % 2 else "sms")
    asked = Notification.objects.filter(created_at__gte=since)
    _wait(lambda: not asked.filter(sent_at=None).exists(), time.monotonic())
    times = asked.values_list("created_at", "sent_at")
    waits = sorted((sent - made).total_seconds() for made, sent in times if sent is not None)
    prompt = sum(wait <= WITHIN_SECONDS for wait in waits)
    return {
        f"share_within_{WITHIN_SECONDS}_s": round(prompt / count, 4),
        "p95_wait_s": round(waits[int(len(waits) * 0.95) - 1], 2),
        "n": len(waits),
    }


def _bare(home: Path, post: MailServer) -> float:
    from tests.bench import bare

    command = python("-m", "celery", "-A", "tests.bench.bare", "-q", *WORKERS, "-Q", "bare")
    words = "We have your enquiry.\n" * 15
    with running(Part("bare", command, {}, home / "bare.log")):
        port = int(post.url.rpartition(":")[2])

        def handed(count: int) -> float:
            expected = len(post.letters) + count
            began = time.monotonic()
            for number in range(count):
                bare.mail.delay(port, f"{number}@example.org", "We have your enquiry", words)
            _wait(lambda: len(post.letters) >= expected, began)
            return count / (time.monotonic() - began)

        handed(10)
        return round(handed(BURST), 1)


def _wait(done: Callable[[], bool], since: float) -> None:
    while not done():
        if time.monotonic() - since > PATIENCE_SECONDS:
            raise SystemExit(f"Not all messages arrived within {PATIENCE_SECONDS:.0f} s")
        time.sleep(0.02)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(), indent=1) + "\n")
