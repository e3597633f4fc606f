"""Many agents on one queue, each with a session of their own, over HTTP; and what must hold after.

Each takes what is next, or the first of the list as everybody else does at that moment; replies,
puts back, takes back, presses twice. What the pages told an agent is held against what is so.
"""

from __future__ import annotations

import random
import re
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from html import unescape

import requests
from django.db import connection
from django.utils import timezone

import accounts.actions
from accounts.models import Organisation
from accounts.permissions import Role
from core import audit
from core.audit import SYSTEM
from enquiries.inbound import Sender
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.vocabulary import EventType
from tests.world import PASSWORD, ask

_PATIENCE = 60
_MOST_HELD = 4
_HIDDEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_TAKE = re.compile(r'formaction="(/desk/cases/(WH[A-Z0-9-]+)/take/[^"]*)"')
_UNDO = re.compile(r'action="(/desk/undo/[0-9a-f-]{36}/)"')


def queue(cases: int) -> None:
    """So many cases that nobody has, each of somebody who can be written to."""
    for one in range(cases):
        sender = Sender(name=f"Caller {one}", email=f"caller{one}@example.com")
        ask(service=None, words=f"Bag {one} in the road", postcode="", sender=sender)


def agents(number: int, *, now: datetime) -> list[str]:
    """So many agents of the hub; their addresses."""
    hub, emails = Organisation.objects.get(slug="hub"), list[str]()
    for one in range(1, number + 1):
        user = accounts.actions.create_user(
            email=f"hand{one:02}@hub.demo", password=PASSWORD, full_name=f"Hand {one:02}",
            actor=SYSTEM, now=now, demo=True,
        )  # fmt: skip
        accounts.actions.grant(
            user=user, organisation=hub, role=Role.AGENT, from_on=date(2026, 1, 1),
            actor=SYSTEM, now=now,
        )  # fmt: skip
        emails.append(user.email)
    return emails


@dataclass
class Agent:
    """One of them: what they were told, and what was wrong with what they saw."""

    site: str
    email: str
    chance: random.Random
    web: requests.Session = field(default_factory=requests.Session)
    # What the pages say that they have in hand, and the words that the pages say were sent.
    held: set[str] = field(default_factory=set)
    sent: list[tuple[str, str]] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _hidden: str = ""

    @property
    def name(self) -> str:
        return f"Hand {self.email[4:6]}"

    def sign_in(self) -> None:
        self.see("/sign-in/")
        page = self.press("/sign-in/", username=self.email, password=PASSWORD)
        if "Sign out" not in page:
            self.wrong.append(f"{self.name} cannot sign in")

    def see(self, path: str) -> str:
        return self._read(self.web.get(self.site + path, timeout=_PATIENCE))

    def press(self, path: str, **data: str) -> str:
        """Sends a form, and follows to the page that answers."""
        given = {"csrfmiddlewaretoken": self._hidden, "key": str(uuid.uuid4()), **data}
        return self._read(self.web.post(self.site + path, data=given, timeout=_PATIENCE))

    def _read(self, answer: requests.Response) -> str:
        if answer.status_code != 200:
            self.wrong.append(f"{self.name}: {answer.status_code} at {answer.url}")
        self.did["pages"] += 1
        found = _HIDDEN.search(answer.text)
        self._hidden = found[1] if found else self._hidden
        return unescape(answer.text)

    def work(self, until: float) -> None:
        """Once at least, and again until the time is over."""
        while not self.did["rounds"] or time.monotonic() < until:
            self.did["rounds"] += 1
            page = self.see("/desk/?view=unassigned")
            rows = _TAKE.findall(page)
            if rows and self.chance.random() < 0.4:
                self._take_first(*rows[0])
            else:
                self._take_next()
            if len(self.held) >= _MOST_HELD:
                self._put_back(self.chance.choice(sorted(self.held)))

    def _take_next(self) -> None:
        key = str(uuid.uuid4())
        page = self.press("/desk/next/", key=key)
        found = re.search(r"(WH[A-Z0-9-]+) is yours: ", _said(page))
        if found is None:
            self.did["nothing waits" if "Nothing waits" in _said(page) else "no next"] += 1
            return
        self.did["next"] += 1
        self.held.add(found[1])
        if self.chance.random() < 0.3:
            again = self.press("/desk/next/", key=key)
            if f"{found[1]} is yours: " not in _said(again):
                self.wrong.append(f"{self.name}: {found[1]} once, another when pressed again")
        self._go_on(found[1])

    def _take_first(self, path: str, reference: str) -> None:
        page = self.press(path)
        if f"{reference} is yours" in _said(page):
            self.did["take"] += 1
            self.held.add(reference)
            if (undo := _UNDO.search(page)) and self.chance.random() < 0.3:
                self._undo(undo[1], reference, was_held=False)
            else:
                self._go_on(reference)
        elif "has this one already" in _said(page):
            self.did["somebody was quicker"] += 1
        else:
            self.wrong.append(f"{self.name}: took {reference}, and the page says nothing of it")

    def _go_on(self, reference: str) -> None:
        if self.chance.random() < 0.5:
            self._reply(reference)
        if self.chance.random() < 0.4:
            self._put_back(reference)

    def _reply(self, reference: str) -> None:
        words = f"Said by {self.name}, {uuid.uuid4().hex}"
        key = str(uuid.uuid4())
        for _ in range(1 + (self.chance.random() < 0.3)):
            page = self.press(f"/desk/cases/{reference}/reply/", words=words, key=key)
        if words in page:
            self.did["reply"] += 1
            self.sent.append((reference, words))
        else:
            self.wrong.append(f"{self.name}: words to {reference} are not on its page")

    def _put_back(self, reference: str) -> None:
        page = self.press(f"/desk/cases/{reference}/put-back/")
        if f"{reference} is back in the queue" not in _said(page):
            self.wrong.append(f"{self.name} cannot put {reference} back: {_said(page)}")
            return
        self.did["put back"] += 1
        self.held.discard(reference)
        if (undo := _UNDO.search(page)) and self.chance.random() < 0.3:
            self._undo(undo[1], reference, was_held=True)

    def _undo(self, path: str, reference: str, *, was_held: bool) -> None:
        page = self.press(path)
        if "Taken back: " in _said(page):
            self.did["undo"] += 1
            (self.held.add if was_held else self.held.discard)(reference)
        else:
            self.did["undo refused"] += 1


