"""Somebody's story across channels and organisations, for who may read each line of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import customers.queries_merges
from accounts.permissions import Permission, Viewer
from core import audit
from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.lifecycle import LIVE, OUTCOME_WORDS, Outcome
from enquiries.models import Contact, Enquiry, Referral
from enquiries.queries import sensitive

_MOST: Final = 60
# What staff did to what we know of somebody, as a line of their story.
_DONE: Final = {
    "person.added": "Added, though others are alike",
    "person.merged": "Merged: they were written down twice",
    "person.unmerged": "Taken apart: they are two people after all",
    "person.told_apart": "Told apart from somebody who is alike",
    "person.name_added": "Another name is written down",
    "person.name_ended": "A name is taken away",
    "person.point_added": "Another way to reach them",
    "person.point_bad": "A number or address does not reach them",
    "person.address_added": "Another address",
    "person.address_ended": "An address is taken away",
    "person.post_changed": "Where letters go is changed",
    "person.moved": "They live elsewhere now",
    "person.need_recorded": "What they need is written down",
    "person.need_ended": "They need something no longer",
    "person.alert_recorded": "An alert is written down",
    "person.alert_reviewed": "An alert is looked at again",
    "person.alert_ended": "An alert is over",
    "person.proxy_recorded": "Who may speak for whom is written down",
    "person.proxy_ended": "Somebody does not speak for somebody any more",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a story."""

    title: str
    at: datetime
    by: str = ""
    words: str = ""
    quote: bool = False
    tone: str = ""
    readers: str = ""
    readers_tone: str = ""


def handles(viewer: Viewer, person_id: int) -> bool:
    """Whether the viewer deals with somebody now: has a case of theirs, or speaks with them."""
    if viewer.id is None:
        return False
    live = [status.value for status in LIVE]
    ids = customers.queries_merges.all_of(person_id)
    return (
        Enquiry.objects.filter(person_id__in=ids, assignee_id=viewer.id, status__in=live).exists()
        or Contact.objects.filter(person_id__in=ids, agent_id=viewer.id, ended_at=None).exists()
    )


def story(viewer: Viewer, person_id: int) -> list[Told]:
    """Every contact, enquiry and referral, and what staff wrote down, the newest first.

    What is about a sensitive service is told to who finds such cases, and to nobody else.
    """
    if not (viewer.is_hub and viewer.may(Permission.SEE_PEOPLE)):
        return []
    ids = customers.queries_merges.all_of(person_id)
    lines = [*_asked(viewer, ids), *_spoken(ids), *_done(ids)]
    return sorted(lines, key=lambda told: told.at, reverse=True)[:_MOST]


def _asked(viewer: Viewer, ids: list[int]) -> list[Told]:
    rows = sensitive.findable(viewer, Enquiry.objects.filter(person_id__in=ids))
    found = list(
        rows.select_related("service", "first_contact").order_by("-received_at", "-pk")[:_MOST]
    )
    lines = []
    for row in found:
        service = row.service.name if row.service else "Service not yet known"
        how = CHANNEL_WORDS[Channel(row.first_contact.channel)]
        lines.append(
            Told(f"{service}, {row.reference}", row.received_at, words=row.description[:140],
                 quote=True, readers=how, readers_tone="quiet", tone="main")
        )  # fmt: skip
        if row.resolved_at is not None and row.outcome:
            words = OUTCOME_WORDS[Outcome(row.outcome)]
            lines.append(Told(f"{row.reference}: {words}", row.resolved_at))
    return lines + _referred([row.pk for row in found])


def _referred(enquiry_ids: list[int]) -> list[Told]:
    rows = Referral.objects.filter(enquiry_id__in=enquiry_ids).select_related(
        "organisation", "enquiry"
    )
    lines = []
    for row in rows.order_by("-pk")[:_MOST]:
        what = f"{row.enquiry.reference} went to {row.organisation.name}"
        lines.append(Told(what, row.offered_at))
        if row.accepted_at is not None:
            lines.append(
                Told(f"{row.organisation.name} took {row.enquiry.reference} on", row.accepted_at)
            )
    return lines


def _spoken(ids: list[int]) -> list[Told]:
    rows = Contact.objects.filter(person_id__in=ids, agent_id__isnull=False)
    rows = rows.select_related("agent", "site").order_by("-started_at", "-pk")[:_MOST]
    return [
        Told(
            f"In touch: {CHANNEL_WORDS[Channel(row.channel)]}"
            + (f", {row.site.name}" if row.site else ""),
            row.started_at,
            by=str(row.agent),
        )
        for row in rows
    ]


def _done(ids: list[int]) -> list[Told]:
    public_ids = customers.queries_merges.public_ids(ids)
    targets = [f"person:{public_id}" for public_id in public_ids]
    lines = [line for target in targets for line in audit.about(target, limit=_MOST * 4)]
    # A merge stands in what was done to both, and is told once.
    once = {(one.action, one.data.get("merge", n)): one for n, one in enumerate(lines)}
    return [
        Told(_DONE[one.action], one.at, by=one.by) for one in once.values() if one.action in _DONE
    ]
