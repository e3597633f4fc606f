"""The measured work, W1 to W4. Each returns plain figures; times are in milliseconds."""

from __future__ import annotations

import re
import statistics
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import requests

from tests.bench.hub import PASSWORD

Figures = dict[str, Any]
SESSIONS = 8
SECONDS = 10.0
PAGES = 60


def spread(samples: list[float]) -> Figures:
    """p50, p95 and n of samples in seconds, as milliseconds."""
    ranked = sorted(samples)
    return {
        "p50_ms": round(statistics.median(ranked) * 1000, 1),
        "p95_ms": round(ranked[max(0, int(len(ranked) * 0.95) - 1)] * 1000, 1),
        "n": len(ranked),
    }


def creates(address: str, token: str) -> Figures:
    """W1: eight sessions send enquiries through the API, each waiting for its 201."""

    def one_session(_number: int) -> list[float]:
        samples = []
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {token}"
            ends = time.perf_counter() + SECONDS
            while (began := time.perf_counter()) < ends:
                answer = session.post(
                    f"{address}/api/v1/enquiries/",
                    headers={"Idempotency-Key": str(uuid.uuid4())},
                    json=_enquiry(),
                    timeout=30,
                )
                if answer.status_code != 201:
                    raise SystemExit(f"W1: {answer.status_code} {answer.text[:400]}")
                samples.append(time.perf_counter() - began)
        return samples

    began = time.perf_counter()
    with ThreadPoolExecutor(SESSIONS) as pool:
        samples = [sample for batch in pool.map(one_session, range(SESSIONS)) for sample in batch]
    took = time.perf_counter() - began
    return {"creates_per_s": round(len(samples) / took, 1), "sessions": SESSIONS, **spread(samples)}


def _enquiry() -> dict[str, Any]:
    return {
        "service": "pothole",
        "description": "A hole in the road, as deep as a hand is long",
        "place": {"postcode": "WR1 3EZ"},
        "person": {"name": "Bench Person", "email": f"{uuid.uuid4().hex}@example.com"},
    }


def signed_in(address: str, email: str = "agent@hub.demo") -> requests.Session:
    """A browser's session of somebody of the demo."""
    session = requests.Session()
    page = session.get(f"{address}/sign-in/", timeout=30).text
    hidden = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if hidden is None:
        raise SystemExit("The sign-in page has no form")
    answer = session.post(
        f"{address}/sign-in/",
        data={
            "username": email,
            "password": PASSWORD,
            "csrfmiddlewaretoken": hidden.group(1),
        },
        timeout=30,
    )
    if "/sign-in/" in answer.url:
        raise SystemExit(f"{email} could not sign in")
    return session


def pages(session: requests.Session, urls: list[str]) -> Figures:
    """W2, W3: these pages one after the other, each fetched whole."""
    for url in urls[:5]:
        session.get(url, timeout=60)
    samples = []
    for index in range(PAGES):
        began = time.perf_counter()
        answer = session.get(urls[index % len(urls)], timeout=60)
        samples.append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise SystemExit(f"{answer.url} answered {answer.status_code}")
    return spread(samples)


def case_urls(session: requests.Session, address: str) -> list[str]:
    """The addresses of the cases on the first page of the whole queue."""
    page = session.get(f"{address}/desk/?view=all", timeout=60).text
    found = sorted(set(re.findall(r'href="(/desk/cases/[^"/]+/)', page)))
    if not found:
        raise SystemExit("The queue shows no cases")
    return [f"{address}{path}" for path in found]


def statements() -> Figures:
    """W4: SQL statements a page needs, for few rows and for a full page: they must be equal."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    user = get_user_model().objects.get(email="agent@hub.demo")
    client = Client()
    client.force_login(user)

    def count(url: str) -> int:
        client.get(url)  # once for caches that live as long as the process
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url)
        if answer.status_code != 200:
            raise SystemExit(f"{url} answered {answer.status_code}")
        return len(captured)

    full = client.get("/desk/?view=all").content.decode()
    case = re.findall(r'href="(/desk/cases/[^"/]+/)', full)[0]
    return {
        "queue_full_page": count("/desk/?view=all"),
        "queue_narrowed": count("/desk/?view=all&service=school-closures"),
        "case": count(case),
    }


def in_process(now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Figures:
    """The bare cost of intake and of triage, in this process, one after the other."""
    from enquiries import intake
    from enquiries.actions import triage
    from enquiries.channels import Channel
    from enquiries.inbound import InboundContact, Need, Place, Sender

    taken: list[float] = []
    triaged: list[float] = []
    for _ in range(200):
        at = now()
        began = time.perf_counter()
        received = intake.receive(
            InboundContact(
                channel=Channel.WEB,
                external_id=uuid.uuid4().hex,
                received_at=at,
                needs=(Need("A hole", service="pothole", place=Place("WR1 3EZ")),),
                sender=Sender(name="Bench", email=f"{uuid.uuid4().hex}@example.com"),
            ),
            now=at,
        )
        taken.append(time.perf_counter() - began)
        began = time.perf_counter()
        triage.triage(enquiry_id=received.enquiries[0].enquiry_id, now=at)
        triaged.append(time.perf_counter() - began)
    return {"intake": spread(taken), "triage": spread(triaged)}
