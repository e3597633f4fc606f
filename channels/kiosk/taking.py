"""What a device kept while the line was away becomes an enquiry: once, whoever sends it again."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation

import accounts.queries
from channels.asking import contact
from channels.kiosk import kept_times, kept_words
from core import failpoints, references
from core.audit import Actor
from enquiries import intake
from enquiries.channels import Channel
from enquiries.inbound import LANGUAGE, InboundContact, Need
from kiosks import actions_kept, actions_staff, queries_kept
from kiosks.opening import NotOpened

if TYPE_CHECKING:
    from kiosks.models import Kiosk

log = structlog.get_logger(__name__)

_JOURNEY: Final = re.compile(r"[A-Za-z0-9_-]{8,40}")
# Why a person reads it before it goes on, in words for staff.
LEFT: Final = "Kept at a kiosk without the line: not all that they said is as our forms take it"
UNREAD: Final = "Kept at a kiosk without the line: we could not read it as our forms do"
ENDS: Final = "Kept at a kiosk without the line: the form ends with “{title}”, which was not shown"
# What is above their words is theirs; below this line is what no field would take.
BELOW: Final = "Said at the kiosk as well:"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, opened, with the device that brings it."""

    id: uuid.UUID
    said: Mapping[str, Any]
    kiosk: Kiosk
    number: actions_kept.Number | None
    reference: str
    clock_behind: int

    @property
    def key(self) -> str:
        """What intake knows it by: the visit on our own pages that it goes on, else its own id."""
        journey = self.said.get("journey")
        is_one = isinstance(journey, str) and _JOURNEY.fullmatch(journey)
        return str(journey) if is_one else str(self.id)

    @property
    def language(self) -> str:
        """The language of the visit."""
        said = self.said.get("language")
        return said if said in dict(settings.LANGUAGES) else LANGUAGE

    @property
    def kiosk_there(self) -> Kiosk:
        """The device at which it was made."""
        return self.number.kiosk if self.number is not None else self.kiosk


def take(entry: uuid.UUID, sealed: str, *, kiosk: Kiosk, clock_behind: int, now: datetime) -> str:
    """Makes an enquiry of an entry, or sets it aside for a person. Says which reference, or "".

    Does so in one transaction, or within the caller's where there is one. Raises OperationalError
    and InterfaceError where the database does not answer: then nothing was done, and the device
    sends it again.
    """
    try:
        found = _opened(entry, sealed, kiosk=kiosk, clock_behind=clock_behind)
        return _taken(found, now=now)
    except (OperationalError, InterfaceError):
        raise
    except NotOpened as error:
        why = error.message
    except Exception as error:  # one that we cannot take keeps nobody else's waiting
        # Not its words: they may be somebody's.
        log.error("kiosk.entry_failed", entry=str(entry), error=type(error).__name__)  # noqa: TRY400
        why = f"It was opened, and taking it failed ({type(error).__name__})"
    actions_kept.set_aside(kiosk, entry, sealed=sealed, why=why, clock_behind=clock_behind, now=now)
    return ""


def again(entry: str, *, now: datetime) -> None:
    """One that was set aside, opened anew: somebody at the desk asked for it."""
    row = queries_kept.of_entry(entry)
    if row is not None:
        behind = row.clock_behind
        take(row.entry, row.sealed, kiosk=row.kiosk, clock_behind=behind, now=now)


def _opened(entry: uuid.UUID, sealed: str, *, kiosk: Kiosk, clock_behind: int) -> Entry:
    opened = actions_kept.opened(sealed)
    try:
        said = _storable(json.loads(opened.body))
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise NotOpened("It was opened, and what is in it is no enquiry")
    if not str(entry) == opened.header.get("id") == said.get("id"):
        raise NotOpened("It was opened, and is another entry than it was sent as")
    try:
        reference = references.parse(str(said.get("reference", "")))
    except references.BadReference:
        reference = ""
    made_by = str(opened.header.get("kiosk", ""))
    number = actions_kept.number(reference, kiosk=kiosk, made_by=made_by) if reference else None
    return Entry(entry, said, kiosk, number, reference, clock_behind)


