"""PostgreSQL itself refuses what no action would write: a status without its dates, two lives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.utils import IntegrityError

from accounts.permissions import Viewer
from enquiries import lifecycle
from enquiries.actions import links, referrals, resolutions, splits
from enquiries.lifecycle import (
    REFERRAL_TRANSITIONS,
    TRANSITIONS,
    NotNow,
    Outcome,
    ReferralStatus,
    Status,
)
from enquiries.models import Enquiry, EnquiryEvent, EnquiryLink, Referral
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
SOON = "2026-11-18T10:00:00+00:00"

ENQUIRY, REFERRAL = "enquiries_enquiry", "enquiries_referral"
LINK, CLOCK = "enquiries_enquirylink", "enquiries_clock"

# Table, how the row stands, what somebody writes by hand, and the constraint that refuses it.
REFUSED: list[tuple[str, str, str, str]] = [
    (ENQUIRY, "open", "resolved_at = now()", "enquiry_resolved_at_fits_status"),
    (ENQUIRY, "done", "resolved_at = NULL", "enquiry_resolved_at_fits_status"),
    (ENQUIRY, "done", "status = 'open', outcome = ''", "enquiry_resolved_at_fits_status"),
    (ENQUIRY, "open", "status = 'resolved', outcome = 'completed'",
     "enquiry_resolved_at_fits_status"),
    (ENQUIRY, "done", "outcome = ''", "enquiry_outcome_fits_status"),
    (ENQUIRY, "open", "outcome = 'completed'", "enquiry_outcome_fits_status"),
    (ENQUIRY, "done", "status = 'closed'", "enquiry_closed_at_fits_status"),
    (ENQUIRY, "done", "closed_at = now()", "enquiry_closed_at_fits_status"),
    (ENQUIRY, "open", "owner_id = NULL", "enquiry_owner_fits_status"),
    (ENQUIRY, "done", "disputed_at = now()", "enquiry_disputed_only_while_live"),
    (ENQUIRY, "open", "outside_id = 1", "enquiry_handed_off_has_ended"),
    (ENQUIRY, "open", ("reference = (SELECT o.reference FROM enquiries_enquiry o"
     " WHERE o.id <> enquiries_enquiry.id LIMIT 1)"),
     "enquiries_enquiry_reference_key"),
    (REFERRAL, "offered", "settled_at = now()", "referral_settled_at_fits_status"),
    (REFERRAL, "offered", "status = 'rejected'", "referral_settled_at_fits_status"),
    (REFERRAL, "offered", "status = 'accepted'", "referral_accepted_at_fits_status"),
    (REFERRAL, "offered", "status = 'completed', settled_at = now()",
     "referral_completed_has_outcome"),
    (REFERRAL, "withdrawn", "status = 'offered', settled_at = NULL", "referral_one_live_per_body"),
    (LINK, "merged", "target_id = enquiry_id", "link_never_to_itself"),
    (LINK, "undone", "undone_at = NULL", "link_ended_by_one_only"),
    (CLOCK, "running", "state = 'missed'", "clock_missed_at_fits_state"),
    (CLOCK, "running", "missed_at = now()", "clock_missed_at_fits_state"),
    (CLOCK, "running", "state = 'met'", "clock_stopped_at_fits_state"),
    (CLOCK, "running", "stopped_at = now()", "clock_stopped_at_fits_state"),
    (CLOCK, "running", "kind = 'final'", "clock_once_per_enquiry"),
    (CLOCK, "of referral", "kind = 'work'", "clock_once_per_referral"),
    ("enquiries_contact", "any", "ended_at = started_at - interval '1 second'",
     "contact_ends_after_it_starts"),
    ("enquiries_enquiryevent", "any", "sequence = 1", "event_sequence_once"),
]  # fmt: skip


def _sql(text: str, *values: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, values)


def _one(text: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return int(cursor.fetchone()[0])


@pytest.fixture
def rows(world: World, agent: Viewer, officer: Viewer) -> Mapping[tuple[str, str], int]:
    """A row of each kind, by its table and how it stands."""
    live, done = enquiry_of(ask()), enquiry_of(ask())
    resolutions.resolve(
        reference=done.reference, viewer=agent, outcome=Outcome.COMPLETED, words="Done.", now=NOW
    )
    first, second, third = (enquiry_of(ask(at=NOW + timedelta(minutes=n))) for n in (1, 2, 3))
    links.merge(reference=second.reference, into=first.reference, viewer=agent, now=NOW)
    links.merge(reference=third.reference, into=first.reference, viewer=agent, now=NOW)
    links.unmerge(reference=third.reference, viewer=agent, now=NOW)
    links.merge(reference=third.reference, into=live.reference, viewer=agent, now=NOW)
    accepted = Referral.objects.get(enquiry=first, status="offered")
    referrals.accept(public_id=accepted.public_id, viewer=officer, now=NOW)
    parted = enquiry_of(ask())
    referrals.offer(
        reference=parted.reference, viewer=agent, organisation="worcester-city", reason="", now=NOW
    )
    referrals.offer(
        reference=parted.reference, viewer=agent, organisation="wychavon", reason="", now=NOW
    )
    withdrawn = Referral.objects.filter(enquiry=parted, status="withdrawn")
    clock = f"SELECT min(id) FROM {CLOCK} WHERE state = 'running' AND referral_id"
    running = _one(f"{clock} IS NULL AND kind = 'resolution' AND enquiry_id = {live.pk}")
    columns = "enquiry_id, organisation_id, starts_at, budget, elapsed, state"
    _sql(
        f"INSERT INTO {CLOCK} (kind, {columns})"
        f" SELECT 'final', {columns} FROM {CLOCK} WHERE id = {running}"
    )
    return {
        (ENQUIRY, "open"): live.pk,
        (ENQUIRY, "done"): done.pk,
        (REFERRAL, "offered"): Referral.objects.get(enquiry=live).pk,
        (REFERRAL, "withdrawn"): withdrawn.get(organisation__slug="wychavon").pk,
        (LINK, "merged"): EnquiryLink.objects.get(enquiry=second).pk,
        (LINK, "undone"): EnquiryLink.objects.exclude(undone_at=None).get().pk,
        (CLOCK, "running"): running,
        (CLOCK, "of referral"): _one(
            f"SELECT id FROM {CLOCK} WHERE referral_id = {accepted.pk} AND kind = 'accept'"
        ),
        ("enquiries_contact", "any"): live.first_contact_id,
        ("enquiries_enquiryevent", "any"): _one(
            f"SELECT max(id) FROM enquiries_enquiryevent WHERE enquiry_id = {live.pk}"
        ),
    }


def _statement(table: str, change: str) -> str:
    if table != "enquiries_enquiryevent":
        return f"UPDATE {table} SET {change} WHERE id = %s"
    # A line is never changed; a second one with its number is one too many.
    columns = "type, at, recorded_at, actor_kind, actor_name, data"
    return (
        f"INSERT INTO {table} (enquiry_id, sequence, {columns})"
        f" SELECT enquiry_id, 1, {columns} FROM {table} WHERE id = %s"
    )


def test_the_database_refuses_what_no_action_writes(rows: Mapping[tuple[str, str], int]) -> None:
    taken = []
    for table, which, change, constraint in REFUSED:
        try:
            _sql(_statement(table, change), rows[table, which])
        except IntegrityError as refusal:
            if constraint not in str(refusal):
                taken.append(f"{change}: {refusal}")
        else:
            taken.append(f"{table} took {change}")
    assert taken == []


def test_no_constraint_of_the_life_of_a_case_is_without_its_row_above() -> None:
    names = {
        constraint.name
        for model in apps.get_app_config("enquiries").get_models()
        if model._meta.db_table in {table for table, *_ in REFUSED}
        for constraint in model._meta.constraints
    }
    assert names - {constraint for *_, constraint in REFUSED} == set()


def test_a_constraint_of_a_model_is_one_of_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        known = {row[0] for row in cursor.fetchall()}
    named = {
        constraint.name
        for model in apps.get_app_config("enquiries").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint | models.UniqueConstraint)
    }
    assert named <= known


# -- the tables ---------------------------------------------------------------------------------


@pytest.mark.parametrize("current", list(Status))
@pytest.mark.parametrize("target", list(Status))
def test_an_enquiry_goes_only_where_the_table_lets_it(current: Status, target: Status) -> None:
    if target in TRANSITIONS[current]:
        lifecycle.check(current, target)
    else:
        with pytest.raises(NotNow, match="Reload the page"):
            lifecycle.check(current, target)


@pytest.mark.parametrize("current", list(ReferralStatus))
@pytest.mark.parametrize("target", list(ReferralStatus))
def test_a_referral_goes_only_where_the_table_lets_it(
    current: ReferralStatus, target: ReferralStatus
) -> None:
    if target in REFERRAL_TRANSITIONS[current]:
        lifecycle.check_referral(current.value, target.value)
    else:
        with pytest.raises(NotNow, match="Reload the page"):
            lifecycle.check_referral(current, target)


def test_every_status_can_be_reached_and_every_live_one_can_end() -> None:
    for table, first, last in (
        (TRANSITIONS, Status.NEW, {Status.CLOSED}),
        (REFERRAL_TRANSITIONS, ReferralStatus.OFFERED,
         {status for status, targets in REFERRAL_TRANSITIONS.items() if not targets}),
    ):  # fmt: skip
        reached, todo = {first}, [first]
        while todo:
            for target in table[todo.pop()]:  # type: ignore[index]  # two tables of one shape
                if target not in reached:
                    reached.add(target)
                    todo.append(target)
        assert reached == set(table)
        assert last <= reached


def test_the_drawing_shows_both_lives() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+)$", lifecycle.drawing(), re.MULTILINE)
    for table in (TRANSITIONS, REFERRAL_TRANSITIONS):
        for current, targets in table.items():
            assert {target.value for target in targets} <= {
                end for start, end in drawn if start == current.value
            }


def test_what_was_split_is_tied_to_one_only_but_may_be_merged_back(
    world: World, agent: Viewer
) -> None:
    first = enquiry_of(ask())
    new = splits.split(
        reference=first.reference, viewer=agent, description="Besides", service="pothole", now=NOW
    )
    links.merge(reference=new, into=first.reference, viewer=agent, now=NOW)
    kinds = EnquiryLink.objects.filter(enquiry__reference=new).values_list("kind", flat=True)
    assert sorted(kinds) == ["merged", "split"]
    assert EnquiryEvent.objects.filter(enquiry=first, type="enquiry.merged_in").exists()
    assert Enquiry.objects.get(reference=new).outcome == "duplicate"
