"""A body's managers and the hub's administrators write what messages say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import accounts.actions
import notifications.actions
from accounts.models import User
from accounts.permissions import Role
from core.audit import SYSTEM
from core.models import AuditEvent
from notifications import facts, live, saying
from notifications.events import EVENTS
from notifications.models import Notification, WordingVersion
from tests.world import NOW, PASSWORD, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
HOME = "/desk/settings/messages/words/"
RECEIVED = f"{HOME}received/sms/en-gb/"
GOOD = "Hello from us. ((reference)) is with ((owner)). ((track_url))"


@pytest.fixture
def admin(world: World, client_for: Callable[[User], Client]) -> Client:
    return client_for(world.administrator)


@pytest.fixture
def manager(world: World, client_for: Callable[[User], Client]) -> Client:
    """The manager of a partner."""
    user = accounts.actions.create_user(
        email="m@wychavon.demo", password=PASSWORD, full_name="Mo Manager", actor=SYSTEM, now=NOW
    )
    accounts.actions.grant(
        user=user, organisation=world.organisations["wychavon"], role=Role.MANAGER,
        from_on=NOW.date(), actor=SYSTEM, now=NOW,
    )  # fmt: skip
    return client_for(user)


def fields(page: Any, **words: str) -> dict[str, str]:
    form = page.context["form"]
    kept = {
        name: str("" if (value := form[name].value()) is None else value) for name in form.fields
    }
    return {**kept, **words}


def keep(client: Client, path: str = RECEIVED, **words: str) -> Any:
    return client.post(path, fields(client.get(path), **words))


def do(client: Client, act: str, path: str = RECEIVED, **more: str) -> Any:
    page = client.get(path)
    key = str(page.context["form"]["key"].value())
    edition = str(page.context["form"]["edition"].value())
    return client.post(f"{path}{act}/", {"key": f"{key}", "edition": edition, **more})


def sms(key: str, organisation: str = "", language: str = "en-gb") -> str:
    pk = notifications.actions.send(
        key=key, event="received", medium="sms", to="+447700900123", about="", now=timezone.now(),
        language=language, organisation=organisation,
        context={"reference": "WH7-K3MP-4X", "service": "", "owner": "Wychavon", "promised": "",
                 "track_url": "https://hub.example/t/", "next": ""},
    )  # fmt: skip
    return Notification.objects.get(pk=pk).body


def test_what_is_published_is_what_is_sent_and_the_draft_is_not(
    admin: Client, django_capture_on_commit_callbacks: Any
) -> None:
    assert keep(admin, body=GOOD).status_code == 303
    live.forget()
    assert sms("a").startswith("We have your enquiry.")
    with django_capture_on_commit_callbacks(execute=True):
        assert do(admin, "publish").status_code == 303
    said = "Hello from us. WH7-K3MP-4X is with Wychavon. https://hub.example/t/"
    assert sms("b") == said
    # Another language keeps its own, and so does another medium.
    assert sms("c", language="pl").startswith("Mamy")
    assert AuditEvent.objects.filter(action="wording.published").count() == 1
    page = admin.get(HOME).content.decode()
    assert "The partnership’s" in page


def test_a_body_says_it_in_its_own_way_and_the_others_as_the_partnership(
    admin: Client, manager: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        keep(admin, body=GOOD)
        do(admin, "publish")
        page = manager.get(RECEIVED)
        assert "Hello from us." in page.content.decode()
        keep(manager, body="Wychavon has it: ((reference)) ((track_url))")
        do(manager, "publish")
    assert sms("a", "wychavon") == "Wychavon has it: WH7-K3MP-4X https://hub.example/t/"
    assert sms("b", "malvern-hills").startswith("Hello from us.")
    assert sms("c").startswith("Hello from us.")
    with django_capture_on_commit_callbacks(execute=True):
        assert do(manager, "end").status_code == 303
    assert sms("d", "wychavon").startswith("Hello from us.")
    with django_capture_on_commit_callbacks(execute=True):
        do(admin, "end")
    assert sms("e", "wychavon").startswith("We have your enquiry.")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Hello ((reference))", "Say ((track_url)) in every case"),
        ("((reference)) ((track_url)) ((nane))", "There is no fact ((nane))"),
        ("((reference)) ((track_rul))", "Is it ((track_url))?"),
        ("((reference)) ((track_url)", "After “((” comes the name of a fact"),
        ("((service??((reference)) ((track_url))))", "Say ((reference)) in every case"),
        ("  \n ", "Enter the message"),
        ("((reference)) ((track_url))" + "x" * 1_500, "must be 1,500 characters or fewer"),
        ("{{ reference }} {{ track_url }}", "Write ((reference)) with round brackets"),
        ("((reference)) ((track_url)) \ue000", "a sign that nobody can see"),
        ("((reference)) ((track_url)) \x00", "a character of it cannot be kept"),
    ],
)
def test_words_that_cannot_be_sent_are_not_kept(admin: Client, body: str, said: str) -> None:
    answer = keep(admin, body=body)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert said in text
    assert "Error: " in text
    assert "<ins>" in text or not body.strip()
    assert not WordingVersion.objects.exists()


def test_an_email_needs_a_subject_that_is_never_empty(admin: Client) -> None:
    path = f"{HOME}received/email/en-gb/"
    good = "((reference)) [go](((track_url)))"
    assert "Enter the subject" in keep(admin, path, subject=" ", body=good).content.decode()
    empty = keep(admin, path, subject="((service??x))", body=good).content.decode()
    assert "nothing is left of the subject" in empty
    assert (
        "leads nowhere"
        in keep(admin, path, subject="x", body=good + " [x](javascript:alert)").content.decode()
    )
    assert keep(admin, path, subject="x", body=good).status_code == 303


def test_curly_quotes_become_plain_and_dear_signs_are_named(admin: Client) -> None:
    page = keep(admin, body="“It’s” – ((reference)) ((track_url)) ☂", show="yes")
    text = page.content.decode()
    assert "umbrella" in text
    assert "It holds signs that make it dearer" in text
    keep(admin, body="“It’s” – ((reference)) ((track_url))")
    assert WordingVersion.objects.get().body == '"It\'s" - ((reference)) ((track_url))'


def test_words_are_shown_with_a_case_that_one_may_read_and_its_secrets_crossed_out(
    admin: Client, manager: Client
) -> None:
    enquiry = enquiry_of(ask(service="pothole", at=timezone.now()))
    page = keep(admin, body=GOOD, case=enquiry.reference.lower(), show="yes").content.decode()
    assert f"With what is known of {enquiry.reference}" in page
    assert enquiry.secret not in page
    assert f"/track/{enquiry.reference}/xxxx" in page
    assert AuditEvent.objects.filter(action="enquiry.said_in_preview").count() == 1
    assert not WordingVersion.objects.exists()
    theirs = keep(manager, body=GOOD, case=enquiry.reference, show="yes").content.decode()
    assert "There is no enquiry with that reference that you may read" in theirs
    none = keep(admin, body=GOOD, case="WH7", show="yes").content.decode()
    assert "Enter a reference such as" in none


def test_two_who_write_at_once_do_not_write_over_each_other(admin: Client) -> None:
    first, second = admin.get(RECEIVED), admin.get(RECEIVED)
    assert admin.post(RECEIVED, fields(first, body=GOOD)).status_code == 303
    theirs = admin.post(RECEIVED, fields(second, body=GOOD + " Two"))
    assert theirs.status_code == 200
    assert "Somebody else changed this draft" in theirs.content.decode()
    assert WordingVersion.objects.get().body == GOOD
    assert admin.post(RECEIVED, fields(theirs)).status_code == 303
    assert WordingVersion.objects.get().body == GOOD + " Two"
    # Who read the first draft does not publish the second.
    stale = {"key": "00000000-0000-4000-8000-000000000001", "edition": "1"}
    assert admin.post(f"{RECEIVED}publish/", stale).status_code == 303
    assert WordingVersion.objects.get().state == "draft"


def test_earlier_words_and_those_supplied_come_back_as_a_draft(
    admin: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for number in ("one", "two"):
            keep(admin, body=f"{GOOD} {number}")
            do(admin, "publish")
    page = admin.get(f"{RECEIVED}versions/").content.decode()
    assert "Version 1" in page
    assert "Ended by" in page
    assert do(admin, "restore", number="1").status_code == 303
    assert WordingVersion.objects.get(state="draft").body == f"{GOOD} one"
    assert do(admin, "restore", number="0").status_code == 303
    assert "Follow it, add to it or cancel it" in WordingVersion.objects.get(state="draft").body
    assert do(admin, "discard").status_code == 303
    assert not WordingVersion.objects.filter(state="draft").exists()
    assert do(admin, "restore", number="9").status_code == 200


def test_every_message_has_a_name_for_who_writes_it() -> None:
    assert set(EVENTS) == set(saying.SAYINGS)
    for group in saying.GROUPS:
        names = [one.name for one in saying.SAYINGS.values() if one.group == group]
        assert len(names) == len(set(names))
    for event in EVENTS:
        assert EVENTS[event].keys - facts.FACTS.keys() == set(), event


def test_the_page_says_which_language_it_is(admin: Client) -> None:
    page = admin.get(f"{HOME}received/email/pl/").content.decode()
    assert "Email, Polski" in page
    assert 'lang="pl"' in page


def test_who_may_not_write_messages_finds_nothing(
    world: World, manager: Client, client_for: Callable[[User], Client]
) -> None:
    for user in (world.agent, world.officer, world.manager):
        assert client_for(user).get(RECEIVED).status_code == 404
    # What speaks for the partnership is not a body's to write; what nobody writes is not there.
    for path in ("my_link/sms/en-gb/", "offered/email/en-gb/", "sms_help/sms/en-gb/"):
        assert manager.get(f"{HOME}{path}").status_code == 404
    admin = client_for(world.administrator)
    for path in ("sms_silence/sms/en-gb/", "received/sms/xx/", "received/fax/en-gb/",
                 "offered/email/pl/", "offered/sms/en-gb/", "nothing/sms/en-gb/"):  # fmt: skip
        assert admin.get(f"{HOME}{path}").status_code == 404, path
    assert admin.get(f"{HOME}?medium=fax&language=xx").status_code == 200
    assert manager.get(f"{HOME}?medium=email&language=pl").status_code == 200
