"""What must hold besides the table, as faults: messages, counts, searches, exports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import accounts.queries
from accounts.models import User
from core import references
from enquiries.actions import digests, referral_notes, referrals
from enquiries.lifecycle import Outcome
from metrics import exports
from notifications.models import Notification
from tests.isolation import probe
from tests.isolation.ids import ids
from tests.isolation.scene import fold, newcomer
from tests.isolation.stage import BODIES, Scene, later
from tests.isolation.table import Entry, Reader, entries, filled, readers
from tests.world import NOW

# Lists have more than one face.
QUERIES: dict[str, tuple[str, ...]] = {
    "desk/referrals/": ("", "tab=mine", "tab=team", "tab=waiting", "tab=done"),
    "desk/": ("", "view=all", "view=mine", "view=team", "view=disputed", "view=ended"),
    "desk/people/": ("q=example", "q=zq"),
    "desk/performance/": ("", "from=2026-01-01"),
    "desk/performance/enquiries/": ("", "owner=-", "organisation=worcester-city"),
    "api/v1/referrals/": ("", "status=offered", "limit=100"),
}

# The public figure of the whole partnership counts everybody's work and names nobody; the middle of
# a district moves with the postcodes that are loaded, as the scene does for a newcomer. Their
# figures may move with others' work: not a word, not a name, not a link, nor how they are built.
OF_ALL = ("/performance/", "/places/districts/", "/desk/wall/")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_SEARCH = re.compile(r'(found=|name="again" value=")[0-9a-f-]{36}')


def pages(scene: Scene, reader: Reader) -> Iterator[tuple[Entry, str, str]]:
    """Every page that a role may read: its own ids, each face of its lists."""
    for entry in entries().values():
        if reader.name not in entry.methods.get("GET", ()) or "reference/" in entry.route:
            continue
        for _, values in ids(scene, entry, reader).own:
            for query in QUERIES.get(entry.route, ("",)):
                yield entry, filled(entry.route, values), query


def others_work(scene: Scene) -> None:
    """Worcester City gets three cases more, answers one, ends one, and writes a note."""
    officer = scene.viewer("officer_b")
    for number in range(3):
        newcomer(scene, f"b.late{number}", "missed-bin", "WR1")
    taken = scene.things["b.offered"].referrals["b"]
    referrals.accept(public_id=taken, viewer=officer, now=later(2))
    referral_notes.note(
        public_id=taken, viewer=officer, words="Theirs alone", seen_by="us", now=later(2)
    )
    referrals.complete(
        public_id=scene.things["b.accepted"].referrals["b"],
        viewer=officer,
        outcome=Outcome.COMPLETED,
        words="Done there",
        now=later(3),
    )
    fold()


def polices_work(scene: Scene) -> None:
    """The police end their part of what they share with Wychavon."""
    referrals.complete(
        public_id=scene.things["both"].referrals["police"],
        viewer=scene.viewer("officer_police"),
        outcome=Outcome.COMPLETED,
        words="Our part is done",
        now=later(3),
    )
    fold()


def moved_by(scene: Scene, name: str, work: Callable[[Scene], None]) -> list[str]:
    """The pages of a role that are not what they were before others worked."""
    reader = readers()[name]

    def read() -> dict[str, tuple[int, str]]:
        return {
            f"{path}?{query}": probe.ask(scene, reader, "GET", path, query=query).without()
            for _, path, query in pages(scene, reader)
        }

    before = read()
    work(scene)
    after = read()
    return [
        f"{page} has changed"
        for page in before
        if _still(page, before[page]) != _still(page, after[page])
    ]


def _still(page: str, answer: tuple[int, str]) -> tuple[int, str]:
    """What others' work must leave as it is: all of a page, or all but its figures."""
    status, text = answer
    return status, _FIGURE.sub("#", text) if page.startswith(OF_ALL) else text


def messages(scene: Scene) -> list[str]:
    """Messages with something that their reader may not read: a new one and a digest among them."""
    newcomer(scene, "a.late", "missed-bin", "WR11", secrets=scene.canaries)
    digests.send_due(now=NOW + timedelta(days=1))
    teams = {f"team@{slug}.demo": owner for owner, slug in BODIES.items()}
    faults = []
    for row in Notification.objects.all():
        found = scene.canaries.among(str(row.__dict__))
        if row.to in teams:
            wrong = {name for name in found if not _for_team(scene, teams[row.to], name)}
        else:
            whose = {name.rpartition(".")[0] for name in scene.canaries.among(row.to)}
            wrong = {name for name in found if name.rpartition(".")[0] not in whose}
            wrong |= {name for name in found if ".note_us" in name or ".note_hub" in name}
        faults += [f"{row.event} to {row.to} holds {name}" for name in sorted(wrong)]
    return faults


