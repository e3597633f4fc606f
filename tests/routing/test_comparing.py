"""What would become of real enquiries under other rules."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OutsideBody
from accounts.permissions import Viewer
from core.audit import Actor
from enquiries.actions import drafts
from enquiries.inbound import Located
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.queries import comparing, destinations
from enquiries.queries import versions as reading
from tests.routing.rules import rule
from tests.world import NOW, World, ask, enquiry_of

ADAM = Actor("staff", 1, "Adam Admin")


@pytest.fixture
def administrator(world: World) -> Viewer:
    return world.viewer(world.administrator)


@pytest.fixture
def number(world: World) -> int:
    return drafts.make(1, name="Draft", actor=ADAM, now=NOW)


def test_who_would_move_from_whom_to_whom_with_both_reasons(
    number: int, administrator: Viewer
) -> None:
    moved = enquiry_of(ask(service="pothole", postcode="WR1 3EZ"))
    ask(service="pothole", postcode="WR11 3DA")
    ask(service="missed-bin")
    ask(service=None, words="What is this", postcode="")
    drafts.add_rule(
        number,
        rule(0, "pothole", area_code="E07000237", organisation="worcester-city"),
        actor=ADAM,
        now=NOW,
    )
    found = comparing.compare(administrator, number, now=NOW)
    assert (found.looked_at, found.unchanged, found.without_service) == (4, 2, 1)
    (group,) = found.groups
    assert (group.was, group.now) == ("Worcestershire County Council", "Worcester City Council")
    assert (group.was_key, group.now_key) == ("worcestershire-county", "worcester-city")
    (move,) = group.moves
    assert move.reference == moved.reference
    assert move.was == "Pothole belongs to Worcestershire County Council (rule 10)"
    assert move.now == "Pothole in Worcester belongs to Worcester City Council (rule 5)"


def test_another_rule_that_names_the_same_body_moves_nobody(
    number: int, administrator: Viewer
) -> None:
    ask(service="pothole", postcode="WR1 3EZ")
    drafts.add_rule(number, rule(0, "pothole", note="The same"), actor=ADAM, now=NOW)
    found = comparing.compare(administrator, number, now=NOW)
    assert (found.moved, found.unchanged) == (0, 1)


def test_answers_priority_channel_and_day_of_each_enquiry_decide(
    number: int, administrator: Viewer
) -> None:
    body = OutsideBody.objects.create(
        slug="nh", name="National Highways", kind="roads", phone="0300 123 5000", hand_off="Ring"
    )
    on_the_m5 = enquiry_of(ask(service="pothole", postcode="WR1 3EZ"))
    urgent = enquiry_of(ask(service="pothole", postcode="WR1 3EZ"))
    old = enquiry_of(ask(service="pothole", postcode="WR1 3EZ", at=NOW - timedelta(days=40)))
    Enquiry.objects.filter(pk=on_the_m5.pk).update(answers={"road": "motorway"})
    Enquiry.objects.filter(pk=urgent.pk).update(priority="emergency")
    for new in (
        rule(
            0,
            "pothole",
            organisation="",
            outside=body.slug,
            answers=(("road", ("motorway",)),),
        ),
        rule(0, "pothole", organisation="wychavon", priority="emergency", channels=("web",)),
        rule(
            0,
            "pothole",
            organisation="worcester-city",
            valid_until=(NOW - timedelta(days=30)).date(),
        ),
    ):
        drafts.add_rule(number, new, actor=ADAM, now=NOW)
    found = comparing.compare(administrator, number, now=NOW)
    went = {group.now_key: [move.reference for move in group.moves] for group in found.groups}
    assert went == {
        "outside.nh": [on_the_m5.reference],
        "wychavon": [urgent.reference],
        "worcester-city": [old.reference],
    }


def test_to_who_does_not_answer_any_more_nothing_would_go(
    world: World, number: int, administrator: Viewer
) -> None:
    ask(service="pothole", postcode="WR1 3EZ")
    new = rule(0, "pothole", organisation="worcester-city")
    drafts.add_rule(number, new, actor=ADAM, now=NOW)
    city = world.organisations["worcester-city"]
    city.is_active = False
    city.save()
    assert comparing.compare(administrator, number, now=NOW).moved == 0


def test_what_nobody_would_take_is_named_as_such(number: int, administrator: Viewer) -> None:
    ask(service="pothole", postcode="WR1 3EZ")
    found = reading.rule_at(number, 10)
    assert found is not None
    drafts.delete_rule(number, found[0], seen=found[1], actor=ADAM, now=NOW)
    (group,) = comparing.compare(administrator, number, now=NOW).groups
    assert (group.now_key, group.now) == ("nobody", "nobody: a person decides")
    assert "No routing rule covers Pothole" in group.moves[0].now


def test_the_live_side_decides_as_triage_would(world: World, administrator: Viewer) -> None:
    for service in ("pothole", "missed-bin", "allotments", "join-a-library"):
        for postcode in ("WR1 3EZ", "WR11 3DA", ""):
            ask(service=service, postcode=postcode, triaged=False)
    empty = drafts.make(None, name="Empty", actor=ADAM, now=NOW)
    found = comparing.compare(administrator, empty, now=NOW)
    was = {move.reference: move.was for group in found.groups for move in group.moves}
    for enquiry in Enquiry.objects.select_related("service"):
        place = Located(district_code=enquiry.district_code, ward_code=enquiry.ward_code)
        decided = destinations.destination(
            enquiry.service, place, NOW.date(), destinations.situation_of(enquiry)
        )
        if decided.organisation_id is not None:
            assert was[enquiry.reference] == decided.reason
        else:
            assert enquiry.reference not in was


def test_only_who_administers_the_hub_compares(
    number: int, agent: Viewer, officer: Viewer, manager: Viewer
) -> None:
    for viewer in (agent, officer, manager):
        with pytest.raises(reading.NoSuchVersion):
            comparing.compare(viewer, number, now=NOW)


def test_comparing_asks_the_same_however_many_there_are_and_writes_nothing(
    number: int, administrator: Viewer
) -> None:
    drafts.add_rule(number, rule(0, "pothole", organisation="wychavon"), actor=ADAM, now=NOW)

    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            comparing.compare(administrator, number, now=NOW)
        assert all(query["sql"].startswith("SELECT") for query in captured)
        return len(captured)

    ask(service="pothole")
    few = counted()
    for _ in range(6):
        ask(service="pothole")
    events = EnquiryEvent.objects.count()
    assert counted() == few
    assert EnquiryEvent.objects.count() == events


@pytest.mark.slow
def test_a_thousand_enquiries_and_two_thousand_rules_take_seconds(
    number: int, administrator: Viewer
) -> None:
    template = enquiry_of(ask(service="pothole", postcode="WR1 3EZ", triaged=False))
    Enquiry.objects.bulk_create(
        _copies(template, 1_200, places=["E07000237", "E07000238"]), batch_size=500
    )
    rows = [
        rule(
            position * 10,
            "pothole" if position % 2 else "missed-bin",
            owner_tier="",
            area_code="E07000237",
            channels=("sms",) if position < 2_000 else (),
            organisation="worcester-city",
        )
        for position in range(1, 2_001)
    ]
    drafts.replace_rules(number, rows, edit=0, actor=ADAM, now=NOW)
    began = time.perf_counter()
    found = comparing.compare(administrator, number, now=NOW)
    assert time.perf_counter() - began < 5
    assert found.looked_at == 1_000
    assert found.moved > 0


def _copies(one: Enquiry, count: int, places: list[str]) -> list[Enquiry]:
    made = []
    for index in range(count):
        copy = Enquiry.objects.get(pk=one.pk) if index == 0 else Enquiry(**vars_of(one))
        copy.pk = None
        copy.reference = f"WH{index:05}"
        copy.district_code = places[index % len(places)]
        copy.received_at = NOW - timedelta(minutes=index)
        made.append(copy)
    return made


def vars_of(one: Enquiry) -> dict[str, object]:
    """Every stored value of an enquiry but its id."""
    return {
        field.attname: getattr(one, field.attname)
        for field in one._meta.concrete_fields
        if not field.primary_key
    }
