"""Figures as the objects that `manage.py measures` prints (ledger.md). Pure.

Shares are {value, numerator, denominator}; times are minutes, money is pounds.
"""

from collections.abc import Mapping
from typing import Any

from metrics.figures import Osr, Share
from metrics.one_stop import NOT_YET, VERSION
from metrics.sheets import Sheet
from metrics.times import Kept, Waited
from metrics.value import Cost, Electronic, Read, answered, electronic

Printed = dict[str, Any]


def sheet(found: Sheet) -> Printed:
    """Every figure of one set of enquiries, and what is not in it yet."""
    measures = found.measures
    return {
        "osr": {**_osr(measures.osr, measures.excluded), "expected": found.expected},
        "osr_without_self_service": _osr(measures.assisted, measures.assisted_excluded),
        "mix_adjusted": {
            "value": found.adjusted.value,
            "weight": found.adjusted.weight,
            "borrowed_weight": found.adjusted.borrowed,
        },
        "fcc": share(measures.fcc),
        "rcr": share(measures.rcr),
        "acr": share(found.acr.share),
        "acr_by_reason": [
            {"reason": reason, **share(Share(n, found.acr.share.denominator))}
            for reason, n in found.acr.reasons
        ],
        "cpr": share(found.cpr),
        "rftr": share(measures.rftr),
        **{name: share(one) for name, one in found.apart.items()},
        "failures": [
            {"reason": row.reason, "owner": row.owner, "n": row.n} for row in measures.failures
        ],
        **_beside(found),
        "version": VERSION,
        "not_yet": dict(NOT_YET),
    }


def _beside(found: Sheet) -> Printed:
    return {
        "first_response": _waited(found.response),
        "resolution": {
            **_waited(found.resolution),
            "ended_without_outcome": found.ended_without_outcome,
        },
        "final": _waited(found.final),
        "staged": {
            "n": found.staged.denominator,
            "with_outcome": found.staged.numerator,
        },
        "backlog": _ages(found.backlog),
        "sla": _kept_by_kind(found.sla),
        "ola": {key: _kept_by_kind(kinds) for key, kinds in found.ola.items()},
        "offers": {key: dict(numbers) for key, numbers in found.offers.items()},
        "channels": {
            channel: {**share(one), "shift": found.shift.get(channel)}
            for channel, one in found.contacts.items()
        },
        "cost_per_contact": _cost(found.cost),
        "survey": {**share(found.surveyed), "gap": found.gap},
    }


def share(one: Share) -> Printed:
    """A part of a whole as ledger.md prints it."""
    return {"value": one.value, "numerator": one.numerator, "denominator": one.denominator}


def _osr(found: Osr, excluded: Mapping[str, int]) -> Printed:
    return {
        "linked": found.linked,
        "upper": found.upper,
        "lower": found.lower,
        "n": found.n,
        "wilson": list(found.wilson) if found.wilson else None,
        "successes": found.successes,
        "mature": found.mature,
        "pending": found.pending,
        "excluded": dict(excluded),
        "capped_without_outcome": found.capped_without_outcome,
        "borrowed_weight": found.borrowed,
        "provisional": found.provisional,
        "out_of_order": found.out_of_order,
    }


def _waited(found: Waited) -> Printed:
    return {
        "n": found.ended,
        "median": found.median,
        "p90": found.p90,
        "median_with_open": found.median_with_open,
        "p90_with_open": found.p90_with_open,
        "open": _ages(found),
    }


def _ages(found: Waited) -> Printed:
    return {
        "n": found.still_open,
        "median": found.open_median,
        "p90": found.open_p90,
        "oldest": found.oldest,
        "bands": dict(found.bands),
    }


def _kept_by_kind(kinds: Mapping[str, Kept]) -> Printed:
    return {
        kind: {
            "met": one.met,
            "missed": one.missed,
            "running": one.running,
            "void": one.void,
            "share": one.share,
        }
        for kind, one in kinds.items()
    }


def _cost(found: Cost) -> Printed:
    """Pounds of all contacts with a cost; those without are said."""
    return {
        "value": None if found.each is None else round(float(found.each), 4),
        "numerator": float(found.total),
        "denominator": found.known,
        "without_cost": found.unknown,
        "by": [
            {
                "organisation": row.organisation,
                "channel": row.channel,
                "contacts": row.contacts,
                "total": float(row.total),
                "without_cost": row.unknown,
            }
            for row in found.rows
        ],
    }


def online(rows: list[Electronic]) -> Printed:
    """BVPI 157 of all partners and of each, with the day on which it was counted."""
    return {
        **share(electronic(rows)),
        "by": {
            row.organisation: {
                **share(Share(row.enabled, row.permissible)),
                "day": row.day.isoformat(),
            }
            for row in rows
        },
    }


def articles(rows: list[Read]) -> Printed:
    """How answers did: yes of yes and no, the silent beside them, of all and of each."""
    return {
        **share(answered(rows)),
        "opened": sum(row.opened for row in rows),
        "unknown": sum(row.unknown for row in rows),
        "by": {
            row.article: {
                **share(answered([row])),
                "opened": row.opened,
                "unknown": row.unknown,
            }
            for row in rows
        },
    }
