"""What was said to whom, for those who may know."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.privacy import mask
from notifications import asked, outcomes, saying, together
from notifications.backends import registry
from notifications.events import EVENTS, LETTER
from notifications.lifecycle import LETTER_WORDS, WORDS, State
from notifications.models import Notification, PostboxMessage
from notifications.outcomes import AGAIN, BY, is_stale
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
    # Our own id of a message that went out.
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One message about a case, as staff see it."""

    public_id: uuid.UUID
    event: str
    # What staff call it.
    name: str
    medium: str
    to: str
    subject: str
    body: str
    state: str
    state_words: str
    is_trouble: bool
    # It waits for the morning or for its hour, or was said together with others.
    is_waiting: bool
    trouble: str
    created_at: datetime
    sent_at: datetime | None
    # Why it was sent: "" or, instead of one that did not arrive, by what that one went.
    instead_of: str = ""
    # What became of it by another way: the medium of the message that was sent instead.
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not arrive and will not, with what it takes to say it another way.

    `tried` are the media of all that were sent for it; `is_open`: one of them may still arrive.
    `root` is the key under which it was asked for first. `references` are the cases of what it
    said, where it said several.
    """

    event: str
    root: str
    about: str
    language: str
    organisation: str
    facts: Mapping[str, str]
    tried: frozenset[str]
    is_open: bool
    is_stale: bool
    references: tuple[str, ...] = ()

    def key_by(self, medium: str) -> str:
        """The key under which it is said by another medium: once."""
        return f"{self.root}{BY}{medium}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a provider said of an address: `opted_out` or `unusable`.

    `postal` are the lines of a letter's address, the name first.
    """

    medium: str
    to: str
    address_state: str
    about: str
    postal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextSent:
    """A text of ours that went out: whom to, about what, when."""

    to: str
    about: str
    event: str
    at: datetime


def texts_sent(references: Iterable[str]) -> list[TextSent]:
    """Our texts about these cases, oldest first; one statement for many."""
    sent_in = Notification.objects.filter(pk=OuterRef("merged_into")).values("sent_at")
    rows = (
        Notification.objects.filter(about__in=list(references), medium="sms")
        .annotate(went_at=Coalesce("sent_at", Subquery(sent_in[:1])))
        .filter(went_at__isnull=False)
        .order_by("went_at", "pk")
    )
    found = rows.values_list("to", "about", "event", "went_at")
    return [TextSent(to, about, event, at) for to, about, event, at in found if at is not None]


def postbox(limit: int = 50, medium: str | None = None) -> list[Letter]:
    """The newest messages of the demo's post box."""
    rows = PostboxMessage.objects.all()
    if medium:
        rows = rows.filter(medium=medium)
    return [_letter(row) for row in rows[:limit]]


def conversation(person: str, limit: int = 50) -> list[Letter]:
    """Texts with one number, or e-mails with one address, in the demo's post box, oldest first."""
    medium = "email" if "@" in person else "sms"
    rows = PostboxMessage.objects.filter(medium=medium, to=person)[:limit]
    return [_letter(row) for row in reversed(rows)]


def in_postbox(reference: str) -> Letter | None:
    """One message of the demo's post box by our id of it."""
    row = PostboxMessage.objects.filter(reference=reference).first()
    return _letter(row) if row is not None else None


def about(reference: str) -> list[Told]:
    """Everything that we told people about a case, oldest first."""
    rows = asked.about().rows(about=reference)
    media = {row.pk: row.medium for row in rows}
    instead = {row.instead_of: row.medium for row in rows if row.instead_of}
    said_in = Notification.objects.in_bulk([row.merged_into for row in rows if row.merged_into])
    return [
        _told(
            row,
            said_in.get(row.merged_into or 0),
            instead_of=media.get(row.instead_of or 0, ""),
            instead=instead.get(row.pk, ""),
        )
        for row in rows
    ]


def answer_given(key: str) -> str | None:
    """The words with which something was answered before."""
    return Notification.objects.filter(key=key).values_list("body", flat=True).first()


def last_told(about: str, *, events: Iterable[str]) -> datetime | None:
    """When somebody was last told something about a case by one of these events.

    What waits for the morning counts: it is as good as told.
    """
    never = [State.FAILED, State.EXPIRED, State.OVERTAKEN]
    rows = Notification.objects.filter(about=about, event__in=list(events)).exclude(
        state__in=never, merged_into=None
    )
    return rows.order_by("-created_at").values_list("created_at", flat=True).first()


def asked_for(keys: Iterable[str]) -> frozenset[str]:
    """Those of these keys under which a message was asked for before."""
    rows = Notification.objects.filter(key__in=list(keys))
    return frozenset(rows.values_list("key", flat=True))


def refusal(notification_id: int) -> Refusal | None:
    """Why an address cannot be used any more, if a message says so."""
    row = Notification.objects.filter(pk=notification_id).exclude(address_state="").first()
    if row is None:
        return None
    postal = tuple(row.postal.splitlines())
    return Refusal(row.medium, row.to, row.address_state, row.about, postal)


def root_of(key: str) -> str:
    """What a message was asked for under, whatever was sent again or another way since."""
    return key.split("#", maxsplit=1)[0].split(BY, maxsplit=1)[0].removesuffix(AGAIN)


