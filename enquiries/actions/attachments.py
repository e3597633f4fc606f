"""Files that an organisation adds to its part of an enquiry, and the hub to a case; and the sweep
of all files."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from accounts.permissions import Viewer
from enquiries import events
from enquiries.actions import files, replies, telling
from enquiries.actions.files import FileNotKept, FileNotTaken, TooManyFiles
from enquiries.actions.referral_notes import checked_reader
from enquiries.actions.referral_states import must_be
from enquiries.events import EventType
from enquiries.lifecycle import ENDED, NotNow, ReferralStatus
from enquiries.models import Attachment, Upload
from enquiries.pictures import Taken
from enquiries.queries.access import (
    NoSuchReferral,
    desk_id,
    for_desk,
    own_referrals,
    referral_locked,
)

__all__ = [
    "FileNotKept",
    "FileNotTaken",
    "TooManyFiles",
    "attach",
    "attach_by_hub",
    "sweep",
    "tell_citizen",
]

# Of one part of an enquiry; of the hub, which has the whole of it, twice as many.
MOST_FILES, MOST_OF_HUB = 5, 10
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
    rows = Attachment.objects.filter(referral=referral, organisation__isnull=False)
    attachment = Attachment(
        enquiry=enquiry, referral=referral, organisation=referral.organisation, seen_by=seen_by
    )
    body = referral.organisation.name
    return _added(attachment, taken, name, viewer, rows, MOST_FILES, now=now, organisation=body)


@transaction.atomic
def attach_by_hub(
    *, reference: str, viewer: Viewer, name: str, content: bytes, seen_by: str, now: datetime
) -> Attachment:
    """Adds a file to a case of the desk: for the hub alone, for partners who have the case as well
    (`shared`), or for the citizen (`public`), who is told. The same file is one.

    Raises NoSuchCase, NoReader, NotNow, FileNotTaken, TooManyFiles, FileNotKept.
    """
    seen_by = replies.checked_reader(seen_by)
    desk_id(viewer, reference)
    taken = files.taken(content)
    enquiry = for_desk(viewer, reference)
    if seen_by == replies.PUBLIC and enquiry.status in ENDED:
        raise NotNow("This enquiry has ended. Open it again before you send the citizen a file")
    attachment = Attachment(
        enquiry=enquiry, organisation_id=viewer.organisation_id, seen_by=seen_by
    )
    rows = Attachment.objects.filter(
        enquiry=enquiry, referral=None, organisation_id=viewer.organisation_id or 0
    )
    return _added(attachment, taken, name, viewer, rows, MOST_OF_HUB, now=now)


def _added(
    attachment: Attachment,
    taken: Taken,
    name: str,
    viewer: Viewer,
    rows: QuerySet[Attachment],
    most: int,
    *,
    now: datetime,
    **more: str,
) -> Attachment:
    """The file, kept with its row and its line; the one that there is, where it is the same."""
    digest = sha256(taken.content).hexdigest()
    same = rows.filter(sha256=digest, seen_by=attachment.seen_by).first()
    if same is not None:
        return same
    if rows.count() >= most:
        raise TooManyFiles(f"There are {most} files already, and no more can be added")
    attachment.name = files.shown_name(name, taken.suffix)
    attachment.content_type, attachment.size = taken.content_type, len(taken.content)
    attachment.sha256, attachment.thumbnail = digest, taken.thumbnail
    attachment.scan = files.first_scan().value
    attachment.added_at, attachment.added_by = now, viewer.name[:120]
    with files.kept(attachment, taken.content):
        attachment.save(force_insert=True)
        files.ask_to_scan(attachment.public_id, attachment.scan)
        events.record(
            attachment.enquiry,
            EventType.ATTACHED,
            actor=viewer.actor,
            at=now,
            seen_by=attachment.seen_by,
            file=attachment.name,
            **more,
        )
        tell_citizen(attachment, now=now)
    return attachment


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
