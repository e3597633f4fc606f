"""Publishes forms. One that was live never changes: enquiries keep the one that asked them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from core import audit
from core.audit import Actor
from kb.forms import reading, writing
from kb.models import FormState, FormVersion, Service


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
    audit.record(
        "form.published",
        actor=actor,
        target=f"service:{service.slug}",
        at=now,
        data={"number": made.number},
    )
    return made


def next_number(service: Service) -> int:
    """The number of a service's next version; the caller holds the service's row."""
    last = FormVersion.objects.filter(service=service).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
