"""How much, by what and in which language: as the citizen chose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.permissions import Viewer
from core.models import AuditEvent
from enquiries.actions import new_dates, referrals, telling, telling_choice
from enquiries.inbound import Sender
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry, Referral
from notifications.models import Notification
from tests.journeys.steps import words
from tests.world import World, ask, enquiry_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def enquiry(world: World) -> Enquiry:
    return enquiry_of(ask(at=timezone.now()))


def page_of(enquiry: Enquiry) -> str:
    return f"/track/{enquiry.reference}/{enquiry.secret}/"


def events() -> list[str]:
    rows = Notification.objects.filter(to="jo@example.com").order_by("pk")
    return list(rows.values_list("event", flat=True))


def walk(enquiry: Enquiry, officer: Viewer) -> None:
    """Taken on, a new date, done."""
    now = timezone.now()
    referral = Referral.objects.get(enquiry=enquiry)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=now)
    new_dates.by_organisation(
        public_id=referral.public_id,
        viewer=officer,
        day=timezone.localdate() + timedelta(days=30),
        words="A part is late",
        now=now,
    )
    referrals.complete(
        public_id=referral.public_id,
        viewer=officer,
        outcome=Outcome.COMPLETED,
        words="Emptied",
        now=now + timedelta(minutes=1),
    )


def test_every_step_is_told_where_nobody_chose_otherwise(enquiry: Enquiry, officer: Viewer) -> None:
    walk(enquiry, officer)
    assert events() == ["received", "accepted", "new_date", "resolved"]


def test_the_end_alone_for_one_enquiry_chosen_on_its_page(
    enquiry: Enquiry, officer: Viewer
) -> None:
    client = Client()
    page = page_of(enquiry)
    assert "Change what we tell you" in words(client.get(page).content.decode())
    asked = client.get(f"{page}how-much/").content.decode()
    assert "Every step" in words(asked)
    refused = client.post(f"{page}how-much/", {"how_much": "nothing"})
    assert "Choose what we tell you" in words(refused.content.decode())
    kept = client.post(f"{page}how-much/", {"how_much": "end"}, follow=True)
    assert "Your choice is kept" in words(kept.content.decode())
    walk(enquiry, officer)
    assert events() == ["received", "resolved"]
    assert AuditEvent.objects.filter(action="enquiry.telling_chosen").count() == 1


def test_what_is_chosen_for_one_enquiry_outweighs_what_was_chosen_for_all(
    enquiry: Enquiry, officer: Viewer
) -> None:
    assert enquiry.person is not None
    enquiry.person.tell_how_much = "end"
    enquiry.person.save()
    telling_choice.choose_telling(reference=enquiry.reference, how_much="every", now=timezone.now())
    walk(enquiry, officer)
    assert events() == ["received", "accepted", "new_date", "resolved"]


def test_who_has_no_link_chooses_nothing(enquiry: Enquiry) -> None:
    other = enquiry_of(ask(sender=Sender(name="Sam Stone", email="sam@example.com")))
    wrong = f"/track/{enquiry.reference}/{other.secret}/how-much/"
    assert Client().get(wrong).status_code == 404
    assert Client().post(wrong, {"how_much": "end"}).status_code == 404
    enquiry.refresh_from_db()
    assert enquiry.tell_how_much == ""


def test_a_choice_is_one_of_those_there_are_and_the_same_again_changes_nothing(
    enquiry: Enquiry,
) -> None:
    now = timezone.now()
    reference = enquiry.reference
    with pytest.raises(telling_choice.NotAChoice):
        telling_choice.choose_telling(reference=reference, how_much="all", now=now)
    with pytest.raises(telling_choice.NotAChoice):
        telling_choice.choose_telling(reference=reference, tell_by="pigeon", now=now)
    assert telling_choice.choose_telling(reference=enquiry.reference, tell_by="sms", now=now)
    assert not telling_choice.choose_telling(reference=enquiry.reference, tell_by="sms", now=now)
    assert not telling_choice.choose_telling(reference="WH2-3456-78", tell_by="sms", now=now)


def test_the_page_of_the_enquiry_says_the_new_date_beside_the_promise(
    enquiry: Enquiry, officer: Viewer
) -> None:
    referral = Referral.objects.get(enquiry=enquiry)
    now = timezone.now()
    referrals.accept(public_id=referral.public_id, viewer=officer, now=now)
    day = timezone.localdate() + timedelta(days=30)
    new_dates.by_organisation(
        public_id=referral.public_id, viewer=officer, day=day, words="A part is late", now=now
    )
    shown = words(Client().get(page_of(enquiry)).content.decode())
    assert f"New date {day:%A} {day.day} {day:%B %Y}" in shown
    assert "Promised by" in shown
    assert f"We told you a new date, {day:%A} {day.day} {day:%B}" in shown
    assert "A part is late" in shown
    assert f"now expects to finish by {day:%A} {day.day} {day:%B %Y}" in shown


@pytest.fixture
def polish() -> Iterator[None]:
    """Words of Polish for this test alone, whatever the catalogue says."""
    with translation.override("pl"):
        catalogue = translation.trans_real.translation("pl")._catalog  # type: ignore[attr-defined]
        before = dict(catalogue._catalogs[0])
        catalogue._catalogs[0]["Answer here:"] = "Odpowiedz tutaj:"
        catalogue._catalogs[0]["There is news."] = "Jest wiadomość."
    yield
    catalogue._catalogs[0].clear()
    catalogue._catalogs[0].update(before)


def test_they_are_told_in_the_language_they_asked_in(
    world: World, officer: Viewer, polish: None
) -> None:
    now = timezone.now()
    enquiry = enquiry_of(ask(at=now, language="pl"))
    assert enquiry.language == "pl"
    referral = Referral.objects.get(enquiry=enquiry)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=now)
    referrals.ask(public_id=referral.public_id, viewer=officer, question="Gdzie?", now=now)
    message = Notification.objects.get(event="asked")
    assert message.language == "pl"
    assert "Odpowiedz tutaj:" in message.body
    # Who made it happen goes on in their own language.
    assert translation.get_language() == "en-gb"


def test_a_fact_is_said_in_the_language_of_the_reader_not_of_the_writer(
    world: World, polish: None
) -> None:
    enquiry = enquiry_of(ask(at=timezone.now(), language="pl"))
    with translation.override("en-gb"):
        telling.citizen(
            enquiry,
            "replied",
            key="x",
            now=timezone.now(),
            words=telling._news_of_words,
        )
    assert "Jest wiadomość." in Notification.objects.get(key="x").body
