"""One line for each event, where several are said in one message; what has none goes by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext

from notifications import gsm

# What people wrote gets so much of a text that says several things; the rest is on their page.
SHORT = 60

Facts = Mapping[str, str]


def _received(facts: Facts) -> str:
    if facts.get("promised"):
        return gettext("we have it, and promise an answer by %(day)s") % {"day": facts["promised"]}
    return gettext("we have it")


def _accepted(facts: Facts) -> str:
    return gettext("%(who)s has taken it on") % {"who": facts.get("owner", "")}


def _resolved(facts: Facts) -> str:
    return _with(facts.get("outcome_words") or gettext("it has ended"), facts.get("words", ""))


def _asked(facts: Facts) -> str:
    return _with(gettext("we need to ask you something"), facts.get("question", ""))


def _replied(facts: Facts) -> str:
    return _with(gettext("we wrote to you"), facts.get("words", ""))


def _new_date(facts: Facts) -> str:
    return _with(
        gettext("there is a new date, %(day)s") % {"day": facts.get("expected", "")},
        facts.get("words", ""),
    )


def _late(facts: Facts) -> str:
    return gettext("it is later than we promised. Those who deal with it have been told")


def _reassured(facts: Facts) -> str:
    return gettext("%(who)s has it, and nothing has gone wrong") % {"who": facts.get("owner", "")}


def _merged(facts: Facts) -> str:
    other = {"reference": facts.get("other", "")}
    return gettext("it goes on together with %(reference)s") % other


def _linked(facts: Facts) -> str:
    return gettext("somebody told us before you, and it is being dealt with")


def _parted(facts: Facts) -> str:
    return gettext("it goes on by itself")


def _followed(facts: Facts) -> str:
    return _with(facts.get("news", ""), facts.get("words", ""))


def _kept_told(facts: Facts) -> str:
    return facts.get("news", "")


def _with(what: str, words: str) -> str:
    what, words = what.strip(), words.strip()
    return f"{what}: {words}" if what and words else what or words


_LINES: dict[str, Callable[[Facts], str]] = {
    "received": _received,
    "accepted": _accepted,
    "resolved": _resolved,
    "asked": _asked,
    "replied": _replied,
    "new_date": _new_date,
    "late": _late,
    "reassured": _reassured,
    "merged": _merged,
    "linked": _linked,
    "parted": _parted,
    "followed": _followed,
    "kept_told": _kept_told,
}
# The only ones that are counted, held and said together.
EVENTS = frozenset(_LINES)


def line(event: str, facts: Facts, medium: str) -> str:
    """What one message would have said, in one line of a text or one paragraph of an e-mail."""
    said = _LINES[event](facts).rstrip(". ")
    reference = facts.get("reference", "")
    if medium == "sms":
        return f"{reference}: {gsm.shorten(' '.join(said.split()), SHORT)}."
    about = f"{reference} ({facts['service']})" if facts.get("service") else reference
    link = facts.get("track_url") or facts.get("page_url", "")
    return "\n".join(part for part in (f"{about}: {said}.", link) if part)
