"""Sensitive cases at the hub's desk: handled by reference, found by leads, looks written down."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

import accounts.actions
from accounts.models import Team, User
from accounts.permissions import GRANTS, HUB_ONLY, Permission, Role, granted
from core.audit import SYSTEM
from core.errors import DomainError
from core.models import AuditEvent
from enquiries.actions import assignments, offers
from enquiries.models import Enquiry, Referral
from enquiries.queries import desk
from kb.models import Service
from tests.desk.steps import act, text
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db
WORDS = "He hits me when he drinks"


@pytest.fixture
def case(world: World) -> Enquiry:
    Service.objects.filter(slug="allotments").update(sensitive=True)
    return enquiry_of(ask(service="allotments", words=WORDS))


@pytest.fixture
def lead(world: World) -> User:
    user = accounts.actions.create_user(
        email="lead@hub.demo", password="x", full_name="Lea Lead", actor=SYSTEM, now=NOW, demo=True
    )
    for role in (Role.AGENT, Role.SAFEGUARDING):
        accounts.actions.grant(
            user=user,
            organisation=world.organisations["hub"],
            role=role,
            team=Team.objects.get(organisation__slug="hub"),
            from_on=date(2026, 1, 1),
            actor=SYSTEM,
            now=NOW,
        )
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_agent_does_not_find_it_and_reads_it_by_its_reference(
    world: World, case: Enquiry
) -> None:
    client = signed_in(world.agent)
    row = f'<span class="hub-rows__reference hub-tabular">{case.reference}'
    assert row in text(client.get("/desk/?view=all"))
    assert row not in text(client.get("/desk/?view=all&text=drinks"))
    assert row not in text(client.get("/desk/?view=all&text=WR11+3DA"))
    listed = text(client.get("/desk/?view=all"))
    assert case.reference in listed
    assert "Sensitive: what was said is on its own page" in listed
    assert WORDS not in listed
    assert "Jo Bloggs" not in listed
    assert not AuditEvent.objects.filter(action="sensitive.viewed").exists()

    assert client.get(f"/desk/?text={case.reference}")["Location"].endswith(f"{case.reference}/")
    page = text(client.get(f"/desk/cases/{case.reference}/"))
    assert WORDS in page
    assert "Jo Bloggs" in page
    line = AuditEvent.objects.get(action="sensitive.viewed")
    assert (line.actor_id, line.target) == (world.agent.pk, f"enquiry:{case.reference}")


def test_it_is_found_by_who_has_it_in_hand(world: World, case: Enquiry) -> None:
    assignments.take(reference=case.reference, viewer=world.viewer(world.agent), now=NOW)
    client = signed_in(world.agent)
    assert WORDS in text(client.get("/desk/?view=mine"))
    assert case.reference in text(client.get("/desk/?view=mine&text=drinks"))


def test_a_lead_finds_it_and_each_list_that_tells_it_is_written_down(
    world: World, case: Enquiry, lead: User
) -> None:
    client = signed_in(lead)
    assert WORDS in text(client.get("/desk/?view=all&text=drinks"))
    line = AuditEvent.objects.get(action="sensitive.viewed")
    assert (line.actor_id, line.target) == (lead.pk, f"enquiry:{case.reference}")


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_managers_and_administrators_decide_whose_it_is_without_reading_it(
    world: World, case: Enquiry, who: str
) -> None:
    user = getattr(world, who)
    client, page = signed_in(user), f"/desk/cases/{case.reference}/"
    shown = text(client.get(page))
    assert "those who handle it read what was said" in shown
    for personal in (WORDS, "Jo Bloggs", "jo@example.com", "WR11 3DA"):
        assert personal not in shown
    assert not AuditEvent.objects.filter(action="sensitive.viewed").exists()
    assert act(client, page, "refer", organisation="wychavon", reason="Theirs").status_code == 303
    assert Referral.objects.get().organisation.slug == "wychavon"


def test_who_does_not_read_it_cannot_take_it(world: World, case: Enquiry) -> None:
    found = desk.case(world.viewer(world.manager), case.reference, now=NOW)
    assert (found.is_hidden, found.can_take) == (True, False)
    with pytest.raises(DomainError, match="sensitive"):
        assignments.take(reference=case.reference, viewer=world.viewer(world.manager), now=NOW)
    case.refresh_from_db()
    assert case.assignee is None


def test_a_hidden_case_tells_what_happened_and_not_what_was_said(
    world: World, case: Enquiry
) -> None:
    agent = signed_in(world.agent)
    page = f"/desk/cases/{case.reference}/"
    act(agent, page, "note", words="She rang from a friend's")
    act(agent, page, "ask", words="Are you safe tonight?")
    shown = text(signed_in(world.manager).get(page))
    for words in ("She rang", "safe tonight", WORDS):
        assert words not in shown
    assert "asked the citizen" in shown


def test_the_people_page_does_not_say_that_there_is_one(
    world: World, case: Enquiry, lead: User
) -> None:
    person = case.person.public_id if case.person else None
    assert case.reference not in text(signed_in(world.agent).get(f"/desk/people/{person}/"))
    assert case.reference in text(signed_in(lead).get(f"/desk/people/{person}/"))


def test_a_manager_s_queue_names_nobody(world: World) -> None:
    ask()
    assert "Jo Bloggs" not in text(signed_in(world.manager).get("/desk/?view=all"))
    assert "Jo Bloggs" in text(signed_in(world.agent).get("/desk/?view=all"))


def test_a_partner_s_reading_of_it_is_written_down(world: World, case: Enquiry) -> None:
    offers.offer(
        reference=case.reference,
        viewer=world.viewer(world.agent),
        organisation="wychavon",
        reason="Theirs",
        now=NOW,
    )
    signed_in(world.officer).get(f"/desk/referrals/{Referral.objects.get().public_id}/")
    line = AuditEvent.objects.get(action="sensitive.viewed")
    assert (line.actor_id, line.target) == (world.officer.pk, f"enquiry:{case.reference}")


def test_no_role_of_a_partner_opens_anything_of_the_hub() -> None:
    everything = frozenset(Role)
    assert not granted(everything, is_hub=False) & HUB_ONLY
    assert granted(everything, is_hub=True) == frozenset(Permission)


def test_only_leads_find_what_is_sensitive() -> None:
    finders = {role for role, grants in GRANTS.items() if Permission.SEE_SENSITIVE in grants}
    assert finders == {Role.SAFEGUARDING}
    assert Permission.HANDLE_SENSITIVE in GRANTS[Role.AGENT]
    assert Permission.HANDLE_SENSITIVE not in GRANTS[Role.MANAGER] | GRANTS[Role.ADMINISTRATOR]


def test_the_duty_manager_decides_and_does_not_end(world: World) -> None:
    manager = world.viewer(world.manager)
    for permission in (Permission.TRIAGE, Permission.REFER, Permission.SEE_QUEUE):
        assert manager.may(permission)
    for permission in (Permission.RESOLVE, Permission.SEE_PEOPLE, Permission.HANDLE_CONTACTS):
        assert not manager.may(permission)
