"""Forms as a partner's editor sees them: what is asked, and what differs in their own areas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import accounts.queries
from accounts.permissions import Viewer
from kb import queries_forms
from kb.actions_forms import NoSuchForm
from kb.forms import local, reading
from kb.forms.schema import Form
from kb.forms_access import answered_for, own_areas
from kb.models import AreaDraft, FormState, FormVersion, Service
from kb.queries_forms import Version

__all__ = ["NoSuchForm"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an organisation is writing about its own areas."""

    changes: Mapping[str, Any]
    revision: int
    written_at: datetime
    written_by: str

    @property
    def count(self) -> int:
        """How many pieces it changes."""
        return sum(1 for _ in local.each(self.changes))


@dataclass(frozen=True, slots=True)
class Row:
    """A service that the viewer's body answers for: how much differs there, and its draft."""

    service: Service
    questions: int
    different: int
    draft: Draft | None


@dataclass(frozen=True, slots=True)
class Mine:
    """One form: what is live, and with the draft of the viewer's body."""

    service: Service
    live: Version | None
    draft: Draft | None
    areas: Mapping[str, str]

    @property
    def data(self) -> dict[str, Any]:
        """The form as it would be with the draft."""
        data = self.live.data if self.live is not None else {"questions": []}
        return local.applied(data, self.draft.changes) if self.draft is not None else data

    @property
    def form(self) -> Form:
        """The same, read."""
        return reading.form(self.data)

    @property
    def overtaken(self) -> list[tuple[str, str]]:
        """What of the draft was written over something that has changed since."""
        live = self.live.data if self.live is not None else {"questions": []}
        return local.overtaken(live, self.draft.changes) if self.draft is not None else []


def areas(viewer: Viewer) -> Mapping[str, str]:
    """The areas of the viewer's body: codes with names, its own first."""
    body = accounts.queries.organisation(viewer.organisation_slug)
    return MappingProxyType(own_areas(viewer, body.area_code if body is not None else ""))


def overview(viewer: Viewer) -> list[Row]:
    """Every form that the viewer's body has a part in."""
    codes = set(areas(viewer))
    services = list(answered_for(viewer).order_by("group", "name"))
    live = {
        one.service_id: one.data
        for one in FormVersion.objects.filter(service__in=services, state=FormState.LIVE)
    }
    mine = AreaDraft.objects.filter(
        service__in=services, organisation_id=viewer.organisation_id or 0
    )
    drafts = {one.service_id: _draft(one) for one in mine}
    return [
        Row(
            one,
            len(live.get(one.pk, {}).get("questions", [])),
            sum(
                len(codes & set(question.get("areas", {})))
                for question in live.get(one.pk, {}).get("questions", [])
            ),
            drafts.get(one.pk),
        )
        for one in services
    ]


def one(viewer: Viewer, slug: str) -> Mine:
    """One of those. Raises NoSuchForm for what is none of theirs."""
    service = None if "\x00" in slug else answered_for(viewer).filter(slug=slug).first()
    if service is None:
        raise NoSuchForm
    row = AreaDraft.objects.filter(
        service=service, organisation_id=viewer.organisation_id or 0
    ).first()
    draft = _draft(row) if row is not None else None
    return Mine(service, queries_forms.live(slug), draft, areas(viewer))


def _draft(row: AreaDraft) -> Draft:
    return Draft(row.changes, row.revision, row.written_at, row.written_by)
