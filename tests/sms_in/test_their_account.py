"""A body's own account with Twilio, for what comes in while we are away: its list is read, its
pictures are fetched with its keys, and who texted it is answered by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from channels import tasks
from channels.sms import keyring, pulling, spool
from enquiries.models import Attachment, Enquiry
from hub.fallback import Door
from notifications import incoming
from notifications.backends import registry
from notifications.models import Carrier, Notification, Route
from tests.outbox import run_outbox
from tests.sms_in.test_fallback import FIELDS, URL, signed, text
from tests.stand_ins import twilio_server
from tests.stand_ins.twilio_server import File, TwilioServer
from tests.uploads.steps import photo

pytestmark = pytest.mark.django_db

NUMBER = "+447700900009"
ODD = "Something odd happened near the old mill"


@pytest.fixture
def theirs(settings, world, clock) -> Iterator[TwilioServer]:
    """Wychavon's own account is well; the partnership's, another one, does not answer."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_API_BASE = "AC" + "9" * 32, "http://127.0.0.1:9"
    body = world.organisations["wychavon"]
    with TwilioServer() as server:
        told = {"account_sid": twilio_server.ACCOUNT, "number": NUMBER, "api_base": server.base}
        Carrier.objects.create(
            slug="theirs", name="Theirs", kind="twilio", organisation=body, settings=told,
            sealed=registry.seal({"auth_token": twilio_server.TOKEN}), changed_at=timezone.now(),
        )  # fmt: skip
        Route.objects.create(medium="sms", carrier="theirs", organisation=body)
        yield server


@pytest.mark.django_db(transaction=True)
def test_what_never_reached_us_is_found_in_their_list_and_answered_by_them(theirs, clock):
    pulling.pull(now=timezone.now())
    clock.shift(timedelta(minutes=10))
    came = timezone.now() - timedelta(minutes=5)
    theirs.came_in(ODD, at=came, to=NUMBER, files=[File(photo())])
    tasks.pull_texts()
    run_outbox()
    case = Enquiry.objects.get()
    assert Attachment.objects.filter(enquiry=case).count() == 1
    answer = Notification.objects.get(provider="theirs")
    assert answer.organisation == "wychavon"
    assert case.reference in theirs.messages[-1]["body"]
    tasks.pull_texts()
    run_outbox()
    assert Enquiry.objects.count() == 1


def test_their_files_are_opened_for_what_came_by_their_account_alone(theirs):
    url = theirs.keep_file("MM" + "1" * 32, File(b"x"))
    assert incoming.fetch(url, most=10, line="wychavon") == b"x"
    for line in ("", "bromsgrove"):
        with pytest.raises(incoming.Gone):
            incoming.fetch(url, most=10, line=line)
    assert len(theirs.fetched) == 1


def test_the_fallback_takes_what_they_signed_for_themselves_and_it_is_theirs(theirs, settings):
    tasks.drain_spool()
    door = Door(URL, ("the-new-token",), settings.SMS_SPOOL_DIR, settings.TWILIO_ACCOUNT_SID,
                tuple(settings.SEALING_KEYS))  # fmt: skip
    assert twilio_server.TOKEN.encode() not in (settings.SMS_SPOOL_DIR / keyring.FILE).read_bytes()
    said = {**FIELDS, "AccountSid": twilio_server.ACCOUNT, "To": NUMBER, "Body": ODD}

    def status(token: str = twilio_server.TOKEN, **changed: str) -> int:
        fields = {**said, **changed}
        return text(door, fields, HTTP_X_TWILIO_SIGNATURE=signed(fields, token=token)).status

    assert status("the-new-token") == status(AccountSid="AC" + "9" * 32) == 403
    assert status(AccountSid="") == status(To="+447700900000") == 403
    assert spool.waiting(settings.SMS_SPOOL_DIR) == []
    assert status() == 200
    (path,) = spool.waiting(settings.SMS_SPOOL_DIR)
    kept = spool.read(path)
    assert (kept.carrier, kept.line) == ("theirs", "wychavon")
    tasks.drain_spool()
    answer = Notification.objects.get(key__startswith="received:")
    assert (answer.provider, answer.organisation) == ("theirs", "wychavon")
    Carrier.objects.update(is_active=False)
    tasks.drain_spool()
    assert status() == 403
    assert text(Door(URL, (), settings.SMS_SPOOL_DIR), said).status == 403
