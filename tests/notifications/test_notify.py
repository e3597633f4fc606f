"""GOV.UK Notify: its templates, its errors, and what it tells us."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import Outbox
from notifications import choosing, delivery
from notifications.backends import registry
from notifications.backends.base import Later, Outgoing, Refused, Unclear
from notifications.backends.notify import NotifyBackend
from notifications.lifecycle import State
from notifications.models import Attempt, Carrier, DeliveryReceipt, Notification
from tests.notifications.helpers import deliver, tell
from tests.stand_ins.notify_server import TEMPLATES, Step

pytestmark = pytest.mark.django_db

TOKEN = "the-token-of-notify"
OWN = "bbbbbbbb-0000-4000-8000-000000000001"
ID = "740e5834-3a29-46b4-9a6f-16142fde533a"


def message(medium: str = "sms", **fields: Any) -> Outgoing:
    to = {"sms": "+447700900123", "email": "jo@example.com", "letter": "Jo"}[medium]
    base = Outgoing("r-1", medium, to, "Subject", "Body", "WH7-K3MP-4X", datetime.now(UTC))
    values = {name: getattr(base, name) for name in Outgoing.__slots__}
    return Outgoing(**{**values, **fields})


def test_an_event_with_a_template_of_its_own_gets_its_facts(notify, settings):
    settings.NOTIFY_TEMPLATES = {**TEMPLATES, "late.sms.en-gb": OWN}
    notify.wants[OWN] = {"reference", "owner"}
    facts = {"reference": "WH7-K3MP-4X", "owner": "Wychavon"}
    backend = NotifyBackend()
    backend.send(message(event="late", facts=facts))
    backend.send(message(event="late", facts=facts, language="pl"))
    backend.send(message(event="received", facts=facts))
    ours, polish, other = notify.messages
    assert (ours["template_id"], ours["personalisation"]) == (OWN, facts)
    assert polish["template_id"] == other["template_id"] == TEMPLATES["sms"]
    assert other["personalisation"] == {"body": "Body"}
    assert {m["reference"] for m in notify.messages} == {"r-1"}


def test_what_people_wrote_is_not_read_as_markup(notify, settings):
    settings.NOTIFY_TEMPLATES = {**TEMPLATES, "resolved.email.en-gb": OWN}
    notify.wants[OWN] = {"words"}
    backend = NotifyBackend()
    backend.send(message("email", event="resolved", facts={"words": "# Big", "owner": "W"}))
    backend.send(message("email", body="See [our page](https://evil.example)"))
    own, whole = notify.messages
    assert own["sanitise_content_for"] == ["words"]
    assert "](" not in whole["personalisation"]["body"]


def test_a_letter_goes_as_we_printed_it_or_by_a_template_with_its_address(notify, settings):
    settings.NOTIFY_TEMPLATES = {**TEMPLATES, "late.letter.en-gb": OWN}
    notify.wants[OWN] = {"owner"}
    backend = NotifyBackend()
    own = {"event": "late", "facts": {"owner": "Wychavon"}, "postal": "1 Road\nEvesham\nWR11 3DA"}
    backend.send(message("letter", pdf=b"%PDF-1.7", **own))
    assert notify.messages.pop()["template_id"] == OWN
    backend.send(message("letter", pdf=b"%PDF-1.7"))
    lines = "\n".join(["Jo", "Flat 1", "The House", "1 High Street", "Lane", "Area", "Evesham",
                       "WR11 3DA"])  # fmt: skip
    backend.send(message("letter", postal=lines))
    printed, written = notify.messages
    assert printed["content"] == "JVBERi0xLjc="
    address = {k: v for k, v in written["personalisation"].items() if k.startswith("address")}
    assert list(address) == [f"address_line_{n}" for n in range(1, 8)]
    assert address["address_line_6"] == "Area, Evesham"
    assert address["address_line_7"] == "WR11 3DA"


def test_a_medium_without_a_template_is_left_to_the_next_carrier_and_is_no_illness(
    notify, settings
):
    settings.NOTIFY_TEMPLATES = {"email": TEMPLATES["email"]}
    with pytest.raises(Later) as later:
        NotifyBackend().send(message())
    assert (later.value.code, later.value.busy) == ("no_template", True)


@pytest.mark.parametrize(
    ("step", "becomes", "code", "address", "busy"),
    [
        (Step(400, "ValidationError", "phone_number Too many digits"), Refused,
         "400 ValidationError", "unusable", None),
        (Step(400, "ValidationError", "reference is too long"), Refused,
         "400 ValidationError", "", None),
        (Step(400, "BadRequestError", "Missing personalisation: body"), Later,
         "400 BadRequestError", None, False),
        (Step(403, "AuthError", "Invalid token: API key not found"), Later,
         "403 AuthError", None, False),
        (Step(429, "RateLimitError", "Exceeded rate limit"), Later,
         "429 RateLimitError", None, True),
        (Step(429, "TooManyRequestsError", "Exceeded send limits for today"), Later,
         "429 TooManyRequestsError"[:20], None, False),
        (Step(302, "", ""), Later, "302", None, False),
        (Step(500, "Exception", "Internal server error"), Unclear, "500", None, None),
        (Step(418, "Teapot", ""), Refused, "418 Teapot", "", None),
    ],
)  # fmt: skip
def test_errors_of_notify_in_our_own_words(notify, step, becomes, code, address, busy):
    notify.plan.append(step)
    with pytest.raises(becomes) as trouble:
        NotifyBackend().send(message())
    assert trouble.value.code[:20] == code[:20]
    assert "700900123" not in str(trouble.value)
    if address is not None:
        assert trouble.value.address == address
    if busy is not None:
        assert trouble.value.busy is busy
    assert notify.messages == []


def test_a_wrong_key_of_ours_costs_no_message(notify):
    notify.secret = "another-secret-altogether-of-thirty-two"
    with pytest.raises(Later):
        NotifyBackend().send(message())


def test_notify_cannot_be_reached_means_nothing_was_taken(notify, settings):
    settings.NOTIFY_BASE_URL = "http://127.0.0.1:9"
    with pytest.raises(Later):
        NotifyBackend().send(message())


def test_a_look_up_that_fails_says_so(notify):
    notify.look_up_fails = 1
    with pytest.raises(Later):
        NotifyBackend().find(message())


@pytest.mark.django_db(transaction=True)
def test_a_text_whose_answer_was_lost_arrives_once(notify):
    notify.plan.append(Step(lose_answer=True))
    told = deliver(tell())
    assert (told.state, told.provider) == (State.UNKNOWN, "notify")
    deliver(told, after=timedelta(seconds=61))
    assert told.state == State.SENT
    assert [m["id"] for m in notify.messages] == [told.provider_id]


# -- What it tells us --------------------------------------------------------------------------


def post(where: str, said: Any, *, token: str = TOKEN) -> int:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body = said if isinstance(said, str) else json.dumps(said)
    answer = Client().post(
        f"/channels/notify/{where}", body, content_type="application/json", headers=headers
    )
    return int(answer.status_code)


def receipt(told: Notification, status: str, **fields: Any) -> int:
    said = {"id": told.provider_id or ID, "reference": str(told.public_id), "status": status,
            "to": told.to, "notification_type": told.medium, "template_version": 1}  # fmt: skip
    answer = post("receipt", {**said, **fields})
    told.refresh_from_db()
    return answer


@pytest.fixture
def sent(notify) -> Notification:
    told = tell()
    Notification.objects.filter(pk=told.pk).update(
        state=State.SENT, sent_at=timezone.now(), provider="notify", provider_id=ID
    )
    told.refresh_from_db()
    return told


def test_a_receipt_moves_its_message_and_twice_is_once(sent):
    assert [receipt(sent, "delivered") for _ in range(2)] == [204, 204]
    assert sent.state == State.DELIVERED
    assert receipt(sent, "temporary-failure") == 204
    assert sent.state == State.DELIVERED
    assert DeliveryReceipt.objects.count() == 2


@pytest.mark.parametrize("token", ["", "wrong", "é", TOKEN + "x", TOKEN[:-1]])
@pytest.mark.parametrize("where", ["receipt", "inbound", "returned"])
def test_without_the_token_nothing_is_taken(sent, where, token):
    said = {"id": ID, "notification_id": ID, "status": "delivered"}
    assert post(where, said, token=token) == 403
    assert not DeliveryReceipt.objects.exists()


@pytest.mark.parametrize("where", ["receipt", "inbound"])
def test_without_a_token_of_our_own_nobody_is_let_in(sent, settings, where):
    settings.NOTIFY_CALLBACK_TOKEN = ""
    for token in ("", " ", TOKEN):
        assert post(where, {"id": ID, "status": "delivered"}, token=token) == 403


def test_a_bodys_account_settles_what_it_has_and_nothing_else(sent, world):
    for slug, whose in (("one", "wychavon"), ("two", "wychavon"), ("else", "worcester-city")):
        Carrier.objects.create(
            slug=slug, name=slug, kind="notify", organisation=world.organisations[whose],
            sealed=registry.seal({"api_key": "k", "callback_token": f"token-{slug}"}),
            changed_at=timezone.now(),
        )  # fmt: skip
    now, mine = timezone.now(), Notification.objects.filter(pk=sent.pk)
    mine.update(provider="two", provider_id="", state=State.SENDING, sent_at=None)
    Attempt.objects.create(
        notification=sent.pk, carrier="one", medium="sms", at=now, took_ms=1, result="unclear"
    )
    said = {"id": ID, "reference": str(sent.public_id), "status": "permanent-failure"}
    assert post("receipt", {**said, "status": "delivered"}, token="token-else") == 204
    assert not DeliveryReceipt.objects.exists()
    assert post("receipt", said, token="token-one") == 204  # it was taken away from that one
    assert mine.get().state == State.SENDING
    assert post("receipt", said, token="token-two") == 204
    assert mine.get().state == State.FAILED


def test_each_account_with_notify_has_a_token_of_its_own(sent):
    Carrier.objects.create(
        slug="theirs", name="Theirs", kind="notify", changed_at=timezone.now(),
        sealed=registry.seal({"api_key": "k", "callback_token": "another-token"}),
    )  # fmt: skip
    assert post("receipt", {"id": ID, "status": "sending"}, token="another-token") == 204
    assert post("receipt", {"id": ID, "status": "sending"}) == 204
    Carrier.objects.update(is_active=False)
    assert post("receipt", {"id": ID, "status": "sending"}, token="another-token") == 403


@pytest.mark.parametrize(
    "said",
    [
        "", "[]", "{", "null", "[" * 5000, {"id": "no-uuid", "status": "sent"}, {"id": ID},
        {"id": [ID], "status": "sent"}, {"id": ID, "status": {"a": 1}}, {"status": "sent"},
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_told_so(sent, said):
    assert post("receipt", said) == 400


@pytest.mark.parametrize("reference", [None, 7, "\x00", "\ud800", "x" * 5000, ["a"], "no-uuid"])
def test_a_receipt_with_a_strange_reference_is_found_by_its_id_or_kept(sent, reference):
    assert receipt(sent, "delivered", reference=reference) == 204
    assert sent.state == State.DELIVERED
    assert receipt(sent, "delivered", reference=reference, id=ID.replace("7", "8")) == 204


def returned(told: Notification, **fields: Any) -> int:
    """As Notify's own source writes it; most fields are for who sent it by hand."""
    said = {"notification_id": told.provider_id or ID, "reference": str(told.public_id),
            "date_sent": "2026-10-01T09:00:00.000000Z", "sent_by": None, "template_name": "Letter",
            "template_id": TEMPLATES["letter"], "template_version": 1,
            "spreadsheet_file_name": None, "spreadsheet_row_number": None,
            "upload_letter_file_name": None}  # fmt: skip
    answer = post("returned", {**said, **fields})
    told.refresh_from_db()
    return answer