def undelivered(notification_id: int) -> Undelivered | None:
    """A message that did not arrive and is for its reader to hear another way; None for others.

    Stale is what newer news has made needless since.
    """
    row = Notification.objects.filter(
        pk=notification_id, state__in=[State.FAILED, State.EXPIRED], good_until=None
    ).first()
    return _undelivered(row) if row is not None else None


def said_together(notification_id: int) -> list[Undelivered]:
    """What was said in a message that did not arrive, each as what it was before."""
    said = together.said_in(notification_id)
    return [_undelivered(row) for row in said]


def _undelivered(row: Notification) -> Undelivered:
    root = root_of(row.key)
    family = list(Notification.objects.filter(_family(root)))
    said = Notification.objects.filter(merged_into__in=[one.pk for one in family])
    return Undelivered(
        event=row.event,
        root=root,
        about=row.about,
        language=row.language,
        organisation=row.organisation,
        facts=row.facts,
        tried=frozenset(one.medium for one in family),
        is_open=any(one.state not in _LOST for one in family),
        is_stale=is_stale(row),
        references=tuple(dict.fromkeys(said.order_by("-pk").values_list("about", flat=True))),
    )


_LOST = (State.FAILED, State.EXPIRED, State.OVERTAKEN)


def _family(root: str) -> Q:
    return (
        Q(key=root)
        | Q(key=root + AGAIN)
        | Q(key__startswith=f"{root}#")
        | Q(key__startswith=f"{root}{BY}")
    )


def can_say(event: str, medium: str) -> bool:
    """Whether an event has words for a medium."""
    return event in EVENTS and medium in EVENTS[event].media


def is_marketing(event: str) -> bool:
    """Whether only who said yes to it is told (PECR)."""
    return event in EVENTS and EVENTS[event].is_marketing


def is_for_citizens(event: str) -> bool:
    """Whether an event is told to people who ask us, and not to staff or within a conversation."""
    known = EVENTS.get(event)
    is_work = known is None or "desk_url" in known.keys or event == "digest"
    return not is_work and not event.startswith("sms_")


def is_carried(medium: str, organisation: str = "") -> bool:
    """Whether anybody carries a medium, in an organisation's name."""
    return bool(registry.carriers_for(medium, organisation))


def _letter(row: PostboxMessage) -> Letter:
    return Letter(
        row.medium, row.is_inbound, row.to, row.subject, row.body, row.about, row.at, row.reference
    )


def _state_words(row: Notification) -> str:
    state = State(row.state)
    if state is State.QUEUED and row.hold_until is not None and not row.attempts:
        local = timezone.localtime(row.hold_until)
        if row.held_for == outcomes.UNDO:
            return f"Goes at {local:%H:%M:%S}, unless it is taken back"
        if row.held_for == together.MANY:
            return f"Waits until {local:%H:%M}: they were told much, and hear the rest together"
        return f"Waits until {local:%H:%M}: we send no texts at night"
    if row.medium == LETTER and state in LETTER_WORDS:
        return LETTER_WORDS[state]
    return WORDS[state]


def _told(
    row: Notification, said_in: Notification | None, *, instead_of: str, instead: str
) -> Told:
    state = State(said_in.state if said_in is not None else row.state)
    words = _state_words(said_in or row)
    return Told(
        public_id=row.public_id,
        event=row.event,
        name=saying.of(row.event).name,
        medium=row.medium,
        to=row.to,
        subject=row.subject,
        body=row.body,
        state=state.value,
        state_words=f"Said together with others: {words.lower()}" if said_in else words,
        is_trouble=state in {State.FAILED, State.EXPIRED, State.UNKNOWN},
        is_waiting=said_in is not None or (state is State.QUEUED and words != WORDS[state]),
        trouble=(said_in or row).error,
        created_at=row.created_at,
        sent_at=(said_in or row).sent_at,
        instead_of=instead_of,
        instead=instead,
    )


def carrier_showing(kind: str, token: str) -> str:
    """The carrier of a kind that shows this token when it calls us; "" for none.

    One that is switched off is none. Each token is compared, in constant time.
    """
    tokens = registry.secrets_of(kind, "callback_token")
    given = token.encode()
    right = [slug for slug, known in tokens if hmac.compare_digest(known.encode(), given)]
    return right[0] if right else ""


def would_say(
    *,
    event: str,
    medium: str,
    context: Mapping[str, str],
    language: str = LANGUAGE,
    organisation: str = "",
) -> str:
    """The words that a message would have. Nothing is written or sent. Raises CannotSay."""
    return render(
        event=event, medium=medium, context=context, language=language, organisation=organisation
    ).body


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
    rows = rows.exclude(state=State.OVERTAKEN, merged_into=None).order_by("created_at", "pk")[
        :limit
    ]
    said_in = Notification.objects.in_bulk([row.merged_into for row in rows if row.merged_into])
    found: dict[str, ToCitizen] = {}
    for row in rows:
        key = root_of(row.key)
        state = said_in[row.merged_into].state if row.merged_into in said_in else row.state
        first = found.get(key)
        found[key] = ToCitizen(
            key=key,
            event=row.event,
            medium=row.medium,
            masked=mask(row.to),
            body=row.body,
            state=_CITIZEN_STATES.get(State(state), "sent"),
            at=first.at if first is not None else row.created_at,
        )
    return list(found.values())
