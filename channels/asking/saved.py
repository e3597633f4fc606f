"""A journey beside the session: kept by the server with each answer, and opened elsewhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.utils import translation

import accounts.queries
from channels.asking import journey as journeys
from channels.asking.journey import Journey
from channels.asking.questions import Asking
from core import sealing
from core.privacy import Kind
from enquiries.actions import begun as acts
from enquiries.channels import Channel
from enquiries.inbound import LANGUAGE
from enquiries.queries import begun as reading
from kb.forms.schema import End, EndKind

_PURPOSE: Final = "shown code"
# How an enquiry ends whose form ended before it was sent.
_OUTCOMES = {
    EndKind.NOT_ELIGIBLE: "decided_no",
    EndKind.ANSWERED: "answered",
    EndKind.NOT_OURS: "signposted",
    EndKind.EMERGENCY: "signposted",
}


def newest(journey: Journey) -> Journey:
    """The journey as it was last answered anywhere; also that it was sent elsewhere."""
    found = reading.by_key(journey.id)
    if isinstance(found, reading.Sent):
        if journey.is_sent:
            return journey
        sent = journey.sent(reference=found.reference, secret=found.secret, owner="")
        return replace(sent, revision=found.revision + 1)
    if found is None or found.revision <= journey.revision:
        return journey
    return journeys.read(dict(found.answers))


def by_code(code: str, *, now: datetime) -> Journey | None:
    """The journey that a code opens; None for one that opens nothing."""
    found = reading.by_code(code, now=now)
    return journeys.read(dict(found.answers)) if found is not None else None


def keep(
    asking: Asking,
    *,
    at: str,
    channel: Channel,
    now: datetime,
    site: str | None = None,
    device: int | None = None,
) -> bool:
    """Keeps a journey with an answer. False when it was answered or sent elsewhere meanwhile."""
    end = asking.end
    return acts.keep(
        acts.Step(
            key=asking.journey.id,
            channel=channel,
            revision=asking.journey.revision,
            at=at,
            answers=asdict(asking.journey),
            need=_need(asking, end),
            site=site,
            device=device,
            end=end.key if end is not None else "",
        ),
        now=now,
    )


def _need(asking: Asking, end: End | None) -> dict[str, Any]:
    current = asking.journey
    found: dict[str, Any] = {
        name: getattr(current, name)
        for name in (
            "service", "form_id", "postcode", "address", "uprn", "latitude", "longitude",
            "name", "email", "phone", "tell_by",
        )
    }  # fmt: skip
    found["description"], found["answers"] = current.description, asking.answers
    found["language"] = translation.get_language() or LANGUAGE
    if asking.is_past_a_no:
        found["send_to"] = accounts.queries.hub().slug
    if end is not None:
        words = "\n\n".join(part for part in (end.words, end.next_step, end.phone) if part)
        found["end"] = {
            "title": end.title,
            "words": words,
            "outcome": _OUTCOMES[end.kind],
            "inside": accounts.queries.is_ours(end.phone),
        }
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A code on the page that shows it. `kept` carries it from there to where it is sent."""

    code: str
    kept: str


def shown(journey: Journey, code: str) -> Shown:
    """A code to be shown, which this form's page may then have sent."""
    return Shown(code, sealing.seal(f"{journey.id} {code}", purpose=_PURPOSE))


def shown_again(journey: Journey, kept: str) -> Shown | None:
    """The code that a page of this form showed; None for what is not one."""
    try:
        of, _, code = sealing.unseal(kept, purpose=_PURPOSE).partition(" ")
    except sealing.SealBroken:
        return None
    return Shown(code, kept) if of == journey.id and code else None


def send_code(code: str, *, kind: Kind, to: str, now: datetime) -> bool:
    """Promises a code to an address. False when it opens nothing any more."""
    language = translation.get_language() or LANGUAGE
    try:
        acts.send_code(code=code, kind=kind, to=to, language=language, now=now)
    except acts.NotKept:
        return False
    return True


def give_code(journey: Journey, *, now: datetime) -> str:
    """A code for seven days. Empty when the form is not kept here, or was sent."""
    try:
        return acts.give_code(journey.id, now=now)
    except acts.NotKept:
        return ""
