"""What an agent sends who ends a caller's need in something known."""

from __future__ import annotations

from django import forms

from desk.forms import KeyedForm


class OutageForm(KeyedForm):
    """The service and the place that were asked about, and which of the known things it is."""

    service = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    postcode = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    words = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)
    notice = forms.UUIDField(required=False)
    report = forms.CharField(required=False, max_length=20)
