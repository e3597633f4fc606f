"""Files of mails (T-S3 at this door): kept by content, drawn anew, scanned; what is not is told."""

import hashlib
import os
from pathlib import Path

import pytest
from django.utils import timezone

from channels.email import taking
from core.models import Outbox
from enquiries.inbound import Sender
from enquiries.models import Attachment, Enquiry, Upload
from inbox.models import InboundMail
from notifications.models import Notification
from tests.email.letters import address_of, drop, hand_in, ours, picture, write
from tests.outbox import run_outbox
from tests.uploads import corpus
from tests.world import ask

pytestmark = pytest.mark.django_db
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings, clock) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def _names() -> list[str]:
    return list(Attachment.objects.order_by("pk").values_list("name", flat=True))


def test_a_photo_is_drawn_anew_and_stands_with_the_new_enquiry(media):
    hand_in(write(files=[("../../hole.JPG", "image/jpeg", picture())]))
    kept = Attachment.objects.get()
    assert (kept.enquiry, kept.name, kept.seen_by) == (Enquiry.objects.get(), "hole.jpg", "all")
    assert kept.file.read()[:3] == b"\xff\xd8\xff"
    assert kept.sha256 != hashlib.sha256(picture()).hexdigest()
    assert not Notification.objects.filter(event="files_left_out").exists()


def test_what_is_not_taken_is_told_with_why_and_the_mail_stands():
    files = [
        ("hole.jpg", "image/jpeg", picture()),
        ("letter.docx", WORD, corpus.zipped()),
        ("winmail.dat", "application/ms-tnef", b"\x78\x9f\x3e\x22" + b"x" * 50_000),
        ("evil.jpg", "image/jpeg", b"<script>alert(1)</script>" * 2_000),
    ]
    mail = hand_in(write(files=files))
    assert mail.state == "taken"
    assert _names() == ["hole.jpg"]
    assert [line.partition(":")[0] for line in mail.left_out] == [
        "letter.docx", "winmail.dat", "evil.jpg",
    ]  # fmt: skip
    said = ours("files_left_out")
    assert (said.to, "letter.docx: Only pictures" in said.body) == ("jo@example.com", True)


def test_the_sixth_file_is_told_too():
    files = [(f"{n}.jpg", "image/jpeg", picture(300 + n)) for n in range(6)]
    mail = hand_in(write(files=files))
    assert len(_names()) == 5
    assert mail.left_out == ["5.jpg: There are more than 5 files"]


def test_files_of_an_answer_go_to_its_case(world):
    received = ask(sender=Sender(name="Jo Bloggs", email="jo@example.com"), at=timezone.now(),
                   tell_by="email")  # fmt: skip
    run_outbox()
    photo = ("gate.png", "image/png", picture())
    hand_in(write("This gate.", to=address_of(ours()), files=[photo]))
    kept = Attachment.objects.get()
    assert (kept.enquiry.reference, kept.name) == (received.enquiries[0].reference, "gate.jpg")


def test_a_small_picture_of_a_signature_is_no_file():
    raw = write(html='<p>Hello</p><img src="cid:logo">')
    logo = (
        b"\nContent-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline\n"
        b"Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
    )
    mark = raw.split(b'boundary="')[1].split(b'"')[0]
    raw = raw.replace(b"--" + mark + b"--", b"--" + mark + logo + b"--" + mark + b"--")
    mail = hand_in(raw)
    assert (mail.state, mail.left_out, _names()) == ("taken", [], [])


def test_photos_beside_a_page_that_we_cannot_read_are_kept_and_staff_are_told():
    photo = ("hole.jpg", "image/jpeg", picture())
    raw = write("<svg><text>The lamp is out</text></svg>", files=[photo])
    mail = hand_in(raw.replace(b"text/plain", b"text/html"))
    assert (mail.state, mail.left_out, _names()) == ("taken", [taking.NO_WORDS], ["hole.jpg"])
    assert not Notification.objects.filter(event="files_left_out").exists()


def test_a_mail_of_photos_without_a_word_is_an_enquiry():
    hand_in(write("", subject="", files=[("hole.jpg", "image/jpeg", picture())]))
    assert Enquiry.objects.get().description == "An email with files and no words"
    assert _names() == ["hole.jpg"]


@pytest.mark.parametrize("point", ["mail.begun", "mail.files_kept", "mail.received"])
def test_killed_anywhere_it_is_taken_once_with_its_files(monkeypatch, settings, point):
    class Dead(BaseException):
        pass

    def die(_code: int) -> None:
        raise Dead

    settings.HUB_DEVELOPMENT = True
    files = [("hole.jpg", "image/jpeg", picture()), ("a.docx", WORD, corpus.zipped())]
    mail = drop(write(files=files))
    with monkeypatch.context() as patch:
        patch.setattr(os, "_exit", die)
        patch.setenv("FAILPOINT", point)
        with pytest.raises(Dead):
            run_outbox()
    _lease_ended()
    run_outbox()
    mail.refresh_from_db()
    assert mail.state == "taken"
    assert (Enquiry.objects.count(), _names()) == (1, ["hole.jpg"])
    assert mail.left_out == ["a.docx: Only pictures (JPEG, PNG, WebP, GIF) and PDFs can be added"]
    assert Notification.objects.filter(event="received").count() == 1
    assert Notification.objects.filter(event="files_left_out").count() == 1
    assert not Upload.objects.exists()


def _lease_ended() -> None:
    """A while later: the promise of who died is anybody's again."""
    Outbox.objects.filter(settled_at=None).update(lease_until=None, next_at=timezone.now())


def test_what_breaks_again_and_again_is_set_aside_and_stops_no_other(monkeypatch):
    works = taking._do

    def broken(letter, **more) -> str:
        if letter.subject == "Poison":
            raise MemoryError
        return works(letter, **more)

    poison, other = drop(write(subject="Poison")), drop(write("Another.", subject="Lamp"))
    monkeypatch.setattr(taking, "_do", broken)
    for _ in range(taking.MOST_TRIES):
        run_outbox()
        _lease_ended()
    poison.refresh_from_db()
    other.refresh_from_db()
    assert (poison.state, other.state) == ("aside", "taken")
    assert "MemoryError" in poison.why


def test_what_kills_the_process_each_time_is_given_up(monkeypatch):
    mail = drop(write())
    InboundMail.objects.filter(pk=mail.pk).update(attempts=taking.MOST_TRIES)
    run_outbox()
    mail.refresh_from_db()
    assert (mail.state, mail.why) == ("aside", taking.STOPPED_US)


def test_the_corpus_of_files_ends_as_at_every_door():
    """T-S3: each file of the corpus by mail, kept or refused as its table says, and told."""
    wrong = []
    for number, file in enumerate(corpus.FILES):
        Attachment.objects.all().delete()
        given = ("f.bin", "application/octet-stream", file.make())
        mail = hand_in(write(subject="", sender=f"p{number}@example.com", files=[given]))
        kept = list(Attachment.objects.values_list("content_type", flat=True))
        told = bool(mail.left_out)
        if (mail.state, kept, told) != ("taken", [file.becomes] if file.becomes else [], not kept):
            wrong.append((file.about, mail.state, kept, mail.left_out))
    assert wrong == []
