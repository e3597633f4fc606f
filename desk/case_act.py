"""What an act on a case is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.permissions import Permission, Viewer
from desk.forms import KeyedForm
from enquiries.actions.seen import About

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What an act has to say of itself: other last words, and where the reader goes on."""

    words: str = ""
    lands_at: str = ""


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One thing that may be done to a case. `may` names what the case itself allows; `about` what
    it decides, so that who decides on an old page is shown what happened since. One that is
    `in_place` has its button elsewhere on the page.
    """

    name: str
    words: str
    button: str
    form: type[KeyedForm]
    permission: Permission
    may: str
    call: Callable[[str, Viewer, Data, datetime], Done | None]
    done: str
    tone: str = ""
    selects: tuple[str, ...] = ()
    about: frozenset[About] = frozenset()
    in_place: bool = False
    # The single key that opens it, and what its form is drawn with.
    key: str = ""
    template: str = "desk/case/form.html"
    # Its fields are merged with what others changed meanwhile (desk.merging); then it decides no
    # more than this.
    merges: frozenset[About] | None = None
