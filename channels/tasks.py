"""Carries what providers say of citizens' addresses to the place where addresses are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

import customers.actions
import notifications.actions
import notifications.queries
from channels.asking import own_link
from channels.email import imap, taking
from channels.kiosk import alarms, in_vain
from channels.kiosk import taking as taking_kept
from channels.sms import mms, pulling, silences, spooled
from core import outbox, sealing
from customers import actions_telling, links, queries_telling
from enquiries import leaving
from enquiries.actions import calls, dialogs, telling_ways
from inbox import actions_calls, actions_mail, call_days
from kiosks import actions_kept

log = structlog.get_logger(__name__)

KINDS: dict[str, Literal["phone", "email"]] = {"sms": "phone", "email": "email"}


@shared_task(name="channels.address_refused")
def address_refused(*, outbox_id: int) -> None:
    """An address that refused us is not written to again."""
    with outbox.claim(outbox_id) as row:
        refusal = notifications.queries.refusal(row.args["notification_id"]) if row else None
        if refusal is None:
            return
        now = timezone.now()
        if refusal.address_state == "opted_out" and refusal.medium == "sms":
            customers.actions.opt_out(phone=refusal.to, source="provider", now=now)
        elif refusal.medium in KINDS:
            kind = KINDS[refusal.medium]
            customers.actions.mark_unusable(kind=kind, value=refusal.to, now=now)
        else:
            telling_ways.letter_came_back(reference=refusal.about, postal=refusal.postal, now=now)


@shared_task(name="channels.texts_stopped")
def texts_stopped(*, outbox_id: int) -> None:
    """What waited to go to a number that wants no texts any more goes another way, or nowhere."""
    with outbox.claim(outbox_id) as row:
        if row is None:
            return
        phone = sealing.unseal(row.args["phone"], purpose=actions_telling.TEXTS_STOPPED)
        if queries_telling.texts_stopped(phone):
            notifications.actions.stop_texts(to=phone, now=timezone.now())


@shared_task(name="channels.send_own_link")
def send_own_link(*, outbox_id: int) -> None:
    """Sends the link to "my enquiries", where somebody has the address."""
    with outbox.claim(outbox_id) as row:
        if row is not None:
            own_link.send(link_id=row.args["link_id"], now=timezone.now())


@shared_task(name=actions_kept.TRY_AGAIN)
def kept_again(*, outbox_id: int) -> None:
    """Opens anew what a kiosk had kept and we could not take."""
    with outbox.claim(outbox_id) as row:
        if row is not None:
            taking_kept.again(row.args["entry"], now=timezone.now())


@shared_task(name="channels.tasks.forget_own_links")
def forget_own_links() -> None:
    """Removes links and visits that are over."""
    links.forget(now=timezone.now())


@shared_task(name="channels.tasks.count_left_forms")
def count_left_forms() -> None:
    """Writes down forms that somebody began and left, and calls for help in vain."""
    leaving.count_due(now=timezone.now())
    in_vain.count(now=timezone.now())


@shared_task(name="channels.tasks.drain_spool")
def drain_spool() -> None:
    """Takes the texts that were kept on disk while the hub or its database was away."""
    spooled.keep_keys()
    spooled.drain(now=timezone.now())


@shared_task(name="channels.tasks.pull_texts")
def pull_texts() -> None:
    """Looks for texts at the provider that never reached us."""
    now = timezone.now()
    if pulling.pull(now=now):
        spooled.drain(now=now)


@shared_task(name="channels.tasks.open_silent_texts")
def open_silent_texts() -> None:
    """Makes enquiries of conversations by text in which nobody answered any more."""
    silences.open_due(now=timezone.now())


@shared_task(name="channels.tasks.forget_texts")
def forget_texts() -> None:
    """Forgets conversations by text that are over, messages of no case, and texts set aside."""
    now = timezone.now()
    while dialogs.sweep(now=now):
        pass
    dialogs.forget_unfiled(now=now)
    spooled.forget_aside(now=now)


@shared_task(name="channels.tasks.end_calls")
def end_calls() -> None:
    """Ends calls of which no end was told."""
    calls.end_overdue(now=timezone.now())


@shared_task(name="channels.tasks.forget_calls")
def forget_calls() -> None:
    """Forgets who rang long ago."""
    actions_calls.forget(now=timezone.now())


@shared_task(name="channels.tasks.count_calls")
def count_calls() -> None:
    """Counts how the calls of these days went."""
    call_days.fold(now=timezone.now())


@shared_task(name="channels.tasks.poll_mail")
def poll_mail() -> None:
    """Reads what is new in the mailbox."""
    imap.poll()


@shared_task(name="channels.take_mail")
def take_mail(*, outbox_id: int) -> None:
    """Carries a mail that came in to where it becomes part of a case."""
    row = outbox.lease(outbox_id, seconds=taking.LEASE_SECONDS, now=timezone.now())
    if row is not None:
        taking.carry_out(row, now=timezone.now())


@shared_task(name="channels.file_mail")
def file_mail(*, outbox_id: int) -> None:
    """Carries the files of a mail to the case that a person made of it."""
    row = outbox.lease(outbox_id, seconds=taking.LEASE_SECONDS, now=timezone.now())
    if row is not None:
        taking.file_by_hand(row, now=timezone.now())


@shared_task(name="channels.tasks.forget_mail")
def forget_mail() -> None:
    """Lets go of mails as they came, a while after they were settled; and in the end of those that
    nobody dealt with."""
    now = timezone.now()
    while actions_mail.empty_old(now=now):
        pass
    before = now - timedelta(days=settings.FORGET_ASIDE_DAYS)
    while gone := actions_mail.forget_aside(before=before):
        log.warning("mail.aside_forgotten", mails=gone)


@shared_task(name="channels.tasks.forget_kept")
def forget_kept() -> None:
    """Lets go of what kiosks kept and a person has ended, and after a year of what never came."""
    now = timezone.now()
    before = now - timedelta(days=settings.FORGET_ASIDE_DAYS)
    while actions_kept.forget_ended(before=before):
        pass
    while actions_kept.forget_uncarried(now=now):
        pass


@shared_task(name="channels.fetch_media")
def fetch_media(*, outbox_id: int) -> None:
    """Fetches a picture that came with a text."""
    row = outbox.lease(outbox_id, seconds=mms.LEASE_SECONDS, now=timezone.now())
    if row is not None:
        mms.carry_out(row, now=timezone.now())


@shared_task(name="channels.delete_media")
def delete_media(*, outbox_id: int) -> None:
    """Takes a picture away from the provider that we have now."""
    row = outbox.lease(outbox_id, seconds=mms.LEASE_SECONDS, now=timezone.now())
    if row is not None:
        mms.delete(row, now=timezone.now())


@shared_task(name="channels.tasks.watch_kiosks")
def watch_kiosks() -> None:
    """Sees which devices fell silent, are back or need somebody; writes down days that ended."""
    alarms.look(now=timezone.now())
