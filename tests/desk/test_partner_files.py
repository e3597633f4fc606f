"""Files of a referral: added in place, saved and never run, found by exactly those who may."""

from __future__ import annotations

import uuid
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from core.models import AuditEvent
from desk import forms_files
from enquiries.models import Attachment, Referral
from tests.desk.steps import act, new_key, text
from tests.world import ask

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def referral(world) -> Referral:
    ask(at=timezone.now())
    return Referral.objects.get()


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, "JPEG")
    return out.getvalue()


def address(referral: Referral) -> str:
    return f"/desk/referrals/{referral.public_id}/"


def attach(client, referral: Referral, *, name="lane.jpg", content=None, seen_by="us", key=""):
    file = SimpleUploadedFile(name, picture() if content is None else content)
    data = {"key": key or new_key(), "file": file, "seen_by": seen_by}
    return client.post(f"{address(referral)}attach/", data)


def test_a_file_is_added_and_stands_on_the_page_with_who_sees_it(world, referral, client_for):
    client = client_for(world.officer)
    page = text(client.get(address(referral)))
    assert 'enctype="multipart/form-data"' in page
    assert attach(client, referral, seen_by="hub").status_code == 303
    shown = text(client.get(address(referral)))
    row = Attachment.objects.get()
    assert f'href="/desk/files/{row.public_id}/"' in shown
    assert "lane.jpg" in shown
    assert "Us and the hub" in shown


@pytest.mark.parametrize(
    ("name", "content", "seen_by", "words"),
    [
        ("lane.jpg", None, "", "Choose who sees it"),
        ("lane.jpg", b"", "us", "The file is empty"),
        ("lane.html", b"<script>alert(1)</script>", "us", "Only pictures"),
        ("lane.jpg", b"MZ" + b"x" * 100, "us", "Only pictures"),
        ("lane.jpg", None, "everybody", "Choose from the list"),
    ],
)
def test_what_is_not_taken_says_why(world, referral, client_for, name, content, seen_by, words):
    page = text(
        attach(client_for(world.officer), referral, name=name, content=content, seen_by=seen_by)
    )
    assert words in page
    assert "There is a problem" in page
    assert not Attachment.objects.exists()


def test_no_file_and_a_file_too_large_say_so(world, referral, client_for, monkeypatch):
    client = client_for(world.officer)
    assert "Choose a file" in text(act(client, address(referral), "attach", seen_by="us"))
    monkeypatch.setattr(forms_files, "MAX_BYTES", 100)
    assert "larger than 10 MB" in text(attach(client, referral))


def test_a_file_is_saved_and_runs_nothing(world, referral, client_for):
    client = client_for(world.officer)
    attach(client, referral, name="The lane, “closed”.jpg")
    row = Attachment.objects.get()
    answer = client.get(f"/desk/files/{row.public_id}/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''The%20lane")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    looked = AuditEvent.objects.get(action="file.fetched")
    assert (looked.actor_id, looked.target) == (world.officer.pk, f"attachment:{row.public_id}")


@pytest.mark.parametrize(("seen_by", "hub_finds"), [("us", False), ("hub", True), ("public", True)])
def test_exactly_those_who_may_find_a_file(world, referral, client_for, seen_by, hub_finds):
    attach(client_for(world.officer), referral, seen_by=seen_by)
    page = f"/desk/files/{Attachment.objects.get().public_id}/"
    found = {
        user: client_for(getattr(world, user)).get(page).status_code
        for user in ("officer", "outsider", "agent")
    }
    assert found == {"officer": 200, "outsider": 404, "agent": 200 if hub_finds else 404}
    unknown = client_for(world.officer).get(f"/desk/files/{uuid.uuid4()}/")
    foreign = client_for(world.outsider).get(page)
    assert unknown.status_code == foreign.status_code == 404


def test_work_handed_back_takes_its_files_along(world, referral, client_for):
    client = client_for(world.officer)
    attach(client, referral)
    page = f"/desk/files/{Attachment.objects.get().public_id}/"
    assert client.get(page).status_code == 200
    act(client, address(referral), "reject", reason="other", words="Not ours")
    assert client.get(page).status_code == 404


def test_the_same_press_twice_adds_one(world, referral, client_for):
    client, key = client_for(world.officer), new_key()
    for _ in range(2):
        assert attach(client, referral, key=key).status_code == 303
    assert Attachment.objects.count() == 1
