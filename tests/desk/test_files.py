"""A file that an agent adds to a case: in place, and opened by exactly those for whom it is."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from enquiries.actions import resolutions, triage
from enquiries.inbound import Sender
from enquiries.lifecycle import Outcome
from enquiries.models import Attachment, Enquiry
from enquiries.queries import nearby
from enquiries.queries.tracking import track_url
from notifications.models import Notification
from tests.desk.steps import act, new_key, open_contact, raise_one, text
from tests.desk.test_partner_files import picture
from tests.referrals import steps
from tests.world import ask, enquiry_of

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Target": "case"}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(world) -> Enquiry:
    """A full bin, offered to Wychavon."""
    found = enquiry_of(ask(at=timezone.now(), sender=Sender(name="Jo", email="jo@example.com")))
    triage.triage(enquiry_id=found.pk, now=timezone.now())
    return found


def page_of(case: Enquiry) -> str:
    return f"/desk/cases/{case.reference}/"


def add(client, case: Enquiry, *, seen_by="us", content=None, key="", **more):
    file = SimpleUploadedFile("letter.jpg", picture() if content is None else content)
    data = {"key": key or new_key(), "file": file, "seen_by": seen_by}
    return client.post(f"{page_of(case)}attach/", data, **more)


@pytest.mark.parametrize("seen_by", ["us", "shared", "public"])
def test_a_file_is_opened_by_exactly_its_readers(world, case, client_for, client, seen_by) -> None:
    desk, officer = client_for(world.agent), client_for(world.officer)
    key = new_key()
    for _twice in range(2):
        assert add(desk, case, seen_by=seen_by, key=key).status_code == 303
    row = Attachment.objects.get()
    ours = text(desk.get(page_of(case)))
    assert ours.count(f'href="/desk/files/{row.public_id}/"') == 1
    assert "added a file: letter.jpg" in ours
    tag = {"us": "Only the hub", "shared": "Partners too", "public": "The citizen too"}[seen_by]
    assert ours.count(f">{tag}<") == 2  # beside the file and in the story

    theirs = text(officer.get(f"/desk/referrals/{steps.with_(case, 'wychavon').public_id}/"))
    assert (f"/desk/files/{row.public_id}/" in theirs) == (seen_by == "shared")
    assert ("File added: letter.jpg" in theirs) == (seen_by == "shared")
    track = track_url(case).partition("//")[2].partition("/")[2]
    file = f"/{track}files/{row.public_id}/"
    assert (f'href="{file}"' in text(client.get(f"/{track}"))) == (seen_by == "public")

    page = f"/desk/files/{row.public_id}/"
    found = {
        "agent": desk.get(page).status_code,
        "manager": client_for(world.manager).get(page).status_code,
        "officer": officer.get(page).status_code,
        "outsider": client_for(world.outsider).get(page).status_code,
        "citizen": client.get(file).status_code,
    }
    none = dict.fromkeys(found, 404) | {"agent": 200, "manager": 200}
    assert found == none | {
        "us": {}, "shared": {"officer": 200}, "public": {"citizen": 200},
    }[seen_by]  # fmt: skip
    told = Notification.objects.filter(event="replied")
    assert [one.to for one in told] == (["jo@example.com"] if seen_by == "public" else [])
    # Neighbours are never offered what is the hub's own.
    assert (row in nearby.pictures(case)) == (seen_by != "us")


def test_who_gives_the_work_back_opens_what_was_shared_no_more(world, case, client_for) -> None:
    officer = client_for(world.officer)
    add(client_for(world.agent), case, seen_by="shared")
    page = f"/desk/files/{Attachment.objects.get().public_id}/"
    assert officer.get(page).status_code == 200
    mine = f"/desk/referrals/{steps.with_(case, 'wychavon').public_id}/"
    act(officer, mine, "reject", reason="other", words="Not ours")
    assert officer.get(page).status_code == 404


def test_the_form_stands_in_place_and_says_what_is_not_taken(world, case, client_for) -> None:
    desk = client_for(world.agent)
    form = text(desk.get(f"{page_of(case)}?act=attach"))
    assert 'enctype="multipart/form-data" hx-encoding="multipart/form-data"' in form
    for content, seen_by, words in (
        (b"<script>alert(1)</script>", "us", "Only pictures"),
        (None, "", "Choose who opens it"),
        (None, "all", "Choose who opens it"),
        (None, "hub", "Choose who opens it"),
    ):
        refused = add(desk, case, content=content, seen_by=seen_by, headers=PART)
        assert (refused.status_code, words in text(refused)) == (422, True), words
    assert "Choose a file" in text(act(desk, page_of(case), "attach", seen_by="us"))
    now = timezone.now()
    resolutions.resolve(
        reference=case.reference, viewer=world.viewer(world.agent), outcome=Outcome.COMPLETED,
        words="Done", next_step="", now=now,
    )  # fmt: skip
    assert "Open it again before" in text(add(desk, case, seen_by="public"))
    assert not Attachment.objects.exists()
    assert add(desk, case, seen_by="shared").status_code == 303


def test_ten_files_are_enough(world, case, client_for, monkeypatch) -> None:
    monkeypatch.setattr("enquiries.actions.attachments.MOST_OF_HUB", 1)
    desk = client_for(world.agent)
    assert add(desk, case).status_code == 303
    assert add(desk, case).status_code == 303  # the same once more is one
    assert "There are 1 files already" in text(add(desk, case, seen_by="shared"))
    assert Attachment.objects.count() == 1


def _raised(client, contact, *, content=None, key="", **more):
    file = SimpleUploadedFile("letter.jpg", picture() if content is None else content)
    said = {"service": "missed-bin", "shown": "missed-bin", "description": "Not emptied"}
    data = {**said, "how": "rules", "key": key or new_key(), "file": file, **more}
    return client.post(f"{contact}raise/", data)


def test_a_file_comes_with_a_need_or_neither_does(world, client_for) -> None:
    desk = client_for(world.agent)
    contact, key = open_contact(desk), new_key()
    ends = {"how": "answer", "answer": "On Monday", "seen_by": "public"}
    for more, words in (
        ({"content": b"<script>alert(1)</script>", "seen_by": "us"}, "Only pictures"),
        ({"seen_by": ""}, "Choose who opens the file"),
        ({"seen_by": "all"}, "Choose who opens it"),
        (ends, "the file cannot be for the citizen"),
        ({"seen_by": "us", "description": ""}, "Choose the file again"),
    ):
        refused = _raised(desk, contact, key=key, **more)
        assert (refused.status_code, words in text(refused)) == (422, True), words
    assert (Attachment.objects.count(), Enquiry.objects.count()) == (0, 0)
    for _twice in range(2):
        assert _raised(desk, contact, key=key, seen_by="shared").status_code == 303
    row = Attachment.objects.get()
    assert (row.enquiry, row.seen_by, row.name) == (Enquiry.objects.get(), "shared", "letter.jpg")
    # Most needs have none.
    assert raise_one(desk, contact, seen_by="us").status_code == 303
    assert (Enquiry.objects.count(), Attachment.objects.count()) == (2, 1)
