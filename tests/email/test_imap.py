"""The mailbox, read from a real IMAP server."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from channels.email import imap, receiving
from core import failpoints
from enquiries.models import Enquiry
from inbox.models import InboundMail, Mailbox
from tests.email.letters import picture, write
from tests.outbox import run_outbox
from tests.stand_ins.imap_server import DONE, INBOX, ImapServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.fixture(scope="module")
def running() -> Iterator[ImapServer]:
    with ImapServer() as found:
        yield found


@pytest.fixture
def server(running: ImapServer, settings) -> ImapServer:
    running.clear()
    settings.IMAP_URL = running.url
    return running


def _mails() -> list[str]:
    return list(InboundMail.objects.order_by("pk").values_list("state", flat=True))


def test_what_comes_in_is_kept_marked_as_read_and_taken(server):
    server.put(write())
    server.put(
        write("The lamp is out.", subject="Lamp", files=[("a.jpg", "image/jpeg", picture())])
    )
    assert imap.poll() == 2
    assert _mails() == ["new", "new"]
    assert server.unseen() == 0
    run_outbox()
    assert _mails() == ["taken", "taken"]
    assert Enquiry.objects.count() == 2
    assert imap.poll() == 0
    server.put(write("And the kerb.", subject="Kerb"))
    assert imap.poll() == 1
    box = Mailbox.objects.get()
    assert (box.name, box.error, box.looked_at is not None) == ("reply@hub.example", "", True)


def test_a_mailbox_with_years_of_mail_is_read_from_what_nobody_has_read(server):
    server.put(write("Old and read."), seen=True)
    server.put(write("New."))
    assert imap.poll() == 1
    assert "New." in bytes(InboundMail.objects.get().raw or b"").decode()


def test_what_was_read_before_our_time_is_never_taken(server):
    for number in range(3):
        server.put(write(f"Old {number}."), seen=True)
    assert [imap.poll(), imap.poll()] == [0, 0]
    server.put(write("New."))
    assert [imap.poll(), imap.poll()] == [1, 0]
    assert "New." in bytes(InboundMail.objects.get().raw or b"").decode()


def test_a_first_look_that_breaks_off_goes_on_with_what_nobody_had_read(server, monkeypatch):
    monkeypatch.setattr(imap, "MOST_A_LOOK", 1)
    server.put(write("Unread one."))
    server.put(write("Old and read."), seen=True)
    server.put(write("Unread two."))
    server.put(write("Old and read, too."), seen=True)
    server.breaks_at, server.breaks_left = b"(BODY", 1
    assert imap.poll() == 0
    assert imap.poll() == 1
    # Came after us: ours, although somebody reads along and was quicker.
    server.put(write("Quickly read."), seen=True)
    assert [imap.poll() for _ in range(4)] == [1, 1, 0, 0]
    raws = [bytes(one.raw or b"") for one in InboundMail.objects.order_by("pk")]
    assert [b"Old" in raw for raw in raws] == [False] * 3


def test_a_mailbox_made_anew_brings_nothing_from_before_our_time(server):
    server.put(write("Years old."), seen=True, at=timezone.now() - timedelta(days=400))
    imap.poll()
    Mailbox.objects.update(uid_validity=1)
    assert [imap.poll(), imap.poll()] == [0, 0]


def test_a_mail_is_dated_as_it_arrived(server):
    arrived = (timezone.now() - timedelta(hours=5)).replace(microsecond=0)
    server.put(write(), at=arrived)
    imap.poll()
    assert InboundMail.objects.get().received_at == arrived
    run_outbox()
    assert Enquiry.objects.get().received_at == arrived


def test_what_we_have_is_moved_where_that_is_wanted(server, settings):
    settings.IMAP_DONE_FOLDER = DONE
    client = server.client()
    client.create_folder(DONE)
    client.logout()
    server.put(write())
    imap.poll()
    assert (server.count(INBOX), server.count(DONE)) == (0, 1)


def test_a_folder_that_is_not_there_loses_no_mail(server, settings):
    settings.IMAP_DONE_FOLDER = "Nowhere"
    server.put(write())
    server.put(write("Two"))
    assert imap.poll() == 2
    assert imap.poll() == 0


def test_killed_after_the_commit_it_goes_on_with_the_next(server, monkeypatch):
    class Killed(BaseException):
        pass

    def die(name: str) -> None:
        if name == "imap.kept":
            raise Killed

    server.put(write())
    server.put(write("Two"))
    with monkeypatch.context() as patch:
        patch.setattr(failpoints, "reach", die)
        with pytest.raises(Killed):
            imap.poll()
    assert InboundMail.objects.count() == 1
    imap.poll()
    imap.poll()
    assert InboundMail.objects.count() == 2


def test_killed_before_the_commit_the_mail_comes_again(server, monkeypatch):
    server.put(write())

    def fail(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "keep", fail)
        with pytest.raises(KeyboardInterrupt):
            imap.poll()
    assert (InboundMail.objects.count(), server.unseen()) == (0, 1)
    assert imap.poll() == 1


def test_a_mailbox_that_was_made_anew_brings_nothing_twice(server):
    raw = write()
    server.put(raw)
    imap.poll()
    Mailbox.objects.update(uid_validity=1)  # all its numbers were others
    server.put(write("Two"))
    assert imap.poll() == 1
    assert InboundMail.objects.count() == 2


def test_a_server_that_is_away_is_said_and_tried_again(server, settings):
    settings.IMAP_URL = "imap://reply:mail%20word@127.0.0.1:9/INBOX"
    assert imap.poll() == 0
    box = Mailbox.objects.get()
    assert box.failed_at is not None
    assert "mail word" not in box.error
    settings.IMAP_URL = server.url
    server.put(write())
    assert imap.poll() == 1
    assert Mailbox.objects.filter(failed_at=None, error="").exists()


def test_a_wrong_password_is_said_without_it(server, settings):
    settings.IMAP_URL = server.url.replace("mail%20word", "wrong-word")
    imap.poll()
    box = Mailbox.objects.get()
    assert box.error
    assert "wrong-word" not in box.error


def test_one_mail_at_which_the_server_breaks_off_stops_no_other(server):
    server.put(write("One"))
    imap.poll()
    server.put(write("Two"))
    server.put(write("Three"))
    client = server.client()
    client.select_folder(INBOX, readonly=True)
    uids = client.search(["ALL"])
    client.logout()
    server.breaks_at = f"FETCH {uids[1]} (BODY".encode()
    server.breaks_left = imap.MOST_BREAKS
    for _ in range(imap.MOST_BREAKS + 1):
        imap.poll()
    run_outbox()
    states = InboundMail.objects.order_by("pk").values_list("state", "why")
    assert [state for state, _ in states] == ["taken", "aside", "taken"]
    assert "mail server" in states[1][1]


def test_of_a_mail_that_is_too_large_the_beginning_is_taken(server, settings):
    settings.HUB_MAIL_LARGEST_MB = 1
    words = "My fence. " + "x" * 200
    server.put(write(words, files=[("big.bin", "application/octet-stream", b"\0" * 1_500_000)]))
    imap.poll()
    mail = InboundMail.objects.get()
    assert mail.is_cut
    assert len(mail.raw or b"") <= 1024 * 1024 < mail.size
    run_outbox()
    mail.refresh_from_db()
    assert mail.state == "taken"
    assert "My fence." in Enquiry.objects.get().description
    assert "1 MB" in mail.left_out[0]


def test_nothing_is_asked_of_anybody_where_no_mailbox_is_set(settings):
    settings.IMAP_URL = ""
    assert imap.poll() == 0
    assert not Mailbox.objects.exists()
