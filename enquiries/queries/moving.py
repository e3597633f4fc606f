"""Changes of address as each viewer reads them: a partner what its referrals let it read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import customers.queries_moves
from accounts.permissions import Permission, Viewer
from customers.queries_moves import Notice
from enquiries.queries import fields
from enquiries.queries.access import own_referrals
from enquiries.queries.fields import Field

_LATER = "Shown when you have accepted it"


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice, and whether the viewer's organisation is the one to acknowledge it."""

    notice: Notice
    is_ours: bool


def of_person(viewer: Viewer, person_id: int) -> list[Notice]:
    """Whom somebody's changes of address touched, for who may see people."""
    if not viewer.may(Permission.SEE_PEOPLE):
        return []
    return customers.queries_moves.of_person(person_id)


def to_acknowledge(viewer: Viewer) -> list[Shown]:
    """What the viewer's organisation has to acknowledge; at the hub, what anybody has to."""
    if viewer.is_hub and viewer.may(Permission.SEE_PEOPLE):
        mine = {one.public_id for one in customers.queries_moves.open_of(viewer)}
        return [
            Shown(one, one.public_id in mine) for one in customers.queries_moves.open_everywhere()
        ]
    if not viewer.may(Permission.ANSWER_REFERRALS):
        return []
    return [
        Shown(_as_read(viewer, one), is_ours=True)
        for one in customers.queries_moves.open_of(viewer)
    ]


def _as_read(viewer: Viewer, notice: Notice) -> Notice:
    """Names and homes only where one of its referrals lets the organisation read them."""
    rows = own_referrals(viewer).filter(enquiry__reference__in=notice.about)
    sights = [
        fields.sight(viewer, row) for row in rows.select_related("enquiry__service", "organisation")
    ]
    named = any(sight.of(Field.NAME) for sight in sights)
    home = any(sight.of(Field.HOME) for sight in sights)
    return replace(
        notice,
        name=notice.name if named else _LATER,
        from_address=notice.from_address if home else "",
        to_address=notice.to_address if home else "Ask the hub: it is not yours to read yet",
    )
