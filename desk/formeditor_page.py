"""What the pages of a service's form have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest
from django.utils import timezone

import accounts.queries
from accounts.decorators import viewer
from accounts.gazetteer import gazetteer
from accounts.permissions import Permission
from desk.tabs import Tab
from enquiries.queries import versions
from kb import queries_forms
from kb.actions_forms import NoSuchForm
from kb.forms import conditions, explained, lint
from kb.forms.schema import End, Form, Question
from kb.queries_forms import Version
from notifications import gsm

if TYPE_CHECKING:
    from kb.models import Service

ROOT = "/desk/settings/forms/"
STATES: Mapping[str, tuple[str, str]] = {
    "draft": ("Draft", "waiting"),
    "live": ("Live", "kept"),
    "past": ("Earlier", "quiet"),
    "": ("The standard form", "quiet"),
}
Ruled = dict[str, dict[str, set[str]]]


@dataclass(frozen=True, slots=True)
class Frame:
    """A service's form with the ways to its other pages. `version` is None for the standard one."""

    service: Service
    version: Version | None
    form: Form
    word: str
    tone: str
    address: str
    tabs: tuple[Tab, ...]

    @property
    def is_draft(self) -> bool:
        """Whether it can be changed."""
        return self.version is not None and self.version.is_draft


@dataclass(frozen=True, slots=True)
class Line:
    """A question or an end as the list shows it."""

    one: Question | End
    kind: str
    when: str
    findings: tuple[lint.Finding, ...]
    # Its place is fixed by the catalogue: every service asks it.
    given: bool = False


def here(request: HttpRequest) -> str:
    """Where these pages stand in the navigation: an editor has a way of their own to them."""
    return "settings" if viewer(request).may(Permission.ADMINISTER) else "forms"


@contextmanager
def there() -> Iterator[None]:
    """Turns "there is no such form" into 404."""
    try:
        yield
    except NoSuchForm as error:
        raise Http404 from error


def service_at(slug: str) -> Service:
    """The service that an address names, or 404."""
    found = queries_forms.service(slug)
    if found is None:
        raise Http404
    return found


def address(slug: str, *parts: object) -> str:
    """A page of a service's form."""
    return "/".join((f"{ROOT}{slug}", *map(str, parts))) + "/"


def draft_at(slug: str) -> Version:
    """The draft that a page edits, or 404."""
    found = queries_forms.draft(slug)
    if found is None:
        raise Http404
    return found


def shown(service: Service) -> Version | None:
    """What the pages show: the draft, else what is live, else nothing of its own."""
    return queries_forms.draft(service.slug) or queries_forms.live(service.slug)


def ruled(now: datetime) -> Ruled:
    """The answers that rules name, live ones and waiting ones: by service and question."""
    seen = versions.overview(now)
    found: Ruled = {}
    for one in (*((seen.live,) if seen.live else ()), *seen.waiting):
        for row in versions.rows(one.number):
            for key, values in row.answers if row.service else ():
                found.setdefault(str(row.service), {}).setdefault(key, set()).update(values)
    return found


def known(named: Mapping[str, set[str]]) -> lint.Known:
    """What a form is held against here; `named` is what the rules name of its answers."""
    return lint.Known(
        areas=accounts.queries.area_codes(),
        articles={slug for slug, _title in queries_forms.articles()},
        ruled=named,
        segments=segments,
    )


def segments(text: str) -> int:
    """How many parts a text message takes."""
    return gsm.measure(gsm.plain(text)).segments


def findings(service: Service, form: Form, now: datetime) -> list[lint.Finding]:
    """What the checks say about a form, with what every service asks."""
    held = known(ruled(now).get(service.slug, {}))
    whole = queries_forms.completed(service, form)
    return lint.lint(whole, held, today=timezone.localdate(now))


def frame(service: Service, here: str, version: Version | None, found: int | None = None) -> Frame:
    """The head of a page; `here` is the page, `found` how much the checks found."""
    form = version.form if version is not None else Form(())
    word, tone = STATES[version.state if version is not None else ""]
    root = address(service.slug)
    views = [
        ("questions", "Questions", root, None),
        ("checks", "Checks", f"{root}checks/", found),
        ("changes", "What it changes", f"{root}changes/", None),
        ("try", "Try it", f"{root}try/", None),
        ("history", "History", f"{root}history/", None),
    ]
    if version is None or not version.is_draft:
        views = [one for one in views if one[0] != "changes"]
    tabs = tuple(Tab(words, href, name == here, count) for name, words, href, count in views)
    return Frame(service, version, form, word, tone, root, tabs)


def questions(frame: Frame, found: list[lint.Finding]) -> list[Line]:
    """The questions as they are asked: the form's own, and what the catalogue adds."""
    own = {one.key for one in frame.form.questions}
    whole = queries_forms.completed(frame.service, frame.form)
    return [
        Line(
            one,
            explained.KINDS[one.kind],
            explained.when(whole, one.when),
            tuple(each for each in found if each.where == one.key),
            given=one.key not in own,
        )
        for one in whole.questions
    ]


def ends(frame: Frame, found: list[lint.Finding]) -> list[Line]:
    """The ends, each with what it looks at."""
    return [
        Line(
            one,
            explained.ENDS[one.kind],
            explained.when(frame.form, one.when),
            tuple(each for each in found if each.where == one.key),
        )
        for one in frame.form.ends
    ]


def area_names() -> dict[str, str]:
    """Every area by its code, the large ones first; a small one with the name of what is around."""
    book = gazetteer()
    small = {code for code, kind in book.kinds.items() if kind in ("ward", "town")}
    named = {
        code: f"{name}, {book.names.get(book.parents.get(code, ''), '')}" if code in small else name
        for code, name in book.names.items()
    }
    ordered = sorted(named.items(), key=lambda pair: (pair[0] in small, pair[1]))
    return dict(ordered)


def users(form: Form, key: str) -> list[str]:
    """The questions and ends that look at a question, in words."""
    found = [
        f"the question “{one.words}”"
        for one in form.questions
        if key in set(conditions.questions(one.when))
    ]
    return found + [
        f"the end “{one.title}”" for one in form.ends if key in set(conditions.questions(one.when))
    ]
