"""Services and answers can be read and mended in Django's own admin."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.administering import Audited
from kb import reference_questions
from kb.actions import index
from kb.models import Article, Question, Service

M = TypeVar("M", bound=Model)


class Searched(Audited[M]):
    """What is mended here is found by its new words at once."""

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        index()


@admin.register(Service)
class ServiceAdmin(Searched[Service]):
    list_display = ("name", "lgsl", "group", "owner_tier", "resolution_class", "promise_wd")
    list_filter = ("group", "owner_tier", "resolution_class")
    search_fields = ("name", "label", "synonyms")


@admin.register(Article)
class ArticleAdmin(Searched[Article]):
    list_display = ("title", "service", "reviewed_on", "is_published")
    search_fields = ("title", "body")


class QuestionForm(forms.ModelForm[Question]):
    """A question with its answers in lines."""

    answers = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6, "cols": 60}),
        help_text="One a line, as value=Words. Rules name the value; people read the words.",
    )

    class Meta:
        model = Question
        fields = ("service", "key", "position", "words", "hint", "is_required")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["answers"] = reference_questions.written(self.instance.choices)

    def clean_answers(self) -> list[reference_questions.Choice]:
        """Two or more, each with a value of its own."""
        found, wrong = reference_questions.parsed(self.cleaned_data["answers"])
        if wrong:
            raise forms.ValidationError([f"{words}. {cure}" for words, cure in wrong])
        return found

    def save(self, commit: bool = True) -> Question:
        """Keeps the answers as they are read."""
        self.instance.choices = self.cleaned_data["answers"]
        return super().save(commit)


@admin.register(Question)
class QuestionAdmin(Audited[Question]):
    form = QuestionForm
    list_display = ("words", "service", "key", "position", "is_required")
    list_filter = ("key",)
    search_fields = ("words", "service__name")
