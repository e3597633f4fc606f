"""A thread of mails with photos, from a real mailbox to a real mail server and back."""

from collections.abc import Iterator
from email.message import Message

import pytest
from django.utils import timezone

from channels.email import imap
from enquiries.actions import replies
from enquiries.models import Attachment, Contact, ContactItem, Enquiry
from inbox.models import InboundMail
from notifications import threads
from tests.email.letters import picture, write
from tests.outbox import run_outbox
from tests.stand_ins.imap_server import ImapServer
from tests.stand_ins.mail_server import MailServer, words_of
from tests.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world_here(transactional_db: None, tmp_path, settings) -> World:
    settings.MEDIA_ROOT = tmp_path
    return build()


@pytest.fixture
def mailbox(settings) -> Iterator[ImapServer]:
    with ImapServer() as server:
        settings.IMAP_URL = server.url
        yield server


def _arrives(mailbox: ImapServer, raw: bytes) -> None:
    mailbox.put(raw)
    imap.poll()
    run_outbox()


def _to_jo(server: MailServer) -> list[Message]:
    return [letter for letter in server.letters if letter["To"] == "jo@example.com"]


def _answer(words: str, to: Message, **more) -> bytes:
    """What Jo's program makes of "Reply"."""
    quoted = "\n".join(f"> {line}" for line in words_of(to).splitlines()[:4])
    headers = {
        "In-Reply-To": to["Message-ID"].strip(),
        "References": " ".join(f"{to['References']} {to['Message-ID']}".split()),
    }
    subject = " ".join(str(to["Subject"]).split())
    return write(
        f"{words}\n\nOn Tue, 17 Nov 2026 at 10:02, Hub <hub@hub.example> wrote:\n{quoted}",
        subject=f"Re: {subject}", to=to["Reply-To"].strip(), headers=headers, **more,
    )  # fmt: skip


def test_a_thread_of_mails_with_photos_is_one_case(world_here, mailbox, mail_server):
    hole = ("hole.jpg", "image/jpeg", picture(500))
    _arrives(mailbox, write(message_id="<first@mail.example.com>", files=[hole]))
    case = Enquiry.objects.get()
    received = _to_jo(mail_server)[0]
    assert case.reference in received["Subject"]
    assert received["In-Reply-To"] == "<first@mail.example.com>"
    assert received["Auto-Submitted"] == "auto-generated"
    assert len(received["Reply-To"].partition("@")[0]) <= 64

    # she sees that it was the other gate, and sends another photo
    gate = ("gate.png", "image/png", picture(450))
    _arrives(mailbox, _answer("It is the left gate.", received, files=[gate]))
    assert list(Attachment.objects.order_by("pk").values_list("name", flat=True)) == [
        "hole.jpg", "gate.jpg",
    ]  # fmt: skip
    added = _to_jo(mail_server)[1]
    of_case = threads.case_id(case.reference)
    assert added["References"].endswith(of_case)
    assert added["References"].split()[0] == added["In-Reply-To"] != "<first@mail.example.com>"

    # an agent asks, she answers, the case goes on
    agent = world_here.viewer(world_here.agent)
    replies.ask(reference=case.reference, viewer=agent, question="Which day?", now=timezone.now())
    run_outbox()
    _arrives(mailbox, _answer("On Monday.", _to_jo(mail_server)[2]))
    case.refresh_from_db()
    assert case.status != "waiting"

    # her program says that she is away: nobody answers that, however often
    away = _answer("I am away.", received)
    away = away.replace(b"Subject: Re:", b"Auto-Submitted: auto-replied\nSubject: Re:")
    before = len(mail_server.letters)
    _arrives(mailbox, away)
    assert len(mail_server.letters) == before

    # thanks are kept, and are nobody's work
    _arrives(mailbox, _answer("Thank you!", _to_jo(mail_server)[2]))
    assert len(mail_server.letters) == before
    _is_one_thread(case)
    assert mailbox.unseen() == 0

    # staff hear of the case, too: what they get answers no mail of theirs
    others = [one for one in mail_server.letters if one["To"] != "jo@example.com"]
    assert {one["In-Reply-To"] for one in others} == {None}


def _is_one_thread(case: Enquiry) -> None:
    kinds = ContactItem.objects.filter(enquiry=case).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["new", "new_information", "reply_to_us", "thanks"]
    assert Enquiry.objects.count() == 1
    assert Contact.objects.values("thread").distinct().count() == 1
    states = InboundMail.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["taken", "taken", "taken", "ignored", "taken"]
    folded = InboundMail.objects.order_by("pk")[1]
    assert folded.words == "It is the left gate."
    assert folded.quoted.startswith("On Tue, 17 Nov 2026")
