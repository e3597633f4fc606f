"""The link to my enquiries: for the address as we keep it, once, and safe with who looks first."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels.tasks import send_own_link
from core.models import AuditEvent, LimitCount, Outbox
from customers import links
from customers.models import AddressLink, AddressVisit, ContactPoint
from enquiries.inbound import Sender
from notifications import delivery
from notifications.backends import memory
from notifications.models import Notification
from tests.mine.conftest import links_sent
from tests.outbox import run_outbox
from tests.stand_ins.mail_server import MailServer, words_of
from tests.world import World, ask, build

pytestmark = pytest.mark.django_db
Links = Callable[..., str]


@pytest.fixture
def jo(world: World) -> str:
    """Somebody who asked once; the reference."""
    return ask().enquiries[0].reference


def body_of(response: Any) -> str:
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_known_and_unknown_addresses_get_the_same_answer_by_the_same_work(jo: str) -> None:
    said, work = [], []
    # What a process reads once and keeps was read for somebody before.
    Client().post("/my/", {"address": "before@example.com"}, follow=True)
    for address in ("jo@example.com", "nobody@example.com"):
        client = Client()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.post("/my/", {"address": address}, follow=True)
        said.append((answer.redirect_chain, body_of(answer)))
        work.append([re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in queries])
    assert said[0] == said[1]
    assert work[0] == work[1]
    run_outbox()
    assert [to for to, _ in links_sent()] == ["jo@example.com"]


def test_the_link_goes_to_the_address_as_it_is_kept(jo: str) -> None:
    Client().post("/my/", {"address": "  JO@Example.COM "})
    run_outbox()
    assert [to for to, _ in links_sent()] == ["jo@example.com"]


LOOK_ALIKES = [
    "jo@exam\u017fple.com", "jo@ex\u0430mple.com", "j\u043e@example.com", "jo@e\u2093ample.com",
    "\uff4ao@example.com", "jo@example.c\u03bfm", "j\u00ba@example.com", "jo@\u212Aexample.com",
    "\u0237o@example.com", "jo@example\u3002com", "jo\u200b@example.com", "jo@examp\u200dle.com",
]  # fmt: skip
KEPT = ["mike@example.com", "fi@example.com", "sam@example.com", "info@kite.example"]
FOLDED = [
    "m\u0131ke@example.com", "M\u0130KE@example.com", "mi\u212Ae@example.com", "\ufb01@example.com",
    "\u017fam@example.com", "\u017fAM@EXAMPLE.COM", "info@\u212Aite.example",
    "info@k\u0131te.example", "in\ufb01@kite.example", "inf\u00ba@kite.example",
]  # fmt: skip


def test_letters_that_only_look_alike_or_fold_alike_send_nothing(world: World) -> None:
    for address in ["jo@example.com", *KEPT]:
        ask(sender=Sender(name=address, email=address))
    run_outbox()
    memory.clear()
    for typed in LOOK_ALIKES + FOLDED:
        assert Client().post("/my/", {"address": typed}, follow=True).status_code == 200
        run_outbox()
        assert links_sent() == [], typed


NO_ADDRESS = [
    "",
    "\x00",
    "jo@",
    "@",
    "0" * 300,
    "07",
    "1" * 40,
    "jo@ex ample.com",
    "🦊",
    "01905 765765",
    "jo@example.com\nbcc: a@b.example",
    "'; --",
]


def test_what_is_no_address_is_asked_for_again_in_words(world: World) -> None:
    for typed in NO_ADDRESS:
        answer = Client().post("/my/", {"address": typed})
        assert answer.status_code == 200, typed
        assert "There is a problem" in answer.content.decode(), typed
    assert AddressLink.objects.count() == 0


def test_a_link_goes_by_text_to_a_number_whatever_its_writing(world: World) -> None:
    ask(sender=Sender(name="Jo Bloggs", phone="07700 900123"), tell_by="sms")
    for typed in ("+44 7700 900123", "٠٧٧٠٠٩٠٠١٢٣"):
        Client().post("/my/", {"address": typed})
    run_outbox()
    assert [to for to, _ in links_sent()] == ["+447700900123"] * 2


def test_who_has_sent_stop_gets_no_text(world: World) -> None:
    ask(sender=Sender(name="Jo Bloggs", phone="07700 900123"), tell_by="sms")
    ContactPoint.objects.update(opted_out_at=timezone.now())
    Client().post("/my/", {"address": "07700 900123"})
    run_outbox()
    assert links_sent() == []


def test_scanners_that_look_use_nothing_up_and_the_reader_still_gets_in(
    jo: str, link: Links
) -> None:
    path = link()
    scanner = Client(headers={"user-agent": "BarracudaCentral"})
    with CaptureQueriesContext(connection) as queries:
        for look in (scanner.get, scanner.head, scanner.get):
            assert look(path).status_code == 200
        assert scanner.get(path, headers={"purpose": "prefetch"}).status_code == 200
        assert scanner.options(path).status_code == 405
    assert not [q for q in queries if q["sql"].startswith(("UPDATE", "INSERT"))]
    assert AddressLink.objects.get().used_at is None
    assert AddressVisit.objects.count() == 0
    # In a browser that never asked for it.
    reader = Client()
    assert "Show my enquiries" in reader.get(path).content.decode()
    assert jo in reader.post(path, follow=True).content.decode()


def test_a_post_that_brings_no_proof_of_the_page_opens_nothing(jo: str, link: Links) -> None:
    path = link()
    bot = Client(enforce_csrf_checks=True)
    assert bot.post(path).status_code == 403
    assert AddressLink.objects.get().used_at is None
    reader = Client(enforce_csrf_checks=True)
    page = reader.get(path).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    assert reader.post(path, {"csrfmiddlewaretoken": token[1]}).status_code == 302


def test_a_link_works_once(jo: str, link: Links) -> None:
    path = link()
    assert Client().post(path).status_code == 302
    for again in (Client().get(path), Client().post(path)):
        assert again.status_code == 410
        assert "This link does not work any more" in again.content.decode()


@pytest.mark.parametrize("minutes", [15, 16, 60 * 24 * 400])
def test_a_link_that_was_open_when_it_was_looked_at_is_checked_again(
    jo: str, link: Links, minutes: int
) -> None:
    path = link()
    reader = Client()
    assert reader.get(path).status_code == 200
    AddressLink.objects.update(expires_at=timezone.now() + timedelta(minutes=15 - minutes))
    assert reader.post(path).status_code == 410
    assert AddressVisit.objects.count() == 0


def test_an_address_gets_five_links_an_hour(jo: str) -> None:
    for address in ("jo@example.com", "nobody@example.com"):
        answers = [Client().post("/my/", {"address": address}).status_code for _ in range(7)]
        assert answers == [302] * 5 + [429] * 2
    run_outbox()
    assert len(links_sent()) == 5
    # Also where nobody has counted who knocks: the table of limits may be lost.
    LimitCount.objects.all().delete()
    Client().post("/my/", {"address": "jo@example.com"})
    run_outbox()
    assert len(links_sent()) == 5
    AddressLink.objects.update(asked_at=timezone.now() - timedelta(hours=1, minutes=1))
    Client().post("/my/", {"address": "jo@example.com"})
    run_outbox()
    assert len(links_sent()) == 6


def test_the_table_and_the_kept_message_open_nothing(jo: str, link: Links) -> None:
    path = link()
    token = path.split("/")[3]
    kept = Notification.objects.get(event="my_link")
    assert "only in the message" in kept.body
    assert kept.sealed == ""
    dump = str(list(AddressLink.objects.values())) + str(list(Notification.objects.values()))
    assert token not in dump
    assert AddressLink.objects.get().token_digest != token


def test_tokens_are_drawn_and_survive_a_change_of_the_key(jo: str, link: Links, settings) -> None:
    path = link()
    settings.SECRET_KEY = "another key altogether, of fifty letters or more, for once"
    assert Client().post(path).status_code == 302
    tokens = {link().split("/")[3] for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens)


def test_a_link_that_could_not_be_sent_in_time_is_not_sent_late(jo: str) -> None:
    Client().post("/my/", {"address": "jo@example.com"})
    task = Outbox.objects.get(task="channels.send_own_link")
    send_own_link(outbox_id=task.pk)
    promise = Outbox.objects.get(
        task="notifications.deliver",
        settled_at=None,
        key__contains=str(Notification.objects.get(event="my_link").pk),
    )
    delivery.deliver(outbox_id=promise.pk, now=timezone.now() + timedelta(minutes=15))
    assert links_sent() == []
    message = Notification.objects.get(event="my_link")
    assert (message.state, message.sealed) == ("overtaken", "")


def test_opening_proves_the_address_and_is_written_down(jo: str, link: Links) -> None:
    assert ContactPoint.objects.get().verified_at is None
    Client().post(link())
    point = ContactPoint.objects.get()
    assert point.verified_at is not None
    assert point.verified_how == "link"
    line = AuditEvent.objects.get(action="address.proved")
    assert "jo@example.com" not in str(line.data) + line.target


@pytest.mark.django_db(transaction=True)
def test_the_letter_arrives_and_says_what_it_is(
    transactional_db: None, mail_server: MailServer
) -> None:
    build()
    ask()
    Client().post("/my/", {"address": "jo@example.com"})
    run_outbox()
    (letter,) = [one for one in mail_server.letters if "link" in str(one["Subject"])]
    words = words_of(letter)
    assert re.search(r"/my/open/[\w-]{43}/", words)
    assert "If you did not ask for this, there is nothing to do" in words
    assert "15 minutes" in words


@pytest.mark.django_db(transaction=True)
def test_twenty_hands_at_once_open_one_visit(transactional_db: None, link: Links) -> None:
    build()
    ask()
    token = link().split("/")[3]

    def hand(_: int) -> str | None:
        try:
            return links.use(token=token, before="", now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        opened = [one for one in pool.map(hand, range(20)) if one]
    assert len(opened) == 1
    assert AddressVisit.objects.count() == 1


def test_a_task_that_runs_twice_sends_one_link(jo: str) -> None:
    Client().post("/my/", {"address": "jo@example.com"})
    row = AddressLink.objects.get()
    first = links.prepare(link_id=row.pk, now=timezone.now())
    assert first is not None
    assert links.prepare(link_id=row.pk, now=timezone.now()) is None
