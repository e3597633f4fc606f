"""Files of a referral: kept once, found by exactly their readers, and never without their row."""

from __future__ import annotations

import os
import uuid
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.permissions import Viewer
from enquiries import events, pictures
from enquiries.actions import attachments, files
from enquiries.actions.referral_notes import NoReader
from enquiries.actions.referral_states import AlreadyAnswered
from enquiries.models import Attachment, Enquiry
from enquiries.queries import attachments as reading
from enquiries.queries import desk
from enquiries.queries import referrals as cases
from enquiries.queries.access import NoSuchReferral
from tests.referrals.steps import (
    LATER,
    accept,
    complete,
    lines,
    new_case,
    reject,
    send,
    told,
    with_,
)
from tests.referrals.test_pictures import PDF
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: object) -> Path:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]  # pytest-django's
    return tmp_path


def photograph(shade: int = 10) -> bytes:
    written = BytesIO()
    Image.new("RGB", (30, 30), (shade, 60, 90)).save(written, "JPEG")
    return written.getvalue()


def attach(
    case: Enquiry,
    viewer: Viewer,
    content: bytes | None = None,
    *,
    seen_by: str = "us",
    name: str = "hole.jpg",
) -> Attachment:
    return attachments.attach(
        public_id=with_(case, viewer.organisation_slug).public_id,
        viewer=viewer,
        name=name,
        content=content if content is not None else photograph(),
        seen_by=seen_by,
        now=LATER,
    )


def on_disk(media: Path) -> set[str]:
    folder = media / "attachments"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_file_is_kept_under_its_own_id_and_shown_under_its_name(
    media: Path, officer: Viewer
) -> None:
    case = new_case()
    kept = attach(case, officer, name="C:\\Users\\owen\\hole.PNG")
    assert on_disk(media) == {str(kept.public_id)}
    assert (kept.name, kept.content_type) == ("hole.jpg", "image/jpeg")
    with kept.file.open("rb") as file:
        content = file.read()
    assert (len(content), content[:3]) == (kept.size, b"\xff\xd8\xff")
    (line,) = lines(case, "attached")
    assert (line.data["file"], line.data["seen_by"]) == ("hole.jpg", "us")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("", "file.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("evil\u202egpj.exe", "evilgpj.jpg"),
        ("line\r\nbreak.jpg", "linebreak.jpg"),
        ("x" * 300 + ".jpg", "x" * 116 + ".jpg"),
        ("report.pdf.html", "report.pdf.jpg"),
    ],
)
def test_a_name_is_only_for_showing(given: str, shown: str) -> None:
    assert files.shown_name(given, ".jpg") == shown


def test_the_same_file_is_one_for_the_same_readers(media: Path, officer: Viewer) -> None:
    case = new_case()
    first = attach(case, officer)
    assert attach(case, officer, name="again.jpg") == first
    assert attach(case, officer, seen_by="hub") != first
    assert len(on_disk(media)) == 2


def test_five_files_are_enough(media: Path, officer: Viewer) -> None:
    case = new_case()
    for shade in range(5):
        attach(case, officer, photograph(shade * 20))
    with pytest.raises(attachments.TooManyFiles) as refusal:
        attach(case, officer, photograph(200))
    assert refusal.value.field == "file"
    assert len(on_disk(media)) == 5


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff broken"])
def test_what_is_not_taken_leaves_nothing(media: Path, officer: Viewer, content: bytes) -> None:
    case = new_case()
    with pytest.raises(attachments.FileNotTaken):
        attach(case, officer, content)
    with pytest.raises(NoReader):
        attach(case, officer, seen_by="everybody")
    assert (Attachment.objects.count(), on_disk(media)) == (0, set())


