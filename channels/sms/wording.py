"""What each turn of a conversation says, in the language that is active: short, one question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from django.utils.translation import gettext as _

from channels.asking import checking, questions
from channels.asking.questions import Asking
from channels.sms import turns
from channels.sms.dialog import PAGE, Dialog, Turn
from kb import tongues
from kb.forms import words
from kb.forms.schema import EndKind, Kind, Question
from notifications import gsm

# Texts that a question may take; and as few lines of a list as are shown before less is said
# around it. A line is never cut, nor its letters made plain: what it says is what is chosen.
PARTS: Final = 2
FEWEST: Final = 2
# So much of an answer, or of a name, is said; less where all would take more than two texts.
_SHORT: Final = (40, 30, 20, 12)
_NAME: Final = (100, 50, 35, 25)
_FACTS: Final = (200, 150, 110, 80, 60, 40)
_HINTED = frozenset({Kind.TEXT, Kind.WORDS})
_Whole = Callable[[str], str]


def says(dialog: Dialog, asking: Asking, *, note: str = "") -> str:
    """The words of a turn, with what is said before them."""
    if dialog.turn is Turn.WHICH:
        said = _which(dialog, asking)
    elif dialog.turn is Turn.SERVICE:
        said = _services(dialog)
    elif dialog.turn is Turn.SUMMARY:
        said = _summary(asking)
    elif dialog.turn is Turn.NEARBY:
        said = _nearby(dialog, asking)
    elif dialog.turn is Turn.END:
        said = _end(dialog, asking)
    else:
        return _question(dialog, asking, note)[0]
    return _lines(note, said)


def shown(dialog: Dialog, asking: Asking, *, note: str = "") -> int:
    """How many lines of a list a turn shows."""
    if dialog.turn is not Turn.QUESTION:
        return PAGE
    return _question(dialog, asking, note)[1]


def link(address: str) -> str:
    """Where the page of a conversation is."""
    return _("Open %(link)s on your phone. We go on here when you have answered there.") % {
        "link": address
    }


def photo_taken() -> str:
    """A picture came without words."""
    return _("Thank you, we have your photo.")


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _question(dialog: Dialog, asking: Asking, note: str) -> tuple[str, int]:
    """A question, and how many lines of its list stand in it."""
    question = asking.question(dialog.key)
    if question is None:
        return note, PAGE
    about = ""
    if dialog.is_first and asking.service is not None:
        about = _("About: %(service)s.") % {"service": tongues.said(asking.service.name)}
    number = [one.key for one in turns.numbered(asking)].index(question.key) + 1
    if dialog.turn is Turn.HOUSE:
        return _lines(note, _house(dialog, number)), PAGE
    asked = _("Q%(number)s %(question)s") % {
        "number": number,
        "question": tongues.said(question.words),
    }
    after = [_how(question)]
    if not question.required and questions.role(question) != questions.FILES:
        after.append(_("Or text SKIP."))
    if dialog.is_first:
        after.append(_("Not about this? Text OTHER. For a person, text AGENT."))
    last, brief = _row(after), _row(after[:1])
    wholes: list[_Whole] = [
        lambda choices: _lines(about, note, asked, choices, last),
        lambda choices: _lines(about, note, asked, choices, brief),
        lambda choices: _lines(note, asked, choices, brief),
        lambda choices: _lines(asked, choices, brief),
    ]
    return _fitting(dialog, question, wholes)


def _row(parts: Sequence[str]) -> str:
    return " ".join(part for part in parts if part)


def _segments(said: str) -> int:
    return gsm.measure(gsm.plain(said)).segments


def _fitting(dialog: Dialog, question: Question, wholes: Sequence[_Whole]) -> tuple[str, int]:
    """With as many lines of a list as stand in two texts; the rest of it is asked for by 0.

    Where not even two lines do, less is said around them; what an editor wrote is said whole.
    """
    if not question.choices:
        whole = next((one for one in wholes if _segments(one("")) <= PARTS), wholes[-1])
        hint = whole(str(tongues.said(question.hint)) if question.kind in _HINTED else "")
        return hint if _segments(hint) <= _segments(whole("")) else whole(""), PAGE
    for whole in wholes:
        fewest = FEWEST if whole is not wholes[-1] else 1
        for most in range(PAGE, fewest - 1, -1):
            said = whole(_choices(question, dialog.start, most))
            if _segments(said) <= PARTS:
                return said, most
    return wholes[-1](_choices(question, dialog.start, 1)), 1


def _briefest(said: Callable[[int], str], limits: Sequence[int]) -> str:
    """With names, or answers, cut where that brings them into two texts; else not so much."""
    fits = (words for limit in limits if _segments(words := said(limit)) <= PARTS)
    return next(fits, said(limits[0]))


def _choices(question: Question, start: int, most: int) -> str:
    shown = question.choices[start : start + most]
    rows = [f"{start + at} {tongues.said(one.words)}" for at, one in enumerate(shown, start=1)]
    if len(question.choices) > most:
        rows.append(_("0 more"))
    is_short = question.kind is Kind.YES_NO
    return " ".join(rows) if is_short else "\n".join(rows)


def _how(question: Question) -> str:
    """How a question is answered, where it shows no list."""
    part = questions.role(question)
    if part == questions.WHERE:
        return _("Text the postcode, or the street and town. For a map, text LINK.")
    if part == questions.FILES:
        if question.required:
            return _("Text a photo, or text LINK to add one, then 1 to go on.")
        return _("Text a photo, or LINK to add one. Text 1 to go on.")
    if question.kind is Kind.SEVERAL:
        return _("Text all that fit, like 1 3.")
    if question.kind is Kind.DATE:
        return _("Text the date, like 16 Nov.")
    if question.kind is Kind.NUMBER:
        unit = str(tongues.said(question.unit)) if question.unit else ""
        return _("Text a number (%(unit)s).") % {"unit": unit} if unit else _("Text a number.")
    return ""


def _house(dialog: Dialog, number: int) -> str:
    if dialog.offered:
        texts = [text for text, _uprn in dialog.offered]
        asked = _("Q%(number)s Which one is it?") % {"number": number}
        none = _("None of these? Text the number or name and the street.")

        def said(shown: list[str]) -> str:
            rows = [f"{at} {text}" for at, text in enumerate(shown, start=1)]
            return _lines(asked, *rows, none)

        whole = said(texts)
        return whole if _segments(whole) <= PARTS else said(_apart(texts))
    asked = _("Q%(number)s Which house at %(postcode)s? Text its number or name, and the street.")
    return asked % {"number": number, "postcode": dialog.journey.postcode}


def _apart(addresses: list[str]) -> list[str]:
    """Addresses without the end that all of them have: the town, the postcode."""
    split = [one.split(", ") for one in addresses]
    while len(split) > 1 and all(len(one) > 1 and one[-1] == split[0][-1] for one in split):
        split = [one[:-1] for one in split]
    return [", ".join(one) for one in split] if len({*map(tuple, split)}) > 1 else addresses


def _summary(asking: Asking) -> str:
    answered = [
        (at, answer(asking, one))
        for at, one in enumerate(turns.numbered(asking), start=1)
        if one.key in asking.journey.done
    ]
    how = _("Text 1 to send this. Something wrong? Text its number, like Q2.")
    if len(answered) < 2:
        how = _("Text 1 to send this. Something wrong? Text Q1.")

    def said(limit: int) -> str:
        rows = [
            _("Q%(number)s %(answer)s") % {"number": at, "answer": gsm.shorten(words, limit)}
            for at, words in answered
        ]
        return _lines(_("We have:"), *rows, how)

    return _briefest(said, _SHORT)


def answer(asking: Asking, question: Question) -> str:
    """An answer in words, as the person reads it back."""
    current, part = asking.journey, questions.role(question)
    if part == questions.WHERE:
        pin = ""
        if current.latitude is not None and not current.address:
            pin = next((row.answer for row in reversed(checking.rows(asking))
                        if row.key == question.key), "")  # fmt: skip
        return ", ".join(filter(None, (current.address, current.postcode or pin))) or "-"
    if part == questions.WHAT:
        return current.description or "-"
    given = current.answers.get(question.key)
    if not given:
        return "-"
    if question.choices:
        return str(tongues.joined(words.chosen(question, given)))
    return words.answer(question, given)


def _end(dialog: Dialog, asking: Asking) -> str:
    end = turns.end_of(dialog, asking)
    if end is None:
        return ""
    said = [str(tongues.said(part)) for part in (end.words, end.next_step) if part]
    if end.phone and end.phone not in "".join(said):
        said.append(_("Ring %(phone)s.") % {"phone": end.phone})
    if end.kind is EndKind.EMERGENCY:
        how = _("To send it by text all the same, text 1.")
    else:
        how = _("Text 1 to ask a person all the same, or 2 to stop here.")
    return _lines(" ".join(said), how)


def _which(dialog: Dialog, asking: Asking) -> str:
    name, first = dialog.about_name, _("1 for %(reference)s (%(service)s)")
    if not dialog.about:
        name = asking.service.name if asking.service is not None else _("what we asked about")
        first = _("1 for this one (%(service)s)")
    elif not name:
        first = _("1 for %(reference)s")

    def said(limit: int) -> str:
        named = gsm.shorten(str(tongues.said(name)), limit)
        one = first % {"reference": dialog.about, "service": named}
        return _lines(_("What is this about? Text"), one, _("2 for something new"))

    return _briefest(said, _NAME)


def _nearby(dialog: Dialog, asking: Asking) -> str:
    facts = dialog.offered[0][0] if dialog.offered else ""
    about = ""
    if dialog.is_first and asking.service is not None:
        about = _("About: %(service)s.") % {"service": tongues.said(asking.service.name)}

    def said(limit: int) -> str:
        return _lines(
            about,
            _("Others told us of this near there:"),
            gsm.shorten(facts, limit),
            _("1 it is the same: follow it"),
            _("2 mine is another"),
        )

    return _briefest(said, _FACTS)


def _services(dialog: Dialog) -> str:
    names = [str(tongues.said(name)) for _slug, name in dialog.offered]

    def said(limit: int) -> str:
        rows = [f"{at} {gsm.shorten(name, limit)}" for at, name in enumerate(names, start=1)]
        return _lines(_("What is it about? Text"), *rows, _("0 something else"))

    return _briefest(said, _NAME)
