"""Somebody lives elsewhere now: told once, and passed on to all who have something of theirs."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

import accounts.queries
import customers.actions_moves
import customers.queries_merges
import notifications.actions
from accounts.permissions import Viewer
from customers.actions_moves import Due
from enquiries.lifecycle import LIVE
from enquiries.models import Enquiry, Referral
from enquiries.models.referrals import LIVE_REFERRAL

PAGE: Final = "/desk/moves/"


@transaction.atomic
def moved(
    *, viewer: Viewer, person: uuid.UUID, address: str, postcode: str, uprn: str, now: datetime
) -> bool:
    """Keeps where somebody lives now; every organisation with a live enquiry or referral of theirs
    has to say that it knows. False where we knew it. Raises NoSuchPerson, AddressNotWhole."""
    move = customers.actions_moves.move(
        viewer=viewer, person=person, address=address, postcode=postcode, uprn=uprn, now=now
    )
    if move is None:
        return False
    about = _touched(move.person_id)
    customers.actions_moves.tell(move_id=move.move_id, about=about, now=now)
    return True


def _touched(person_id: int) -> dict[int, list[str]]:
    """Who has something live of somebody, by organisation: references of it."""
    ids = customers.queries_merges.all_of(person_id)
    live = [status.value for status in LIVE]
    found: dict[int, set[str]] = {}
    owned = Enquiry.objects.filter(person_id__in=ids, status__in=live)
    hub = accounts.queries.hub().pk
    for owner, reference in owned.values_list("owner_id", "reference"):
        found.setdefault(owner or hub, set()).add(reference)
    referred = Referral.objects.filter(enquiry__person_id__in=ids, status__in=LIVE_REFERRAL)
    for body, reference in referred.values_list("organisation_id", "enquiry__reference"):
        found.setdefault(body, set()).add(reference)
    return {body: sorted(references) for body, references in found.items()}


def tell_due(*, now: datetime) -> int:
    """Sends what has to go out now, first news and reminders, each in a transaction of its own;
    how many went."""
    sent, last = 0, 0
    while True:
        with transaction.atomic():
            due = customers.actions_moves.take_due(now=now, after=last)
            if due is None:
                return sent
            _mail(due, now)
        last, sent = due.id, sent + 1


def _mail(due: Due, now: datetime) -> None:
    """Nothing personal: who it is stands on the page, for those who may read it."""
    body = accounts.queries.organisation_by_id(due.organisation_id)
    if body is None:
        return
    team = accounts.queries.default_team(body.pk)
    to = (team.email if team else "") or body.email
    if not to:
        return
    notifications.actions.send(
        key=f"moved_home:{due.id}:{due.chased}",
        event="moved_home",
        medium="email",
        to=to,
        context={
            "references": ", ".join(due.about),
            "again": "yes" if due.chased else "",
            "desk_url": f"{settings.HUB_BASE_URL}{PAGE}",
        },
        about=due.about[0] if due.about else "",
        now=now,
    )
