"""What a text says in answer to a question: a number of the list, a date, words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from kb.forms import answers
from kb.forms.schema import Answer, Choice, Kind, Question

YES: Final = frozenset(["yes", "y", "yeah", "yep", "yup", "tak", "t"])
NO: Final = frozenset(["no", "n", "nope", "nah", "nie"])
_SKIP = frozenset(["skip", "pomin", "dalej"])
_BACK = frozenset(["back", "go back", "wstecz", "cofnij", "wroc"])
_SEND = frozenset(["1", "send", "ok", "okay", "correct", "wyslij", "dobrze"]) | YES
_LINK = frozenset(["link", "map", "mapa"])
_OTHER = frozenset(["other", "something else", "inne", "cos innego"])
_ALL = frozenset(["all", "all of them", "wszystkie"])
_MORE = "0"
_NOT_KNOWN = frozenset(
    [
        "dont know", "don't know", "i dont know", "i don't know", "not sure", "unsure", "no idea",
        "nie wiem",
    ]
)  # fmt: skip
_ONE = re.compile(r"^(?:option|number|no\.?|nr)?\s*#?(\d{1,3})[\s.,!)]*$")
_LISTED = re.compile(r"^[\d\s,;.&+/]+$")
_WRONG = re.compile(
    r"^(?:"
    r"[qp]\s*(\d{1,2})(?:\s+.*)?"
    r"|(?:change|wrong|fix|correct|zmien|popraw|zle)\s+(?:[qp]|number|nr)?\s*(\d{1,2})"
    r"|(?:number|nr)?\s*(\d{1,2})\s+(?:(?:was|is|jest|bylo|byla)\s+)?"
    r"(?:wrong|not right|incorrect|a mistake|zle|bledne|bledna|nie tak)"
    r")[\s.!]*$",
    re.DOTALL,
)
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_DAYS = {"today": 0, "dzis": 0, "dzisiaj": 0, "yesterday": 1, "wczoraj": 1, "przedwczoraj": 2}
_WEEKDAYS = (
    "mon poniedz", "tue wtor", "wed srod", "thu czwart", "fri piat", "sat sobot", "sun niedziel",
)  # fmt: skip
_MONTHS = (
    "jan sty", "feb lut", "mar marz", "apr kwi", "may maj", "jun cze", "jul lip", "aug sie",
    "sep wrz", "oct paz", "nov lis", "dec gru",
)  # fmt: skip
_NAMED = {
    word: number
    for number, words in enumerate(
        ("zero", "one jeden", "two dwa", "three trzy", "four cztery", "five piec", "six szesc",
         "seven siedem", "eight osiem", "nine dziewiec", "ten dziesiec", "eleven", "twelve")
    )
    for word in words.split()
}  # fmt: skip
_DAY_MONTH = re.compile(r"\b(\d{1,2})[./\-](\d{1,2})(?:[./\-](\d{4}|\d{2}))?\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DAY_NAMED = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|go)?\s+(?:of\s+)?([a-z]{3,})(?:\s+(\d{4}))?")
_NAMED_DAY = re.compile(r"\b([a-z]{3,})\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(\d{4}))?")


class NotRead(ValueError):
    """The text is no answer to the question; the words say why, where there is more to say."""


def plain(words: str) -> str:
    """A text as its words are compared: small, without accents, one space."""
    small = unicodedata.normalize("NFKD", words.replace("’", "'").casefold()).replace("ł", "l")
    bare = "".join(one for one in small if not unicodedata.combining(one))
    return " ".join(bare.split()).strip(" .!?\"'")


def is_skip(words: str) -> bool:
    """Whether a text leaves a question out."""
    return plain(words) in _SKIP


def is_back(words: str) -> bool:
    """Whether a text goes back to the question before."""
    return plain(words) in _BACK


def is_send(words: str) -> bool:
    """Whether a text says that all is right as it stands."""
    return plain(words) in _SEND


def is_link(words: str) -> bool:
    """Whether a text asks for a page instead."""
    return plain(words) in _LINK


def is_other(words: str) -> bool:
    """Whether a text says that it is about none of this."""
    return plain(words) in _OTHER


def is_more(words: str) -> bool:
    """Whether a text asks for the rest of a list."""
    return plain(words) == _MORE


def wrong(words: str) -> int:
    """The number of the question whose answer a text takes back; 0 for none."""
    found = _WRONG.match(plain(words))
    return int(next(filter(None, found.groups()))) if found else 0


def number(words: str) -> int | None:
    """The number that a text is, and nothing else."""
    found = _ONE.match(plain(words))
    return int(found.group(1)) if found else None


def one_of(count: int, words: str) -> int | None:
    """Which of so many numbered lines a text chooses, from 0."""
    chosen = number(words)
    return chosen - 1 if chosen is not None and 1 <= chosen <= count else None


def answer(question: Question, words: str, *, today: date) -> Answer:
    """The answer as it is kept. Raises NotRead."""
    if not any(one.isalnum() for one in words):
        raise NotRead("")
    try:
        return answers.read(question, _value(question, words, today), today=today)
    except answers.NotAnAnswer as error:
        raise NotRead(error.message) from error


def _value(question: Question, words: str, today: date) -> str | list[str] | date:
    if question.kind is Kind.YES_NO:
        return _yes_no(question, words)
    if question.kind is Kind.CHOICE:
        return _choice(question.choices, words)
    if question.kind is Kind.SEVERAL:
        return _several(question.choices, words)
    if question.kind is Kind.DATE:
        return _date(question, words, today)
    if question.kind is Kind.NUMBER:
        return _figure(words)
    return words


def _yes_no(question: Question, words: str) -> str:
    text = plain(words)
    first = text.split(",", 1)[0].split(" ", 1)[0]
    for value, known in (("yes", YES), ("no", NO)):
        if value in question.values and (text in known or (first in known and len(text) < 40)):
            return value
    return _choice(question.choices, words)


def _choice(choices: Sequence[Choice], words: str) -> str:
    chosen = one_of(len(choices), words)
    if chosen is not None:
        return choices[chosen].value
    return _named(choices, words)


def _named(choices: Sequence[Choice], words: str) -> str:
    """The choice whose own words somebody wrote, or the beginning of no other's."""
    text = plain(words)
    if text in _NOT_KNOWN and any(one.value == "unknown" for one in choices):
        return "unknown"
    whole = [one for one in choices if plain(one.words) == text or one.value == text]
    begun = [one for one in choices if len(text) > 2 and plain(one.words).startswith(text)]
    found = whole or begun
    if len(found) != 1:
        raise NotRead("")
    return found[0].value


