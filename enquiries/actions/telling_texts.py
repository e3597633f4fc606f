"""What a text is answered with within its own request, and what is said when no answer came."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation

import notifications.actions
import notifications.queries
from enquiries import clocks
from enquiries.actions.telling import day_words
from enquiries.inbound import Located
from enquiries.models import Enquiry
from enquiries.queries import destinations
from enquiries.queries.ways import way_of
from kb import tongues


def answered_at_once(
    reference: str,
    *,
    to: str,
    hint: str,
    short: str = "",
    danger: str = "",
    is_read_first: bool = False,
    is_stopped: bool = False,
    now: datetime,
) -> str:
    """ "We have it", as the answer to a text within its own request: the words to answer with.

    It stands under the key of `received`, so that triage does not say the same again. `danger`
    comes first; `short`, what we know about it, is left out where the text would become too long;
    `is_read_first` says that a person reads it before anybody promises anything, `is_stopped` that
    no text may go to them by itself, so that none is promised.
    """
    enquiry = Enquiry.objects.select_related("service", "first_contact", "person").get(
        reference=reference
    )
    likely = _likely(enquiry)
    with translation.override(enquiry.language):
        promised, short = day_words(enquiry.promised_on), str(tongues.said(short))
    said = {
        "reference": enquiry.reference,
        "owner": "" if is_read_first else likely,
        "promised": "" if is_read_first else promised,
        "hint": hint,
        "danger": danger,
        "stopped": "yes" if is_stopped else "",
    }
    fuller = f"{short} {hint}".strip() if short else hint
    is_whole = fuller != hint and notifications.queries.fits_a_text(fuller)
    return notifications.actions.answer(
        key=f"received:{enquiry.pk}",
        event="sms_received",
        to=to,
        context=said,
        fuller={**said, "hint": fuller} if is_whole else None,
        about=enquiry.reference,
        language=enquiry.language,
        now=now,
    )


def joined_at_once(enquiry_id: int, reference: str, *, to: str, now: datetime) -> str:
    """ "Somebody told us already", which would go as a text, as the answer to one: its words, ""
    where no such text waits. It stands where `answered_at_once` would."""
    return notifications.actions.answer_with(
        key=f"received:{enquiry_id}", event="linked", to=to, about=reference, now=now
    )


def answer_of(enquiry_id: int) -> str | None:
    """What `answered_at_once` said of an enquiry."""
    return notifications.queries.answer_given(f"received:{enquiry_id}")


def reference_of(enquiry_id: int | None) -> str:
    """The reference of what a conversation became; "" for nothing."""
    if enquiry_id is None:
        return ""
    rows = Enquiry.objects.filter(pk=enquiry_id).values_list("reference", flat=True)
    return rows.first() or ""


def opened_unanswered(reference: str, *, is_read_first: bool, now: datetime) -> None:
    """Nobody answered our question any more: what was said is an enquiry, and this its reference.

    In place of `received`, not at night, and to nobody who wants no more texts.
    """
    enquiry = Enquiry.objects.select_related("service", "first_contact", "person").get(
        reference=reference
    )
    way = way_of(enquiry)
    if way is None or way.medium != "sms":
        return
    likely = _likely(enquiry)
    with translation.override(enquiry.language):
        promised = day_words(enquiry.promised_on)
    notifications.actions.send(
        key=f"received:{enquiry.pk}",
        event="sms_opened",
        medium=way.medium,
        to=way.to,
        context={
            "reference": enquiry.reference,
            "owner": "" if is_read_first else likely,
            "promised": "" if is_read_first else promised,
        },
        about=enquiry.reference,
        language=enquiry.language,
        now=now,
    )


def _likely(enquiry: Enquiry) -> str:
    """Who deals with it, as far as the rules can tell before triage; "" while nobody can."""
    place = Located(district_code=enquiry.district_code, ward_code=enquiry.ward_code)
    likely = destinations.destination(
        enquiry.service,
        place,
        clocks.london_date(enquiry.received_at),
        destinations.situation_of(enquiry),
    )
    return likely.organisation_name if enquiry.service else ""
