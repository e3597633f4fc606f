"""Files of a form: kept with it until it is sent, then the enquiry's. None ever stops the form."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext as _

from core.audit import CITIZEN
from enquiries import events
from enquiries.actions import files
from enquiries.actions.files import FileNotKept, FileNotTaken, TooManyFiles
from enquiries.channels import Channel
from enquiries.events import EventType
from enquiries.lifecycle import ENDED, NotNow, Scan
from enquiries.models import (
    Attachment,
    BegunForm,
    Enquiry,
    EnquiryEvent,
    Receipt,
    Referral,
    Upload,
)
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.pictures import MAX_BYTES, Spot, Taken, too_large

__all__ = [
    "MAX_BYTES",
    "MOST_FILES",
    "Added",
    "FileNotKept",
    "FileNotTaken",
    "Spot",
    "TooManyFiles",
    "add",
    "add_by_citizen",
    "claim",
    "forget",
    "remove",
    "too_large",
]

MOST_FILES, MOST_BYTES = 5, 25 * 1024 * 1024
# Of one enquiry: those of the form, and as many again afterwards.
MOST_IN_ALL = 10
# A form that was not sent is forgotten after this, and its files with it.
KEPT = timedelta(days=2)
_ADDED_BY = "The citizen"


@dataclass(frozen=True, slots=True)
class Added:
    """A file of a form; `spot` is where a photo says that it was taken, and is kept nowhere."""

    upload: Upload
    spot: Spot | None


def add(*, journey: str, name: str, content: bytes, now: datetime, question: str = "") -> Added:
    """Keeps a file with a form that was not sent yet. The same file twice is one.

    Raises FileNotTaken, TooManyFiles, FileNotKept, and NotNow when it has been sent.
    """
    taken = files.taken(content)
    digest = sha256(taken.content).hexdigest()
    with transaction.atomic():
        _hold(journey)
        if Receipt.objects.filter(channel__in=list(Channel), external_id=journey).exists():
            raise NotNow(_("This has been sent already. Add the file on the page of your enquiry"))
        rows = Upload.objects.filter(journey=journey)
        same = rows.filter(question=question, sha256=digest).defer("thumbnail").first()
        if same is not None:
            return Added(same, taken.spot)
        _must_have_room(rows.exclude(scan=Scan.INFECTED.value).aggregate(all=Sum("size")), taken)
        if rows.count() >= MOST_FILES:
            raise _too_many(MOST_FILES)
        upload = Upload(
            journey=journey,
            question=question,
            name=files.shown_name(name, taken.suffix),
            content_type=taken.content_type,
            size=len(taken.content),
            sha256=digest,
            thumbnail=taken.thumbnail,
            scan=files.first_scan().value,
            added_at=now,
        )
        with files.kept(upload, taken.content):
            upload.save(force_insert=True)
            files.ask_to_scan(upload.public_id, upload.scan)
    return Added(upload, taken.spot)


def _hold(journey: str) -> None:
    """One at a time for each form: two uploads at once, or an upload while it is being sent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [journey])


def _must_have_room(held: dict[str, int | None], taken: Taken) -> None:
    if (held["all"] or 0) + len(taken.content) > MOST_BYTES:
        raise TooManyFiles(
            _("These files are larger than 25 MB together. Remove one, or choose a smaller one")
        )


def _too_many(most: int) -> TooManyFiles:
    words = _("There are %(number)s files already. Remove one before you add another")
    return TooManyFiles(words % {"number": most})


@transaction.atomic
def remove(*, journey: str, public_id: uuid.UUID) -> str:
    """Takes a file out of a form that was not sent; its name, or "" when there is no such file."""
    _hold(journey)
    found = Upload.objects.filter(journey=journey, public_id=public_id).defer("thumbnail").first()
    if found is None:
        return ""
    files.remove_when_done(str(found.file.name or ""))
    found.delete()
    return found.name


def claim(journey: str, enquiry: Enquiry, *, now: datetime) -> None:
    """The files of a form become those of the enquiry, in the transaction that makes it."""
    _hold(journey)
    found = list(Upload.objects.select_for_update().filter(journey=journey).order_by("pk"))
    if not found:
        return
    safe = [upload for upload in found if not upload.is_infected]
    Attachment.objects.bulk_create(_of_citizen(upload, enquiry) for upload in safe)
    Upload.objects.filter(pk__in=[upload.pk for upload in found]).delete()
    _attached(enquiry, [upload.name for upload in safe], seen_by="all", now=now)


