"""Who must act: the first rule that fits, with the reason in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision rests on. `areas` are the codes that contain the place, smallest first."""

    service: str | None
    service_name: str
    owner_tier: str
    needs_place: bool
    areas: tuple[str, ...]
    area_name: str
    on: date


@dataclass(frozen=True, slots=True)
class Rule:
    """A routing rule as plain values. Empty fields match everything."""

    position: int
    service: str | None
    owner_tier: str
    area_code: str
    organisation_id: int
    organisation_name: str
    team_id: int | None
    team_name: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def fits(self, facts: Facts) -> bool:
        """Whether every condition of the rule holds for these facts."""
        return (
            (self.service is None or self.service == facts.service)
            and (not self.owner_tier or self.owner_tier == facts.owner_tier)
            and (not self.area_code or self.area_code in facts.areas)
            and (self.valid_from is None or self.valid_from <= facts.on)
            and (self.valid_until is None or facts.on <= self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an enquiry goes, or nowhere (`organisation_id` None), and why in words."""

    organisation_id: int | None
    team_id: int | None
    reason: str
    organisation_name: str = ""


NOBODY_SAID = Destination(None, None, "Nobody has said yet which service this is about")


def _because(rule: Rule, facts: Facts) -> str:
    what = facts.service_name if rule.service or rule.owner_tier else "Everything"
    where = f" in {facts.area_name}" if rule.area_code and facts.area_name else ""
    who = (
        f"{rule.organisation_name}, {rule.team_name}" if rule.team_name else rule.organisation_name
    )
    return f"{what}{where} belongs to {who} (rule {rule.position})"


def choose(facts: Facts, rules: Iterable[Rule]) -> Destination:
    """The destination that the first fitting rule names; none, said in words, otherwise."""
    if facts.service is None:
        return NOBODY_SAID
    for rule in rules:
        if rule.fits(facts):
            return Destination(
                rule.organisation_id, rule.team_id, _because(rule, facts), rule.organisation_name
            )
    if facts.needs_place and not facts.areas:
        return Destination(
            None, None, f"{facts.service_name} depends on the place, and no place was given"
        )
    where = f" in {facts.area_name}" if facts.area_name else ""
    return Destination(None, None, f"No routing rule covers {facts.service_name}{where}")
