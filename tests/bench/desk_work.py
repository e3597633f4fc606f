"""What one agent does at a desk, as requests of a real session through the whole of Django.

`python -m tests.bench.desk_work` does what is named on its input, a line each, and answers how long
it took or how many statements it made: so several hubs are measured in turn by one process.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any, ClassVar

AGENT = "agent@hub.demo"
# Enough lines for a story that nobody reads in one go.
NOTES = 40
# A table of so many rows is not to be read whole by anybody's page.
MANY = 5_000
_ROW = re.compile(r'id="case-(WH[^"]+)"')
# A request that was made ready: it is sent when it is timed.
Ready = Callable[[], Any]


@dataclass
class Desk:
    """An agent who is signed in, and the cases and people that they look at."""

    client: Any
    cases: Iterator[str] = field(default_factory=lambda: iter(()))
    replies: Iterator[str] = field(default_factory=lambda: iter(()))
    people: Iterator[str] = field(default_factory=lambda: iter(()))
    searches: dict[str, Iterator[str]] = field(default_factory=dict)
    long: str = ""
    deep: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    PAGES: ClassVar[dict[str, str]] = {
        "queue, nobody has it": "/desk/?view=unassigned",
        "queue, all live": "/desk/?view=all",
        "queue, late of a service": "/desk/?view=all&service=pothole&clock=late",
        "queue, a district": "/desk/?view=all&area=E07000238",
        "queue, a ward, a week old": "/desk/?view=all&area={ward}&age=week",
        "queue, an organisation": "/desk/?view=all&organisation=worcestershire-county",
        "queue, a rare channel": "/desk/?view=all&channel=api",
        "queue, watched": "/desk/?view=watched",
        "queue, ended": "/desk/?view=ended",
        "queue, ended, common words": "/desk/?view=ended&text=made+up",
        "queue, ended, rare words": "/desk/?view=ended&text=crowd-471",
    }
    SEARCHES: ClassVar[dict[str, tuple[str, ...]]] = {
        "person by name and postcode": ("Smith WR11 3AB", "Jon Smyth WR2 5QT", "Patel B97 4CD"),
        "person by a mistyped name": ("Margret Wiliams WR5 2AA", "Stefen Clark", "Tomson WR1"),
        "person by a common name": ("Smith", "Olivia", "Jones"),
        "person by end of number": ("3210", "00007919", "555 123"),
        "person by UPRN": ("100500000", "100000301"),
    }

    def part(self, address: str, target: str) -> Any:
        """A part of a page, as htmx asks for it."""
        return self.client.get(address, headers={"HX-Request": "true", "HX-Target": target})

    def kinds(self) -> dict[str, Callable[[], Ready]]:
        """All that is measured: each makes one request ready."""
        found: dict[str, Callable[[], Ready]] = {
            name: (lambda path=path: lambda: self.client.get(path))  # type: ignore[misc]
            for name, path in {**self.PAGES, **self.deep}.items()
        }
        found |= {name: (lambda name=name: self.find(name)) for name in self.searches}  # type: ignore[misc]
        return found | {
            "queue, its rows alone": lambda: lambda: self.part("/desk/?view=all", "queue-rows"),
            "case": lambda: self.page(f"/desk/cases/{next(self.cases)}/"),
            "case with a long story": lambda: self.page(f"/desk/cases/{self.long}/"),
            "case, the box to write in": lambda: self.page(
                f"/desk/cases/{next(self.replies)}/?act=reply", "act"
            ),
            "reply": lambda: self.act("reply", words="We come on Monday."),
            "note": lambda: self.act("note", words="They rang. The dog is fine.", seen_by="us"),
            "next best case": self.next_best,
            "person": lambda: self.page(f"/desk/people/{next(self.people)}/"),
            "contact, is it about this": self.contact,
            "contact, linked": self.link,
            "contact, wrapped up": self.wrap_up,
            "command bar": lambda: (
                lambda: self.client.post(
                    "/desk/commands/", {"q": "missed bin"}, headers={"Accept": "application/json"}
                )
            ),
        }

    def page(self, address: str, target: str = "") -> Ready:
        if target:
            return lambda: self.part(address, target)
        return lambda: self.client.get(address)

    def find(self, name: str) -> Ready:
        """The page that answers; the words stand sealed in its address."""
        words = next(self.searches[name])
        address = self.client.post("/desk/people/", {"q": words})["Location"]
        return lambda: self.client.get(address)

    def act(self, name: str, **data: str) -> Ready:
        """From the page of the case, where what the last act had to say is read."""
        case = f"/desk/cases/{next(self.replies)}/"
        self.client.get(case)
        return lambda: self.client.post(f"{case}{name}/", {"key": str(uuid.uuid4()), **data})

    def next_best(self) -> Ready:
        """Takes one; what was taken before goes back first, so that there is always one."""
        for case in self.left:
            self.client.post(f"/desk/cases/{case}/put-back/")
        self.left.clear()
        self.client.get("/desk/")

        def take() -> Any:
            answer = self.client.post("/desk/next/", {"key": str(uuid.uuid4())})
            self.left.append(str(answer["Location"]).split("/")[3])
            return answer

        return take

    def opened(self) -> str:
        """A contact with somebody who has asked things before."""
        opened = {"channel": "phone", "key": str(uuid.uuid4())}
        address = str(self.client.post("/desk/contact/", opened)["Location"])
        self.client.post(f"{address}person/", {"person": next(self.people)})
        return address

    def contact(self) -> Ready:
        address = self.opened()
        return lambda: self.client.get(address)

    def link(self) -> Ready:
        address = self.opened()
        shown = self.client.get(address).content.decode()
        about = re.search(r'name="about" value="([^"]+)"', shown)
        kind = re.search(r'name="kind" value="([^"]+)"', shown)
        if about is None or kind is None:
            return self.link()
        data = {"key": str(uuid.uuid4()), "about": about[1], "kind": kind[1],
                "offered": [f"{about[1]}:person"]}  # fmt: skip
        return lambda: self.client.post(f"{address}link/", data)

    def wrap_up(self) -> Ready:
        address = self.opened()
        return lambda: self.client.post(f"{address}wrap-up/", {"outcome": "answered"})


def at_work() -> Desk:
    """Somebody who signs in, and what they find."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(email=AGENT))
    desk = Desk(client)
    listed = _ROW.findall(client.get("/desk/?view=all&area=E07000238").content.decode())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reference FROM enquiries_enquiry WHERE status IN ('open', 'referred', "
            "'in_progress') AND person_id IS NOT NULL AND NOT coalesce((SELECT s.sensitive FROM "
            "kb_service s WHERE s.id = service_id), false) ORDER BY md5(reference) LIMIT 60"
        )
        told = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT p.public_id FROM customers_person p JOIN enquiries_enquiry e ON "
            "e.person_id = p.id JOIN kb_service s ON s.id = e.service_id WHERE e.status IN "
            "('open', 'referred', 'in_progress') AND NOT s.sensitive AND full_name <> '' "
            "ORDER BY md5(e.reference) LIMIT 60"
        )
        people = [str(row[0]) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT ward_code, count(*) FROM enquiries_enquiry WHERE ward_code <> '' "
            "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
        )
        ward = str(cursor.fetchone()[0])
    desk.PAGES["queue, a ward, a week old"] = f"/desk/?view=all&area={ward}&age=week"
    desk.cases, desk.replies = cycle([*listed, *told]), cycle(told[1:])
    desk.people, desk.long = cycle(people), told[0]
    desk.searches = {name: cycle(words) for name, words in Desk.SEARCHES.items()}
    desk.searches["person by reference"] = cycle(told)
    desk.deep = {
        "queue, all live, half way": _half_way("all"),
        "queue, ended, half way": _half_way("ended"),
    }
    for number in range(NOTES):
        words = {"words": f"Somebody was there, note {number}", "seen_by": "us"}
        client.post(f"/desk/cases/{desk.long}/note/", {"key": str(uuid.uuid4()), **words})
    return desk


