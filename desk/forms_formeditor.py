"""What editors of forms may type: a question, an end, what differs in an area."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from desk import formeditor_conditions as builder
from desk.forms import KeyedForm, words_field
from kb.forms import explained
from kb.forms.schema import CHOSEN, EndKind, Kind, Question

SHORT = {"autocomplete": "off"}
NARROW = {"autocomplete": "off", "inputmode": "decimal", "class": "govuk-input--width-5"}
MOST_NUMBER = 10**9
SAY = "What agents say in place of the question, which is written to be read."


def slug_of(words: str, taken: Iterable[str] = (), *, most: int = 30) -> str:
    """A key or a value made of words, unlike those taken."""
    plain = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode()
    parts = [re.sub(r"[^a-z0-9]+", "", part) for part in plain.replace("-", " ").split()]
    name = "-".join(filter(None, parts))[:most].strip("-") or "answer"
    name = name if name[0].isalpha() else f"a-{name}"
    made, number, known = name, 2, set(taken)
    while made in known:
        made, number = f"{name}-{number}", number + 1
    return made


def choices_text(choices: Iterable[Mapping[str, str]]) -> str:
    """Choices as they are edited: one a line."""
    return "\n".join(
        f"{one['value']} = {one['words']}" + (f" | {one['hint']}" if one.get("hint") else "")
        for one in choices
    )


def read_choices(text: str) -> list[dict[str, str]]:
    """The choices of lines `value = Words | hint`; a missing value is made of the words."""
    found: list[dict[str, str]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        before, equals, after = line.partition("=")
        said = after if equals else before
        words, _, hint = (part.strip() for part in said.partition("|"))
        known = [one["value"] for one in found]
        value = before.strip() if equals else slug_of(words, known)
        found.append({"value": value, "words": words, **({"hint": hint} if hint else {})})
    return found


def number_field(label: str, help_text: str = "", **more: Any) -> forms.FloatField:
    """A number that may be left out."""
    return forms.FloatField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=-MOST_NUMBER,
        max_value=MOST_NUMBER,
        widget=forms.TextInput(attrs=NARROW),
        error_messages={"invalid": "Enter a number, for example 3"},
        **more,
    )


def line_field(label: str, help_text: str = "", *, missing: str = "", most: int) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=bool(missing),
        max_length=most,
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"required": missing},
    )


class SeenForm(KeyedForm):
    """One part of a draft as a page showed it: `mark` says what it said then."""

    mark = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def show_again(self, **values: object) -> None:
        """The words stay, and are sent again as an edit of what is there now."""
        words = QueryDict(mutable=True)
        words.update(self.data)
        for name, value in values.items():
            words[name] = str(value)
        self.data = words


class ConditionForm(SeenForm):
    """A form with the rows of a condition."""

    when_how = forms.ChoiceField(
        label="When there are several tests",
        choices=[("all", "All of them have to hold"), ("any", "One of them is enough")],
        required=False,
        widget=forms.RadioSelect,
    )
    when_keep = forms.BooleanField(
        label="Keep the condition as it is",
        help_text="It was written in a file and says more than the tests below can.",
        required=False,
    )

    def begin(self, questions: Sequence[Question], when: Mapping[str, Any] | None) -> None:
        """Gives the form its rows, filled in as a condition says."""
        self.looked = list(questions)
        self.kept_when = dict(when) if when else None
        known = builder.rows(self.kept_when)
        self.initial["when_how"] = known.how if known else "all"
        if known is not None:
            del self.fields["when_keep"]
        self.initial["when_keep"] = known is None
        rows = known.rows if known else ()
        choices = builder.options(self.looked)
        self.rows = min(builder.MOST_ROWS, max(3, len(rows) + 2))
        for at in range(self.rows):
            self.fields[f"when_test_{at}"] = forms.ChoiceField(
                label=f"Test {at + 1}",
                choices=choices,
                required=False,
                error_messages={"invalid_choice": "Choose a test from the list"},
            )
            self.fields[f"when_number_{at}"] = number_field(f"Number for test {at + 1}")
            if at < len(rows):
                self.initial[f"when_test_{at}"] = rows[at].test
                self.initial[f"when_number_{at}"] = rows[at].number

    @property
    def tests(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows, to be drawn."""
        return [(self[f"when_test_{at}"], self[f"when_number_{at}"]) for at in range(self.rows)]

    def clean(self) -> dict[str, Any]:
        """Each test has its number, where it needs one."""
        data: dict[str, Any] = super().clean() or {}
        for at in range(self.rows):
            test, name = data.get(f"when_test_{at}") or "", f"when_number_{at}"
            number = data.get(name)
            if name in self.errors or not builder.needs_number(test):
                continue
            if number is None:
                self.add_error(name, "Enter the number that the test needs")
            elif builder.needs_days(test) and not float(number).is_integer():
                self.add_error(name, "Enter a whole number")
        return data

    @property
    def when(self) -> dict[str, Any] | None:
        """The data of the condition that a valid form describes."""
        data = self.cleaned_data
        if data.get("when_keep"):
            return self.kept_when
        rows = [
            builder.Row(data[f"when_test_{at}"], f"{data[f'when_number_{at}'] or 0!r}")
            for at in range(self.rows)
            if data.get(f"when_test_{at}")
        ]
        return builder.data(data.get("when_how") or "all", rows, self.looked)


