"""What the address of the queue asks for, and the filter above it as a page shows it.

A filter has some two hundred choices, and is drawn alike for everybody who asks the same: it is
drawn once for each address, unless words were looked for, which nobody keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from accounts import areas
from desk import addresses
from desk.forms_queue import QueueForm
from enquiries.queries.queue import START, Place, mark
from enquiries.queries.queue_filters import Filters, View
from enquiries.queries.queue_names import Names

FIELDS = (
    "text",
    "service",
    "area",
    "organisation",
    "channel",
    "clock",
    "age",
    "status",
    "priority",
)
TABS: dict[View, str] = {
    View.UNASSIGNED: "Nobody has it",
    View.MINE: "Mine",
    View.TEAM: "My team",
    View.WATCHED: "Watched",
    View.DISPUTED: "Disputed",
    View.ALL: "All live",
    View.ENDED: "Ended",
}
# Of the address these say where in the list, not which list.
PLACES = ("after", "before", "page")
Pairs = tuple[tuple[str, str], ...]
Grouped = tuple[tuple[str, Pairs], ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """What the filter offers to choose from, as plain values."""

    services: Pairs
    organisations: Pairs
    areas: Grouped


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; nothing fits what it asks wrongly. `drawn` is its filter."""

    filters: Filters
    drawn: SafeString
    chosen: tuple[str, ...]


def offered(names: Names) -> Offered:
    """Services and organisations that are there today, and areas."""
    return Offered(
        tuple((one.slug, one.name) for one in names.services.values() if one.is_active),
        tuple((one.slug, one.name) for one in names.organisations.values() if one.is_active),
        _areas(),
    )


def _areas() -> Grouped:
    found = areas.named().values()
    wards: dict[str, list[tuple[str, str]]] = {}
    for one in found:
        if one.kind == "ward":
            wards.setdefault(one.parent_code, []).append((one.code, one.name))
    return tuple(
        (one.name, ((one.code, f"All of {one.name}"), *wards.get(one.code, ())))
        for one in found
        if one.kind == "district"
    )


def query_of(request: HttpRequest) -> dict[str, str]:
    """The address without the place in the list."""
    return {
        name: value for name, value in addresses.query_of(request).items() if name not in PLACES
    }


def place_of(request: HttpRequest) -> Place:
    """Where the page begins; the start for anything odd."""
    after, before = mark(request.GET.get("after", "")), mark(request.GET.get("before", ""))
    if after is not None:
        return Place(after=after)
    return Place(before=before) if before is not None else START


def asked(query: Mapping[str, str], names: Names) -> Asked:
    """Reads an address, and draws its filter."""
    pairs = tuple(sorted(query.items()))
    read = _read.__wrapped__ if query.get("text") else _read
    return read(pairs, offered(names))


@lru_cache(maxsize=512)
def _read(pairs: Pairs, offers: Offered) -> Asked:
    query = dict(pairs)
    # Addresses that were kept before the promise had more than one state.
    if query.pop("late", ""):
        query["clock"] = "late"
    form = QueueForm(
        query,
        services=list(offers.services),
        organisations=list(offers.organisations),
        areas=list(offers.areas),
    )
    form.is_valid()
    chosen = _chosen(form, query, offers)
    drawn = render_to_string("desk/queue_filter.html", {"form": form, "chosen": chosen})
    is_void = any(name in form.errors for name in FIELDS)
    filters = replace(filters_of(form.cleaned_data), is_void=is_void)
    return Asked(filters, drawn, tuple(one["text"] for one in chosen))


def _chosen(form: QueueForm, query: Mapping[str, str], offers: Offered) -> list[dict[str, str]]:
    """Each filter in force, with the address of the queue without it."""
    wards = dict(pair for _, of_district in offers.areas for pair in of_district)
    return [
        {"text": f"{label}: {wards.get(words, words) if label == 'Area' else words}", "href": href}
        for label, words, href in addresses.in_force(form, query, FIELDS)
    ]


def filters_of(data: Mapping[str, Any]) -> Filters:
    """What was asked for rightly."""
    view = str(data.get("view") or View.UNASSIGNED.value)
    chosen: dict[str, Any] = {name: str(data.get(name) or "") for name in FIELDS}
    return Filters(view, **chosen)


def in_words(asked: Asked) -> str:
    """What a list shows."""
    return "; ".join([TABS[View(asked.filters.view)], *asked.chosen])


def address(query: Mapping[str, str], **more: str) -> str:
    """The same list with other words in its address."""
    return f"?{urlencode({**query, **more})}"
