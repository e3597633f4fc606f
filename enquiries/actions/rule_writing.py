"""Rules in names become rows that can be stored."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from core.errors import DomainError
from enquiries.models import RoutingRule
from enquiries.queries import rule_names
from enquiries.rule_rows import RuleRow


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids behind the names, of what has ended too."""

    services: dict[str, int]
    organisations: dict[str, int]
    teams: dict[tuple[str, str], int]
    outside: dict[str, int]


def names() -> Ids:
    """As they are now. Four statements."""
    known = rule_names.read()
    return Ids(
        services={slug: pk for pk, slug in known.services.items()},
        organisations={slug: pk for pk, slug in known.organisations.items()},
        teams={slugs: pk for pk, slugs in known.teams.items()},
        outside={slug: pk for pk, slug in known.outside.items()},
    )


def unsaved(row: RuleRow, ids: Ids, *, position: int | None = None) -> RoutingRule:
    """A rule that is in no version yet. Raises DomainError for a name that nobody has."""
    try:
        return RoutingRule(
            position=position or row.position,
            service_id=ids.services[row.service] if row.service else None,
            owner_tier=row.owner_tier,
            area_code=row.area_code,
            answers={key: list(values) for key, values in row.answers},
            priority=row.priority,
            channels=list(row.channels),
            languages=list(row.languages),
            organisation_id=ids.organisations[row.organisation] if row.organisation else None,
            team_id=ids.teams[row.organisation, row.team] if row.team else None,
            outside_id=ids.outside[row.outside] if row.outside else None,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            note=row.note,
        )
    except KeyError as error:
        raise DomainError(f"There is nothing named {error.args[0]} any more") from error


def plain(row: RuleRow) -> dict[str, object]:
    """A rule for the audit trail: what it says, without what it leaves open."""
    return {key: value for key, value in asdict(row).items() if value}
