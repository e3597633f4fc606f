"""Decides what an enquiry is about and who must act; what nobody fits stays in the hub's queue."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

import accounts.queries
import kb.queries
import kb.questions
from accounts.permissions import Viewer
from core.audit import SYSTEM, Actor
from enquiries import clocks, events
from enquiries.actions import (
    promising,
    recounts,
    referrals,
    resolutions,
    suggesting,
    telling,
)
from enquiries.actions.arrivals import UnknownService
from enquiries.channels import Channel
from enquiries.events import EventType
from enquiries.inbound import Located
from enquiries.lifecycle import ENDED, NotNow, Status
from enquiries.models import Enquiry
from enquiries.queries import destinations
from enquiries.queries.access import for_desk
from enquiries.routing import Destination

if TYPE_CHECKING:
    from accounts.models import Organisation
    from kb.models import Service

# Why an enquiry is where it is while its words do not decide what it is about.
WAITS = "Waits for a person to say what it is about"


@transaction.atomic
def triage(
    *,
    enquiry_id: int,
    now: datetime,
    send_to: str | None = None,
    read_first: str = "",
    is_apart: bool = False,
) -> None:
    """First triage. Done once: an enquiry that is no longer new is left as it is.

    Where a person was quicker, the citizen is still told that we have it. `read_first` and
    `is_apart` are the need's.
    """
    enquiry = events.locked(enquiry_id)
    if enquiry.status in ENDED:
        return
    if enquiry.status != Status.NEW.value:
        telling.received(enquiry, now=now)
        return
    if enquiry.service is None:
        _guess_service(enquiry, may_set=not read_first, is_apart=is_apart, now=now)
    elif enquiry.first_contact.channel == Channel.SMS.value:
        suggesting.conversed(enquiry, now=now)
    if send_to:
        _send_where_told(enquiry, send_to, read_first=read_first, now=now)
    else:
        _route(enquiry, actor=SYSTEM, now=now)
    if enquiry.status not in ENDED:
        # Who was told whose it is needs no second message.
        telling.received(enquiry, now=now)


def _guess_service(
    enquiry: Enquiry, *, may_set: bool = True, is_apart: bool = False, now: datetime
) -> None:
    """Below the bar nothing is set, nor where a person reads it first: the suggestion waits on the
    desk for them (ADR 0030)."""
    found = suggesting.suggest(enquiry, is_apart=is_apart, now=now)
    service = kb.queries.service(found.service_slug) if found.service_slug else None
    is_sure = may_set and service is not None and kb.queries.is_sure(found)
    suggesting.keep(enquiry, found, was_set=is_sure, now=now)
    if service is None or not is_sure:
        enquiry.routing_reason = f"{WAITS}. {found.reason}"[:300]
        enquiry.save(update_fields=["routing_reason"])
        return
    _set_service(enquiry, service, reason=found.reason, actor=SYSTEM, now=now)


def _set_service(
    enquiry: Enquiry, service: Service, *, reason: str, actor: Actor, now: datetime
) -> None:
    enquiry.service = service
    enquiry.save(update_fields=["service", "answers"])
    events.record(
        enquiry,
        EventType.TRIAGED,
        actor=actor,
        at=now,
        found=f"Taken to be about {service.name}",
        reason=reason,
    )


def _place_of(enquiry: Enquiry) -> Located:
    return Located(
        postcode=enquiry.postcode,
        district_code=enquiry.district_code,
        ward_code=enquiry.ward_code,
        beside_code=enquiry.beside_code,
        place_doubt=enquiry.place_doubt,
    )


def _destination(enquiry: Enquiry) -> Destination:
    return destinations.destination(
        enquiry.service,
        _place_of(enquiry),
        clocks.london_date(enquiry.received_at),
        destinations.situation_of(enquiry),
    )


def _route(enquiry: Enquiry, *, actor: Actor, now: datetime) -> None:
    """By the rules to its owner; no rule, or the hub itself: the hub's queue with the reason."""
    found = _destination(enquiry)
    # "Nobody has said yet" adds nothing to what the guess already said.
    reason = (
        found.reason if enquiry.service or not enquiry.routing_reason else enquiry.routing_reason
    )
    if found.outside is not None:
        resolutions.hand_off(enquiry, outside=found.outside, reason=reason, actor=actor, now=now)
        return
    owner = accounts.queries.organisation_by_id(found.organisation_id)
    _send(enquiry, owner, found.team_id, reason=reason, actor=actor, now=now)


