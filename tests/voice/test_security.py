"""What callers are asked is chosen by administrators, for everybody, sensitive services, or one."""

from __future__ import annotations

from datetime import timedelta

import pytest

import customers.actions
import inbox.queries_checks
from core.models import AuditEvent
from customers.models import Person
from enquiries.models import Contact, Enquiry
from inbox.models import Call as Row
from inbox.models import QuestionSet
from inbox.questions import EVERYBODY, Question, asked
from tests.stand_ins.caller import Call
from tests.voice.steps import keyed
from tests.world import NOW

pytestmark = pytest.mark.django_db

HOME = "/desk/settings/security-questions/"


def chosen(questions: list[str], needed: int, version: int = 0) -> dict[str, object]:
    return {**keyed(version=str(version), needed=str(needed)), "questions": questions}


def test_an_administrator_chooses_them_and_an_agent_does_not(clock, desk, other):
    assert desk.get(HOME).status_code == 404
    assert "2 of 2 must be right" in other.get(HOME).content.decode()
    page = other.get(f"{HOME}everybody/").content.decode()
    assert "vulnerable" not in page.lower()
    for wrong, says in (
        (chosen(["name"], 2), "no more than 1 can be right"),
        (chosen(["name", "postcode"], 1), "At least two answers must be right"),
        (chosen([], 2), "Choose at least two questions"),
        (chosen(["shoe size", "name"], 2), "Choose from the list"),
    ):
        assert says in other.post(f"{HOME}everybody/", wrong).content.decode()
    both = ["name", "postcode", "email"]
    assert other.post(f"{HOME}everybody/", chosen(both, 2)).status_code == 303
    assert inbox.queries_checks.for_service().questions == tuple(Question(one) for one in both)
    late = other.post(f"{HOME}everybody/", chosen(["name", "street"], 2))
    assert "Somebody else changed these questions" in late.content.decode()
    other.post(f"{HOME}missed-bin/", chosen(["name", "reference"], 2))
    assert asked(inbox.queries_checks.sets(), service="missed-bin").scope == "service:missed-bin"
    other.post(f"{HOME}missed-bin/remove/")
    other.post(f"{HOME}everybody/remove/")
    assert [one.scope for one in inbox.queries_checks.sets()] == [EVERYBODY]
    actions = AuditEvent.objects.filter(action__startswith="security_questions.")
    assert actions.count() == 3


@pytest.fixture
def mine(clock, world, desk, other):
    """Ann's page on the telephone; bins ask for more than the rest."""
    other.post(f"{HOME}everybody/", chosen([one.value for one in Question], 2))
    other.post(f"{HOME}missed-bin/", chosen(["email", "reference", "last_contact"], 2))
    ann = customers.actions.identify(
        name="Ann Brown", phone="07700 900123", email="ann@example.org",
        address="12 High Street, Evesham", postcode="WR11 3DA", now=NOW - timedelta(days=40),
    )  # fmt: skip
    for service, how in (("missed-bin", "rules"), ("council-tax-bill", "answer")):
        desk.post("/desk/contact/", keyed(channel="counter", site=""))
        contact = Contact.objects.latest("pk")
        desk.post(f"/desk/contact/{contact.public_id}/person/", {"person": str(_of(ann))})
        body = keyed(service=service, description=f"About {service}", postcode="WR11 3DA",
                     how=how, answer="It is so.", outcome="answered")  # fmt: skip
        assert desk.post(f"/desk/contact/{contact.public_id}/raise/", body).status_code == 303
        desk.post(f"/desk/contact/{contact.public_id}/wrap-up/", {"note": ""}, follow=True)
    then = NOW - timedelta(days=20)
    Contact.objects.update(started_at=then, ended_at=then)
    clock.shift(60)
    call = Call()
    call.rings()
    call.leg("in-progress")
    row = Row.objects.get(sid=call.sid)
    return desk.post(f"/desk/contact/on-the-line/{row.public_id}/")["Location"]


