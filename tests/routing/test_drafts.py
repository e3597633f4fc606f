"""A draft and its editors: places, numbers, and two who edit at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.audit import Actor
from core.errors import DomainError
from core.models import AuditEvent
from enquiries.actions import drafts, versions
from enquiries.queries import versions as reading
from enquiries.rule_rows import RuleRow
from tests.routing.rules import rule
from tests.world import NOW, World

ADAM = Actor("staff", 1, "Adam Admin")
EVE = Actor("staff", 2, "Eve Editor")
CITY = rule(0, "pothole", area_code="E07000237", organisation="worcester-city", note="By contract")


@pytest.fixture
def number(world: World) -> int:
    """A draft of the world's three rules, at 10, 20 and 30."""
    return drafts.make(1, name="Draft", actor=ADAM, now=NOW)


def at(number: int, position: int) -> tuple[int, RuleRow]:
    found = reading.rule_at(number, position)
    assert found is not None
    return found


def positions(number: int) -> list[tuple[int, str]]:
    return [
        (row.position, row.service or f"{row.owner_tier} {row.area_code}".strip())
        for row in reading.rows(number)
    ]


def test_a_new_rule_stands_before_what_is_less_specific(number: int) -> None:
    assert drafts.add_rule(number, CITY, actor=ADAM, now=NOW) == 5
    assert positions(number)[:2] == [(5, "pothole"), (10, "county")]
    assert at(number, 5)[1] == replace(CITY, position=5)


def test_a_new_rule_may_be_put_before_any_other(number: int) -> None:
    assert drafts.add_rule(number, CITY, before=30, actor=ADAM, now=NOW) == 25
    with pytest.raises(DomainError, match="There is no rule 31"):
        drafts.add_rule(number, CITY, before=31, actor=ADAM, now=NOW)


def test_where_there_is_no_room_those_after_it_move_on_by_tens(number: int) -> None:
    for _ in range(6):
        drafts.add_rule(number, CITY, before=10, actor=ADAM, now=NOW)
    ids = {row.note for _, row in reading.identified(number)}
    assert ids == {"By contract", ""}
    found = [position for position, _ in positions(number)]
    assert found == sorted(set(found))
    assert len(found) == 9
    assert [what for _, what in positions(number)][-3:] == [
        "county",
        "district E07000238",
        "district E07000237",
    ]


def test_a_rule_keeps_its_id_while_others_move_it(number: int) -> None:
    rule_id, _ = at(number, 30)
    assert drafts.move_rule(number, rule_id, before=10, edit=0, actor=ADAM, now=NOW) == 5
    assert positions(number)[0] == (5, "district E07000237")
    assert at(number, 5)[0] == rule_id
    assert drafts.move_rule(number, rule_id, before=None, edit=1, actor=ADAM, now=NOW) == 30
    assert drafts.move_rule(number, rule_id, before=30, edit=2, actor=ADAM, now=NOW) == 30
    assert positions(number)[-1] == (30, "district E07000237")


def test_a_move_after_somebody_elses_edit_is_refused(number: int) -> None:
    rule_id, _ = at(number, 30)
    drafts.add_rule(number, CITY, actor=EVE, now=NOW)
    with pytest.raises(versions.Overtaken, match="A colleague changed"):
        drafts.move_rule(number, rule_id, before=10, edit=0, actor=ADAM, now=NOW)


def test_two_who_edit_two_rules_both_have_their_way(number: int) -> None:
    (first, was), (second, also) = at(number, 10), at(number, 20)
    drafts.change_rule(number, first, replace(was, note="A"), seen=was, actor=ADAM, now=NOW)
    drafts.change_rule(number, second, replace(also, note="B"), seen=also, actor=EVE, now=NOW)
    assert [row.note for row in reading.rows(number)] == ["A", "B", ""]
    assert reading.version(number, NOW).edit == 2


def test_who_edits_the_same_rule_second_is_shown_the_first(number: int) -> None:
    rule_id, seen = at(number, 10)
    drafts.change_rule(number, rule_id, replace(seen, note="A"), seen=seen, actor=ADAM, now=NOW)
    with pytest.raises(drafts.RuleChanged) as refused:
        drafts.change_rule(number, rule_id, replace(seen, note="B"), seen=seen, actor=EVE, now=NOW)
    assert refused.value.current.note == "A"
    assert reading.rows(number)[0].note == "A"
    with pytest.raises(drafts.RuleChanged):
        drafts.delete_rule(number, rule_id, seen=seen, actor=EVE, now=NOW)
    current = refused.value.current
    new = replace(seen, note="B")
    drafts.change_rule(number, rule_id, new, seen=current, actor=EVE, now=NOW)
    assert reading.rows(number)[0].note == "B"


def test_a_move_is_no_change_of_what_a_rule_says(number: int) -> None:
    rule_id, seen = at(number, 30)
    drafts.move_rule(number, rule_id, before=10, edit=0, actor=EVE, now=NOW)
    new = replace(seen, note="Mine")
    drafts.change_rule(number, rule_id, new, seen=seen, actor=ADAM, now=NOW)
    assert at(number, 5)[1].note == "Mine"


def test_a_rule_that_somebody_deleted_is_not_edited_and_deleting_twice_is_nothing(
    number: int,
) -> None:
    rule_id, seen = at(number, 10)
    drafts.delete_rule(number, rule_id, seen=seen, actor=EVE, now=NOW)
    drafts.delete_rule(number, rule_id, seen=seen, actor=EVE, now=NOW)
    with pytest.raises(drafts.RuleGone, match="deleted this rule"):
        drafts.change_rule(number, rule_id, CITY, seen=seen, actor=ADAM, now=NOW)
    assert reading.version(number, NOW).edit == 1


def test_a_rule_of_another_version_is_none_of_this_draft(number: int) -> None:
    rule_id, seen = at(1, 10)
    with pytest.raises(drafts.RuleGone):
        drafts.change_rule(number, rule_id, CITY, seen=seen, actor=ADAM, now=NOW)
    assert at(1, 10)[1] == seen


def test_a_table_replaces_all_or_nothing_and_says_what_changed(number: int) -> None:
    new = [replace(row, position=row.position * 3) for row in reading.rows(number)[:2]]
    rows = [*new, replace(CITY, position=90)]
    changes = drafts.replace_rules(number, rows, edit=0, actor=ADAM, now=NOW)
    assert (len(changes.added), len(changes.removed), len(changes.changed)) == (1, 1, 0)
    assert reading.rows(number) == rows
    with pytest.raises(versions.Overtaken):
        drafts.replace_rules(number, [CITY], edit=0, actor=EVE, now=NOW)
    assert reading.rows(number) == rows


def test_an_edit_that_changes_nothing_leaves_no_trace(number: int) -> None:
    rule_id, seen = at(number, 10)
    drafts.change_rule(number, rule_id, seen, seen=seen, actor=ADAM, now=NOW)
    assert reading.version(number, NOW).edit == 0


def test_each_edit_is_in_the_audit_with_what_it_was(number: int) -> None:
    rule_id, seen = at(number, 10)
    drafts.change_rule(number, rule_id, replace(seen, note="A"), seen=seen, actor=EVE, now=NOW)
    line = AuditEvent.objects.get(action="rules.rule_changed")
    assert (line.actor_name, line.target) == ("Eve Editor", f"rule_set:{number}")
    assert line.data["said"]["note"] == "A"
    assert "note" not in line.data["was"]