def _half_way(view: str) -> str:
    """The page in the middle of a list, as its address has it."""
    from django.db import connection

    from enquiries.queries.queue import Mark

    column, states = ("received_at", "'resolved', 'closed'")
    if view == "all":
        column, states = "due_at", "'new', 'open', 'referred', 'in_progress', 'waiting'"
    with connection.cursor() as cursor:
        rows = f"FROM enquiries_enquiry WHERE status IN ({states}) AND {column} IS NOT NULL"
        cursor.execute(
            f"SELECT {column}, reference {rows} ORDER BY {column} "
            f"OFFSET (SELECT count(*) / 2 {rows}) LIMIT 1"
        )
        at, reference = cursor.fetchone()
    return f"/desk/?view={view}&after={Mark(at, reference)}"


def _timed(ready: Ready) -> dict[str, Any]:
    """By the clock; and what this process and the one that serves it in PostgreSQL worked, which a
    machine that is busy with other things stretches far less."""
    server = worked_by_server()
    began, worked = time.perf_counter(), time.process_time()
    answer = ready()
    worked, took = time.process_time() - worked, time.perf_counter() - began
    worked += worked_by_server() - server
    return {"ms": took * 1000, "worked_ms": worked * 1000, "status": answer.status_code}


def worked_by_server() -> float:
    """Seconds of processor time of the process that serves our connection."""
    from django.db import connection

    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _counted(ready: Ready) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ready()
    return {"statements": len(captured), "whole": _whole(captured.captured_queries)}


def _whole(queries: list[dict[str, str]]) -> list[str]:
    """Plans that read a whole table of what grows: none is right."""
    from django.db import connection

    wrong = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s "
            "AND relname ~ '^(enquiries|customers|notifications|core|teamwork|inbox)_'",
            [MANY],
        )
        large = {row[0] for row in cursor.fetchall()}
    for query in queries:
        statement = query["sql"]
        if not statement.startswith(("SELECT", "(SELECT", "UPDATE")):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {statement}".replace("%", "%%"), ())
            plan = "\n".join(row[0] for row in cursor.fetchall())
        read = set(re.findall(r"Seq Scan on (\w+)", plan)) & large
        wrong += [f"{table}: {statement[:2000]}" for table in sorted(read)]
    return wrong


def _as_a_worker() -> None:
    """What hub/gunicorn.py says of the collector of rubbish holds here, too."""
    from hub import gunicorn

    gunicorn.pre_fork(None, None)
    gunicorn.post_fork(None, None)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    os.environ["ALLOWED_HOSTS"] = "127.0.0.1,localhost,testserver"
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else is printed is no answer
    import django

    django.setup()
    desk = at_work()
    _as_a_worker()
    kinds = desk.kinds()
    answers.write(json.dumps(list(kinds)) + "\n")
    answers.flush()
    for line in sys.stdin:
        what, name = line.strip().split(" ", 1)
        ready = kinds[name]()
        done = _counted(ready) if what == "count" else _timed(ready)
        answers.write(json.dumps(done) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
