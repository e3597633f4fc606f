"""The doors to one enquiry: who may reach it, locked for a change. Not yours reads as not there."""

from __future__ import annotations

import uuid
from functools import cache

from django.db.models import CharField, Q, QuerySet

from accounts.permissions import Permission, Viewer
from core import references
from core.errors import DomainError
from core.locking import as_it_is
from core.statements import Given, Statement, statement
from enquiries import events
from enquiries.lifecycle import ENDED
from enquiries.models import Enquiry, Referral
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.queries import of_kiosks

# Where work was taken, done, or is still to be answered. What was handed back, or taken away, is
# nobody's to read any more.
HELD = ("offered", "accepted", "completed")


class NoSuchCase(DomainError):
    code = "no_such_enquiry"


class NoSuchReferral(DomainError):
    code = "no_such_referral"


def visible(viewer: Viewer) -> QuerySet[Enquiry]:
    """Every enquiry for the hub's desk; for a partner those referred to it. Others see none."""
    if viewer.is_hub and viewer.may(Permission.SEE_QUEUE):
        return Enquiry.objects.all()
    if viewer.may(Permission.ANSWER_REFERRALS):
        return Enquiry.objects.filter(
            pk__in=held_by(viewer.organisation_id or 0).values("enquiry_id")
        )
    return Enquiry.objects.none()


def held_by(organisation_id: int) -> QuerySet[Referral]:
    """Referrals by which an organisation may read an enquiry now.

    Work that it completed counts while that is the end of it: opened again it is another's.
    """
    live_or_over = Q(status__in=LIVE_REFERRAL) | Q(enquiry__status__in=list(ENDED))
    return Referral.objects.filter(live_or_over, organisation_id=organisation_id, status__in=HELD)


def canonical(reference: str) -> str:
    """A reference as stored, however it was typed. Raises NoSuchCase."""
    try:
        return of_kiosks.leads_to(references.parse(reference))
    except references.BadReference as error:
        raise NoSuchCase("There is no enquiry with that reference") from error


def desk_id(viewer: Viewer, reference: str) -> int:
    """The key of a case of the hub's desk, unlocked. Raises NoSuchCase."""
    found = None
    if viewer.is_hub and viewer.may(Permission.SEE_QUEUE):
        found = next(iter(_key().rows(reference=canonical(reference))), None)
    if found is None:
        raise NoSuchCase("There is no enquiry with that reference")
    pk: int = found[0]
    return pk


@cache
def _key() -> Statement:
    rows = Enquiry.objects.filter(reference=Given("reference", CharField()))
    return statement(rows.values_list("pk"), prepared=True)


def for_desk(viewer: Viewer, reference: str) -> Enquiry:
    """A case of the hub's desk, locked until the transaction ends. Raises NoSuchCase."""
    return events.locked(desk_id(viewer, reference))


def own_referrals(viewer: Viewer) -> QuerySet[Referral]:
    """The referrals to the viewer's organisation; none for who may not answer them."""
    rows = Referral.objects.filter(organisation_id=viewer.organisation_id or 0)
    return rows if viewer.may(Permission.ANSWER_REFERRALS) else rows.none()


def referral_locked(viewer: Viewer, public_id: uuid.UUID) -> tuple[Referral, Enquiry]:
    """A referral to the viewer's organisation and its enquiry, both locked.

    Raises NoSuchReferral. The enquiry is locked first, everywhere, so that nobody waits in a ring.
    """
    return _locked(own_referrals(viewer), public_id)


def referral_of_hub_locked(viewer: Viewer, public_id: uuid.UUID) -> tuple[Referral, Enquiry]:
    """A referral that the hub made and its enquiry, both locked. Raises NoSuchReferral."""
    may = viewer.is_hub and viewer.may(Permission.REFER)
    return _locked(Referral.objects.all() if may else Referral.objects.none(), public_id)


def _locked(rows: QuerySet[Referral], public_id: uuid.UUID) -> tuple[Referral, Enquiry]:
    found = rows.filter(public_id=public_id).values_list("pk", "enquiry_id").first()
    if found is None:
        raise NoSuchReferral("There is no such referral")
    enquiry = events.locked(found[1])
    referral = (
        Referral.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation", "team", "assignee", "suggested")
        .get(pk=found[0])
    )
    return as_it_is(referral), enquiry