def _said(page: str) -> str:
    """What the banners of a page say; the story of a case below them has the same words."""
    found = re.findall(r'notification-banner__content">(.*?)</div>', page, re.S)
    return " ".join(re.sub(r"<[^>]+>|\s+", " ", one).strip() for one in found)[:200]


def crowd(site: str, emails: Sequence[str], *, seconds: float, seed: int) -> list[Agent]:
    """They all sign in, and then work at once for so long."""
    here = [Agent(site, email, random.Random(f"{seed} {email}")) for email in emails]
    with ThreadPoolExecutor(len(here)) as pool:
        list(pool.map(Agent.sign_in, here))
        until = time.monotonic() + seconds
        list(pool.map(lambda agent: agent.work(until), here))
    return here


def deadlocks() -> int:
    """How many PostgreSQL has ended in this database, ever."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_force_next_flush(), deadlocks FROM pg_stat_database"
            " WHERE datname = current_database()"
        )
        return int(cursor.fetchone()[1])


def faults(here: Sequence[Agent]) -> list[str]:
    """All that must not be, after a crowd: told apart from what is so, lost, doubled, broken."""
    wrong = [one for agent in here for one in agent.wrong]
    holders = dict(
        Enquiry.objects.exclude(assignee=None).values_list("reference", "assignee__full_name")
    )
    for agent in here:
        has = {reference for reference, name in holders.items() if name == agent.name}
        if has != agent.held:
            wrong.append(f"{agent.name} was told {sorted(agent.held)}, and has {sorted(has)}")
    ids = dict(Enquiry.objects.values_list("pk", "reference"))
    for pk, reference in ids.items():
        lines = list(EnquiryEvent.every.filter(enquiry=pk).order_by("sequence"))
        wrong += [f"{reference}: {one}" for one in _unlikely(lines, holders.get(reference, ""))]
    replied = EnquiryEvent.objects.filter(
        type=EventType.REPLIED.value, actor_name__in=[agent.name for agent in here]
    )
    said = Counter((ids[pk], data["words"]) for pk, data in replied.values_list("enquiry", "data"))
    told = Counter(one for agent in here for one in agent.sent)
    wrong += [f"{reference}: {words!r} {said[reference, words]} times" for reference, words in
              (said | told) if said[reference, words] != told[reference, words]]  # fmt: skip
    while audit.seal(now=timezone.now()):
        pass
    return wrong + [one.words for one in audit.verify()]


def _unlikely(lines: Sequence[EnquiryEvent], holder: str) -> list[str]:
    """What cannot have been in the story of one case: a gap, two who have it at once."""
    wrong, has = list[str](), ""
    if [one.sequence for one in lines] != list(range(1, len(lines) + 1)):
        wrong.append(f"its lines are {[one.sequence for one in lines]}")
    for one in lines:
        if one.type != EventType.ASSIGNED.value or one.undone_at is not None:
            continue
        by, name = one.actor_name, one.data["name"]
        if name == "nobody":
            if by != has:
                wrong.append(f"{by} put back what {has or 'nobody'} had")
            has = ""
        else:
            if has:
                wrong.append(f"{name} took what {has} had")
            has = name
    if has != holder:
        wrong.append(f"its story ends with {has or 'nobody'}, and {holder or 'nobody'} has it")
    return wrong