def _storable(value: Any) -> Any:
    """What can be written down: half of a pair of characters is none, nor is a null."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {str(_storable(key)): _storable(one) for key, one in value.items()}
    return value


def _taken(entry: Entry, *, now: datetime) -> str:
    with translation.override(entry.language):
        try:
            inbound = _read(entry, now=now)
            return _received(entry, inbound, now=now)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # whatever no rule can read, a person can
            log.warning("kiosk.entry_unread", entry=str(entry.id), error=type(error).__name__)
            return _received(entry, _unread(entry, now=now), now=now)


def _received(entry: Entry, inbound: InboundContact, *, now: datetime) -> str:
    """Written in one transaction; the number on the receipt leads to it from then on."""
    with transaction.atomic():
        is_free = entry.number is not None and actions_kept.is_free(entry.reference)
        before = intake.known(Channel.KIOSK, entry.key)
        if before is not None:
            reference = before.enquiries[0].reference
        else:
            reference = _new(replace(inbound, reference=entry.reference if is_free else ""), now)
            if inbound.helped_unknown:
                there, by = entry.kiosk_there, inbound.actor
                actions_staff.helped_unknown(there, reference=reference, actor=by, now=now)
        if is_free:
            actions_kept.used(entry.reference, leads_to=reference, now=now)
        actions_kept.taken_after_all(entry.id, reference=reference, now=now)
        failpoints.reach("kiosk.kept_written")
    failpoints.reach("kiosk.kept_taken")
    return reference


def _new(inbound: InboundContact, now: datetime) -> str:
    """The reference of a new enquiry, or of the one that its form became at another door."""
    try:
        with transaction.atomic():
            return intake.receive_within(inbound, now=now).enquiries[0].reference
    except intake.FormSent as sent:
        return sent.reference


def _moments(entry: Entry, *, now: datetime) -> tuple[datetime, datetime]:
    said, offset = entry.said, entry.said.get("offset")
    touched = kept_times.touch(
        said.get("made"),
        offset,
        clock_behind=entry.clock_behind,
        now=now,
        earliest=entry.number.given_at if entry.number is not None else None,
    )
    began = kept_times.began(
        said.get("began"),
        offset,
        ours=said.get("began_at"),
        clock_behind=entry.clock_behind,
        touched=touched,
    )
    return began, touched


def _read(entry: Entry, *, now: datetime) -> InboundContact:
    """The contact, read as at every door; what is left over is told to staff."""
    began, touched = _moments(entry, now=now)
    today = timezone.localdate(touched)
    read = kept_words.understood(entry.said, key=entry.key, today=today)
    left = [*read.left, *_number_left(entry)]
    why = LEFT if left else (ENDS.format(title=read.ends_at)[:200] if read.ends_at else "")
    inbound = contact.read(
        read.journey, channel=Channel.KIOSK, now=touched, to_us=bool(why), **_who(entry)
    )
    need = inbound.needs[0]
    return replace(
        inbound,
        needs=(_with_the_rest(replace(need, read_first=why), left),),
        started_at=began,
        session=entry.key,
        begun_revision=None,
        came_at=now,
        **_help(entry, touched),
    )


def _who(entry: Entry) -> dict[str, Any]:
    there = entry.kiosk_there
    actor = Actor("kiosk", there.pk, there.name, there.site.organisation_id)
    return {"site": there.site.slug, "actor": actor}


def _help(entry: Entry, touched: datetime) -> dict[str, Any]:
    """Who of the staff helped, by a code that was good when Send was touched (R56).

    By one that was not, nobody is known to have: it stays self-service, and staff are told.
    """
    code = str(entry.said.get("assist") or "")
    agent = actions_staff.who(code, entry.kiosk_there.site, touched)
    return {"agent": agent, "helped_unknown": bool(code) and agent is None}


def _number_left(entry: Entry) -> list[str]:
    """Where the number on the receipt cannot be this enquiry's, staff are told of it."""
    said = entry.said.get("reference")
    if entry.number is not None and entry.number.is_free:
        return []
    return [f"Number on their receipt: {said[:40]}"] if isinstance(said, str) and said else []


def _with_the_rest(need: Need, left: list[str]) -> Need:
    """What staff read: their words, and below them what no field would take."""
    whole = "\n\n".join([need.description, "\n".join([BELOW, *left])]) if left else need.description
    if len(whole) <= intake.MAX_WORDS:
        return replace(need, description=whole)
    return replace(need, description=whole[: intake.MAX_WORDS], said=whole)


def _unread(entry: Entry, *, now: datetime) -> InboundContact:
    """The contact of what no rule can read: its words, whole, for a person."""
    began, touched = _moments(entry, now=now)
    need = Need(
        description=kept_words.all_of_it(entry.said),
        send_to=accounts.queries.hub().slug,
        read_first=UNREAD,
    )
    return InboundContact(
        channel=Channel.KIOSK,
        external_id=entry.key,
        received_at=touched,
        started_at=began,
        needs=(_with_the_rest(need, _number_left(entry)),),
        language=entry.language,
        session=entry.key,
        begun=entry.key,
        came_at=now,
        **_help(entry, touched),
        **_who(entry),
    )
