"""How a device is, from what it said last and what the clock says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A device says that it lives every thirty seconds; a little late is not missed.
ALIVE_SECONDS = 45
# Three misses.
GONE_SECONDS = 90
OLD_ENTRY = timedelta(hours=1)
# When what a device keeps is everybody's business.
ALARM_ENTRY = timedelta(hours=24)
CLOCK_OFF_SECONDS = 60
PAPER_LOW_PERCENT = 15
# It has three hundred, and gets more below two hundred and fifty.
FEW_NUMBERS = 100
PROBLEM_WORDS = {
    "storage_full": "its storage is full: it can keep nothing more",
    "storage_low": "its storage is nearly full",
    "update_failed": "it could not load its release",
    "content_failed": "it could not load its questions and answers",
    "screen_failed": "a screen of its own failed within a day: somebody could not go on there",
}


class State(StrEnum):
    """Worst first: so they are sorted."""

    OFFLINE = "offline"
    DEGRADED = "degraded"
    LOCKED = "locked"
    WAITING = "waiting"
    ONLINE = "online"
    CLOSED = "closed"
    OFF = "off"


STATE_WORDS = {
    State.OFFLINE: "Offline",
    State.DEGRADED: "Degraded",
    State.LOCKED: "Locked",
    State.WAITING: "Not set up",
    State.ONLINE: "Online",
    State.CLOSED: "Closed",
    State.OFF: "Switched off",
}
STATE_TONES = {
    State.OFFLINE: "late",
    State.DEGRADED: "soon",
    State.LOCKED: "waiting",
    State.WAITING: "waiting",
    State.ONLINE: "kept",
    State.CLOSED: "quiet",
    State.OFF: "quiet",
}
WORST_FIRST = {state: place for place, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a device; `silent` are the seconds of opening hours since its last word."""

    is_open: bool
    silent: float
    heard_at: datetime | None = None
    enrolled_at: datetime | None = None
    revoked_at: datetime | None = None
    locked_at: datetime | None = None
    code_expires_at: datetime | None = None
    queued: int = 0
    oldest_at: datetime | None = None
    clock_off: float = 0
    paper_left: int | None = None
    problems: tuple[str, ...] = ()
    release: str = ""
    release_due: str = ""
    numbers: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A state, and why it is that."""

    state: State
    reasons: tuple[str, ...] = ()


def judge(facts: Facts, now: datetime) -> Judged:
    """How a device is now."""
    if facts.revoked_at is not None:
        return Judged(State.OFF, _still_on_it(facts))
    if facts.enrolled_at is None:
        return Judged(State.WAITING, (_waits(facts, now),))
    wrong = _wrong(facts, now)
    is_gone = facts.is_open and facts.silent >= GONE_SECONDS
    if facts.locked_at is not None:
        return Judged(State.LOCKED, (*(["not heard either"] if is_gone else []), *wrong))
    if is_gone:
        return Judged(State.OFFLINE, (_gone(facts), *wrong))
    if not facts.is_open:
        return Judged(State.CLOSED, wrong)
    missed = _missed(facts, now)
    if missed or wrong:
        return Judged(State.DEGRADED, (*missed, *wrong))
    return Judged(State.ONLINE)


def _still_on_it(facts: Facts) -> tuple[str, ...]:
    """People were told that we have what it keeps: it comes in when the device is set up again."""
    if not facts.queued:
        return ()
    kept = "1 enquiry is" if facts.queued == 1 else f"{facts.queued} enquiries are"
    return (f"{kept} still on it, sealed: set it up again within seven days to get them",)


def _waits(facts: Facts, now: datetime) -> str:
    if facts.code_expires_at is not None and facts.code_expires_at > now:
        return "its code waits to be typed"
    return "its code ran out before it was used"


def _gone(facts: Facts) -> str:
    if facts.heard_at is None:
        return "nothing was ever heard of it"
    return "nothing heard for three turns or more"


def _missed(facts: Facts, now: datetime) -> tuple[str, ...]:
    since = facts.heard_at or facts.enrolled_at
    if since is None or (now - since).total_seconds() <= ALIVE_SECONDS:
        return ()
    if facts.silent <= ALIVE_SECONDS:
        return ("it has just opened, and nothing was heard yet",)
    return ("one turn or two were missed",)


def _wrong(facts: Facts, now: datetime) -> tuple[str, ...]:
    """What is wrong with it, worst first."""
    found = []
    if facts.queued and facts.oldest_at is not None:
        kept = now - facts.oldest_at
        if kept > ALARM_ENTRY:
            found.append(f"keeps enquiries for {kept // timedelta(hours=1)} hours")
        elif kept > OLD_ENTRY:
            found.append("keeps enquiries for more than an hour")
    found += [PROBLEM_WORDS.get(one, one.replace("_", " ")) for one in facts.problems]
    if abs(facts.clock_off) > CLOCK_OFF_SECONDS:
        found.append(f"its clock is {clock_words(facts.clock_off)}")
    if facts.paper_left is not None and facts.paper_left < PAPER_LOW_PERCENT:
        found.append(f"paper for {facts.paper_left}% of a roll is left")
    if facts.release_due and facts.release != facts.release_due:
        has = facts.release or "none"
        found.append(f"has release {has}, should have {facts.release_due}")
    if facts.numbers is not None and facts.numbers < FEW_NUMBERS and not _is_new(facts):
        found.append(f"can give only {facts.numbers} more numbers")
    return tuple(found)


def _is_new(facts: Facts) -> bool:
    """It has said nothing yet but what it said before its numbers came."""
    if facts.heard_at is None or facts.enrolled_at is None:
        return False
    return (facts.heard_at - facts.enrolled_at).total_seconds() < GONE_SECONDS


def clock_words(seconds: float) -> str:
    """Three hours fast."""
    off = abs(seconds)
    amount, unit = (off / 3600, "hour") if off >= 5400 else (off / 60, "minute")
    number = max(1, round(amount))
    return f"{number} {unit}{'s' if number != 1 else ''} {'fast' if seconds > 0 else 'slow'}"


def paper_left(*, printer: str, paper: int, printed: int) -> int | None:
    """How much of the paper is left, in per cent; None where nobody can know."""
    if not printer or not paper:
        return None
    return max(0, round(100 * (paper - printed) / paper))
