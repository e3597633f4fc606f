"""Notices: outages and planned works, written by whose they are, read by everybody."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import accounts.queries
import kb.queries
import kb.queries_notices
from accounts import gazetteer
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from desk.answers import carried_out, go, sent
from desk.forms_notices import AREAS, AROUND, EVERYWHERE, ActForm, EndForm, NoticeForm
from desk.forms_routing import kept
from enquiries.queries import destinations, following
from kb import actions_notices

if TYPE_CHECKING:
    from kb.models import Notice

ROOT = "/desk/notices/"
_AREA_KINDS = ("district", "town", "ward")


@contextmanager
def _found() -> Iterator[None]:
    """Another organisation's reads as not there."""
    try:
        yield
    except kb.queries_notices.NoSuchNotice as error:
        raise Http404 from error


def _form(who: Viewer, data: Any = None, initial: dict[str, Any] | None = None) -> NoticeForm:
    book, own, routed = gazetteer.gazetteer(), _own_area(who), _routed(who)
    areas = sorted(
        (_AREA_KINDS.index(kind), book.names[code], code)
        for code, kind in book.kinds.items()
        if kind in _AREA_KINDS[:2] and (who.is_hub or own in book.containing(code, ""))
    )
    return NoticeForm(
        data,
        initial=initial,
        organisations=kb.queries_notices.writers(who),
        services=[
            (one.slug, one.name)
            for one in kb.queries.services()
            if who.is_hub or one.slug in routed
        ],
        areas=[(code, name) for _kind, name, code in areas],
        is_everywhere=who.is_hub or book.kinds.get(own) == "county",
    )


def _own_area(who: Viewer) -> str:
    body = accounts.queries.organisation_by_id(who.organisation_id)
    return body.area_code if body is not None else ""


def _routed(who: Viewer) -> frozenset[str]:
    """What is sent to whoever writes: a partner speaks of nothing else."""
    return destinations.services_of(who.organisation_id)


