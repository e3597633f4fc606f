"""What staff do with mails that nobody could take, and what a case shows of its mails."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enquiries.models import Attachment, Contact, ContactItem, Enquiry
from inbox import actions_mail
from inbox.models import InboundMail
from notifications.models import Notification
from tests.email.letters import address_of, drop, hand_in, ours, picture, write
from tests.outbox import run_outbox

pytestmark = pytest.mark.django_db
PAGE = "/desk/settings/messages/mail/"
MINE = dict.fromkeys(("postcode", "name", "email"), "") | {
    "service": "missed-bin",
    "description": "Their bin",
}


@pytest.fixture(autouse=True)
def media(tmp_path, settings, clock) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def desk(world, client_for):
    return client_for(world.agent)


def _aside(**more) -> InboundMail:
    mail = hand_in(write(words="", subject="", **more))
    assert mail.state == "aside"
    return mail


def _key(page) -> str:
    return str(page.context["form"]["key"].value())


def test_what_was_set_aside_stands_there_with_why(desk):
    mail = _aside()
    page = desk.get(PAGE)
    assert "There are no words in it" in page.content.decode()
    assert f"{PAGE}{mail.public_id}/" in page.content.decode()
    assert "Emails" in desk.get("/desk/").content.decode()


def test_an_enquiry_is_made_by_hand_with_its_files_once(desk, world):
    sealed = "Content-Type: application/pkcs7-mime\r\n\r\nMIIB"
    mail = hand_in(f"From: jo@example.com\r\nSubject: \r\n{sealed}".encode())
    address = f"{PAGE}{mail.public_id}/"
    form = {**MINE, "email": "jo@example.com", "key": _key(desk.get(address))}
    first, second = desk.post(address, form), desk.post(address, form)
    case = Enquiry.objects.get()
    assert first.headers["Location"] == f"/desk/cases/{case.reference}/"
    assert second.status_code == 303
    run_outbox()
    mail.refresh_from_db()
    assert (mail.state, mail.reference, mail.settled_by) == ("taken", case.reference, "Asha Agent")
    contact = Contact.objects.get()
    assert (contact.channel, str(contact.agent)) == ("email", str(world.agent))
    assert ours().to == "jo@example.com"
    assert case.received_at == mail.received_at


def test_the_files_of_what_was_left_alone_follow_by_hand(desk):
    photo = ("hole.jpg", "image/jpeg", picture())
    mail = hand_in(write(headers={"List-Id": "<parish.example>"}, files=[photo]))
    assert mail.state == "ignored"
    address = f"{PAGE}{mail.public_id}/"
    desk.post(address, {**MINE, "key": _key(desk.get(address))})
    run_outbox()
    assert Attachment.objects.get().name == "hole.jpg"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"description": " "}, "Write what they need"),
        ({"email": "no address"}, "Enter an email address"),
        ({"postcode": "nowhere"}, "postcode"),
        ({"service": "no-such"}, "Choose from the list"),
        ({"description": "a\0b", "name": "x" * 300}, "200"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_and_nothing_is_made(desk, changed, words):
    address = f"{PAGE}{_aside().public_id}/"
    answer = desk.post(address, {**MINE, "key": _key(desk.get(address)), **changed})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Enquiry.objects.exists()


def test_it_is_tried_again_and_ignored(desk):
    mail = _aside()
    InboundMail.objects.filter(pk=mail.pk).update(raw=write())
    assert desk.post(f"{PAGE}{mail.public_id}/again/").status_code == 303
    run_outbox()
    mail.refresh_from_db()
    assert mail.state == "taken"
    other = _aside()
    desk.post(f"{PAGE}{other.public_id}/ignore/")
    other.refresh_from_db()
    assert (other.state, other.settled_by) == ("ignored", "Asha Agent")


def test_whoever_is_later_changes_nothing(desk):
    mail = hand_in(write())
    for act in ("again", "ignore"):
        desk.post(f"{PAGE}{mail.public_id}/{act}/")
    mail.refresh_from_db()
    assert mail.state == "taken"
    page = desk.get(f"{PAGE}{mail.public_id}/")
    assert page.headers["Location"] == f"/desk/cases/{mail.reference}/"
    assert desk.post(f"{PAGE}{mail.public_id}/burn/").status_code == 404


def test_who_does_not_handle_contacts_sees_none(world, client_for):
    mail = _aside()
    for who in (world.officer, world.manager):
        client = client_for(who)
        assert client.get(PAGE).status_code in (403, 404)
        assert client.get(f"{PAGE}{mail.public_id}/").status_code in (403, 404)


def test_a_case_shows_its_mails_with_what_they_quote_folded(desk):
    first = hand_in(write(top=[("Authentication-Results", "mx.hub.example; dmarc=pass")]))
    answer = "It is brown.\n\nOn 16 Nov 2026 Hub wrote:\n> Which bin is it?"
    files = [("a.docx", "application/msword", b"PK\x03\x04" + b"x" * 20_000)]
    hand_in(write(answer, to=address_of(ours()), subject="Re: bin", files=files))
    page = desk.get(f"/desk/cases/{first.reference}/").content.decode()
    for words in ("Sender proved", "Which bin is it?", "a.docx: Only pictures", "It answers a"):
        assert words in page
    assert "Address not known" not in page
    assert ContactItem.objects.filter(words="It is brown.").count() == 1
    hand_in(write("Leave it.", sender="eve@evil.example", to=address_of(ours())))
    assert "Address not known" in desk.get(f"/desk/cases/{first.reference}/").content.decode()


def test_a_mailbox_that_cannot_be_read_is_said(desk, settings):
    settings.IMAP_URL = "imap://a:b@127.0.0.1:9/"
    now = timezone.now()
    actions_mail.looked("reply@hub.example", uid_validity=1, last_uid=1, stuck=(0, 0), now=now,
                        error="LOGIN failed")  # fmt: skip
    assert "could not be read" in desk.get(PAGE).content.decode()
    assert PAGE in desk.get("/desk/").content.decode()
    actions_mail.looked("reply@hub.example", uid_validity=1, last_uid=1, stuck=(0, 0), now=now)
    assert PAGE not in desk.get("/desk/").content.decode()


def test_mails_as_they_came_go_after_a_month_and_what_was_left_alone_with_them(desk, clock):
    kept, gone = hand_in(write()), hand_in(write(headers={"List-Id": "<a.example>"}))
    waits = _aside()
    clock.shift(timedelta(days=31))
    actions_mail.empty_old(now=timezone.now())
    kept.refresh_from_db()
    waits.refresh_from_db()
    assert (kept.raw, kept.words != "") == (None, True)
    assert waits.raw is not None
    assert not InboundMail.objects.filter(pk=gone.pk).exists()


def test_the_mails_of_a_case_that_is_deleted_go_with_it(desk):
    mail = hand_in(write())
    assert actions_mail.forget(references=[mail.reference]) == 1
    assert not InboundMail.objects.exists()
    assert Notification.objects.exists()
    assert drop(write()).state == "new"
