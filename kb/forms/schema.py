"""The shapes of a form: questions, choices, conditions and ends. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop as _

# An answer as it is kept: text, or several choices; a place and a person have parts.
Answer = str | list[str] | dict[str, Any]
Answers = Mapping[str, Answer]


class Kind(StrEnum):
    """What kind of answer a question takes."""

    TEXT = "text"
    WORDS = "words"
    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO = "yes_no"
    DATE = "date"
    NUMBER = "number"
    ADDRESS = "address"
    PLACE = "place"
    FILE = "file"
    PERSON = "person"


# Where it is, and who asks: kept with the enquiry itself, not among its answers.
PLACES = frozenset({Kind.ADDRESS, Kind.PLACE})
CHOSEN = frozenset({Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO})
# The question whose answer are the enquiry's own words.
DESCRIPTION = "description"


class EndKind(StrEnum):
    """How a form ends before it is sent."""

    EMERGENCY = "emergency"
    NOT_ELIGIBLE = "not_eligible"
    ANSWERED = "answered"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer and its words."""

    value: str
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of answers. `op` is all, any, not (with `parts`), or one of conditions.TESTS."""

    op: str
    question: str = ""
    value: Any = None
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """Where a form ends early, and why.

    `emergency` interrupts (the person may say that it is none and go on), the others end it:
    `not_eligible` is a "no" with its reason and the next step, `answered` an answer that settles
    it, `not_ours` says whose it is.
    """

    key: str
    kind: EndKind
    when: Condition
    title: str
    words: str
    next_step: str = ""
    phone: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `why` says why we ask; `areas` what differs where, by the code of an area.
    `say` are the words that an agent says aloud in place of `words`, which are written to be read.

    `longest` bounds a text in characters; `least` and `most` bound a number, and the days of a date
    from today (negative: before); for `several` they bound how many, for `file` how many files.
    `exact` is a home: a postcode alone does not answer it, and nobody can say that there is none.
    """

    key: str
    kind: Kind
    words: str
    hint: str = ""
    why: str = ""
    say: str = ""
    required: bool = True
    choices: tuple[Choice, ...] = ()
    when: Condition | None = None
    longest: int | None = None
    least: float | None = None
    most: float | None = None
    unit: str = ""
    anonymous: bool | None = None
    exact: bool = False
    areas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def values(self) -> tuple[str, ...]:
        """The answers that can be chosen."""
        return tuple(choice.value for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of a service in their order, and where it may end early."""

    questions: tuple[Question, ...]
    ends: tuple[End, ...] = ()
    # Whether the enquiry's own words are asked for beside the questions.
    describe: bool = True

    def question(self, key: str) -> Question | None:
        """The question with that key."""
        return next((one for one in self.questions if one.key == key), None)

    @property
    def needs_words(self) -> bool:
        """Whether it cannot be sent without words beside the answers."""
        asked = self.question(DESCRIPTION)
        return asked.required if asked is not None else self.describe

    @property
    def own(self) -> tuple[Question, ...]:
        """The questions whose answers are kept by their keys: not place, person, files, words."""
        apart = PLACES | {Kind.PERSON, Kind.FILE}
        return tuple(
            one for one in self.questions if one.kind not in apart and one.key != DESCRIPTION
        )


YES_NO = (Choice("yes", _("Yes")), Choice("no", _("No")))
