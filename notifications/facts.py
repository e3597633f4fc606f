"""What messages can say: each fact by its name, what it means, and an example. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

URL = "url"
# Words that people wrote: cut in texts, kept in paragraphs in e-mails.
WORDS = "words"
# Says yes or nothing; only asked for, never said.
FLAG = "flag"
SHORT = "short"


@dataclass(frozen=True, slots=True)
class Known:
    """One fact. `longest` is as long as it gets; "" where the example is typical."""

    meaning: str
    example: str
    kind: str = SHORT
    longest: str = ""


# Where the hub is in examples; who shows one puts its own address there.
BASE = "https://hub.example"
_TRACK = f"{BASE}/track/WH7-K3MP-4X/hQ2nXr7mVb1cT9zKpLw4Ya/"

FACTS: dict[str, Known] = {
    "reference": Known("The reference of the enquiry", "WH7-K3MP-4X"),
    "references": Known("The references that it is about", "WH7-K3MP-4X, WH9-T4RW-6Y"),
    "again": Known("Where it was said before, and nobody answered", "yes", FLAG),
    "service": Known("What it is about; nothing while nobody knows", "Missed bin collection"),
    "owner": Known("Who deals with it", "Malvern Hills District Council"),
    "promised": Known(
        "The day that was promised; nothing where there is none",
        "Thursday 26 November",
        longest="Wednesday 30 September",
    ),
    "expected": Known(
        "The day on which it is expected now; nothing where there is none",
        "Monday 30 November",
        longest="Wednesday 30 September",
    ),
    "since": Known(
        "Since when the body has it", "Tuesday 17 November", longest="Wednesday 30 September"
    ),
    "track_url": Known("The citizen’s own link to their enquiry", _TRACK, URL),
    "survey_url": Known(
        "The link to say whether they got what they needed; nothing where nobody asks",
        f"{BASE}/said/{'WyJkb25lIl0' * 5}:1vMabc:{'hQ2nXr7mVb1cT9zKpLw4Ya' * 2}/",
        URL,
        longest=f"{BASE}/said/{'WyJkb25lIl0' * 6}:1vMabc:{'hQ2nXr7mVb1cT9zKpLw4Ya' * 2}/",
    ),
    "page_url": Known(
        "The link to the page of who is kept told",
        f"{BASE}/kept-told/hQ2nXr7mVb1cT9zKpLw4Ya/",
        URL,
    ),
    "desk_url": Known("The page on the desk", f"{BASE}/desk/cases/WH7-K3MP-4X/", URL),
    "link": Known(
        "A link that opens something and ends soon: only in the message",
        f"{BASE}/my/open/hQ2nXr7mVb1cT9zKpLw4YahQ2nXr7mVb1cT9zKpLw4Y/",
        URL,
    ),
    "next": Known(
        "What happens next, as a sentence; nothing while nobody knows",
        "Malvern Hills District Council will deal with it by Thursday 26 November.",
        WORDS,
    ),
    "words": Known(
        "What staff wrote to the citizen; may be nothing",
        "The crew came back today and emptied it.",
        WORDS,
    ),
    "written": Known(
        "What somebody of ours wrote as a text", "Which gate is it, the green or the black one?"
    ),
    "outcome_words": Known("How it ended", "Done", WORDS, longest="Passed to somebody else"),
    "question": Known(
        "What staff ask the citizen", "Which of the two gates is the bin behind?", WORDS
    ),
    "cancelled": Known("Where the citizen cancelled it", "yes", FLAG),
    "is_later": Known("Where the new day is later than the one before", "yes", FLAG),
    "other": Known("The reference under which both go on", "WH9-T4RW-6Y"),
    "news": Known("The news, as a sentence", "It has ended: done.", WORDS),
    "title": Known("The title of the notice", "No collections in Malvern on Friday", WORDS),
    "until": Known(
        "When it is expected to end, as a sentence",
        "We now expect it to end on Friday 27 November, 5pm.",
        WORDS,
    ),
    "organisation": Known("The body that it is about", "Malvern Hills District Council"),
    "masked": Known("The address, with most of it hidden", "j***@example.com"),
    "minutes": Known("For how many minutes the link opens", "15"),
    "name": Known("Who of the staff sent a test", "Sam Staff"),
    "time": Known("When a test was sent", "14:05:09 UTC"),
    "code": Known("The code of a saved form: only in the message", "K3MPX-7WD4R"),
    "due": Known(
        "When it is due; nothing where that is not known",
        "Friday 27 November, 5pm",
        longest="Wednesday 30 September, 10:30am",
    ),
    "clock": Known("Which time runs out", "Promise to the citizen"),
    "reasons": Known(
        "Who sent it back, and why",
        "Wychavon District Council: It is outside our area",
        WORDS,
    ),
    "team": Known("The team", "Waste and street scene"),
    "place": Known("Where the kiosk stands", "Evesham library"),
    "lost_on": Known(
        "The day on which it was told, where it never came; else nothing",
        "Tuesday 17 November",
        longest="Wednesday 30 September",
    ),
    "day": Known("Today", "Friday 27 November"),
    "counts": Known(
        "How much work there is",
        "3 offered, 1 due today, 0 late, 2 waiting for the citizen.",
        WORDS,
    ),
    "lines": Known(
        "What presses most, or what several messages say, a line each",
        "WH7-K3MP-4X Missed bin collection, Malvern: 2 working hours left",
        WORDS,
    ),
    "period": Known("Which week or month", "week, 16 to 22 November 2026"),
    "answer": Known(
        "Whether the promise is kept, as a sentence",
        "84% were settled in one stop: the promise is kept",
        longest="73% were settled in one stop: too close to 80% to call",
    ),
    "who": Known(
        "Which rule, or who", "Rule “Lamps on main roads”", longest="Rule “" + "m" * 60 + "”"
    ),
    "figure": Known("Which figure", "One-stop rate", longest="Got what they needed, they say"),
    "value": Known("How it stands", "71.4%", longest="1000.25"),
    "band": Known("Between what it should stay", "75% or more", longest="75.25% to 100%"),
    "sample": Known("Which sample of links", "3", longest="120"),
    "figures": Known(
        "What lies below what it should be, as a sentence",
        "precision 84%, which should be 90%",
        longest="precision 84%, which should be 90%; recall 61%, which should be 70%",
    ),
    "rule": Known("The name of a rule", "Lamps on main roads", longest="m" * 60),
    "why": Known("Why it failed", "This enquiry has ended", longest="m" * 300),
    "kiosks": Known(
        "Which kiosk, or how many", "Evesham library, by the door", longest="500 kiosks"
    ),
    "perhaps_us": Known("Where no kiosk is heard at all: perhaps it is us", "yes", FLAG),
    "count": Known("How many messages are said in this one", "6"),
    "more": Known("How many of them do not fit; mostly nothing", "3"),
    "my_url": Known("The page with all their enquiries", f"{BASE}/my/", URL),
    "hint": Known("What helps us to deal with it, as a sentence; may be nothing", "", WORDS),
    "danger": Known(
        "What to do now where there is danger; mostly nothing",
        "If you smell gas, go outside and ring 0800 111 999 now.",
        WORDS,
    ),
    "kind": Known("What the text was taken for", "chase"),
    "kind_is_chase": Known("Where they asked how it is going", "yes", FLAG),
    "kind_is_reply_to_us": Known("Where they answered what we wrote", "yes", FLAG),
    "status_words": Known("How it stands", "In progress (Malvern Hills District Council).", WORDS),
    "came": Known("When their text was sent", "Tuesday 17 November, 10am"),
    "added": Known("Where it was added to an enquiry that they had", "yes", FLAG),
    "says": Known("The next question of a conversation by text", "Q2 How deep is it?", WORDS),
    "files": Known(
        "The files of their email that we could not keep, a line each with why",
        "fence.heic: We cannot open HEIC or AVIF photos",
        WORDS,
    ),
    "stopped": Known(
        "Where they asked for no texts, so that no news goes there", "", FLAG, longest="yes"
    ),
    "pictures": Known("Where the text held pictures", "yes", FLAG),
}

# What every message may say, whatever it is about.
HOUSE = {
    "hub_phone": Known("Our telephone number", "01632 960000"),
    "track_page": Known(
        "The page on which anybody finds their enquiry by its reference",
        f"{BASE}/track/",
        URL,
    ),
}

# Names that follow from another fact: "kind" is "chase", so kind_is_chase says yes.
_FOLLOW = {"kind": ("chase", "reply_to_us")}


def following(keys: Collection[str]) -> set[str]:
    """The names that follow from the facts of an event."""
    return {f"{key}_is_{one}" for key in keys for one in _FOLLOW.get(key, ())}


def with_following(facts: dict[str, str]) -> dict[str, str]:
    """The facts, and what follows from them."""
    more = {
        f"{key}_is_{one}": "yes" for key, ones in _FOLLOW.items() for one in ones
        if facts.get(key) == one
    }  # fmt: skip
    return {**facts, **more}


def is_url(name: str) -> bool:
    """Whether a fact is a link."""
    known = FACTS.get(name) or HOUSE.get(name)
    return known is not None and known.kind == URL


def known(name: str) -> Known:
    """What a fact is. One that nobody has described yet is still shown by its name."""
    return FACTS.get(name) or HOUSE.get(name) or Known(name.replace("_", " ").capitalize(), name)
