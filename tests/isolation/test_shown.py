"""What a role may read it does read somewhere, and nothing that others do changes its pages."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase

import pytest

from tests.isolation import checks, probe
from tests.isolation.canaries import spelt_out
from tests.isolation.stage import Scene, undone
from tests.isolation.table import Reader, readers

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
READING = [reader for reader in readers().values() if reader.sees or reader.opens]
WORKS = [checks.others_work, checks.polices_work]
PARTNERS = ["officer_a", "colleague_a", "officer_police", "manager_a", "token_a_referrals"]


@pytest.mark.parametrize("reader", READING, ids=lambda reader: reader.name)
def test_each_right_to_read_is_used_by_some_page(scene: Scene, reader: Reader) -> None:
    """Else the canary of that field could never have been seen, and its rule says nothing."""
    shown: set[str] = set()
    for _, path, query in checks.pages(scene, reader):
        answer = probe.ask(scene, reader, "GET", path, query=query)
        shown |= scene.canaries.among(f"{path}\n{answer.text}")
    rights = {
        one
        for pattern in (*reader.sees, *reader.opens)
        if not pattern.startswith("-")
        for one in spelt_out(pattern)
    }
    names = scene.canaries.names()
    unused = [
        one
        for one in sorted(rights)
        if any(fnmatchcase(name, one) for name in names)
        and not any(fnmatchcase(name, one) for name in shown)
    ]
    assert not unused, unused


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.__name__)
@pytest.mark.parametrize("name", PARTNERS)
def test_what_others_do_changes_no_page_and_no_count(
    scene: Scene, name: str, work: Callable[[Scene], None]
) -> None:
    if readers()[name].owner == "police" and work is checks.polices_work:
        pytest.skip("their own work")
    moved = checks.moved_by(scene, name, work)
    assert not moved, moved


def test_no_message_holds_what_its_reader_may_not_read(scene: Scene) -> None:
    """Teams are told that there is work, citizens of their own: nobody of anybody else."""
    faults = checks.messages(scene)
    assert not faults, faults


def test_the_exported_ledger_holds_nobody(scene: Scene) -> None:
    faults = checks.exported(scene)
    assert not faults, faults


def test_what_is_searched_for_by_others_words_is_not_found(scene: Scene) -> None:
    """Whatever is there of others, the answer is that to a word that nobody ever wrote."""
    faults = checks.found_by_words(scene)
    assert not faults, faults


@pytest.mark.parametrize("name", ["agent", "administrator", "manager"])
def test_no_word_leads_to_a_sensitive_case(scene: Scene, name: str) -> None:
    faults = checks.sensitive_found(scene, name)
    assert not faults, faults


@pytest.mark.parametrize("name", ["agent", *PARTNERS[:4]])
def test_no_partner_hears_who_looks_at_a_case_and_what_others_do_to_it(
    scene: Scene, name: str
) -> None:
    faults = checks.overheard(scene, name)
    assert not faults, faults


def test_nobody_has_a_role_out_of_its_time(scene: Scene) -> None:
    assert not checks.roles_out_of_time(scene)


def test_nothing_is_left_of_a_scene_that_was_undone(scene: Scene) -> None:
    with undone():
        checks.others_work(scene)
        assert probe.changed(scene.rows)
    assert probe.changed(scene.rows) == []