def test_a_stranger_adds_nothing_and_costs_nothing(
    media: Path, officer: Viewer, outsider: Viewer, agent: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = new_case()

    def never(_content: bytes) -> None:
        raise AssertionError("it was drawn for a stranger")

    monkeypatch.setattr(pictures, "taken", never)
    for viewer in (outsider, agent):
        with pytest.raises(NoSuchReferral):
            attachments.attach(
                public_id=with_(case, "wychavon").public_id, viewer=viewer, name="a",
                content=photograph(), seen_by="us", now=LATER,
            )  # fmt: skip


def test_nothing_is_added_to_what_has_ended(media: Path, officer: Viewer) -> None:
    case = new_case()
    accept(case, officer)
    complete(case, officer)
    with pytest.raises(AlreadyAnswered):
        attach(case, officer)
    assert on_disk(media) == set()


@pytest.mark.parametrize(
    ("seen_by", "readers"),
    [("us", {"us"}), ("hub", {"us", "hub"}), ("public", {"us", "hub", "citizen"})],
)
def test_a_file_reaches_exactly_its_readers(
    agent: Viewer,
    officer: Viewer,
    constable: Viewer,
    outsider: Viewer,
    manager: Viewer,
    seen_by: str,
    readers: set[str],
) -> None:
    case = new_case()
    send(case, "west-mercia-police", agent, alongside=True)
    kept = attach(case, officer, seen_by=seen_by)

    def reads(viewer: Viewer) -> bool:
        try:
            return reading.one(viewer, kept.public_id) == kept
        except reading.NoSuchFile:
            return False

    found = {"us": reads(officer), "hub": reads(agent), "citizen": bool(
        reading.for_citizen(case.reference))}  # fmt: skip
    assert {name for name, may in found.items() if may} == readers
    assert not reads(constable)
    assert not reads(outsider)
    assert bool(reading.for_case(agent, case.reference)) == ("hub" in readers)
    theirs = with_(case, "west-mercia-police").public_id
    assert reading.for_referral(constable, theirs) == []
    assert reading.for_referral(constable, with_(case, "wychavon").public_id) == []
    shown = repr(desk.case(agent, case.reference, now=LATER).lines)
    assert ("hole.jpg" in shown) == ("hub" in readers)
    assert "hole.jpg" not in repr(cases.referral(constable, theirs).lines)
    mails = [mail for mail in told("replied") if "hole.jpg" in mail.body]
    assert len(mails) == ("citizen" in readers)


def test_who_handed_the_work_back_no_longer_reads_its_files(officer: Viewer) -> None:
    case = new_case()
    kept = attach(case, officer)
    reject(case, officer)
    with pytest.raises(reading.NoSuchFile):
        reading.one(officer, kept.public_id)


def test_a_citizen_saves_what_is_for_them_and_nothing_else(client: Client, officer: Viewer) -> None:
    case, other = new_case(), new_case(words="Another")
    mine = attach(case, officer, PDF, seen_by="public", name="letter.pdf")
    hidden = attach(case, officer, seen_by="hub")
    foreign = attach(other, officer, PDF + b"\n%%EOF", seen_by="public")
    page = f"/track/{case.reference}/{case.secret}/"
    text = client.get(page).content.decode()
    assert "letter.pdf" in text
    assert "hole.jpg" not in text

    answer = client.get(f"{page}files/{mine.public_id}/")
    assert b"".join(answer) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox;")
    assert "no-store" in answer["Cache-Control"]
    for wrong in (
        f"{page}files/{hidden.public_id}/",
        f"{page}files/{foreign.public_id}/",
        f"{page}files/{uuid.uuid4()}/",
        f"/track/{case.reference}/{'x' * 22}/files/{mine.public_id}/",
        f"/track/{other.reference}/{case.secret}/files/{mine.public_id}/",
    ):
        assert client.get(wrong).status_code == 404


def test_no_row_is_left_when_its_line_cannot_be_written(
    media: Path, officer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = new_case()

    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        attach(case, officer)
    assert on_disk(media) == set()


@pytest.mark.django_db(transaction=True)
def test_a_file_whose_change_was_rolled_back_is_removed_a_day_later(
    media: Path, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import transaction

    from tests.world import build

    world: World = build()
    officer = world.viewer(world.officer)
    case = new_case()
    kept = attach(case, officer)

    class Killed(BaseException):
        pass

    def killed() -> None:
        with transaction.atomic():
            attach(case, officer, photograph(200))
            raise Killed

    with pytest.raises(Killed):
        killed()
    assert len(on_disk(media)) == 2
    assert Attachment.objects.count() == 1

    monkeypatch.undo()
    settings.MEDIA_ROOT = media
    now = timezone.now()
    assert attachments.sweep(now=now) == 0
    for name in on_disk(media):
        old = (now - timedelta(days=2)).timestamp()
        os.utime(media / "attachments" / name, (old, old))
    assert attachments.sweep(now=now) == 1
    assert attachments.sweep(now=now) == 0
    assert on_disk(media) == {str(kept.public_id)}


def test_where_no_file_was_ever_kept_there_is_nothing_to_remove() -> None:
    assert attachments.sweep(now=timezone.now()) == 0
