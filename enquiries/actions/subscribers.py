"""Tells those whom a citizen lets us keep told: in neutral words, and only who said yes."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext

import notifications.actions
from core.sealing import SealBroken, unseal
from enquiries.models import Enquiry, Subscription
from enquiries.queries.subscriptions import PURPOSE


def taken_on(who: str, until: str) -> str:
    """ "They are on it", for others."""
    if until:
        said = {"who": who, "until": until}
        return gettext("%(who)s has taken it on and aims to finish by %(until)s.") % said
    return gettext("%(who)s has taken it on.") % {"who": who}


def waits_for_an_answer() -> str:
    """ "We need to know something more", for others."""
    return gettext("We wait for an answer from the person who told us.")


def page_of(one: Subscription) -> str:
    """The page on which somebody says yes to being told, or stops it."""
    return f"{settings.HUB_BASE_URL}/kept-told/{one.secret}/"


def tell(enquiry: Enquiry, news: str, *, key: str, now: datetime) -> None:
    """One step of an enquiry to everybody who is kept told of it. The same key twice is one."""
    rows = Subscription.objects.filter(enquiry=enquiry, ended_at=None)
    for one in rows.exclude(confirmed_at=None):
        write(one, enquiry, "kept_told", key=f"kept_told:{one.pk}:{key}", now=now, news=news)


def write(
    one: Subscription, enquiry: Enquiry, event: str, *, key: str, now: datetime, **more: str
) -> None:
    """One message to one of them: no name, no words of anybody, no link of the citizen's own."""
    try:
        to = unseal(one.sealed, purpose=PURPOSE)
    except SealBroken:
        return  # the key of that time is gone, and with it the address
    service = enquiry.service
    named = service.name if service is not None and not service.sensitive else ""
    notifications.actions.send(
        key=key,
        event=event,
        medium=one.medium,
        to=to,
        context={
            "reference": enquiry.reference,
            "service": named,
            "page_url": page_of(one),
            **more,
        },
        language=enquiry.language,
        # Not under the reference: what others were told is nothing for the citizen's page.
        about="",
        now=now,
    )