class QuestionForm(ConditionForm):
    """One question with everything that a form can say about it."""

    words = line_field("Question", "As people read it.", missing="Write the question", most=160)
    type = forms.ChoiceField(
        label="Kind of answer",
        choices=[(kind.value, words) for kind, words in explained.KINDS.items()],
        error_messages={"required": "Choose the kind of answer"},
    )
    hint = words_field("Hint", help_text="What helps to answer.", required=False, limit=400, rows=2)
    why = words_field(
        "Why we ask",
        help_text="For what is personal or surprising.",
        required=False,
        limit=400,
        rows=2,
    )
    say = words_field("Words to say aloud", help_text=SAY, required=False, limit=400, rows=2)
    required = forms.BooleanField(
        label="It has to be answered",
        help_text="Agents may leave any question open.",
        required=False,
        initial=True,
    )
    choices = words_field(
        "Choices",
        help_text=(
            "One a line. Write the words, or “value = Words | hint”. Rules name the value: leave "
            "it as it is when you change the words."
        ),
        required=False,
        limit=8_000,
        rows=6,
    )
    least = number_field("Least", "Of a number; of a date in days from today, such as -28.")
    most = number_field("Most", "Of a number; of a date in days, 0 is today; of files how many.")
    unit = line_field("Unit", "Such as cm or miles.", most=20)
    longest = forms.IntegerField(
        label="Longest, in characters",
        required=False,
        min_value=1,
        max_value=4_000,
        widget=forms.TextInput(attrs=NARROW),
        error_messages={"invalid": "Enter a whole number"},
    )
    anonymous = forms.ChoiceField(
        label="May people stay anonymous?",
        help_text="Only for “who they are”.",
        required=False,
        choices=[("", "As the catalogue says"), ("yes", "Yes"), ("no", "No")],
    )
    name = line_field(
        "Key",
        "Answers are kept by it. Leave it empty for a new question: it is made of the words.",
        most=40,
    )

    def __init__(
        self,
        *args: Any,
        question: Mapping[str, Any] | None,
        before: Sequence[Question],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.question = dict(question or {})
        self.initial.update(self._shown())
        self.begin(before, self.question.get("when"))
        if question is not None:
            self.fields["name"].help_text = "Answers are kept by it, and rules name it."

    def _shown(self) -> dict[str, Any]:
        one = self.question
        if not one:
            return {}
        anonymous = {True: "yes", False: "no"}.get(one.get("anonymous"), "")  # type: ignore[arg-type]
        plain = ("words", "type", "hint", "why", "say", "unit", "longest")
        return {
            **{name: one.get(name, "") for name in plain},
            "name": one["key"],
            "required": one.get("required", True),
            "choices": choices_text(one.get("choices", [])),
            "anonymous": anonymous,
            **{name: f"{one[name]:g}" for name in ("least", "most") if one.get(name) is not None},
        }

    def data_of(self, taken: Iterable[str]) -> dict[str, Any]:
        """The question that a valid form describes; what differs in areas stays."""
        said = self.cleaned_data
        kind = Kind(said["type"])
        found: dict[str, Any] = {
            "key": said["name"] or slug_of(said["words"], taken),
            "type": kind.value,
            **{name: said[name] for name in ("words", "hint", "why", "say")},
            "required": said["required"],
        }
        if kind in CHOSEN and kind is not Kind.YES_NO:
            found["choices"] = read_choices(said["choices"])
        if (when := self.when) is not None:
            found["when"] = when
        for name in ("least", "most"):
            if said[name] is not None:
                found[name] = int(said[name]) if said[name].is_integer() else said[name]
        if said["longest"] and kind in (Kind.TEXT, Kind.WORDS):
            found["longest"] = said["longest"]
        if said["unit"] and kind is Kind.NUMBER:
            found["unit"] = said["unit"]
        if said["anonymous"] and kind is Kind.PERSON:
            found["anonymous"] = said["anonymous"] == "yes"
        if self.question.get("areas"):
            found["areas"] = self.question["areas"]
        return found


class EndForm(ConditionForm):
    """One place where the form ends early."""

    kind = forms.ChoiceField(
        label="What kind of end is it?",
        choices=[(kind.value, words) for kind, words in explained.ENDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind of end"},
    )
    title = line_field("Title", "The heading of the page.", missing="Write a title", most=120)
    words = words_field(
        "Words", help_text="Why it ends here.", missing="Write why it ends here", limit=1_000
    )
    next_step = words_field(
        "Next step",
        help_text="What people can do now. A “no” needs one.",
        required=False,
        limit=600,
        rows=3,
    )
    phone = line_field("Telephone", "Whom to ring. An emergency needs one.", most=40)
    article = forms.ChoiceField(label="Answer to read", required=False)
    name = line_field("Key", "Leave it empty for a new end: it is made of the title.", most=40)

    def __init__(
        self,
        *args: Any,
        end: Mapping[str, Any] | None,
        questions: Sequence[Question],
        articles: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.end = dict(end or {})
        slug = self.end.get("article", "")
        offered = list(articles)
        if slug and slug not in dict(articles):
            offered.append((slug, f"{slug} (there is no such answer)"))
        field = self.fields["article"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "None"), *offered]
        if self.end:
            plain = ("kind", "title", "words", "next_step", "phone", "article")
            self.initial.update({name: self.end.get(name, "") for name in plain})
            self.initial["name"] = self.end["key"]
        self.begin(questions, self.end.get("when"))

    def clean(self) -> dict[str, Any]:
        """What the kind needs, and one test at least."""
        data = super().clean()
        kind = data.get("kind")
        if kind == EndKind.NOT_ELIGIBLE and not data.get("next_step"):
            self.add_error("next_step", "Write what people can do now: a “no” needs a next step")
        if kind == EndKind.EMERGENCY and not data.get("phone"):
            self.add_error("phone", "Enter whom to ring: an emergency needs a telephone")
        if not self.errors and self.when is None:
            self.add_error("when_test_0", "Choose when the form ends here")
        return data

    def data_of(self, taken: Iterable[str]) -> dict[str, Any]:
        """The end that a valid form describes."""
        said = self.cleaned_data
        plain = ("kind", "title", "words", "next_step", "phone", "article")
        return {
            "key": said["name"] or slug_of(said["title"], taken),
            **{name: said[name] for name in plain if said[name]},
            "when": self.when,
        }


class AreaForm(SeenForm):
    """What a question says otherwise in one area. What is left empty is as everywhere."""

    skip = forms.BooleanField(label="It is not asked there", required=False)
    words = line_field("Question", "Leave it empty for the same words as everywhere.", most=160)
    hint = words_field("Hint", required=False, limit=400, rows=2)
    why = words_field("Why we ask", required=False, limit=400, rows=2)
    required = forms.ChoiceField(
        label="Does it have to be answered?",
        required=False,
        choices=[("", "As everywhere"), ("yes", "Yes"), ("no", "No")],
    )
    choices = words_field(
        "Choices",
        help_text="One a line, “value = Words | hint”. Leave it empty for the same as everywhere.",
        required=False,
        limit=8_000,
        rows=6,
    )

    def __init__(self, *args: Any, kind: Kind, different: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flags = {True: "yes", False: "no"}
        more = {
            **{name: different.get(name, "") for name in ("words", "hint", "why")},
            "skip": different.get("skip", False),
            "required": flags.get(different.get("required"), ""),  # type: ignore[arg-type]
            "choices": choices_text(different.get("choices", [])),
        }
        self.initial.update(more)
        if kind not in CHOSEN or kind is Kind.YES_NO:
            del self.fields["choices"]

    @property
    def different(self) -> dict[str, Any]:
        """What a valid form says differs."""
        said = self.cleaned_data
        found: dict[str, Any] = {
            name: said[name] for name in ("words", "hint", "why") if said[name]
        }
        if said["skip"]:
            found["skip"] = True
        if said["required"]:
            found["required"] = said["required"] == "yes"
        if said.get("choices"):
            found["choices"] = read_choices(said["choices"])
        return found
