"""Who a contact is with: found by what they say; likely ones are shown before one is added."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest
from django.utils import timezone

import customers.queries_likely
import customers.queries_lives
from accounts.permissions import Viewer
from customers.queries_likely import Details, Likely
from desk import looking, person_alerts, veil
from desk.forms import OLD_PAGE, KeyedForm, PersonForm
from enquiries.queries.contacts import OpenContact

FOUND = 10


class NewPersonForm(PersonForm, KeyedForm):
    """Three fields; and, once likely ones were shown, that it is none of them."""

    field_order = ("name", "phone", "email")

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    somebody_else = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        """Something to know them by: the key alone is nothing."""
        data = self.cleaned_data
        if not self.errors and not any(data.get(name) for name in self.field_order):
            self.add_error("name", "Enter a name, a phone number or an email address")
        if data.get("somebody_else") and not data.get("key"):
            self.add_error(None, OLD_PAGE)
        return data

    @property
    def three(self) -> list[forms.BoundField]:
        """The fields that an agent sees."""
        return [self[name] for name in self.field_order]

    @property
    def shown(self) -> frozenset[uuid.UUID]:
        """Those who were shown and are somebody else."""
        found = set()
        for part in self.cleaned_data.get("somebody_else", "").split(",")[:20]:
            try:
                found.add(uuid.UUID(part))
            except ValueError:
                continue
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Who may be meant by what was typed; `somebody_else` names them where it is sent again."""

    likely: tuple[Likely, ...]
    somebody_else: str


def doubt(who: Viewer, form: NewPersonForm, contact: OpenContact) -> Doubt | None:
    """Likely ones to be looked at before somebody is added; None where nobody is like them, where
    they are sure to be the same (they are found, not added), or where all were looked at."""
    data = form.cleaned_data
    details = Details(
        name=str(data["name"]),
        phones=(str(data["phone"]),) if data["phone"] else (),
        emails=(str(data["email"]),) if data["email"] else (),
    )
    # Who was added by this very form is the contact's person by now: sent again, it adds nobody.
    added = contact.person.id if contact.person else None
    found = customers.queries_likely.likely(who, details)
    likely = tuple(one for one in found if one.person.id != added)
    if any(one.is_sure for one in likely) and not data["somebody_else"]:
        return None
    if {one.person.public_id for one in likely} <= form.shown:
        return None
    return Doubt(likely, ",".join(str(one.person.public_id) for one in likely))


def finder(request: HttpRequest, who: Viewer, contact: OpenContact) -> dict[str, object]:
    """What the part of the page that finds somebody shows."""
    if contact.person is not None and "find" not in request.GET:
        return {"find": "", "people": [], "looking": False, **_known(who, contact)}
    text = looking.opened(who, request.GET.get("find", ""))
    people, too_short = looking.people(who, text, FOUND), looking.too_short(text)
    in_vain = bool(text.strip()) and not people and not too_short
    return {
        "find": text,
        "people": people,
        "looking": True,
        "too_short": too_short,
        # Where the page goes on: at the first who was found it is there already.
        "goes_to": "" if "find" not in request.GET or people else "new" if in_vain else "find",
    }


def _known(who: Viewer, contact: OpenContact) -> dict[str, object]:
    """What to know of them first, and for whom they may speak. Not read before it is uncovered."""
    person = contact.person
    veiled = veil.of(contact)
    if person is None or (veiled is not None and veiled.is_shut):
        return {}
    today = timezone.localdate()
    return {
        "today": today,
        "alerts": person_alerts.read(who, person, timezone.now()),
        "may_act_for": []
        if contact.acting
        else customers.queries_lives.for_whom(who, person.id, on=today),
    }


def typed(text: str) -> dict[str, str]:
    """What was looked for in vain, put where it belongs, so that nobody types it twice."""
    digits = sum(character.isdigit() for character in text)
    if "@" in text:
        return {"email": text}
    return {"phone": text} if digits >= 6 else {"name": text}
