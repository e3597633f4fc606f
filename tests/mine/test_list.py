"""The list behind the link: what belongs to an address, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

import customers.queries
from accounts.models import User
from accounts.permissions import Viewer
from customers import links, queries_telling
from customers.models import AddressVisit, ContactPoint, Person
from customers.ways import Wish
from enquiries.actions import referrals, telling_where
from enquiries.inbound import Sender
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry, Referral
from enquiries.queries import mine as listing
from kb.models import Service
from notifications.models import Notification
from tests.journeys.steps import words
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
Mine = Callable[..., Client]


def page(client: Client, path: str = "/my/enquiries/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (answer.status_code, answer.get("Location"))
    return words(answer.content.decode())


def test_people_who_share_an_address_see_all_of_theirs_and_nothing_of_others(
    world: World, mine: Mine
) -> None:
    jo = enquiry_of(ask())
    sam = enquiry_of(ask(sender=Sender(name="Sam Bloggs", email="jo@example.com")))
    other = enquiry_of(ask(sender=Sender(name="Jo Bloggs", email="jo@example.org")))
    assert Person.objects.count() == 3
    shown = page(mine())
    assert jo.reference in shown
    assert sam.reference in shown
    assert other.reference not in shown
    assert "Jo Bloggs" not in shown
    assert "Promised by" in shown
    assert "Missed bin" in shown
    assert "My bin was not emptied" not in shown


def test_each_enquiry_opens_its_own_page(world: World, mine: Mine) -> None:
    jo = enquiry_of(ask())
    client = mine()
    path = f"/track/{jo.reference}/{jo.secret}/"
    assert path in client.get("/my/enquiries/").content.decode()
    assert client.get(path).status_code == 200


def test_what_is_private_is_named_by_its_reference_alone(world: World, mine: Mine) -> None:
    Service.objects.filter(slug="pothole").update(sensitive=True)
    private = enquiry_of(ask(service="pothole"))
    client = mine()
    answer = client.get("/my/enquiries/").content.decode()
    assert "A private enquiry" in answer
    assert private.reference in answer
    assert private.secret not in answer
    assert "Pothole" not in answer
    assert "Worcestershire County Council" not in answer


def test_what_has_ended_says_how_and_what_is_late_says_so(
    world: World, mine: Mine, officer: Viewer
) -> None:
    done, late = enquiry_of(ask()), enquiry_of(ask())
    referral = Referral.objects.get(enquiry=done)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=NOW)
    referrals.complete(
        public_id=referral.public_id,
        viewer=officer,
        outcome=Outcome.COMPLETED,
        words="Emptied",
        now=NOW + timedelta(hours=1),
    )
    Enquiry.objects.filter(pk=late.pk).update(promised_on=timezone.localdate() - timedelta(days=1))
    shown = page(mine())
    assert "It is late." in shown
    assert shown.index("Ended") < shown.index(done.reference)
    assert "Done" in shown


def test_many_are_shown_in_pages_and_odd_pages_are_the_first(world: World, mine: Mine) -> None:
    first = enquiry_of(ask(at=NOW - timedelta(days=2)))
    for hour in range(listing.PAGE):
        ask(at=NOW - timedelta(hours=hour), triaged=False)
    client = mine()
    assert first.reference not in page(client)
    assert first.reference in page(client, "/my/enquiries/?page=2")
    for odd in ("0", "-1", "3", "x", "²", "9" * 30, "1\x00", ""):
        assert first.reference not in page(client, f"/my/enquiries/?page={odd}")


def test_nobody_without_a_visit_sees_anything(world: World) -> None:
    ask()
    for cookie in ("", "x" * 43, "\x00", "x" * 9000):
        client = Client()
        client.cookies["my"] = cookie
        for path in ("/my/enquiries/", "/my/telling/"):
            answer = client.get(path)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/my/")
        assert client.post("/my/telling/", {"how_much": "end"}).status_code == 302
    assert set(Person.objects.values_list("tell_how_much", flat=True)) == {""}


@pytest.mark.parametrize("column", ["seen_at", "started_at"])
def test_a_visit_ends_after_half_an_hour_of_silence_and_after_four_hours(
    world: World, mine: Mine, column: str
) -> None:
    ask()
    client = mine()
    past = links.IDLE if column == "seen_at" else links.LONGEST
    AddressVisit.objects.update(**{column: timezone.now() - past + timedelta(minutes=1)})
    page(client)
    AddressVisit.objects.update(**{column: timezone.now() - past - timedelta(seconds=1)})
    answer = client.get("/my/enquiries/", follow=True)
    assert "Your enquiries are closed on this device" in answer.content.decode()


def test_leaving_ends_it_for_good(world: World, mine: Mine) -> None:
    ask()
    client = mine()
    before = client.cookies["my"].value
    answer = client.post("/my/leave/", follow=True)
    assert "closed on this device" in answer.content.decode()
    client.cookies["my"] = before
    assert client.get("/my/enquiries/").status_code == 302
    assert client.get("/my/leave/").status_code == 405


def test_another_link_makes_another_visit_and_ends_the_one_before(
    world: World, mine: Mine, link: Callable[..., str]
) -> None:
    ask()
    client = mine()
    before = client.cookies["my"].value
    client.post(link())
    assert client.cookies["my"].value != before
    stale = Client()
    stale.cookies["my"] = before
    assert stale.get("/my/enquiries/").status_code == 302
    assert client.get("/my/").headers["Location"] == "/my/enquiries/"


def test_a_visit_gives_no_powers_of_staff_and_staff_no_visit(
    world: World, mine: Mine, client_for: Callable[[User], Client]
) -> None:
    enquiry = enquiry_of(ask())
    assert mine().get(f"/desk/cases/{enquiry.reference}/").status_code == 302
    assert client_for(world.agent).get("/my/enquiries/").status_code == 302


def test_the_cookie_is_not_for_scripts_and_bound_to_the_host(
    world: World, link: Callable[..., str], settings
) -> None:
    ask()
    settings.HTTPS = True
    answer = Client().post(link(), secure=True)
    cookie = answer.cookies["__Host-my"]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_who_wants_the_end_alone_is_told_of_no_step(
    world: World, mine: Mine, officer: Viewer
) -> None:
    enquiry = enquiry_of(ask())
    client = mine()
    assert client.post("/my/telling/", {"how_much": "all"}).status_code == 200
    answer = client.post("/my/telling/", {"how_much": "end"}, follow=True)
    assert "Your choice is kept" in answer.content.decode()
    referral = Referral.objects.get(enquiry=enquiry)
    now = timezone.now()
    referrals.accept(public_id=referral.public_id, viewer=officer, now=now)
    assert not Notification.objects.filter(event="accepted").exists()
    referrals.ask(public_id=referral.public_id, viewer=officer, question="Which side?", now=now)
    assert Notification.objects.filter(event="asked").count() == 1


def test_agents_read_that_an_address_was_proved(
    world: World, mine: Mine, agent: Viewer, client_for: Callable[[User], Client]
) -> None:
    ask()
    person = Person.objects.get()
    assert customers.queries.by_id(person.pk).proved == {}
    mine()
    assert "jo@example.com" in customers.queries.by_id(person.pk).proved
    shown = client_for(world.agent).get(f"/desk/people/{person.public_id}/").content.decode()
    assert "proved by a link" in shown


def test_old_links_and_visits_are_forgotten(world: World, mine: Mine) -> None:
    ask()
    mine()
    assert links.forget(now=timezone.now()) == 0
    assert links.forget(now=timezone.now() + timedelta(days=3)) == 2
    assert ContactPoint.objects.get().verified_at is not None


def test_an_address_given_by_the_link_of_one_enquiry_opens_that_one_alone(
    world: World, mine: Mine
) -> None:
    victims = enquiry_of(ask())  # jo@example.com
    theirs = enquiry_of(ask(sender=Sender()))
    steps = [("jo@example.com", "the victim's"), ("mallory@example.com", "their own")]
    for address, _whose in steps:
        telling_where.choose(reference=theirs.reference, medium="email", to=address, now=NOW)
    theirs.refresh_from_db()
    assert theirs.person_id != victims.person_id
    shown = page(mine("mallory@example.com"))
    assert theirs.reference in shown
    assert victims.reference not in shown
    # Also where the link was to an enquiry of the very person.
    telling_where.choose(reference=victims.reference, medium="email", to="eve@example.com", now=NOW)
    other = enquiry_of(ask(service="pothole", postcode="WR1 3EZ"))
    assert other.person_id == victims.person_id
    shown = page(mine("eve@example.com"))
    assert victims.reference in shown
    assert other.reference not in shown
    assert not ContactPoint.objects.filter(for_one=True, verified_at__isnull=False).exists()
    # Nobody is found by it, and nothing else is told there.
    way = queries_telling.decide(victims.person_id or 0, Wish()).after([])
    assert way is not None
    assert way.place == ("email", "jo@example.com")
