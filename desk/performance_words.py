"""Figures in words: what a rate says, what a reason means, whose it is to mend. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.clocks import LONDON
from metrics.figures import TARGET, Osr, wilson
from metrics.queries import DECIDED, NONE, Slice

# Below this, a difference between two rates says more about chance than about work.
ENOUGH = 20

REASONS: Mapping[str, str] = {
    "clarification": "Our answer was not clear",
    "conflicting_answer": "We gave two different answers",
    "signposting_or_transfer": "Sent somewhere else",
    "repetition": "Had to tell us again",
    "progress_chasing": "Had to ask how it was going",
    "closed_too_early": "Came back after we had closed it",
    "insufficient_capture": "We had to go back and ask",
    "partner_return": "Partner sent it back for information",
    "late": "No result in time",
    "abandoned_online": "Given up online",
}
OWNERS: Mapping[str, str] = {
    "front_door": "Front door",
    "service": "Service",
    "content": "Content",
    "system": "System",
}
EXCLUSIONS: Mapping[str, tuple[str, str]] = {
    "test": ("Tests", "Ours, not a citizen's"),
    "spam": ("Spam", ""),
    "abandoned": ("Gave up before being served", "Counted as abandonment"),
    "out_of_partnership": ("For a body outside", "Counted as signposting"),
    "same_need": ("Second tickets", "Counted against the first enquiry about the same need"),
    "duplicate": ("Reported by somebody else already", "Counted as duplicate demand"),
    "withdrawn": ("Withdrawn by the citizen", ""),
    "staged": ("Several contacts by nature", "Reported on a line of their own"),
}
VERDICTS: Mapping[str, tuple[str, str]] = {
    "success": ("One stop", "kept"),
    "failure": ("Not one stop", "late"),
    "pending": ("Still open", "waiting"),
    "excluded": ("Left out", "quiet"),
}


def rate(osr: Osr) -> float | None:
    """The headline; where nobody can be linked, the most that it can be."""
    return osr.linked if osr.linked is not None else osr.upper


def percent(value: float | None) -> str:
    """A rate as people say it."""
    return "not known" if value is None else f"{value * 100:.0f}%"


def said_rate(osr: Osr) -> str:
    """A rate with the word that it needs."""
    value = rate(osr)
    if value is None:
        return "not known yet"
    return percent(value) if osr.linked is not None else f"at most {percent(value)}"


def interval(osr: Osr) -> str:
    """The interval that chance leaves."""
    if osr.wilson is None:
        return "–"
    low, high = osr.wilson
    return f"{low * 100:.0f} to {percent(high)}"


def answer(osr: Osr) -> str:
    """Are we keeping the promise? In a sentence."""
    value = rate(osr)
    if value is None and not osr.pending:
        return "Nothing to judge in this time"
    if value is None:
        return "Nothing is decided yet: people may still come back"
    if osr.linked is None:
        return f"At most {percent(value)} were settled in one stop"
    if osr.wilson is not None and osr.wilson[0] <= TARGET <= osr.wilson[1]:
        stand = "too close to 80% to call"
    else:
        stand = "the promise is kept" if value >= TARGET else "short of the 80% we promise"
    return f"{percent(value)} were settled in one stop: {stand}"


def explained(osr: Osr) -> str:
    """What the sentence rests on."""
    if not osr.mature and not osr.pending:
        return ""
    if not osr.mature:
        return (
            f"{_enquiries_are(osr.pending)} still open. A verdict is given when the time for "
            "coming back about the same need is over."
        )
    open_ = f"{osr.pending:,} {'is' if osr.pending == 1 else 'are'} still open"
    words = [f"{_enquiries_are(osr.mature)} decided, {open_}."]
    if osr.wilson is None:
        words.append("None of them shows who it is from, so nobody can be seen to come back.")
        return " ".join(words)
    low, high = osr.wilson
    words.append(
        f"{osr.n:,} of the decided ones {'shows who it is' if osr.n == 1 else 'show who they are'} "
        f"from; with so many, chance alone could make it anything from {percent(low)} to "
        f"{percent(high)}."
    )
    if osr.borrowed:
        words.append(
            f"For {osr.borrowed:,} nobody of their kind can be linked; similar ones speak for them."
        )
    return " ".join(words)


def _enquiries_are(n: int) -> str:
    return "1 enquiry is" if n == 1 else f"{n:,} enquiries are"


def tone(osr: Osr) -> str:
    """Whether a rate keeps the promise, may keep it, or does not."""
    if osr.wilson is None:
        return ""
    if osr.wilson[0] >= TARGET:
        return "kept"
    return "late" if osr.wilson[1] < TARGET else ""


def compared(slices: Sequence[tuple[str, Slice]], what: str) -> str:
    """The best and the worst of those with enough enquiries to tell."""
    told = [
        (value, name, one.measures.osr)
        for name, one in slices
        if one.key != NONE
        and one.measures.osr.mature >= ENOUGH
        and (value := rate(one.measures.osr)) is not None
    ]
    if not told:
        return f"Too few enquiries to compare {what}"
    if len(told) == 1:
        return f"Of {what} only {told[0][1]} has enough enquiries to tell: {percent(told[0][0])}"
    best, worst = max(told), min(told)
    span = f"{percent(worst[0])} to {percent(best[0])}"
    if not _apart(best[2], worst[2]):
        return f"No clear difference between {what}: {span}"
    return f"{best[1]} does best at {percent(best[0])}, {worst[1]} least at {percent(worst[0])}"


def _apart(better: Osr, worse: Osr) -> bool:
    """Whether chance alone cannot explain that one is above the other."""
    high, low = _chance(better), _chance(worse)
    return high is not None and low is not None and high[0] > low[1]


def _chance(osr: Osr) -> tuple[float, float] | None:
    return osr.wilson or (None if osr.upper is None else wilson(osr.upper, osr.mature))


def owner(text: str, organisations: Mapping[str, str]) -> str:
    """Who is asked to mend it."""
    if text.startswith("partner:"):
        slug = text.removeprefix("partner:")
        return organisations.get(slug, slug)
    return OWNERS.get(text, text)


def trend(decided: Sequence[Osr]) -> str:
    """The message over the chart of time: only what chance cannot explain is a change."""
    if len(decided) < 4:
        return "Too early to see a change over time"
    half = len(decided) // 2
    before, after = _pooled(decided[:half]), _pooled(decided[-half:])
    if before is None or after is None:
        return "Too few enquiries to see a change over time"
    change = abs(after[0] - before[0]) * 100
    if after[1] > before[2]:
        return f"Up {change:.0f} points between the first half and the second"
    if after[2] < before[1]:
        return f"Down {change:.0f} points between the first half and the second"
    return "No clear change over time"


def _pooled(periods: Sequence[Osr]) -> tuple[float, float, float] | None:
    """The rate of several periods together, with its interval."""
    mature = sum(osr.mature for osr in periods)
    if mature < ENOUGH:
        return None
    value = sum(osr.successes for osr in periods) / mature
    low, high = wilson(value, mature) or (0.0, 1.0)
    return value, low, high


def period(start: date, unit: str) -> str:
    """A week or a month on an axis."""
    return f"{start.day} {start:%b}" if unit == "week" else f"{start:%b} {start.year % 100:02}"


def period_name(start: date, unit: str) -> str:
    """A week or a month in a table."""
    return f"Week of {start.day} {start:%B %Y}" if unit == "week" else f"{start:%B %Y}"


def said_moment(moment: datetime) -> str:
    """A moment in a list, with its year."""
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%b %Y, %H:%M}"


def channel(text: str) -> str:
    """What a channel is called."""
    return CHANNEL_WORDS[Channel(text)] if text in set(Channel) else text


def why(verdict: str, reason: str, window_end: datetime | None) -> str:
    """Why it is what it is."""
    if verdict == "failure":
        return REASONS.get(reason, reason)
    if verdict == "excluded":
        return EXCLUSIONS.get(reason, (reason, ""))[0]
    if verdict == "pending" and window_end is not None:
        local = window_end.astimezone(LONDON)
        return f"Decided after {local.day} {local:%b %Y}"
    return ""


_KINDS: Mapping[str, str] = {
    **{key: name for key, (name, _) in VERDICTS.items()},
    DECIDED: "Decided",
}


def listed(
    *, verdict: str, reason: str, owner_said: str, came_back: bool | None, narrowed: Sequence[str]
) -> str:
    """The heading of a list of enquiries."""
    kind = _KINDS.get(verdict, "All enquiries")
    parts = [f"{kind}: {why(verdict, reason, None).lower()}" if reason else kind]
    if owner_said:
        parts.append(f"to be mended by {owner_said}")
    if came_back:
        parts.append("people came back")
    return ", ".join([*parts, *narrowed])


def bounds(osr: Osr) -> str:
    """Between what the rate must lie, whatever those did who cannot be linked."""
    if osr.upper is None:
        return "–"
    if osr.lower is None:
        return f"at most {percent(osr.upper)}"
    mark = " ⚑" if osr.out_of_order else ""
    if percent(osr.lower) == percent(osr.upper):
        return f"{percent(osr.upper)}{mark}"
    return f"{osr.lower * 100:.0f} to {percent(osr.upper)}{mark}"
