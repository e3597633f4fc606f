"""What can be done to many cases of the queue together: the words, the forms, the choices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

import accounts.colleagues
import kb.queries_notices
from accounts.permissions import Permission, Viewer
from core import references
from core.errors import DomainError
from desk.choices import Choices
from desk.forms import KeyedForm, choose, words_field
from desk.forms_acts import PriorityForm, ResolveForm
from teamwork import queries_macros


class TakeForm(KeyedForm):
    """Nothing to fill in."""


class AssignForm(KeyedForm):
    """Who has them from now on."""

    colleague = forms.ChoiceField(
        label="Colleague", error_messages={"required": "Choose who gets them"}
    )

    def __init__(self, *args: Any, colleagues: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "colleague", colleagues, first="Choose a colleague")


class ReplyToAllForm(KeyedForm):
    """The same words for several citizens."""

    words = words_field(
        "Words for the citizens",
        help_text="Each of them gets these words by text or email. Nothing ends by it.",
        missing="Write what the citizens will read",
    )


class LinkForm(KeyedForm):
    """The case that goes on for all of them."""

    other = forms.CharField(
        label="Reference of the case that goes on",
        help_text="The others end as reported already, and their citizens hear how it goes on.",
        max_length=20,
        error_messages={"required": "Enter the reference, like WH7-K3MP-4X"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )

    def clean_other(self) -> str:
        """The reference as we write it."""
        try:
            return references.parse(self.cleaned_data["other"])
        except DomainError as error:
            raise forms.ValidationError(error.message) from error


class NoticeForm(KeyedForm):
    """The notice that explains all of them."""

    notice = forms.ChoiceField(
        label="Notice",
        help_text="Each citizen hears when its end moves, and when it is over.",
        error_messages={"required": "Choose a notice"},
    )

    def __init__(self, *args: Any, notices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "notice", notices, first="Choose a notice")


class MacroForm(KeyedForm):
    """Which of the macros; it is done as it stands written now."""

    macro = forms.ChoiceField(label="Macro", error_messages={"required": "Choose a macro"})

    def __init__(self, *args: Any, macros: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "macro", macros, first="Choose a macro")


@dataclass(frozen=True, slots=True)
class BulkAct:
    """One of them. `title`, `button` and `done` take the number of cases in words."""

    name: str
    words: str
    title: str
    button: str
    done: str
    form: type[KeyedForm]
    permission: Permission
    selects: str = ""

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in."""
        return self.form is not TakeForm


BULK_ACTS: tuple[BulkAct, ...] = (
    BulkAct("take", "Take", "Take {}", "Take {}", "taken", TakeForm, Permission.TRIAGE),
    BulkAct(
        "assign", "Give to a colleague", "Give {} to a colleague", "Give {} away", "given",
        AssignForm, Permission.TRIAGE, "colleagues",
    ),
    BulkAct(
        "priority", "Priority", "Change the priority of {}", "Set the priority of {}",
        "changed", PriorityForm, Permission.TRIAGE,
    ),
    BulkAct(
        "reply", "Tell the citizens", "Tell the citizens of {}", "Tell the citizens of {}",
        "told", ReplyToAllForm, Permission.RESOLVE,
    ),
    BulkAct(
        "notice", "Link to a notice", "Link {} to a notice", "Link {}", "linked", NoticeForm,
        Permission.RESOLVE, "notices",
    ),
    BulkAct(
        "link", "Same as another case", "Link {} to another case", "Link {}", "linked", LinkForm,
        Permission.RESOLVE,
    ),
    BulkAct(
        "close", "Close", "Close {} with the same words", "Close {} and tell the citizens",
        "closed", ResolveForm, Permission.RESOLVE,
    ),
    BulkAct(
        "macro", "Macro", "Use a macro on {}", "Use it on {}", "done", MacroForm,
        Permission.TRIAGE, "macros",
    ),
)  # fmt: skip


def bulk_act(who: Viewer, name: str) -> BulkAct | None:
    """One that the viewer may do, by its name."""
    return next((one for one in acts_of(who) if one.name == name), None)


def acts_of(who: Viewer) -> list[BulkAct]:
    """What the viewer may do to many."""
    return [one for one in BULK_ACTS if who.may(one.permission)]


def bulk_form(act: BulkAct, who: Viewer, data: QueryDict | None = None) -> KeyedForm:
    """The form of an act, with what it offers to choose from."""
    makers: dict[str, Callable[[], Choices]] = {
        "colleagues": _colleagues, "notices": _notices, "macros": lambda: _macros(who),
    }  # fmt: skip
    offers = {act.selects: makers[act.selects]()} if act.selects else {}
    return act.form(data, **offers)


def _colleagues() -> Choices:
    return [(str(one.pk), one.name) for one in accounts.colleagues.takers()]


def _notices() -> Choices:
    rows = kb.queries_notices.in_force(timezone.now()).order_by("-starts_at", "-pk")[:100]
    return [(str(one.public_id), one.title) for one in rows]


def _macros(who: Viewer) -> Choices:
    rows = queries_macros.usable(who)
    return [(f"{one.public_id}:{one.version}", _named(one)) for one in rows]


def _named(one: queries_macros.MacroRow) -> str:
    return f"{one.name} ({one.team})" if one.team else one.name


def data_of(form: KeyedForm) -> dict[str, str]:
    """What an act needs of its form."""
    found = {name: str(value) for name, value in form.cleaned_data.items() if name != "key"}
    if isinstance(form, MacroForm):
        found["macro"], _colon, found["version"] = found["macro"].partition(":")
    return found


def counted(number: int) -> str:
    """3 cases."""
    return f"{number} case{'' if number == 1 else 's'}"
