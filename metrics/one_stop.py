"""Verdicts: was it one stop? OSR-1.0 as far as `NOT_YET` says. Pure; docs/measures.md in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from metrics import breaks, cases, linking, sittings
from metrics.cases import Case
from metrics.facts import INFORM, STAGED, TRANSACT, Event, Ledger
from metrics.linking import Link, Links

VERSION = "OSR-1.0-A"
# What the definition asks for and this version does not compute. Printed with every figure.
NOT_YET: Mapping[str, str] = {
    "L3, L4": "recontacts by service family and by keyed hash (R17, R18)",
    "email": "e-mails on one thread folded into one contact until we answer (R11 in part, R12)",
    "abandoned_elsewhere": "a form left and told anew elsewhere within 24 h, without its code (R9)",
    "agreements": "a promise made from the sum of the partners' agreements (R50)",
    "sla": "results of each clock, percentiles of time to outcome (R48, R49, R54)",
    "acr, cpr": "avoidable contact rate and contacts per resolution (R44)",
    "mix_adjusted": "the trend weighted with a fixed mix (R53)",
    "BVPI 157, cost": "electronic delivery, cost per contact (R54)",
}


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


def judge(ledger: Ledger, as_of: datetime) -> list[Judged]:
    """A verdict for every enquiry of the ledger that anybody had contacted us about by then."""
    known = ledger.as_of(as_of)
    folded = sittings.fold(known)
    built = cases.build(known, folded, cases.Calendars(known))
    links = linking.find(known, folded, built)
    return [_judge(known, case, links, as_of) for case in built.values()]


def _judge(ledger: Ledger, case: Case, links: Links, as_of: datetime) -> Judged:
    tied = tuple(links.of.get(case.id, ()))
    until = as_of if case.window_end is None else min(as_of, case.window_end)
    found = breaks.find(case, tied, until)
    excluded = _exclusion(case, links)
    verdict = _verdict(case, excluded, breaks.earliest(found), as_of)
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
        unfinished=case.first.end is None and case.first.channel != cases.EMAIL,
        channel=case.first.channel,
        klass=case.klass,
        service=enquiry.service,
        organisation=case.owner or _answered_by(ledger, outcome),
        team=enquiry.team,
        site=case.first.site,
        linkable=case.first.is_linkable,
        self_service=case.first.channel in ("web", "kiosk") and not case.first.assisted,
        links=tied,
        recontacts=len({link.contact for link in tied if link.counts}),
        # What is in no figure breaks nothing, and nobody looks at it again when time has passed.
        broken=excluded is None and bool(found),
        capped=verdict.kind is Kind.SUCCESS and outcome is None,
        first_outcome=outcome.at if outcome else None,
        first_contact_resolved=None if excluded else _first_contact_resolved(case, outcome),
        right_first_time=None if excluded else _right_first_time(case),
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
        ("abandoned", not absorbed and _is_abandoned(case)),
        ("out_of_partnership", "out_of_partnership" in names or signposted_outside),
        ("same_need", absorbed or case.id in links.same_need),
        ("duplicate", case.id in links.duplicate),
        ("withdrawn", withdrawn),
        ("staged", case.klass == STAGED),
    )
    return next((reason for reason, holds in tests if holds), None)


def _is_abandoned(case: Case) -> bool:
    """Silent, or given up before anybody served them."""
    if any(event.is_outcome for event in case.within()):
        return False
    return case.first.abandoned or any(
        event.name == "silent" or (event.name == "abandoned" and event.text("stage") != "online")
        for event in case.within()
    )


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
    handed = any(e.name in _HAND_OFFS and e.at <= case.opened for e in case.events)
    inside = outcome is not None and case.first.start <= outcome.at <= case.opened
    return inside and not handed


def _right_first_time(case: Case) -> bool | None:
    """RFTR: the first offer went to the organisation of the last outcome (R44)."""
    offer = next((event for event in case.events if event.name == "referred"), None)
    outcomes = [event for event in case.events if event.is_outcome]
    if offer is None or not outcomes:
        return None
    return (offer.text("to") or offer.org) == outcomes[-1].org


def line(judged: Judged) -> dict[str, object]:
    """What `manage.py measures --verdicts` prints for one enquiry."""
    return {
        "enquiry": judged.enquiry,
        "verdict": judged.verdict.kind.value,
        "reason": judged.verdict.reason,
        "owner": judged.verdict.owner,
        "window_end": judged.window_end.isoformat() if judged.window_end else None,
        "first_contact": judged.first_contact,
        "links": [{"contact": link.contact, "tier": link.tier} for link in judged.links],
        "version": VERSION,
    }


def lines(found: Iterable[Judged]) -> Iterable[dict[str, object]]:
    """Verdict lines in the order of the enquiries' first contacts."""
    for judged in sorted(found, key=lambda one: (one.started, one.enquiry)):
        yield line(judged)
