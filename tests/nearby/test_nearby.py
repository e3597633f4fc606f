"""What neighbours may read of others' reports, and what they never do."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import kb.queries
from accounts.permissions import SYSTEM_VIEWER
from enquiries.actions import neighbours, resolutions
from enquiries.inbound import Place
from enquiries.lifecycle import Outcome
from enquiries.models import Attachment, Enquiry
from enquiries.queries import locating, nearby
from kb.models import Service
from tests import forms_of
from tests.isolation.stage import PNG
from tests.nearby.steps import EAST, NORTH, SECRET_WORDS, join, report
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


def shown(
    north: float = 0.0, now: datetime = NOW, service: str = "pothole", **place: Any
) -> tuple[nearby.Nearby, ...]:
    where = Place(**place) if place else Place(latitude=NORTH + north, longitude=EAST)
    return nearby.nearby(
        kb.queries.service(service),
        locating.located(where),
        now=now,
        by_point=where.latitude is not None,
    )


@pytest.mark.parametrize(
    ("north", "words"),
    [
        (0.0, "Less than 20 m away"),
        (0.00036, "About 40 m away"),
        (0.0010, "About 100 m away"),
        (0.0026, "About 300 m away"),
    ],
)
def test_the_distance_is_said_in_words(world: World, north: float, words: str) -> None:
    report(north=north)
    assert [one.where for one in shown()] == [words]


def test_farther_away_is_nothing_and_a_postcode_reaches_farther(world: World) -> None:
    report(north=0.0036)  # 400 m
    assert shown() == ()
    assert [one.where for one in shown(postcode="WR11 3DA")] == ["About 400 m away"]


def test_the_nearest_comes_first_and_five_are_enough(world: World) -> None:
    for step in range(7):
        report(north=0.0003 * (7 - step), email=f"p{step}@example.com")
    found = shown()
    assert len(found) == nearby.SHOWN
    assert [one.metres for one in found] == sorted(one.metres for one in found)


@pytest.mark.parametrize(("days", "there"), [(0, True), (13.9, True), (14.1, False), (-0.1, False)])
def test_fourteen_days_are_lately(world: World, days: float, there: bool) -> None:
    report(now=NOW)
    assert bool(shown(now=NOW + timedelta(days=days))) is there


def test_of_another_kind_is_nothing(world: World) -> None:
    report(service="missed-bin")
    assert shown() == ()


@pytest.mark.parametrize(
    "changed",
    [{"sensitive": True}, {"nearby_m": 0}, {"location": "address"}, {"subject": "person"}],
)
def test_what_is_not_about_a_public_place_is_never_shown(
    world: World, changed: dict[str, Any]
) -> None:
    report()
    Service.objects.filter(slug="pothole").update(**changed)
    assert shown() == ()


def test_a_service_may_say_how_near(world: World) -> None:
    report(north=0.0005)
    report(service="missed-bin", north=0.0005)
    Service.objects.filter(slug="pothole").update(nearby_m=20)
    Service.objects.filter(slug="missed-bin").update(nearby_m=100)
    assert shown() == ()
    assert len(shown(service="missed-bin")) == 1


def test_nothing_that_somebody_wrote_is_in_it(world: World) -> None:
    other = report()
    (one,) = shown()
    told = repr(asdict(one))
    for private in (SECRET_WORDS, "Canary", "Marlow", "example.com", other.reference, other.secret):
        assert private not in told
    assert (one.words, one.picture) == ("", None)


def test_answers_from_a_list_are_shown_and_typed_ones_are_not(world: World) -> None:
    forms_of.publish(
        "pothole",
        forms_of.choice("road", a="An ordinary road", b="Another road"),
        {"key": "who", "type": "text", "words": "Who?"},
    )
    report(answers={"road": "a", "who": SECRET_WORDS})
    assert [one.said for one in shown()] == [("An ordinary road",)]


def test_what_is_new_or_held_or_ended_without_work_is_not_shown(world: World) -> None:
    for outcome in (Outcome.WITHDRAWN, Outcome.ANSWERED, Outcome.SIGNPOSTED):
        one = report(email=f"{outcome}@example.com")
        resolutions.resolve(
            reference=one.reference, viewer=SYSTEM_VIEWER, outcome=outcome, words="x", now=NOW
        )
    target = report(email="first@example.com")
    join(target)
    report(routed=False, email="last@example.com")
    assert [one.enquiry_id for one in shown()] == [target.pk]


def test_what_was_done_is_shown_as_done_and_after_those_that_live(world: World) -> None:
    done, live = report(), report(north=0.001, email="b@example.com")
    resolutions.resolve(
        reference=done.reference,
        viewer=SYSTEM_VIEWER,
        outcome=Outcome.COMPLETED,
        words=f"Filled for {SECRET_WORDS}",
        now=NOW + timedelta(hours=1),
    )
    found = shown(now=NOW + timedelta(hours=2))
    assert [(one.enquiry_id, one.is_live) for one in found] == [(live.pk, True), (done.pk, False)]
    assert found[1].status_words == "Done"
    assert "Filled" not in repr(found)


def test_a_case_that_waits_for_its_citizen_is_in_progress_to_others(world: World) -> None:
    from enquiries.actions import replies

    one = report()
    replies.ask(reference=one.reference, viewer=SYSTEM_VIEWER, question="Which lane?", now=NOW)
    assert [found.status_words for found in shown()] == ["In progress"]


def allow(enquiry: Enquiry, **said: str) -> None:
    neighbours.show(
        reference=enquiry.reference,
        viewer=SYSTEM_VIEWER,
        now=NOW,
        **{"words": "A hole in the left lane", "picture": "", "picture_words": "", **said},
    )


def test_words_are_shown_when_staff_approved_them_until_they_take_them_back(world: World) -> None:
    one = report()
    allow(one)
    assert [found.words for found in shown()] == ["A hole in the left lane"]
    neighbours.hide(reference=one.reference, viewer=SYSTEM_VIEWER, now=NOW)
    assert [found.words for found in shown()] == [""]


@pytest.mark.parametrize(
    "words",
    ["", "\x00", "x" * 301, "Mr Marlow says so", "Ring 07700 900123", "a@example.com"],
)
def test_words_that_name_somebody_are_refused(world: World, words: str) -> None:
    one = report()
    with pytest.raises(neighbours.NotForNeighbours):
        allow(one, words=words)
    assert [found.words for found in shown()] == [""]


def photo(world: World, enquiry: Enquiry, **more: Any) -> Attachment:
    from django.core.files.base import ContentFile

    return Attachment.objects.create(
        enquiry=enquiry,
        organisation=world.organisations["hub"],
        name="hole.png",
        size=len(PNG),
        sha256="0" * 64,
        file=ContentFile(PNG, "x"),
        added_at=NOW,
        added_by="An agent",
        **{"seen_by": "hub", "content_type": "image/png", **more},
    )


def test_a_picture_opens_for_anybody_only_while_it_is_approved(
    world: World, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    one = report()
    file = photo(world, one)
    address = f"/places/pictures/{file.public_id}/"
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    assert Client().get(address).status_code == 404
    allow(one, picture=str(file.public_id), picture_words="A hole, about a metre wide")
    assert shown()[0].picture == file.public_id
    answer = Client().get(address)
    assert (answer.status_code, answer.getvalue()) == (200, PNG)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    neighbours.hide(reference=one.reference, viewer=SYSTEM_VIEWER, now=NOW)
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    "more", [{"scan": "waiting"}, {"content_type": "application/pdf"}, {"seen_by": "us"}]
)
def test_what_is_not_a_checked_picture_of_the_hubs_cannot_be_chosen(
    world: World, settings: Any, tmp_path: Any, more: dict[str, Any]
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    one = report()
    file = photo(world, one, **more)
    with pytest.raises(neighbours.NotForNeighbours):
        allow(one, picture=str(file.public_id), picture_words="A hole")
    other = photo(world, report(email="b@example.com"))
    with pytest.raises(neighbours.NotForNeighbours):
        allow(one, picture=str(other.public_id), picture_words="A hole")


def test_it_is_one_statement_by_the_index_of_what_came_lately(world: World) -> None:
    first, other = report(), report(service="missed-bin", email="b@example.com")
    Enquiry.objects.bulk_create(
        [
            Enquiry(
                reference=f"WHB-{number:06d}",
                secret="x",
                service=other.service if number % 10 else first.service,
                description="x",
                first_contact=first.first_contact,
                received_at=NOW - timedelta(hours=number),
                owner=first.owner,
                status=first.status,
                easting=(first.easting or 0) + number % 20 * 40,
                northing=first.northing,
                latitude=first.latitude,
                longitude=first.longitude,
            )
            for number in range(1, 8_000)
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE enquiries_enquiry")
    service = kb.queries.service("pothole")
    where = locating.located(Place(latitude=NORTH, longitude=EAST))
    with CaptureQueriesContext(
        connection,
    ) as caught:
        found = nearby.nearby(service, where, now=NOW, by_point=True)
    assert len(found) == nearby.SHOWN
    asked = [one["sql"] for one in caught.captured_queries if "enquiries_enquiry" in one["sql"]]
    assert len(asked) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[0]}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert re.search(r"enquiry_nearby|enquiry_service_point", plan), plan
