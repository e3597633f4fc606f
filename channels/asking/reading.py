"""Somebody reads an answer: in the words for where they live, and says whether it helped.

Nothing personal is asked. A press is a contact (measures.md, R37), so it comes in by intake; one
visit has one contact, whatever else is sent in it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

import accounts.queries
import kb.actions_articles_readers
import kb.queries_articles
from accounts import areas
from core.audit import CITIZEN, Actor
from core.errors import DomainError
from enquiries import intake
from enquiries.actions.reading import NO, VISIT, YES
from enquiries.channels import Channel
from enquiries.inbound import Located
from enquiries.intake import InboundContact, Need
from enquiries.lifecycle import Outcome
from enquiries.queries import destinations

if TYPE_CHECKING:
    from accounts.models import Organisation
    from accounts.permissions import Viewer
    from kb.article_content import Parts, Start
    from kb.models import Article

_AREA, _VISIT, _SAID = "reads_area", "visit", "said"
_KEPT = 20
WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Area:
    """Where a reader lives, as far as words differ by it; the postcode itself is not kept."""

    code: str
    name: str


# --- Where they live ---------------------------------------------------------------------------


def area(request: HttpRequest, said: Mapping[str, str]) -> tuple[Area | None, str]:
    """The reader's district, and what is wrong with the postcode that was given for it in `said`.

    An empty postcode forgets it. Raises nothing.
    """
    if "postcode" not in said:
        kept = request.session.get(_AREA)
        return (Area(*kept) if kept else None), ""
    text = said.get("postcode", "").replace("\x00", "").strip()[:20]
    if not text:
        request.session.pop(_AREA, None)
        return None, ""
    try:
        found = areas.lookup(text)
    except DomainError as error:
        return None, error.message
    there = Area(found.district_code, found.district_name)
    request.session[_AREA] = [there.code, there.name]
    return there, ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as one reader has it. `asks_where`: a postcode shows other words, or whose it is.

    For who said where they live `council` deals with it there, and `is_theirs` says that some of
    the words are for there alone.
    """

    article: Article
    parts: Parts
    sections: tuple[tuple[str, str], ...]
    starts: tuple[tuple[str, str], ...]
    owner: str
    has_areas: bool
    asks_where: bool = False
    is_theirs: bool = False
    council: Organisation | None = None


def shown(article: Article, there: Area | None, *, ask: str = "/ask/") -> Shown:
    """The words for readers of an area; for everybody all of them, each under its name."""
    parts = kb.queries_articles.parts(article, [there.code] if there else None)
    names = kb.queries_articles.area_names()
    sections = tuple((names.get(one.code, one.code), one.words) for one in parts.areas)
    known = kb.queries_articles.starts(article)
    owner = article.organisation.name if article.organisation else ""
    starts = tuple((one.words, address(one, ask=ask)) for one in known)
    by_district = article.service is not None and article.service.owner_tier == "district"
    return Shown(
        article,
        parts,
        sections,
        starts,
        owner,
        has_areas=bool(article.areas),
        asks_where=bool(article.areas) or by_district,
        is_theirs=there is not None and any(one["code"] == there.code for one in article.areas),
        council=_council(article, there) if there else None,
    )


def _council(article: Article, there: Area) -> Organisation | None:
    """Who deals with what an answer is about, where a reader lives; else the district's council.

    None where that is nobody whom one can ask.
    """
    place, today = Located(district_code=there.code), timezone.localdate()
    whose = destinations.destination(article.service, place, today).organisation_id
    for one in accounts.queries.organisations(acting=True):
        is_district = one.kind == "district" and one.area_code == there.code
        if one.pk == whose or (whose is None and is_district):
            return one
    return None


def address(start: Start, *, ask: str = "/ask/") -> str:
    """The form of a service with what is known filled in: `service`, and `a.KEY` for answers."""
    query = {"service": start.service, **{f"a.{key}": said for key, said in start.answers.items()}}
    return f"{ask}?{urlencode(query)}"


def count(request: HttpRequest, article: Article, channel: Channel) -> None:
    """Counts an opening by a person: traffic (R38)."""
    agent = request.headers.get("User-Agent", "")
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    is_person = kb.actions_articles_readers.is_person(agent)
    if request.method == "GET" and is_person and not is_ahead:
        kb.actions_articles_readers.opened(article, channel=channel.value, on=timezone.localdate())


