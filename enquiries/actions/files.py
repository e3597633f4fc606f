"""What adding a file is, whoever adds it: what is taken, its name, and where it is kept.

The file is written before its row: a row never lacks its file. A file whose row was rolled back,
or is gone, is removed by `attachments.sweep`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path, PurePath
from shutil import disk_usage
from uuid import UUID

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from core import outbox
from core.errors import DomainError
from enquiries import pictures
from enquiries.lifecycle import Scan
from enquiries.models import Attachment, Upload
from enquiries.pictures import Taken

MAX_NAME = 120

log = structlog.get_logger(__name__)


class FileNotTaken(DomainError):
    code = "file_not_taken"
    field = "file"


class TooManyFiles(DomainError):
    code = "too_many_files"
    field = "file"


class FileNotKept(DomainError):
    """We could not write it down. What else was said is not touched by that."""

    code = "file_not_kept"
    field = "file"


def taken(content: bytes) -> Taken:
    """The file as it is kept. Raises FileNotTaken, and FileNotKept where too many come at once."""
    try:
        return pictures.taken(content)
    except pictures.Busy as error:
        log.warning("file.too_many_at_once")
        raise FileNotKept(str(error)) from error
    except pictures.NotTaken as error:
        raise FileNotTaken(str(error)) from error


def shown_name(name: str, suffix: str) -> str:
    """A name to show: no folders, nothing that cannot be printed, and the ending that is true."""
    last = PurePath(name.replace("\\", "/")).name
    # Marks that turn the direction of writing would show another ending than there is.
    printable = "".join(char for char in last if char.isprintable()).strip()
    stem = PurePath(printable).stem.strip(". ") or "file"
    return f"{stem[: MAX_NAME - len(suffix)]}{suffix}"


@contextmanager
def kept(row: Attachment | Upload, content: bytes) -> Iterator[None]:
    """Writes a file, for the row that the block saves; takes it back when the block fails.

    Raises FileNotKept when it cannot be written, before the block.
    """
    try:
        _must_leave_room(len(content))
        row.file.save("file", ContentFile(content), save=False)
    except OSError as error:
        log.exception("file.not_kept", file=str(row.public_id))
        raise FileNotKept(
            _("We could not keep the file just now. Go on without it, or try again later")
        ) from error
    try:
        yield
    except BaseException:
        remove(str(row.file.name))
        raise


def _must_leave_room(size: int) -> None:
    """Files never take the last of a disk that the database may be on. Raises OSError."""
    try:
        # Where files go, or, before the first of them was kept, the folder that it will be in.
        place = Path(default_storage.path(""))
    except NotImplementedError:  # a store elsewhere, which says so itself when it is full
        return
    while not place.exists() and place != place.parent:
        place = place.parent
    if disk_usage(place).free - size < settings.FILES_KEEP_FREE_MB * 1024 * 1024:
        log.error("file.disk_low", keep_free_mb=settings.FILES_KEEP_FREE_MB)
        raise OSError(ENOSPC, "The rest of the disk is kept free")


def remove(path: str) -> None:
    """Removes a file; one that cannot be removed now is left to the sweep."""
    try:
        default_storage.delete(path)
    except OSError:
        log.exception("file.not_removed")


def remove_when_done(path: str) -> None:
    """Removes a file when the caller's transaction has ended well."""
    if path:
        transaction.on_commit(lambda: remove(path))


def first_scan() -> Scan:
    """How a new file begins: it waits, where there is somebody to look at it."""
    return Scan.WAITING if settings.CLAMD_URL else Scan.UNSCANNED


def ask_to_scan(public_id: UUID, scan: str, *, again: str = "") -> None:
    """Rings for a file that waits, in the transaction that writes its row."""
    if scan == Scan.WAITING.value:
        key = f"scan:{public_id}{again}"
        outbox.ring("enquiries.scan", key=key, args={"file": str(public_id)})