@pytest.mark.parametrize("reference", ["ours", None, "no-uuid"])
def test_a_letter_that_came_back_has_failed_once_and_its_address_with_it(sent, reference):
    Notification.objects.update(medium="letter", created_at=timezone.now() - timedelta(weeks=3))
    fields = {} if reference == "ours" else {"reference": reference}
    assert [returned(sent, **fields) for _ in range(2)] == [204, 204]
    assert (sent.state, sent.error) == (State.FAILED, "The letter came back")
    assert sent.address_state == "unusable"
    bells = Outbox.objects.exclude(task="notifications.deliver").order_by("task")
    assert [bell.task for bell in bells] == ["channels.address_refused", "enquiries.fall_back"]
    assert receipt(sent, "received") == 204
    assert sent.state == State.FAILED


def test_of_a_letter_that_nobody_knows_or_another_has_nothing_comes_back(sent):
    assert returned(sent, notification_id=ID.replace("7", "8")) == 204
    assert sent.state == State.SENT
    for number in (None, "no-uuid", 7):
        assert returned(sent, notification_id=number) == 400


def inbound(words: str, *, number: str = ID, source: str = "447700900123", **fields: Any) -> int:
    return post("inbound", {"id": number, "source_number": source, "message": words,
                            "destination_number": "07700900999",
                            "date_received": timezone.now().isoformat(), **fields})  # fmt: skip