@requires(Permission.READ_ANSWERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Those in force, those to come, drafts, and those that have ended.

    Who writes none reads what everybody does, to tell people who ask.
    """
    who, now = viewer(request), timezone.now()
    if not who.may(Permission.WRITE_NOTICES):
        context = {"nav_here": "notices", **_everybodys(now)}
        return render(request, "desk/notices/read.html", context)
    rows = [(one, _state(one, now)) for one in kb.queries_notices.every(who)]
    order = ("past", "shown", "soon", "draft")
    live = [row for row in rows if row[1] in order]
    context = {
        "nav_here": "notices",
        "live": sorted(live, key=lambda row: order.index(row[1])),
        "ended": [one for one, state in rows if state == "ended"],
        "following": following.counts([one.pk for one, _ in rows]),
        # A partner's list has its own alone; what others know is read below it.
        **({} if who.is_hub else _everybodys(now)),
    }
    return render(request, "desk/notices/overview.html", context)


def _everybodys(now: datetime) -> dict[str, Any]:
    """What everybody may read: what holds now, and what is to come."""
    rows = kb.queries_notices.readable(now)
    return {
        "known": [one for one, holds in rows if holds],
        "coming": [one for one, holds in rows if not holds],
    }


def _state(notice: Notice, now: datetime) -> str:
    """ended, draft, soon, shown, or past: shown although its expected end has passed."""
    if kb.queries_notices.is_over(notice, now):
        return "ended" if notice.published_at else "draft"
    if notice.published_at is None:
        return "draft"
    if notice.starts_at > now:
        return "soon"
    end = notice.expected_end_at
    return "past" if end is not None and end <= now else "shown"


@requires(Permission.WRITE_NOTICES)
def new(request: HttpRequest) -> HttpResponse:
    """A draft that nobody sees yet."""
    who = viewer(request)
    form = _form(who, request.POST or None, {"organisation": who.organisation_slug})
    made: list[Notice] = []
    with _found():
        done = request.method == "POST" and carried_out(
            form,
            lambda _, now: made.append(
                actions_notices.draft(form.said, viewer=who, now=now, routed=_routed(who))
            ),
            about="notice:new",
        )
    if done:
        messages.success(request, "Kept as a draft. Nobody sees it until you publish it")
        return go(f"{ROOT}{made[0].public_id}/" if made else ROOT)
    return render(request, "desk/notices/write.html", {"nav_here": "notices", "form": form})


@requires(Permission.WRITE_NOTICES)
def one(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One notice: how people read it, and its words to be changed."""
    who = viewer(request)
    with _found():
        notice = kb.queries_notices.one(who, public_id)
    form = _form(who, request.POST or None, _initial(notice))
    changed: list[actions_notices.NoticeChanged] = []

    def work(data: Any, now: datetime) -> None:
        try:
            actions_notices.change(
                form.said,
                public_id=public_id,
                seen=data["seen"] or 0,
                viewer=who,
                now=now,
                routed=_routed(who),
            )
        except actions_notices.NoticeChanged as clash:
            changed.append(clash)
            raise

    with _found():
        done = request.method == "POST" and carried_out(form, work, about="notice:change")
    if done:
        messages.success(request, "Changed. Those who follow it are told when its end has moved")
        return go(f"{ROOT}{public_id}/")
    if changed:
        notice = kb.queries_notices.one(who, public_id)
        form.data = kept(form.data, seen=notice.version)
    return _show(request, notice, form)


def _show(
    request: HttpRequest, notice: Notice, form: NoticeForm, end: EndForm | None = None
) -> HttpResponse:
    now = timezone.now()
    context = {
        "nav_here": "notices",
        "notice": notice,
        "state": _state(notice, now),
        "shown": [kb.queries_notices.shown(notice, now)],
        "services": [one.name for one in notice.services.all()],
        "following": following.counts([notice.pk]).get(notice.pk, 0),
        "form": form,
        "end": end or EndForm(auto_id="end_%s"),
        "press": ActForm(auto_id=False),
    }
    return render(request, "desk/notices/one.html", context)


def _initial(notice: Notice) -> dict[str, Any]:
    where = AREAS if notice.area_codes else AROUND
    initial: dict[str, Any] = {
        name: getattr(notice, name)
        for name in ("kind", "title", "words", "advice", "spot", "ends_itself")
    }
    initial |= {
        "seen": notice.version,
        "organisation": notice.organisation.slug,
        "services": [one.slug for one in notice.services.all()],
        "where": EVERYWHERE if notice.everywhere else where,
        "areas": notice.area_codes,
        "radius": notice.radius_m,
        "postcode": kb.queries_notices.middle(notice),
    }
    for name, at in (("start", notice.starts_at), ("end", notice.expected_end_at)):
        if at is not None:
            local = timezone.localtime(at)
            initial |= {f"{name}_day": local.date(), f"{name}_time": local.time()}
    return initial


@requires(Permission.WRITE_NOTICES)
@sent
def publish(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """From now on people see it."""
    return _press(
        request,
        public_id,
        lambda who, now: actions_notices.publish(
            public_id=public_id, viewer=who, now=now, routed=_routed(who)
        ),
        done="Published. People see it on the website, at kiosks and at the desk",
        lands_at=f"{ROOT}{public_id}/",
    )


@requires(Permission.WRITE_NOTICES)
@sent
def discard(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A draft that is not wanted."""
    return _press(
        request,
        public_id,
        lambda who, now: actions_notices.discard(public_id=public_id, viewer=who, now=now),
        done="The draft is gone",
        lands_at=ROOT,
    )


@requires(Permission.WRITE_NOTICES)
@sent
def end(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """It is over, and those who follow it are told."""
    who = viewer(request)
    with _found():
        notice = kb.queries_notices.one(who, public_id)
    form = EndForm(request.POST, auto_id="end_%s")
    with _found():
        done = carried_out(
            form,
            lambda data, now: actions_notices.end(
                public_id=public_id, words=data["words"], viewer=who, now=now
            ),
            about="notice:end",
        )
    if not done:
        return _show(request, notice, _form(who, None, _initial(notice)), form)
    messages.success(request, "It is over. Those who follow it are being told")
    return go(ROOT)


def _press(
    request: HttpRequest,
    public_id: uuid.UUID,
    call: Callable[[Viewer, datetime], object],
    *,
    done: str,
    lands_at: str,
) -> HttpResponse:
    who, form = viewer(request), ActForm(request.POST)
    with _found():
        notice = kb.queries_notices.one(who, public_id)
        if carried_out(form, lambda _, now: call(who, now), about="notice:press"):
            messages.success(request, done)
            return go(lands_at)
    messages.warning(request, " ".join(str(words) for words in form.non_field_errors()))
    return go(f"{ROOT}{notice.public_id}/")