def _of_citizen(upload: Upload, enquiry: Enquiry, referral: Referral | None = None) -> Attachment:
    return Attachment(
        public_id=upload.public_id,
        enquiry=enquiry,
        referral=referral,
        seen_by="all",
        name=upload.name,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
        file=upload.file.name,
        thumbnail=upload.thumbnail,
        scan=upload.scan,
        added_at=upload.added_at,
        added_by=_ADDED_BY,
    )


def _attached(enquiry: Enquiry, names: Sequence[str], *, seen_by: str, now: datetime) -> None:
    if names:
        file = ", ".join(names)
        events.record(
            enquiry, EventType.ATTACHED, actor=CITIZEN, at=now, seen_by=seen_by, file=file
        )


def add_by_citizen(*, reference: str, name: str, content: bytes, now: datetime) -> Attachment:
    """A file that the citizen adds later, for code that has settled that it is their enquiry.

    Read by all who have a part of it; in answer to one partner's question by that one and the
    hub. The same file twice is one. Raises FileNotTaken, TooManyFiles, FileNotKept, and NotNow
    when the enquiry has ended: nobody would look.
    """
    taken = files.taken(content)
    digest = sha256(taken.content).hexdigest()
    with transaction.atomic():
        enquiry = events.locked(
            Enquiry.objects.values_list("pk", flat=True).get(reference=reference)
        )
        rows = Attachment.objects.filter(enquiry=enquiry, organisation=None).defer("thumbnail")
        same = rows.filter(sha256=digest).first()
        if same is not None:
            return same
        if enquiry.status in ENDED:
            raise NotNow(_("This has ended, so nobody would see the file. Tell us what is wrong"))
        if rows.count() >= MOST_IN_ALL:
            raise TooManyFiles(_("There are enough files. Tell us in words what else there is"))
        _must_have_room(rows.filter(added_at__gt=now - KEPT).aggregate(all=Sum("size")), taken)
        asker, is_asked = _asker(enquiry)
        attachment = Attachment(
            enquiry=enquiry,
            referral=asker,
            seen_by="all",
            name=files.shown_name(name, taken.suffix),
            content_type=taken.content_type,
            size=len(taken.content),
            sha256=digest,
            thumbnail=taken.thumbnail,
            scan=files.first_scan().value,
            added_at=now,
            added_by=_ADDED_BY,
        )
        with files.kept(attachment, taken.content):
            attachment.save(force_insert=True)
            files.ask_to_scan(attachment.public_id, attachment.scan)
            seen_by = "hub" if is_asked else "all"
            _attached(enquiry, [attachment.name], seen_by=seen_by, now=now)
    return attachment


def _asker(enquiry: Enquiry) -> tuple[Referral | None, bool]:
    """The referral of the partner whose question is open, where others have a part as well."""
    live = list(enquiry.referrals.filter(status__in=LIVE_REFERRAL))
    if len(live) < 2:  # there is nobody to keep it from
        return None, False
    asked = (
        EnquiryEvent.objects.filter(
            enquiry=enquiry, type__in=[EventType.INFO_REQUESTED, EventType.INFO_RECEIVED]
        )
        .order_by("-sequence")
        .first()
    )
    if asked is None:
        return None, False
    # What follows an answer belongs to it: people answer in more than one message.
    last = asked
    if asked.type == EventType.INFO_RECEIVED:
        found = EnquiryEvent.objects.filter(enquiry=enquiry, type=EventType.INFO_REQUESTED)
        last = found.order_by("-sequence").first() or asked
    of = next((one for one in live if one.organisation_id == last.organisation_id), None)
    return of, of is not None


def forget(*, now: datetime, limit: int = 500) -> int:
    """Removes the files of forms that were not sent in two days, or as long as the form itself is
    kept, so many in each transaction until none is left. Returns how many."""
    total = 0
    while True:
        gone = _forget(now=now, limit=limit)
        total += gone
        if gone < limit:
            return total


def _forget(*, now: datetime, limit: int) -> int:
    kept = BegunForm.objects.filter(key=OuterRef("journey"), sent_at=None, expires_at__gt=now)
    with transaction.atomic():
        old = list(
            Upload.objects.select_for_update(skip_locked=True)
            .filter(~Exists(kept), added_at__lt=now - KEPT)
            .order_by("added_at")
            .values_list("pk", "file")[:limit]
        )
        Upload.objects.filter(pk__in=[pk for pk, _path in old]).delete()
        for _pk, path in old:
            files.remove_when_done(path)
    return len(old)
