"""A sample is drawn from what was linked and what looks alike, and two mark it blind."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role, Viewer
from desk import quality, samples_drawn
from enquiries import intake
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need, Sender
from enquiries.models import Contact, ContactItem, Enquiry
from kb.models import Service
from metrics import projection
from notifications.models import Notification
from teamwork import actions_quality, queries_quality
from teamwork.actions_quality import NotNow
from teamwork.models import QualityPair
from teamwork.quality import Part
from tests.desk.staff import somebody
from tests.desk.steps import text
from tests.world import NOW, World, ask, build

# The ledger is folded as far as transactions have ended.
pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(days=40)
DAYS = (date(2020, 1, 1), date(2030, 1, 1))


@pytest.fixture
def world(transactional_db: None) -> World:
    return build()


@pytest.fixture
def leaders(world: World) -> list[Viewer]:
    """Three who lead a team."""
    found = [somebody(world, email=f"l{n}@hub.demo", role=Role.LEADER) for n in range(3)]
    return [world.viewer(one) for one in found]


@pytest.fixture
def asked(world: World) -> None:
    """One person's bin, chased with its reference, and a neighbour's of the same postcode."""
    reference = ask(at=NOW).enquiries[0].reference
    later = NOW + timedelta(days=2)
    need = Need(description="Still not emptied", kind=ItemKind.CHASE.value, about=reference)
    chase = InboundContact(
        channel=Channel.WEB, external_id="chase", received_at=later, needs=(need,),
        sender=Sender(name="Jo Bloggs", email="jo@example.com"),
    )  # fmt: skip
    intake.receive(chase, now=later)
    ask(at=NOW + timedelta(days=3), sender=Sender(name="Sam Stone", email="sam@example.com"))
    projection.refresh(now=LATER)


def drawn(leader: Viewer, key: str = "k") -> int:

    population = quality.population(*DAYS, seed=key)
    return actions_quality.draw(
        leader, population, since=DAYS[0], until=DAYS[1], size=10, key=key, now=LATER
    )


def test_it_holds_both_kinds_and_is_drawn_once(asked: None, leaders: list[Viewer]) -> None:
    number = drawn(leaders[0])
    assert drawn(leaders[0]) == number
    tiers = list(QualityPair.objects.values_list("tier", flat=True))
    assert sorted(tiers) == ["", "L1"]
    one = queries_quality.rounds(leaders[0])[0]
    assert (one.linked_total, one.apart_total) == (1, 1)


def test_that_of_a_month_is_drawn_by_itself_and_once(asked: None, leaders: list[Viewer]) -> None:
    # All of it was in November; in October nobody came back.
    assert samples_drawn.draw_due(now=datetime(2026, 11, 30, 12, tzinfo=UTC)) is None
    number = samples_drawn.draw_due(now=LATER)
    assert number is not None
    assert samples_drawn.draw_due(now=LATER) == number
    one = queries_quality.rounds(leaders[0])[0]
    assert (one.drawn_by, one.linked_total) == ("The hub", 1)
    assert (one.since, one.until) == (date(2026, 11, 1), date(2026, 12, 1))


def test_two_mark_without_the_others_answer_and_a_third_decides(
    asked: None, leaders: list[Viewer]
) -> None:
    first, second, third = leaders
    number = drawn(first)

    def said(who: Viewer, answer: str) -> uuid.UUID:
        found = queries_quality.next_to_mark(who, number)
        assert found is not None
        assert found.answers == ()
        actions_quality.mark(who, pair=found.public_id, answer=answer, now=LATER)
        return found.public_id

    pair = said(first, "same")
    assert queries_quality.next_to_decide(third, number) is None
    # What one has marked comes first to the next, so that pairs are finished.
    assert said(second, "apart") == pair
    with pytest.raises(NotNow, match="not changed"):
        actions_quality.mark(first, pair=pair, answer="apart", now=LATER)
    for who in (first, second):
        assert queries_quality.next_to_decide(who, number) is None
    decide = queries_quality.next_to_decide(third, number)
    assert decide is not None
    assert sorted(decide.answers) == [("apart", ""), ("same", "")]
    actions_quality.mark(third, pair=pair, answer="same", words="Both say so", now=LATER)
    assert queries_quality.next_to_decide(third, number) is None
    figures = queries_quality.rounds(first)[0].figures
    assert figures.precision.n + figures.missed.n == 1
    assert figures.both == 1


def test_nobody_marks_a_contact_that_they_took(asked: None, leaders: list[Viewer]) -> None:
    number = drawn(leaders[0])
    Contact.objects.update(agent_id=leaders[0].id)
    assert queries_quality.next_to_mark(leaders[0], number) is None
    found = queries_quality.next_to_mark(leaders[1], number)
    assert found is not None
    # Nor by the address of a page that a colleague had open.
    with pytest.raises(NotNow, match="took this contact yourself"):
        actions_quality.mark(leaders[0], pair=found.public_id, answer="same", now=LATER)


def test_nobody_reads_what_was_said_of_a_sensitive_service_in_the_same_contact(
    asked: None, leaders: list[Viewer], world: World
) -> None:
    """A call has more than one need: what looks alike may have come with what is nobody's."""
    number = drawn(leaders[0])
    for pair in QualityPair.objects.all():
        # Named first of all that the contact said.
        private = ask(at=NOW, words="About the crime", postcode="WR1 3EZ").enquiries[0]
        items = ContactItem.objects.filter(enquiry__reference=private.reference)
        items.update(contact=pair.contact, at=NOW - timedelta(days=1))
    told = Enquiry.objects.filter(description="About the crime")
    told.update(service=Service.objects.filter(slug="allotments").first())
    Service.objects.filter(slug="allotments").update(sensitive=True)
    assert queries_quality.next_to_mark(leaders[0], number) is None
    assert queries_quality.rounds(leaders[0])[0].mine == 0
    with pytest.raises(NotNow, match="looks alike"):
        drawn(leaders[0], "again")


