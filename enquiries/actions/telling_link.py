"""The number and the link of an enquiry, to an address that somebody types who has both before
them: at a kiosk, on the page that says we have it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation

import notifications.actions
from core.privacy import Kind, address_hash
from customers.queries_telling import texts_stopped
from enquiries.actions import telling
from enquiries.models import Enquiry
from enquiries.queries import tracking
from enquiries.queries.ways import speaks_for


@transaction.atomic
def send_to(
    *, reference: str, secret: str, kind: Kind, to: str, language: str, now: datetime
) -> None:
    """Promises one message to an address as customers.contact reads it: once, however often asked.

    The address is kept with the message alone. Who stopped texts gets none, and nobody learns it.
    """
    if tracking.by_link(reference, secret, now=now) is None:
        return
    if kind == "phone" and texts_stopped(to):
        return
    enquiry = Enquiry.objects.select_related("service", "owner").get(reference=reference)
    with translation.override(language):
        context = telling.context_of(enquiry)
    notifications.actions.send(
        key=f"link:{enquiry.pk}:{address_hash(kind, to)[:24]}",
        event="link",
        medium="email" if kind == "email" else "sms",
        to=to,
        context=context,
        about=enquiry.reference,
        language=language,
        organisation=speaks_for(enquiry),
        now=now,
    )
