"""A hub whose real relay and worker carry its messages to Twilio and Notify, both on loopback."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import time_machine
from django.db import connection
from django.utils import timezone

from core.models import Outbox
from notifications.backends import registry
from notifications.lifecycle import TRANSITIONS, State
from notifications.models import Notification
from tests.outbox import run_outbox
from tests.parts import Part, python, running
from tests.stand_ins import notify_server, phone, twilio_server
from tests.stand_ins.notify_server import NotifyServer
from tests.stand_ins.twilio_server import TwilioServer

HUB = "https://hub.example"
WORKER = (
    "-m", "celery", "-A", "hub.celery", "-q", "worker", "-c", "2", "-Q", "default",
    "--without-mingle", "--without-gossip",
)  # fmt: skip


@dataclass
class Carried:
    """Both providers, and the processes between them and us."""

    twilio: TwilioServer
    notify: NotifyServer
    relay: Part
    worker: Part
    # What the hub answered to Twilio's news.
    answers: list[int] = field(default_factory=list)

    def report(self, message: dict[str, Any], status: str) -> None:
        """News of a text of ours."""
        self.answers.append(news(message, status))

    def texts_to(self, number: str) -> list[str]:
        """What Twilio took for a number, in order."""
        return [one["body"] for one in self.twilio.messages if one["to"] == number]

    def taken(self) -> Counter[str]:
        """How often each text was taken, by either of them."""
        by_notify = [one["personalisation"]["body"] for one in self.notify.messages]
        return Counter([one["body"] for one in self.twilio.messages] + by_notify)

    def rests(self) -> bool:
        """Nothing is promised that is not kept."""
        return not Outbox.objects.filter(settled_at=None).exists()

    def wait_for(self, done: Callable[[], object], seconds: float = 120) -> None:
        """Until it is so; fails with what is still open."""
        ends = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < ends, list(
                Outbox.objects.filter(settled_at=None).values("task", "attempts", "error")
            )
            time.sleep(0.1)

    def finish_by(self, later: timedelta) -> None:
        """What only waits for its time is done at that time, by a clock that is set forward."""
        self.relay.stop()
        self.worker.stop()
        end = timezone.now() + later
        with time_machine.travel(timezone.now(), tick=True) as clock:
            while not self.rests():
                now = timezone.now()
                assert now < end, Counter(Notification.objects.values_list("state", "error_code"))
                run_outbox()
                clock.shift(timedelta(seconds=5))


def news(message: dict[str, Any], status: str, **said: str) -> int:
    """Calls the hub back, signed, as Twilio does; from a thread of its own. What it answered."""
    fields = {"MessageSid": message["sid"], "MessageStatus": status, **said}
    parts = urlsplit(message["status_callback"])
    answers: list[int] = []

    def call() -> None:
        try:
            answers.append(phone.post(f"{parts.path}?{parts.query}", fields).status_code)
        finally:
            connection.close()

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    return answers[0] if answers else 0


@contextlib.contextmanager
def carried(
    settings: Any, *, pg: str, redis_url: str, folder: Path, **environment: str
) -> Iterator[Carried]:
    """The processes on this test's database and broker; the settings say the same as theirs."""
    with TwilioServer() as twilio, NotifyServer() as notify:
        ours = {
            "TWILIO_ACCOUNT_SID": twilio_server.ACCOUNT,
            "TWILIO_MESSAGING_SERVICE_SID": twilio_server.SERVICE,
            "TWILIO_API_BASE": twilio.base,
            "NOTIFY_API_KEY": notify_server.KEY,
            "NOTIFY_BASE_URL": notify.base,
            "HUB_BASE_URL": HUB,
        }
        for name, value in ours.items():
            setattr(settings, name, value)
        settings.TWILIO_AUTH_TOKENS = [twilio_server.TOKEN]
        settings.NOTIFY_TEMPLATES = dict(notify_server.TEMPLATES)
        settings.NOTIFICATION_BACKENDS = {"sms": ["twilio", "notify"], "email": ["postbox"]}
        settings.SECURE_SSL_REDIRECT = False
        registry.forget()
        env = {
            **ours,
            "DATABASE_URL": pg,
            "REDIS_URL": redis_url,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "TWILIO_AUTH_TOKEN": twilio_server.TOKEN,
            "NOTIFY_TEMPLATES": f"sms={notify_server.TEMPLATES['sms']}",
            "HUB_LOG_LEVEL": "WARNING",
            **environment,
        }
        relay = Part("relay", python("manage.py", "relay"), env, folder / "relay.log")
        worker = Part("worker", python(*WORKER), env, folder / "worker.log")
        with running(relay, worker):
            yield Carried(twilio, notify, relay, worker)
    registry.forget()


@contextlib.contextmanager
def moves_watched() -> Iterator[Callable[[], list[tuple[int, State, State]]]]:
    """Every move of a message from state to state, whoever makes it, as the database sees it."""
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE TABLE seen_moves (
                id bigserial PRIMARY KEY, message bigint, before text, after text);
            CREATE FUNCTION see_move() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO seen_moves (message, before, after)
                VALUES (NEW.id, OLD.state, NEW.state);
                RETURN NULL;
            END $$;
            CREATE TRIGGER see_move AFTER UPDATE OF state ON notifications_notification
                FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
                EXECUTE FUNCTION see_move()""")

    def seen() -> list[tuple[int, State, State]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT message, before, after FROM seen_moves ORDER BY id")
            return [(pk, State(before), State(after)) for pk, before, after in cursor.fetchall()]

    try:
        yield seen
    finally:
        with connection.cursor() as cursor:
            cursor.execute("""
                DROP TRIGGER see_move ON notifications_notification;
                DROP FUNCTION see_move; DROP TABLE seen_moves""")


def are_onwards(moves: list[tuple[int, State, State]]) -> bool:
    """Whether no message ever went back: each move stands in the table of the lifecycle."""
    return all(after in TRANSITIONS[before] for _, before, after in moves)
