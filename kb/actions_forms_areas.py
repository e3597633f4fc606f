"""A partner's editor changes forms for their own areas: drafted apart, then live for all doors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.permissions import Viewer
from core import audit
from core.errors import DomainError
from kb import queries_forms_areas
from kb.actions_forms import FormChanged, NoDraft, NoSuchForm, NotPublished, next_number
from kb.forms import editing, lint, local, reading, writing
from kb.forms.editing import Clash, Data
from kb.forms_access import answered_for
from kb.models import AreaDraft, FormState, FormVersion, Service


class AskedEverywhere(DomainError):
    """A question that sees an emergency is asked in every area."""

    code = "form_asked_everywhere"


@transaction.atomic
def save(
    *, viewer: Viewer, slug: str, key: str, code: str, to: Data, mark: str, now: datetime
) -> None:
    """Keeps what a question says otherwise in an area, in the draft of the viewer's body.

    Nothing in `to` makes it the same as everywhere. `mark` is of what the page showed. Raises
    NoSuchForm, Clash, BadForm, AskedEverywhere.
    """
    service, live = _held(viewer, slug)
    row = _draft(service, viewer)
    changes: dict[str, Any] = dict(row.changes) if row is not None else {}
    shown = local.applied(live.data, changes)
    if code not in queries_forms_areas.areas(viewer):
        raise NoSuchForm
    if editing.find(shown, "questions", key) is None:
        raise Clash("The hub has removed this question meanwhile. What you wrote is below", None)
    if local.mark(shown, key, code) != mark:
        raise Clash(
            "This has changed meanwhile. What you wrote is still below: compare it, and save it "
            "again if it is right",
            local.different(shown, key, code) or {},
        )
    if to.get("skip") and local.stops(reading.form(live.data), key):
        raise AskedEverywhere(
            "Its answer tells an emergency, so it is asked everywhere. Change its words instead",
            field="skip",
        )
    changes = _with(live.data, changes, key, code, to)
    written = writing.data(reading.form(local.applied(live.data, changes)))
    kept = local.different(written, key, code)
    if kept is not None and code in changes.get(key, {}):
        changes[key][code]["to"] = kept
    _write(service, viewer, row, changes, now)
    _audit("drafted", service, viewer, now, question=key, area=code)


def _with(live: Data, changes: dict[str, Any], key: str, code: str, to: Data) -> dict[str, Any]:
    """The changes with one more; one that says what is live anyway is none."""
    made = {name: dict(codes) for name, codes in changes.items()}
    codes = made.setdefault(key, {})
    codes.pop(code, None)
    if (local.different(live, key, code) or {}) != to:
        codes[code] = {"was": local.mark(live, key, code), "to": to or None}
    return {name: codes for name, codes in made.items() if codes}


def _write(
    service: Service, viewer: Viewer, row: AreaDraft | None, changes: dict[str, Any], now: datetime
) -> None:
    if row is None and changes:
        AreaDraft.objects.create(
            service=service,
            organisation_id=viewer.organisation_id or 0,
            changes=changes,
            written_at=now,
            written_by=viewer.name[:120],
        )
    elif row is not None and not changes:
        row.delete()
    elif row is not None:
        row.changes, row.revision = changes, row.revision + 1
        row.written_at, row.written_by = now, viewer.name[:120]
        row.save(update_fields=["changes", "revision", "written_at", "written_by"])


@transaction.atomic
def discard(*, viewer: Viewer, slug: str, revision: int, now: datetime) -> None:
    """Throws the draft away, as the page showed it. Raises NoSuchForm, NoDraft, FormChanged."""
    service, _ = _held(viewer, slug)
    row = _as_seen(_draft(service, viewer), revision)
    row.delete()
    _audit("discarded", service, viewer, now)


@transaction.atomic
def publish(
    *, viewer: Viewer, slug: str, revision: int, known: lint.Known, now: datetime
) -> FormVersion:
    """The areas of the viewer's body are asked this from now on; all others as before.

    What the checks find wrong in what is live already keeps nobody from it. A draft of the whole
    form takes the change in where it has not changed the same piece. Raises NoSuchForm, NoDraft,
    FormChanged, NotPublished.
    """
    service, live = _held(viewer, slug)
    row = _as_seen(_draft(service, viewer), revision)
    if local.overtaken(live.data, row.changes):
        raise FormChanged(
            "The hub has changed the same questions meanwhile. Your draft is kept: look at each "
            "of them, save it again if it is right, and publish then"
        )
    data = writing.data(reading.form(local.applied(live.data, row.changes)))
    before = set(lint.lint(reading.form(live.data), known, today=now.date()))
    found = [
        one
        for one in lint.wrong(lint.lint(reading.form(data), known, today=now.date()))
        if one not in before
    ]
    if found:
        raise NotPublished(found)
    made = _live(service, live, data, viewer, now)
    _into_the_whole(service, row, viewer, now)
    row.delete()
    _audit("published", service, viewer, now, number=made.number)
    return made


def _live(
    service: Service, live: FormVersion, data: Data, viewer: Viewer, now: datetime
) -> FormVersion:
    FormVersion.objects.filter(pk=live.pk).update(state=FormState.PAST)
    name = viewer.organisation_name or viewer.name
    return FormVersion.objects.create(
        service=service,
        number=next_number(service),
        state=FormState.LIVE,
        data=data,
        note=f"What differs in the area of {name}"[:200],
        written_at=now,
        written_by=viewer.name[:120],
        published_at=now,
        published_by=viewer.name[:120],
    )


def _into_the_whole(service: Service, row: AreaDraft, viewer: Viewer, now: datetime) -> None:
    """A draft of the whole form that goes live later must not take this back."""
    draft = FormVersion.objects.filter(service=service, state=FormState.DRAFT).first()
    if draft is None:
        return
    data = writing.data(reading.form(local.merged(draft.data, row.changes)))
    if data == draft.data:
        return
    draft.data, draft.revision = data, draft.revision + 1
    draft.written_at, draft.written_by = now, viewer.name[:120]
    draft.save(update_fields=["data", "revision", "written_at", "written_by"])


def _held(viewer: Viewer, slug: str) -> tuple[Service, FormVersion]:
    """The service, locked, and its live form. Raises NoSuchForm where there is none of its own."""
    mine = answered_for(viewer).filter(slug=slug) if "\x00" not in slug else Service.objects.none()
    service = mine.select_for_update().first()
    if service is None:
        raise NoSuchForm
    live = FormVersion.objects.filter(service=service, state=FormState.LIVE).first()
    if live is None:
        raise NoSuchForm
    return service, live


def _draft(service: Service, viewer: Viewer) -> AreaDraft | None:
    mine = AreaDraft.objects.filter(service=service, organisation_id=viewer.organisation_id or 0)
    return mine.select_for_update().first()


def _as_seen(row: AreaDraft | None, revision: int) -> AreaDraft:
    if row is None:
        raise NoDraft
    if row.revision != revision:
        raise FormChanged(
            f"{row.written_by or 'A colleague'} has changed this draft since the page was made. "
            "Nothing was done: look at it as it is now, and send it again if it is right"
        )
    return row


def _audit(what: str, service: Service, viewer: Viewer, now: datetime, **data: Any) -> None:
    target = f"service:{service.slug}"
    data = {"organisation": viewer.organisation_slug, **data}
    audit.record(f"form_area.{what}", actor=viewer.actor, target=target, at=now, data=data)
