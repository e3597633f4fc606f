"""What editors may type about an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from desk.choices import Choices
from desk.forms import OLD_PAGE, KeyedForm, choose, words_field
from kb.article_content import ADD, MOST_STARTS, REPLACE, SHORT, AreaWords, Content, Start

MODES = [(ADD, "Below the other words"), (REPLACE, "In place of the other words")]
_KEY = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}$")


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"class": "govuk-input--width-10"})


def day_field(label: str, *, help_text: str = "", required: bool = True) -> forms.DateField:
    """One day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=_Day(),
        error_messages={"required": "Enter a day", "invalid": "Enter a day, like 2027-03-31"},
    )


class _Words(forms.CharField):
    """Words with line ends as one character and nothing that cannot be kept."""

    def to_python(self, value: Any) -> str:
        words = str(super().to_python(value) or "")
        return words.replace("\r\n", "\n").replace("\r", "\n").strip()


def _area(label: str, *, rows: int, limit: int, help_text: str = "", **more: Any) -> _Words:
    return _Words(
        label=label,
        help_text=help_text,
        max_length=limit,
        widget=forms.Textarea(attrs={"data-rows": str(rows), "dir": "auto"}),
        error_messages={
            "required": f"Write the {label.lower()}",
            "max_length": f"{label} must be {limit:,} characters or fewer",
        },
        **more,
    )


def _line(label: str, *, limit: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=limit,
        error_messages={
            "required": f"Write the {label.lower()}",
            "max_length": f"{label} must be {limit} characters or fewer",
        },
    )


