"""The wall and a colleague's work in other hands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.permissions import Role
from core.models import AuditEvent
from desk import choices, leading
from desk.leading import key_of
from enquiries import intake
from enquiries.actions import assignments, contacts
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.queries import ledger
from metrics import projection
from teamwork import queries_skills
from tests.accessibility import axe
from tests.desk.staff import somebody
from tests.desk.steps import open_contact, text
from tests.desk.test_browser import sign_in
from tests.stand_ins.caller import Call
from tests.world import NOW, World, ask, build, enquiry_of


def free(words: str = "Zzyx") -> Enquiry:
    return enquiry_of(
        ask(service=None, words=words, postcode="", at=timezone.now() - timedelta(hours=3))
    )


@pytest.mark.django_db
def test_it_tells_how_it_stands_without_ranking_anybody(world: World, client_for: Any) -> None:
    leader = somebody(world, role=Role.LEADER)
    now = timezone.now()
    agent = world.viewer(world.agent)
    free()
    mine = free("Another one")
    assignments.take(reference=mine.reference, viewer=agent, now=now)
    contacts.open_contact(channel=Channel.PHONE, key="k", viewer=agent, site=None, now=now)
    page = client_for(leader).get("/desk/team/")
    shown = text(page)
    stats = {one.label: one.value for one in page.context["stats"]()}
    assert stats["Nobody has yet"] == "1"
    assert stats["Late"] == "0"
    assert stats["One stop today, so far"] in ("–", "100%")
    row = next(one for one in page.context["colleagues"]() if one.key == key_of(world.agent.pk))
    assert (row.in_hand.number, len(row.sittings)) == (1, 1)
    names = [one.name for one in page.context["colleagues"]()]
    assert names == sorted(names)
    assert "Nobody is ranked" in shown


class Told(NamedTuple):
    """What the ledger says of one enquiry."""

    at: datetime
    due_at: datetime | None
    taken: bool
    ended: bool
    came_back: bool


def told(pk: int) -> Told:
    """By the lines of the ledger alone, read from first to last."""
    first, due, taken, ended, back = NOW, None, False, False, False
    for line in ledger.ledger([pk]):
        if line["type"] == "contact":
            first = min(first, datetime.fromisoformat(str(line["start"])))
        if line["type"] == "item" and line["kind"] in ("chase", "repeat"):
            back = True
    for event in EnquiryEvent.objects.filter(enquiry_id=pk).order_by("sequence"):
        if event.type == "enquiry.assigned":
            taken = event.data.get("name") != "nobody"
        ended = ended or event.type == "enquiry.resolved"
    due = Enquiry.objects.values_list("due_at", flat=True).get(pk=pk)
    return Told(first, due, taken, ended, back)


@pytest.mark.django_db(transaction=True)
def test_each_figure_of_the_wall_is_what_the_ledger_says(transactional_db: None) -> None:
    world = build()
    leader, agent = world.viewer(somebody(world, role=Role.LEADER)), world.viewer(world.agent)
    at = [NOW - timedelta(hours=hours) for hours in (3, 2, 1)]
    late, soon, taken = (
        enquiry_of(ask(service=None, words=f"Zzyx {n}", postcode="", at=at[n])) for n in range(3)
    )
    Enquiry.objects.filter(pk=late.pk).update(due_at=NOW - timedelta(minutes=5))
    Enquiry.objects.filter(pk=soon.pk).update(due_at=NOW + timedelta(minutes=90))
    assignments.take(reference=taken.reference, viewer=agent, now=NOW)
    assignments.take(reference=soon.reference, viewer=agent, now=NOW)
    assignments.release(reference=soon.reference, viewer=agent, now=NOW)
    need = Need("Still there", kind=ItemKind.CHASE.value, about=late.reference)
    intake.receive(
        InboundContact(channel=Channel.WEB, external_id="c", received_at=NOW, needs=(need,)),
        now=NOW,
    )
    Call(number="+447700900123").rings()
    for n in range(2):
        contacts.open_contact(channel=Channel.COUNTER, key=str(n), viewer=agent, site=None, now=NOW)
    projection.refresh(now=NOW + timedelta(minutes=1))
    lines = [told(one.pk) for one in (late, soon, taken)]
    free = [one for one in lines if not (one.taken or one.ended)]
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        stats = {one.label: one for one in leading.wall(leader, now=timezone.now())}
    assert stats["Nobody has yet"].value == str(len(free)) == "2"
    assert min(one.at for one in free) == at[0]
    assert stats["Nobody has yet"].note == "the oldest since 3 h"
    assert stats["Late"].value == str(sum(bool(o.due_at and o.due_at < NOW) for o in free)) == "1"
    assert stats["Late within two hours"].value == "1"
    assert stats["With somebody now"].value == "1"
    assert stats["With somebody now"].note == "0 more being wrapped up, 1 put aside"
    begun, broken = len(lines), sum(one.came_back for one in lines)
    assert stats["One stop today, so far"].note == (
        f"{begun - broken} of {begun} begun today have had no second contact; "
        f"{begun - broken} of those may still have one"
    )


@pytest.mark.django_db
def test_work_goes_into_other_hands_once_and_not_over_anybodys_head(
    world: World, client_for: Any
) -> None:
    leader = somebody(world, role=Role.LEADER)
    other = somebody(world, email="other@hub.demo", role=Role.AGENT)
    now = timezone.now()
    agent = world.viewer(world.agent)
    one, two = free(), free("Another one")
    for case in (one, two):
        assignments.take(reference=case.reference, viewer=agent, now=now)
    desk, path = client_for(leader), f"/desk/team/{key_of(world.agent.pk)}/"
    page = desk.get(path)
    key = page.context["form"]["key"].value()
    # Meanwhile it is put back and taken by somebody else.
    assignments.release(reference=two.reference, viewer=agent, now=now)
    assignments.take(reference=two.reference, viewer=world.viewer(leader), now=now)
    wrong = desk.post(path, {"key": key, "to": str(other.pk)})
    assert (wrong.status_code, "Choose at least one case" in text(wrong)) == (422, True)
    data = {"key": key, "to": str(other.pk), "cases": [one.reference]}
    for _ in range(2):
        assert desk.post(path, data).status_code in (303, 422)
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.assignee_id == other.pk
    assert two.assignee_id == leader.pk
    assert one.events.filter(type="enquiry.assigned").count() == 2


@pytest.mark.django_db
def test_a_leader_says_what_somebody_can_do_how_much_and_whether_they_are_away(
    world: World, client_for: Any
) -> None:
    desk, agent = client_for(somebody(world, role=Role.LEADER)), world.agent
    path = f"/desk/team/{key_of(agent.pk)}/skills/"
    tomorrow = timezone.localdate() + timedelta(days=1)

    def sent(**more: str) -> Any:
        key = desk.get(path).context["form"]["key"].value()
        return desk.post(path, {"key": key, "away": "here", **more})

    wrong = sent(most="0", away="until")
    assert wrong.status_code == 422
    assert "Enter a number from 1 to 200" in text(wrong)
    assert "Say up to which day they are away" in text(wrong)
    assert sent(another="pothole", another_level="3", language_pl="2", most="7").status_code == 303
    assert queries_skills.skills(agent.pk) == {
        "language": {"pl": 2}, "service": {"pothole": 3}, "area": {}, "team": {},
    }  # fmt: skip
    away = {"away": "until", "until": tomorrow.isoformat()}
    # The second time its row is there; what is taken off is gone.
    assert "No longer" in text(desk.get(path))
    assert sent(service_pothole="", language_pl="2", most="7", **away).status_code == 303
    assert queries_skills.skills(agent.pk)["service"] == {}
    # Areas and teams as well; each stays until it is taken off.
    (team, _), code = choices.teams_of("hub")[0], choices.areas()[-1][0]
    known = {"another_area": code, "another_team": team, "another_team_level": "1"}
    assert sent(language_pl="2", most="7", **away, **known).status_code == 303
    kept = {f"area_{code}": "2", f"team_{team}": "1"}
    assert sent(language_pl="2", most="7", **away, **kept).status_code == 303
    assert queries_skills.skills(agent.pk) == {
        "language": {"pl": 2}, "service": {}, "area": {code: 2}, "team": {team: 1},
    }  # fmt: skip
    assert AuditEvent.objects.filter(action="colleague.said").latest("pk").data["areas"]
    wall = text(desk.get("/desk/team/"))
    assert f"away until {tomorrow:%-d %B}" in wall
    assert "0 of 7" in wall
    # Nobody is put through to who is not there.
    talk = client_for(world.administrator)
    contact = text(talk.get(open_contact(talk)))
    assert f'value="person:{agent.pk}"' not in contact
    assert sent(language_pl="2", most="7").status_code == 303
    assert f'value="person:{agent.pk}"' in text(talk.get(open_contact(talk)))
    assert AuditEvent.objects.filter(action="colleague.said").count() == 5


@pytest.mark.django_db
def test_only_leaders_come_here(world: World, client_for: Any) -> None:
    own = f"/desk/team/{key_of(world.agent.pk)}/"
    pages = ("/desk/team/", "/desk/team/quality/", "/desk/team/walls/")
    for address in (*pages, own, f"{own}skills/"):
        assert client_for(world.agent).get(address).status_code == 404
        assert client_for(world.manager).get(address).status_code == 200
    assert client_for(world.manager).get(f"/desk/team/{key_of(0)}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_leaders_in_three_sizes(live_server: Any, page: Page) -> None:
    world = build()
    for case in (free(), free("Another one")):
        viewer = world.viewer(world.agent)
        assignments.take(reference=case.reference, viewer=viewer, now=timezone.now())
    site = str(live_server.url)
    sign_in(page, site, "admin@hub.demo")
    wrong = []
    own = f"{key_of(world.agent.pk)}/"
    for path in ("", "screen/", own, f"{own}skills/", "walls/", "quality/"):
        page.goto(f"{site}/desk/team/{path}")
        wrong.extend(axe.walk(page))
    page.get_by_role("button", name="Draw it").click()
    wrong.extend(axe.walk(page, again=True))
    assert wrong == []
    # By keys alone: two cases go to another at once.
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{site}/desk/team/{own}")
    for key in ("j", "x", "j", "x", "h"):
        page.keyboard.press(key)
    expect(page.get_by_label("Give them to")).to_be_focused()
    expect(page.locator("[data-choose-words]")).to_have_text("2 chosen")
    page.keyboard.type("Mona")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 given:")).to_be_visible()
    assert set(Enquiry.objects.values_list("assignee_id", flat=True)) == {world.manager.pk}
