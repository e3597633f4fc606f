"""What administrators may type about routing rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from desk import routing_words
from desk.choices import Choices
from desk.forms import KeyedForm
from desk.routing_words import ANYWHERE, EVERY, EVERYTHING, OUTSIDE_PREFIX, TIER_PREFIX, Names
from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.lifecycle import PRIORITY_WORDS, Priority
from enquiries.rule_rows import RuleRow, in_order, is_language, of_text, to_text

Grouped = list[tuple[str, str] | tuple[str, Choices]]
ANSWER = "answer_"
SELDOM = ("valid_from", "valid_until", "priority", "channels", "languages")
LARGE = ("county", "district")


def services(names: Names) -> Grouped:
    """What a rule can be about: everything, the services of a tier, or one service."""
    groups: dict[str, Choices] = {}
    for slug, name in sorted(names.services.items(), key=lambda pair: pair[1].casefold()):
        if slug not in names.ended:
            groups.setdefault(names.groups[slug], []).append((slug, name))
    tiers = [(f"{TIER_PREFIX}{tier}", words) for tier, words in routing_words.TIERS.items()]
    return [
        ("Several services", [*tiers, (EVERY, EVERYTHING)]),
        *((group, groups[group]) for group in sorted(groups)),
    ]


def areas(names: Names) -> Grouped:
    """County and districts, then towns and wards under their district."""
    book = names.areas
    large = [(code, name) for code, name in book.names.items() if book.kinds[code] in LARGE]
    large.sort(key=lambda pair: (book.kinds[pair[0]] != "county", pair[1]))
    under: dict[str, Choices] = {}
    for code, name in sorted(book.names.items(), key=lambda pair: pair[1]):
        kind = book.kinds[code]
        if kind not in LARGE:
            district = next(
                (one for one in book.containing(code, "")[1:] if book.kinds.get(one) in LARGE), ""
            )
            words = f"{name} ({kind})" if kind != "ward" else name
            under.setdefault(book.names.get(district, "Elsewhere"), []).append((code, words))
    return [
        ("County and districts", large),
        *((f"Towns and wards of {name}", under[name]) for name in sorted(under)),
    ]


def owners(names: Names) -> Grouped:
    """Who may act: each organisation with its teams, and bodies outside."""
    found: Grouped = []
    for slug, name in names.organisations.items():
        if slug in names.ended:
            continue
        teams = [
            (f"{slug}/{team}", f"{name}, {words}")
            for (body, team), words in names.teams.items()
            if body == slug
        ]
        found.append((name, [(slug, f"{name}, its default team"), *teams]))
    handed = [
        (f"{OUTSIDE_PREFIX}{slug}", name)
        for slug, name in names.outside.items()
        if slug not in names.ended
    ]
    return [*found, ("Outside the partnership: not ours", handed)] if handed else found


def _select(label: str, choices: Grouped, first: str, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", first), *choices], **more)


def _also(choices: Grouped, value: str, words: str) -> Grouped:
    """The choices with one that is not offered any more, and still chosen."""
    offered = {one for _, group in choices if isinstance(group, list) for one, _ in group}
    return choices if not value or value in offered else [*choices, (value, words)]


def _day(label: str, help_text: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput(
            attrs={"type": "date", "class": "govuk-input--width-10"}, format="%Y-%m-%d"
        ),
        error_messages={"invalid": "Write a day such as 2026-01-31"},
    )


def kept(data: Any, **changes: object) -> QueryDict:
    """What was sent, every tick of it, with some hidden values changed."""
    words = QueryDict(mutable=True)
    words.update(data)
    for name, value in changes.items():
        words[name] = "" if value is None else str(value)
    return words


def _initial(row: RuleRow, rule_id: int | None) -> dict[str, Any]:
    return {
        "rule": rule_id,
        "seen": to_text(row),
        "area_code": row.area_code,
        "owner": routing_words.owner_of(row),
        "priority": row.priority,
        "channels": row.channels,
        "languages": " ".join(row.languages),
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "note": row.note,
    }


class AboutForm(forms.Form):
    """What a rule is about; the rest of its form depends on it."""

    def __init__(self, *args: Any, names: Names, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"] = _select(
            "What is the rule about?",
            services(names),
            "Choose a service, or several",
            error_messages={"required": "Choose what the rule is about"},
        )


class RuleForm(KeyedForm):
    """One rule. `rule` and `seen` say which one is edited, and what it said when the page was made.

    A question of the service has a field of its own: nothing ticked means any answer, or none.
    """

    about = forms.CharField(widget=forms.HiddenInput)
    rule = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    priority = forms.ChoiceField(
        label="Priority",
        required=False,
        choices=[("", "Any"), *((p.value, PRIORITY_WORDS[p]) for p in Priority)],
    )
    channels = forms.MultipleChoiceField(
        label="Only when it comes by",
        help_text="Tick none for any way.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(c.value, CHANNEL_WORDS[c]) for c in Channel],
    )
    languages = forms.CharField(
        label="Only in these languages",
        help_text="Codes with spaces between them, such as pl or cy pl. Leave it empty for any.",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    valid_from = _day("From", "The first day. Leave it empty for always.")
    valid_until = _day("Until", "The last day. Leave it empty for always.")
    note = forms.CharField(
        label="Why (if needed)",
        help_text="For colleagues. It is not shown to citizens.",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    before = forms.IntegerField(
        label="Put it before rule number",
        help_text="Leave it empty: then it stands before the first less specific rule.",
        required=False,
        min_value=1,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "class": "govuk-input--width-5", "autocomplete": "off"}
        ),
        error_messages={"invalid": "Write the number of a rule"},
    )

    def __init__(
        self,
        *args: Any,
        names: Names,
        about: str,
        row: RuleRow | None = None,
        rule_id: int | None = None,
        **kwargs: Any,
    ) -> None:
        if row is not None:
            kwargs["initial"] = {**_initial(row, rule_id), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.names = names
        self.initial["about"] = about
        kept = row or self._remembered()
        owner, area = (routing_words.owner_of(kept), kept.area_code) if kept else ("", "")
        self.fields["owner"] = _select(
            "Who acts?",
            _also(owners(names), owner, routing_words.who(owner, names) if owner else ""),
            "Choose who acts",
            error_messages={"required": "Choose who acts"},
        )
        self.fields["area_code"] = _select(
            "Area",
            _also(areas(names), area, routing_words.area(area, names)),
            f"{ANYWHERE}, also where the place is not known",
            required=False,
        )
        self.answer_fields = self._questions(about, kept)
        if row is not None or kept is not None:
            del self.fields["before"]

    def _remembered(self) -> RuleRow | None:
        return of_text(self.data.get("seen", "")) if self.is_bound else None

    def _questions(self, about: str, kept: RuleRow | None) -> list[str]:
        """A field for each question, and for one that the rule names and nobody is asked."""
        asked = routing_words.questions(about, self.names)
        chosen = dict(kept.answers) if kept else {}
        found = []
        for key in [*asked, *(key for key in chosen if key not in asked)]:
            question = asked.get(key)
            choices = list(question.answers.items()) if question else []
            known = {value for value, _ in choices}
            choices += [
                (value, f"{value} (no answer any more)")
                for value in chosen.get(key, ())
                if value not in known
            ]
            self.fields[f"{ANSWER}{key}"] = forms.MultipleChoiceField(
                label=f"Only if: {question.words}" if question else f"Only if: {key}",
                help_text="Tick none for any answer, or none given.",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=choices,
                initial=chosen.get(key, ()),
            )
            found.append(f"{ANSWER}{key}")
        return found

    def clean_languages(self) -> tuple[str, ...]:
        """Codes of languages."""
        codes = self.cleaned_data["languages"].split()
        for code in codes:
            if not is_language(code):
                raise forms.ValidationError(
                    f"“{code}” is no language. Write codes such as cy or pl"
                )
        return tuple(sorted(set(codes)))

    def clean_note(self) -> str:
        """One line."""
        return " ".join(self.cleaned_data["note"].split())

    def clean_about(self) -> str:
        """Something that a rule can be about."""
        about: str = self.cleaned_data["about"]
        if not routing_words.what(about, self.names):
            raise forms.ValidationError("Choose what the rule is about")
        return about

    def clean(self) -> dict[str, Any]:
        """The days are the right way round."""
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("valid_from"), data.get("valid_until")
        if since and until and until < since:
            self.add_error("valid_until", "The last day must not be before the first")
        return data

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields of the questions."""
        return [self[name] for name in self.answer_fields]

    @property
    def has_more(self) -> bool:
        """Whether a condition that few rules have is set, or wrong."""
        return any(self[name].value() or self[name].errors for name in SELDOM)

    @property
    def row(self) -> RuleRow:
        """The rule that a valid form describes."""
        data = self.cleaned_data
        about, owner = data["about"], data["owner"]
        service = None if about == EVERY or about.startswith(TIER_PREFIX) else about
        tier = "" if about == EVERY else about.removeprefix(TIER_PREFIX)
        outside = owner.removeprefix(OUTSIDE_PREFIX) if owner.startswith(OUTSIDE_PREFIX) else ""
        organisation, _, team = ("", "", "") if outside else owner.partition("/")
        answers = {
            name.removeprefix(ANSWER): data[name] for name in self.answer_fields if data.get(name)
        }
        return RuleRow(
            position=0,
            service=service,
            owner_tier=self.names.tiers.get(service, "") if service else tier,
            area_code=data["area_code"],
            organisation=organisation,
            team=team,
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
            note=data["note"],
            outside=outside,
            answers=in_order(answers),
            priority=data["priority"],
            channels=tuple(sorted(data["channels"])),
            languages=data["languages"],
        )

    @property
    def seen_row(self) -> RuleRow | None:
        """What the rule said when the page was made."""
        return of_text(self.cleaned_data.get("seen", ""))

    @property
    def rule_id(self) -> int | None:
        """Which rule is edited; None for a new one."""
        text = self.cleaned_data.get("rule", "")
        return int(text) if text.isascii() and text.isdigit() else None

    def remember(self, row: RuleRow | None, rule_id: int | None) -> None:
        """The words stay, and are sent again as an edit of what the rule says now."""
        self.data = kept(self.data, seen=to_text(row) if row else None, rule=rule_id)