def test_an_answer_goes_by_whom_the_question_came_though_another_is_the_first(
    notify, settings, world
):
    settings.NOTIFICATION_BACKENDS = {"sms": ["memory", "notify"]}
    assert inbound("HELP") == 204
    answer = Notification.objects.get()
    choice = choosing.best(answer, now=timezone.now())
    assert choice is not None
    assert choice.account.slug == "notify"
    settings.NOTIFICATION_BACKENDS = {"sms": ["memory"]}
    choice = choosing.best(answer, now=timezone.now())
    assert choice is not None
    assert choice.account.slug == "memory"


@pytest.mark.django_db(transaction=True)
def test_a_text_that_came_by_notify_is_answered_by_a_message_and_twice_is_once(notify, world):
    assert [inbound("HELP") for _ in range(3)] == [204, 204, 204]
    answer = Notification.objects.get()
    assert (answer.event, answer.to) == ("sms_help", "+447700900123")
    promise = Outbox.objects.get(args__notification_id=answer.pk)
    delivery.deliver(outbox_id=promise.pk, now=timezone.now())
    answer.refresh_from_db()
    assert answer.state == State.SENT
    assert [m["phone_number"] for m in notify.messages] == ["+447700900123"]


@pytest.mark.parametrize(
    "fields",
    [
        {"source": ""}, {"source": "Council"}, {"source": "62226"}, {"date_received": "yesterday"},
        {"date_received": 7}, {"date_received": "2026-02-31T10:00:00Z"}, {"words": ""},
        {"words": "\x00\ud800"}, {"words": "x" * 100_000},
    ],
)  # fmt: skip
def test_strange_texts_are_taken_without_a_fault(notify, world, fields):
    assert inbound(**{"words": "HELP", **fields}) == 204
    assert inbound("HELP", source=["447700900123"]) == 204  # type: ignore[arg-type]


def test_what_is_no_text_is_told_so(notify):
    assert post("inbound", {"id": ID}) == 400
    assert post("inbound", {"id": "x", "message": "Hello"}) == 400
    assert Client().get("/channels/notify/inbound").status_code == 405
