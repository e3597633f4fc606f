"""What is answered for itself, whatever is being asked: STATUS, HELP, STOP and START."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

import customers.actions
from channels.sms import dialog as states
from channels.sms import talking
from channels.sms.parsing import Kind, Reading
from channels.sms.saying import Caller, say
from core import audit, references
from core.privacy import address_hash
from enquiries.actions import telling
from enquiries.actions.dialogs import Kept
from enquiries.lifecycle import Status
from enquiries.queries import texting
from kiosks import queries_kept
from kiosks.queries_kept import OnItsWay


def answer(caller: Caller, reading: Reading, kept: Kept | None, *, by_provider: bool) -> str:
    """The words of STATUS, HELP, STOP and START; who starts again goes on where it stopped."""
    if reading.kind is Kind.STATUS:
        return _status(caller, reading.reference)
    if reading.kind is Kind.HELP:
        return say(caller, "sms_silence" if by_provider else "sms_help")
    if reading.kind is Kind.STOP and kept is not None and kept.is_open:
        # Their words become an enquiry in a while, and its person is not to be written to.
        customers.actions.identify(phone=caller.phone, now=caller.now)
    _consent(caller, reading)
    if reading.kind is Kind.START and kept is not None and kept.is_open:
        return talking.ask(caller, states.read(kept.body))
    return say(caller, "sms_silence")


def _consent(caller: Caller, reading: Reading) -> None:
    """STOP and START are the citizen's word on texts. Twilio answers them itself."""
    if not caller.phone:
        return
    if reading.kind is Kind.STOP:
        customers.actions.opt_out(phone=caller.phone, now=caller.now)
    else:
        customers.actions.opt_in(phone=caller.phone, now=caller.now)
    target = address_hash("phone", caller.phone)
    audit.record(f"sms.{reading.kind}", actor=audit.CITIZEN, target=target, at=caller.now)


def _of_kiosk(reference: str) -> OnItsWay | None:
    """What is known of a number that a kiosk gave; nothing that anybody told stands behind it."""
    return queries_kept.on_its_way(reference) if references.is_of_kiosk(reference) else None


def _status(caller: Caller, reference: str) -> str:
    if reference:
        case = texting.status_by_reference(reference, caller.phone, caller.line)
    else:
        case = texting.latest(caller.phone, caller.line, now=caller.now)
    if case is None and (number := _of_kiosk(reference)) is not None:
        gone = timezone.localtime(number.gone).date() if number.gone else None
        return say(
            caller, "sms_kiosk", reference=reference, place=number.site,
            lost_on=telling.day_words(gone),
        )  # fmt: skip
    if case is None:
        return say(caller, "sms_unknown", reference=reference)
    words = case.status_words
    if case.status is Status.WAITING:
        asked = _("Text us %(reference)s and your answer.") % {"reference": case.reference}
        words = f"{words} {asked}"
    return say(
        caller, "sms_status", about=case.reference, reference=case.reference,
        status_words=words, promised=telling.day_words(case.promised_on),
    )  # fmt: skip
