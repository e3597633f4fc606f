"""What we write to people about: each event with the facts that its words need. Pure."""

from __future__ import annotations

from dataclasses import dataclass

SMS = "sms"
EMAIL = "email"
LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Event:
    """`keys` must be given; those of `words` are free text by people and are cut in texts.
    Those of `lines` keep their line breaks.

    `at_once`: somebody waits for it, so that no quiet hours hold it. `overtakes` names what need
    not be said any more, where it still waits for the morning: the newest is said once. `brings`:
    the fact that names a file which goes with it (notifications.enclosing); no words need it.
    """

    keys: frozenset[str]
    words: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset({SMS, EMAIL})
    at_once: bool = False
    overtakes: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    is_marketing: bool = False
    brings: str = ""


def _event(
    keys: str,
    *,
    words: str = "",
    media: tuple[str, ...] = (SMS, EMAIL),
    at_once: bool = False,
    overtakes: str = "",
    lines: str = "",
    brings: str = "",
) -> Event:
    return Event(
        frozenset(keys.split()),
        frozenset(words.split()),
        frozenset(media),
        at_once,
        frozenset(overtakes.split()),
        frozenset(lines.split()),
        brings=brings,
    )


def _citizen(keys: str, *, words: str = "", overtakes: str = "") -> Event:
    """News of somebody's own enquiry: to who has neither telephone nor e-mail by letter."""
    return _event(keys, words=words, media=(SMS, EMAIL, LETTER), overtakes=overtakes)


def _answer(keys: str, *, words: str = "") -> Event:
    return _event(keys, words=words, media=(SMS,), at_once=True)


# Steps on the way: who hears of a later one need not hear of these.
_STEPS = "received accepted reassured"


