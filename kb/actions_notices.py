"""Writes notices: drafted, published, changed and ended, each by whose they are.

What a notice says answers whoever asks: a partner speaks for its own area and for services that are
sent to it (`routed`, by their slugs), the hub for everybody.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

import accounts.queries
from accounts import boundaries, gazetteer
from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from kb.models import Notice, Service
from kb.queries_notices import NoSuchNotice, for_viewer, is_over


class NoticeRefused(DomainError):
    """It cannot be written so; the field says where."""

    code = "notice_refused"


class NoticeChanged(DomainError):
    """Somebody else changed it since the page was made."""

    code = "notice_changed"


@dataclass(frozen=True, slots=True)
class NoticeSaid:
    """All that a writer says of a notice. Services by slug; a point comes with its radius."""

    organisation: str
    kind: str
    title: str
    words: str
    services: tuple[str, ...]
    starts_at: datetime
    advice: str = ""
    everywhere: bool = False
    area_codes: tuple[str, ...] = ()
    spot: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius_m: int | None = None
    expected_end_at: datetime | None = None
    ends_itself: bool = False


@transaction.atomic
def draft(
    said: NoticeSaid, *, viewer: Viewer, now: datetime, routed: Collection[str] = ()
) -> Notice:
    """A new notice that nobody sees yet. Raises NoticeRefused, NoSuchNotice."""
    notice = Notice(public_id=uuid.uuid4())
    _fill(notice, said, viewer=viewer, now=now)
    _its_own(notice, said.services, viewer=viewer, routed=routed)
    notice.save()
    notice.services.set(_services(said))
    _audit("drafted", notice, viewer=viewer, now=now)
    return notice


@transaction.atomic
def change(
    said: NoticeSaid,
    *,
    public_id: uuid.UUID,
    seen: int,
    viewer: Viewer,
    now: datetime,
    routed: Collection[str] = (),
) -> Notice:
    """Other words, places or times. Who follows it is told when its expected end moves.

    Raises NoticeChanged when it is not as the page showed it; NoticeRefused, NoSuchNotice.
    """
    notice = _held(viewer, public_id)
    if notice.version != seen:
        raise NoticeChanged(
            "A colleague changed this notice while you worked on it. Yours is not kept yet: look "
            "at what stands above the form, and send yours again to put it over theirs"
        )
    if is_over(notice, now):
        raise NoticeRefused("This notice has ended. Write a new one if it came back")
    _fill(notice, said, viewer=viewer, now=now)
    _its_own(notice, said.services, viewer=viewer, routed=routed)
    notice.version += 1
    notice.save()
    notice.services.set(_services(said))
    _audit("changed", notice, viewer=viewer, now=now)
    return notice


@transaction.atomic
def publish(
    *, public_id: uuid.UUID, viewer: Viewer, now: datetime, routed: Collection[str] = ()
) -> Notice:
    """From now, or from its start, people see it. Publishing twice changes nothing.

    Raises NoticeRefused, NoSuchNotice.
    """
    notice = _held(viewer, public_id)
    if notice.published_at is not None:
        return notice
    if notice.ends_itself and notice.expected_end_at and notice.expected_end_at <= now:
        raise NoticeRefused("Its end is in the past. Change the end first", field="end_day")
    services = notice.services.values_list("slug", flat=True)
    _its_own(notice, list(services), viewer=viewer, routed=routed)
    notice.published_at = now
    _keep(notice, viewer=viewer, now=now)
    _audit("published", notice, viewer=viewer, now=now)
    return notice


@transaction.atomic
def end(*, public_id: uuid.UUID, words: str, viewer: Viewer, now: datetime) -> Notice:
    """It is over: nobody sees it any more, and who follows it is told. Twice changes nothing."""
    notice = _held(viewer, public_id)
    if notice.ended_at is not None:
        return notice
    if notice.published_at is None:
        raise NoticeRefused("Nobody has seen this notice. Discard it instead")
    notice.ended_at, notice.end_words = now, words.replace("\x00", "").strip()
    _keep(notice, viewer=viewer, now=now)
    _audit("ended", notice, viewer=viewer, now=now)
    return notice


@transaction.atomic
def discard(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """Throws a draft away. Raises NoticeRefused for what was published."""
    notice = _held(viewer, public_id)
    if notice.published_at is not None:
        raise NoticeRefused("People have seen this notice. End it instead")
    _audit("discarded", notice, viewer=viewer, now=now)
    notice.delete()


def _held(viewer: Viewer, public_id: uuid.UUID) -> Notice:
    rows = for_viewer(viewer).select_for_update(of=("self",), no_key=True)
    notice = rows.filter(public_id=public_id).first()
    if notice is None:
        raise NoSuchNotice("There is no such notice")
    return notice


def _fill(notice: Notice, said: NoticeSaid, *, viewer: Viewer, now: datetime) -> None:
    body = accounts.queries.organisation(said.organisation)
    is_own = body is not None and (viewer.is_hub or body.pk == viewer.organisation_id)
    if body is None or not (is_own and viewer.may(Permission.WRITE_NOTICES)):
        raise NoSuchNotice("There is no such organisation")
    if said.expected_end_at is not None and said.expected_end_at <= said.starts_at:
        raise NoticeRefused("The end must be after the start", field="end_day")
    if said.ends_itself and said.expected_end_at is None:
        raise NoticeRefused("Say when it ends, or that somebody ends it", field="end_day")
    notice.organisation = body
    for name in NoticeSaid.__slots__:
        if name not in ("organisation", "services", "area_codes"):
            setattr(notice, name, getattr(said, name))
    notice.area_codes = list(said.area_codes)
    notice.changed_at, notice.changed_by = now, viewer.name[:120]


def _its_own(
    notice: Notice, services: Collection[str], *, viewer: Viewer, routed: Collection[str]
) -> None:
    if viewer.is_hub:
        return
    if not set(services) <= set(routed):
        raise NoticeRefused(
            "Choose services that are sent to you. Ask the hub to write about others",
            field="services",
        )
    book, own = gazetteer.gazetteer(), notice.organisation.area_code
    if notice.everywhere and book.kinds.get(own) != "county":
        raise NoticeRefused(
            "You write about your own area. Ask the hub to write for the whole county",
            field="where",
        )
    if any(own not in book.containing(code, "") for code in notice.area_codes):
        raise NoticeRefused("Choose areas of your own", field="areas")
    if notice.latitude is not None and notice.longitude is not None:
        found = boundaries.locate(notice.latitude, notice.longitude)
        if own not in book.containing(found.district_code, found.ward_code):
            raise NoticeRefused(
                "This postcode is outside your area. Choose one inside it", field="postcode"
            )


def _services(said: NoticeSaid) -> list[Service]:
    found = list(Service.objects.filter(slug__in=said.services))
    if not found:
        raise NoticeRefused("Choose at least one service", field="services")
    return found


def _keep(notice: Notice, *, viewer: Viewer, now: datetime) -> None:
    notice.version += 1
    notice.changed_at, notice.changed_by = now, viewer.name[:120]
    notice.save()


def _audit(what: str, notice: Notice, *, viewer: Viewer, now: datetime) -> None:
    audit.record(
        f"notice.{what}",
        actor=viewer.actor,
        target=f"notice:{notice.public_id}",
        at=now,
        data={"title": notice.title, "version": notice.version},
    )
