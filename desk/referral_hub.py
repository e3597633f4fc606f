"""Where a case was sent to, as the hub reads it: how each stands, and what the hub may do now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import QueryDict

from accounts.permissions import Permission, Viewer
from desk.forms import KeyedForm, words_field
from desk.referral_forms import OneTapForm
from enquiries.actions import referrals
from enquiries.lifecycle import REJECT_WORDS, RejectReason
from enquiries.queries import referral_clocks
from enquiries.queries.desk import Case
from enquiries.queries.referral_clocks import Running

if TYPE_CHECKING:
    from enquiries.models import Referral

WITHDRAW, SEND = "withdraw", "send"


class WithdrawForm(KeyedForm):
    """Why work is taken back."""

    words = words_field(
        "Why is it taken back?",
        help_text="They read it.",
        missing="Write why it is taken back",
        limit=300,
        rows=2,
    )


FORMS: dict[str, type[KeyedForm]] = {WITHDRAW: WithdrawForm, SEND: OneTapForm}
Refused = tuple[UUID, str, KeyedForm]


@dataclass(frozen=True, slots=True)
class SentTo:
    """One referral of a case. A form is there where the hub may do what it says now; that of
    taking it back (`may_withdraw`) where it was opened.

    `refused` is a form that was sent and came back: its words stay, though nothing may be done.
    """

    referral: Referral
    clock: Running | None
    reason: str
    suggests: str
    may_withdraw: bool
    withdraw: KeyedForm | None
    send: KeyedForm | None
    refused: KeyedForm | None


def form_of(act: str, public_id: UUID, data: QueryDict | None = None) -> KeyedForm:
    """The form of an act, with ids of its own: several stand on one page."""
    return FORMS[act](data, auto_id=f"{act}_{public_id}_%s")


def sent_to(
    who: Viewer, case: Case, *, now: datetime, opened: str = "", refused: Refused | None = None
) -> list[SentTo]:
    """Every referral of a case, oldest first; `opened` is the one that is being taken back."""
    if not case.referrals:
        return []
    clocks = referral_clocks.running(case.referrals, now=now, known=case.clock_rows)
    may = case.can_refer and who.may(Permission.REFER)
    named = {row.suggested_id: row.pk for row in case.referrals if row.suggested_id}
    has_it = {row.organisation_id for row in case.referrals if row.settled_at is None}
    if case.enquiry.disputed_at is None:
        # Back to who rejected it is for a duty manager to decide, when it is before them.
        has_it |= {row.organisation_id for row in case.referrals if row.status == "rejected"}

    def one(row: Referral) -> SentTo:
        is_theirs = row.suggested_id is not None and named.get(row.suggested_id) == row.pk
        may_send = may and is_theirs and row.suggested_id not in has_it
        mine = refused if refused is not None and refused[0] == row.public_id else None
        may_withdraw = may and row.settled_at is None
        is_open = may_withdraw and opened == str(row.public_id)
        withdraw = form_of(WITHDRAW, row.public_id) if is_open else None
        return SentTo(
            referral=row,
            clock=clocks.get(row.pk),
            reason=REJECT_WORDS[RejectReason(row.reject_reason)] if row.reject_reason else "",
            suggests=row.suggested.name if row.suggested else "",
            may_withdraw=may_withdraw,
            withdraw=mine[2] if mine and mine[1] == WITHDRAW else withdraw,
            send=form_of(SEND, row.public_id) if may_send else None,
            refused=mine[2] if mine else None,
        )

    return [one(row) for row in case.referrals]


Call = Callable[[Case, "Referral", Viewer, Mapping[str, Any], datetime], None]


def _withdraw(
    case: Case, row: Referral, who: Viewer, data: Mapping[str, Any], now: datetime
) -> None:
    referrals.withdraw(public_id=row.public_id, viewer=who, words=data["words"], now=now)


def _send(case: Case, row: Referral, who: Viewer, data: Mapping[str, Any], now: datetime) -> None:
    if row.suggested is None:
        raise referrals.NobodyToReferTo("They suggest nobody. Choose an organisation yourself")
    referrals.offer(
        reference=case.enquiry.reference,
        viewer=who,
        organisation=row.suggested.slug,
        reason=f"{row.organisation.name} suggests you: {row.answer_reason}"[:300],
        now=now,
    )


CALLS: dict[str, Call] = {
    WITHDRAW: _withdraw,
    SEND: _send,
}
