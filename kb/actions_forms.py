"""Writes and publishes forms. One that was live never changes: enquiries keep what asked them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from core import audit
from core.audit import Actor
from core.errors import DomainError
from kb.forms import lint, reading, writing
from kb.models import FormState, FormVersion, Service

Data = dict[str, Any]


class FormChanged(DomainError):
    """What the page showed is not so any more."""

    code = "form_changed"


class NoDraft(DomainError):
    code = "form_no_draft"

    def __init__(self) -> None:
        super().__init__(
            "There is no draft any more: a colleague has published it or thrown it away. "
            "What is live has not changed by this. Make a new draft to go on"
        )


class NoSuchForm(Exception):
    """There is no such service, or no such version of its form."""


class NotPublished(DomainError):
    """The checks found what is wrong. `findings` has all of it."""

    code = "form_not_published"

    def __init__(self, findings: list[lint.Finding]) -> None:
        super().__init__(
            "It is not published: the checks found what is wrong. The draft is kept. "
            + ". ".join(f"{one.where or 'The form'}: {one.words}" for one in findings[:5])
        )
        self.findings = findings


@transaction.atomic
def publish(
    *, service_slug: str, data: Mapping[str, Any], actor: Actor, now: datetime, note: str = ""
) -> FormVersion:
    """Makes this the live form of a service; the same form again changes nothing.

    Raises reading.BadForm, Service.DoesNotExist.
    """
    service = Service.objects.select_for_update().get(slug=service_slug)
    written = writing.data(reading.form(dict(data)))
    live = FormVersion.objects.filter(service=service, state=FormState.LIVE).first()
    if live is not None and live.data == written:
        return live
    FormVersion.objects.filter(service=service, state=FormState.LIVE).update(state=FormState.PAST)
    made = FormVersion.objects.create(
        service=service,
        number=next_number(service),
        state=FormState.LIVE,
        data=written,
        note=note,
        written_at=now,
        written_by=actor.name[:120],
        published_at=now,
        published_by=actor.name[:120],
    )
    _audit("published", service, actor, now, number=made.number)
    return made


def next_number(service: Service) -> int:
    """The number of a service's next version; the caller holds the service's row."""
    last = FormVersion.objects.filter(service=service).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def make_draft(
    *, service_slug: str, actor: Actor, now: datetime, of: int | None = None
) -> FormVersion:
    """A draft of the live form or of version `of`; the draft that is there already, without `of`.

    Raises NoSuchForm, and FormChanged where a draft of another version would be overwritten.
    """
    service = _held(service_slug)
    draft = _draft(service)
    if draft is not None:
        if of is None:
            return draft
        raise FormChanged(
            "There is a draft already. Publish it or throw it away before you make another"
        )
    basis = _basis(service, of)
    made = FormVersion.objects.create(
        service=service,
        number=next_number(service),
        state=FormState.DRAFT,
        data=deepcopy(basis.data) if basis is not None else {"questions": []},
        note=f"From version {of}" if of is not None else "",
        written_at=now,
        written_by=actor.name[:120],
    )
    _audit("drafted", service, actor, now, number=made.number, of=basis.number if basis else None)
    return made


@transaction.atomic
def change(
    *,
    service_slug: str,
    work: Callable[[Data], Data],
    actor: Actor,
    now: datetime,
    revision: int | None = None,
) -> FormVersion:
    """Changes the draft by `work`, which makes its new data of the data now.

    With `revision` the whole draft has to be as the page showed it. Raises NoSuchForm, NoDraft,
    FormChanged, reading.BadForm and what `work` raises.
    """
    service = _held(service_slug)
    draft = _draft(service)
    if draft is None:
        raise NoDraft
    if revision is not None and draft.revision != revision:
        raise FormChanged(
            f"{draft.written_by or 'A colleague'} has changed this draft meanwhile. Nothing of "
            "yours was kept: look at it as it is now, and send it again if it is right"
        )
    written = writing.data(reading.form(work(deepcopy(draft.data))))
    if written == draft.data:
        return draft
    draft.data, draft.revision = written, draft.revision + 1
    draft.written_at, draft.written_by = now, actor.name[:120]
    draft.save(update_fields=["data", "revision", "written_at", "written_by"])
    _audit("changed", service, actor, now, number=draft.number, revision=draft.revision)
    return draft


@transaction.atomic
def discard(*, service_slug: str, revision: int, actor: Actor, now: datetime) -> None:
    """Throws a draft away, as the page showed it. Raises NoSuchForm, NoDraft, FormChanged."""
    service = _held(service_slug)
    draft = _draft(service)
    if draft is None:
        raise NoDraft
    _as_seen(draft, revision)
    number = draft.number
    draft.delete()
    _audit("discarded", service, actor, now, number=number)


@transaction.atomic
def publish_draft(
    *,
    service_slug: str,
    revision: int,
    live: int,
    note: str,
    known: lint.Known,
    actor: Actor,
    now: datetime,
) -> FormVersion:
    """The draft is what the service asks from now on, unless the checks found what is wrong.

    `live` is the number of the version that was live when the page was made; 0 for none. Raises
    NoSuchForm, NoDraft, FormChanged, NotPublished.
    """
    service = _held(service_slug)
    draft = _draft(service)
    if draft is None:
        raise NoDraft
    _as_seen(draft, revision)
    was = FormVersion.objects.filter(service=service, state=FormState.LIVE).first()
    if (was.number if was is not None else 0) != live:
        raise FormChanged(
            "Another version went live meanwhile. The draft is kept: compare it with what is live "
            "now, and publish it if it is still right"
        )
    found = lint.lint(reading.form(draft.data), known, today=now.date())
    if bad := lint.wrong(found):
        raise NotPublished(bad)
    FormVersion.objects.filter(service=service, state=FormState.LIVE).update(state=FormState.PAST)
    # Versions are numbered in the order in which they went live.
    if was is not None and was.number > draft.number:
        draft.number = next_number(service)
    draft.state, draft.note = FormState.LIVE, note[:200]
    draft.published_at, draft.published_by = now, actor.name[:120]
    draft.save(update_fields=["number", "state", "note", "published_at", "published_by"])
    _audit("published", service, actor, now, number=draft.number)
    return draft


def _held(slug: str) -> Service:
    service = Service.objects.select_for_update().filter(slug=slug).first()
    if service is None:
        raise NoSuchForm
    return service


def _draft(service: Service) -> FormVersion | None:
    return FormVersion.objects.filter(service=service, state=FormState.DRAFT).first()


def _basis(service: Service, of: int | None) -> FormVersion | None:
    known = FormVersion.objects.filter(service=service).exclude(state=FormState.DRAFT)
    if of is None:
        return known.filter(state=FormState.LIVE).first()
    found = known.filter(number=of).first()
    if found is None:
        raise NoSuchForm
    return found


def _as_seen(draft: FormVersion, revision: int) -> None:
    if draft.revision != revision:
        raise FormChanged(
            f"{draft.written_by or 'A colleague'} has changed this draft since the page was made. "
            "Nothing was done: look at it as it is now, and send it again if it is right"
        )


def _audit(what: str, service: Service, actor: Actor, now: datetime, **data: Any) -> None:
    audit.record(f"form.{what}", actor=actor, target=f"service:{service.slug}", at=now, data=data)
