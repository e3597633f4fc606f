"""Pictures that come with a text: fetched from the provider after the text is safe, then kept
where the text belongs.

Where that is may not be known yet: somebody sends a photo first and writes afterwards. Then it is
looked at again for a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from channels.sms import dialog as states
from channels.sms import saying
from channels.sms.dialog import Turn
from channels.sms.parsing import Text
from core import outbox, sealing
from enquiries import intake
from enquiries.actions import dialogs, files_by_text, uploads
from enquiries.actions.files_by_text import FileNotKept, FileNotTaken, NotNow, TooManyFiles
from enquiries.channels import Channel
from enquiries.inbound import LANGUAGE
from enquiries.pictures import MAX_BYTES
from enquiries.queries import texted, texting
from notifications import incoming
from notifications.incoming import Gone, TooLarge

FETCH, DELETE = "channels.fetch_media", "channels.delete_media"
PURPOSE = "picture by text"
# So long a photo waits for the words that say where it belongs, and a provider may be away.
WAITS = timedelta(hours=24)
GIVEN_UP = timedelta(hours=12)
LEASE_SECONDS = 120

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _File:
    """One file of one text, as it was promised to be fetched."""

    sid: str
    url: str
    phone: str
    came: datetime
    line: str = ""

    @property
    def thread(self) -> str:
        """What stands for its sender at the account by which it came; "" for nobody."""
        return saying.thread_of(self.phone, self.line)


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a file belongs: a form that is being answered, or an enquiry."""

    journey: str = ""
    reference: str = ""
    is_theirs: bool = True

    def __bool__(self) -> bool:
        return bool(self.journey or self.reference)


def expect(text: Text, *, now: datetime) -> None:
    """Promises, in the transaction that takes a text, to fetch what came with it."""
    for number, media in enumerate(text.media):
        outbox.ring(
            FETCH,
            key=f"mms:{text.sid}:{number}",
            args={
                "sid": text.sid,
                "url": media.url,
                "phone": sealing.seal(saying.phone_of(text), purpose=PURPOSE),
                "came": (text.received_at or now).isoformat(),
                "line": text.line,
            },
        )


def carry_out(row: outbox.Row, *, now: datetime) -> None:
    """Fetches one file and keeps it where it belongs; repeating it is harmless."""
    file = _read(row.args)
    if not _home(file):
        if now - file.came > WAITS:
            _done(row, file, now=now, error="nobody said what it is about")
        else:
            wait = max(timedelta(minutes=1), (now - file.came) / 8)
            outbox.postpone(row.id, now=now, error="waits for words", next_at=now + wait)
        return
    try:
        # Ours opens what is in our account, theirs what is in theirs.
        content = incoming.fetch(file.url, most=MAX_BYTES, line=file.line)
    except TooLarge:
        _refused(row, file, f"It is larger than {MAX_BYTES // 1024 // 1024} MB", now=now)
    except Gone as error:
        _refused(row, file, str(error), now=now)
    except incoming.NotNow as error:
        if now - file.came > GIVEN_UP:
            _refused(row, file, str(error), now=now)
        else:
            outbox.postpone(row.id, now=now, error=str(error))
    else:
        _keep(row, file, content, now=now)


def delete(row: outbox.Row, *, now: datetime) -> None:
    """Takes away at the provider what we have."""
    try:
        incoming.delete(row.args["url"])
    except Gone as error:
        outbox.settle(row.id, now=now, error=str(error))
    except incoming.NotNow as error:
        outbox.postpone(row.id, now=now, error=str(error))
    else:
        outbox.settle(row.id, now=now)


def _keep(row: outbox.Row, file: _File, content: bytes, *, now: datetime) -> None:
    try:
        with transaction.atomic():
            if file.phone:  # what it belongs to does not become an enquiry beside us
                dialogs.serialise(file.thread)
            home = _home(file)
            if home.journey:
                uploads.add(journey=home.journey, name="photo by text", content=content, now=now)
            elif home.is_theirs:
                files_by_text.add(reference=home.reference, content=content, now=now)
            else:
                raise FileNotTaken("It came from a telephone that is not on this enquiry")
            _settle(row, file, now=now)
    except FileNotKept as error:  # too many at once, or no room: another time there may be
        outbox.postpone(row.id, now=now, error=str(error))
    except (FileNotTaken, TooManyFiles, NotNow) as error:
        _refused(row, file, str(error), now=now)


def _refused(row: outbox.Row, file: _File, why: str, *, now: datetime) -> None:
    """It will not be had: the case says so, and its sender is told what to do, once a text."""
    with transaction.atomic():
        home = _home(file)
        tell = file.phone if home.is_theirs else ""
        files_by_text.not_opened(
            sid=file.sid,
            reference=home.reference,
            why=why,
            to=tell,
            language=_language(file),
            now=now,
        )
        _settle(row, file, now=now, error=why)
    log.info("sms.picture_refused", sid=file.sid, why=why)


def _done(row: outbox.Row, file: _File, *, now: datetime, error: str) -> None:
    with transaction.atomic():
        _settle(row, file, now=now, error=error)


def _settle(row: outbox.Row, file: _File, *, now: datetime, error: str = "") -> None:
    outbox.settle(row.id, now=now, error=error)
    if settings.TWILIO_DELETE_MEDIA and not file.line:
        outbox.ring(DELETE, key=f"{DELETE}:{row.key}", args={"url": file.url})


def _home(file: _File) -> _Home:
    """Where a file belongs, as far as it is known now."""
    taken = intake.known(Channel.SMS, file.sid)
    if taken is not None and taken.enquiries:
        reference = taken.enquiries[0].reference
        case = texting.by_reference(reference, file.phone, file.line)
        return _Home(reference=reference, is_theirs=case is not None and case.is_theirs)
    if not file.phone:
        return _Home()
    kept = dialogs.of(file.thread)
    if kept is not None and kept.is_open and kept.body:
        dialog = states.read(kept.body)
        if dialog.turn is Turn.WHICH:  # which of two things it belongs to is being asked
            return _Home()
        # What is being asked now takes it along when it becomes an enquiry.
        return _Home(journey=dialog.journey.id)
    return _Home(reference=texted.about_beside(file.thread, at=file.came))


def _read(args: dict[str, Any]) -> _File:
    try:
        phone = sealing.unseal(args["phone"], purpose=PURPOSE)
    except sealing.SealBroken:  # another key was in use then: the file still finds its text
        phone = ""
    came = datetime.fromisoformat(args["came"])
    return _File(args["sid"], args["url"], phone, came, args.get("line", ""))


def _language(file: _File) -> str:
    kept = dialogs.of(file.thread) if file.phone else None
    return kept.language if kept else texting.language_of(file.phone) or LANGUAGE
