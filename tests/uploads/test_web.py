"""Files on the page of a question, without script: sent, seen, taken out, never in the way."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client

from channels.asking import uploads as asking
from enquiries import pictures
from enquiries.models import Attachment, Enquiry, Upload
from hub import uploading
from tests.partnership import _loaded, partnership
from tests.uploads import corpus
from tests.uploads.steps import on_disk, photo
from tests.web.conftest import EVESHAM, Visitor

__all__ = ["_loaded", "partnership"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(partnership: None) -> Visitor:
    """Somebody at the question what happened."""
    found = Visitor()
    found.start()
    found.answer(postcode=EVESHAM)
    assert "What happened?" in found.text
    return found


def sent_file(name: str = "hole.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if content is None else content)


def post(visitor: Visitor, *files: Any, **fields: str) -> Any:
    data = {"carry": visitor.carry, "description": "A mattress", **fields, "files": list(files)}
    return visitor.go(visitor.client.post(visitor.at, data))


def onward(visitor: Visitor) -> None:
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")


def test_the_form_takes_files(visitor: Visitor) -> None:
    assert 'enctype="multipart/form-data"' in visitor.text
    assert 'type="file"' in visitor.text
    assert "multiple" in visitor.text


def test_files_go_with_the_answer_and_are_the_enquirys_in_the_end(visitor: Visitor) -> None:
    post(visitor, sent_file(), sent_file("bill.pdf", corpus.pdf()))
    assert "How should we tell you" in visitor.text
    onward(visitor)
    assert "Photos and files" in visitor.text
    assert "hole.jpg, bill.pdf" in visitor.text
    visitor.answer()
    assert "We have it" in visitor.text
    assert {row.name for row in Attachment.objects.all()} == {"hole.jpg", "bill.pdf"}
    assert Attachment.objects.filter(enquiry=Enquiry.objects.get()).count() == 2


def test_a_file_can_be_seen_and_taken_out_before_it_is_sent(
    visitor: Visitor, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    post(visitor, sent_file(), add_files="1", description="Half a sentence")
    assert "Half a sentence" in visitor.text
    upload = Upload.objects.get()
    (source,) = re.findall(r'<img class="hub-uploads__picture" src="([^"]+)"', visitor.text)
    assert str(upload.public_id) in source
    picture = visitor.client.get(source)
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in picture["Cache-Control"]
    with django_capture_on_commit_callbacks(execute=True):
        post(visitor, remove_file=str(upload.public_id), description="Half a sentence")
    assert "Removed: <bdi>hole.jpg</bdi>" in visitor.text
    assert "Half a sentence" in visitor.text
    assert (Upload.objects.count(), on_disk(media)) == (0, set())
    assert visitor.client.get(source).status_code == 404


def test_nobody_else_sees_or_removes_it(visitor: Visitor) -> None:
    post(visitor, sent_file(), add_files="1")
    upload = Upload.objects.get()
    (source,) = re.findall(r'src="(/ask/[^"]+)"', visitor.text)
    stranger = Client()
    assert stranger.get(source).status_code == 404
    stranger.post("/ask/", {"service": "fly-tipping"})
    theirs = stranger.session["journeys"]
    other = re.sub(r"/ask/[^/]+/", f"/ask/{next(iter(theirs))}/", source)
    assert stranger.get(other).status_code == 404
    stranger.post(visitor.at, {"remove_file": str(upload.public_id)})
    assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("photo.jpg", b"")], "empty"),
        ([("photo.jpg", b"MZ nothing")], "Only pictures"),
        ([("photo.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 20)], "HEIC"),
        ([("evil\u202egpj.<b>.exe", b"#!")], "Only pictures"),
    ],
)
def test_what_is_not_taken_says_why_and_the_next_press_goes_on(
    visitor: Visitor, files: list[tuple[str, bytes]], words: str
) -> None:
    post(visitor, *(sent_file(name, content) for name, content in files))
    assert "There is a problem" in visitor.text
    assert words in visitor.text
    assert "<b>" not in visitor.text
    assert "A mattress" in visitor.text
    assert "<title>" in visitor.text
    assert "Error:" in visitor.text
    post(visitor)
    assert "How should we tell you" in visitor.text


def test_an_iphone_is_asked_for_jpeg_and_who_has_heic_reads_what_to_do(visitor: Visitor) -> None:
    (accepted,) = re.findall(r'type="file"[^>]*accept="([^"]*)"', visitor.text)
    assert "image/jpeg" in accepted
    # Either of these, and an iPhone sends the photo as it lies there.
    assert not re.search(r"hei[cf]|image/\*|\.", accepted)
    post(visitor, sent_file("IMG_1.HEIC", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 20))
    assert "On an iPhone, choose it from Photos and not from Files" in visitor.text
    assert "screenshot" in visitor.text


def test_while_many_pictures_are_drawn_the_form_goes_on_without_one_more(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOMENT_SECONDS", 0.1)
    with ExitStack() as others:
        for _ in range(pictures.IN_LINE):
            others.enter_context(pictures._IN_LINE)
        post(visitor, sent_file())
        assert "Many pictures are being added just now" in visitor.text
        assert "A mattress" in visitor.text
        assert Upload.objects.count() == 0
        post(visitor)
    assert "How should we tell you" in visitor.text


def test_six_at_once_are_five_and_say_so(visitor: Visitor) -> None:
    post(visitor, *(sent_file() for _ in range(6)))
    assert "We took the first 5 files" in visitor.text
    assert Upload.objects.count() == 5
    assert "no more can be added" in visitor.text
    assert 'type="file"' not in visitor.text


def test_a_button_without_a_file_says_so(visitor: Visitor) -> None:
    post(visitor, add_files="1")
    assert "Choose a file first" in visitor.text


def test_a_file_and_no_words_keeps_the_file(visitor: Visitor) -> None:
    post(visitor, sent_file(), description="")
    assert "Tell us what happened" in visitor.text
    assert "hole.jpg" in visitor.text
    assert Upload.objects.count() == 1


def test_a_full_disk_is_no_reason_to_stop(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any, **_more: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", full)
        post(visitor, sent_file())
    assert "Go on without it" in visitor.text
    post(visitor)
    onward(visitor)
    visitor.answer()
    assert "We have it" in visitor.text
    assert not Attachment.objects.exists()


def test_a_full_disk_of_temporary_files_is_none_either(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any, **_more: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(TemporaryUploadedFile, "__init__", full)
        post(visitor, sent_file())
    assert "Go on without it" in visitor.text
    assert "A mattress" in visitor.text


def test_more_than_may_be_is_not_even_received(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(visitor, sent_file("huge.jpg", b"\xff\xd8\xff" + b"x" * uploading.MOST_OF_ONE))
    assert "larger than 10 MB" in visitor.text
    monkeypatch.setattr(uploading, "MOST_OF_ALL", 3_000)
    parts = [sent_file(content=corpus.pdf(b"x" * 2_000)) for _ in range(2)]
    post(visitor, *parts)
    assert "larger than 25 MB together" in visitor.text
    assert Upload.objects.count() == 1


def test_the_place_of_a_photo_is_offered_once_and_kept_nowhere(
    visitor: Visitor, media: Path
) -> None:
    post(visitor, sent_file("at.jpg", corpus.image(exif=corpus.exif())))
    journey = Upload.objects.get().journey
    session = visitor.client.session
    found = asking.suggested(session, journey)
    assert found is not None
    assert (found.latitude, found.longitude) == pytest.approx(corpus.PLACE)
    onward(visitor)
    assert asking.suggested(visitor.client.session, journey) is not None
    visitor.answer()
    assert "We have it" in visitor.text
    assert asking.suggested(visitor.client.session, journey) is None
    (stored,) = (media / "attachments").iterdir()
    assert b"Exif" not in stored.read_bytes()
    assert not [field for field in Upload._meta.get_fields() if "lat" in field.name]


def test_a_file_that_was_not_safe_is_named_in_plain_words(visitor: Visitor) -> None:
    post(visitor, sent_file(), add_files="1")
    Upload.objects.update(scan="infected", file="", thumbnail=None)
    visitor.open("what")
    assert "may not be safe" in visitor.text
    assert "<img" not in visitor.text.partition("hub-uploads__list")[2].partition("</ul>")[0]
    post(visitor)
    onward(visitor)
    assert "hole.jpg" not in visitor.text
    visitor.answer()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"remove_file": "no-uuid"},
        {"remove_file": "\x00"},
        {"add_files": "\x00"},
        {"remove_file": "00000000-0000-4000-8000-000000000000"},
    ],
)
def test_odd_input_is_no_error_of_ours(visitor: Visitor, fields: dict[str, str]) -> None:
    assert post(visitor, **fields).status_code == 200
    assert post(visitor, sent_file("a\x00b.jpg")).status_code == 200


def test_the_place_of_a_photo_is_forgotten_where_it_was_taken_over(visitor: Visitor) -> None:
    post(visitor, sent_file("at.jpg", corpus.image(exif=corpus.exif())))
    journey = Upload.objects.get().journey
    visitor.at = f"/ask/{journey}/q/place/"
    visitor.go(visitor.client.get(visitor.at))
    visitor.answer(use_photo="1", postcode=EVESHAM)
    found = {
        name: re.findall(rf'name="{name}" value="([^"]*)"', visitor.text)[0]
        for name in ("latitude", "longitude")
    }
    assert found["latitude"]
    visitor.answer(postcode=EVESHAM, **found)
    assert asking.suggested(visitor.client.session, journey) is None