class ArticleForm(KeyedForm):
    """Everything that an answer says. `edition` is the draft that it was written over."""

    edition = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE},
    )
    title = _line("Title", limit=120, help_text="What people would ask or look for.")
    summary = _line("Summary", limit=200, help_text="One sentence, shown under the title.")
    body = _area(
        "Answer",
        rows=16,
        limit=20_000,
        help_text="Plain words, short sentences. ## begins a heading, - a list. Put ::: warning or "
        "::: inset on a line of its own before words in a box, and ::: after them.",
    )
    short = _Words(
        label="Text message",
        required=False,
        max_length=SHORT,
        help_text="The same in one text message. Leave it empty where it cannot be said so short.",
        widget=forms.Textarea(
            attrs={"data-rows": "3", "data-maxlength": str(SHORT), "dir": "auto"}
        ),
        error_messages={"max_length": f"Text message must be {SHORT} characters or fewer"},
    )
    say = _area(
        "What agents say",
        rows=5,
        limit=4_000,
        required=False,
        help_text="For the desk alone: what to ask first, what to say, what to leave out.",
    )
    service = forms.ChoiceField(label="Service", required=False)
    related_services = _area(
        "Related services",
        rows=3,
        limit=1_000,
        required=False,
        help_text="One a line, as its name or as it stands in its address.",
    )
    related_articles = _area(
        "Related answers",
        rows=3,
        limit=1_000,
        required=False,
        help_text="One a line, as it stands in its address: bin-not-emptied.",
    )
    review_by = day_field(
        "Check again by", help_text="A year from now, if you leave it empty.", required=False
    )
    note = forms.CharField(
        label="What did you change?",
        required=False,
        max_length=200,
        help_text="For those who read the versions later.",
        error_messages={"max_length": "What you changed must be 200 characters or fewer"},
    )

    def __init__(
        self,
        *args: Any,
        services: Choices,
        areas: Mapping[str, str],
        content: Content | None = None,
        **kwargs: Any,
    ) -> None:
        self.areas, self.services = areas, dict(services)
        if content is not None:
            kwargs["initial"] = {**typed_of(content), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        choose(self, "service", services, first="None: it is about more than one")
        for number in range(1, MOST_STARTS + 1):
            self._add_start(number, services)
        for code, name in areas.items():
            self.fields[f"area_{code}"] = _area(
                f"Words for {name}", rows=4, limit=8_000, required=False
            )
            self.fields[f"mode_{code}"] = forms.ChoiceField(
                label=f"Where they stand for {name}",
                choices=MODES,
                initial=kwargs.get("initial", {}).get(f"mode_{code}", ADD),
                required=False,
            )

    def _add_start(self, number: int, services: Choices) -> None:
        self.fields[f"start_{number}"] = forms.ChoiceField(
            label=f"Button {number}: the form of", required=False
        )
        choose(self, f"start_{number}", services, first="No button")
        self.fields[f"start_words_{number}"] = forms.CharField(
            label=f"Button {number}: its words",
            required=False,
            max_length=60,
            help_text="A verb first: “Report a missed bin”.",
        )
        self.fields[f"start_answers_{number}"] = _area(
            f"Button {number}: what is known already",
            rows=2,
            limit=500,
            required=False,
            help_text="One a line, as key=value: the key and the value of a question of the form.",
        )

    def start_fields(self) -> list[BoundField]:
        """The fields of the buttons."""
        return [self[name] for name in self.fields if name.startswith("start_")]

    def area_fields(self) -> list[BoundField]:
        """The fields of the areas."""
        return [self[name] for name in self.fields if name.startswith(("area_", "mode_"))]

    def clean_title(self) -> str:
        """One line."""
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_related_services(self) -> tuple[str, ...]:
        """Slugs, whether the name or the slug was written."""
        by_name = {name.casefold(): slug for slug, name in self.services.items()}
        found = []
        for line in _lines(self.cleaned_data["related_services"]):
            slug = line if line in self.services else by_name.get(line.casefold(), "")
            if not slug:
                raise forms.ValidationError(f"There is no service “{line}”")
            found.append(slug)
        return tuple(dict.fromkeys(found))

    def clean_related_articles(self) -> tuple[str, ...]:
        """Slugs."""
        found = []
        for line in _lines(self.cleaned_data["related_articles"]):
            slug = line.rstrip("/").rpartition("/")[2]
            if not re.fullmatch(r"[-a-zA-Z0-9_]{1,80}", slug):
                raise forms.ValidationError(f"“{line}” is not the address of an answer")
            found.append(slug)
        return tuple(dict.fromkeys(found))

    def clean(self) -> dict[str, Any]:
        """Buttons whole or not at all."""
        data = super().clean() or self.cleaned_data
        for number in range(1, MOST_STARTS + 1):
            service = data.get(f"start_{number}", "")
            if service and not data.get(f"start_words_{number}", "").strip():
                self.add_error(f"start_words_{number}", "Write what the button says")
            try:
                data[f"start_answers_{number}"] = _answers(data.get(f"start_answers_{number}", ""))
            except ValueError as error:
                self.add_error(f"start_answers_{number}", str(error))
        return data

    def content(self) -> Content:
        """What was typed, as an answer keeps it. For a form that is valid."""
        data = self.cleaned_data
        return Content(
            title=data["title"],
            summary=" ".join(data["summary"].split()),
            body=data["body"],
            say=data["say"],
            short=data["short"],
            service=data["service"],
            areas=tuple(self._areas(data)),
            start=tuple(self._starts(data)),
            related_services=data["related_services"],
            related_articles=data["related_articles"],
            review_by=data["review_by"],
        )

    def _areas(self, data: Mapping[str, Any]) -> Iterator[AreaWords]:
        for code in self.areas:
            if data.get(f"area_{code}"):
                yield AreaWords(code, data.get(f"mode_{code}") or ADD, data[f"area_{code}"])

    def _starts(self, data: Mapping[str, Any]) -> Iterator[Start]:
        for number in range(1, MOST_STARTS + 1):
            if service := data.get(f"start_{number}"):
                words = " ".join(data[f"start_words_{number}"].split())
                yield Start(service, words, data[f"start_answers_{number}"])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _answers(text: str) -> dict[str, str]:
    found = {}
    for line in _lines(text):
        key, equals, said = (part.strip() for part in line.partition("="))
        if not equals or not _KEY.match(key) or not said:
            raise ValueError(f"Write “{line}” as key=value")
        found[key] = said[:200]
    return found


def typed_of(content: Content) -> dict[str, Any]:
    """What the fields show of an answer."""
    typed: dict[str, Any] = {
        name: getattr(content, name)
        for name in ("title", "summary", "body", "say", "short", "service", "review_by")
    }
    typed["related_services"] = "\n".join(content.related_services)
    typed["related_articles"] = "\n".join(content.related_articles)
    for number, one in enumerate(content.start, 1):
        typed[f"start_{number}"] = one.service
        typed[f"start_words_{number}"] = one.words
        typed[f"start_answers_{number}"] = "\n".join(f"{k}={v}" for k, v in one.answers.items())
    for area in content.areas:
        typed[f"area_{area.code}"], typed[f"mode_{area.code}"] = area.words, area.mode
    return typed


class NewArticleForm(ArticleForm):
    """A new answer, and whose it is."""

    organisation = forms.ChoiceField(
        label="Whose answer is it?",
        help_text="Its people keep it right.",
        error_messages={"required": "Choose an organisation"},
    )

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "organisation", organisations, first="Choose an organisation")