def _send_where_told(enquiry: Enquiry, slug: str, *, read_first: str = "", now: datetime) -> None:
    owner = accounts.queries.organisation(slug)
    if owner is None or owner.is_hub or not owner.is_active:
        owner, reason = None, _why_kept(enquiry, read_first)
    else:
        reason = "Chosen by the agent who took it"
    _send(enquiry, owner, None, reason=reason, actor=SYSTEM, now=now)


def _why_kept(enquiry: Enquiry, read_first: str) -> str:
    """An agent keeps it; its door says why a person reads it first; or a citizen read whose it is,
    and says that it is ours all the same."""
    if enquiry.first_contact.agent_id is not None:
        return "Kept by the agent who took it"
    why = read_first or "Who asked thinks that it is ours"
    if enquiry.service is None and read_first:
        return f"{why}. {WAITS}"[:300]
    return f"{why}. By the rules: {_destination(enquiry).reason}"[:300]


def _send(
    enquiry: Enquiry,
    owner: Organisation | None,
    team_id: int | None,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Promises, then sends it to its owner: the offer is due when the promise is."""
    promising.promise(enquiry, owner, accounts.queries.team(team_id), actor=actor, now=now)
    if owner is not None and not owner.is_hub:
        referrals.refer(enquiry, owner=owner, team_id=team_id, reason=reason, actor=actor, now=now)
    else:
        referrals.keep(enquiry, team_id=team_id, reason=reason, actor=actor, now=now)


def route_late(enquiry: Enquiry, *, send_to: str, actor: Actor, now: datetime) -> None:
    """Triage of a locked enquiry that was open meanwhile, as if it had just come."""
    if enquiry.service is None:
        _guess_service(enquiry, now=now)
    if send_to:
        _send_where_told(enquiry, send_to, now=now)
    else:
        _route(enquiry, actor=actor, now=now)


@transaction.atomic
def place(*, reference: str, viewer: Viewer, service: str, now: datetime) -> None:
    """A person says which service it is about; the rules then route it anew.

    Raises NoSuchCase, UnknownService, NotNow.
    """
    enquiry = for_desk(viewer, reference)
    if enquiry.status in ENDED:
        raise NotNow("This enquiry has ended. Open it again before you change its service")
    chosen = kb.queries.service(service)
    if chosen is None:
        raise UnknownService("Choose a service from the list")
    # What only the service of before asked says nothing about this one.
    enquiry.answers = kb.questions.still(chosen, enquiry.answers)
    _set_service(enquiry, chosen, reason=f"Said by {viewer.name}", actor=viewer.actor, now=now)
    suggesting.decided(enquiry, chosen, by=viewer.name, now=now)
    reroute(enquiry, actor=viewer.actor, now=now)
    recounts.shorten(enquiry, "the service was corrected", actor=viewer.actor, now=now)


def reroute(enquiry: Enquiry, *, actor: Actor, now: datetime) -> None:
    """Sends a locked enquiry where the rules say now; what was offered until now is taken back."""
    referrals.take_back(enquiry, actor=actor, now=now)
    _route(enquiry, actor=actor, now=now)


@transaction.atomic
def route_again(*, enquiry_id: int, now: datetime) -> None:
    """Sends what its citizen took up again where the rules say, unless somebody was quicker."""
    enquiry = events.locked(enquiry_id)
    if enquiry.status == Status.OPEN.value and enquiry.assignee_id is None:
        reroute(enquiry, actor=SYSTEM, now=now)
