"""How a citizen is told about one enquiry: changed by who has its link, said to old and new."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

import customers.actions
import notifications.actions
from core.audit import CITIZEN
from core.errors import DomainError
from core.privacy import address_hash, mask
from customers.contact import is_mobile, read_email, read_phone
from customers.ways import EMAIL, SMS, Way, Why
from enquiries import events
from enquiries.actions import telling
from enquiries.events import EventType
from enquiries.lifecycle import LIVE, NotNow
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.queries.ways import speaks_for, way_of

MOST_A_DAY = 5
A_DAY = timedelta(days=1)

Medium = Literal["email", "sms"]


class CannotWriteThere(DomainError):
    code = "address_not_usable"
    field = "to"


def _read(medium: Medium, to: str) -> Way:
    if medium == "email":
        return Way(EMAIL, read_email(to), Why.CHOSEN)
    number = read_phone(to)
    if not is_mobile(number):
        raise CannotWriteThere(_("Enter a mobile number. We cannot send a text to this one"))
    return Way(SMS, number, Why.CHOSEN)


@transaction.atomic
def choose(*, reference: str, medium: Medium, to: str, now: datetime) -> bool:
    """Writes to another address about this enquiry from now on; whether anything changed.

    For code that has settled that it is the citizen's, by the secret link. The old address and the
    new one are both told. Raises NotNow, CannotWriteThere, NotAnEmailAddress, NotAPhoneNumber.
    """
    wanted = _read(medium, to)
    pk = Enquiry.objects.values_list("pk", flat=True).get(reference=reference)
    enquiry = events.locked(pk)
    if enquiry.status not in LIVE:
        raise NotNow(_("This has ended, so there is nothing more to tell"))
    old = way_of(enquiry)
    if old is not None and old.place == wanted.place:
        # Where they are told already, perhaps for want of the other way that they had chosen.
        _keep(enquiry, wanted, now=now)
        return False
    kind = EventType.TELLING_CHANGED.value
    changed = EnquiryEvent.objects.filter(enquiry=enquiry, type=kind, at__gt=now - A_DAY)
    if changed.count() >= MOST_A_DAY:
        raise NotNow(_("You changed this several times today. Try again tomorrow, or call us"))
    _keep(enquiry, wanted, now=now)
    is_now = way_of(enquiry)
    if is_now is None or is_now.place != wanted.place:
        raise CannotWriteThere(
            _("We cannot send messages to this one. Nothing was changed. Use another")
        )
    way = "email" if medium == "email" else "text message"
    event = events.record(enquiry, EventType.TELLING_CHANGED, actor=CITIZEN, at=now, way=way)
    _tell_both(enquiry, old, wanted, sequence=event.sequence, now=now)
    return True


def _keep(enquiry: Enquiry, wanted: Way, *, now: datetime) -> None:
    """The address is one of its person's; who was anonymous is somebody from now on."""
    email = wanted.to if wanted.medium == "email" else ""
    phone = wanted.to if wanted.medium == "sms" else ""
    if enquiry.person_id is None:
        # Never somebody whom we know: whoever has the link may give anybody's address.
        enquiry.person_id = customers.actions.somebody_new(now=now)
    customers.actions.add_point(enquiry.person_id, email=email, phone=phone, for_one=True)
    enquiry.tell_by = wanted.medium
    enquiry.tell_to = address_hash("email" if email else "phone", wanted.to)
    enquiry.save(update_fields=["person", "tell_by", "tell_to"])


def _tell_both(
    enquiry: Enquiry, old: Way | None, new: Way, *, sequence: int, now: datetime
) -> None:
    key = f"telling_changed:{enquiry.pk}:{sequence}"
    for event, way in (("told_elsewhere", old), ("told_here", new)):
        if way is not None:
            notifications.actions.send(
                key=f"{key}:{event}",
                event=event,
                medium=way.medium,
                to=way.to,
                context={**telling.context_of(enquiry), "masked": mask(new.to).replace("•", "*")},
                language=enquiry.language,
                about=enquiry.reference,
                organisation=speaks_for(enquiry),
                now=now,
            )


def send_link(*, reference: str, now: datetime) -> None:
    """Sends the citizen their link again, to where we write to them, at most once an hour, and so
    often in a day to one address.

    For who knows the reference and a postcode or the end of a number: they learn nothing by it.
    """
    enquiry = (
        Enquiry.objects.select_related("service", "owner", "first_contact", "person")
        .filter(reference=reference)
        .first()
    )
    if enquiry is not None:
        key = f"link:{enquiry.pk}:{now:%Y%m%d%H}"
        with transaction.atomic():
            if not telling.is_too_often(enquiry, "link", now=now):
                telling.citizen(enquiry, "link", key=key, now=now)
