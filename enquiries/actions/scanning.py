"""What the virus scanner says of a file, and what becomes of the file then.

A file that waits opens for nobody. The scanner is asked in no transaction; what it said and the
end of the promise are one transaction, so that a job that dies at any moment is done again.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from core import clamd, failpoints, outbox
from core.audit import Actor
from enquiries import events
from enquiries.actions import attachments, files, telling
from enquiries.events import EventType
from enquiries.lifecycle import Scan
from enquiries.models import Attachment, Upload

# Longer than the scanner may take for the largest file.
LEASE_SECONDS = 150
# A promise that was given up is made again while its file waits, so often.
AGAIN = timedelta(hours=6)
_WAITING = Scan.WAITING.value

log = structlog.get_logger(__name__)


def carry_out(row: outbox.Row, *, now: datetime) -> None:
    """Has one file scanned; asks again later when nobody answers."""
    public_id = uuid.UUID(row.args["file"])
    path = _path(public_id)
    if path is None:
        outbox.settle(row.id, now=now)
        return
    try:
        finding = _scanned(path)
    except (clamd.NotAnswered, OSError) as error:
        log.warning("scan.not_answered", file=str(public_id), attempts=row.attempts)
        outbox.postpone(row.id, now=now, error=f"{type(error).__name__}: {error}")
        return
    failpoints.reach("scan.answered")
    with transaction.atomic():
        _write(public_id, finding, now=now)
        outbox.settle(row.id, now=now)


def _path(public_id: uuid.UUID) -> str | None:
    """Where a file lies that waits; None when it waits no more, or is gone."""
    for model in (Upload, Attachment):
        found = model.objects.filter(public_id=public_id, scan=_WAITING)
        if path := found.values_list("file", flat=True).first():
            return str(path)
    return None


def _scanned(path: str) -> str | None:
    """What was found; "" for nothing, None where no scanner is set up any more."""
    if not settings.CLAMD_URL:
        return None
    with default_storage.open(path) as file:
        return clamd.scan(settings.CLAMD_URL, file)


def _write(public_id: uuid.UUID, finding: str | None, *, now: datetime) -> None:
    if finding:
        log.warning("scan.found", file=str(public_id), finding=finding)
    # The form may be sent in this very moment: then the row is an attachment when we have it.
    upload = (
        Upload.objects.select_for_update()
        .defer("thumbnail")
        .filter(public_id=public_id, scan=_WAITING)
        .first()
    )
    if upload is not None:
        _write_upload(upload, finding)
        return
    about = Attachment.objects.filter(public_id=public_id).values_list("enquiry_id", flat=True)
    enquiry_id = about.first()
    if enquiry_id is None:
        return
    enquiry = events.locked(enquiry_id)
    attachment = (
        Attachment.objects.select_related("organisation")
        .defer("thumbnail")
        .filter(public_id=public_id, scan=_WAITING)
        .first()
    )
    if attachment is None:
        return
    attachment.enquiry = enquiry
    if finding:
        _remove(attachment, now=now)
        return
    attachment.scan = _seen_as(finding).value
    attachment.save(update_fields=["scan"])
    attachments.tell_citizen(attachment, now=now)


def _seen_as(finding: str | None) -> Scan:
    return Scan.UNSCANNED if finding is None else Scan.CLEAN


def _write_upload(upload: Upload, finding: str | None) -> None:
    if not finding:
        upload.scan = _seen_as(finding).value
        upload.save(update_fields=["scan"])
        return
    files.remove_when_done(str(upload.file.name))
    upload.scan, upload.file, upload.thumbnail = Scan.INFECTED.value, "", None
    upload.save(update_fields=["scan", "file", "thumbnail"])


def _remove(attachment: Attachment, *, now: datetime) -> None:
    """Not safe: it goes, its readers are told, and who sent it in words that blame nobody."""
    enquiry = attachment.enquiry
    events.record(
        enquiry,
        EventType.FILE_REMOVED,
        actor=Actor("system", None, "The hub", attachment.organisation_id),
        at=now,
        file=attachment.name,
        seen_by=attachment.seen_by if attachment.referral_id is None else _kept_to(attachment),
    )
    files.remove_when_done(str(attachment.file.name))
    public_id, is_theirs = attachment.public_id, attachment.organisation_id is None
    name = attachment.name
    attachment.delete()
    if is_theirs:
        key = f"file_removed:{public_id}"
        telling.citizen(enquiry, "replied", key=key, words=lambda: _may_not_be_safe(name), now=now)


def _may_not_be_safe(name: str) -> str:
    return _(
        "We could not keep your file “%(name)s”: our check found that it may not be safe. "
        "Everything else that you told us is here, and we go on with it. You can send another file."
    ) % {"name": name}


def _kept_to(attachment: Attachment) -> str:
    return "hub" if attachment.organisation_id is None else attachment.seen_by


@transaction.atomic
def ask_again(*, now: datetime, limit: int = 500) -> int:
    """Makes the promise anew for files that have waited long: it may have been given up."""
    slot = f":{int(now.timestamp() // AGAIN.total_seconds())}"
    waiting: list[uuid.UUID] = []
    for model in (Upload, Attachment):
        rows = model.objects.filter(scan=_WAITING, added_at__lt=now - AGAIN).order_by("added_at")
        waiting += rows.values_list("public_id", flat=True)[:limit]
    for public_id in waiting:
        files.ask_to_scan(public_id, _WAITING, again=slot)
    return len(waiting)