def _several(choices: Sequence[Choice], words: str) -> list[str]:
    text = plain(words)
    if text in _ALL:
        return [one.value for one in choices]
    joined = re.sub(r"\b(?:and|i|oraz)\b", ",", text)
    if _LISTED.match(joined):
        # "13" is one and three where there is no thirteen.
        parts = re.findall(r"\d+", joined)
        numbers = [int(part) for part in parts]
        if len(parts) == 1 and numbers[0] > len(choices):
            numbers = [int(digit) for digit in parts[0]]
        if not numbers or any(not 1 <= one <= len(choices) for one in numbers):
            raise NotRead("")
        return [choices[one - 1].value for one in numbers]
    return [_choice(choices, part) for part in re.split(r"[,;&+]", joined) if part.strip()]


def _figure(words: str) -> str:
    found = _NUMBER.findall(words)
    if len(found) == 1:
        figure: str = found[0]
        return figure.replace(",", ".")
    named = [_NAMED[word] for word in plain(words).split() if word in _NAMED]
    if found or len(named) != 1:
        raise NotRead("")
    return str(named[0])


def _date(question: Question, words: str, today: date) -> date:
    text = plain(words)
    for word, ago in _DAYS.items():
        if word in text.split():
            return today - timedelta(days=ago)
    try:
        found = _written(question, text, today) or _weekday(question, text, today)
    except ValueError:
        found = None
    if found is None:
        raise NotRead("")
    return found


def _written(question: Question, text: str, today: date) -> date | None:
    iso = _ISO.search(text)
    if iso:
        return date(*map(int, iso.groups()))
    figures = _DAY_MONTH.search(text)
    if figures:
        day, month, year = figures.groups()
        return _in_year(question, int(day), int(month), year, today)
    for pattern, day_at, month_at in ((_DAY_NAMED, 1, 2), (_NAMED_DAY, 2, 1)):
        named = pattern.search(text)
        month_ = _place(_MONTHS, named.group(month_at)) if named else None
        if named and month_ is not None:
            return _in_year(question, int(named.group(day_at)), month_ + 1, named.group(3), today)
    return None


def _weekday(question: Question, text: str, today: date) -> date | None:
    """The nearest such day: behind us where a day to come is no answer."""
    at = next((place for word in text.split() if (place := _place(_WEEKDAYS, word)) is not None),
              None)  # fmt: skip
    if at is None:
        return None
    if _is_past(question):
        return today - timedelta(days=(today.weekday() - at) % 7)
    return today + timedelta(days=(at - today.weekday()) % 7)


def _place(names: Sequence[str], word: str) -> int | None:
    for at, known in enumerate(names):
        if any(word.startswith(one) for one in known.split()):
            return at
    return None


def _is_past(question: Question) -> bool:
    return question.most is not None and question.most <= 0


def _in_year(
    question: Question, day: int, month: int, year: str | None, today: date
) -> date | None:
    """The day in its year; without one in the year that makes it an answer."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    found = date(today.year, month, day)
    if found > today and _is_past(question):
        return date(today.year - 1, month, day)
    if found < today and question.least is not None and question.least >= 0:
        return date(today.year + 1, month, day)
    return found
