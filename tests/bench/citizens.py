"""What a citizen waits for: a step of a form, the page of an enquiry, a suggestion, over HTTP."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import requests

from tests.bench.work import Figures, pages, spread

SERVICES = ("pothole", "missed-bin", "street-light", "noise", "blue-badge")
JOURNEYS = 12
LONGEST = 20
_TYPED = {
    "postcode": "WR1 3EZ",
    "description": "A hole as deep as a hand is long",
    "tell_by": "email",
    "email": "bench@example.com",
    "name": "Bench Person",
    "address": "12 High Street",
}
# A day that something was missed, and one that somebody was born.
_DAYS = (datetime.now(UTC).date() - timedelta(days=1), date(1980, 3, 1))


class _Form(HTMLParser):
    """What the first form of a page that is sent by POST would send."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.is_typed = False
        self._inside = self._done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {key: value or "" for key, value in attrs}
        if tag == "form" and said.get("method") == "post" and not self._done:
            self._inside = True
        name, kind = said.get("name", ""), said.get("type", "text")
        if not self._inside or not name or tag not in ("input", "textarea"):
            return
        if kind in ("radio", "checkbox"):
            is_first = name not in self.fields and (kind == "radio" or name == "answer")
            if "checked" in said or is_first:
                self.fields[name] = said.get("value", "on")
        elif kind not in ("file", "submit"):
            self.fields.setdefault(name, said.get("value", ""))
            self.is_typed = self.is_typed or name == "answer"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._inside:
            self._inside, self._done = False, True


def _filled(url: str, html: str, *, again: bool = False) -> dict[str, str]:
    form, day = _Form(), _DAYS[again]
    form.feed(html)
    typed = {**_TYPED, "day": str(day.day), "month": str(day.month), "year": str(day.year)}
    typed = {name: words for name, words in typed.items() if name in form.fields}
    if form.is_typed:
        typed["answer"] = "3" if again else "By the corner"
    # Where others reported the same, or the form could end: on with it.
    on = {"go_on": "1"} if "/nearby/" in url or "/end/" in url else {}
    return {**form.fields, **typed, **on}


def steps(address: str) -> Figures:
    """Each question of some forms, answered and followed to the next page; nothing is sent."""
    samples: list[float] = []
    for service in SERVICES:
        if requests.get(f"{address}/services/{service}/", timeout=60).status_code != 200:
            raise SystemExit(f"There is no service {service}: the steps would be of another form")
    for number in range(JOURNEYS):
        samples += _journey(address, SERVICES[number % len(SERVICES)])
    return {**spread(samples), "journeys": JOURNEYS}


def _journey(address: str, service: str) -> list[float]:
    """How long each step took of a form that was filled in up to its last page."""
    samples: list[float] = []
    with requests.Session() as visitor:
        page = visitor.get(f"{address}/ask/", params={"service": service}, timeout=60)
        for _ in range(LONGEST):
            data = _filled(page.url, page.text, again="<title>Error:" in page.text)
            began = time.perf_counter()
            page = visitor.post(page.url, data=data, timeout=60)
            samples.append(time.perf_counter() - began)
            if page.status_code != 200:
                raise SystemExit(f"{page.url} answered {page.status_code}")
            if "/check/" in page.url:
                return samples
    raise SystemExit(f"The form of {service} did not come to its end: {page.url}")


def tracking(address: str) -> Figures:
    """Pages of enquiries of every age, by their secret links."""
    from enquiries.models import Enquiry

    rows = Enquiry.objects.order_by("-received_at").values_list("reference", "secret")
    count = max(1, rows.count() // 20)
    urls = [f"{address}/track/{ref}/{secret}/" for ref, secret in rows[::count][:20]]
    return pages(requests.Session(), urls)


def reading(address: str) -> dict[str, Any]:
    """The pages that most people read first."""
    with requests.Session() as visitor:
        found = visitor.get(f"{address}/services/missed-bin/", timeout=60).text
        answer = re.search(r'href="(/answers/[a-z0-9-]+/)', found)
        paths = {
            "home": ["/"],
            "search": ["/search/?q=rubish", "/search/?q=bin+not+emptied", "/search/?q=dead+fox"],
            "suggest": ["/search/suggest?q=miss", "/search/suggest?q=pot+ho"],
            "answer": [answer.group(1)] if answer else ["/services/missed-bin/"],
        }
        return {
            name: pages(visitor, [f"{address}{p}" for p in some]) for name, some in paths.items()
        }
