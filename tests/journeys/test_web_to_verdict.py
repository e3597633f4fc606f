"""The whole way: a citizen's form, the partner's answer, what the citizen is told, the figure.

Once with the promises kept in the test's own process, once by the real relay and worker.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.models import Outbox
from enquiries.models import Enquiry, Referral
from metrics import projection
from metrics.models import EnquiryFact
from notifications.models import Notification, PostboxMessage
from tests.journeys.steps import report_a_missed_bin, send, words
from tests.outbox import run_outbox
from tests.parts import Part, python, running
from tests.world import World, build

ClientFor = Callable[[User], Client]


def partner_completes(client: Client) -> None:
    """The officer signs in, reads, accepts and completes."""
    inbox = client.get("/desk/referrals/").content.decode()
    assert "Missed bin" in words(inbox)
    page = f"/desk/referrals/{Referral.objects.get().public_id}/"
    assert "My black bin was not emptied on Monday" in words(client.get(page).content.decode())
    send(client, page, form=f"{page}accept/")
    send(
        client,
        page,
        form=f"{page}complete/",
        outcome="completed",
        words="The crew emptied it this morning.",
    )


@pytest.mark.django_db(transaction=True)
def test_from_the_form_to_the_partner_to_the_citizen_to_the_figure(
    client: Client, client_for: ClientFor
) -> None:
    world = build()
    reference, link = report_a_missed_bin(client)
    run_outbox()
    assert "Wychavon District Council" in words(client.get(link).content.decode())

    partner_completes(client_for(world.officer))
    run_outbox()

    tracked = words(client.get(link).content.decode())
    assert "The crew emptied it this morning." in tracked
    letters = PostboxMessage.objects.filter(to="jo@example.com").order_by("at", "pk")
    assert [Notification.objects.get(public_id=row.reference).event for row in letters] == [
        "received",
        "resolved",
    ]
    assert all(reference in row.body for row in letters)
    _the_verdict_ripens(reference)


def _the_verdict_ripens(reference: str) -> None:
    now = timezone.now()
    projection.refresh(now=now)
    assert EnquiryFact.objects.get(reference=reference).verdict == "pending"
    projection.refresh(now=now + timedelta(days=40))
    assert EnquiryFact.objects.get(reference=reference).verdict == "success"


def test_a_wrong_postcode_and_an_unknown_reference_get_the_same_answer(
    world: World, client: Client
) -> None:
    reference, _link = report_a_missed_bin(client)

    def answer(**asked: str) -> str:
        page = client.get("/track/", asked)
        return words(page.content.decode()).replace(asked["reference"], "")

    wrong = answer(reference=reference, postcode="WR1 3EZ")
    unknown = answer(reference="WH2-2222-22", postcode="WR1 3EZ")
    assert wrong == unknown


@pytest.fixture
def carried(pg: str, redis_url: str, tmp_path: Path) -> Iterator[None]:
    """The real relay and the real worker, on this test's database and broker."""
    env = {
        "DATABASE_URL": pg,
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
    }
    celery = ("-m", "celery", "-A", "hub.celery", "-q", "worker", "-c", "1", "-Q", "default")
    with running(
        Part("relay", python("manage.py", "relay"), env, tmp_path / "relay.log"),
        Part("worker", python(*celery), env, tmp_path / "worker.log"),
    ):
        yield


def wait_for(done: Callable[[], bool], seconds: float = 40) -> None:
    """Until it is so; fails with what is still open."""
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, list(
            Outbox.objects.filter(settled_at=None).values("task", "attempts", "error")
        )
        time.sleep(0.2)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_real_relay_and_worker_carry_it(
    carried: None, client: Client, client_for: ClientFor
) -> None:
    world = build()
    reference, _link = report_a_missed_bin(client)
    wait_for(lambda: Enquiry.objects.get(reference=reference).status == "referred")

    partner_completes(client_for(world.officer))
    # That it was accepted could still be taken back when it was done: it is told once, at its end.
    wait_for(lambda: PostboxMessage.objects.filter(to="jo@example.com").count() == 2)
    wait_for(lambda: not Outbox.objects.filter(settled_at=None).exists())
    assert Notification.objects.get(event="accepted").state == "overtaken"
    assert Notification.objects.filter(event="resolved").count() == 1