def _of(pk: int | None) -> object:
    assert pk is not None
    return Person.objects.values_list("public_id", flat=True).get(pk=pk)


@pytest.mark.parametrize(
    ("answers", "is_them"),
    [
        ({"street": "12 high street", "email": "ANN@example.org"}, True),
        ({"street": "high street", "email": "ann@example.org"}, False),
        ({"street": "21 High Street", "postcode": "WR11 3DA"}, False),
        # Only the day is near enough; the number that rings proves nothing.
        ({"last_contact": "2026-06-05", "phone": "07700 900123"}, False),
        ({"last_contact": "DAY", "name": "Ann Brown"}, True),
        ({"reference": "REF", "name": "ann brown"}, True),
        ({"reference": "WH7-K3MP-4X", "name": "Ann Brown"}, False),
    ],
)
def test_each_question_is_held_against_what_they_gave_us(mine, desk, answers, is_them):
    day = (NOW - timedelta(days=22)).date().isoformat()
    known = {"DAY": day, "REF": Enquiry.objects.earliest("pk").reference.lower()}
    said = {name: known.get(words, words) for name, words in answers.items()}
    page = desk.post(f"{mine}caller/", said, follow=True).content.decode()
    assert ("12 High Street, Evesham" in page) is is_them
    assert (Contact.objects.latest("pk").person is not None) is is_them


def test_a_service_that_asks_more_stays_covered_until_that_is_answered(mine, desk):
    desk.post(f"{mine}caller/", {"name": "Ann Brown", "postcode": "WR11 3DA"})
    page = desk.get(mine).content.decode()
    assert "About council-tax-bill" in page
    assert "About missed-bin" not in page
    assert "1 more is shown after the questions of" in page
    more = desk.get(f"{mine}?scope=service:missed-bin").content.decode()
    assert "Reference of an enquiry of theirs" in more
    reference = Enquiry.objects.get(service__slug="missed-bin").reference
    desk.post(
        f"{mine}caller/",
        {"scope": "service:missed-bin", "email": "ann@example.org", "reference": reference},
    )
    assert "About missed-bin" in desk.get(mine).content.decode()


def test_a_contact_opened_by_hand_asks_what_administrators_chose_and_nothing_else(
    mine, desk, world
):
    ann = str(Person.objects.get().public_id)
    desk.post("/desk/contact/", keyed(channel="phone", site=""))
    where = f"/desk/contact/{Contact.objects.latest('pk').public_id}/"
    desk.post(f"{where}person/", {"person": ann})
    page = desk.get(where).content.decode()
    for secret in ("ann@example.org", "12 High Street", "About missed-bin", "About council-tax"):
        assert secret not in page, secret
    found = desk.post(f"{where}find/", {"find": "Ann Brown"}, follow=True).content.decode()
    assert "It is them" in found
    assert "WR11 3DA" not in found
    assert desk.post(f"{where}caller/", {"name": "Bo", "postcode": "WR11 3DA"}).status_code == 200
    assert "2 more tries" in desk.get(where).content.decode()
    desk.post(f"{where}caller/", {"name": "Ann Brown", "postcode": "WR11 3DA"})
    page = desk.get(where).content.decode()
    assert "ann@example.org" in page
    assert "About council-tax" in page
    assert "About missed-bin" not in page
    actions = list(AuditEvent.objects.filter(action__startswith="caller.").values_list("action"))
    assert actions[-2:] == [("caller.not_known",), ("caller.known",)]
    # Nobody chose what everybody is asked: they are known, and bins still ask more.
    QuestionSet.objects.filter(scope=EVERYBODY).delete()
    desk.post("/desk/contact/", keyed(channel="phone", site=""))
    where = f"/desk/contact/{Contact.objects.latest('pk').public_id}/"
    desk.post(f"{where}person/", {"person": ann})
    page = desk.get(where).content.decode()
    assert "ann@example.org" in page
    assert "About council-tax" in page
    assert "About missed-bin" not in page
    assert "1 more is shown after the questions of" in page
