"""One mail to a team each morning that it works: what waits for it, and what presses most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, F, Q, QuerySet, When

import accounts.colleagues
import accounts.gazetteer
import notifications.actions
import notifications.queries
from accounts.gazetteer import Gazetteer
from enquiries import clocks
from enquiries.actions.telling import day_words, moment_words
from enquiries.lifecycle import ReferralStatus, Status
from enquiries.models import Referral
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.queries import destinations

if TYPE_CHECKING:
    from accounts.models import Team

AT = time(8)
MOST_LINES = 10
_OFFERED, _ACCEPTED = ReferralStatus.OFFERED.value, ReferralStatus.ACCEPTED.value
_WAITS = Q(enquiry__status=Status.WAITING.value)
# The clock that runs: to answer an offer, then to do the work.
_DUE = Case(When(status=_OFFERED, then=F("accept_due_at")), default=F("work_due_at"))


@dataclass(frozen=True, slots=True)
class _Counts:
    """How much of each kind a team has."""

    offered: int
    in_hand: int
    today: int
    late: int
    waiting: int

    @property
    def words(self) -> str:
        """In one line; what there is none of is not said."""
        found = [
            (self.offered, "to answer"),
            (self.in_hand, "in hand"),
            (self.today, "due today"),
            (self.late, "late"),
            (self.waiting, "waiting for the citizen"),
        ]
        return ", ".join(f"{number} {what}" for number, what in found if number)


def send_due(*, now: datetime) -> int:
    """Sends each team its mail of the day, once, between eight and closing time. How many.

    A team with nothing at eight is not written to, nor one without an address.
    """
    day = clocks.london_date(now)
    eight = datetime.combine(day, AT, clocks.LONDON)
    if now < eight:
        return 0
    teams = {f"digest:{team.pk}:{day}": team for team in _at_work(now)}
    told = notifications.queries.asked_for(teams)
    waiting = {key: team for key, team in teams.items() if key not in told}
    counts = _counts([team.pk for team in waiting.values()], eight)
    book = accounts.gazetteer.gazetteer() if counts else None
    for key, team in waiting.items():
        if team.pk in counts and book is not None:
            _send(team, counts[team.pk], book, key=key, eight=eight, now=now)
    return len(counts)


def _at_work(now: datetime) -> list[Team]:
    day, found = clocks.london_date(now), []
    for team in accounts.colleagues.teams_with_mail():
        calendar = destinations.calendar_of(team.organisation, team)
        if team.organisation.is_hub or not calendar.is_working_day(day):
            continue
        if now <= clocks.closing_time(day, calendar):
            found.append(team)
    return found


def _open(eight: datetime) -> QuerySet[Referral]:
    """What was with teams at eight, with the moment of its running clock."""
    rows = Referral.objects.filter(status__in=LIVE_REFERRAL, offered_at__lt=eight)
    return rows.annotate(due=_DUE)


def _counts(team_ids: Sequence[int], eight: datetime) -> dict[int, _Counts]:
    """Of each team that has anything; one statement for all."""
    runs = ~_WAITS
    tomorrow = eight.replace(hour=0) + timedelta(days=1)
    kinds = {
        "offered": Q(status=_OFFERED),
        "in_hand": Q(status=_ACCEPTED) & runs,
        "today": runs & Q(due__gte=eight, due__lt=tomorrow),
        "late": runs & Q(due__lt=eight),
        "waiting": Q(status=_ACCEPTED) & _WAITS,
    }
    rows = _open(eight).filter(team_id__in=team_ids).order_by().values("team_id")
    rows = rows.annotate(**{name: Count("pk", filter=kind) for name, kind in kinds.items()})
    return {row[0]: _Counts(*row[1:]) for row in rows.values_list("team_id", *kinds)}


@transaction.atomic
def _send(
    team: Team, counts: _Counts, book: Gazetteer, *, key: str, eight: datetime, now: datetime
) -> None:
    rows = _open(eight).filter(team_id=team.pk).exclude(_WAITS)
    rows = rows.select_related("enquiry__service").order_by(F("due").asc(nulls_last=True), "pk")
    lines = [_line(row, book, eight) for row in rows[:MOST_LINES]]
    notifications.actions.send(
        key=key,
        event="digest",
        medium="email",
        to=team.email,
        context={
            "team": team.name,
            "day": day_words(clocks.london_date(now)),
            "counts": counts.words,
            "lines": "\n".join(lines) or "Nothing: all of it waits for its citizens.",
            "desk_url": f"{settings.HUB_BASE_URL}/desk/referrals/",
        },
        about="",
        now=now,
    )


def _line(referral: Referral, book: Gazetteer, eight: datetime) -> str:
    """Reference, service, town and time: nothing of a person, nothing of a sensitive service."""
    enquiry, service = referral.enquiry, referral.enquiry.service
    what = service.name if service is not None and not service.sensitive else "An enquiry"
    town = _town(book, enquiry.district_code, enquiry.ward_code)
    where = f", {town}" if town else ""
    due = referral.accept_due_at if referral.status == _OFFERED else referral.work_due_at
    if due is None:
        return f"{enquiry.reference}  {what}{where}"
    asked = "answer" if referral.status == _OFFERED else "due"
    when = f"late since {moment_words(due)}" if due < eight else f"{asked} by {moment_words(due)}"
    return f"{enquiry.reference}  {what}{where}: {when}"


def _town(book: Gazetteer, district_code: str, ward_code: str) -> str:
    """The town that a place lies in, else its district: never a street, never a postcode."""
    codes = book.containing(district_code, ward_code)
    towns = [code for code in codes if book.kinds.get(code) == "town"]
    return book.names.get(towns[0] if towns else district_code, "")
