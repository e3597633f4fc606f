"""The question where something is: a postcode, words, an address from a list, a point on the map.

Each way works alone; the point beats the postcode that came with it, as intake reads it. All of it
is read here, on the server: the map only fills fields.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import addresses, areas, boundaries
from channels.asking import questions
from core.errors import DomainError

if TYPE_CHECKING:
    from accounts.atlas import Whereabouts
    from channels.asking.journey import Journey

OTHER: Final = "other"
_DEGREES = re.compile(r"^-?[0-9]{1,3}(\.[0-9]{1,17})?$")
# So near a postcode's middle is "near" it; farther away only the district is named.
_NEAR_METRES: Final = 800


class NotAPlace(DomainError):
    """The two numbers are no point."""

    code = "place_not_valid"


@dataclass(frozen=True, slots=True)
class Told:
    """A point in words, and its nearest postcode."""

    words: str
    postcode: str
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where a photo was taken, offered and never used unasked."""

    latitude: float
    longitude: float
    words: str


def point(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Degrees as a page sends them; None where both are empty. Raises NotAPlace."""
    latitude, longitude = latitude.strip(), longitude.strip()
    if not latitude and not longitude:
        return None
    if not (_DEGREES.match(latitude) and _DEGREES.match(longitude)):
        raise NotAPlace(
            _("We could not read the place on the map. Put the pin again, or enter a postcode")
        )
    return _rounded(float(latitude), float(longitude))


def told(latitude: float, longitude: float) -> Told:
    """A point in words. Raises boundaries.NotAPoint for what is not in Great Britain."""
    found = boundaries.locate(latitude, longitude)
    if found.is_outside:
        return Told(found.words, "", is_outside=True)
    near = boundaries.near(latitude, longitude)
    district = _districts(found)
    if not near or near[0].metres > _NEAR_METRES:
        return Told(_("In %(district)s") % {"district": district}, "", is_outside=False)
    words = _("Near %(postcode)s, %(district)s") % {
        "postcode": near[0].name,
        "district": district,
    }
    return Told(words, near[0].name, is_outside=False)


def _districts(found: Whereabouts) -> str:
    """The district, or both where the border is too near to tell."""
    if not found.beside_name:
        return found.district_name or areas.COUNTY_NAME
    return _("on the border of %(one)s and %(other)s") % {
        "one": found.district_name,
        "other": found.beside_name,
    }


def pinned(journey: Journey) -> str:
    """The point of a journey in words; nothing where there is none."""
    if journey.latitude is None or journey.longitude is None:
        return ""
    try:
        return told(journey.latitude, journey.longitude).words
    except DomainError:
        return ""


def suggestion(journey: Journey, there: tuple[float, float] | None) -> Suggestion | None:
    """Where a photo of a journey was taken, unless that is outside or the pin is there already."""
    if there is None or (journey.latitude, journey.longitude) == _rounded(*there):
        return None
    try:
        found = told(*there)
    except DomainError:
        return None
    return None if found.is_outside else Suggestion(*_rounded(*there), found.words)


def _rounded(latitude: float, longitude: float) -> tuple[float, float]:
    # A metre is a hundred-thousandth of a degree: what is finer says nothing of a place.
    return round(latitude, 6), round(longitude, 6)


def map_settings() -> dict[str, Any]:
    """What a map needs to know of its pictures; without an address for them there are none.

    `is_of_use` says that it would show something: a grey field is offered to nobody.
    """
    return {
        "tiles": settings.MAP_TILE_URL,
        "attribution": settings.MAP_ATTRIBUTION,
        "is_of_use": bool(settings.MAP_TILE_URL) or boundaries.is_drawable(),
    }


class PlaceForm(forms.Form):
    """Where it is, in any of the ways; or the honest answer that there is no place.

    `must_choose` says that the postcode has a list of addresses and none was chosen yet: the page
    shows the list, which is no error the first time. `exact` wants a house, not a postcode alone.
    `stays` says that a button of the page was pressed which only changes the pin.
    """

    postcode = forms.CharField(
        label=gettext_lazy("Postcode"),
        required=False,
        max_length=30,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-10", "autocomplete": "postal-code"}
        ),
    )
    address = forms.CharField(
        required=False,
        max_length=300,
        error_messages={
            "max_length": gettext_lazy("Use 300 characters or fewer. Say more on the next page")
        },
        widget=forms.TextInput(
            attrs={"class": "hub-wide-input", "autocomplete": "address-line1", "dir": "auto"}
        ),
    )
    nowhere = forms.BooleanField(required=False)
    uprn = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    latitude = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    longitude = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        words: questions.Where,
        lists: bool = False,
        exact: bool = False,
        photo: Suggestion | None = None,
        **kwargs: Any,
    ) -> None:
        self.must_choose = self.stays = False
        self.choices: list[addresses.Found] = []
        self.photo, self.lists, self.exact, self.pin = photo, lists, exact, ""
        super().__init__(self._pressed(data), **kwargs)
        self.fields["postcode"].help_text = words.postcode_hint
        self.fields["nowhere"].label = words.nowhere_label
        self.fields["address"].label = words.address_label
        if exact:
            del self.fields["nowhere"]
        else:
            self.fields["address"].label = _("%(what)s (optional)") % {"what": words.address_label}
        self._name_the_pin()

    def _pressed(self, data: Any) -> Any:
        """What was sent, with what a button that only moves the pin makes of it."""
        if data is None:
            return None
        changed: Mapping[str, str] = {}
        if "unpin" in data:
            changed = {"latitude": "", "longitude": ""}
        elif "use_photo" in data and self.photo is not None:
            changed = {
                "latitude": str(self.photo.latitude),
                "longitude": str(self.photo.longitude),
            }
            self.photo = None
        if not changed and "unpin" not in data and "use_photo" not in data:
            return data
        self.stays = True
        copied = MultiValueDict({key: [data.get(key)] for key in data})
        for key, value in changed.items():
            copied[key] = value
        return copied

    def full_clean(self) -> None:
        """Nothing is wrong yet with a page that only got another pin."""
        if self.stays:
            self._errors = forms.utils.ErrorDict()
            self.cleaned_data = {}
            return
        super().full_clean()

    def is_valid(self) -> bool:
        """Whether the question is answered: a list that is still to be chosen from is no error."""
        return super().is_valid() and not self.stays and not self.must_choose

    def _name_the_pin(self) -> None:
        """The point in words, for the page; what is no point has none."""
        try:
            found = point(*(str(self[name].value() or "") for name in ("latitude", "longitude")))
            self.pin = told(*found).words if found else ""
        except (DomainError, ValueError):
            self.pin = ""

    def clean_postcode(self) -> str:
        """The postcode as it is written, looked up."""
        text = str(self.cleaned_data["postcode"]).strip()
        if not text:
            return ""
        try:
            return areas.lookup(text).postcode
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from error

    def clean(self) -> dict[str, Any]:
        """One of the ways to answer; the point, the postcode and the address fit together."""
        found = super().clean() or {}
        found["latitude"], found["longitude"] = self._point(found)
        has_point = found["latitude"] is not None
        is_empty = "postcode" in found and not found["postcode"] and not has_point
        if is_empty and self.exact:
            self.add_error("postcode", _("Enter a postcode"))
        elif is_empty and not found.get("nowhere"):
            words = _("Enter a postcode, or choose “%(label)s”")
            self.add_error("postcode", words % {"label": self.fields["nowhere"].label})
        if self.exact or found.get("postcode") or has_point:
            found["nowhere"] = False
        if self.lists and found.get("postcode"):
            self._choose(found)
        else:
            found["uprn"] = ""
        if self.exact and not (
            found.get("address") or self.must_choose or "address" in self.errors
        ):
            self.add_error("address", _("Enter the house number or name, and the street"))
        return found

    def _point(self, found: dict[str, Any]) -> tuple[float | None, float | None]:
        """The point, if there is one in the county. What is wrong stands at the postcode."""
        try:
            read = point(str(found.get("latitude", "")), str(found.get("longitude", "")))
            if read is None:
                return None, None
            boundaries.inside(*read)
        except DomainError as error:
            self.add_error("postcode", error.message)
            return None, None
        return read if all(map(math.isfinite, read)) else (None, None)

    def _choose(self, found: dict[str, Any]) -> None:
        """The address of the list that was chosen, or the list where there is one to choose from.

        Who typed an address has said it; a book that has none, or fails, asks for no choice.
        """
        chosen, typed = found.get("uprn", ""), found.get("address", "")
        if chosen == OTHER or (typed and not chosen):
            found["uprn"] = ""
            return
        self.choices = list(addresses.at(found["postcode"]))
        known = next((one for one in self.choices if one.uprn == chosen), None)
        if known is not None:
            found["address"] = known.text
            if found["latitude"] is None:
                found["latitude"], found["longitude"] = known.latitude, known.longitude
            return
        found["uprn"] = ""
        self.must_choose = bool(self.choices) and not self.errors
        if self.must_choose and self.data.get("listed", "") == found["postcode"]:
            self.add_error("uprn", _("Choose an address, or say that it is not in the list"))
