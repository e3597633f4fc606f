"""What a role may read it does read somewhere, and nothing that others do changes its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

import pytest

from enquiries.actions import referral_notes, referrals
from enquiries.lifecycle import Outcome
from notifications.models import Notification
from tests.isolation import probe
from tests.isolation.canaries import spelt_out
from tests.isolation.ids import ids
from tests.isolation.scene import fold, newcomer
from tests.isolation.stage import BODIES, Scene, later, undone
from tests.isolation.table import Entry, Reader, entries, filled, readers

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
# Lists have more than one face.
QUERIES: dict[str, tuple[str, ...]] = {
    "desk/referrals/": ("", "tab=mine", "tab=team", "tab=waiting", "tab=done"),
    "desk/": ("", "view=all", "view=mine", "view=team", "view=disputed", "view=ended"),
    "desk/people/": ("q=example", "q=zq"),
    "desk/performance/": ("", "from=2026-01-01"),
    "desk/performance/enquiries/": ("", "owner=-", "organisation=worcester-city"),
    "api/v1/referrals/": ("", "status=offered", "limit=100"),
}
READING = [reader for reader in readers().values() if reader.sees or reader.opens]
PARTNERS = ["officer_a", "colleague_a", "officer_police", "manager_a", "token_a_referrals"]


def pages(scene: Scene, reader: Reader) -> Iterator[tuple[Entry, str, str]]:
    """Every page that a role may read: its own ids, each face of its lists."""
    for entry in entries().values():
        if reader.name not in entry.methods.get("GET", ()) or "reference/" in entry.route:
            continue
        for _, values in ids(scene, entry, reader).own:
            for query in QUERIES.get(entry.route, ("",)):
                yield entry, filled(entry.route, values), query


@pytest.mark.parametrize("reader", READING, ids=lambda reader: reader.name)
def test_each_right_to_read_is_used_by_some_page(scene: Scene, reader: Reader) -> None:
    """Else the canary of that field could never have been seen, and its rule says nothing."""
    shown: set[str] = set()
    for _, path, query in pages(scene, reader):
        answer = probe.ask(scene, reader, "GET", path, query=query)
        shown |= scene.canaries.among(f"{path}\n{answer.text}")
    unused = [
        one
        for pattern in (*reader.sees, *reader.opens)
        if not pattern.startswith("-")
        for one in spelt_out(pattern)
        if not any(fnmatchcase(name, one) for name in shown)
    ]
    exist = {one for one in unused if any(fnmatchcase(n, one) for n in scene.canaries.names())}
    assert sorted(exist) == []


def _others_work(scene: Scene) -> None:
    """Worcester City gets a case more, answers one, ends one; the hub writes a note."""
    officer = scene.viewer("officer_b")
    newcomer(scene, "b.late", "missed-bin", "WR1")
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


def _polices_work(scene: Scene) -> None:
    """The police end their part of what they share with Wychavon."""
    referrals.complete(
        public_id=scene.things["both"].referrals["police"],
        viewer=scene.viewer("officer_police"),
        outcome=Outcome.COMPLETED,
        words="Our part is done",
        now=later(3),
    )
    fold()


@pytest.mark.parametrize("work", [_others_work, _polices_work])
@pytest.mark.parametrize("name", PARTNERS)
def test_what_others_do_changes_no_page_and_no_count(
    scene: Scene, name: str, work: Callable[[Scene], None]
) -> None:
    reader = readers()[name]
    if reader.owner == "police" and work is _polices_work:
        pytest.skip("their own work")

    def read() -> dict[str, tuple[int, str]]:
        return {
            f"{path}?{query}": probe.ask(scene, reader, "GET", path, query=query).without()
            for _, path, query in pages(scene, reader)
        }

    before = read()
    work(scene)
    after = read()
    assert [page for page in before if before[page] != after[page]] == []


def test_no_message_holds_what_its_reader_may_not_read(scene: Scene) -> None:
    """Teams are told that there is work, citizens of their own: nobody of anybody else."""
    bodies = {f"team@{slug}.demo": owner for owner, slug in BODIES.items()}
    faults = []
    for row in Notification.objects.all():
        found = scene.canaries.among(str(row.__dict__))
        if row.to in bodies:
            faults += [f"{row.event} to {row.to}: {name}" for name in found if _personal(name)]
            continue
        whose = {name.rpartition(".")[0] for name in scene.canaries.among(row.to)}
        theirs = {name for name in found if name.rpartition(".")[0] not in whose}
        hidden = {name for name in found if ".note_us" in name or ".note_hub" in name}
        faults += [f"{row.event} to {row.to}: {name}" for name in theirs | hidden]
    assert faults == []


def _personal(name: str) -> bool:
    field = name.rpartition(".")[2]
    return not field.startswith(("reference", "referral_"))


def test_what_is_searched_for_by_others_words_is_not_found(scene: Scene) -> None:
    """Whatever is there of others, the answer is that to a word that nobody ever wrote."""
    faults = []
    for reader, path, field in (
        ("officer_a", "/desk/referrals/", "text"),
        ("officer_police", "/desk/referrals/", "text"),
        ("anonymous", "/search/", "q"),
        ("anonymous", "/track/", "reference"),
    ):
        nothing = probe.ask(scene, readers()[reader], "GET", path, query=f"{field}=WHXXXXXXX")
        for key in ("b.offered", "b.accepted", "hub.open", "moved"):
            thing = scene.things[key]
            sought = [thing.reference] if key != "moved" else []
            for word in (*sought, f"zq{key.replace('.', '')}wordsqz"):
                answer = probe.ask(scene, readers()[reader], "GET", path, query=f"{field}={word}")
                if answer.without(word) != nothing.without("WHXXXXXXX"):
                    faults.append(f"{reader} {path} {word}")
    assert faults == []


@pytest.mark.parametrize("name", ["agent", "administrator", "manager"])
def test_no_word_leads_to_a_sensitive_case(scene: Scene, name: str) -> None:
    reader, lead = readers()[name], readers()["lead"]
    for key in ("hub.sensitive", "police.accepted", "a.private"):
        thing = scene.things[key]
        word = f"zq{key.replace('.', '')}wordsqz"
        query = f"view=all&text={word}"
        row = f'hub-rows__reference hub-tabular">{thing.reference}'
        assert row not in probe.ask(scene, reader, "GET", "/desk/", query=query).text
        assert row in probe.ask(scene, lead, "GET", "/desk/", query=query).text
        page = f"/desk/people/{thing.person}/"
        if name != "manager":
            assert thing.reference not in probe.ask(scene, reader, "GET", page).text
        assert thing.reference in probe.ask(scene, lead, "GET", page).text


def test_nothing_is_left_of_a_scene_that_was_undone(scene: Scene) -> None:
    with undone():
        _others_work(scene)
        assert probe.changed(scene.rows)
    assert probe.changed(scene.rows) == []
