"""Tells those whom a citizen lets us keep told: in neutral words, and only who said yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

import notifications.actions
from core.days import written
from core.sealing import SealBroken, unseal
from customers.queries_telling import texts_stopped
from enquiries.lifecycle import OUTCOME_WORDS, Outcome
from enquiries.models import Enquiry, Subscription
from enquiries.queries.subscriptions import PURPOSE
from kb import tongues

_NEWS = {
    "asked": gettext_noop("We wait for an answer from the person who told us."),
    "reopened": gettext_noop("It goes on: it was opened again."),
    "late": gettext_noop("It is later than we promised. Those who deal with it have been told."),
}


def news(enquiry: Enquiry, event: str, said: Mapping[str, str | Callable[[], str]]) -> str:
    """A step of an enquiry in neutral words; empty for what is not for others."""
    if event == "accepted":
        who = said.get("owner") or (enquiry.owner.name if enquiry.owner else "")
        return gettext("%(who)s has taken it on.") % {"who": who}
    if event == "resolved":
        how = gettext(OUTCOME_WORDS[Outcome(enquiry.outcome)]).lower()
        return gettext("It has ended: %(how)s.") % {"how": how}
    if event == "new_date":
        day = written(enquiry.expected_on, "l j E") if enquiry.expected_on else ""
        return gettext("There is a new date: %(day)s.") % {"day": day}
    if event == "followed":
        told = said.get("news", "")
        return told if isinstance(told, str) else told()
    return gettext(_NEWS[event]) if event in _NEWS else ""


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
    if one.medium == "sms" and texts_stopped(to):
        return
    service = enquiry.service
    with translation.override(enquiry.language):
        is_named = service is not None and not service.sensitive
        named = str(tongues.said(service.name)) if service is not None and is_named else ""
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
