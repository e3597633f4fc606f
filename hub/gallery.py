"""/components/: every component in every state, on each face. Development only; walked by axe."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

FACES = {
    "public": "layouts/public.html",
    "kiosk": "layouts/kiosk.html",
    "desk": "layouts/desk.html",
}


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label="Full name", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    postcode = forms.CharField(
        label="Postcode",
        help_text="For example, WR1 1AA",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    description = forms.CharField(
        label="What happened",
        help_text="Tell us what you saw, and when.",
        widget=forms.Textarea(attrs={"data-maxlength": "4000"}),
    )
    how = forms.ChoiceField(
        label="How should we tell you what happens?",
        choices=[("email", "E-mail"), ("sms", "Text message\nTo a mobile number in the UK")],
        widget=forms.RadioSelect,
    )
    about = forms.MultipleChoiceField(
        label="What is it about?",
        choices=[("bins", "Bins"), ("roads", "Roads"), ("noise", "Noise")],
        widget=forms.CheckboxSelectMultiple,
    )
    team = forms.ChoiceField(label="Team", choices=[("", "Any team"), ("1", "Streets and litter")])
    sure = forms.BooleanField(
        label="I do not know the postcode", help_text="Tell us the nearest road."
    )


class OneForm(forms.Form):
    """What one more of a list needs."""

    name = forms.CharField(label="Which system")


class FilterForm(forms.Form):
    """What a list can be narrowed by."""

    status = forms.ChoiceField(label="Status", choices=[("", "All"), ("open", "Open")])
    words = forms.CharField(label="Words", required=False)


def _chart_rows() -> list[dict[str, Any]]:
    return [
        {"label": "Phone", "value": 0.74, "n": 1240, "low": 0.71, "high": 0.77, "pending": 0.06},
        {"label": "Web", "value": 0.69, "n": 880, "low": 0.66, "high": 0.72, "pending": 0.09},
        {"label": "Counter at the service centres", "value": 0.81, "n": 96, "low": 0.7,
         "high": 0.88},
        {"label": "Text message", "value": 0.42, "n": 12, "low": 0.19, "high": 0.68,
         "tone": "quiet"},
        {"label": "A very long name of a service that nobody could fit on one line or two",
         "value": None, "n": 0},
    ]  # fmt: skip


def _chart_points() -> list[dict[str, Any]]:
    shares = [0.61, 0.64, 0.66, 0.63, 0.7, 0.72, None, 0.71, 0.75, 0.77, 0.79, 0.8]
    return [
        {
            "label": f"Week {number}",
            "value": share,
            "low": None if share is None else share - 0.06,
            "high": None if share is None else share + 0.05,
            "n": 200 + number,
            "pending": number > 10,
        }
        for number, share in enumerate(shares, start=1)
    ]


def _timeline() -> list[dict[str, Any]]:
    now = timezone.now()
    told = {"title": "Told by text message", "at": now, "by": "the hub"}
    return [
        {
            "day": now,
            "entries": [
                {"title": "Referred to Wychavon", "at": now, "by": "triage", "tone": "main",
                 "words": "Fly-tipping in Evesham is cleared by Wychavon District Council."},
                {"title": "Received by text message", "at": now - timedelta(hours=1),
                 "by": "a citizen", "quote": True,
                 "words": "Mattress and paint tins\nby the bridge 😀 مرحبا"},
                {"title": "Note", "at": now - timedelta(hours=1), "by": "an officer",
                 "words": "The lane is closed", "readers": "Only us", "readers_tone": "quiet"},
                {"title": "Promise missed", "at": now - timedelta(hours=2), "tone": "late"},
                {"title": "Completed", "at": now - timedelta(hours=3), "tone": "kept"},
            ],
            "folded": [told, told],
        }
    ]  # fmt: skip


def _sample() -> dict[str, Any]:
    now = timezone.now()
    return {
        "form": SampleForm(),
        "wrong": SampleForm({"postcode": "ZZ", "how": "fax"}, prefix="wrong"),
        "filter": FilterForm({"filter-status": "open"}, prefix="filter"),
        "one": OneForm(prefix="one"),
        "chosen": [{"text": "Open", "href": "?"}, {"text": "Wychavon", "href": "?"}],
        "statuses": ["new", "open", "referred", "in_progress", "waiting", "resolved", "closed",
                     "offered", "accepted", "rejected", "returned", "completed", "expired",
                     "withdrawn"],
        "rows": [
            {"key": "Service", "value": "Fly-tipping", "href": "?"},
            {"key": "What happened", "value": "Mattress\nby the bridge", "href": "?", "said": True},
            {"key": "Address", "value": ""},
        ],
        "days": _timeline(),
        "head": [{"text": "Service"}, {"text": "Status"}, {"text": "Enquiries", "numeric": True}],
        "table": [[{"text": "Fly-tipping", "href": "?", "note": "Streets and litter"},
                   {"text": "On time", "tag": "kept"}, {"text": "1,204", "numeric": True}],
                  [{"text": "Potholes", "href": "?"}, {"text": "Late", "tag": "late"},
                   {"text": "87", "numeric": True}]],
        "items": [{"text": "Unassigned", "href": "?", "count": 12, "current": True},
                  {"text": "Mine", "href": "?", "count": 0}, {"text": "My team", "href": "?"}],
        "links": [{"text": "Report a missed bin", "href": "?"},
                  {"text": "Report a pothole", "href": "?", "note": "County Council"},
                  {"text": "Get a Blue Badge", "href": "?"}],
        "crumbs": [{"text": "Home", "href": "/"}, {"text": "Services", "href": "/services/"}],
        "refusals": [{"text": "This referral was already accepted by Jo Example."}],
        "outside": {"name": "National Highways", "phone": "0300 123 5000",
                    "hand_off": "They look after motorways. Ring them at any hour."},
        "asked": {"token": "sample", "given": None},
        "now": now,
        "far": now + timedelta(days=5),
        "bars": {"id": "bars", "title": "One-stop resolution by channel", "unit": "%",
                 "target": 0.7,
                 "desc": "The counter keeps 81%, the phone 74%, the web 69%; texts are few.",
                 "rows": _chart_rows()},
        "lines": {"id": "lines", "title": "One-stop resolution by week", "unit": "%", "target": 0.7,
                  "desc": "From 61% to 80% in twelve weeks; the last two weeks are not settled.",
                  "points": _chart_points()},
    }  # fmt: skip


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """The page."""
    if not settings.HUB_DEVELOPMENT:
        raise Http404
    face = request.GET.get("face", "public")
    context = {
        "layout": FACES.get(face, FACES["public"]),
        "figures": face != "kiosk",
        "faces": [
            {"text": name.capitalize(), "href": f"?face={name}", "current": name == face}
            for name in FACES
        ],
        **_sample(),
    }
    return render(request, "web/gallery.html", context)


urlpatterns = [path("", gallery, name="components")]
