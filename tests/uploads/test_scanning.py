"""Quarantine: what waits opens for nobody, what is bad goes, and no death of a job loses a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import pytest
from django.test import Client
from django.utils import timezone

import core.clamd
from core.models import Outbox
from enquiries.actions import attachments, scanning, uploads
from enquiries.events import EventType
from enquiries.models import Attachment, EnquiryEvent, Referral, Upload
from enquiries.queries import attachments as reading
from enquiries.queries import numbers
from hub.celery import app
from notifications.models import Notification
from tests.outbox import run_outbox
from tests.uploads import corpus
from tests.uploads.clamd import SIGNATURE, Scanner, scanner
from tests.uploads.steps import add, on_disk, photo, send
from tests.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)
BAD = corpus.pdf(SIGNATURE)


@pytest.fixture
def clamd(settings: Any) -> Iterator[Scanner]:
    with scanner() as found:
        settings.CLAMD_URL = found.url
        yield found


@pytest.fixture
def here(transactional_db: None) -> World:
    return build()


def states() -> list[str]:
    return [str(row) for row in Attachment.objects.order_by("pk").values_list("scan", flat=True)]


def scan_now() -> None:
    """The job of every file that was asked for, whether or not its turn has come."""
    app.loader.import_default_modules()
    rows = Outbox.objects.filter(task="enquiries.scan", settled_at=None)
    rows.update(next_at=timezone.now(), lease_until=None)
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        app.tasks["enquiries.scan"](outbox_id=pk)


def seen_by(viewer: Any, reference: str) -> bool:
    row = Attachment.objects.get()
    listed = reading.for_case(viewer, reference)
    assert [one.pk for one in listed] == [row.pk]
    try:
        return reading.one(viewer, row.public_id) == row
    except reading.NoSuchFile:
        return False


def test_a_file_opens_for_nobody_until_it_was_looked_through(here: World, clamd: Scanner) -> None:
    add()
    received = send(now=timezone.now())
    run_outbox_without_scans()
    agent, reference = here.viewer(here.agent), received.enquiries[0].reference
    assert states() == ["waiting"]
    assert not seen_by(agent, reference)
    scan_now()
    assert states() == ["clean"]
    assert seen_by(agent, reference)
    assert len(clamd.seen) == 1


def run_outbox_without_scans() -> None:
    held = Outbox.objects.filter(task="enquiries.scan", settled_at=None)
    ids = list(held.values_list("pk", flat=True))
    Outbox.objects.filter(pk__in=ids).update(next_at=timezone.now() + timedelta(hours=1))
    run_outbox()


def test_where_no_scanner_is_set_up_nothing_waits(here: World) -> None:
    add()
    add(content=corpus.pdf())
    send()
    picture, paper = Attachment.objects.order_by("pk")
    assert not Outbox.objects.filter(task="enquiries.scan").exists()
    assert (picture.is_waiting, picture.is_unscanned) == (False, False)
    assert (paper.is_waiting, paper.is_unscanned) == (False, True)


def test_a_bad_file_of_a_form_is_gone_before_it_is_sent(
    here: World, clamd: Scanner, media: Path
) -> None:
    good, bad = add(), add(content=BAD, name="bad.pdf")
    scan_now()
    assert on_disk(media) == {str(good.public_id)}
    bad.refresh_from_db()
    assert (bad.is_infected, bad.file.name) == (True, "")
    send()
    assert [row.public_id for row in Attachment.objects.all()] == [good.public_id]
    assert not Upload.objects.exists()


def test_a_bad_file_of_an_enquiry_goes_and_everybody_is_told(
    here: World, clamd: Scanner, media: Path
) -> None:
    add(content=BAD, name="bill.pdf")
    received = send(now=timezone.now())
    scan_now()
    assert (Attachment.objects.count(), on_disk(media)) == (0, set())
    line = EnquiryEvent.objects.get(type=EventType.FILE_REMOVED)
    assert (line.enquiry_id, line.data["file"]) == (received.enquiries[0].enquiry_id, "bill.pdf")
    mail = Notification.objects.get(event="replied")
    assert "bill.pdf" in mail.body
    assert "may not be safe" in mail.body
    for word in ("virus", "EICAR", "infected"):
        assert word not in mail.body


def test_who_asked_in_polish_reads_of_a_bad_file_in_polish(
    here: World, clamd: Scanner, media: Path
) -> None:
    add(content=BAD, name="bill.pdf")
    send(now=timezone.now(), language="pl")
    scan_now()
    mail = Notification.objects.get(event="replied")
    assert "bill.pdf" in mail.body
    assert "may not be safe" not in mail.body
    assert "może być niebezpieczny" in mail.body


def test_a_form_is_sent_while_its_file_is_scanned(
    here: World, clamd: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row becomes another in this very moment: the answer finds it where it is then."""
    add(content=BAD)
    scan = core.clamd.scan

    def slow(url: str, file: IO[bytes]) -> str:
        send()
        return scan(url, file)

    monkeypatch.setattr(core.clamd, "scan", slow)
    scan_now()
    assert not Attachment.objects.exists()
    assert EnquiryEvent.objects.filter(type=EventType.FILE_REMOVED).exists()


