"""The versions of the routing rules, read: which is live, what waits, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

import accounts.queries
import kb.queries
from accounts import outside
from accounts.gazetteer import gazetteer
from core.errors import DomainError
from core.sheets import Check
from enquiries import reference
from enquiries.models import RoutingRule, RuleSet
from enquiries.queries import rule_names
from enquiries.rule_lists import Differences, Ground, differences
from enquiries.rule_rows import RuleRow, in_order

HISTORY_PAGE = 10
# A version that an operator's file made, and nobody has edited since.
FROM_FILE = "Loaded from a file"


class NoSuchVersion(DomainError):
    code = "no_such_rules_version"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of all rules. `state` is draft, waiting, live or earlier; `edit` counts edits."""

    number: int
    name: str
    state: str
    edit: int
    rules: int
    based_on: int | None
    made_at: datetime
    made_by: str
    published_at: datetime | None
    published_by: str
    live_from: datetime | None

    @property
    def is_draft(self) -> bool:
        """Whether it may still be edited."""
        return self.state == "draft"


@dataclass(frozen=True, slots=True)
class Past:
    """A version of the history, with what it changed against the one before (None: the first)."""

    version: Version
    before: int | None
    changes: Differences | None


@dataclass(frozen=True, slots=True)
class History:
    """A page of published versions, newest first."""

    versions: tuple[Past, ...]
    next_page: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What is live, what was live before it, what waits for its time, what is being written."""

    live: Version | None
    before: Version | None
    waiting: tuple[Version, ...]
    drafts: tuple[Version, ...]


# -- Which -----------------------------------------------------------------------------------------


def published(now: datetime) -> QuerySet[RuleSet]:
    """Those that are or were live, newest first."""
    return RuleSet.objects.filter(published_at__isnull=False, live_from__lte=now).order_by(
        "-live_from", "-number"
    )


def live_number(now: datetime) -> int | None:
    """The number of the version that is live."""
    return published(now).values_list("number", flat=True).first()


def before(number: int, now: datetime) -> int | None:
    """The number of the version that was live before one that is or was."""
    numbers = list(published(now).values_list("number", flat=True))
    at = numbers.index(number) if number in numbers else len(numbers)
    return numbers[at + 1] if at + 1 < len(numbers) else None


def overview(now: datetime) -> Overview:
    """Live, before it, waiting (soonest first) and drafts (newest first)."""
    last = [_version(row, now, live=at == 0) for at, row in enumerate(_counted(published(now))[:2])]
    rest = _counted(RuleSet.objects.filter(Q(published_at=None) | Q(live_from__gt=now)))
    others = [_version(row, now, live=False) for row in rest.order_by("live_from", "-number")]
    return Overview(
        live=last[0] if last else None,
        before=last[1] if len(last) > 1 else None,
        waiting=tuple(one for one in others if one.state == "waiting"),
        drafts=tuple(one for one in others if one.is_draft),
    )


def version(number: int, now: datetime) -> Version:
    """One version. Raises NoSuchVersion."""
    row = _counted(RuleSet.objects.filter(number=number)).first()
    if row is None:
        raise NoSuchVersion("There is no such version of the rules")
    return _version(row, now, live=number == live_number(now))


def _counted(rows: QuerySet[RuleSet]) -> QuerySet[RuleSet]:
    return rows.select_related("based_on").annotate(rule_count=Count("rules"))


def _version(row: RuleSet, now: datetime, *, live: bool) -> Version:
    if row.published_at is None or row.live_from is None:
        state = "draft"
    elif row.live_from > now:
        state = "waiting"
    else:
        state = "live" if live else "earlier"
    return Version(
        number=row.number,
        name=row.name,
        state=state,
        edit=row.version,
        rules=getattr(row, "rule_count", 0),
        based_on=row.based_on.number if row.based_on else None,
        made_at=row.made_at,
        made_by=row.made_by,
        published_at=row.published_at,
        published_by=row.published_by,
        live_from=row.live_from,
    )


# -- What ------------------------------------------------------------------------------------------


def row_of(rule: RoutingRule) -> RuleRow:
    """A rule in names. Its service, organisation, team and outside body have been read with it."""
    return RuleRow(
        position=rule.position,
        service=rule.service.slug if rule.service else None,
        owner_tier=rule.owner_tier,
        area_code=rule.area_code,
        organisation=rule.organisation.slug if rule.organisation else "",
        team=rule.team.slug if rule.team else "",
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
        note=rule.note,
        outside=rule.outside.slug if rule.outside else "",
        answers=in_order(rule.answers),
        priority=rule.priority,
        channels=tuple(sorted(rule.channels)),
        languages=tuple(sorted(rule.languages)),
    )


def _named(rows: QuerySet[RoutingRule]) -> QuerySet[RoutingRule]:
    return rows.select_related("service", "organisation", "team", "outside")


def rows(number: int) -> list[RuleRow]:
    """The rules of a version in names, in their order. One statement."""
    return [row_of(rule) for rule in _named(RoutingRule.objects.filter(rule_set__number=number))]


def identified(number: int) -> list[tuple[int, RuleRow]]:
    """The same, each with the id that stays with it while it is edited and moved."""
    found = _named(RoutingRule.objects.filter(rule_set__number=number))
    return [(rule.pk, row_of(rule)) for rule in found]


def rule_at(number: int, position: int) -> tuple[int, RuleRow] | None:
    """One rule of a version with its id, by where it stands."""
    found = _named(RoutingRule.objects.filter(rule_set__number=number, position=position)).first()
    return (found.pk, row_of(found)) if found else None


def rule_by_id(number: int, rule_id: int) -> RuleRow | None:
    """One rule of a version by its id; None when it has gone."""
    found = _named(RoutingRule.objects.filter(rule_set__number=number, pk=rule_id)).first()
    return row_of(found) if found else None


def changes(before: int, after: int) -> Differences:
    """What a version says otherwise than another."""
    return differences(rows(before), rows(after))


def history(now: datetime, page: int = 1) -> History:
    """Published versions with what each changed; the same three statements for any page."""
    first = (page - 1) * HISTORY_PAGE
    found = list(_counted(published(now))[first : first + HISTORY_PAGE + 1])
    names = rule_names.read()
    lists = _lists([row.pk for row in found], names)
    newest = page == 1
    pasts = []
    for at, row in enumerate(found[:HISTORY_PAGE]):
        before = found[at + 1] if at + 1 < len(found) else None
        pasts.append(
            Past(
                _version(row, now, live=newest and at == 0),
                before.number if before else None,
                differences(lists[before.pk], lists[row.pk]) if before else None,
            )
        )
    return History(tuple(pasts), page + 1 if len(found) > HISTORY_PAGE else None)


def _lists(ids: Sequence[int], names: rule_names.Names) -> Mapping[int, list[RuleRow]]:
    """The rules of several versions, without asking for the names of each."""
    found: dict[int, list[RuleRow]] = {pk: [] for pk in ids}
    columns = (
        *("rule_set_id", "position", "service_id", "owner_tier", "area_code"),
        *("organisation_id", "team_id", "valid_from", "valid_until", "note"),
        *("outside_id", "answers", "priority", "channels", "languages"),
    )
    for cells in RoutingRule.objects.filter(rule_set_id__in=ids).values_list(*columns):
        found[cells[0]].append(
            RuleRow(
                position=cells[1],
                service=names.services.get(cells[2]),
                owner_tier=cells[3],
                area_code=cells[4],
                organisation=names.organisations.get(cells[5], ""),
                team=names.teams.get(cells[6], ("", ""))[1],
                valid_from=cells[7],
                valid_until=cells[8],
                note=cells[9],
                outside=names.outside.get(cells[10], ""),
                answers=in_order(cells[11]),
                priority=cells[12],
                channels=tuple(sorted(cells[13])),
                languages=tuple(sorted(cells[14])),
            )
        )
    return found


# -- What rules may name ---------------------------------------------------------------------------


def known() -> reference.Known:
    """What a table or a form may name today."""
    return reference.Known(
        services=[
            reference.KnownService(s.slug, s.group, s.owner_tier, s.promise_wd)
            for s in kb.queries.services()
        ],
        organisations={body.slug for body in accounts.queries.organisations()},
        teams={(team.organisation.slug, team.slug) for team in accounts.queries.teams()},
        areas=accounts.queries.area_codes(),
        outside={body.slug for body in outside.bodies()},
        questions=rule_names.questions(),
    )


def read_table(name: str, content: bytes) -> list[RuleRow]:
    """The rules of an uploaded table. Raises core.sheets.SheetsRefused with all that is wrong."""
    check = Check()
    found = reference.rules_of(name, content, check, known())
    check.finish()
    return found


def ground() -> Ground:
    """What the order of rules rests on."""
    return Ground(
        tiers={service.slug: service.owner_tier for service in kb.queries.services(ended=True)},
        parents=gazetteer().parents,
    )
