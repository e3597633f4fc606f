"""Enquiries of other systems: taken once, read by whom they concern."""

from __future__ import annotations

import pytest

from core.models import AuditEvent
from enquiries.models import Enquiry, EnquiryEvent, Receipt
from notifications.models import Notification
from tests.api.conftest import BIN
from tests.outbox import run_outbox

pytestmark = pytest.mark.django_db


def test_an_enquiry_is_taken_and_its_owner_promise_and_track_link_are_told(system):
    answer = system().send()
    assert answer.status_code == 201
    body = answer.json()
    enquiry = Enquiry.objects.get()
    assert body["reference"] == enquiry.reference
    assert body["status"] == "new"
    assert body["owner"] == {"slug": "wychavon", "name": "Wychavon District Council"}
    assert body["promised_on"] == str(enquiry.promised_on)
    assert body["track_url"].endswith(f"/track/{enquiry.reference}/{enquiry.secret}/")
    assert answer["Location"] == f"/api/v1/enquiries/{enquiry.reference}/"
    assert "Idempotent-Replayed" not in answer


def test_it_goes_the_same_way_as_any_other_enquiry_and_the_person_is_told(system):
    sender = system()
    reference = sender.send().json()["reference"]
    run_outbox()
    seen = sender.get(f"enquiries/{reference}/").json()
    assert seen["status"] == "referred"
    assert seen["owner"]["slug"] == "wychavon"
    assert seen["service"] == {"slug": "missed-bin", "name": "Missed bin"}
    assert [step["words"] for step in seen["steps"]] == [
        "We received your enquiry",
        "Sent to Wychavon District Council",
    ]
    assert Notification.objects.filter(event="received", about=reference).count() == 1
    assert EnquiryEvent.objects.get(enquiry__reference=reference, sequence=1).actor_kind == "api"


def test_the_same_key_and_body_are_answered_alike_even_after_triage(system):
    sender = system()
    first = sender.send(key="a1")
    run_outbox()
    second = sender.send(key="a1")
    assert second.status_code == 201
    assert second.json() == first.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"description": "Something else"},
        {"service": "pothole"},
        {"person": {"name": "Sam Other"}},
        {"tell_by": "email"},
        {"place": {"postcode": "WR1 3EZ"}},
    ],
)
def test_the_same_key_with_another_body_is_refused_and_changes_nothing(system, change):
    sender = system()
    sender.send(key="a1")
    answer = sender.send({**BIN, **change}, key="a1")
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"
    assert Enquiry.objects.count() == 1


def test_two_organisations_may_use_the_same_key(system):
    assert system("worcester-city").send(key="1").status_code == 201
    assert system("wychavon").send(key="1").status_code == 201
    assert Enquiry.objects.count() == 2


def test_two_tokens_of_one_organisation_share_their_keys(system):
    first, second = system().send(key="k"), system().send(key="k")
    assert first.json() == second.json()
    assert Enquiry.objects.count() == 1


def test_a_refused_enquiry_leaves_its_key_free(system):
    sender = system()
    wrong = {**BIN, "place": {"postcode": "SW1A 1AA"}}
    assert sender.send(wrong, key="k").status_code == 422
    assert not Receipt.objects.exists()
    assert sender.send(BIN, key="k").status_code == 201


def test_an_enquiry_without_service_place_or_person_is_taken_into_the_hubs_queue(system):
    sender = system()
    answer = sender.send({"description": "Something odd is going on"})
    assert answer.status_code == 201
    assert answer.json()["owner"] is None
    run_outbox()
    seen = sender.get(f"enquiries/{answer.json()['reference']}/").json()
    assert seen["status"] == "open"
    assert seen["owner"]["slug"] == "hub"


@pytest.mark.parametrize(
    ("who", "sees"),
    [("worcester-city", 200), ("hub", 200), ("wychavon", 200), ("worcestershire-county", 404)],
)
def test_an_enquiry_is_seen_by_its_sender_the_hub_and_whom_it_was_referred_to(system, who, sees):
    reference = system("worcester-city").send().json()["reference"]
    run_outbox()
    assert system(who).get(f"enquiries/{reference}/").status_code == sees


def test_a_foreign_enquiry_is_answered_exactly_like_one_that_does_not_exist(system):
    reference = system("worcester-city").send().json()["reference"]
    run_outbox()
    stranger = system("worcestershire-county")
    foreign = stranger.get(f"enquiries/{reference}/")
    unknown = stranger.get("enquiries/WH2-2222-22/")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()


def test_an_enquiry_that_came_by_another_door_is_not_its_organisations_to_read(system, world):
    from tests.world import ask, enquiry_of

    enquiry = enquiry_of(ask())
    assert system("worcester-city").get(f"enquiries/{enquiry.reference}/").status_code == 404
    assert system("wychavon").get(f"enquiries/{enquiry.reference}/").status_code == 200


def test_references_are_read_however_they_are_written(system):
    sender = system()
    reference = sender.send().json()["reference"]
    plain = reference.replace("-", "").lower()
    assert sender.get(f"enquiries/{plain}/").json()["reference"] == reference


def test_services_and_organisations_are_listed_for_any_token(system):
    caller = system("wychavon")
    services = caller.get("services/").json()["results"]
    assert {row["slug"] for row in services} >= {"missed-bin", "pothole"}
    assert next(row for row in services if row["slug"] == "missed-bin")["needs_place"] is True
    bodies = caller.get("organisations/").json()["results"]
    assert [row["kind"] for row in bodies if row["slug"] == "wychavon"] == ["district"]


def test_a_token_is_only_kept_as_a_digest_and_its_issue_is_audited(system, world):
    raw = world.token("wychavon")
    from accounts.models import ApiToken

    kept = ApiToken.objects.get(prefix=raw.partition(".")[0])
    assert raw.partition(".")[2] not in (kept.digest, kept.prefix)
    assert AuditEvent.objects.filter(action="token.issued").exists()