EVENTS: dict[str, Event] = {
    "received": _citizen("reference service owner promised track_url next", words="next"),
    "accepted": _citizen(
        "reference service owner promised track_url", overtakes="received reassured"
    ),
    "resolved": _citizen(
        "reference service owner words outcome_words track_url survey_url cancelled",
        words="words outcome_words",
        overtakes=f"{_STEPS} asked late new_date merged linked parted resolved",
    ),
    "asked": _citizen("reference owner question track_url", words="question", overtakes=_STEPS),
    "replied": _citizen("reference service owner words track_url", words="words"),
    "overdue": _event("reference service due desk_url clock", media=(EMAIL,)),
    "due_soon": _event("reference service due desk_url clock", media=(EMAIL,)),
    "late": _citizen("reference owner promised track_url", overtakes=_STEPS),
    "new_date": _citizen(
        "reference service owner promised expected is_later words track_url",
        words="words",
        overtakes=f"{_STEPS} late new_date",
    ),
    # Before they ask: nothing has gone wrong.
    "reassured": _citizen("reference service owner promised expected since track_url"),
    # What opens "my enquiries", for who reads this address.
    "my_link": _event("link minutes", at_once=True),
    # Whether messages go at all, for staff who look after them.
    "test": _event("name time", at_once=True),
    # The code of a form that was saved, to an address that is used for nothing else.
    "form_code": _event("code link", at_once=True),
    "offered": _event("reference service due desk_url", media=(EMAIL,)),
    "moved": _event("reference service due desk_url", media=(EMAIL,)),
    "lapsed": _event("reference service desk_url", media=(EMAIL,)),
    "taken_back": _event("reference service desk_url", media=(EMAIL,)),
    # Somebody of whom a body has something open lives elsewhere now; until it says that it knows.
    "moved_home": _event("references again desk_url", media=(EMAIL,)),
    "part_left": _event("reference service organisation desk_url", media=(EMAIL,)),
    "disputed": _event("reference service reasons desk_url", words="reasons", media=(EMAIL,)),
    "digest": _event("team day counts lines desk_url", words="counts lines", media=(EMAIL,)),
    # What a rule or a colleague tells a team of a case; and that a rule was paused.
    "team_told": _event("reference service words who desk_url", words="words", media=(EMAIL,)),
    # A watched figure has left its band, or is back.
    "figure_left": _event("figure organisation value band desk_url", media=(EMAIL,)),
    "figure_back": _event("figure organisation value band desk_url", media=(EMAIL,)),
    # A checked sample says that links, on which the one-stop rate rests, are often wrong.
    "links_low": _event("sample figures desk_url", words="figures", media=(EMAIL,)),
    "rule_paused": _event("rule why desk_url", words="rule why", media=(EMAIL,)),
    # The figures of a week or a month, for who asked for them and for partners’ managers.
    "pack": _event("period answer lines desk_url", words="lines", media=(EMAIL,), brings="pack"),
    # Devices in public places: fell silent, are back, need somebody.
    "kiosks_silent": _event("kiosks perhaps_us lines desk_url", words="lines", media=(EMAIL,)),
    "kiosks_back": _event("kiosks lines desk_url", words="lines", media=(EMAIL,)),
    "kiosks_need": _event("kiosks lines desk_url", words="lines", media=(EMAIL,)),
    # Two reports of one thing, and what those hear who reported it after somebody else.
    "merged": _citizen("reference other service owner promised track_url", overtakes=_STEPS),
    "linked": _citizen("reference service owner promised track_url", overtakes=_STEPS),
    "parted": _citizen("reference service track_url next", words="next", overtakes="merged linked"),
    "followed": _citizen("reference service owner news words track_url", words="news words"),
    # A notice that somebody follows: its expected end has moved, or it is over.
    "notice_moved": _event("title organisation until track_url", words="title until"),
    "notice_over": _event("title organisation words track_url", words="title words"),
    # An e-mail of theirs that went to a case of theirs, and files of it that were not kept.
    "added": _event("reference service owner promised track_url"),
    "files_left_out": _event("reference service files track_url", words="files"),
    # Their link again; another address of theirs; and whom they let us keep told.
    "link": _event("reference service track_url", at_once=True),
    "told_here": _event("reference service track_url masked"),
    "told_elsewhere": _event("reference service track_url masked"),
    "keep_told": _event("reference service page_url"),
    "kept_told": _event("reference service page_url news", words="news"),
    # Several of the others, said together (notifications.together).
    "several": _event("count lines more my_url", words="lines"),
    # What somebody of ours wrote as a text, whole.
    "texted": _event("owner reference written link", media=(SMS,)),
    # The same to somebody who has no enquiry yet.
    "texted_first": _event("owner written", media=(SMS,)),
    # Answers within a conversation by text.
    "sms_received": _event(
        "reference owner promised hint danger stopped",
        words="hint danger",
        media=(SMS,),
        at_once=True,
    ),
    "sms_added": _answer("reference kind danger", words="danger"),
    # To a text that reached us hours late: in the morning, unless it spoke of danger.
    "sms_late": _event("reference came added danger stopped", words="danger", media=(SMS,)),
    "sms_late_danger": _answer("reference came added danger stopped", words="danger"),
    # A picture that came by text and could not be kept.
    "sms_no_photo": _event("reference track_url", media=(SMS,)),
    "sms_thanks": _answer("reference"),
    "sms_status": _event(
        "reference status_words promised", words="status_words", media=(SMS,), at_once=True
    ),
    "sms_unknown": _answer("reference"),
    # A number that a kiosk gave without a line, and that leads nowhere yet, or never will.
    "sms_kiosk": _answer("reference place lost_on"),
    "sms_silence": _answer(""),
    "sms_help": _answer(""),
    "sms_empty": _answer("pictures"),
    # One question of a conversation, and what nobody answered any more, sent as it stands.
    "sms_turn": _event("says", lines="says", media=(SMS,), at_once=True),
    "sms_opened": _event("reference owner promised", media=(SMS,)),
}

# Those that others than the citizen of a case read: colleagues; whom the citizen lets us keep told,
# who follows a notice, and an address that is no longer theirs.
TO_STAFF = frozenset(name for name, event in EVENTS.items() if "desk_url" in event.keys)
TO_OTHERS = frozenset({"keep_told", "kept_told", "notice_moved", "notice_over", "told_elsewhere"})
# What somebody is told because they have just texted, whatever they said of texts before.
ANSWERS = frozenset(
    name
    for name, event in EVENTS.items()
    if event.media == {SMS} and (event.at_once or name == "sms_late")
)
# What makes each event needless where it is said later.
NEWER = {
    name: frozenset(newer for newer, event in EVENTS.items() if name in event.overtakes)
    for name in EVENTS
}
