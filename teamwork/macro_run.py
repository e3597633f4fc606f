"""A macro on one case: what exactly would happen, and doing it.

What would happen is found by doing it and taking all of it back: nothing else is as true. Nothing
leaves the house before a transaction ends, so nothing has to be called back.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

import enquiries.queries.desk
import notifications.queries
from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from core.through import MACRO, Through, acting
from customers import contact
from enquiries.queries.desk import Case
from teamwork import doing, filling, queries_macros, recipe_words
from teamwork.doing import Doing
from teamwork.models import Macro
from teamwork.recipes import Act, Known

_MEDIA = {"sms": "text", "email": "email", "letter": "letter"}


class NotAll(DomainError):
    """One of the acts cannot be done now, so none was."""

    code = "macro_not_all"


class Changed(DomainError):
    """Somebody changed the macro after the page was made."""

    code = "macro_changed"


@dataclass(frozen=True, slots=True)
class Step:
    """One act of a macro on one case. `words` are filled; `gaps` are places for which nothing is
    known; `reaches` says by which way and where to somebody is told; `why` it cannot be done."""

    kind: str
    title: str
    words: str
    gaps: tuple[str, ...]
    reaches: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a macro would do to a case now, and whose case it is: their name stands in it."""

    steps: tuple[Step, ...]
    person: uuid.UUID | None = None

    @property
    def possible(self) -> tuple[Step, ...]:
        """What would be done."""
        return tuple(step for step in self.steps if not step.why)

    @property
    def is_whole(self) -> bool:
        """Whether all of it would be done."""
        return bool(self.steps) and not any(step.why for step in self.steps)


def preview(*, viewer: Viewer, reference: str, macro: Macro, now: datetime) -> Preview:
    """What would happen to this case, in words. Nothing stays. Raises NoSuchCase, MayNot."""
    case = _case(viewer, reference, now)
    known, acts = queries_macros.known(), queries_macros.acts_of(macro)
    one = Doing(case.enquiry.reference, viewer, doing.facts_of(viewer, case), now)
    with transaction.atomic(), acting(_through(macro)):
        steps = [_tried(act, one, known) for act in acts]
        transaction.set_rollback(True)
    return Preview(tuple(steps), case.person.public_id if case.person else None)


def run(
    *,
    viewer: Viewer,
    reference: str,
    macro: Macro,
    now: datetime,
    leaving: Collection[str] = (),
    version: int | None = None,
) -> Preview:
    """Does all acts in one transaction, or none; `leaving` are those that whoever uses it has seen
    cannot be done, and leaves. Raises NoSuchCase, MayNot, NotAll, Changed.
    """
    if version is not None and version != macro.version:
        raise Changed("Somebody changed this macro. Look at what it does now")
    case = _case(viewer, reference, now)
    known = queries_macros.known()
    acts = [act for act in queries_macros.acts_of(macro) if act.kind not in leaving]
    if not acts:
        raise NotAll("Nothing of it can be done to this case now")
    one = Doing(case.enquiry.reference, viewer, doing.facts_of(viewer, case), now)
    with transaction.atomic(), acting(_through(macro)):
        steps = [_tried(act, one, known) for act in acts]
        refused = next((step for step in steps if step.why), None)
        if refused is not None:
            raise NotAll(f"{refused.title}: {refused.why}. Nothing was done")
        audit.record(
            "macro.used",
            actor=viewer.actor,
            target=f"enquiry:{one.reference}",
            at=now,
            data={"macro": str(macro.public_id), "acts": [act.kind for act in acts]},
        )
    return Preview(tuple(steps), case.person.public_id if case.person else None)


def _through(macro: Macro) -> Through:
    return Through(MACRO, str(macro.public_id), macro.name)


def _case(viewer: Viewer, reference: str, now: datetime) -> Case:
    case = enquiries.queries.desk.case(viewer, reference, now=now)
    if case.is_hidden:
        raise doing.MayNot("This is about a sensitive service. Those who handle it act on it")
    return case


def _tried(act: Act, one: Doing, known: Known) -> Step:
    """Does one act; what it refuses takes back that act alone."""
    before = {told.public_id for told in notifications.queries.about(one.reference)}
    why = ""
    reaches: list[str] = []
    try:
        with transaction.atomic():
            doing.do(act, one)
            reaches = _reached(one, before)
    except DomainError as error:
        why = error.message
    said = [one.words(act, name) for name in ("words", "next_step", "reason")]
    gaps = filling.unknown(" ".join(act.data.values()), one.facts)
    return Step(
        kind=act.kind,
        title=recipe_words.act(act, known),
        words="\n\n".join(words for words in said if words),
        gaps=tuple(filling.WORDS[name] for name in gaps),
        reaches=tuple(reaches),
        why=why.rstrip("."),
    )


def _reached(one: Doing, before: Collection[uuid.UUID]) -> list[str]:
    """Who is written to by what was just done, by which way and, for who sees people, where to."""
    sees = one.who.may(Permission.SEE_PEOPLE)
    return [
        f"{_MEDIA.get(told.medium, told.medium)} to {_shown(told.medium, told.to)}"
        if sees
        else _MEDIA.get(told.medium, told.medium)
        for told in notifications.queries.about(one.reference)
        if told.public_id not in before
    ]


def _shown(medium: str, to: str) -> str:
    return contact.shown(to) if medium == "sms" else to
