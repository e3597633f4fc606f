"""Reads forms for those who write them: what is live, what is being written, what was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kb import questions
from kb.forms import reading, standard
from kb.forms.schema import Form
from kb.models import Article, FormState, FormVersion, Service


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a service's form."""

    number: int
    state: str
    data: dict[str, Any]
    note: str
    revision: int
    written_at: datetime
    written_by: str
    published_at: datetime | None
    published_by: str

    @property
    def form(self) -> Form:
        """The form that its data are."""
        return reading.form(self.data)

    @property
    def is_draft(self) -> bool:
        """Whether it is still being written."""
        return self.state == FormState.DRAFT


@dataclass(frozen=True, slots=True)
class Row:
    """A service with its live form and its draft, either of which may be missing."""

    service: Service
    live: Version | None
    draft: Version | None


def overview(text: str = "") -> list[Row]:
    """Every live service by group and name, or those whose name or slug has the words."""
    services = Service.objects.filter(is_active=True).order_by("group", "name")
    words = text.replace("\x00", "").casefold().split()
    found = [
        one
        for one in services
        if all(word in f"{one.name} {one.slug} {one.synonyms}".casefold() for word in words)
    ]
    now: dict[tuple[int, str], FormVersion] = {
        (one.service_id, one.state): one
        for one in FormVersion.objects.filter(service__in=found).exclude(state=FormState.PAST)
    }
    return [
        Row(
            one,
            _version(now.get((one.pk, FormState.LIVE))),
            _version(now.get((one.pk, FormState.DRAFT))),
        )
        for one in found
    ]


def service(slug: str) -> Service | None:
    """A service whose form can be written, also one that is offered no more."""
    if "\x00" in slug:
        return None
    return Service.objects.filter(slug=slug).first()


def draft(slug: str) -> Version | None:
    """What is being written."""
    return _one(slug, state=FormState.DRAFT)


def live(slug: str) -> Version | None:
    """What is asked now, where the service asks something of its own."""
    return _one(slug, state=FormState.LIVE)


def version(slug: str, number: int) -> Version | None:
    """One version by its number."""
    return _one(slug, number=number)


def before(slug: str, number: int) -> Version | None:
    """The published version before one."""
    known = FormVersion.objects.filter(service__slug=slug, number__lt=number)
    return _version(known.exclude(state=FormState.DRAFT).order_by("-number").first())


def history(slug: str) -> Sequence[Version]:
    """Every version that is or was live, the newest first."""
    known = FormVersion.objects.filter(service__slug=slug).exclude(state=FormState.DRAFT)
    return [one for row in known.order_by("-number")[:100] if (one := _version(row)) is not None]


def completed(service: Service, form: Form) -> Form:
    """A form with what every service asks, as the catalogue says."""
    return standard.completed(form, questions.facts(service))


def articles() -> list[tuple[str, str]]:
    """Published answers, by slug, with their titles."""
    return list(
        Article.objects.filter(is_published=True).order_by("title").values_list("slug", "title")
    )


def _one(slug: str, **wanted: Any) -> Version | None:
    if "\x00" in slug:
        return None
    return _version(FormVersion.objects.filter(service__slug=slug, **wanted).first())


def _version(row: FormVersion | None) -> Version | None:
    if row is None:
        return None
    return Version(
        row.number,
        row.state,
        row.data,
        row.note,
        row.revision,
        row.written_at,
        row.written_by,
        row.published_at,
        row.published_by,
    )
