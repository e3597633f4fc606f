"""What we write to people about: each event with the facts that its words need. Pure."""

from __future__ import annotations

from dataclasses import dataclass

SMS = "sms"
EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Event:
    """`keys` must be given; those of `words` are free text by people and are cut in texts."""

    keys: frozenset[str]
    words: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset({SMS, EMAIL})


def _event(keys: str, *, words: str = "", media: tuple[str, ...] = (SMS, EMAIL)) -> Event:
    return Event(frozenset(keys.split()), frozenset(words.split()), frozenset(media))


EVENTS: dict[str, Event] = {
    "received": _event("reference service owner promised track_url next", words="next"),
    "accepted": _event("reference service owner promised track_url"),
    "resolved": _event(
        "reference service owner words outcome_words track_url", words="words outcome_words"
    ),
    "asked": _event("reference owner question track_url", words="question"),
    "replied": _event("reference service owner words track_url", words="words"),
    "overdue": _event("reference service due desk_url clock", media=(EMAIL,)),
    "due_soon": _event("reference service due desk_url clock", media=(EMAIL,)),
    "late": _event("reference owner promised track_url"),
    "offered": _event("reference service due desk_url", media=(EMAIL,)),
    "moved": _event("reference service due desk_url", media=(EMAIL,)),
    "lapsed": _event("reference service desk_url", media=(EMAIL,)),
    "taken_back": _event("reference service desk_url", media=(EMAIL,)),
    "part_left": _event("reference service organisation desk_url", media=(EMAIL,)),
    "disputed": _event("reference service reasons desk_url", words="reasons", media=(EMAIL,)),
    "digest": _event("team day counts lines desk_url", words="counts lines", media=(EMAIL,)),
    # Two reports of one thing, and what those hear who reported it after somebody else.
    "merged": _event("reference other service owner promised track_url"),
    "linked": _event("reference service owner promised track_url"),
    "parted": _event("reference service track_url next", words="next"),
    "followed": _event("reference service owner news words track_url", words="news words"),
    # A notice that somebody follows: its expected end has moved, or it is over.
    "notice_moved": _event("title organisation until track_url", words="title until"),
    "notice_over": _event("title organisation words track_url", words="title words"),
    # Answers within a conversation by text.
    "sms_received": _event("reference owner promised hint", words="hint", media=(SMS,)),
    "sms_added": _event("reference kind", media=(SMS,)),
    "sms_thanks": _event("reference", media=(SMS,)),
    "sms_status": _event("reference status_words promised", words="status_words", media=(SMS,)),
    "sms_unknown": _event("reference", media=(SMS,)),
    "sms_silence": _event("", media=(SMS,)),
    "sms_help": _event("", media=(SMS,)),
    "sms_empty": _event("pictures", media=(SMS,)),
}
