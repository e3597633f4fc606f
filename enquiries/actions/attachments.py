"""Files that an organisation adds to its part of an enquiry; and the sweep of all files."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.permissions import Viewer
from enquiries import events
from enquiries.actions import files, telling
from enquiries.actions.files import FileNotKept, FileNotTaken, TooManyFiles
from enquiries.actions.referral_notes import checked_reader
from enquiries.actions.referral_states import must_be
from enquiries.events import EventType
from enquiries.lifecycle import ReferralStatus
from enquiries.models import Attachment, Enquiry, Referral, Upload
from enquiries.queries.access import NoSuchReferral, own_referrals, referral_locked

__all__ = ["FileNotKept", "FileNotTaken", "TooManyFiles", "attach", "sweep", "tell_citizen"]

MOST_FILES = 5
FOLDER = "attachments"
# A file without a row may belong to a transaction that has not ended yet.
GRACE = timedelta(days=1)


@transaction.atomic
def attach(
    *,
    public_id: uuid.UUID,
    viewer: Viewer,
    name: str,
    content: bytes,
    seen_by: str,
    now: datetime,
) -> Attachment:
    """Adds a file for exactly those readers; `public` tells the citizen. The same file is one.

    Raises NoSuchReferral, AlreadyAnswered, NoReader, FileNotTaken, TooManyFiles, FileNotKept.
    """
    seen_by = checked_reader(seen_by)
    if not own_referrals(viewer).filter(public_id=public_id).exists():
        raise NoSuchReferral("There is no such referral")
    # Drawing takes its time: nobody waits for the enquiry meanwhile.
    taken = files.taken(content)
    referral, enquiry = referral_locked(viewer, public_id)
    must_be(referral, ReferralStatus.OFFERED, ReferralStatus.ACCEPTED)
    rows, digest = Attachment.objects.filter(referral=referral), sha256(taken.content).hexdigest()
    same = rows.filter(sha256=digest, seen_by=seen_by, organisation__isnull=False).first()
    if same is not None:
        return same
    if rows.filter(organisation__isnull=False).count() >= MOST_FILES:
        raise TooManyFiles(f"There are {MOST_FILES} files already, and no more can be added")
    attachment = Attachment(
        enquiry=enquiry,
        referral=referral,
        organisation=referral.organisation,
        seen_by=seen_by,
        name=files.shown_name(name, taken.suffix),
        content_type=taken.content_type,
        size=len(taken.content),
        sha256=digest,
        thumbnail=taken.thumbnail,
        scan=files.first_scan().value,
        added_at=now,
        added_by=viewer.name[:120],
    )
    with files.kept(attachment, taken.content):
        _write(attachment, enquiry, referral, viewer, now=now)
    return attachment


def _write(
    attachment: Attachment, enquiry: Enquiry, referral: Referral, viewer: Viewer, *, now: datetime
) -> None:
    attachment.save(force_insert=True)
    files.ask_to_scan(attachment.public_id, attachment.scan)
    events.record(
        enquiry,
        EventType.ATTACHED,
        actor=viewer.actor,
        at=now,
        organisation=referral.organisation.name,
        seen_by=attachment.seen_by,
        file=attachment.name,
    )
    tell_citizen(attachment, now=now)


def tell_citizen(attachment: Attachment, *, now: datetime) -> None:
    """Says that there is a file for them, once it can be opened."""
    body = attachment.organisation
    if attachment.seen_by != "public" or attachment.is_waiting or body is None:
        return
    telling.citizen(
        attachment.enquiry,
        "replied",
        key=f"attached:{attachment.pk}",
        owner=body.name,
        words=f"There is a file for you: {attachment.name}. It is on the page of your enquiry.",
        now=now,
    )


def sweep(*, now: datetime, batch: int = 1_000) -> int:
    """Removes files that no row knows: their change was rolled back. Returns how many."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    removed = 0
    for start in range(0, len(names), batch):
        paths = {f"{FOLDER}/{name}" for name in names[start : start + batch]}
        known = set(Attachment.objects.filter(file__in=paths).values_list("file", flat=True))
        known |= set(Upload.objects.filter(file__in=paths).values_list("file", flat=True))
        old = [path for path in paths - known if _is_old(path, now)]
        for path in old:
            files.remove(path)
        removed += len(old)
    return removed


def _is_old(path: str, now: datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < now - GRACE
    except FileNotFoundError:  # somebody else has just removed it
        return False
