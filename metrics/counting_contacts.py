"""Contacts, clocks and what citizens said, counted by the database for figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import CharField, Count, DateTimeField, F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Trunc, TruncDate

from enquiries.clocks import LONDON
from enquiries.queries import clock_results, referral_results, surveys
from metrics import queries, ratios
from metrics.cutting import UNITS, Cutting, between
from metrics.models import EnquiryFact, ItemFact, UnitCost
from metrics.offers import Offer
from metrics.queries import DIMENSIONS, NONE, Chosen
from metrics.ratios import Said
from metrics.sheets import Counts
from metrics.times import ClockKey
from metrics.value import Taken

_MOMENT = timedelta(microseconds=1)


def add(how: Cutting, parts: dict[str, Counts]) -> None:
    """What was said in contacts, who took them, how clocks and offers ended, what was answered."""
    _items(how, parts)
    _taken(how, parts)
    for key, numbers in clocks(how).items():
        parts[key].clocks.update(numbers)
    for key, numbers_of in offers(how).items():
        parts[key].offers.update(numbers_of)
    for key, answers in surveyed(how).items():
        parts[key].surveyed.update(answers)


def _rows(how: Cutting, chosen: Chosen) -> QuerySet[ItemFact]:
    """The items whose contact began in the chosen days; a partner's are of its own enquiries."""
    rows = between(ItemFact.objects.order_by(), "at", chosen)
    if not how.viewer.is_hub:
        rows = rows.filter(organisation=how.viewer.organisation_slug)
    for name in DIMENSIONS.values():
        value = getattr(chosen, name)
        if value:
            rows = rows.filter(**{name: "" if value == NONE else value})
    return rows if queries.may_count(how.viewer) else rows.none()


def _items(how: Cutting, parts: dict[str, Counts]) -> None:
    if (kept := how.rolled(how.chosen.since, how.chosen.until)) is not None:
        for part, one, n in kept.said():
            parts[how.key(part)].said[one] += n
        return
    rows = _rows(how, how.chosen).annotate(part=how.part("at"))
    names = ("channel", "avoidable", "heads", "left_out")
    for part, *said, n in (
        rows.values("part", *names).annotate(n=Count("pk")).values_list("part", *names, "n")
    ):
        parts[how.key(part)].said[Said(*said)] += n


def _taken(how: Cutting, parts: dict[str, Counts]) -> None:
    if (kept := how.rolled(how.chosen.since, how.chosen.until)) is not None:
        since = UnitCost.objects.order_by("since").values_list("since", flat=True).distinct()
        for part, one, n in kept.taken(since):
            parts[how.key(part)].taken[one] += n
        return
    rows = _rows(how, how.chosen).filter(heads=True)
    rows = rows.annotate(part=how.part("at"), day=TruncDate("at", tzinfo=LONDON))
    names = ("taken_by", "channel", "day")
    for part, *taken, n in (
        rows.values("part", *names).annotate(n=Count("pk")).values_list("part", *names, "n")
    ):
        parts[how.key(part)].taken[Taken(*taken)] += n


def contacts_before(how: Cutting) -> dict[str, Mapping[str, int]]:
    """Contacts by channel in as many days before those chosen, by part; {} without both ends."""
    since, until = how.chosen.since, how.chosen.until
    if since is None or until is None or how.dimension in UNITS:
        return {}
    earlier = replace(how, chosen=replace(how.chosen, since=since - (until - since), until=since))
    parts: dict[str, Counts] = defaultdict(Counts)
    _items(earlier, parts)
    return {key: ratios.contacts(part.said) for key, part in parts.items()}


def _of_fact(how: Cutting, enquiry: str) -> Combinable:
    """A part of something else that belongs to an enquiry: what the enquiry's fact says."""
    column = "started_at" if how.dimension in UNITS else DIMENSIONS[how.dimension]
    fact = EnquiryFact.objects.filter(pk=OuterRef(enquiry)).values(column)[:1]
    if how.dimension in UNITS:
        found = Subquery(fact, output_field=DateTimeField())
        return Trunc(found, how.dimension, tzinfo=LONDON, output_field=DateTimeField())
    return Subquery(fact, output_field=CharField())


def clocks(how: Cutting) -> dict[str, Counter[ClockKey]]:
    """How the clocks of the chosen enquiries stand; a partner sees those that are its own."""
    facts = how.facts(since=how.chosen.since, until=how.chosen.until)
    found: dict[str, Counter[ClockKey]] = defaultdict(Counter)
    for row in clock_results.counted(
        facts.order_by().values("pk"),
        at=how.now,
        by=_of_fact(how, "enquiry_id") if how.dimension else None,
        organisation="" if how.viewer.is_hub else how.viewer.organisation_slug,
    ):
        found[how.key(row.part)][ClockKey(row.kind, row.organisation, row.result)] += row.n
    return found


def offers(how: Cutting) -> dict[str, Counter[Offer]]:
    """What became of the offers of the chosen enquiries; a partner sees those to it."""
    facts = how.facts(since=how.chosen.since, until=how.chosen.until)
    found: dict[str, Counter[Offer]] = defaultdict(Counter)
    for row in referral_results.counted(
        facts.order_by().values("pk"),
        at=how.now,
        by=_of_fact(how, "enquiry_id") if how.dimension else None,
        organisation="" if how.viewer.is_hub else how.viewer.organisation_slug,
    ):
        found[how.key(row.part)][Offer(row.organisation, row.result)] += row.n
    return found


def surveyed(how: Cutting) -> dict[str, dict[str, int]]:
    """Yes, partly and no by the day of the answer."""
    until = how.now + _MOMENT
    if how.chosen.until is not None:
        until = min(until, queries.midnight(how.chosen.until))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for part, answers in surveys.counts_by(
        how.viewer,
        _of_answer(how),
        since=queries.midnight(how.chosen.since) if how.chosen.since else None,
        until=until,
        among=_among(how),
        channel=how.chosen.channel,
        service=how.chosen.service,
        organisation=how.chosen.organisation,
    ).items():
        found[how.key(part)].update(answers)
    return {key: dict(answers) for key, answers in found.items()}


def _of_answer(how: Cutting) -> Combinable:
    if how.dimension in UNITS or how.dimension in ("", "channel"):
        return how.part("at")
    if how.dimension == "service":
        return Coalesce(F("service__slug"), F("enquiry__service__slug"))
    if how.dimension == "organisation":
        return F("enquiry__owner__slug")
    return _of_fact(how, "enquiry_id")


def _among(how: Cutting) -> Any:
    """Where a site, team or class was chosen, only answers about such an enquiry are known."""
    chosen = Chosen(site=how.chosen.site, team=how.chosen.team, klass=how.chosen.klass)
    if chosen == Chosen():
        return None
    return replace(how, chosen=chosen).facts(since=None, until=None).order_by().values("pk")