def test_who_leads_nobody_has_nothing_to_do_with_it(
    asked: None, leaders: list[Viewer], world: World
) -> None:
    agent = world.viewer(world.agent)
    number = drawn(leaders[0])
    assert queries_quality.rounds(agent) == []
    assert queries_quality.next_to_mark(agent, number) is None
    with pytest.raises(NotNow):
        drawn(agent, "other")


def test_the_pages_say_nothing_of_the_link(
    asked: None, leaders: list[Viewer], client_for: Any, world: World
) -> None:
    desk = client_for(User.objects.get(pk=leaders[0].id or 0))
    form = desk.get("/desk/team/quality/")
    assert "Draw a sample" in text(form)
    key = form.context["form"]["key"].value()
    days = {"key": key, "since": "2020-01-01", "size": "10"}
    never = desk.post("/desk/team/quality/draw/", {**days, "until": "9999-12-31"})
    assert never.status_code == 422
    assert "Choose a day that is over" in text(never)
    assert desk.get("/desk/performance/?to=9999-12-31").status_code == 200
    today = timezone.localdate().isoformat()
    answer = desk.post("/desk/team/quality/draw/", {**days, "until": today})
    assert answer.status_code == 303
    for _ in range(2):
        page = desk.get("/desk/team/quality/1/mark/")
        shown = text(page)
        assert "The later contact" in shown
        # A tier stands by itself; a reference may end in the same two signs.
        for secret in (r"(?<![\w-])L1(?![\w-])", "linked", "Jo Bloggs", "Sam Stone"):
            assert not re.search(secret, shown.partition("The same need?")[2])
        pair = str(page.context["found"].public_id)
        wrong = desk.post("/desk/team/quality/1/mark/", {"pair": pair})
        assert wrong.status_code == 422
        sent = desk.post("/desk/team/quality/1/mark/", {"pair": pair, "answer": "same"})
        assert sent.status_code == 303
    assert desk.get("/desk/team/quality/1/mark/").status_code == 303
    assert desk.get("/desk/team/quality/9/mark/").status_code == 404


def test_managers_hear_once_that_links_are_often_wrong_and_see_it_beside_the_rate(
    asked: None, leaders: list[Viewer], world: World, client_for: Callable[[User], Client]
) -> None:
    number = drawn(leaders[0])
    told = Notification.objects.filter(event="links_low")
    for who in leaders[:2]:
        assert not told.exists()
        while (found := queries_quality.next_to_mark(who, number)) is not None:
            # What was linked is something else; what was not is the same need.
            tier = QualityPair.objects.get(public_id=found.public_id).tier
            answer = "apart" if tier else "same"
            actions_quality.mark(who, pair=found.public_id, answer=answer, now=LATER)
    said = "precision 0%, which should be 90%; recall 0%, which should be 70%"
    assert [(one.to, said in one.body) for one in told] == [(world.manager.email, True)]
    assert queries_quality.rounds(leaders[0])[0].figures.by_tier == {"L1": Part(0, 1)}
    page = client_for(world.manager).get("/desk/performance/").content.decode()
    assert f"of the links that it rests on {said}" in page
