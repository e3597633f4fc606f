"""What is known already, before anybody gives a name: notices, and what others told us nearby.

"It is this one" sends what they wrote as somebody else's report too; "this is what I wanted to tell
you" takes a notice for the answer; anything else goes on with the form.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.core import signing
from django.utils.translation import gettext_lazy as _

import kb.queries
import kb.queries_notices
from channels.asking import contact, forms
from channels.asking.journey import EMAIL, NOBODY, SMS, Journey
from core.errors import DomainError
from enquiries import joining
from enquiries.inbound import InboundContact, Located
from enquiries.queries import locating, notice_spots
from enquiries.queries import nearby as reports
from kb.queries_notices import Shown

if TYPE_CHECKING:
    from enquiries.queries.nearby import Nearby

_SALT: Final = "channels.asking.nearby"
_A_DAY: Final = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Report:
    """One report of somebody else, and what a button sends to say that it is this one."""

    shown: Nearby
    token: str


@dataclass(frozen=True, slots=True)
class Screen:
    """All that is known about what somebody is about to tell us."""

    notices: tuple[Shown, ...]
    reports: tuple[Report, ...]

    def __bool__(self) -> bool:
        return bool(self.notices or self.reports)


class TellForm(forms.YouForm):
    """How to tell somebody what comes of it: an address, and a name only if they like."""

    wants_name = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Full name (optional)")


def where(journey: Journey) -> Located:
    """The place of a journey with its areas; nowhere where it has none or it is none any more."""
    try:
        return locating.located(contact.place(journey))
    except DomainError:
        return Located()


def screen(journey: Journey, *, now: datetime) -> Screen:
    """What is known about the service and the place of a journey; empty where nothing is."""
    service = kb.queries.service(journey.service)
    if service is None:
        return Screen((), ())
    place, by_point = where(journey), journey.latitude is not None
    found = reports.nearby(service, place, now=now, by_point=by_point)
    notices = kb.queries_notices.current(
        service.slug, notice_spots.spot(place, by_point=by_point), now=now
    )
    return Screen(notices, tuple(Report(one, seal(journey, one.enquiry_id)) for one in found))


def nearest(journey: Journey, *, now: datetime) -> Report | None:
    """The nearest report that can be joined, for a door that shows one; None for none."""
    service = kb.queries.service(journey.service)
    by_point = journey.latitude is not None
    found = reports.nearby(service, where(journey), now=now, by_point=by_point)
    live = next((one for one in found if one.is_live), None)
    return Report(live, seal(journey, live.enquiry_id)) if live is not None else None


def is_due(journey: Journey, *, now: datetime) -> bool:
    """Whether there is something that the person has not read yet, before we ask who they are."""
    return journey.nearby_for != mark(journey) and bool(screen(journey, now=now))


def mark(journey: Journey) -> str:
    """Stands for the service and the place: other ones, and what is known is another thing."""
    said = (journey.service, journey.postcode, journey.latitude, journey.longitude)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def passed(journey: Journey) -> Journey:
    """The journey of somebody who has read it, and says that theirs is not among it."""
    return replace(
        journey, revision=journey.revision + 1, nearby_for=mark(journey), joins="", notice=""
    )


def chosen(journey: Journey, *, report: str, notice: str) -> Journey | None:
    """The journey with what the person says is theirs; None for what this page did not offer."""
    here = passed(journey)
    if report and _opened(journey, report) is not None:
        return replace(here, joins=report)
    if notice and _uuid(notice) is not None:
        return replace(here, notice=notice)
    return None


def seal(journey: Journey, enquiry_id: int) -> str:
    """A report as this journey may name it: of no use in any other one, and for a day."""
    return signing.dumps(enquiry_id, salt=f"{_SALT}:{journey.id}")


def _opened(journey: Journey, token: str) -> int | None:
    try:
        found = signing.loads(token, salt=f"{_SALT}:{journey.id}", max_age=_A_DAY)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None


def joined(journey: Journey) -> int | None:
    """The report that a journey joins: chosen for another place or service it is none."""
    is_of_here = bool(journey.joins) and journey.nearby_for == mark(journey)
    return _opened(journey, journey.joins) if is_of_here else None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def tell_form(journey: Journey, data: Any) -> TellForm:
    """How to be told. Who only wants to have told us of a notice need not say."""
    initial = {"email": journey.email, "phone": journey.phone, "name": journey.name}
    if journey.tell_by in (EMAIL, SMS):
        initial["tell_by"] = journey.tell_by
    return TellForm(data, anonymous_ok=bool(journey.notice), initial=initial)


def told_by(journey: Journey, data: dict[str, Any]) -> Journey:
    """The journey with how to tell them."""
    told = {name: data[name] for name in ("tell_by", "email", "phone", "name")}
    return replace(journey, revision=journey.revision + 1, **told)


def send(journey: Journey, inbound: InboundContact, *, now: datetime) -> contact.Sent:
    """Sends what is theirs too, or what a notice answers, and gives it a reference.

    Raises joining.NoticeOver, and what intake.receive raises.
    """
    # Chosen for another place or service, it says nothing of this one.
    is_of_here = journey.nearby_for == mark(journey)
    target = joined(journey)
    notice = _uuid(journey.notice) if journey.notice and is_of_here else None
    if inbound.suspicion:
        # A person looks first: what is spam neither follows a report nor is answered.
        return contact.send(journey, inbound, now=now)
    if target is not None:
        return contact.sent_by(
            journey,
            inbound,
            lambda: joining.join(inbound, target_id=target, now=now),
            now=now,
        )
    if notice is None:
        return contact.send(journey, inbound, now=now)
    place = notice_spots.spot(where(journey), by_point=journey.latitude is not None)
    tell = journey.tell_by != NOBODY
    return contact.sent_by(
        journey,
        inbound,
        lambda: joining.known(inbound, notice=notice, place=place, tell=tell, now=now),
        now=now,
    )