class EditionForm(KeyedForm):
    """An act on the draft that was seen."""

    edition = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE},
    )


class PublishForm(EditionForm):
    """Now, or at a time to come."""

    when = forms.ChoiceField(
        label="When do readers get it?",
        choices=[("now", "Now"), ("later", "Later")],
        initial="now",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose now or later"},
    )
    on = day_field("On which day, if later", required=False)
    at = forms.TimeField(
        label="At what time, if later",
        required=False,
        initial="09:00",
        widget=forms.TimeInput(
            format="%H:%M", attrs={"type": "time", "class": "govuk-input--width-5"}
        ),
        error_messages={"invalid": "Enter a time, like 09:00"},
    )

    def clean(self) -> dict[str, Any]:
        """A time to come where it is for later."""
        data = super().clean() or self.cleaned_data
        if data.get("when") == "later" and not self.errors:
            if not data.get("on") or not data.get("at"):
                self.add_error("on", "Enter the day and the time")
            elif self.moment() <= timezone.now():
                self.add_error("on", "Enter a day and a time that are still to come")
        return data

    def moment(self) -> datetime:
        """When; for a form with a day and a time."""
        day, at = self.cleaned_data["on"], self.cleaned_data["at"]
        return timezone.make_aware(datetime.combine(day, at))


class SendBackForm(EditionForm):
    """What to change before it can be published."""

    words = words_field("What should change?", missing="Write what should change", limit=500)


class RetireForm(KeyedForm):
    """Where readers go instead."""

    goes_to = forms.ChoiceField(
        label="Where do its readers go instead?",
        error_messages={"required": "Choose where readers go instead"},
    )

    def __init__(self, *args: Any, targets: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "goes_to", targets, first="Choose an answer or a service")


class CheckedForm(KeyedForm):
    """It was read again, and holds."""

    review_by = day_field("Check again by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        today = timezone.localdate()
        later = date(today.year + 1, today.month, min(today.day, 28))
        kwargs["initial"] = {"review_by": later, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class FileForm(KeyedForm):
    """A picture or a PDF for an answer."""

    file = forms.FileField(
        label="Picture or PDF",
        help_text="JPEG, PNG, WebP or PDF, at most 10 MB.",
        error_messages={
            "required": "Choose a file",
            "empty": "The file is empty. Choose another one",
            "missing": "Choose a file",
        },
    )
    alt = forms.CharField(
        label="What does the picture show?",
        required=False,
        max_length=200,
        help_text="For people who cannot see it. A PDF needs none.",
    )
