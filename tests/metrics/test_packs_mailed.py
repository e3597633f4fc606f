"""The pack itself comes with the message that tells of it, where the carrier takes files."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from email.message import Message

import pytest
from django.utils import timezone

from core.audit import SYSTEM
from desk import packs_made
from metrics import actions_packs, pack_periods, queries_packs
from metrics.actions_packs import Made
from metrics.models import Pack
from notifications import enclosing, repeating
from notifications.backends import memory, registry
from notifications.lifecycle import State
from notifications.models import Notification
from notifications.queries_health import failures
from tests.notifications.conftest import mail_server as mail_server
from tests.notifications.conftest import providers as providers
from tests.notifications.helpers import deliver
from tests.stand_ins.mail_server import MailServer, words_of
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
PDF = b"%PDF-1.7 figures of a week"
LINK = "/desk/performance/packs/"


def told(world: World, *, pdf: bytes = PDF) -> Notification:
    """The message about a new pack, which waits to go."""
    period = pack_periods.week(MONDAY)
    actions_packs.keep(period, "", Made(pdf, 1, ["81.0% one stop", "Of 100"]), now=MONDAY)
    kept = queries_packs.kept(period.kind, period.since)[""]
    reader = packs_made.Reader(world.manager.pk, world.manager.email, "")
    packs_made._send(f"pack:{uuid.uuid4()}", reader, kept, period, now=timezone.now())
    return Notification.objects.get(event="pack")


def files(letter: Message) -> list[tuple[str | None, object]]:
    """The names and bodies of what is attached."""
    return [
        (one.get_filename(), one.get_payload(decode=True))
        for one in letter.walk()
        if one.get_content_disposition() == "attachment"
    ]


def test_the_pdf_goes_along_by_smtp_and_is_kept_once(world: World, mail_server: MailServer) -> None:
    message = told(world)
    # The message keeps its name alone.
    pack = Pack.objects.get()
    assert message.facts["pack"] == str(pack.public_id)
    assert "%PDF" not in repr(vars(message))

    # Tried again: the same file under the same Message-ID.
    mail_server.at_data = ["451 4.3.0 Try later"]
    assert deliver(message).state == State.QUEUED
    assert deliver(message, after=timedelta(minutes=30)).state == State.SENT
    (letter,) = mail_server.letters
    assert files(letter) == [(f"weekly-{pack.since}-partnership.pdf", PDF)]
    assert letter["Message-ID"].startswith(f"<{message.public_id.hex}")
    assert LINK in words_of(letter)


@pytest.mark.parametrize("answer", ["552 5.3.4 Too large", "554 5.2.3 Too long for this mailbox"])
def test_a_server_that_takes_no_such_size_gets_the_link_alone(
    world: World, mail_server: MailServer, answer: str
) -> None:
    message = told(world)
    mail_server.at_data = [answer]
    assert deliver(message).state == State.SENT
    (letter,) = mail_server.letters
    assert files(letter) == []
    assert LINK in words_of(letter)


def test_what_is_too_large_or_gone_goes_without(
    world: World, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = told(world, pdf=PDF + b" " * enclosing.LARGEST)
    assert deliver(message).state == State.SENT
    assert files(mail_server.letters.pop()) == []

    Notification.objects.all().delete()
    message = told(world)
    Pack.objects.all().delete()
    assert deliver(message).state == State.SENT
    (letter,) = mail_server.letters
    assert files(letter) == []
    assert LINK in words_of(letter)


def test_other_carriers_keep_the_link(world: World, providers: None) -> None:
    registry.forget()
    message = told(world)
    assert deliver(message).state == State.SENT
    (sent,) = memory.outbox
    assert sent.enclosed is None
    assert LINK in sent.body
    assert "Where it is not, sign in to open it" in sent.body


def test_sent_again_by_a_person_it_brings_its_file(world: World, mail_server: MailServer) -> None:
    message = told(world)
    mail_server.at_recipient = ["550 5.1.1 Nobody of that name"]
    assert deliver(message).state == State.FAILED
    assert failures(timezone.now()).exists()
    repeating.send_all_again(
        medium="email",
        carrier=message.provider,
        code=message.error_code,
        state=message.state,
        actor=SYSTEM,
        now=timezone.now(),
    )
    again = Notification.objects.exclude(pk=message.pk).get()
    assert deliver(again).state == State.SENT
    assert files(mail_server.letters[0])[0][1] == PDF
