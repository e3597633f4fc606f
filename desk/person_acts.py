"""One thing that is changed of a person: done once, and taken back where that can be."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from accounts.decorators import viewer
from accounts.permissions import Viewer
from desk import undone
from desk.answers import carried_out
from desk.forms import KeyedForm
from desk.taking_back import FOR_GOOD
from teamwork import actions_undo

Work = Callable[[Viewer, uuid.UUID, Mapping[str, Any], datetime], object]


def is_done(
    request: HttpRequest,
    person: uuid.UUID,
    form: KeyedForm,
    work: Work,
    *,
    act: str,
    words: str,
    about: str,
    page: str,
) -> bool:
    """Does it and says so, with the way back; False leaves what was refused in the form.

    `act` is its name in desk.taking_back, `about` what the form's key is for.
    """
    who, left = viewer(request), None

    def one(data: Mapping[str, Any], now: datetime) -> None:
        nonlocal left
        if act in FOR_GOOD:
            work(who, person, data, now)
            return
        with actions_undo.person(who, person, words=words, about=page, now=now) as undo:
            work(who, person, data, now)
        left = undo.left

    if not carried_out(form, one, about=about):
        return False
    undone.said(request, words, left, act=act)
    return True
