"""One enquiry's ledger in words: how it was judged, and each line that the verdict rests on. Pure.

What citizens wrote and who they are stands on the case; here is what is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from desk import performance_words as words
from desk.performance_rows import Cell, Names
from enquiries.channels import AVOIDABLE_WORDS, KIND_WORDS, ItemKind
from enquiries.lifecycle import OUTCOME_WORDS, Outcome
from enquiries.vocabulary import EventType, phrase, sentence
from metrics.queries_one import Line, Link, One

HEAD = [{"text": "When"}, {"text": "What happened"}, {"text": "Who did it"}]
LINKS_HEAD = [{"text": "When"}, {"text": "How"}, {"text": "Why we take it for the same need"}]
# What is written down within this time is written down at once.
AT_ONCE = timedelta(minutes=10)

TIERS: Mapping[str, str] = {
    "L1": "They named it, used its link or thread, or an agent said so (L1)",
    "L2": "The same person, service and place (L2)",
    "L3": "The same person and kind of service, and the answer to “about the earlier one?” (L3)",
    "L4": "The same number or email address, kind of service, within seven days (L4)",
}
# Lines whose own sentence would miss the words that a ledger does not carry.
_SAID: Mapping[str, str] = {
    "info_requested": "We had to ask the citizen",
    "info_received": "The citizen answered",
    "replied": "We told the citizen",
    "referred": "Work offered to a partner",
    "rejected": "The offer was rejected",
    "returned": "Sent back for information",
    "expired": "The offer was not answered in time",
    "accepted": "The offer was accepted",
    "offer_withdrawn": "The offer was taken back",
    "escalated": "Overdue: the team and the hub were told",
    "due_soon": "Due soon: the team was told",
    "due_moved": "We aim for another day now",
    "priority_set": "Another priority",
    "reopened": "Opened again",
    "told_to_contact": "Told to ring, visit or fill in something else",
    "duplicate_of": "Goes on in another report",
    "assigned": "A colleague took it",
    "part_completed": "One part is done",
    "follows": "Comes after an earlier one that had been closed",
    "split_from": "Taken out of another enquiry",
    "unlinked": "Not the same as an earlier one after all",
    "unmerged": "Not the same as another report after all",
    "let_go": "It goes on",
    "test": "Marked as a test",
    "not_test": "No test after all",
    "silent": "Nobody spoke",
    "out_of_partnership": "For a body outside the partnership",
}


def facts(found: One, names: Names) -> list[dict[str, str]]:
    """The verdict and what it hangs on, as rows of a summary list."""
    row = found.row
    rows = [("Verdict", words.VERDICTS[row.verdict][0])]
    why = words.why(row.verdict, row.reason, row.window_end)
    if why:
        rows.append(("Why", why))
    if row.owner:
        rows.append(("Whose to mend", words.owner(row.owner, names.organisations)))
    rows += [
        ("Service", names.services.get(row.service, "Not yet known")),
        ("Organisation", names.organisations.get(row.organisation, "Not yet known")),
        ("First contact", f"{words.said_moment(row.started_at)}, {words.channel(row.channel)}"),
        ("Time for coming back", _window(found)),
        ("Came back", _came_back(found)),
    ]
    if found.capped:
        rows.append(("Still to be done", "The time for coming back was over before the promise"))
    return [{"key": key, "value": value} for key, value in rows]


def _window(found: One) -> str:
    end = found.row.window_end
    if end is None:
        return "It has none: it is not in the rate"
    return f"{words.said_moment(found.opened_at)} to {words.said_moment(end)}"


def _came_back(found: One) -> str:
    if not found.linkable:
        return "Cannot be seen: nothing tells who it is from"
    if not found.counted:
        return "No"
    return "Once" if found.counted == 1 else f"{found.counted:,} times"


def rows(found: One, names: Names) -> list[list[Cell]]:
    """The ledger, oldest first."""
    return [
        [
            {"text": words.said_moment(line.at), "note": _late(line)},
            {"text": said(line), "note": _note(line, names)},
            {"text": _who(line, names)},
        ]
        for line in found.lines
    ]


def links(found: One) -> list[list[Cell]]:
    """The contacts that came back, and by what they are known for the same need."""
    return [
        [
            {"text": words.said_moment(link.at)},
            {"text": words.channel(link.channel)},
            {"text": _tier(link)},
        ]
        for link in found.links
    ]


def _tier(link: Link) -> str:
    return TIERS.get(link.tier, link.tier)


def _late(line: Line) -> str:
    """When it was written down, where that was later than it happened."""
    return f"written down {_moment(line.recorded)}" if line.recorded - line.at > AT_ONCE else ""


def _moment(at: datetime) -> str:
    return words.said_moment(at)


def said(line: Line) -> str:
    """A line in words."""
    if line.type == "item":
        kind = KIND_WORDS[ItemKind(line.what)] if line.what in set(ItemKind) else line.what
        return f"{words.channel(str(line.more['channel']))}: {kind.lower()}"
    if line.what in set(Outcome):
        return f"Outcome: {OUTCOME_WORDS[Outcome(line.what)]}"
    if line.what in _SAID:
        return _SAID[line.what]
    name = f"enquiry.{line.what}"
    if name in set(EventType):
        return sentence(name, _readable(line.more)).rstrip(" .:") or _plain(line.what)
    return _plain(line.what)


def _readable(more: Mapping[str, Any]) -> dict[str, Any]:
    channel = str(more.get("to") or "")
    return {**more, "channel": "us", "to": words.channel(channel), "name": ""}


def _who(line: Line, names: Names) -> str:
    if line.type == "item":
        return "The citizen"
    return names.organisations.get(line.organisation, line.organisation) or "–"


def _note(line: Line, names: Names) -> str:
    to = str(line.more.get("to") or "")
    if to in names.organisations:
        return f"to {names.organisations[to]}"
    if line.type == "item":
        reason = str(line.more.get("avoidable") or "")
        return f"avoidable: {AVOIDABLE_WORDS.get(reason, reason)}" if reason else ""
    if line.more.get("unforeseeable"):
        return "nobody could have known before"
    if line.what != "promise_set" and line.more.get("date"):
        return phrase("{date}", line.more)
    return ""


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()
