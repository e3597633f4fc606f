"""Letters from a message to the post: sealed meanwhile, each once, and gone with their case."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

import accounts.actions
import notifications.actions
from accounts.models import User
from accounts.permissions import Role
from core.audit import SYSTEM
from core.models import AuditEvent
from notifications import actions_letters, queries
from notifications.actions_letters import NoLetters, NoSuchBatch
from notifications.backends import registry
from notifications.models import Carrier, LetterBatch, Notification, PrintedLetter, Route
from tests.notifications.helpers import deliver
from tests.world import NOW, PASSWORD, World

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/desk/settings/messages/letters/"
FACTS = {"reference": "WH7-K3MP-4X", "service": "Pothole", "owner": "Wychavon", "promised": "",
         "track_url": "https://hub.example/t/", "next": "", "large_print": ""}  # fmt: skip


@pytest.fixture(autouse=True)
def _printed(settings: Any) -> Any:
    settings.NOTIFICATION_BACKENDS = {**settings.NOTIFICATION_BACKENDS, "letter": ["print"]}
    registry.forget()
    yield
    registry.forget()


def letter(key: str = "a", *, organisation: str = "", postal: Any = None, **facts: str) -> Any:
    lines = ("Jo Bloggs", "1 High Street", "WR14 4AA") if postal is None else postal
    with transaction.atomic():
        pk = notifications.actions.send(
            key=key, event="received", medium="letter", to="WR14 4AA", about="WH7-K3MP-4X",
            now=timezone.now(), context={**FACTS, **facts}, organisation=organisation,
            postal=lines,
        )  # fmt: skip
    return deliver(Notification.objects.get(pk=pk))


def test_a_letter_is_kept_sealed_until_it_is_posted(world: World) -> None:
    message = letter()
    assert message.state == "sent"
    row = PrintedLetter.objects.get(notification=message)
    assert "%PDF" not in row.sealed
    assert "Bloggs" not in row.sealed
    (told,) = queries.about("WH7-K3MP-4X")
    assert told.state_words == "With who prints and posts it"
    now = timezone.now()
    batch = actions_letters.take(organisation="", actor=SYSTEM, now=now)
    with pytest.raises(NoLetters):
        actions_letters.take(organisation="", actor=SYSTEM, now=now)
    whole = actions_letters.as_zip(batch=batch, organisation="", actor=SYSTEM, now=now)
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        assert file.namelist() == ["001-WH7-K3MP-4X.pdf"]
        assert file.read("001-WH7-K3MP-4X.pdf").startswith(b"%PDF")
    assert actions_letters.posted(batch=batch, organisation="", actor=SYSTEM, now=now) == 1
    assert actions_letters.posted(batch=batch, organisation="", actor=SYSTEM, now=now) == 0
    (told,) = queries.about("WH7-K3MP-4X")
    assert (told.state, told.state_words) == ("delivered", "Posted")
    assert AuditEvent.objects.filter(action="letters.posted").count() == 1


def test_a_letter_goes_with_its_case(world: World) -> None:
    letter()
    batch = actions_letters.take(organisation="", actor=SYSTEM, now=timezone.now())
    notifications.actions.forget(about=["WH7-K3MP-4X"])
    assert not PrintedLetter.objects.exists()
    with pytest.raises(NoSuchBatch):
        actions_letters.as_pdf(batch=batch, organisation="", actor=SYSTEM, now=timezone.now())


def test_without_a_whole_address_nothing_is_printed(world: World) -> None:
    message = letter(postal=("WR14 4AA",))
    assert message.state == "failed"
    assert "no whole address" in message.error
    assert not PrintedLetter.objects.exists()


def test_a_sign_that_no_typeface_has_keeps_no_letter_back(world: World) -> None:
    assert letter(owner="x \U000f1234").state == "sent"


def test_an_address_that_no_window_shows_is_for_staff_to_mend(world: World) -> None:
    message = letter(postal=("Jo Bloggs", "Llanfair" * 20, "WR14 4AA"))
    assert (message.state, message.error_code) == ("failed", "no_address")
    assert "too long for the window" in message.error
    assert message.address_state == "unusable"


def test_large_print_is_counted(world: World) -> None:
    letter(large_print="yes")
    assert PrintedLetter.objects.get().is_large


def test_a_body_with_a_print_room_of_its_own_has_its_own_pile(world: World) -> None:
    body = world.organisations["wychavon"]
    Carrier.objects.create(slug="wych-print", name="Ours", kind="print", organisation=body,
                           changed_at=NOW)  # fmt: skip
    Route.objects.create(organisation=body, medium="letter", carrier="wych-print")
    letter("a", organisation="wychavon")
    letter("b", organisation="malvern-hills")
    theirs = PrintedLetter.objects.get(organisation="wychavon")
    assert theirs.notification.key == "a"
    now = timezone.now()
    batch = actions_letters.take(organisation="wychavon", actor=SYSTEM, now=now)
    for call in (actions_letters.as_pdf, actions_letters.as_zip, actions_letters.posted):
        with pytest.raises(NoSuchBatch):
            call(batch=batch, organisation="", actor=SYSTEM, now=now)
        with pytest.raises(NoSuchBatch):
            call(batch=uuid.uuid4(), organisation="wychavon", actor=SYSTEM, now=now)


def test_the_desk_prints_and_posts(world: World, client_for: Callable[[User], Client]) -> None:
    client = client_for(world.administrator)
    assert "No letters wait" in client.get(HOME).content.decode()
    letter("a")
    letter("b", large_print="yes")
    page = client.get(HOME)
    assert "2 letters, 2 pages, 1 in large print" in page.content.decode()
    key = {"key": str(page.context["form"]["key"].value())}
    assert client.post(f"{HOME}take/", key).status_code == 303
    assert client.post(f"{HOME}take/", key).status_code == 303
    batch = LetterBatch.objects.get()
    text = client.get(HOME).content.decode()
    assert "No letters wait" in text
    pdf = client.get(f"{HOME}{batch.public_id}/letters.pdf")
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert "attachment" in pdf["Content-Disposition"]
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert client.get(f"{HOME}{batch.public_id}/letters.zip").status_code == 200
    key = {"key": re.findall(r'name="key" value="([0-9a-f-]{36})"', text)[0]}
    assert client.post(f"{HOME}{batch.public_id}/posted/", key).status_code == 303
    text = client.get(HOME).content.decode()
    assert "They are posted" not in text
    assert "Posted" in text
    assert client.get(f"{HOME}{uuid.uuid4()}/letters.pdf").status_code == 404
    assert (
        "There are no letters to print"
        in client.post(f"{HOME}take/", {"key": str(uuid.uuid4())}).content.decode()
    )
    assert AuditEvent.objects.filter(action="letters.downloaded").count() == 2


def test_letters_are_for_whose_print_room_it_is(
    world: World, client_for: Callable[[User], Client]
) -> None:
    letter("a")
    batch = actions_letters.take(organisation="", actor=SYSTEM, now=timezone.now())
    for user in (world.agent, world.officer):
        assert client_for(user).get(HOME).status_code == 404
        assert client_for(user).get(f"{HOME}{batch}/letters.pdf").status_code == 404
    user = accounts.actions.create_user(
        email="m@wychavon.demo", password=PASSWORD, full_name="Mo Manager", actor=SYSTEM, now=NOW
    )
    accounts.actions.grant(
        user=user, organisation=world.organisations["wychavon"], role=Role.MANAGER,
        from_on=NOW.date(), actor=SYSTEM, now=NOW,
    )  # fmt: skip
    manager = client_for(user)
    assert manager.get(HOME).status_code == 200
    for part in ("letters.pdf", "letters.zip"):
        assert manager.get(f"{HOME}{batch}/{part}").status_code == 404
    answer = manager.post(f"{HOME}{batch}/posted/", {"key": str(uuid.uuid4())})
    assert answer.status_code == 404
    assert LetterBatch.objects.get().posted_at is None
