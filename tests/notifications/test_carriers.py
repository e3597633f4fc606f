"""Who carries a medium for whom, and what happens to a message while carriers are ill."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation
from core.models import AuditEvent
from notifications import callbacks, health
from notifications.backends import memory, registry
from notifications.backends.base import Later, NotHanded, Refused, Unclear
from notifications.lifecycle import State
from notifications.models import Attempt, Carrier, CarrierHealth, Notification, Route
from tests.notifications.helpers import deliver, tell
from tests.stand_ins import phone

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def carrier(slug: str, kind: str = "memory", **fields: object) -> Carrier:
    sealed = registry.seal({"url": "smtp://mail.example"} if kind == "smtp" else {})
    return Carrier.objects.create(
        slug=slug, name=slug, kind=kind, sealed=sealed, changed_at=timezone.now(), **fields
    )


def route(medium: str, *slugs: str, organisation: Organisation | None = None) -> None:
    for position, slug in enumerate(slugs):
        Route.objects.create(
            medium=medium, carrier=slug, position=position, organisation=organisation
        )


def slugs(medium: str, organisation: str = "") -> list[str]:
    return [account.slug for account in registry.carriers_for(medium, organisation)]


# -- Who carries what for whom -----------------------------------------------------------------


def test_without_rows_the_environment_names_the_carriers_in_their_order(settings):
    settings.NOTIFICATION_BACKENDS = {"sms": ["memory", "console"], "email": "memory"}
    assert slugs("sms") == ["memory", "console"]
    assert slugs("email") == ["memory"]
    assert slugs("letter") == []


def test_routes_of_the_partnership_come_before_the_environment():
    carrier("second")
    route("sms", "second", "memory")
    assert slugs("sms") == ["second", "memory"]
    assert slugs("email") == ["memory"]


def test_routes_of_an_organisation_are_for_its_messages_alone(world):
    body = world.organisations["wychavon"]
    carrier("theirs", organisation=body)
    route("sms", "theirs", "memory", organisation=body)
    assert slugs("sms", body.slug) == ["theirs", "memory"]
    assert slugs("sms") == ["memory"]
    assert slugs("sms", "another") == ["memory"]


def test_nobody_uses_the_account_of_another_body(world):
    carrier("theirs", organisation=world.organisations["wychavon"])
    route("sms", "theirs", "memory")
    assert slugs("sms") == ["memory"]


def test_a_carrier_that_is_switched_off_is_passed_over_and_an_empty_level_is_not_there(world):
    carrier("theirs", organisation=world.organisations["wychavon"], is_active=False)
    route("sms", "theirs", organisation=world.organisations["wychavon"])
    assert slugs("sms", "wychavon") == ["memory"]


def test_a_row_takes_the_place_of_what_the_environment_calls_the_same():
    carrier("memory", "console")
    [account] = registry.carriers_for("sms")
    assert account.kind == "console"
    Carrier.objects.update(is_active=False)
    assert slugs("sms") == []


def test_a_carrier_that_was_changed_is_built_anew():
    row = carrier("post", "smtp")
    first = registry.carrier("post")
    assert first is not None
    backend = registry.backend_of(first)
    again = registry.carrier("post")
    assert again is not None
    assert registry.backend_of(again) is backend
    row.sealed = registry.seal({"url": "smtp://other.example"})
    row.save()
    changed = registry.carrier("post")
    assert changed is not None
    assert registry.backend_of(changed) is not backend


def test_a_worker_goes_by_the_routes_that_it_has_read_for_two_seconds(
    settings, monkeypatch, django_assert_num_queries
):
    settings.CARRIERS_KEPT_SECONDS = 2
    at = [100.0]
    monkeypatch.setattr("notifications.backends.registry.time.monotonic", lambda: at[0])
    assert slugs("sms") == ["memory"]
    carrier("second")
    route("sms", "second")
    with django_assert_num_queries(0):
        assert slugs("sms") == ["memory"]
    at[0] += 2
    assert slugs("sms") == ["second"]


def test_keys_are_sealed_and_stand_in_no_log():
    carrier("post", "smtp")
    assert "mail.example" not in Carrier.objects.get().sealed
    account = registry.carrier("post")
    assert account is not None
    assert account.secrets == {"url": "smtp://mail.example"}
    assert "mail.example" not in repr(account)


def test_a_carrier_whose_keys_do_not_open_is_passed_over():
    carrier("post", "smtp")
    Carrier.objects.update(sealed="not sealed by us")
    route("email", "post", "memory")
    assert slugs("email") == ["memory"]


# -- Illness -----------------------------------------------------------------------------------


@pytest.fixture
def two(settings) -> None:
    """Two carriers of texts, and an illness that three failures are enough for."""
    settings.CARRIER_ILL_AFTER = 3
    carrier("first")
    carrier("second")
    route("sms", "first", "second")


def fail(times: int, trouble: NotHanded | None = None, *, after: timedelta = timedelta()) -> None:
    """So many messages that the next carrier does not take."""
    for _ in range(times):
        memory.plan.append(trouble or Unclear("HTTP 500"))
        number = Notification.objects.count()
        deliver(tell(f"fail:{number}", about=""), after=after)


def is_ill(slug: str = "first") -> bool:
    return slug in health.ill([slug])


def test_failures_within_a_minute_make_a_carrier_ill_and_the_next_takes_what_waits(two):
    waiting = tell("waits", about="")
    fail(2)
    assert not is_ill()
    fail(1)
    assert is_ill()
    assert deliver(waiting).provider == "second"
    assert waiting.state == State.SENT
    assert [line.target for line in AuditEvent.objects.filter(action="carrier.ill")] == ["first"]


def test_failures_that_lie_further_apart_are_no_illness(two):
    fail(2)
    fail(1, after=61 * SECOND)
    assert not is_ill()


def test_refusals_and_pleas_for_patience_are_no_illness(two):
    fail(3, Refused("Not a number", code="21211"))
    fail(3, Later("Too many requests", code="429", busy=True))
    assert not is_ill()


def test_a_carrier_that_lets_everybody_wait_in_vain_is_ill_before_it_has_failed_so_often():
    bounds = health.Limits(50, 60 * SECOND, 60 * SECOND, 30 * SECOND)
    assert not health.is_much([8_000] * 7, bounds)
    assert health.is_much([8_000] * 8, bounds)
    assert not health.is_much([20] * 49, bounds)
    assert health.is_much([20] * 50, bounds)


def test_a_few_failures_among_many_messages_are_no_illness(two):
    for n in range(13):
        deliver(tell(f"fine:{n}", about=""))
    fail(3)
    assert not is_ill()
    fail(1)
    assert is_ill()


def test_a_message_that_somebody_waits_for_is_not_the_one_that_tries_an_ill_carrier(two):
    fail(3)
    now = timezone.now()
    assert not health.claim_probe("first", now=now + 31 * SECOND, is_urgent=True)
    assert health.claim_probe("first", now=now + 61 * SECOND, is_urgent=True)


@pytest.mark.django_db(transaction=True)
def test_many_that_fail_at_once_make_one_illness_and_one_probe(two):
    now = timezone.now()
    Attempt.objects.bulk_create(
        Attempt(notification=n, carrier="first", medium="sms", at=now, took_ms=5, result="later")
        for n in range(3)
    )
    claimed: list[bool] = []
    gate = threading.Barrier(6)

    def work() -> None:
        gate.wait()
        with transaction.atomic():
            health.heard_bad("first", "HTTP 500", was_probe=False, now=now)
        gate.wait()
        claimed.append(health.claim_probe("first", now=now + 31 * SECOND))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AuditEvent.objects.filter(action="carrier.ill").count() == 1
    assert claimed.count(True) == 1


def test_what_may_have_been_taken_is_asked_for_where_it_may_be(two):
    memory.plan.append(("lost", Unclear("The answer was lost")))
    lost = deliver(tell("lost", about=""))
    fail(2)
    assert is_ill()
    deliver(lost, after=61 * SECOND)
    assert lost.state == State.SENT
    assert lost.provider == "first"
    assert len([m for m in memory.outbox if m.reference == str(lost.public_id)]) == 1


def test_what_an_ill_carrier_surely_does_not_have_goes_by_the_next(two):
    fail(3)
    message = Notification.objects.get(key="fail:0")
    CarrierHealth.objects.update(probe_at=timezone.now() + timedelta(hours=1))
    deliver(message, after=61 * SECOND)
    assert (message.state, message.provider) == (State.SENT, "second")


def test_one_message_in_half_a_minute_is_tried_with_an_ill_carrier_and_brings_all_back(two):
    fail(3)
    later = 31 * SECOND
    memory.plan.append(Later("Still ill"))
    assert deliver(tell("probe", about=""), after=later).state == State.QUEUED
    assert deliver(tell("other", about=""), after=later).provider == "second"
    later = 62 * SECOND
    assert deliver(tell("better", about=""), after=later).provider == "first"
    assert not is_ill()
    assert deliver(tell("after", about=""), after=later).provider == "first"
    assert AuditEvent.objects.filter(action="carrier.well").count() == 1


def test_what_failed_before_it_got_well_does_not_count_again(two):
    fail(3)
    deliver(tell("better", about=""), after=31 * SECOND)
    assert not is_ill()
    fail(2, after=32 * SECOND)
    assert not is_ill()


def test_a_probe_is_claimed_once(two):
    fail(3)
    now = timezone.now() + 31 * SECOND
    assert [health.claim_probe("first", now=now) for _ in range(3)] == [True, False, False]


def test_while_all_are_ill_a_message_waits_and_is_not_lost(two):
    soon = timezone.now() + timedelta(hours=1)
    for slug in ("first", "second"):
        CarrierHealth.objects.create(carrier=slug, ill_since=timezone.now(), probe_at=soon)
    message = deliver(tell())
    assert (message.state, message.error_code) == (State.QUEUED, "all_ill")
    assert Attempt.objects.count() == 0
    deliver(message, after=timedelta(hours=1, seconds=1))
    assert (message.state, message.provider) == (State.SENT, "first")


def test_a_message_that_one_carrier_keeps_failing_goes_to_the_next_though_that_is_well(
    two, settings
):
    settings.CARRIER_ILL_AFTER = 50
    message = tell()
    tried = []
    for n in range(4):
        memory.plan.append(Later("Not now"))
        tried.append(deliver(message, after=n * timedelta(minutes=1)).provider)
    assert tried == ["first", "first", "first", "second"]


def test_each_hand_over_leaves_its_row(two):
    deliver(tell("one", about=""))
    fail(1, Refused("Not a number", code="21211"))
    fail(1, Later("Busy", code="429", busy=True))
    rows = Attempt.objects.values_list("carrier", "medium", "result", "code")
    assert list(rows) == [
        ("first", "sms", "handed", ""),
        ("first", "sms", "refused", "21211"),
        ("first", "sms", "busy", "429"),
    ]


def test_old_rows_of_hand_overs_are_removed_and_young_ones_stay(two):
    from notifications import attempts

    deliver(tell("one", about=""))
    deliver(tell("two", about=""))
    first = Attempt.objects.earliest("pk")
    Attempt.objects.filter(pk=first.pk).update(at=datetime(2020, 1, 1, tzinfo=first.at.tzinfo))
    before = timezone.now() - timedelta(days=90)
    assert attempts.forget(before=before) == 1
    assert attempts.forget(before=before) == 0
    assert Attempt.objects.count() == 1


# -- What a body's own account signs ------------------------------------------------------------


def test_twilio_is_believed_by_the_key_of_a_bodys_own_account(settings, world):
    settings.TWILIO_AUTH_TOKENS = ["the-hubs-token"]
    settings.HUB_BASE_URL = "https://hub.example"
    account = "AC" + "5" * 32
    row = Carrier.objects.create(
        slug="theirs", name="Theirs", kind="twilio", organisation=world.organisations["wychavon"],
        settings={"account_sid": account, "number": "+447700900009"},
        sealed=registry.seal({"auth_token": "their-token"}), changed_at=timezone.now(),
    )  # fmt: skip
    told = deliver(tell())
    Notification.objects.filter(pk=told.pk).update(provider="theirs", provider_id="SM" + "1" * 32)
    path = f"/channels/sms/status?message={told.public_id}&proof="
    path += callbacks.token(str(told.public_id))

    def post(token: str, **changed: str) -> int:
        fields = {"MessageSid": "SM" + "1" * 32, "MessageStatus": "delivered",
                  "AccountSid": account, **changed}  # fmt: skip
        headers = {
            "X-Twilio-Signature": phone.signature(f"https://hub.example{path}", fields, token)
        }
        answer = Client().post(path, urlencode(fields), content_type=phone.FORM, headers=headers)
        return int(answer.status_code)

    assert post("their-token", AccountSid="AC" + "6" * 32) == 403
    assert post("another-token") == 403
    assert post("their-token") == 204
    told.refresh_from_db()
    assert told.state == State.DELIVERED
    row.is_active = False
    row.save()
    assert post("their-token") == 403
