"""Who reads what a citizen sent: the hub, and who has a part of it while they have it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.permissions import Viewer
from enquiries.actions import referrals, triage, uploads
from enquiries.models import Attachment, Enquiry
from enquiries.queries import attachments as reading
from kb.models import Service
from tests.referrals import steps
from tests.referrals.steps import accept, complete, reject, send, with_
from tests.uploads import corpus
from tests.uploads.steps import add, photo
from tests.uploads.steps import send as sent
from tests.world import NOW, World, enquiry_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


@pytest.fixture
def constable(world: World) -> Viewer:
    _body, user = steps.police(world)
    return world.viewer(user)


@pytest.fixture
def case(world: World) -> Enquiry:
    """A full bin with a photo, offered to Wychavon."""
    add()
    found = enquiry_of(sent())
    triage.triage(enquiry_id=found.pk, now=NOW)
    return enquiry_of(sent())


def reads(viewer: Viewer, file: Attachment) -> bool:
    try:
        return reading.one(viewer, file.public_id) == file
    except reading.NoSuchFile:
        return False


def test_the_hub_and_who_has_a_part_of_it(
    case: Enquiry, agent: Viewer, officer: Viewer, outsider: Viewer, constable: Viewer
) -> None:
    file = Attachment.objects.get()
    may = {name: reads(viewer, file) for name, viewer in (
        ("agent", agent), ("officer", officer), ("outsider", outsider), ("police", constable),
    )}  # fmt: skip
    assert may == {"agent": True, "officer": True, "outsider": False, "police": False}
    theirs = with_(case, "wychavon").public_id
    assert reading.for_referral(officer, theirs) == [file]
    assert reading.for_referral(outsider, theirs) == []
    assert reading.for_case(agent, case.reference) == [file]
    # The page on which files for the citizen lie shows none of their own twice.
    assert reading.for_citizen(case.reference) == []


def test_who_hands_it_back_reads_it_no_more(case: Enquiry, officer: Viewer) -> None:
    file = Attachment.objects.get()
    reject(case, officer)
    assert not reads(officer, file)


def test_who_has_done_the_work_reads_it_and_nothing_that_came_later(
    case: Enquiry, officer: Viewer, agent: Viewer, constable: Viewer
) -> None:
    first = Attachment.objects.get()
    accept(case, officer)
    send(case, "west-mercia-police", agent, alongside=True)
    accept(case, constable)
    complete(case, officer)
    second = uploads.add_by_citizen(
        reference=case.reference, name="later.jpg", content=photo(), now=LATER + timedelta(hours=1)
    )
    assert reads(constable, second)
    assert not reads(officer, second)
    assert reads(agent, second)
    assert reads(constable, first)


def test_what_answers_one_partners_question_is_between_those_two(
    case: Enquiry, officer: Viewer, agent: Viewer, constable: Viewer
) -> None:
    accept(case, officer)
    send(case, "west-mercia-police", agent, alongside=True)
    accept(case, constable)
    referrals.ask(
        public_id=with_(case, "west-mercia-police").public_id,
        viewer=constable,
        question="Do you have a picture of the car?",
        now=LATER,
    )
    file = uploads.add_by_citizen(
        reference=case.reference, name="car.jpg", content=photo(), now=LATER + timedelta(minutes=5)
    )
    assert reads(constable, file)
    assert reads(agent, file)
    assert not reads(officer, file)
    assert "car.jpg" not in [one.name for one in reading.for_referral(
        officer, with_(case, "wychavon").public_id)]  # fmt: skip


def test_a_sensitive_case_hides_its_files_as_its_words(
    case: Enquiry, agent: Viewer, manager: Viewer
) -> None:
    Service.objects.filter(slug="missed-bin").update(sensitive=True)
    file = Attachment.objects.get()
    assert reads(agent, file)
    assert not reads(manager, file)


def test_a_picture_is_shown_small_and_only_where_the_file_opens(
    world: World, case: Enquiry, client_for: Any
) -> None:
    file = Attachment.objects.get()
    small = f"/desk/files/{file.public_id}/small/"
    for user, status in ((world.officer, 200), (world.agent, 200), (world.outsider, 404)):
        assert client_for(user).get(small).status_code == status
    answer = client_for(world.agent).get(small)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.content.startswith(b"\xff\xd8\xff")
    page = client_for(world.agent).get(f"/desk/cases/{case.reference}/").content.decode()
    assert f'src="{small}" alt="Picture 1: hole.jpg"' in page
    assert "From the citizen" in page
    theirs = f"/desk/referrals/{with_(case, 'wychavon').public_id}/"
    assert f'src="{small}"' in client_for(world.officer).get(theirs).content.decode()


def test_a_paper_has_no_picture_and_says_that_nothing_looked_through_it(
    world: World, client_for: Any
) -> None:
    add(content=corpus.pdf(), name="letter.pdf")
    reference = sent().enquiries[0].reference
    file = Attachment.objects.get()
    client: Client = client_for(world.agent)
    assert client.get(f"/desk/files/{file.public_id}/small/").status_code == 404
    page = client.get(f"/desk/cases/{reference}/").content.decode()
    assert "Not scanned" in page
    assert "small/" not in page
    answer = client.get(f"/desk/files/{file.public_id}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/pdf"


def test_what_is_being_checked_is_named_and_not_linked(
    world: World, client_for: Any, settings: Any
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    add()
    reference = sent().enquiries[0].reference
    file = Attachment.objects.get()
    client: Client = client_for(world.agent)
    page = client.get(f"/desk/cases/{reference}/").content.decode()
    assert "Being checked" in page
    assert str(file.public_id) not in page
    for address in (f"/desk/files/{file.public_id}/", f"/desk/files/{file.public_id}/small/"):
        assert client.get(address).status_code == 404
    assert timezone.now() == LATER
