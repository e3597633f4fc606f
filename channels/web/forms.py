"""What the website alone asks; the questions of a journey stand in channels.asking.forms."""

from __future__ import annotations

from django import forms

from channels.asking.forms import said


class AnswerForm(forms.Form):
    """A citizen's answer to our question. `key` makes sending it twice sending it once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.CharField(
        label="Your answer",
        error_messages={"required": "Write your answer"},
        widget=forms.Textarea(attrs={"data-maxlength": "4000", "data-rows": "4", "dir": "auto"}),
    )

    def clean_answer(self) -> str:
        """The words, counted as the page counts them."""
        return said(str(self.cleaned_data["answer"]), label="Your answer")


class NotDoneForm(forms.Form):
    """What is still not right about something that we said was done."""

    again_key = forms.UUIDField(widget=forms.HiddenInput)
    again = forms.CharField(
        label="What is not right?",
        help_text="We open it again, or start anew if it was closed long ago.",
        error_messages={"required": "Write what is not right"},
        widget=forms.Textarea(attrs={"data-maxlength": "4000", "data-rows": "4", "dir": "auto"}),
    )

    def clean_again(self) -> str:
        """The words, counted as the page counts them."""
        return said(str(self.cleaned_data["again"]), label="What is not right")
