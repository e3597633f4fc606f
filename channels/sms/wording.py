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

# Texts that a question may take; and as few lines of a list as are shown to keep to it.
PARTS: Final = 2
FEWEST: Final = 3
_SHORT: Final = 40
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
    last = " ".join(part for part in after if part)
    return _fitting(dialog, question, lambda choices: _lines(about, note, asked, choices, last))


def _fitting(dialog: Dialog, question: Question, whole: _Whole) -> tuple[str, int]:
    """With as many lines of a list as stand in two texts; the rest of it is asked for by 0."""
    if not question.choices:
        hint = whole(str(tongues.said(question.hint)) if question.kind in _HINTED else "")
        plain = whole("")
        fits = gsm.measure(gsm.plain(hint)).segments <= gsm.measure(gsm.plain(plain)).segments
        return hint if fits else plain, PAGE
    for most in range(PAGE, FEWEST, -1):
        said = whole(_choices(question, dialog.start, most))
        if gsm.measure(gsm.plain(said)).segments <= PARTS:
            return said, most
    return whole(_choices(question, dialog.start, FEWEST)), FEWEST


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
        rows = [f"{at} {text}" for at, (text, _uprn) in enumerate(dialog.offered, start=1)]
        none = _("None of these? Text the number or name and the street.")
        return _lines(_("Q%(number)s Which one is it?") % {"number": number}, *rows, none)
    asked = _("Q%(number)s Which house at %(postcode)s? Text its number or name, and the street.")
    return asked % {"number": number, "postcode": dialog.journey.postcode}


def _summary(asking: Asking) -> str:
    rows = [
        _("Q%(number)s %(answer)s")
        % {"number": at, "answer": gsm.shorten(answer(asking, one), _SHORT)}
        for at, one in enumerate(turns.numbered(asking), start=1)
        if one.key in asking.journey.done
    ]  # fmt: skip
    how = _("Text 1 to send this. Something wrong? Text its number, like Q2.")
    if len(rows) < 2:
        how = _("Text 1 to send this. Something wrong? Text Q1.")
    return _lines(_("We have:"), *rows, how)


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
    if dialog.about:
        if dialog.about_name:
            first = _("1 for %(reference)s (%(service)s)") % {
                "reference": dialog.about,
                "service": tongues.said(dialog.about_name),
            }
        else:
            first = _("1 for %(reference)s") % {"reference": dialog.about}
    else:
        name = asking.service.name if asking.service is not None else _("what we asked about")
        first = _("1 for this one (%(service)s)") % {"service": tongues.said(name)}
    return _lines(_("What is this about? Text"), first, _("2 for something new"))


def _services(dialog: Dialog) -> str:
    rows: Sequence[str] = [
        f"{at} {tongues.said(name)}" for at, (_slug, name) in enumerate(dialog.offered, start=1)
    ]
    return _lines(_("What is it about? Text"), *rows, _("0 something else"))
