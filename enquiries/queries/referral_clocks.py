"""The clocks of referrals as those who work on them read them: on their own calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from enquiries.clocks import ROUND_THE_CLOCK
from enquiries.lifecycle import ClockKind, ClockState, ReferralStatus
from enquiries.models import Clock, Referral
from enquiries.queries import destinations, timeleft
from enquiries.queries.timeleft import TimeLeft


@dataclass(frozen=True, slots=True)
class Running:
    """What is left of a referral's clock, and when it runs out."""

    left: TimeLeft
    due_at: datetime | None


def running(
    referrals: Sequence[Referral], *, now: datetime, known: Iterable[Clock] | None = None
) -> Mapping[int, Running]:
    """The clock of each live referral: of the answer while it is offered, then of the work.

    One statement for all of them, or none where the caller read the clocks (`known`). The
    referrals bring their organisation and team.
    """
    live = [row for row in referrals if row.settled_at is None]
    if known is None:
        known = Clock.objects.filter(referral_id__in=[row.pk for row in live])
    clocks = {(row.referral_id, row.kind): row for row in known}
    return {row.pk: _running(row, clocks.get((row.pk, _kind(row).value)), now=now) for row in live}


def _kind(referral: Referral) -> ClockKind:
    return ClockKind.ACCEPT if referral.status == ReferralStatus.OFFERED else ClockKind.WORK


def _running(referral: Referral, clock: Clock | None, *, now: datetime) -> Running:
    is_offer = _kind(referral) is ClockKind.ACCEPT
    due_at = referral.accept_due_at if is_offer else referral.work_due_at
    if clock is not None and clock.state == ClockState.PAUSED.value:
        return Running(timeleft.PAUSED, None)
    calendar = (
        ROUND_THE_CLOCK
        if clock is not None and clock.elapsed
        else destinations.calendar_of(referral.organisation, referral.team)
    )
    return Running(timeleft.left(due_at, now, calendar), due_at)
