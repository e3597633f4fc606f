"""What happened to an enquiry, line by line, in the words of staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.permissions import Viewer
from core import through
from enquiries.models import EnquiryEvent
from enquiries.queries import story_words
from enquiries.vocabulary import WORDINGS, EventType, Wording, sentence

# Who reads a note of the hub: the hub alone, or partners who have the case, too.
US, SHARED = "us", "shared"

_KINDS = {"citizen": "The citizen", "system": "The hub", "kiosk": "A kiosk"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story. `title` says what happened, `said` what somebody wrote about it;
    `words` are both in one sentence. `noise` is folded away. `seen_by` is who reads a note or a
    file (us, hub, public), where somebody chose."""

    at: datetime
    title: str
    said: str
    words: str
    who: str
    type: str
    noise: bool
    seen_by: str = ""
    # What whoever is named did, as the rest of a sentence; "" where `title` is one by itself.
    did: str = ""


def lines(events: Iterable[EnquiryEvent], viewer: Viewer, *, begun_at: str = "") -> list[Line]:
    """The events as lines, without what others keep to themselves.

    `begun_at` is the door at which the form was begun that came in by another one.
    """
    worded = [(event, _wording(event)) for event in events]
    return [
        _line(event, wording, begun_at)
        for event, wording in worded
        if _shows(event, wording, viewer)
    ]


def _shows(event: EnquiryEvent, wording: Wording | None, viewer: Viewer) -> bool:
    """A private line is its organisation's own; the hub also reads what partners share with it, and
    partners what the hub shares with them."""
    if wording is None or not wording.private:
        return True
    if event.organisation_id is not None and event.organisation_id == viewer.organisation_id:
        return True
    if event.data.get("seen_by") == "shared":
        return True
    return viewer.is_hub and event.data.get("seen_by") != "us"


def _wording(event: EnquiryEvent) -> Wording | None:
    return WORDINGS.get(EventType(event.type)) if event.type in set(EventType) else None


def _kept(event: EnquiryEvent) -> str:
    """That it waited at a kiosk for the line, and until when."""
    came = str(event.data.get("came_at") or "")
    if not came:
        return ""
    at = timezone.localtime(datetime.fromisoformat(came))
    kept = f", kept there while the line was away; it reached us on {at:%-d %B %Y at %H:%M}"
    if event.data.get("helped_unknown"):
        kept += "; staff helped there by a code that was not good, so it counts as self-service"
    return kept


def _line(event: EnquiryEvent, wording: Wording | None, begun_at: str) -> Line:
    is_received = event.type == EventType.RECEIVED.value
    begun = f": a form that was begun {begun_at} and finished here" if begun_at else ""
    begun = _kept(event) + begun if is_received else ""
    undone = "(taken back) " if event.undone_at is not None else ""
    did = story_words.did(event.type, event.actor_kind, event.data)
    return Line(
        at=event.at,
        title=undone + sentence(event.type, {**event.data, "words": ""}) + begun,
        said=str(event.data.get("words") or ""),
        words=undone + sentence(event.type, event.data) + begun,
        who=_who(event),
        type=event.type,
        noise=bool(undone) or (wording.noise if wording else False),
        seen_by=str(event.data.get("seen_by") or _inner(event)),
        did="" if begun or undone else did,
    )


def _inner(event: EnquiryEvent) -> str:
    """A note that says nothing of its readers is for those who wrote it."""
    return US if event.type == EventType.NOTED.value else ""


def _who(event: EnquiryEvent) -> str:
    """Whoever did it, and by which macro; what a rule did, nobody did in person."""
    name = event.actor_name or _KINDS.get(event.actor_kind, event.actor_kind)
    said = event.data.get("through") or {}
    by = through.words(said)
    return name if not by or said["name"] in name else f"{name}, {by}"
