"""What was said to whom, for those who may know."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from core.privacy import mask
from notifications.backends import registry
from notifications.lifecycle import WORDS, State
from notifications.models import Notification, PostboxMessage
from notifications.outcomes import AGAIN
from notifications.rendering import LANGUAGE, WORDS_IN_TEXT, render


@dataclass(frozen=True, slots=True)
class Letter:
    """A message of the demo's post box. `person` is the number or address at the other end."""

    medium: str
    is_inbound: bool
    person: str
    subject: str
    body: str
    about: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """One message about a case, as staff see it."""

    public_id: uuid.UUID
    event: str
    medium: str
    to: str
    subject: str
    body: str
    state: str
    state_words: str
    is_trouble: bool
    trouble: str
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a provider said of an address: `opted_out` or `unusable`."""

    medium: str
    to: str
    address_state: str
    about: str


@dataclass(frozen=True, slots=True)
class TextSent:
    """A text of ours that went out: whom to, about what, when."""

    to: str
    about: str
    event: str
    at: datetime


def texts_sent(references: Iterable[str]) -> list[TextSent]:
    """Our texts about these cases, oldest first; one statement for many."""
    rows = Notification.objects.filter(
        about__in=list(references), medium="sms", sent_at__isnull=False
    ).order_by("sent_at", "pk")
    found = rows.values_list("to", "about", "event", "sent_at")
    return [TextSent(to, about, event, at) for to, about, event, at in found if at is not None]


def postbox(limit: int = 50, medium: str | None = None) -> list[Letter]:
    """The newest messages of the demo's post box."""
    rows = PostboxMessage.objects.all()
    if medium:
        rows = rows.filter(medium=medium)
    return [_letter(row) for row in rows[:limit]]


def conversation(phone: str, limit: int = 50) -> list[Letter]:
    """Texts with one number in the demo's post box, oldest first."""
    rows = PostboxMessage.objects.filter(medium="sms", to=phone)[:limit]
    return [_letter(row) for row in reversed(rows)]


def about(reference: str) -> list[Told]:
    """Everything that we told people about a case, oldest first."""
    return [_told(row) for row in Notification.objects.filter(about=reference)]


def answer_given(key: str) -> str | None:
    """The words with which something was answered before."""
    return Notification.objects.filter(key=key).values_list("body", flat=True).first()


def last_told(about: str, *, events: Iterable[str]) -> datetime | None:
    """When somebody was last told something about a case by one of these events.

    What waits for the morning counts: it is as good as told.
    """
    never = [State.FAILED, State.EXPIRED, State.OVERTAKEN]
    rows = Notification.objects.filter(about=about, event__in=list(events)).exclude(state__in=never)
    return rows.order_by("-created_at").values_list("created_at", flat=True).first()


def asked_for(keys: Iterable[str]) -> frozenset[str]:
    """Those of these keys under which a message was asked for before."""
    rows = Notification.objects.filter(key__in=list(keys))
    return frozenset(rows.values_list("key", flat=True))


def refusal(notification_id: int) -> Refusal | None:
    """Why an address cannot be used any more, if a message says so."""
    row = Notification.objects.filter(pk=notification_id).exclude(address_state="").first()
    return Refusal(row.medium, row.to, row.address_state, row.about) if row else None


def _letter(row: PostboxMessage) -> Letter:
    return Letter(row.medium, row.is_inbound, row.to, row.subject, row.body, row.about, row.at)


def _state_words(row: Notification) -> str:
    state = State(row.state)
    if state is State.QUEUED and row.hold_until is not None and not row.attempts:
        local = timezone.localtime(row.hold_until)
        return f"Waits until {local:%H:%M}: we send no texts at night"
    return WORDS[state]


def _told(row: Notification) -> Told:
    state = State(row.state)
    return Told(
        public_id=row.public_id,
        event=row.event,
        medium=row.medium,
        to=row.to,
        subject=row.subject,
        body=row.body,
        state=row.state,
        state_words=_state_words(row),
        is_trouble=state in {State.FAILED, State.EXPIRED, State.UNKNOWN},
        trouble=row.error,
        created_at=row.created_at,
        sent_at=row.sent_at,
    )


def callback_tokens(kind: str) -> list[str]:
    """What carriers of a kind show when they call us; those that are switched off no longer do."""
    return registry.secrets_of(kind, "callback_token")


def twilio_tokens(account_sid: str) -> list[str]:
    """The keys by which a body's own account with Twilio signs; none for an account unknown."""
    return registry.secrets_of("twilio", "auth_token", account_sid=account_sid)


def would_say(
    *, event: str, medium: str, context: Mapping[str, str], language: str = LANGUAGE
) -> str:
    """The words that a message would have. Nothing is written or sent. Raises CannotSay."""
    return render(event=event, medium=medium, context=context, language=language).body


def fits_a_text(words: str) -> bool:
    """Whether a text message carries all of what somebody wrote."""
    return len(" ".join(words.split())) <= WORDS_IN_TEXT


@dataclass(frozen=True, slots=True)
class ToCitizen:
    """One message as the citizen may see it: where it went, masked, and whether it got there.

    `state` is on_its_way, sent, arrived or failed. `key` is what it was asked for under.
    """

    key: str
    event: str
    medium: str
    masked: str
    body: str
    state: str
    at: datetime


_CITIZEN_STATES = {
    State.QUEUED: "on_its_way",
    State.SENDING: "on_its_way",
    State.SENT: "sent",
    State.DELIVERED: "arrived",
    State.UNKNOWN: "sent",
    State.FAILED: "failed",
    State.EXPIRED: "failed",
}


def to_citizen(reference: str, events: Iterable[str], limit: int = 100) -> list[ToCitizen]:
    """What the citizen of an enquiry was told in these events, oldest first.

    A message that was sent again is one, as it stands now.
    """
    rows = Notification.objects.filter(about=reference, event__in=list(events))
    found: dict[str, ToCitizen] = {}
    for row in rows.exclude(state=State.OVERTAKEN).order_by("created_at", "pk")[:limit]:
        key = row.key.split("#")[0].removesuffix(AGAIN)
        first = found.get(key)
        found[key] = ToCitizen(
            key=key,
            event=row.event,
            medium=row.medium,
            masked=mask(row.to),
            body=row.body,
            state=_CITIZEN_STATES.get(State(row.state), "sent"),
            at=first.at if first is not None else row.created_at,
        )
    return list(found.values())
