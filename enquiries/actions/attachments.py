"""Files that an organisation adds to its part of an enquiry.

The file is written before its row: a row never lacks its file. A file whose row was rolled back
is removed by `sweep`.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries import events, pictures
from enquiries.actions import telling
from enquiries.actions.referral_notes import checked_reader
from enquiries.actions.referral_states import must_be
from enquiries.events import EventType
from enquiries.lifecycle import ReferralStatus
from enquiries.models import Attachment, Enquiry, Referral
from enquiries.pictures import Taken
from enquiries.queries.access import NoSuchReferral, own_referrals, referral_locked

MOST_FILES = 5
MAX_NAME = 120
FOLDER = "attachments"
# A file without a row may belong to a transaction that has not ended yet.
GRACE = timedelta(days=1)


class FileNotTaken(DomainError):
    code = "file_not_taken"
    field = "file"


class TooManyFiles(DomainError):
    code = "too_many_files"
    field = "file"


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

    Raises NoSuchReferral, AlreadyAnswered, NoReader, FileNotTaken, TooManyFiles.
    """
    seen_by = checked_reader(seen_by)
    if not own_referrals(viewer).filter(public_id=public_id).exists():
        raise NoSuchReferral("There is no such referral")
    # Drawing takes its time: nobody waits for the enquiry meanwhile.
    taken = _taken(content)
    referral, enquiry = referral_locked(viewer, public_id)
    must_be(referral, ReferralStatus.OFFERED, ReferralStatus.ACCEPTED)
    rows, digest = Attachment.objects.filter(referral=referral), sha256(taken.content).hexdigest()
    same = rows.filter(sha256=digest, seen_by=seen_by).first()
    if same is not None:
        return same
    if rows.count() >= MOST_FILES:
        raise TooManyFiles(f"There are {MOST_FILES} files already, and no more can be added")
    attachment = Attachment(
        enquiry=enquiry,
        referral=referral,
        organisation=referral.organisation,
        seen_by=seen_by,
        name=shown_name(name, taken.suffix),
        content_type=taken.content_type,
        size=len(taken.content),
        sha256=digest,
        added_at=now,
        added_by=viewer.name[:120],
    )
    attachment.file.save("file", ContentFile(taken.content), save=False)
    try:
        _write(attachment, enquiry, referral, viewer, now=now)
    except BaseException:
        default_storage.delete(str(attachment.file.name))
        raise
    return attachment


def _taken(content: bytes) -> Taken:
    try:
        return pictures.taken(content)
    except pictures.NotTaken as error:
        raise FileNotTaken(str(error)) from error


def shown_name(name: str, suffix: str) -> str:
    """A name to show: no folders, nothing that cannot be printed, and the ending that is true."""
    last = PurePath(name.replace("\\", "/")).name
    # Marks that turn the direction of writing would show another ending than there is.
    printable = "".join(char for char in last if char.isprintable()).strip()
    stem = PurePath(printable).stem.strip(". ") or "file"
    return f"{stem[: MAX_NAME - len(suffix)]}{suffix}"


def _write(
    attachment: Attachment, enquiry: Enquiry, referral: Referral, viewer: Viewer, *, now: datetime
) -> None:
    attachment.save(force_insert=True)
    events.record(
        enquiry,
        EventType.ATTACHED,
        actor=viewer.actor,
        at=now,
        organisation=referral.organisation.name,
        seen_by=attachment.seen_by,
        file=attachment.name,
    )
    if attachment.seen_by != "public":
        return
    telling.citizen(
        enquiry,
        "replied",
        key=f"attached:{attachment.pk}",
        owner=referral.organisation.name,
        words=f"There is a file for you: {attachment.name}. It is on the page of your enquiry.",
        now=now,
    )


def sweep(*, now: datetime, limit: int = 1_000) -> int:
    """Removes files that no row knows: their change was rolled back. Returns how many."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    old = [name for name in names if _written(name) < now - GRACE][:limit]
    paths = {f"{FOLDER}/{name}" for name in old}
    known = set(Attachment.objects.filter(file__in=paths).values_list("file", flat=True))
    for path in paths - known:
        default_storage.delete(path)
    return len(paths - known)


def _written(name: str) -> datetime:
    return default_storage.get_modified_time(f"{FOLDER}/{name}")
