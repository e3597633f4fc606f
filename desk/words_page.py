"""What the pages of messages' words show, and what may be done there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

import accounts.queries
import kb.queries
from accounts.permissions import Permission, Viewer
from core.audit import Actor
from desk.forms_words import EditionForm, RestoreForm, WordsForm
from enquiries.actions import telling_facts
from enquiries.queries.access import NoSuchCase
from notifications import actions_wordings, queries_wordings
from notifications.actions_wordings import Place, Source
from notifications.queries_wordings import Row, Shown, Version
from notifications.saying import GROUPS

HOME = "/desk/settings/messages/words/"


def nav(who: Viewer) -> str:
    """Which part of the navigation leads here."""
    return "settings" if who.may(Permission.ADMINISTER) else "messages"


def address(place: Place) -> str:
    """The page of one message."""
    return f"{HOME}{place.event}/{place.medium}/{place.language}/"


def about(place: Place, act: str) -> str:
    """What a form's key is kept under: as short as a receipt's column wants it."""
    return f"{act}:{hashlib.sha256(str(place).encode()).hexdigest()[:24]}"


def groups(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """The list by whom messages go to; without groups that are empty."""
    found = [(words, [row for row in rows if row.group == name]) for name, words in GROUPS.items()]
    return [(words, some) for words, some in found if some]


@dataclass(frozen=True, slots=True)
class Stands:
    """Where the words of a message stand: the draft, what is live of one's own, what else is."""

    draft: Version | None
    live: Version | None
    inherited_from: str
    inherited: Source

    @property
    def edition(self) -> int:
        """Of the draft; 0 for none."""
        return self.draft.edition if self.draft else 0

    @property
    def words(self) -> Source:
        """What an editor begins with."""
        kept = self.draft or self.live
        return kept.source if kept else self.inherited


def stands(place: Place) -> Stands:
    """Where the words of a message stand now."""
    versions = queries_wordings.versions(place)
    whose, source = queries_wordings.inherited(place)
    return Stands(
        next((one for one in versions if one.state == "draft"), None),
        next((one for one in versions if one.state == "live"), None),
        whose,
        source,
    )


@dataclass(frozen=True, slots=True)
class Tried:
    """Words as they would be sent: with a case or invented facts, and with the longest."""

    shown: Shown
    html: SafeString
    with_case: str
    longest: Shown | None
    outside: tuple[str, ...]
    remarks: tuple[str, ...]


def tried(who: Viewer, form: WordsForm, case: str) -> Tried | None:
    """The words of a form as they would be sent; None while they cannot be.

    A case that the viewer may not read is said on the form.
    """
    place, source = form.place, form.source
    if queries_wordings.cannot_be_sent(place, source):
        return None
    facts = queries_wordings.examples(place.event)
    if case:
        try:
            real = telling_facts.facts_of(who, case, language=place.language, now=timezone.now())
            facts |= {name: value for name, value in real.items() if name in facts}
        except NoSuchCase as error:
            if form.is_bound:
                form.add_error("case", error.message)
            case = ""
    longest = None
    if place.is_text:
        most = queries_wordings.longest(place.event, **_longest_names())
        longest = queries_wordings.shown(place, source, most)
    shown = queries_wordings.shown(place, source, facts)
    return Tried(
        shown,
        # Made by notifications.rich, which lets nothing through but its own few tags.
        mark_safe(shown.html),  # noqa: S308
        case,
        longest,
        queries_wordings.outside_of_words(source) if place.is_text else (),
        tuple(queries_wordings.remarks(place.event, source)),
    )


def _longest_names() -> dict[str, str]:
    """The longest names that are said in messages."""
    service = max((one.name for one in kb.queries.services()), key=len, default="")
    body = max((one.name for one in accounts.queries.organisations()), key=len, default="")
    return {"service": service, "owner": body, "organisation": body}


Work = Callable[[Place, Mapping[str, Any], Actor, datetime], object]


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do with words: its words, its form, what it calls, and what is said then."""

    name: str
    words: str
    button: str
    done: str
    form: type[Form]
    work: Work
    tone: str = ""


ACTS: dict[str, Act] = {
    one.name: one
    for one in (
        Act(
            "publish", "Publish the draft", "Publish it",
            "Published. Messages say it within half a minute", EditionForm,
            lambda place, data, actor, now: actions_wordings.publish(
                place, edition=data["edition"], actor=actor, now=now
            ),
        ),
        Act(
            "discard", "Delete the draft", "Delete it for good", "The draft is deleted",
            EditionForm,
            lambda place, data, actor, now: actions_wordings.discard(
                place, edition=data["edition"], actor=actor, now=now
            ),
            "warning",
        ),
        Act(
            "end", "Stop using your own words", "Stop using them",
            "Your own words are ended. They stay among the versions", EditionForm,
            lambda place, data, actor, now: actions_wordings.use_earlier(
                place, actor=actor, now=now
            ),
            "warning",
        ),
        Act(
            "restore", "Begin a draft with them", "Begin a draft with them",
            "A draft has begun with these words. Read it, then publish it", RestoreForm,
            lambda place, data, actor, now: actions_wordings.restore(
                place, number=data["number"], edition=data["edition"], actor=actor, now=now
            ),
        ),
    )
}  # fmt: skip


def open_acts(state: Stands) -> list[dict[str, object]]:
    """What may be done now, each with its form."""
    names = (["publish", "discard"] if state.draft else []) + (["end"] if state.live else [])
    return [
        {"act": ACTS[name], "form": EditionForm(initial={"edition": state.edition})}
        for name in names
    ]
