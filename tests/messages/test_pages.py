"""The page on which messages are looked after, for who may look and who may act."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.models import AuditEvent
from notifications import handovers
from notifications.lifecycle import State
from notifications.models import Attempt, CarrierHealth, Notification
from tests.desk.steps import new_key, text
from tests.messages.test_health import failed, message

pytestmark = pytest.mark.django_db
HOME = "/desk/settings/messages/"


@pytest.fixture
def not_at_midnight():
    """Five minutes ago was today, whatever the clock says."""
    now, ago = timezone.now(), timedelta(minutes=5)
    is_today = timezone.localdate(now - ago) == timezone.localdate(now)
    with nullcontext() if is_today else time_machine.travel(now + ago):
        yield


@pytest.fixture
def troubled(world, not_at_midnight):
    """An hour in which one provider was ill and four messages did not arrive."""
    now = timezone.now() - timedelta(minutes=5)
    for number in range(3):
        failed(f"gone:{number}", at=now, to=f"someone{number}@example.org")
    failed("parked", at=now, state=State.EXPIRED, error="The mail server is away", error_code="")
    message("prompt", at=now)
    message("waits", at=now, waited=None, medium="sms", to="+447700900123")
    Attempt.objects.create(
        notification=1, carrier="mail", medium="email", at=now, took_ms=1234, result="handed"
    )
    CarrierHealth.objects.create(
        carrier="twilio", ill_since=now, probe_at=now + timedelta(seconds=30), why="HTTP 503"
    )
    handovers.fold(now=timezone.now())
    return world


def test_the_page_says_what_waits_what_failed_and_who_is_ill(troubled, client_for):
    page = text(client_for(troubled.administrator).get(HOME))
    for words in (
        "1 message was given up after many tries", "550 no such mailbox", "HTTP 503", "1,234 ms",
        "The mail server is away", "Ill", "Well", "5 min ago", "Below",
    ):  # fmt: skip
        assert words in page
    assert "someone0@example.org" not in page


def test_a_manager_sees_it_and_may_send_nothing(troubled, client_for):
    client = client_for(troubled.manager)
    page = text(client.get(HOME))
    assert "550 no such mailbox" in page
    assert f"{HOME}lost/" not in page
    assert client.get(f"{HOME}lost/?medium=email&state=failed").status_code == 404
    assert client.post(f"{HOME}test/", {}).status_code == 404


def test_one_press_sends_all_of_one_reason_once(troubled, client_for):
    client = client_for(troubled.administrator)
    page = text(client.get(f"{HOME}lost/?medium=email&carrier=mail&code=550&state=failed"))
    assert "550 no such mailbox" in page
    assert "someone0@example.org" not in page  # addresses are shown with stars
    form = {"key": new_key(), "medium": "email", "carrier": "mail", "code": "550"}
    for _ in range(2):
        answer = client.post(f"{HOME}lost/again/", {**form, "state": "failed"}, follow=True)
    assert "550 no such mailbox" not in text(answer)
    copies = Notification.objects.exclude(instead_of=None)
    assert sorted(copies.values_list("to", "state")) == [
        (f"someone{number}@example.org", "queued") for number in range(3)
    ]
    assert AuditEvent.objects.filter(action="notification.sent_again").count() == 3


def test_what_may_have_arrived_is_sent_again_one_by_one_by_who_was_told_so(troubled, client_for):
    lost = [
        failed(f"unknown:{one}", state=State.UNKNOWN, settled_at=None,
               at=timezone.now() - timedelta(minutes=5), to=f"perhaps{one}@example.org",
               error="The answer was lost", error_code="")
        for one in range(2)
    ]  # fmt: skip
    reason = {"medium": "email", "carrier": "mail", "state": "unknown"}
    client = client_for(troubled.administrator)
    page = text(client.get(f"{HOME}lost/", reason))
    assert "may get it twice" in page
    assert page.count(f'value="{lost[0].public_id}"') == 1
    form = {**reason, "key": new_key(), "message": str(lost[0].public_id)}
    for _ in range(2):
        page = text(client.post(f"{HOME}lost/again/", form, follow=True))
    assert str(lost[0].public_id) not in page
    assert str(lost[1].public_id) in page
    copy = Notification.objects.exclude(instead_of=None).get()
    assert (copy.to, copy.state, copy.instead_of) == (lost[0].to, State.QUEUED, lost[0].pk)
    assert AuditEvent.objects.get(action="notification.sent_again").target == str(lost[0].public_id)
    page = text(client.post(f"{HOME}lost/again/", {**form, "key": new_key()}))
    assert "sent again meanwhile" in page
    assert Notification.objects.exclude(instead_of=None).count() == 1


def test_what_came_back_after_weeks_is_shown_without_a_press(troubled, client_for):
    now = timezone.now()
    failed(
        "came back", at=now - timedelta(weeks=3), settled_at=now, medium="letter",
        provider="notify", error_code="returned-letter", error="The letter came back",
    )  # fmt: skip
    client = client_for(troubled.administrator)
    assert "The letter came back" in text(client.get(HOME))
    page = text(
        client.get(f"{HOME}lost/?medium=letter&carrier=notify&code=returned-letter&state=failed")
    )
    assert "The letter came back" in page
    assert "asked for more than 7 days ago" in page
    assert "Send these again" not in page


@pytest.mark.parametrize(
    "asked", ["", "medium=fax&state=failed", "medium=email&state=sent", "medium=email&state=%00"]
)
def test_what_names_no_reason_leads_back(troubled, client_for, asked):
    answer = client_for(troubled.administrator).get(f"{HOME}lost/?{asked}")
    assert (answer.status_code, answer["Location"]) == (303, HOME)


@pytest.mark.parametrize("code", ["\x00", "x" * 500, "'; --"])
def test_a_strange_code_is_no_error_of_ours(troubled, client_for, code):
    data = {"medium": "email", "state": "failed", "code": code}
    answer = client_for(troubled.administrator).get(f"{HOME}lost/", data)
    assert answer.status_code in {200, 303}


def test_a_test_message_goes_and_its_page_says_what_became_of_it(troubled, client_for):
    client, key = client_for(troubled.administrator), new_key()
    data = {"key": key, "medium": "sms", "address": "07700 900 456"}
    answer = client.post(f"{HOME}test/", data, follow=True)
    assert "Waiting to go" in text(answer)
    client.post(f"{HOME}test/", data)
    sent = Notification.objects.get(event="test")
    assert sent.to == "+447700900456"
    assert "+447700900456" not in text(answer)


@pytest.mark.parametrize(
    ("medium", "address", "said"),
    [
        ("sms", "me@example.org", "number"),
        ("email", "07700900456", "email"),
        ("email", "", "Enter a mobile number or an email address"),
        ("fax", "1", "Choose from the list"),
    ],
)
def test_a_wrong_address_is_said_and_nothing_is_sent(troubled, client_for, medium, address, said):
    data = {"key": new_key(), "medium": medium, "address": address}
    answer = client_for(troubled.administrator).post(f"{HOME}test/", data)
    assert said in text(answer)
    assert not Notification.objects.filter(event="test").exists()


def test_tests_are_limited(troubled, client_for):
    client = client_for(troubled.administrator)
    data = {"medium": "email", "address": "me@example.org"}
    for _ in range(21):
        answer = client.post(f"{HOME}test/", {**data, "key": new_key()})
    assert "many test messages" in text(answer)
    assert Notification.objects.filter(event="test").count() == 20


def test_the_days_leave_as_a_table(troubled, client_for):
    answer = client_for(troubled.manager).get(f"{HOME}days.csv")
    lines = answer.content.decode().splitlines()
    assert lines[0] == "day,due,within_10_seconds,share"
    assert lines[1].startswith(f"{timezone.localdate().isoformat()},")


def test_nothing_yet_reads_as_a_page_too(world, client_for):
    page = text(client_for(world.administrator).get(HOME))
    assert "No message was sent today" in page
    assert "Everything arrived" in page


def test_a_partner_does_not_find_it(world, client_for):
    for user in (world.officer, world.outsider, world.agent):
        assert client_for(user).get(HOME).status_code == 404
