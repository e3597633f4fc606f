"""A call pops up at the agent whose telephone rings, and tells nothing before it is proved."""

from __future__ import annotations

from datetime import timedelta

import pytest

import customers.actions
from core.models import AuditEvent
from enquiries.models import Contact, Enquiry
from inbox import actions_lines
from inbox.actions_lines import NotALine
from inbox.models import CallerCheck, DeskLine, Leg
from tests.stand_ins.caller import Call, sid
from tests.voice.steps import keyed
from tests.world import NOW

pytestmark = pytest.mark.django_db

POP = "/desk/pop/"
PART = {"HX-Request": "true", "HX-Target": "hub-pop"}
SECRETS = ("Brown", "WR11 3DA", "ann@example.org", "1 High Street", "not emptied")


@pytest.fixture
def lines(clock, world, desk, other):
    """Two agents at telephones of their own."""
    desk.post(f"{POP}line/", {"line": "client:Ann"})
    other.post(f"{POP}line/", {"line": "07700 900009"})


@pytest.fixture
def household(clock, world, desk):
    """Ann used her number twice this year and has an open enquiry; Bo shares it at her address."""
    for name in ("Ann Brown", "Bo Brown"):
        customers.actions.identify(
            name=name, phone="07700 900123", email=f"{name[:3].strip().lower()}@example.org",
            address="1 High Street", postcode="WR11 3DA", now=NOW - timedelta(days=300),
        )  # fmt: skip
    ann = customers.actions.identify(
        name="Ann Brown", phone="07700 900123", postcode="WR11 3DA", now=NOW
    )
    for days in (400, 90, 9):
        at = NOW - timedelta(days=days)
        digest = Call().number
        Contact.objects.create(
            channel="phone", started_at=at, ended_at=at, recorded_at=at, person_id=ann,
            address_hash=_hash(digest),
        )  # fmt: skip
    return ann


def _hash(number: str) -> str:
    from core.privacy import address_hash

    return address_hash("phone", number)


def ring(to: str = "client:ann", *, number: str = "+447700900123", answers: bool = True) -> Call:
    call = Call(number=number)
    call.rings()
    call.leg("ringing", To=to)
    if answers:
        call.leg("in-progress", To=to)
    return call


def part(client) -> str:
    answer = client.get(POP, headers=PART)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_call_reaches_only_whom_it_rings(clock, lines, desk, other):
    call = ring(answers=False)
    assert "Rings for you" in part(desk)
    assert "•••••••••0123" in part(desk)
    assert "Rings for you" not in part(other)
    call.leg("in-progress", To="client:ann")
    shown = part(desk)
    assert "On your line" in shown
    assert "On your line" not in part(other)
    # Nor is it on the list of those that are nobody's.
    assert "0123" not in other.get("/desk/contact/").content.decode()
    # It is the agent's contact already, with the time of the call.
    contact = Contact.objects.get()
    assert (contact.agent, contact.started_at) == (Leg.objects.get().agent, NOW)
    where = f"{POP}{Leg.objects.get().public_id}/open/"
    assert other.post(where).status_code == 404
    assert desk.post(where)["Location"] == f"/desk/contact/{contact.public_id}/"
    assert desk.post(where)["Location"] == f"/desk/contact/{contact.public_id}/"
    assert "On your line" not in part(desk)


def test_who_was_not_quick_enough_has_nothing_on_the_page(clock, lines, desk, other):
    call = ring(answers=False)
    theirs = sid()

    def second(status: str) -> None:
        call.leg(status, CallSid=theirs, To="+447700900009")

    second("ringing")
    assert "Rings for you" in part(other)
    clock.shift(2)
    second("in-progress")
    assert "Rings for you" not in part(desk)
    assert "On your line" in part(other)
    # News that comes late or twice changes nothing.
    second("ringing")
    second("in-progress")
    assert Leg.objects.count() == 2
    clock.shift(60)
    call.says("completed")
    assert "To write up" in part(other)
    clock.shift(1_801)
    assert part(other).count("<section") == 0


def test_whoever_takes_a_caller_from_a_queue_is_shown_them(clock, lines, desk, settings):
    settings.HUB_VOICE_TO = "queue:hub"
    for ours_first in (True, False):
        call, mine = Call(), Call()
        call.rings()

        def told(mine=mine):
            mine.says("in-progress", Direction="outbound-api", To="client:ann")

        def taken(call=call, mine=mine):
            call.says("in-progress", DequeingCallSid=mine.sid)

        for step in (told, taken) if ours_first else (taken, told):
            step()
        leg = Leg.objects.get(sid=mine.sid)
        assert leg.call is not None
        assert leg.call.sid == call.sid
        assert leg.call.agent == leg.agent
        assert leg.call.contact is not None
        assert Contact.objects.get(public_id=leg.call.contact).agent == leg.agent
    assert part(desk).count("On your line") >= 2


def test_a_telephone_is_one_agents_at_a_time(clock, lines, desk, other, agent):
    answer = other.post(f"{POP}line/", {"line": "CLIENT:ann"}, follow=True)
    assert "A colleague sat there until now" in answer.content.decode()
    ring()
    assert "On your line" in part(other)
    assert part(desk).count("<section") == 0
    refused = desk.post(f"{POP}line/", {"line": "nowhere"})
    assert refused.status_code == 422
    assert "softphone like client:ann" in refused.content.decode()
    desk.post(f"{POP}line/", {"line": ""})
    assert DeskLine.objects.count() == 1
    assert "client" not in str(DeskLine.objects.values())
    with pytest.raises(NotALine):
        actions_lines.sit_at("12", viewer=_viewer(agent), now=NOW)


