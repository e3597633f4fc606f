"""The one way out: asks for a message to be sent, and learns what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from core import audit
from core.audit import Actor
from core.errors import DomainError
from notifications import (
    gsm,
    hiding,
    lines,
    outcomes,
    receipts,
    rendering,
    stops,
    together,
)
from notifications.callbacks import is_ours
from notifications.events import EVENTS, LETTER
from notifications.lifecycle import State
from notifications.models import MailThread, Notification, PostboxMessage
from notifications.receipts import Receipt
from notifications.rendering import CannotSay

lane = outcomes.lane
# How a letter is printed, whatever it says.
LETTERS_OWN = frozenset({"large_print"})
# As long as an answer to a text may be when it says more than it must.
PARTS = 3
# Who carries an answer that is given within the request of a text: nobody else.
ANSWERED = "answer"


class NoAddress(DomainError):
    """There is nobody to send it to."""

    code = "message_without_address"


class NoConsent(DomainError):
    """It is marketing, and they have not said yes to that."""

    code = "message_without_consent"


class NoSuchMessage(DomainError):
    """Nobody sent such a message."""

    code = "no_such_message"


class NotToBeRepeated(DomainError):
    """The message is on its way, or arrived, or cannot be said again."""

    code = "message_not_to_be_repeated"


class TextsStopped(NotToBeRepeated):
    """Its reader asked for no more texts since."""


def send(
    *,
    key: str,
    event: str,
    medium: str,
    to: str,
    context: Mapping[str, str],
    about: str,
    now: datetime,
    language: str = rendering.LANGUAGE,
    hidden: Mapping[str, str] | None = None,
    good_until: datetime | None = None,
    organisation: str = "",
    postal: Sequence[str] = (),
    instead_of: int | None = None,
    said_yes: bool = False,
) -> int:
    """Promises one message in the caller's transaction; the same key twice is one message.

    A text of the night goes in the morning, and ends what it overtakes there. `hidden` are facts
    that stand in the message alone: nobody reads them here. After `good_until` it is not sent.
    `organisation` is the slug of the body that it speaks for: its words and its carriers count.
    `postal` are the lines of a letter's address; `instead_of` is what did not arrive; `said_yes`
    that its reader wants what is no service. Raises CannotSay, NoAddress or NoConsent.
    """
    if not to:
        raise NoAddress(f"No address for {event}")
    if event in EVENTS and EVENTS[event].is_marketing and not said_yes:
        raise NoConsent(f"{event} is only for who said yes to it")
    # Whoever asks may know more than this reader is to be told.
    context = {name: context[name] for name in context if name in _known(event, medium)}
    facts = {**context, **hiding.places(hidden or {})}
    words = rendering.render(
        event=event, medium=medium, context=facts, language=language, organisation=organisation
    )
    pk = outcomes.store(
        Notification(
            key=key, event=event, medium=medium, to=to, subject=words.subject, body=words.body,
            html=words.html, about=about, lane=outcomes.lane_of(event, about, medium),
            created_at=now, language=words.language, organisation=organisation,
            sealed=hiding.seal(hidden or {}), good_until=good_until, facts=dict(context),
            postal="\n".join(postal), instead_of=instead_of,
        )
    )  # fmt: skip
    outcomes.overtake_older(pk, event, about=about, to=to, now=now)
    return pk


def _known(event: str, medium: str) -> frozenset[str]:
    keys = EVENTS[event].keys | {EVENTS[event].brings} if event in EVENTS else frozenset()
    return keys | LETTERS_OWN if medium == LETTER else keys


def say_together_again(
    *, message_id: int, key: str, medium: str, to: str, now: datetime
) -> int | None:
    """What several were said in did not arrive: the same by another medium, once for each key."""
    return together.write_again(pk=message_id, key=key, medium=medium, to=to, now=now)


def take_back(*, about: str, events: Collection[str], now: datetime) -> set[str]:
    """What is no longer so is not said in the morning: ends messages that wait for it.

    Returns their keys: of these nobody has heard.
    """
    return outcomes.overtake(outcomes.held(about).filter(event__in=list(events)), now=now)


def take_back_one(*, key: str, now: datetime) -> bool:
    """The same for one message by its key; whether nobody has heard of it."""
    about = Notification.objects.filter(key=key).values_list("about", flat=True).first()
    return bool(about and outcomes.overtake(outcomes.held(about).filter(key=key), now=now))


@transaction.atomic
def stop_texts(*, to: str, now: datetime) -> int:
    """Ends the texts that wait to go to a number: it wants none. Returns how many that were.

    What may have gone already is left alone. Each is said another way, where there is one.
    """
    held = Notification.objects.select_for_update(no_key=True)
    waiting = held.filter(to=to, medium="sms", state=State.QUEUED).order_by("pk")
    return sum(outcomes.stopped(message, now=now) for message in waiting)


def forget(*, about: Collection[str]) -> int:
    """Deletes all that was sent about what is deleted now, with the addresses. Returns how many."""
    rows = Notification.objects.filter(about__in=[one for one in about if one])
    MailThread.objects.filter(about__in=list(about)).delete()
    # What said several together says all of this too, and names no case; nor does its repeat.
    said_in = [pk for pk in rows.values_list("merged_into", flat=True) if pk is not None]
    while said_in:
        again = Notification.objects.filter(instead_of__in=said_in).exclude(pk__in=said_in)
        more = list(again.values_list("pk", flat=True))
        Notification.objects.filter(pk__in=said_in).delete()
        said_in = more
    return rows.delete()[1].get(Notification._meta.label, 0)


@transaction.atomic
def forget_of_no_case(*, kinds: Collection[str], before: datetime, limit: int = 1_000) -> int:
    """Deletes one batch of old messages that belong to no case: those that are about nothing, and
    those whose `about` begins with one of `kinds`. Returns how many.

    One that says several goes with the last of what it says, and its repeat after it.
    """
    about = Q(about="")
    for kind in kinds:
        about |= Q(about__startswith=kind)
    every = Notification.objects.order_by()  # in no order: there is no index for one, and all go
    says_more = Q(Exists(every.filter(merged_into=OuterRef("pk"))))
    says_more |= Q(Exists(every.filter(pk=OuterRef("instead_of"))))
    old = every.filter(about, created_at__lt=before).exclude(says_more, event=together.SEVERAL)
    held = old.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
    gone = Notification.objects.filter(pk__in=list(held[:limit])).delete()[1]
    shown = PostboxMessage.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)
    there = PostboxMessage.objects.filter(pk__in=list(shown[:limit])).delete()[0]
    return gone.get(Notification._meta.label, 0) + there


def answer(
    *,
    key: str,
    event: str,
    to: str,
    context: Mapping[str, str],
    about: str,
    now: datetime,
    language: str = rendering.LANGUAGE,
    fuller: Mapping[str, str] | None = None,
) -> str:
    """The words with which a text is answered within its own request, kept under `key`.

    The same key again gives the first words again, whatever has happened since. `fuller` says
    more, and is taken where the whole answer still fits into PARTS parts.
    """
    words = rendering.render(event=event, medium="sms", context=context, language=language)
    if fuller is not None:
        whole = rendering.render(event=event, medium="sms", context=fuller, language=language)
        words = whole if gsm.measure(whole.body).segments <= PARTS else words
    Notification.objects.bulk_create(
        [
            Notification(
                key=key, event=event, medium="sms", to=to, body=words.body, about=about,
                language=language, state=State.SENT, provider=ANSWERED, attempts=1,
                created_at=now, tried_at=now, sent_at=now,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return Notification.objects.values_list("body", flat=True).get(key=key)


def answer_with(*, key: str, event: str, to: str, about: str, now: datetime) -> str:
    """A text that was promised in this transaction answers a text instead of being sent, and is
    kept under `key`; its words, "" where there is none."""
    waiting = Notification.objects.filter(event=event, medium="sms", to=to, about=about)
    row = waiting.filter(state=State.QUEUED, attempts=0).order_by("-pk").first()
    if row is None:
        return ""
    row.key, row.state, row.provider, row.attempts = key, State.SENT, ANSWERED, 1
    row.tried_at = row.sent_at = now
    row.hold_until = None
    row.save(
        update_fields=[
            "key", "state", "provider", "attempts", "tried_at", "sent_at", "hold_until",
        ]
    )  # fmt: skip
    return row.body


def due_from(at: datetime) -> int:
    """What waits now is due at a later time, when somebody is there to carry it; how many that are.

    For a demonstration, which is told before it starts: the figures count from then. What is
    carried sooner is not kept waiting.
    """
    waiting = Notification.objects.filter(state=State.QUEUED, attempts=0, hold_until=None)
    return waiting.update(hold_until=at)


def now_about(*, before: str, about: str) -> None:
    """What was said of something that had no name yet was about this."""
    Notification.objects.filter(about=before).update(about=about)


@transaction.atomic
def hand_over_answer(*, keys: Sequence[str], now: datetime, by: str = "") -> bool:
    """Sends what was kept as an answer under the first of these keys that there is, where no
    request waits for it.

    From then on it is a message like others, with its states. The same again changes nothing. `by`
    is the carrier that brought what it answers: it goes by that one, if that carries texts at all.
    False: there is no such answer, or it says nothing.
    """
    held = Notification.objects.select_for_update(no_key=True).filter(key__in=list(keys))
    found = {message.key: message for message in held}
    message = next((found[key] for key in keys if key in found), None)
    if message is None or not message.body:
        return False
    if message.provider == ANSWERED:
        if by:  # nobody but that body may send by an account of its own
            message.organisation = lines.of(by).organisation or message.organisation
        outcomes.begin_again(message, now=now, by=by)
    return True


@transaction.atomic
def record_receipt(
    *,
    reference: str,
    proof: str,
    sid: str,
    status: str,
    error_code: str,
    now: datetime,
    by: str = "",
) -> bool:
    """What Twilio says became of a message. Repeats and late news change nothing.

    False when the address it came to was not one of ours for that message, or when `by`, a body's
    own carrier, speaks of a message that it never had.
    """
    if not is_ours(reference, proof):
        return False
    return receipts.record(reference, Receipt("twilio", sid, status, error_code, by), now=now)


def record_notify_receipt(
    *, reference: str, sid: str, status: str, now: datetime, by: str = ""
) -> None:
    """The same of GOV.UK Notify, which has shown its token. What nobody knows is kept as well."""
    receipts.record(reference, Receipt("notify", sid, status, by=by), now=now)


def record_webhook_receipt(
    *, carrier: str, reference: str, status: str, reason: str, now: datetime
) -> bool:
    """The same of a body's own system, which has signed it: delivered, failed or expired.

    False, and nothing is kept, where this system was never handed such a message.
    """
    code = status if status == State.EXPIRED else reason
    # Bodies choose ids as they like: each has a name of its own here.
    receipt = Receipt("webhook", f"{carrier}:{reference}", status, code, by=carrier)
    return receipts.record(reference, receipt, now=now)


@transaction.atomic
def send_again(*, public_id: uuid.UUID, actor: Actor, now: datetime) -> int:
    """A person decides that a message that failed, or whose fate is unknown, is sent once more.

    Raises NoSuchMessage, TextsStopped; NotToBeRepeated too while a copy of it is on its way, or
    arrived.
    """
    message = _locked(public_id)
    if message is None:
        raise NoSuchMessage("There is no such message")
    if message.good_until is not None:
        raise NotToBeRepeated("It held a link that has ended. They can ask for another")
    if not outcomes.can_be_copied(message):
        raise NotToBeRepeated("Its link is no longer kept. Write to them again from their enquiry")
    if stops.stopped_at(message) is not None:
        raise TextsStopped("They asked for no more texts")
    by_hand = Q(key__startswith=f"{message.key}#")
    copies = Notification.objects.filter(by_hand | Q(key=message.key + outcomes.AGAIN))
    states = {message.state, *copies.values_list("state", flat=True)}
    if states - {State.FAILED, State.EXPIRED, State.UNKNOWN}:
        raise NotToBeRepeated("This message is on its way. It will not be sent twice.")
    earlier = Notification.objects.filter(by_hand).count()
    audit.record(
        "notification.sent_again", actor=actor, target=str(message.public_id), at=now, data={}
    )
    return outcomes.copy(message, key=f"{message.key}#{earlier + 1}", now=now)


def _locked(public_id: uuid.UUID | str) -> Notification | None:
    # Its key never changes: rows that point to it may be written meanwhile.
    held = Notification.objects.select_for_update(no_key=True)
    return held.filter(public_id=public_id).first()


def keep_conversation(
    *, reference: str, phone: str, body: str, is_inbound: bool, now: datetime
) -> None:
    """The demo's provider notes a text that was not handed to it by a delivery."""
    _into_postbox(
        PostboxMessage(
            reference=reference, medium="sms", is_inbound=is_inbound, to=phone, body=body, at=now
        )
    )


def keep_mail(*, reference: str, sender: str, subject: str, body: str, now: datetime) -> None:
    """The same of an e-mail that a visitor wrote to the hub."""
    _into_postbox(
        PostboxMessage(
            reference=reference, medium="email", is_inbound=True, to=sender, subject=subject,
            body=body, at=now,
        )
    )  # fmt: skip


def _into_postbox(message: PostboxMessage) -> None:
    PostboxMessage.objects.bulk_create([message], ignore_conflicts=True)


__all__ = [
    "CannotSay",
    "NoAddress",
    "NoConsent",
    "NoSuchMessage",
    "NotToBeRepeated",
    "TextsStopped",
    "answer",
    "forget",
    "forget_of_no_case",
    "hand_over_answer",
    "keep_conversation",
    "keep_mail",
    "lane",
    "now_about",
    "record_notify_receipt",
    "record_receipt",
    "record_webhook_receipt",
    "say_together_again",
    "send",
    "send_again",
    "stop_texts",
    "take_back",
    "take_back_one",
]
