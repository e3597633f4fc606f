"""What we tell citizens and partners, once each: the keys make it so (D3)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

import customers.queries
import notifications.actions
import notifications.queries
from enquiries import clocks
from enquiries.inbound import Located
from enquiries.lifecycle import CLOCK_WORDS, OUTCOME_WORDS, ClockKind, Outcome
from enquiries.models import Clock, Enquiry, Referral
from enquiries.queries import destinations
from enquiries.queries.tracking import track_url

# History that is loaded with its own dates tells nobody today what happened then.
OLD_NEWS = timedelta(days=1)


def _is_history(now: datetime) -> bool:
    return timezone.now() - now > OLD_NEWS


def day_words(day: date | None) -> str:
    """A date as citizens read it: "Thursday 26 November"."""
    return date_format(day, "l j F") if day else ""


def moment_words(moment: datetime) -> str:
    """A moment as people read it: "Thursday 26 November, 5pm"."""
    local = timezone.localtime(moment)
    clock = date_format(local, "g:i").removesuffix(":00")
    return f"{day_words(local.date())}, {clock}{'am' if local.hour < 12 else 'pm'}"


def desk_url(enquiry: Enquiry) -> str:
    """The page of an enquiry on the desk."""
    return f"{settings.HUB_BASE_URL}/desk/cases/{enquiry.reference}/"


def _context(enquiry: Enquiry) -> dict[str, str]:
    return {
        "reference": enquiry.reference,
        "service": enquiry.service.name if enquiry.service else "",
        "owner": enquiry.owner.name if enquiry.owner else "Worcestershire Hub",
        "promised": day_words(enquiry.promised_on),
        "track_url": track_url(enquiry),
    }


def citizen(enquiry: Enquiry, event: str, *, key: str, now: datetime, **more: str) -> None:
    """Tells the citizen by the way they chose, if they left one. The same key twice is one."""
    if enquiry.person_id is None or _is_history(now):
        return
    way = customers.queries.reach(
        enquiry.person_id,
        prefer=enquiry.tell_by or None,
        given=enquiry.first_contact.address_hash,
    )
    if way is None:
        return
    notifications.actions.send(
        key=key,
        event=event,
        medium=way.medium,
        to=way.to,
        context={**_context(enquiry), **more},
        about=enquiry.reference,
        now=now,
    )


def received(enquiry: Enquiry, *, now: datetime) -> None:
    """ "We have it": sent once triage knows who deals with it."""
    citizen(enquiry, "received", key=f"received:{enquiry.pk}", now=now, next=_next_words(enquiry))


def answered_at_once(reference: str, *, to: str, hint: str, now: datetime) -> str:
    """ "We have it", as the answer to a text within its own request: the words to answer with.

    It stands under the key of `received`, so that triage does not say the same again.
    """
    enquiry = Enquiry.objects.select_related("service", "first_contact", "person").get(
        reference=reference
    )
    place = Located(district_code=enquiry.district_code, ward_code=enquiry.ward_code)
    likely = destinations.destination(
        enquiry.service,
        place,
        clocks.london_date(enquiry.received_at),
        destinations.situation_of(enquiry),
    )
    return notifications.actions.answer(
        key=f"received:{enquiry.pk}",
        event="sms_received",
        to=to,
        context={
            "reference": enquiry.reference,
            "owner": likely.organisation_name if enquiry.service else "",
            "promised": day_words(enquiry.promised_on),
            "hint": hint,
        },
        about=enquiry.reference,
        now=now,
    )


def answer_of(enquiry_id: int) -> str | None:
    """What `answered_at_once` said of an enquiry."""
    return notifications.queries.answer_given(f"received:{enquiry_id}")


def _next_words(enquiry: Enquiry) -> str:
    who = enquiry.owner.name if enquiry.owner else "Our team"
    if enquiry.promised_on:
        return f"{who} will deal with it by {day_words(enquiry.promised_on)}."
    return f"{who} will look at it and tell you what happens next."


def accepted(enquiry: Enquiry, referral: Referral, *, now: datetime) -> None:
    """ "They are on it"."""
    citizen(enquiry, "accepted", key=f"accepted:{referral.pk}", now=now)


def asked(enquiry: Enquiry, question: str, *, sequence: int, now: datetime) -> None:
    """ "We need to know something more"."""
    citizen(enquiry, "asked", key=f"asked:{enquiry.pk}:{sequence}", now=now, question=question)


def replied(enquiry: Enquiry, words: str, *, sequence: int, now: datetime) -> None:
    """Words from staff to the citizen that end nothing."""
    citizen(enquiry, "replied", key=f"replied:{enquiry.pk}:{sequence}", now=now, words=words)


def resolved(enquiry: Enquiry, *, now: datetime) -> None:
    """ "It is done", or why not. Told again only after a reopening."""
    citizen(
        enquiry,
        "resolved",
        key=f"resolved:{enquiry.pk}:{enquiry.reopened_count}",
        now=now,
        words=enquiry.public_words,
        outcome_words=OUTCOME_WORDS[Outcome(enquiry.outcome)],
    )


def referral_url(referral: Referral) -> str:
    """The page on which a partner answers what was sent to it."""
    return f"{settings.HUB_BASE_URL}/desk/referrals/{referral.public_id}/"


def _staff(
    enquiry: Enquiry,
    event: str,
    to: str,
    *,
    key: str,
    due: str,
    url: str,
    now: datetime,
    **more: str,
) -> None:
    if not to or _is_history(now):
        return
    notifications.actions.send(
        key=key,
        event=event,
        medium="email",
        to=to,
        context={**_context(enquiry), "due": due, "desk_url": url, **more},
        about=enquiry.reference,
        now=now,
    )


def offered(enquiry: Enquiry, referral: Referral, *, now: datetime) -> None:
    """Tells the partner's team that there is work for it."""
    to = (referral.team.email if referral.team else "") or referral.organisation.email
    due = referral.accept_due_at
    words = moment_words(due) if due else ""
    key, url = f"offered:{referral.pk}", referral_url(referral)
    _staff(enquiry, "offered", to, key=key, due=words, url=url, now=now)


def overdue(enquiry: Enquiry, clock: Clock, to: str, *, url: str, now: datetime) -> None:
    """Tells a team, at the page where it can act, that a clock has run out."""
    key = f"overdue:{clock.pk}:{enquiry.reopened_count}:{to}"[:120]
    _of_clock(enquiry, clock, "overdue", to, key=key, url=url, now=now)


def due_soon(enquiry: Enquiry, clock: Clock, to: str, *, url: str, now: datetime) -> None:
    """Tells a team that a clock will soon have run out."""
    key = f"due_soon:{clock.pk}:{enquiry.reopened_count}:{to}"[:120]
    _of_clock(enquiry, clock, "due_soon", to, key=key, url=url, now=now)


def _of_clock(
    enquiry: Enquiry, clock: Clock, event: str, to: str, *, key: str, url: str, now: datetime
) -> None:
    what = CLOCK_WORDS[ClockKind(clock.kind)]
    due = moment_words(clock.due_at) if clock.due_at else ""
    _staff(enquiry, event, to, key=key, due=due, url=url, now=now, clock=what)


def late(enquiry: Enquiry, *, now: datetime) -> None:
    """ "It is late": said once, and only while it is news."""
    if enquiry.due_at is not None and now - enquiry.due_at <= OLD_NEWS:
        citizen(enquiry, "late", key=f"late:{enquiry.pk}:{enquiry.reopened_count}", now=now)