def _for_team(scene: Scene, owner: str, name: str) -> bool:
    """A team's mail says which case it is, of its own, and nothing of anybody."""
    key, _, field = name.rpartition(".")
    if key == f"{owner}.team":
        return True
    thing = scene.things.get(key)
    is_own = owner == "hub" or key in (f"{owner}.late", f"{owner}.deleted")
    is_own = is_own or (thing is not None and owner in thing.referrals)
    return is_own and field in ("reference", f"referral_{owner}")


def exported(scene: Scene) -> list[str]:
    """Whatever of anybody stands in the ledger as others may have it."""
    found = scene.canaries.among("\n".join(exports.stream()))
    return [f"the exported ledger holds {name}" for name in sorted(found)]


def found_by_words(scene: Scene) -> list[str]:
    """Searches for others' words and references that do not read as one for nothing at all."""
    faults = []
    for reader, path, field in (
        ("officer_a", "/desk/referrals/", "text"),
        ("officer_police", "/desk/referrals/", "text"),
        ("anonymous", "/search/", "q"),
        ("anonymous", "/track/", "reference"),
    ):
        # One that nobody was ever given: which words can be a reference is no secret.
        nobodys = references.new()
        nothing = probe.ask(scene, readers()[reader], "GET", path, query=f"{field}={nobodys}")
        no_words = probe.ask(scene, readers()[reader], "GET", path, query=f"{field}=zqnobodysqz")
        for key in ("b.offered", "b.accepted", "hub.open", "moved"):
            thing = scene.things[key]
            sought = [thing.reference] if key != "moved" else []
            for word in (*sought, f"zq{key.replace('.', '')}wordsqz"):
                answer = probe.ask(scene, readers()[reader], "GET", path, query=f"{field}={word}")
                same, was = (nothing, nobodys) if word in sought else (no_words, "zqnobodysqz")
                if _read(answer, word) != _read(same, was):
                    faults.append(f"{reader} finds {word} at {path}")
    return faults


def _read(answer: probe.Answer, word: str) -> tuple[int, str]:
    """What is read; each search has a number of its own, by which it is known what came of it."""
    status, text = answer.without(word)
    return status, _SEARCH.sub("ID", text)


def sensitive_found(scene: Scene, name: str) -> list[str]:
    """Sensitive cases to which a word, or a person's page, leads a role that must not find them."""
    reader, lead, faults = readers()[name], readers()["lead"], []
    for key in ("hub.sensitive", "police.accepted", "a.private"):
        thing = scene.things[key]
        row = f'hub-rows__reference hub-tabular">{thing.reference}'
        queries = [("/desk/", f"view=all&text=zq{key.replace('.', '')}wordsqz", row)]
        if name != "manager":
            queries.append((f"/desk/people/{thing.person}/", "", thing.reference))
        for path, query, text in queries:
            if text in probe.ask(scene, reader, "GET", path, query=query).text:
                faults.append(f"{name} finds {key} at {path}")
            if text not in probe.ask(scene, lead, "GET", path, query=query).text:
                faults.append(f"lead does not find {key} at {path}")
    return faults


def roles_out_of_time(scene: Scene) -> list[str]:
    """People who hold a role before its first day or after its last."""
    return [
        f"{name} has a role"
        for name in ("deactivated", "former", "future")
        if accounts.queries.viewer_for_user(User.objects.get(pk=scene.users[name].pk)) is not None
    ]


def overheard(scene: Scene, name: str) -> list[str]:
    """Topics of the hub’s desk, and of others of the staff, that a role gets a ticket for."""
    reader, me = readers()[name], f"staff:{scene.users[name].pk}"
    others = [f"staff:{user.pk}" for who, user in scene.users.items() if who != name]
    cases = [f"case:{thing.reference}" for thing in scene.things.values()]
    calls = [f"contact:{public_id}" for public_id in scene.contacts.values()]
    may = {"queue", *cases, *calls} if reader.owner == "hub" else set[str]()
    faults = []
    for topic in ("queue", *cases, *calls, others[0], "case:", "staff:", "contact:x"):
        answer = probe.ask(scene, reader, "GET", "/desk/live/", query=f"topics={topic}")
        told = set(re.findall(r'"ticket": "([^"]*)"', answer.text)[0].split())
        faults += [f"{name} hears {one}" for one in sorted(told - may - {me})]
        if topic in may - told:
            faults.append(f"{name} does not hear {topic}")
    return faults
