"""What may be done to several referrals of the same cause together, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from accounts.permissions import Viewer
from desk.acts_referrals import Offers
from desk.choices import Choices
from desk.forms import KeyedForm, words_field
from desk.referral_forms import HUB, PUBLIC, US, CompleteForm, NoteForm, OneTapForm
from enquiries.lifecycle import Outcome

Data = Mapping[str, Any]
LIVE_TABS = frozenset({"mine", "team", "waiting"})


class ReplyForm(KeyedForm):
    """The same words for several citizens."""

    words = words_field(
        "Words for the citizens",
        help_text="Each of them gets these words by text or email. Nothing ends by it.",
        missing="Write what the citizens will read",
    )


class NoteForAllForm(NoteForm):
    """A note that no citizen reads: those are told by a reply."""

    def __init__(self, *args: Any, readers: Choices, **kwargs: Any) -> None:
        among = [one for one in readers if one[0] in (US, HUB)]
        super().__init__(*args, readers=among, **kwargs)


@dataclass(frozen=True, slots=True)
class BulkAct:
    """One act on many. `title` and `button` take their number; `domain` is the act's own name."""

    name: str
    words: str
    title: str
    button: str
    done: str
    form: type[KeyedForm]
    tabs: frozenset[str]
    domain: str
    data: Callable[[Data], dict[str, Any]]
    key: str = ""
    selects: tuple[str, ...] = ()


def _completion(data: Data) -> dict[str, Any]:
    outcome = Outcome(data["outcome"])
    step = data["next_step"] if outcome is Outcome.DECIDED_NO else ""
    return {"outcome": outcome, "words": data["words"], "next_step": step}


BULK_ACTS: tuple[BulkAct, ...] = (
    BulkAct(
        "accept", "Accept", "Accept {}", "Accept {}", "accepted", OneTapForm,
        frozenset({"offered"}), "accept", lambda _: {}, key="a",
    ),
    BulkAct(
        "complete", "Complete", "Complete {}", "Complete {} and tell the citizens", "completed",
        CompleteForm, LIVE_TABS, "complete", _completion, key="c",
    ),
    BulkAct(
        "reply", "Reply to the citizens", "Reply to the citizens of {}", "Send it for {}",
        "replied to", ReplyForm, LIVE_TABS, "note",
        lambda data: {"words": data["words"], "seen_by": PUBLIC}, key="q",
    ),
    BulkAct(
        "note", "Write a note", "Write a note on {}", "Keep it with {}", "noted", NoteForAllForm,
        LIVE_TABS | {"offered"}, "note",
        lambda data: {"words": data["words"], "seen_by": data["seen_by"]}, key="n",
        selects=("readers",),
    ),
)  # fmt: skip


def bulk_act(name: str) -> BulkAct | None:
    """An act on many by its name."""
    return next((act for act in BULK_ACTS if act.name == name), None)


def acts_of(tab: str) -> list[BulkAct]:
    """What may be done to the rows of a tab."""
    return [act for act in BULK_ACTS if tab in act.tabs]


def bulk_form(act: BulkAct, who: Viewer, data: QueryDict | None = None) -> KeyedForm:
    """The form of an act on many."""
    return act.form(data, **Offers(who).named(act.selects))


def counted(number: int) -> str:
    """3 referrals."""
    return f"{number} referral{'' if number == 1 else 's'}"


def read_ids(texts: list[str]) -> list[uuid.UUID]:
    """The ids that were chosen, each once; what is no id is left out."""
    found: dict[uuid.UUID, None] = {}
    for text in texts:
        try:
            found[uuid.UUID(text)] = None
        except ValueError:
            continue
    return list(found)