@pytest.mark.parametrize("mood", ["close", "garbage", "limit", "half"])
def test_a_scanner_that_does_not_answer_keeps_the_file_waiting(
    here: World, clamd: Scanner, mood: str
) -> None:
    clamd.mood = mood
    add()
    send()
    scan_now()
    assert states() == ["waiting"]
    row = Outbox.objects.get(task="enquiries.scan")
    assert (row.settled_at, row.attempts) == (None, 1)
    assert row.next_at > row.created_at
    assert "NotAnswered" in row.error
    clamd.mood = "scan"
    scan_now()
    assert states() == ["clean"]


def test_a_scanner_that_is_away_never_stops_a_form(here: World, settings: Any) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    add()
    assert send().enquiries
    scan_now()
    assert states() == ["waiting"]


@pytest.mark.parametrize("bad", [False, True])
def test_a_job_that_dies_after_the_answer_is_done_again(
    here: World, clamd: Scanner, media: Path, monkeypatch: pytest.MonkeyPatch, bad: bool
) -> None:
    class Dead(BaseException):
        pass

    def die(_code: int) -> None:
        raise Dead

    add(content=BAD if bad else photo())
    send()
    monkeypatch.setattr(os, "_exit", die)
    monkeypatch.setenv("FAILPOINT", "scan.answered")
    with pytest.raises(Dead):
        scan_now()
    assert states() == ["waiting"]
    assert len(on_disk(media)) == 1
    monkeypatch.delenv("FAILPOINT")
    # Its lease ends by itself; here we do not wait for it.
    scan_now()
    assert states() == ([] if bad else ["clean"])
    assert EnquiryEvent.objects.filter(type=EventType.FILE_REMOVED).count() == bad
    assert Outbox.objects.get(task="enquiries.scan").settled_at is not None


def test_a_file_that_was_removed_meanwhile_is_no_work(here: World, clamd: Scanner) -> None:
    kept = add()
    uploads.remove(journey="form", public_id=kept.public_id)
    scan_now()
    assert Outbox.objects.get(task="enquiries.scan").settled_at is not None
    assert clamd.seen == []


def test_a_promise_that_was_given_up_is_made_again(here: World, clamd: Scanner) -> None:
    now = timezone.now()
    add(now=now - timedelta(hours=7))
    send(now=now)
    Outbox.objects.filter(task="enquiries.scan").update(parked_at=now)
    assert scanning.ask_again(now=now) == 1
    assert scanning.ask_again(now=now) == 1  # the same promise: nothing is added
    assert Outbox.objects.filter(task="enquiries.scan").count() == 2
    Outbox.objects.filter(parked_at=None).update(next_at=now)
    run_outbox()
    assert states() == ["clean"]


def test_who_watches_the_machine_sees_how_long_files_wait(here: World, clamd: Scanner) -> None:
    now = timezone.now()
    assert numbers.files_waiting(now) == (0, 0.0)
    add(now=now - timedelta(minutes=20))
    send(now=now)
    add("another", now=now - timedelta(minutes=5))
    assert numbers.files_waiting(now) == (2, 1_200.0)
    page = Client().get("/metrics").content.decode()
    assert "hub_files_waiting 2.0" in page
    assert "hub_files_oldest_waiting_seconds 12" in page


def test_a_scanner_that_was_taken_away_leaves_nothing_waiting(
    here: World, clamd: Scanner, settings: Any
) -> None:
    add()
    send()
    settings.CLAMD_URL = ""
    scan_now()
    assert states() == ["unscanned"]


def test_a_partners_file_goes_the_same_way(here: World, clamd: Scanner) -> None:
    received = send(now=timezone.now())
    run_outbox_without_scans()
    officer, agent = here.viewer(here.officer), here.viewer(here.agent)
    referral = Referral.objects.get()
    shared: dict[str, Any] = {
        "public_id": referral.public_id,
        "viewer": officer,
        "seen_by": "public",
    }
    now, name = timezone.now(), "plan.pdf"
    good = attachments.attach(content=corpus.pdf(), name=name, now=now, **shared)
    bad = attachments.attach(content=BAD, name="bad.pdf", now=now, **shared)
    reference = received.enquiries[0].reference
    assert not reading.for_citizen(reference)
    assert not Notification.objects.filter(event="replied").exists()
    for viewer in (officer, agent):
        with pytest.raises(reading.NoSuchFile):
            reading.one(viewer, good.public_id)
    scan_now()
    assert [row.pk for row in reading.for_citizen(reference)] == [good.pk]
    assert reading.one(officer, good.public_id) == good
    assert not Attachment.objects.filter(pk=bad.pk).exists()
    # The citizen is told of the one that can be opened, and of no other.
    (mail,) = Notification.objects.filter(event="replied")
    assert "plan.pdf" in mail.body
    line = EnquiryEvent.objects.get(type=EventType.FILE_REMOVED)
    assert line.organisation_id == officer.organisation_id
