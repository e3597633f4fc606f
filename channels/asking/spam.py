"""Signs that a machine filled in a form. They never refuse anybody: a person looks (holding).

What each sign weighs is one table. The trap is a field that people do not see; the stamp says
when the form was begun, signed so that it cannot be made up.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from channels.asking import limits as who_knocks
from core import limits

# Names of the two fields. Browsers fill in nothing of the first name by themselves.
TRAP, STAMP = "more_about_it", "begun"
_SALT: Final = "channels.asking.spam"
_BEGUN: Final = "forms_begun"
_KEPT: Final = "forms_kept"
_SAID: Final = "same_words"
_MOST_BEGUN: Final = 8
# No session lasts longer.
OLDEST, STALE = timedelta(days=2, hours=12), timedelta(days=1)
MANY_LINKS, SAME_WORDS = 3, 3
_LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S+|\[url|<a\s")
_MARKUP = re.compile(r"(?i)\[/?url|<a\s+href|\[link")

WEIGHTS: Final = {
    "trap": 3,
    "too_fast": 2,
    "bad_stamp": 2,
    "old_stamp": 2,
    "same_words": 2,
    "many_links": 2,
    "markup": 2,
    "link_in_name": 2,
    "link": 1,
    "no_letters": 1,
}
HELD_FROM: Final = 2


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of how a form was filled in. `age` is None where nobody knows, and too
    little below `quickest`; `is_forged` says that what should tell it was not ours."""

    trap: str = ""
    age: timedelta | None = None
    quickest: timedelta = timedelta(0)
    is_forged: bool = False
    words: str = ""
    name: str = ""
    times_said: int = 0


def reasons(signs: Signs) -> tuple[str, ...]:
    """Which signs there are, by the names of WEIGHTS. Pure."""
    links = len(_LINK.findall(signs.words))
    found = {
        "trap": bool(signs.trap.strip()),
        "bad_stamp": signs.is_forged,
        "too_fast": signs.age is not None and signs.age < signs.quickest,
        "old_stamp": signs.age is not None and signs.age > OLDEST,
        "same_words": signs.times_said > SAME_WORDS,
        "many_links": links >= MANY_LINKS,
        "link": 0 < links < MANY_LINKS,
        "markup": bool(_MARKUP.search(signs.words)),
        "link_in_name": bool(_LINK.search(signs.name)),
        "no_letters": bool(signs.words) and not any(char.isalpha() for char in signs.words),
    }
    return tuple(name for name, holds in found.items() if holds)


def score(found: Collection[str]) -> int:
    """How much they weigh together. Pure."""
    return sum(WEIGHTS[one] for one in found)


def suspicion(signs: Signs) -> tuple[str, ...]:
    """The reasons why it should be held; none where they weigh too little. Pure."""
    found = reasons(signs)
    return found if score(found) >= HELD_FROM else ()


@dataclass(frozen=True, slots=True)
class Guard:
    """The hidden fields of a page of a form (web/ask/guard.html)."""

    stamp: str
    trap: str = TRAP
    stamp_name: str = STAMP


def guard(request: HttpRequest, journey_id: str) -> Guard:
    """The hidden fields for a page of a form, which is begun with the first page that has them."""
    return Guard(stamp=_begun(request, journey_id))


def came_back(request: HttpRequest, journey_id: str) -> None:
    """Somebody goes on with a form that they began long ago: nobody is too quick with that."""
    stamp = _stamp(journey_id, before=timedelta(seconds=settings.FORM_QUICKEST_SECONDS))
    _remember(request, journey_id, stamp)


def _begun(request: HttpRequest, journey_id: str) -> str:
    """When this form was begun: as the session knows, else as the page before said."""
    known, said = _known(request, journey_id), request.POST.get(STAMP, "")
    age = _age(known, journey_id)
    if age is not None and age < STALE:
        return known
    if age is not None:
        # Who comes back after a day had time enough, and has the form in front of them now.
        stamp = _stamp(journey_id, before=timedelta(seconds=settings.FORM_QUICKEST_SECONDS))
    else:
        stamp = said if _age(said, journey_id) is not None else _stamp(journey_id)
    _remember(request, journey_id, stamp)
    return stamp


def _remember(request: HttpRequest, journey_id: str, stamp: str) -> None:
    session: SessionBase = request.session
    begun: dict[str, str] = session.get(_BEGUN, {})
    session[_BEGUN] = dict([*begun.items(), (journey_id, stamp)][-_MOST_BEGUN:])


def _known(request: HttpRequest, journey_id: str) -> str:
    return str(request.session.get(_BEGUN, {}).get(journey_id, ""))


def _stamp(journey_id: str, *, before: timedelta = timedelta(0)) -> str:
    at = timezone.now() - before
    return signing.dumps([journey_id, at.isoformat()], salt=_SALT)


def _age(stamp: str, journey_id: str) -> timedelta | None:
    """How long ago a stamp of this form was made; None for one that we did not make."""
    try:
        about, at = signing.loads(stamp, salt=_SALT)
        begun = datetime.fromisoformat(at)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return timezone.now() - begun if about == journey_id else None


def suspicious(
    request: HttpRequest, journey_id: str, *, words: Sequence[str], name: str = ""
) -> tuple[str, ...]:
    """Why what a person sends now should be held; nothing for what looks like a person's.

    `words` is what they wrote themselves. Counts nothing: who was refused and sends again is not
    somebody else with the same words (see `sent`).
    """
    said = "\n".join(words)
    age = _age(request.POST.get(STAMP) or _known(request, journey_id), journey_id)
    signs = Signs(
        trap=request.POST.get(TRAP, ""),
        age=age,
        quickest=timedelta(seconds=settings.FORM_QUICKEST_SECONDS),
        is_forged=age is None,
        words=said,
        name=name,
        times_said=_times_said(request, said),
    )
    return suspicion(signs)


def may_be_kept(request: HttpRequest, journey_id: str) -> bool:
    """Whether a form with an answer is kept beside the browser's session, where it counts as
    somebody's contact (measures.md): not one whose trap is filled or whose stamp is not ours, nor
    more of them at once than people begin. Each form is counted once, when it is begun.
    """
    stamp = request.POST.get(STAMP) or _known(request, journey_id)
    if request.POST.get(TRAP, "").strip() or _age(stamp, journey_id) is None:
        return False
    asked: dict[str, bool] = request.session.get(_KEPT, {})
    if journey_id not in asked:
        who, now = who_knocks.who(request), timezone.now()
        asked[journey_id] = bool(limits.allow(door="begin", who=who, now=now))
        request.session[_KEPT] = dict([*asked.items()][-_MOST_BEGUN:])
    return asked[journey_id]


def sent(request: HttpRequest, *, words: Sequence[str]) -> None:
    """Counts the words of what has just been taken in. To be called once for each form."""
    if who := _who_said(request, "\n".join(words)):
        limits.count(door=_SAID, who=who, now=timezone.now())


def _times_said(request: HttpRequest, words: str) -> int:
    """How often these words will have come from this connection today; 0 if there are none."""
    who = _who_said(request, words)
    return 1 + limits.counted(door=_SAID, who=who, now=timezone.now()) if who else 0


def _who_said(request: HttpRequest, words: str) -> dict[str, str]:
    """Under what words are counted. A form without a field for any is not the same as another's
    for that."""
    plain = " ".join(words.casefold().split())
    if not plain:
        return {}
    digest = hashlib.sha256(plain.encode()).hexdigest()
    source = who_knocks.network(request.META.get("REMOTE_ADDR", ""))
    return {"words": f"{source} {digest}"}
