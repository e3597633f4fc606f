"""Verdicts: was it one stop? OSR-1.0. Pure; docs/measures.md in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from metrics import breaks, cases, contacts, linking, sittings, times
from metrics.cases import Case
from metrics.contacts import Spoken
from metrics.facts import INFORM, STAGED, TRANSACT, Event, Ledger
from metrics.linking import Link, Links
from metrics.times import Milestones

VERSION = "OSR-1.0"
# What the definition asks for and is not computed. Printed with every figure; nothing is left.
NOT_YET: Mapping[str, str] = {}


class Kind(StrEnum):
    """The four things that a verdict can be."""

    SUCCESS = "success"
    FAILURE = "failure"
    PENDING = "pending"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Was it one stop, and if not, why and whose is it to mend."""

    kind: Kind
    reason: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One enquiry with its verdict, and the facts that figures are made of."""

    enquiry: str
    verdict: Verdict
    window_end: datetime | None
    late_from: datetime | None
    opened: datetime
    first_contact: str
    started: datetime
    unfinished: bool
    channel: str
    klass: str
    service: str | None
    organisation: str | None
    team: str | None
    site: str | None
    linkable: bool
    self_service: bool
    links: tuple[Link, ...]
    recontacts: int
    broken: bool
    capped: bool
    first_outcome: datetime | None
    first_contact_resolved: bool | None
    right_first_time: bool | None
    # When it was received, answered and settled, whatever its window; `need_settled` with what its
    # second tickets came to, None for these; `broken_at`: of the earliest break, if it is in E.
    milestones: Milestones
    need_settled: datetime | None
    broken_at: datetime | None
    spoken: tuple[Spoken, ...]


def judge(ledger: Ledger, as_of: datetime, given: Mapping[str, bool] | None = None) -> list[Judged]:
    """A verdict for every enquiry of the ledger that anybody had contacted us about by then.

    `given` says of some whether they are another party's report again (R20), where not everything
    that this hangs on is in the ledger.
    """
    known = ledger.as_of(as_of)
    folded = sittings.fold(known)
    built = cases.build(known, folded)
    links = linking.find(known, folded, built, given or {})
    spoken = contacts.spoken(known, folded, built, links)
    settled = contacts.settled(built, links)
    return [
        _judge(known, case, links, as_of, spoken.get(case.id, ()), settled.get(case.id))
        for case in built.values()
    ]


def _judge(
    ledger: Ledger,
    case: Case,
    links: Links,
    as_of: datetime,
    spoken: tuple[Spoken, ...],
    need_settled: datetime | None,
) -> Judged:
    tied = tuple(links.of.get(case.id, ()))
    until = as_of if case.window_end is None else min(as_of, case.window_end)
    found = breaks.find(case, tied, until)
    excluded = _exclusion(case, links)
    first_break = breaks.earliest(found)
    verdict = _verdict(case, excluded, first_break, as_of)
    outcome = next((event for event in case.within() if event.is_outcome), None)
    enquiry = ledger.enquiries[case.id]
    return Judged(
        enquiry=case.id,
        verdict=verdict,
        window_end=case.window_end,
        late_from=case.promise.deadline if case.promise else None,
        opened=case.opened,
        first_contact=case.first.id,
        started=case.first.start,
        unfinished=case.first.end is None,
        channel=case.first.channel,
        klass=case.klass,
        service=enquiry.service,
        organisation=case.owner or _answered_by(ledger, outcome),
        team=enquiry.team,
        site=case.first.site,
        linkable=case.first.is_linkable,
        self_service=case.first.is_alone,
        links=tied,
        recontacts=len({link.contact for link in tied if link.counts}),
        # What is in no figure breaks nothing, and nobody looks at it again when time has passed.
        broken=excluded is None and bool(found),
        capped=verdict.kind is Kind.SUCCESS and outcome is None,
        first_outcome=outcome.at if outcome else None,
        first_contact_resolved=None if excluded else _first_contact_resolved(case, outcome),
        right_first_time=None if excluded else _right_first_time(case),
        milestones=times.milestones(case),
        need_settled=need_settled,
        broken_at=first_break.at if first_break and not excluded else None,
        spoken=spoken,
    )


def _verdict(
    case: Case, excluded: str | None, broken: breaks.Break | None, as_of: datetime
) -> Verdict:
    if excluded is not None:
        return Verdict(Kind.EXCLUDED, excluded)
    if case.window_end is None or as_of <= case.window_end:
        return Verdict(Kind.PENDING)
    if broken is not None:
        return Verdict(Kind.FAILURE, broken.reason, broken.owner)
    return Verdict(Kind.SUCCESS)


def _exclusion(case: Case, links: Links) -> str | None:
    """The first reason that holds, in the order of R39."""
    names = {event.name for event in case.within()}
    signposted_outside = any(
        event.name == "signposted" and not event.flag("inside") for event in case.within()
    )
    withdrawn = linking.is_withdrawn(case.within())
    absorbed = case.id in links.absorbed
    tests = (
        ("test", "test" in names),
        ("spam", "spam" in names),
        ("abandoned", not absorbed and case.is_abandoned),
        ("out_of_partnership", "out_of_partnership" in names or signposted_outside),
        ("same_need", absorbed or case.id in links.same_need),
        ("duplicate", case.id in links.duplicate),
        ("withdrawn", withdrawn),
        ("staged", case.klass == STAGED),
    )
    return next((reason for reason, holds in tests if holds), None)


def _answered_by(ledger: Ledger, outcome: Event | None) -> str | None:
    """Who dealt with what nobody had to own: who answered it, else the front door."""
    if outcome is None or outcome.org is not None:
        return outcome.org if outcome else None
    return next((key for key, org in ledger.orgs.items() if org.role == "front_door"), None)


_HAND_OFFS = frozenset({"transferred", "referred", "told_to_contact", "channel_forced"})


def _first_contact_resolved(case: Case, outcome: Event | None) -> bool | None:
    """FCC: an outcome inside the first contact and no hand-off up to its end (R44)."""
    if case.klass not in (INFORM, TRANSACT):
        return None
    handed = any(e.name in _HAND_OFFS and e.at <= case.ended for e in case.events)
    inside = outcome is not None and case.first.start <= outcome.at <= case.ended
    return inside and not handed


def _right_first_time(case: Case) -> bool | None:
    """RFTR: the first offer went to the organisation of the last outcome (R44)."""
    offer = next((event for event in case.events if event.name == "referred"), None)
    outcomes = [event for event in case.events if event.is_outcome]
    if offer is None or not outcomes:
        return None
    return (offer.text("to") or offer.org) == outcomes[-1].org


def links_once(judged: Judged) -> list[dict[str, object]]:
    """Each contact that is tied to it, once, by its strongest tier, and whether it counts (S3)."""
    tiers: dict[str, str] = {}
    for link in judged.links:
        tiers[link.contact] = min(link.tier, tiers.get(link.contact, link.tier))
    counting = {link.contact for link in judged.links if link.counts}
    return [
        {"contact": contact, "tier": tier, "counts": contact in counting}
        for contact, tier in tiers.items()
    ]


def counted(links: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Of such links the recontacts, as verdict lines say them."""
    return [
        {"contact": link["contact"], "tier": link["tier"]}
        for link in links
        if link.get("counts", True)
    ]


def line(judged: Judged) -> dict[str, object]:
    """What `manage.py measures --verdicts` prints for one enquiry; of links the recontacts."""
    return {
        "enquiry": judged.enquiry,
        "verdict": judged.verdict.kind.value,
        "reason": judged.verdict.reason,
        "owner": judged.verdict.owner,
        "window_end": judged.window_end.isoformat() if judged.window_end else None,
        "first_contact": judged.first_contact,
        "links": counted(links_once(judged)),
        "version": VERSION,
    }


def lines(found: Iterable[Judged]) -> Iterable[dict[str, object]]:
    """Verdict lines in the order of the enquiries' first contacts."""
    for judged in sorted(found, key=lambda one: (one.started, one.enquiry)):
        yield line(judged)
