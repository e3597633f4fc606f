"""Pictures by text: fetched with our keys from Twilio alone, kept where their text belongs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from core.models import Outbox
from enquiries.models import Attachment, Enquiry, EnquiryEvent, Upload
from notifications import incoming
from notifications.backends import memory
from tests import forms_of
from tests.outbox import run_outbox
from tests.stand_ins.phone import INBOUND, Phone, payload, post, sid, words
from tests.stand_ins.twilio_server import File, Step, TwilioServer
from tests.uploads.steps import photo

pytestmark = pytest.mark.django_db

BIN = "My bin was not emptied on Monday. WR11 3DA"
SOFA = "Something odd was left by the gate"


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILES_KEEP_FREE_MB = 0


def send(twilio: TwilioServer, body: str = SOFA, *files: File, number: str = Phone().number) -> str:
    """A text with these files, as Twilio posts it; the answer."""
    message = "MM" + sid()[2:]
    given = {"NumMedia": str(len(files))}
    for n, file in enumerate(files):
        given[f"MediaUrl{n}"] = twilio.keep_file(message, file)
        given[f"MediaContentType{n}"] = file.content_type
    fields = payload("sms_inbound", Body=body, From=number, MessageSid=message, SmsSid=message,
                     SmsMessageSid=message, **given)  # fmt: skip
    return words(post(INBOUND, fields))


def told() -> list[str]:
    return [one.body for one in memory.outbox if "could not open" in one.body]


def notes() -> list[str]:
    rows = EnquiryEvent.objects.filter(type="enquiry.noted").order_by("pk")
    return [str(row.data["words"]) for row in rows]


def test_a_photo_stands_with_the_enquiry_of_its_text_and_is_gone_from_the_provider(clock, twilio):
    files = [File(photo(1)), File(photo(2), moved_to=f"{twilio.base}/cdn/x")]
    files[1].moved_to = ""
    answer = send(twilio, SOFA, *files)
    enquiry = Enquiry.objects.get()
    assert enquiry.reference in answer
    assert twilio.fetched == [], "nothing outside is called while somebody waits for an answer"
    run_outbox()
    kept = Attachment.objects.filter(enquiry=enquiry)
    assert kept.count() == 2
    assert {one.content_type for one in kept} == {"image/jpeg"}
    for one in kept:
        assert one.thumbnail
        assert default_storage.exists(str(one.file.name))
    assert [file.deleted for file in files] == [True, True]
    assert told() == []
    assert notes() == []


def test_a_repeat_of_the_text_fetches_nothing_twice(clock, twilio):
    message, file = "MM" + sid()[2:], File(photo())
    fields = payload("sms_inbound", Body=SOFA, MessageSid=message, NumMedia="1",
                     MediaUrl0=twilio.keep_file(message, file))  # fmt: skip
    for _ in range(3):
        post(INBOUND, fields)
        run_outbox()
    assert Attachment.objects.count() == 1
    assert len(twilio.fetched) == 1


def test_it_may_stay_at_the_provider(clock, twilio, settings):
    settings.TWILIO_DELETE_MEDIA = False
    file = File(photo())
    send(twilio, SOFA, file)
    run_outbox()
    assert Attachment.objects.count() == 1
    assert not file.deleted


def test_where_a_photo_was_taken_is_not_kept(clock, twilio):
    from io import BytesIO

    from PIL import Image

    picture, exif = Image.new("RGB", (40, 30), "red"), Image.Exif()
    exif[0x8825] = {1: "N", 2: (52.0, 11.0, 0.0), 3: "W", 4: (2.0, 13.0, 0.0)}
    raw = BytesIO()
    picture.save(raw, "JPEG", exif=exif)
    send(twilio, SOFA, File(raw.getvalue()))
    run_outbox()
    kept = Attachment.objects.get()
    with default_storage.open(str(kept.file.name)) as file:
        assert not Image.open(file).getexif()


def test_a_photo_after_its_words_stands_with_them(clock, twilio):
    Phone().text(SOFA)
    clock.shift(timedelta(minutes=2))
    assert "We have your photo" in send(twilio, "", File(photo()))
    run_outbox()
    assert Attachment.objects.get().enquiry == Enquiry.objects.get()


def test_a_photo_before_its_words_waits_for_them(clock, twilio):
    send(twilio, "", File(photo()))
    run_outbox()
    assert Attachment.objects.count() == 0
    clock.shift(timedelta(minutes=3))
    Phone().text(SOFA)
    clock.shift(timedelta(minutes=5))
    run_outbox()
    assert Attachment.objects.get().enquiry == Enquiry.objects.get()


def test_a_photo_without_words_is_let_go_after_a_day(clock, twilio):
    file = File(photo())
    send(twilio, "", file)
    for _ in range(60):
        run_outbox()
        clock.shift(timedelta(hours=1))
    assert not Outbox.objects.filter(task="channels.fetch_media", settled_at=None).exists()
    assert Outbox.objects.filter(parked_at__isnull=False).count() == 0
    assert file.deleted
    assert twilio.fetched == []


def test_nobody_adds_photos_to_somebody_elses_enquiry(clock, twilio):
    Phone("+447700900555").text(SOFA)
    reference = Enquiry.objects.get().reference
    send(twilio, f"{reference} look at this", File(photo()))
    run_outbox()
    assert Attachment.objects.count() == 0
    (note,) = notes()
    assert "not kept. It came from a telephone that is not on this enquiry" in note
    assert told() == []


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (File(b"BEGIN:VCARD\nEND:VCARD", "text/vcard"), "Only pictures"),
        (File(b"#!AMR\n" + b"\x00" * 99, "image/jpeg"), "Only pictures"),
        (File(b"<svg onload=alert(1)>", "image/svg+xml"), "Only pictures"),
        (File(b"\xff\xd8\xff" + b"broken" * 9, "image/jpeg"), ""),
        (File(b"", "image/jpeg"), "empty"),
        (File(b"x" * (10 * 1024 * 1024 + 1), "image/jpeg"), "larger than 10 MB"),
        (File(photo(), plan=[Step(404, 20404, "Not found")]), "404"),
        (File(photo(), plan=[Step(410)]), "410"),
    ],
    ids=["contact", "sound", "svg", "broken", "empty", "too large", "404", "410"],
)
def test_what_cannot_be_kept_is_noted_and_its_sender_told_once_what_to_do(file, why, clock, twilio):
    send(twilio, SOFA, file, File(b"also none", "text/plain"))
    run_outbox()
    enquiry = Enquiry.objects.get()
    assert Attachment.objects.count() == 0
    assert len(notes()) == 1
    assert why in notes()[0]
    (body,) = told()
    assert enquiry.reference in body
    assert f"/track/{enquiry.reference}/{enquiry.secret}/" in body


@pytest.mark.parametrize(
    "trouble",
    [Step(500), Step(429), Step(503), Step(lose_answer=True), Step(401, 20003)],
    ids=["500", "429", "503", "no answer", "keys"],
)
def test_a_provider_that_is_away_is_asked_again(trouble, clock, twilio):
    send(twilio, SOFA, File(photo(), plan=[trouble, trouble]))
    for _ in range(4):
        run_outbox()
        clock.shift(timedelta(minutes=2))
    assert Attachment.objects.count() == 1
    assert told() == []


def test_after_half_a_day_it_is_given_up_and_said(clock, twilio):
    send(twilio, SOFA, File(photo(), plan=[Step(500)] * 500))
    for _ in range(30):
        run_outbox()
        clock.shift(timedelta(minutes=30))
    assert len(told()) == 1
    assert not Outbox.objects.filter(task="channels.fetch_media", settled_at=None).exists()


def test_who_stopped_texts_hears_nothing_of_a_photo_that_is_noted_all_the_same(clock, twilio):
    send(twilio, SOFA, File(b"none", "text/plain"))
    Phone().text("STOP")
    run_outbox()
    assert len(notes()) == 1
    assert told() == []


def test_an_enquiry_that_has_ended_takes_no_photo_and_its_sender_is_told(clock, twilio):
    Phone().text(SOFA)
    now = timezone.now()
    Enquiry.objects.update(status="closed", outcome="completed", resolved_at=now, closed_at=now)
    clock.shift(timedelta(minutes=1))
    send(twilio, "", File(photo()))
    run_outbox()
    assert Attachment.objects.count() == 0
    assert len(told()) == 1


# -- Where our keys go ---------------------------------------------------------------------------


def test_where_the_api_sends_us_on_our_keys_do_not_go(clock, settings):
    with TwilioServer() as home, TwilioServer() as elsewhere:
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_API_BASE = "AC" + "0" * 32, home.base
        settings.TWILIO_AUTH_TOKENS = ["a-token-for-the-stand-in"]
        file = File(photo())
        url = home.keep_file("MM" + "1" * 32, file)
        path = url.removeprefix("https://api.twilio.com")
        file.moved_to = f"/cdn{path}"
        home.files[f"{path}"] = file
        assert incoming.fetch(url, most=10**7) == file.content
        assert home.fetched == [(path, True), (f"/cdn{path}", False)]
        for target in (
            f"{elsewhere.base}{path}", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd",
            "https://evil.example/x", "http://mms.twiliocdn.com/x", "//evil.example/x",
            "https://mms.twiliocdn.com@evil.example/x", "https://mms.twiliocdn.com:8443/x",
            "https://user:x@mms.twiliocdn.com/x", "https://mms.twiliocdn.com.evil.example/x",
            "https://[::1", "gopher://x",
        ):  # fmt: skip
            file.moved_to = target
            with pytest.raises(incoming.Gone):
                incoming.fetch(url, most=10**7)
        assert elsewhere.fetched == []


def test_an_api_that_sends_us_to_itself_gets_our_keys_once(twilio):
    file = File(photo())
    url = twilio.keep_file("MM" + "1" * 32, file)
    file.moved_to = url.replace("https://api.twilio.com", twilio.base)
    with pytest.raises(incoming.NotNow):
        incoming.fetch(url, most=10**7)
    assert [keys for _path, keys in twilio.fetched] == [True, False]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/2010-04-01/Accounts/{a}/Messages/MM1/Media/ME1",
        "https://api.twilio.com/2010-04-01/Accounts/ACother/Messages/MM1/Media/ME1",
        "https://api.twilio.com/2010-04-01/Accounts/{a}/Messages/MM1/Media/../../../Calls",
        "https://api.twilio.com/2010-04-01/Accounts/{a}/Calls.json",
        "https://api.twilio.com@evil.example/2010-04-01/Accounts/{a}/Messages/MM1/Media/ME1",
        "https://api.twilio.com/2010-04-01/Accounts/{a}/Messages/MM1/Media/ME1?x=1",
        "http://127.0.0.1:9/2010-04-01/Accounts/{a}/Messages/MM1/Media/ME1",
        "file:///etc/passwd",
        "https://[::1",
        "",
    ],
)
def test_nothing_but_a_file_of_our_account_at_twilio_is_fetched(url, twilio):
    with pytest.raises(incoming.Gone):
        incoming.fetch(url.format(a="AC" + "0" * 32), most=10**7)
    assert twilio.fetched == []


def test_a_file_that_grows_while_it_is_read_is_stopped(twilio):
    url = twilio.keep_file("MM" + "1" * 32, File(b"x" * 200_000))
    with pytest.raises(incoming.TooLarge):
        incoming.fetch(url, most=100_000)


def test_a_file_that_never_ends_is_stopped(twilio, monkeypatch):
    monkeypatch.setattr("notifications.backends.twilio_inbox.MOST_SECONDS", -1.0)
    url = twilio.keep_file("MM" + "1" * 32, File(b"x" * 200_000))
    with pytest.raises(incoming.NotNow, match="slowly"):
        incoming.fetch(url, most=10**7)


def test_a_photo_waits_until_they_have_said_which_of_two_things_it_is_about(clock, twilio):
    Phone().text(BIN)
    clock.shift(timedelta(minutes=1))
    answer = send(twilio, "Something odd at the old mill. WR11 3DA", File(photo()))
    assert "2 for something new" in answer
    run_outbox()
    assert Attachment.objects.count() == 0
    Phone().text("2")
    for _ in range(5):
        clock.shift(timedelta(minutes=1))
        run_outbox()
    _first, second = Enquiry.objects.order_by("pk")
    assert Attachment.objects.get().enquiry == second


def test_a_photo_within_a_conversation_goes_with_what_it_becomes(clock, twilio):
    forms_of.add("missed-bin", forms_of.choice("colour", green="Green", black="Black"))
    send(twilio, BIN, File(photo()))
    assert not Enquiry.objects.exists()
    run_outbox()
    assert Upload.objects.count() == 1
    Phone().text("AGENT")
    enquiry = Enquiry.objects.get()
    assert Attachment.objects.get().enquiry == enquiry
    clock.shift(timedelta(minutes=1))
    send(twilio, "", File(photo()))
    run_outbox()
    assert Attachment.objects.filter(enquiry=enquiry).count() == 2
