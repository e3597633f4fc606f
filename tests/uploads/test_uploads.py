"""Files of a form: kept until it is sent, then the enquiry's; forgotten when it never is."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from shutil import disk_usage
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection, transaction

from enquiries import pictures
from enquiries.actions import attachments, files, resolutions, uploads
from enquiries.events import EventType
from enquiries.lifecycle import NotNow, Outcome
from enquiries.models import Attachment, BegunForm, Enquiry, EnquiryEvent, Upload
from enquiries.queries import uploads as reading
from tests.enquiries.test_races import together
from tests.uploads import corpus
from tests.uploads.steps import add, on_disk, photo, send
from tests.world import NOW, World, build

LATER = NOW + timedelta(hours=1)


@pytest.mark.django_db
def test_what_was_sent_with_a_form_is_the_enquirys(world: World, media: Path) -> None:
    first, second = add(name="lid.png"), add(content=corpus.pdf(), name="letter.pdf")
    add("another form")
    received = send()
    rows = Attachment.objects.order_by("pk")
    assert [row.public_id for row in rows] == [first.public_id, second.public_id]
    assert {row.enquiry.reference for row in rows} == {received.enquiries[0].reference}
    assert [(row.name, row.seen_by, row.organisation) for row in rows] == [
        ("lid.jpg", "all", None),
        ("letter.pdf", "all", None),
    ]
    assert Upload.objects.get().journey == "another form"
    line = EnquiryEvent.objects.get(type=EventType.ATTACHED)
    assert (line.data["file"], line.actor_kind) == ("lid.jpg, letter.pdf", "citizen")
    with rows[1].file.open("rb") as file:
        assert file.read() == corpus.pdf()
    assert len(on_disk(media)) == 3


@pytest.mark.django_db
def test_sending_twice_attaches_once(world: World) -> None:
    add()
    first, again = send(), send()
    assert again.replayed
    assert again.enquiries == first.enquiries
    assert Attachment.objects.count() == 1
    assert EnquiryEvent.objects.filter(type=EventType.ATTACHED).count() == 1


@pytest.mark.django_db
def test_a_form_without_files_costs_no_line(world: World) -> None:
    send()
    assert not EnquiryEvent.objects.filter(type=EventType.ATTACHED).exists()


@pytest.mark.django_db(transaction=True)
def test_an_enquiry_that_was_rolled_back_leaves_the_files_with_the_form(media: Path) -> None:
    build()
    add()
    enquiry = _an_enquiry()
    with transaction.atomic():
        uploads.claim("form", enquiry, now=NOW)
        assert (Upload.objects.count(), Attachment.objects.count()) == (0, 1)
        transaction.set_rollback(True)
    assert (Upload.objects.count(), Attachment.objects.count()) == (1, 0)
    assert len(on_disk(media)) == 1


def _an_enquiry() -> Enquiry:
    return Enquiry.objects.get(reference=send("another").enquiries[0].reference)


@pytest.mark.django_db
def test_the_same_file_is_one_and_another_question_has_its_own(media: Path) -> None:
    content = photo()
    assert add(content=content).pk == add(content=content, name="again.jpg").pk
    assert add(content=content, question="house").pk != Upload.objects.order_by("pk")[0].pk
    assert len(on_disk(media)) == 2


@pytest.mark.django_db
def test_five_files_are_enough_and_one_that_goes_makes_room(media: Path) -> None:
    kept = [add() for _ in range(5)]
    with pytest.raises(uploads.TooManyFiles, match="5 files"):
        add()
    assert len(on_disk(media)) == 5
    assert uploads.remove(journey="form", public_id=kept[0].public_id) == kept[0].name
    add()


@pytest.mark.django_db
def test_together_they_are_not_larger_than_they_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    content = corpus.pdf(b"x" * 900)
    monkeypatch.setattr(uploads, "MOST_BYTES", 1_500)
    add(content=content)
    with pytest.raises(uploads.TooManyFiles, match="25 MB together"):
        add(content=content + b"%%EOF")


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_out_is_gone_and_only_from_ones_own_form(media: Path) -> None:
    kept = add()
    assert uploads.remove(journey="another form", public_id=kept.public_id) == ""
    assert uploads.remove(journey="form", public_id=uuid.uuid4()) == ""
    assert len(on_disk(media)) == 1
    uploads.remove(journey="form", public_id=kept.public_id)
    assert (on_disk(media), Upload.objects.count()) == (set(), 0)


@pytest.mark.django_db
def test_nothing_is_added_to_what_was_sent(world: World, media: Path) -> None:
    send()
    with pytest.raises(NotNow, match="sent already"):
        add()
    assert (on_disk(media), Upload.objects.count()) == (set(), 0)


@pytest.mark.django_db
def test_a_full_disk_says_so_and_leaves_nothing(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any, **_more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(uploads.FileNotKept, match="Go on without it"):
        add()
    assert Upload.objects.count() == 0


@pytest.mark.django_db
def test_files_leave_the_last_of_a_disk_to_the_database(media: Path, settings: Any) -> None:
    free = disk_usage(media).free // (1024 * 1024)
    settings.FILES_KEEP_FREE_MB = free + 10_000
    with pytest.raises(uploads.FileNotKept, match="Go on without it"):
        add()
    assert (Upload.objects.count(), on_disk(media)) == (0, set())
    settings.FILES_KEEP_FREE_MB = 0
    assert add().public_id


@pytest.mark.django_db
def test_what_was_never_sent_goes_in_one_run_however_much_it_is(
    media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    for number in range(7):
        add(f"form {number}")
    later = NOW + uploads.KEPT + timedelta(minutes=1)
    with django_capture_on_commit_callbacks(execute=True):
        assert uploads.forget(now=later, limit=3) == 7
    assert (Upload.objects.count(), on_disk(media)) == (0, set())


@pytest.mark.django_db
def test_a_row_that_is_not_written_takes_its_file_back(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(files, "ask_to_scan", fails)
    with pytest.raises(RuntimeError):
        add()
    assert on_disk(media) == set()


@pytest.mark.django_db(transaction=True)
def test_what_was_never_sent_is_forgotten_after_two_days(media: Path) -> None:
    add("old", now=NOW - timedelta(days=2, minutes=1))
    kept = add("new", now=NOW - timedelta(days=1, hours=23))
    assert uploads.forget(now=NOW) == 1
    assert on_disk(media) == {str(kept.public_id)}
    assert uploads.forget(now=NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_kept_longer_keeps_its_files(media: Path) -> None:
    old, later = NOW - timedelta(days=3), NOW + timedelta(days=4)
    kept = add("kept", now=old)
    add("forgotten", now=old)
    for key, until in (("kept", later), ("forgotten", NOW)):
        BegunForm.objects.create(
            key=key, channel="web", revision=1, started_at=old, touched_at=old, expires_at=until
        )
    assert uploads.forget(now=NOW) == 1
    assert on_disk(media) == {str(kept.public_id)}
    assert uploads.forget(now=later) == 1


def _aged(media: Path) -> None:
    past = (NOW - timedelta(days=400)).timestamp()
    for path in (media / "attachments").iterdir():
        os.utime(path, (past, past))


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_instant_no_file_is_lost_and_none_stays_behind(media: Path) -> None:
    """A death leaves the database as a rollback does, and the disk as it was at that moment."""
    build()
    lost = add("dies before its row is there")
    Upload.objects.filter(pk=lost.pk).delete()  # written to the disk, rolled back in the database
    waiting, sent = add("waits"), add("sent")
    send("sent")
    gone = add("removed", now=NOW)
    Upload.objects.filter(pk=gone.pk).delete()  # committed, and dead before the file was removed
    _aged(media)
    assert attachments.sweep(now=NOW, batch=1) == 2
    assert on_disk(media) == {str(waiting.public_id), str(sent.public_id)}
    assert attachments.sweep(now=NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_file_uploaded_at_once_is_one(media: Path) -> None:
    content = photo()
    found = together(6, lambda _index: add(content=content).pk)
    assert len(set(found)) == 1
    assert (Upload.objects.count(), len(on_disk(media))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_many_uploads_at_once_stay_within_the_bound(media: Path) -> None:
    contents = [photo() for _ in range(8)]
    found = together(8, lambda index: add(content=contents[index]).pk)
    assert sum(isinstance(one, uploads.TooManyFiles) for one in found) == 3
    assert (Upload.objects.count(), len(on_disk(media))) == (5, 5)


@pytest.mark.django_db(transaction=True)
def test_sending_while_a_file_comes_in_loses_none_in_between(media: Path) -> None:
    build()
    add()
    acts: list[Callable[[], object]] = [send, add, send, add]
    found = together(4, lambda index: acts[index]())
    refused = sum(isinstance(one, NotNow) for one in found)
    assert Upload.objects.count() == 0
    assert Attachment.objects.count() == 3 - refused
    assert len(on_disk(media)) == 3 - refused
    assert len({row.enquiry_id for row in Attachment.objects.all()}) == 1


# --- added afterwards --------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_citizen_adds_a_file_later_and_sees_what_they_sent(world: World) -> None:
    add(name="first.jpg")
    reference = send().enquiries[0].reference
    content = photo()
    later: dict[str, Any] = {"reference": reference, "content": content, "now": LATER}
    kept = uploads.add_by_citizen(name="second.jpg", **later)
    assert uploads.add_by_citizen(name="once more.jpg", **later) == kept
    assert [row.name for row in reading.for_citizen(reference)] == ["first.jpg", "second.jpg"]
    lines = EnquiryEvent.objects.filter(type=EventType.ATTACHED)
    assert [line.data["file"] for line in lines] == ["first.jpg", "second.jpg"]


@pytest.mark.django_db
def test_nothing_is_added_where_nobody_would_look(world: World, media: Path) -> None:
    reference = send().enquiries[0].reference
    resolutions.resolve(
        reference=reference,
        viewer=world.viewer(world.agent),
        outcome=Outcome.ANSWERED,
        words="Done",
        now=LATER,
    )
    with pytest.raises(NotNow, match="has ended"):
        uploads.add_by_citizen(reference=reference, name="a.jpg", content=photo(), now=LATER)
    assert on_disk(media) == set()


@pytest.mark.django_db
def test_there_is_an_end_to_what_a_citizen_adds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_IN_ALL", 2)
    reference = send().enquiries[0].reference
    for _ in range(2):
        uploads.add_by_citizen(reference=reference, name="a.jpg", content=photo(), now=LATER)
    with pytest.raises(uploads.TooManyFiles):
        uploads.add_by_citizen(reference=reference, name="a.jpg", content=photo(), now=LATER)


@pytest.mark.django_db
def test_a_picture_is_drawn_before_anybody_is_made_to_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[bool] = []
    drawn = pictures.taken

    def watched(content: bytes) -> pictures.Taken:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            held.append(bool(cursor.fetchone()[0]))
        return drawn(content)

    monkeypatch.setattr(pictures, "taken", watched)
    add()
    assert held == [False]
