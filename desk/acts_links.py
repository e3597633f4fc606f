"""Reports that belong together: joined, parted, split; and what the page suggests to join."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from accounts.permissions import Permission, Viewer
from desk.case_act import CaseAct, Data, Done
from desk.forms_links import SAME, JoinForm, PartForm, SplitForm
from enquiries import intake
from enquiries.actions import links, splits
from enquiries.actions.seen import About
from enquiries.inbound import Place
from enquiries.queries.alike import Alike
from enquiries.queries.desk import Case
from enquiries.queries.links import Tie


def _join(reference: str, who: Viewer, data: Data, now: datetime) -> Done:
    goes_on = links.join(
        reference=reference,
        other=data["other"],
        same_person=data["whose"] == SAME,
        viewer=who,
        now=now,
    )
    return Done(lands_at=goes_on)


def _part(reference: str, who: Viewer, data: Data, now: datetime) -> Done:
    return Done(words=links.part(reference=reference, viewer=who, now=now))


def _split(reference: str, who: Viewer, data: Data, now: datetime) -> Done:
    place = Place(postcode=data["postcode"]) if data["postcode"].strip() else None
    new = splits.split(
        reference=reference,
        viewer=who,
        description=data["words"],
        service=data["service"],
        place=intake.located(place) if place else None,
        now=now,
    )
    return Done(words=f"Split. The second thing is {new}")


LINK_ACTS: tuple[CaseAct, ...] = (
    CaseAct(
        "join", "Same as another", "Join the two", JoinForm,
        Permission.RESOLVE, "can_join", _join, "Both reports go on here",
        about=frozenset({About.OUTCOME}),
    ),
    CaseAct(
        "split", "Split in two", "Make the second one", SplitForm,
        Permission.TRIAGE, "can_split", _split, "Split", selects=("services",),
        about=frozenset({About.OUTCOME, About.PARTS}),
    ),
    CaseAct(
        "part", "Not the same after all", "Undo it", PartForm,
        Permission.RESOLVE, "can_part", _part, "It goes on by itself",
        about=frozenset({About.OUTCOME}), in_place=True,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggested:
    """What may be the same, with the key of its one-press form."""

    row: Alike
    key: uuid.UUID


@dataclass(frozen=True, slots=True)
class Tied:
    """One link with the key of the form that undoes it."""

    tie: Tie
    key: uuid.UUID


def suggested(case: Case) -> list[Suggested]:
    """What the page suggests to join."""
    return [Suggested(row, uuid.uuid4()) for row in case.alike]


def tied(case: Case) -> list[Tied]:
    """What the page shows as joined."""
    return [Tied(tie, uuid.uuid4()) for tie in case.ties]