# --- Whether it helped -------------------------------------------------------------------------


def visit(session: SessionBase, *, now: datetime) -> str:
    """The name of the visit in which something was said of an answer lately; empty if nothing."""
    kept = session.get(_VISIT) or {}
    is_on = kept and now.timestamp() - float(kept.get("at", 0)) < VISIT.total_seconds()
    return str(kept["name"]) if is_on else ""


def in_visit(session: SessionBase, inbound: InboundContact, *, now: datetime) -> InboundContact:
    """What is sent in a visit in which an answer was judged: one contact with that."""
    return replace(inbound, session=visit(session, now=now))


def said(session: SessionBase, article: Article) -> str:
    """What this reader said of an answer in this visit: yes, no or nothing."""
    return str((session.get(_SAID) or {}).get(article.slug, ""))


def fresh_key() -> str:
    """A key for a form: pressing twice is pressing once."""
    return str(uuid.uuid4())


def _is_key(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def press(
    session: SessionBase,
    article: Article,
    data: Mapping[str, str],
    *,
    channel: Channel,
    site: str | None = None,
    actor: Actor = CITIZEN,
    agent: Viewer | None = None,
    now: datetime,
) -> bool:
    """Takes a yes, a no, or "it is wrong"; False for what is none of them.

    The first word of a visit stands. What a machine filled in is thanked for, and not taken.
    """
    word, key = data.get("answered", ""), data.get("key", "")
    if word not in ("yes", "no", WRONG) or not _is_key(key):
        return False
    answered = word == "yes"
    if data.get("website", ""):
        return True
    # Without a visit the form's own key is its name: a double press names the same one.
    name = visit(session, now=now) or key
    external_id = f"read:{name}:{article.pk}"
    inbound = InboundContact(
        channel=channel,
        external_id=external_id,
        received_at=now,
        needs=(_need(article, answered=answered),),
        session=name,
        signals=(YES if answered else NO,),
        site=site,
        actor=actor,
        agent=agent,
    )
    try:
        intake.receive(inbound, now=now)
    except intake.SameKeyOtherBody:
        answered = said(session, article) == "yes"
    kb.actions_articles_readers.said(
        article=article,
        key=external_id,
        channel=channel.value,
        answered=answered,
        is_wrong=word == WRONG,
        now=now,
    )
    _remember(session, article, name, "yes" if answered else "no", now=now)
    return True


def _need(article: Article, *, answered: bool) -> Need:
    words = f"“{article.title}”: {'yes, it answered' if answered else 'no, it did not answer'}"
    return Need(
        description=words,
        service=article.service.slug
        if article.service is not None and article.service.is_active
        else None,
        answer="They read the answer themselves" if answered else words,
        outcome=(Outcome.ANSWERED if answered else Outcome.UNANSWERED).value,
        article=article.slug,
    )


def _remember(
    session: SessionBase, article: Article, name: str, word: str, *, now: datetime
) -> None:
    session[_VISIT] = {"name": name, "at": now.timestamp()}
    kept = {**(session.get(_SAID) or {}), article.slug: word}
    session[_SAID] = dict(list(kept.items())[-_KEPT:])


def add_words(
    session: SessionBase,
    article: Article,
    data: Mapping[str, str],
    *,
    channel: Channel,
    now: datetime,
) -> str:
    """Keeps what they write beside their yes or no; what is wrong with it, in words, if so."""
    words = data.get("words", "").strip()
    if len(words) > kb.actions_articles_readers.MOST_WORDS:
        most = kb.actions_articles_readers.MOST_WORDS
        return _("Use %(most)s characters or fewer. Your words are still below") % {"most": most}
    word, name = said(session, article), visit(session, now=now)
    if data.get("website", "") or not (word and name):
        return ""
    is_wrong = bool(data.get("is_wrong", ""))
    if not words and not is_wrong:
        return _("Write what was missing or wrong, or leave this page")
    kb.actions_articles_readers.said(
        article=article,
        key=f"read:{name}:{article.pk}",
        channel=channel.value,
        answered=word == "yes",
        is_wrong=is_wrong,
        words=words,
        now=now,
    )
    return ""
