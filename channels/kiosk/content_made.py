"""What a kiosk's own pages need to take any enquiry without us, in one language.

The shapes are in docs/kiosks.md ("Content"). Everything is read once and said in the language of
the moment; who calls this has chosen it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import accounts.queries
import kb.queries
import kb.queries_articles
import kb.questions
from accounts import areas, gazetteer, weeks
from channels.asking import often, questions
from channels.kiosk import content_forms, subjects
from channels.kiosk.content_forms import Told, text
from kb import article_content, markdown, queries_notices, queries_whole, tongues
from kb.forms import path
from kb.forms.schema import Kind

if TYPE_CHECKING:
    from kb.models import Article, Notice, Service


def bundle(edition: str, language: str, now: datetime) -> Told:
    """Questions, answers, notices and what a search reads."""
    services = kb.questions.made_ready(kb.queries.services())
    return {
        "v": 1,
        "edition": edition,
        "language": language,
        "hub": _hub(),
        "often": list(often.OFTEN),
        **_catalogue(services),
        "services": {one.slug: _service(one) for one in services},
        "unsure": {"form": _form(None), "where": _where(None)},
        "answers": _answers({one.slug for one in services}),
        "notices": [_notice(one, now) for one in queries_whole.notices(now)],
        "dangers": [
            {"say": text(say), "words": phrases} for say, phrases in queries_whole.danger_phrases()
        ],
        "search": _search(),
    }


def _hub() -> Told:
    hub = next((one for one in accounts.queries.organisations() if one.is_hub), None)
    return {
        "name": settings.HUB_NAME,
        "phone": settings.HUB_PHONE,
        "hours": weeks.week(hub.calendar) if hub is not None else "",
        "ask": areas.whom_to_ask(),
    }


# --- What it can be about ----------------------------------------------------------------------


def _catalogue(services: Sequence[Service]) -> Told:
    """Subjects and groups as the screens have them: what is asked for most stands first."""
    ordered = sorted(services, key=lambda one: (one.group, one.name))
    known = {group: list(rows) for group, rows in groupby(ordered, key=lambda one: one.group)}
    return {
        "subjects": [
            {
                "slug": one.slug,
                "name": _(one.name),
                "note": _(one.note),
                "groups": [
                    subjects.anchor(group) for group in subjects.groups_of(one, list(known))
                ],
            }
            for one in subjects.subjects(list(known))
        ],
        "groups": {
            subjects.anchor(group): {
                "name": text(group),
                "services": [one.slug for one in often.first(rows)],
            }
            for group, rows in known.items()
        },
    }


def _service(service: Service) -> Told:
    return {
        "slug": service.slug,
        "name": text(service.name),
        "summary": text(service.summary),
        "urgent": questions.urgent(service),
        "location": service.location,
        "form": _form(service),
        "where": _where(service),
    }


def _form(service: Service | None) -> Told:
    """As a kiosk asks: it takes no files in."""
    asked = kb.questions.asked(service)
    version = asked.version_id or kb.questions.UNWRITTEN
    return content_forms.form(path.without(asked.form, Kind.FILE), version)


def _where(service: Service | None) -> Told:
    words = questions.where(service)
    return {
        "postcode_hint": words.postcode_hint,
        "address_label": words.address_label,
        "nowhere_label": words.nowhere_label,
    }


# --- What is known -----------------------------------------------------------------------------


def _answers(offered: set[str]) -> Told:
    names = kb.queries_articles.area_names()
    return {one.slug: _answer(one, names, offered) for one in queries_whole.answers()}


def _answer(article: Article, names: dict[str, str], offered: set[str]) -> Told:
    lists = article_content.lists_of(article)
    service = article.service.slug if article.service else ""
    return {
        "slug": article.slug,
        "title": text(article.title),
        "summary": text(article.summary),
        # Whole answers are in English alone, as on every page.
        "lang": "" if tongues.is_english(get_language() or "en") else tongues.ENGLISH,
        "html": markdown.html(article.body, links=False, pictures=False),
        "areas": [
            {
                "code": one.code,
                "mode": one.mode,
                "name": names.get(one.code, one.code),
                "html": markdown.html(one.words, links=False, pictures=False),
            }
            for one in lists["areas"]
        ],
        "starts": [
            {"service": one.service, "words": text(one.words), "answers": dict(one.answers)}
            for one in lists["start"]
            if one.service in offered
        ],
        "service": service if service in offered else "",
        "owner": article.organisation.name if article.organisation else "",
        "reviewed": article.reviewed_on.isoformat(),
    }


def _notice(notice: Notice, now: datetime) -> Told:
    shown = queries_notices.shown(notice, now)
    ends = notice.expected_end_at
    return {
        "kind": shown.kind_words,
        "works": shown.kind == "works",
        "title": text(shown.title),
        "words": text(shown.words),
        "advice": text(shown.advice),
        "organisation": shown.organisation,
        "where": shown.where,
        "services": sorted(one.slug for one in notice.services.all()),
        "everywhere": notice.everywhere,
        "codes": queries_notices.reached(notice),
        "from": _ms(notice.starts_at),
        "expected": _ms(ends),
        "until": _ms(ends) if notice.ends_itself else None,
    }


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)


# --- What a search reads -----------------------------------------------------------------------


def _search() -> Told:
    book = queries_whole.book()
    return {
        "total": book.total,
        "stems": [stem for stem, _count in book.stems],
        "counts": [count for _stem, count in book.stems],
        "words": book.words,
        "chatter": list(book.chatter),
        "entries": [list(one) for one in book.entries],
    }


# --- Where it is -------------------------------------------------------------------------------

_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"


def places(edition: str) -> Told:
    """Every postcode of the county, by sector, each with the number of the area that it is in."""
    book = gazetteer.gazetteer()
    known: dict[tuple[str, str], int] = {}
    rows: dict[str, list[str]] = {}
    for one in gazetteer.every_postcode(book):
        number = known.setdefault((one.district_code, one.ward_code), len(known))
        unit = f"{one.postcode[-2:]}{_SIGNS[number // 36]}{_SIGNS[number % 36]}"
        rows.setdefault(one.postcode[:-2], []).append(unit)
    return {
        "edition": edition,
        "county": areas.COUNTY_NAME,
        "nearby": list(areas.NEARBY_AREAS),
        "areas": [
            {
                "codes": list(book.containing(district, ward)),
                "district": district,
                "name": book.names.get(district, ""),
            }
            for district, ward in known
        ],
        "postcodes": {sector: "".join(units) for sector, units in rows.items()},
    }
