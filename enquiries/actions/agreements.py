"""What organisations agreed, changed by administrators.

An agreement holds for what is offered and promised from now on; what runs keeps its times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

import accounts.queries
import kb.queries
from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from enquiries.actions import versions
from enquiries.models import Agreement
from enquiries.promises import Agreed

MOST_HOURS = 400
MOST_DAYS = 260


class AgreementRefused(DomainError):
    code = "agreement_refused"


class NoSuchAgreement(DomainError):
    code = "no_such_agreement"


@dataclass(frozen=True, slots=True)
class About:
    """Which agreement: an organisation's, about one service, or about any other (None)."""

    organisation: str
    service: str | None


@transaction.atomic
def set_agreement(
    *, viewer: Viewer, about: About, agreed: Agreed, seen: Agreed | None, now: datetime
) -> None:
    """Makes an agreement or changes it.

    `seen` is what the page showed, None where it showed none: what somebody else has changed
    meanwhile is not written over. Raises NoSuchAgreement, AgreementRefused.
    """
    body, service = _found(viewer, about)
    _check(agreed)
    row = _locked(body, service)
    there = _agreed(row) if row else None
    if there != seen:
        raise AgreementRefused(
            f"There is an agreement about this now: {words(there)}. Look at it and change that one"
            if there
            else "Somebody has removed this agreement meanwhile. Add it again if it is wanted"
        )
    if there == agreed:
        return
    row = row or Agreement(organisation_id=body, service_id=service)
    row.accept_wh, row.work_wd, row.elapsed = agreed.accept_wh, agreed.work_wd, agreed.elapsed
    row.save()
    _audit("set", viewer, about, now, now_is=agreed, was=there)


@transaction.atomic
def remove_agreement(*, viewer: Viewer, about: About, now: datetime) -> None:
    """Takes an agreement away; one that is gone stays gone. Raises NoSuchAgreement."""
    body, service = _found(viewer, about)
    row = _locked(body, service)
    if row is not None:
        row.delete()
        _audit("removed", viewer, about, now, now_is=None, was=_agreed(row))


def words(agreed: Agreed) -> str:
    """8 working hours to accept, 20 working days for the work."""
    kind = "" if agreed.elapsed else "working "
    hours = f"{agreed.accept_wh} {kind}hour{'s' if agreed.accept_wh != 1 else ''}"
    days = f"{agreed.work_wd} {kind}day{'s' if agreed.work_wd != 1 else ''}"
    return f"{hours} to accept, {days} for the work{', by the clock' if agreed.elapsed else ''}"


def _check(agreed: Agreed) -> None:
    if not 1 <= agreed.accept_wh <= MOST_HOURS:
        raise AgreementRefused(f"Enter hours from 1 to {MOST_HOURS}", field="accept_wh")
    if not 0 <= agreed.work_wd <= MOST_DAYS:
        raise AgreementRefused(f"Enter days from 0 to {MOST_DAYS}", field="work_wd")


def _found(viewer: Viewer, about: About) -> tuple[int, int | None]:
    """The keys of the organisation and the service. What is not there for a viewer is not there."""
    body = accounts.queries.organisation(about.organisation)
    if body is None or not body.is_active or not viewer.may(Permission.ADMINISTER):
        raise NoSuchAgreement("There is no such agreement")
    if about.service is None:
        return body.pk, None
    service = kb.queries.service(about.service)
    if service is None:
        raise AgreementRefused("Choose a service", field="service")
    return body.pk, service.pk


def _locked(body: int, service: int | None) -> Agreement | None:
    versions.lock()
    about = Q(service=None) if service is None else Q(service_id=service)
    return Agreement.objects.filter(about, organisation_id=body).first()


def _agreed(row: Agreement) -> Agreed:
    return Agreed(row.accept_wh, row.work_wd, row.elapsed)


def _audit(
    what: str,
    viewer: Viewer,
    about: About,
    now: datetime,
    *,
    now_is: Agreed | None,
    was: Agreed | None,
) -> None:
    audit.record(
        f"agreement.{what}",
        actor=viewer.actor,
        target=f"agreement:{about.organisation}/{about.service or 'any'}",
        at=now,
        data={"now": words(now_is) if now_is else "", "was": words(was) if was else ""},
    )