def _viewer(agent):
    from accounts.queries import viewer_for_user

    return viewer_for_user(agent)


def test_candidates_come_ranked_with_why_and_nothing_else(clock, lines, household, desk):
    ring()
    shown = part(desk)
    assert shown.index("this number, used twice this year") < shown.index("not used in a year")
    assert "number of a household of two" in shown
    for secret in SECRETS:
        assert secret not in shown


def test_unknown_and_withheld_are_said_and_matched_with_nobody(clock, lines, household, desk):
    ring(number="+447700900888")
    assert "Unknown: nobody gave us this number" in part(desk)
    desk.post(f"{POP}{Leg.objects.get().public_id}/away/")
    # A withheld number is given as one that somebody could have.
    customers.actions.identify(name="With Held", phone="+86282452253", now=NOW)
    ring(number="+86282452253")
    shown = part(desk)
    assert "withheld" in shown
    assert "W••" not in shown
    ring(number="anonymous")
    assert part(desk).count("matched with nobody") == 2


def test_nothing_is_told_before_the_questions_and_then_of_that_one_alone(
    clock, lines, household, desk, world
):
    reference = _raised(desk, household)
    call = ring()
    contact = Contact.objects.latest("pk")
    shown = desk.post(f"{POP}{Leg.objects.get(call__sid=call.sid).public_id}/open/")
    page = shown["Location"]
    ann, bo = _ids()
    picked = desk.get(page, {"caller": ann}).content.decode()
    assert "A•• B••" in picked
    assert f"open enquiry {reference[2:3]}" in picked
    for secret in (*SECRETS, reference):
        assert secret not in picked, secret
    _found_by_name_alone(desk, page)
    # Chosen by name: still nothing, and not in any field either.
    desk.post(f"{page}person/", {"person": ann})
    covered = desk.get(page).content.decode()
    assert "Not proved yet" in covered
    for secret in (*SECRETS, reference):
        assert secret not in covered, secret
    _begins_with_nothing(desk, page)
    # Another one's answers open nothing of hers.
    refused = desk.post(f"{page}caller/", {"name": "Bo Brown", "postcode": "WR11 3DA"})
    body = refused.content.decode()
    assert "not what we have" in body
    assert "2 more tries" in body
    assert "You can still give general answers" in body
    assert "ann@example.org" not in body
    assert contact.person_id in (None, household)
    desk.post(f"{page}caller/", {"name": "ann brown", "postcode": "wr11 3da"})
    open_page = desk.get(page).content.decode()
    assert "ann@example.org" in open_page
    assert "not emptied" in open_page
    tries = list(CallerCheck.objects.values_list("is_passed", "asked", "right"))
    assert tries == [
        (False, ["name", "postcode"], []),
        (True, ["name", "postcode"], ["name", "postcode"]),
    ]
    written = AuditEvent.objects.filter(action__startswith="caller.").order_by("pk")
    assert [(one.action, one.target, one.data["questions"]) for one in written] == [
        ("caller.not_known", f"contact:{contact.public_id}", ["name", "postcode"]),
        ("caller.known", f"contact:{contact.public_id}", ["name", "postcode"]),
    ]
    assert "Brown" not in str(list(written.values("data")))
    # For this contact and this person alone.
    desk.post(f"{page}person/", {"person": bo})
    assert "Not proved yet" in desk.get(page).content.decode()


def _found_by_name_alone(desk, page: str) -> None:
    asked = desk.post(f"{page}find/", {"find": "Ann Brown"}, follow=True).content.decode()
    assert "It is them" in asked
    for secret in ("WR11 3DA", "ann@example.org", "1 High Street"):
        assert secret not in asked, secret


def _begins_with_nothing(desk, page: str) -> None:
    """A script asks what is covered, as if nobody had told us."""
    script = desk.post(f"{page}scripts/", keyed(service="missed-bin"), follow=True)
    assert "/scripts/" in script.request["PATH_INFO"]
    for secret in (*SECRETS, "WR113DA"):
        assert secret not in script.content.decode(), secret


def _ids() -> list[str]:
    from customers.models import Person

    return [str(one) for one in Person.objects.order_by("pk").values_list("public_id", flat=True)]


def _raised(desk, person: int) -> str:
    """An enquiry of hers from the counter, before."""
    desk.post("/desk/contact/", keyed(channel="counter", site=""))
    contact = Contact.objects.latest("pk")
    contact.person_id = person
    contact.save()
    where = f"/desk/contact/{contact.public_id}/"
    body = keyed(service="missed-bin", description="It was not emptied", postcode="WR11 3DA",
                 how="rules")  # fmt: skip
    assert desk.post(f"{where}raise/", body).status_code == 303
    desk.post(f"{where}wrap-up/", {"note": ""}, follow=True)
    return Enquiry.objects.latest("pk").reference


def test_after_three_wrong_answers_nothing_more_is_asked(clock, lines, household, desk):
    ring()
    page = desk.post(f"{POP}{Leg.objects.get().public_id}/open/")["Location"]
    for _ in range(3):
        desk.post(f"{page}caller/", {"name": "Ann Green", "postcode": "WR11 3DA"})
    right = {"name": "Ann Brown", "postcode": "WR11 3DA"}
    assert "asked too often" in desk.post(f"{page}caller/", right).content.decode()
    assert Contact.objects.latest("pk").person is None
    assert CallerCheck.objects.count() == 3
