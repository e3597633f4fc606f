"""What the website alone asks; the questions of a journey stand in channels.asking.forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels.asking.forms import said


def _box(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"data-maxlength": "4000", "data-rows": str(rows), "dir": "auto"})


class AnswerForm(forms.Form):
    """A citizen's answer to our question. `key` makes sending it twice sending it once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.CharField(
        label=_("Your answer"),
        error_messages={"required": _("Write your answer")},
        widget=_box(),
    )

    def clean_answer(self) -> str:
        """The words, counted as the page counts them."""
        return said(str(self.cleaned_data["answer"]), label=gettext("Your answer"))


class NotDoneForm(forms.Form):
    """What is still not right about something that we said was done."""

    again_key = forms.UUIDField(widget=forms.HiddenInput)
    again = forms.CharField(
        label=_("What is not right?"),
        help_text=_("We open it again, or start anew if it was closed long ago."),
        error_messages={"required": _("Write what is not right")},
        widget=_box(),
    )

    def clean_again(self) -> str:
        """The words, counted as the page counts them."""
        return said(str(self.cleaned_data["again"]), label=gettext("What is not right"))


class ActForm(forms.Form):
    """Something that a citizen does with their enquiry, with words that may be empty."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(required=False, widget=_box())
    # What is kept where nothing was written.
    unsaid = ""

    def clean_words(self) -> str:
        """The words, counted as the page counts them."""
        label = str(self.fields["words"].label)
        return said(str(self.cleaned_data["words"]), label=label) or gettext(self.unsaid)

    @property
    def avoidable(self) -> str:
        """Why they had to come, where they said so."""
        return ""


class AddForm(ActForm):
    """News that only the citizen can know."""

    words = forms.CharField(
        label=_("What should we know?"),
        help_text=_("For example: it has got bigger, it has moved, or somebody came."),
        error_messages={"required": _("Write what we should know")},
        widget=_box(6),
    )


class WhereForm(ActForm):
    """They want to know where it is."""

    unsaid = "Where is it?"
    words = forms.CharField(
        label=_("Anything that we should know? (optional)"), required=False, widget=_box(3)
    )


class NotNeededForm(ActForm):
    """It ended, and was not what they needed: what was wrong with it says whose it is to mend."""

    REASONS = (
        ("clarification", _("The answer does not help me, or I do not understand it")),
        ("insufficient_capture", _("Something else was done than I asked for")),
        ("signposting_or_transfer", _("I was sent somewhere else")),
        ("", _("Something else")),
    )
    why = forms.ChoiceField(
        label=_("Why was it not what you needed?"),
        choices=[(code or "other", words) for code, words in REASONS],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose why it was not what you needed"),
            "invalid_choice": _("Choose why it was not what you needed from the list"),
        },
    )
    words = forms.CharField(
        label=_("What do you need?"),
        help_text=_("Somebody reads it and takes it up again."),
        error_messages={"required": _("Write what you need")},
        widget=_box(),
    )
    field_order = ("key", "why", "words")

    @property
    def avoidable(self) -> str:
        """The reason, in the ledger's word."""
        chosen = str(self.cleaned_data.get("why", ""))
        return "" if chosen == "other" else chosen


class CancelForm(ActForm):
    """They do not need it any more."""

    unsaid = "I do not need this any more"
    words = forms.CharField(
        label=_("Why do you not need it any more? (optional)"), required=False, widget=_box(3)
    )


class RestoreForm(ActForm):
    """They need it after all."""

    unsaid = "I need it after all"
    words = forms.CharField(
        label=_("Anything that has changed? (optional)"), required=False, widget=_box(3)
    )


class AddressForm(forms.Form):
    """An e-mail address or a mobile number that we are to write to."""

    way = forms.ChoiceField(
        label=_("How should we tell them?"),
        choices=[("email", _("Email")), ("sms", _("Text message"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose email or text message"),
            "invalid_choice": _("Choose email or text message"),
        },
    )
    to = forms.CharField(
        label=_("Email address or mobile number"),
        max_length=254,
        error_messages={
            "required": _("Enter an email address or a mobile number"),
            "max_length": _("Use 254 characters or fewer"),
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "class": "hub-wide-input"}
        ),
    )

    def __init__(self, *args: Any, ask: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ask:
            self.fields["way"].label = ask
