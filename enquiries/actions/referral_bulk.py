"""One answer to many referrals of the same cause: forty flooded roads, each settled by itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries.actions import once, referral_notes, referrals
from enquiries.queries.access import own_referrals

MOST = 100

Act = Callable[..., object]
ACTS: dict[str, Act] = {
    "accept": referrals.accept,
    "take": referrals.take,
    "ask": referrals.ask,
    "note": referral_notes.note,
    "complete": referrals.complete,
    "reject": referrals.reject,
    "give-back": referrals.give_back,
    "hand-over": referrals.hand_over,
    "move-team": referrals.move_team,
}


class TooMany(DomainError):
    code = "too_many_at_once"


@dataclass(frozen=True, slots=True)
class Refused:
    """One that was not answered, and why. `reference` is empty for what is not the viewer's."""

    public_id: uuid.UUID
    reference: str
    words: str


@dataclass(frozen=True, slots=True)
class Bulk:
    """What came of it: the references that were answered, and those that were refused."""

    done: tuple[str, ...]
    refused: tuple[Refused, ...]


def many(
    act: str,
    public_ids: Sequence[uuid.UUID],
    viewer: Viewer,
    now: datetime,
    *,
    key: str = "",
    **data: Any,
) -> Bulk:
    """Answers each in a transaction of its own: one that is refused holds up no other.

    With the `key` of its form a second press does nothing, and says the same. To be called outside
    of any transaction. Raises TooMany, KeyError for an act that is none.
    """
    work = ACTS[act]
    chosen = list(dict.fromkeys(public_ids))
    if len(chosen) > MOST:
        raise TooMany(f"Choose {MOST} or fewer at once")
    names = dict(
        own_referrals(viewer)
        .filter(public_id__in=chosen)
        .values_list("public_id", "enquiry__reference")
    )
    done, refused = [], []
    for public_id in chosen:
        reference = names.get(public_id, "")
        try:
            with transaction.atomic(durable=True):
                if not key or once.first(key=f"{key}:{public_id}", now=now):
                    work(public_id=public_id, viewer=viewer, now=now, **data)
        except DomainError as error:
            refused.append(Refused(public_id, reference, error.message))
        else:
            done.append(reference)
    return Bulk(tuple(done), tuple(refused))
