"""What came back by no standard, and what says that it was read: never a citizen's words."""

import pytest
from django.utils import timezone

from channels.email import mime, senders
from customers.models import ContactPoint
from enquiries.inbound import Sender
from enquiries.models import ContactItem, Enquiry
from inbox.mails import MailKind
from notifications import threads
from notifications.models import Notification
from tests.email.letters import address_of, hand_in, ours, references_of, write
from tests.outbox import run_outbox
from tests.world import ask

QMAIL = (
    "Hi. This is the qmail-send program at mx.example.\n\n<jo@example.com>:\nSorry, no mailbox"
    " here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
)
EXIM = "It could not be delivered:\n\n  jo@example.com\n    550 no such user, since 12.5.2026\n\n"
DAEMON = "MAILER-DAEMON@mx.example.com"


@pytest.fixture
def case(clock, world) -> Enquiry:
    """Jo's, with a confirmation that went to Jo."""
    jo = Sender(name="Jo Bloggs", email="jo@example.com")
    received = ask(sender=jo, tell_by="email", at=timezone.now())
    run_outbox()
    return Enquiry.objects.get(pk=received.enquiries[0].enquiry_id)


def _back(words: str, subject: str, *, of: Notification, way: str, **headers: str) -> bytes:
    """A report in a server's own words, with our token where its way is: an address or a copy."""
    copy = f"Message-ID: {threads.message_id(str(of.public_id))}\n" if way == "copy" else ""
    to = address_of(of) if way == "address" else "hub@hub.example"
    top = {name.replace("_", "-"): value for name, value in headers.items()}
    sender = top.pop("From", DAEMON)
    return write(words + copy, subject=subject, sender=sender, to=to, headers=top)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "subject", "way", "headers", "code"),
    [
        (QMAIL, "failure notice", "copy", {}, "5.1.1"),
        (QMAIL, "failure notice", "address", {}, "5.1.1"),
        (EXIM, "Mail delivery failed", "copy", {"Auto-Submitted": "auto-replied",
         "X-Failed-Recipients": "jo@example.com"}, "5.0.0"),
        ("Remote host said: 550 no", "Sorry", "address", {"From": "postmaster@o.example"}, "5.0.0"),
        ("It is full (5.2.2).", "Undeliverable: x", "copy",
         {"From": "gateway@o.example", "Return-Path": "<>"}, "5.2.2"),
    ],
)  # fmt: skip
def test_a_report_in_a_servers_own_words_fails_the_message(
    case, words, subject, way, headers, code
):
    mail = hand_in(_back(words, subject, of=ours(), way=way, **headers))
    assert (mail.state, mail.kind, mail.reference) == ("ignored", "bounce", case.reference)
    assert (ours().state, ours().error_code) == ("failed", code)
    assert ContactItem.objects.filter(enquiry=case).count() == 1
    is_gone = ContactPoint.objects.get(value="jo@example.com").unusable_at is not None
    assert is_gone == (code == "5.1.1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "subject", "headers"),
    [
        ("jo@example.com: 451 4.4.1 no answer yet", "Warning: message delayed 24 hours", {}),
        ("We try again. (4.2.2)", "failure notice", {}),
        ("It came on 5.5.2026 from 5.1.1.7", "failure notice", {}),
        ("550 tonnes", "Hello", {"From": "jo@example.com", "Return-Path": "<>"}),
    ],
)
def test_a_delay_or_what_says_nothing_for_certain_fails_nothing(case, words, subject, headers):
    mail = hand_in(_back(words, subject, of=ours(), way="address", **headers))
    assert (mail.state, mail.kind) == ("ignored", "bounce")
    assert ours().state == "sent"
    assert ContactItem.objects.filter(enquiry=case).count() == 1


@pytest.mark.django_db
def test_a_report_that_proves_nothing_fails_nothing(case):
    mail = hand_in(write(QMAIL, sender=DAEMON, subject="failure notice", to="hub@hub.example"))
    assert (mail.state, mail.kind, mail.reference) == ("ignored", "bounce", "")
    assert ours().state == "sent"


@pytest.mark.django_db
def test_a_mail_that_comes_back_as_a_file_names_its_message(case):
    copy = b"Message-ID: " + threads.message_id(str(ours().public_id)).encode()
    raw = (
        b"From: MAILER-DAEMON@o.example\r\nTo: hub@hub.example\r\nSubject: Sorry\r\n"
        b"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nNobody is there: 5.1.2\r\n"
        b"--o\r\nContent-Type: message/rfc822\r\n\r\n" + copy + b"\r\n\r\nHello\r\n--o--\r\n"
    )
    assert hand_in(raw).reference == case.reference
    assert ours().error_code == "5.1.2"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["disposition-notification", "feedback-report"])
def test_that_somebody_read_it_is_nothing_they_wrote(case, kind):
    before = Notification.objects.count()
    report = f"""From: Jo Bloggs <jo@example.com>
To: {address_of(ours())}
Subject: Read: We have it
Message-ID: <read@example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

Your message was read on Monday.

--b
Content-Type: message/{kind}

Final-Recipient: rfc822;jo@example.com
Original-Message-ID: {references_of(ours())["In-Reply-To"]}
Disposition: manual-action/MDN-sent-manually; displayed

--b--
"""
    mail = hand_in(report.encode())
    assert (mail.state, mail.kind, mail.reference) == ("ignored", "automatic", case.reference)
    assert Notification.objects.count() == before
    assert ContactItem.objects.filter(enquiry=case).count() == 1


@pytest.mark.parametrize(
    ("sender", "subject", "headers", "answers_us", "kind"),
    [
        # who is away has their program answer from nobody's address (RFC 3834)
        ("jo@example.com", "Automatic reply: x", {"Return-Path": "<>"}, True, MailKind.AUTOMATIC),
        ("jo@example.com", "Away", {"Return-Path": "<>", "Auto-Submitted": "auto-replied"}, True,
         MailKind.AUTOMATIC),
        ("jo@example.com", "Bin", {"Return-Path": "<>"}, False, MailKind.MESSAGE),
        # a person who looks after mail has a bin, too
        ("postmaster@parish.example", "Section 5.1.1 of the plan", {}, False, MailKind.MESSAGE),
    ],
)  # fmt: skip
def test_people_stay_people_and_machines_that_answer_are_no_failure(
    sender, subject, headers, answers_us, kind
):
    mail = mime.read(write("See 5.1.1.", sender=sender, subject=subject, headers=headers))
    assert senders.who_wrote(mail, own=(), answers_us=answers_us).kind is kind
