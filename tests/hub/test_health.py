"""Load balancers and Prometheus get a true answer."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from core import outbox

pytestmark = pytest.mark.django_db


def test_the_process_answers_without_looking_at_anything(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_ready_means_database_migrations_broker_and_outbox(
    client: Client, settings: Settings, redis_url: str
) -> None:
    settings.REDIS_URL = redis_url
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "failed": {}})


def test_not_ready_says_what_does_not_answer(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert list(answer.json()["failed"]) == ["broker"]


def test_work_that_waits_too_long_makes_it_not_ready(
    client: Client,
    settings: Settings,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.REDIS_URL = redis_url
    monkeypatch.setattr(outbox, "oldest_due_age", lambda _now: 61.0)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "61 seconds" in answer.json()["failed"]["outbox"]


def test_figures_are_for_this_machine_and_for_the_token_alone(
    client: Client, settings: Settings
) -> None:
    settings.HUB_METRICS_TOKEN = "a-token-for-prometheus"

    def status(**request: Any) -> int:
        return client.get("/metrics", **request).status_code

    assert status(REMOTE_ADDR="127.0.0.1") == 200
    assert status(REMOTE_ADDR="203.0.113.9") == 404
    assert status(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9") == 404
    good, bad = "Bearer a-token-for-prometheus", "Bearer another"
    assert status(REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION=good) == 200
    assert status(REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION=bad) == 404


def test_without_a_token_an_empty_one_opens_nothing(client: Client, settings: Settings) -> None:
    settings.HUB_METRICS_TOKEN = ""
    answer = client.get("/metrics", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer ")
    assert answer.status_code == 404


def test_figures_name_routes_and_statuses_but_no_addresses(client: Client) -> None:
    client.get("/track/WH7-K3MP-4X/")
    text = client.get("/metrics").content.decode()
    for name in (
        "hub_request_seconds_count",
        "hub_outbox_depth",
        "hub_outbox_oldest_due_seconds",
        "hub_heartbeat_age_seconds",
        'hub_enquiries{status="new"}',
    ):
        assert name in text
    assert "K3MP" not in text
