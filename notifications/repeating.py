"""Many messages that did not arrive, sent once more because a person says so."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import audit
from core.audit import Actor
from notifications import actions, gsm, outcomes, queries_health, stops
from notifications.events import SMS
from notifications.lifecycle import State

# As many as one press sends again: a page must answer, and providers take no flood.
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Repeated:
    """How many go again, and how many are left for another press.

    Not sent at all: `stopped` to numbers that want no texts, `stale` as newer news went since.
    """

    again: int
    left: int
    stopped: int = 0
    stale: int = 0


def send_all_again(
    *, medium: str, carrier: str, code: str, state: str, actor: Actor, now: datetime
) -> Repeated:
    """Sends again what was asked for in the last seven days and failed for one reason, AT_ONCE.

    Each is a message of its own and goes once however often this is asked. Not sent: what holds a
    link that has ended, what goes to a number that asked for no texts, what newer news has made
    needless, and what may have arrived.
    """
    able = (
        queries_health.failures(now)
        .filter(medium=medium, provider=carrier, error_code=code, state=state, good_until=None)
        .filter(created_at__gte=now - queries_health.FAILURES_OF)
        .exclude(state=State.UNKNOWN)
    )
    fresh = able.exclude(outcomes.stale())
    found = list(fresh.order_by("created_at", "pk").values_list("public_id", "to", "address_state"))
    gone = stops.since({to for _, to, _ in found}) if medium == SMS else {}
    chosen = [key for key, to, said in found if to not in gone and said != "opted_out"]
    again = 0
    for public_id in chosen[:AT_ONCE]:
        try:
            actions.send_again(public_id=public_id, actor=actor, now=now)
        except (actions.NoSuchMessage, actions.NotToBeRepeated):
            continue  # another pressed too
        again += 1
    return Repeated(
        again,
        left=max(0, len(chosen) - AT_ONCE),
        stopped=len(found) - len(chosen),
        stale=able.filter(outcomes.stale()).count(),
    )


def send_one_again(
    *,
    medium: str,
    carrier: str,
    code: str,
    state: str,
    message: uuid.UUID,
    actor: Actor,
    now: datetime,
) -> None:
    """Sends one of them again, also one that may have arrived: who presses has been told so.

    Raises NoSuchMessage where it is none of them, or NotToBeRepeated.
    """
    found = queries_health.failures(now).filter(
        medium=medium, provider=carrier, error_code=code, state=state, public_id=message
    )
    if not found.exists():
        raise actions.NoSuchMessage("This message was sent again meanwhile, or arrived")
    actions.send_again(public_id=message, actor=actor, now=now)


@transaction.atomic
def test(*, key: str, medium: str, to: str, actor: Actor, now: datetime) -> None:
    """Sends one test message the way that every message goes; the same key twice is one.

    Raises NoAddress or CannotSay.
    """
    actions.send(
        key=key, event="test", medium=medium, to=to, about="", now=now,
        context={"name": gsm.plain(actor.name)[:60], "time": f"{now:%H:%M:%S} UTC"},
    )  # fmt: skip
    audit.record(
        "notification.tested", actor=actor, target=medium, at=now,
        data={"key": key},
    )  # fmt: skip
