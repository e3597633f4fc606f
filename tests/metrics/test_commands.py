"""What the commands print, and that others can compute the same from what we export."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from enquiries import intake
from enquiries.actions import referrals, resolutions
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Sender
from enquiries.lifecycle import Outcome
from enquiries.models import Referral
from metrics import exports, one_stop, projection, queries, reading
from metrics.models import EnquiryFact
from tests.metrics.test_projection import Clock, again
from tests.metrics.test_projection import clock as clock
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)

SECRET_WORDS = ("Zebra Crossing Person", "zebra@example.com", "07700900456", "giraffe", "hippo")


def printed(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def story(world: World, clock: Clock) -> Clock:
    """A month: one done in time, one chased, one told twice, one refused, one sent back."""
    officer, agent = world.viewer(world.officer), world.viewer(world.agent)
    people = [Sender(name="Zebra Crossing Person", email="zebra@example.com", phone="07700 900456")]
    people += [Sender(name=f"Person {n}", email=f"p{n}@example.com") for n in range(4)]

    def work(received: Any) -> Referral:
        return Referral.objects.get(enquiry_id=received.enquiries[0].enquiry_id)

    done = work(ask(sender=people[0], words="The giraffe ate my bin"))
    referrals.accept(public_id=done.public_id, viewer=officer, now=clock.on(hours=1))
    referrals.complete(public_id=done.public_id, viewer=officer, outcome=Outcome.FULFILLED,
                       words="The hippo emptied it.", now=clock.on(hours=3))  # fmt: skip
    chased = enquiry_of(ask(sender=people[1], at=clock.on(hours=1), postcode="WR1 3EZ"))
    clock.on(hours=2)
    again(chased, "chase", clock, people[1])
    ask(sender=people[0], words="giraffe again", at=clock.on(days=3))
    refused = enquiry_of(ask(sender=people[2], service="join-a-library", at=clock.on(hours=1)))
    resolutions.resolve(reference=refused.reference, viewer=agent, outcome=Outcome.DECIDED_NO,
                        words="No hippo.", now=clock.on(minutes=5))  # fmt: skip
    returned = work(ask(sender=people[3], at=clock.on(hours=1), service="missed-bin"))
    referrals.give_back(public_id=returned.public_id, viewer=officer, question="Which giraffe?",
                        now=clock.on(hours=1))  # fmt: skip
    ask(sender=Sender(), at=clock.on(hours=1), channel=Channel.PHONE)
    clock.on(days=40)
    projection.refresh(now=clock.now)
    return clock


def test_measures_prints_what_the_open_ledger_promises(story: Clock) -> None:
    found = json.loads(printed("measures", "--by", "channel"))

    osr = found["osr"]
    assert {"linked", "upper", "lower", "n", "wilson", "successes", "mature", "pending",
            "excluded", "capped_without_outcome"} <= osr.keys()  # fmt: skip
    assert osr["mature"] == EnquiryFact.objects.filter(verdict__in=["success", "failure"]).count()
    assert osr["excluded"]["same_need"] == 1
    assert {"value", "numerator", "denominator"} == found["rcr"].keys()
    assert {row["reason"] for row in found["failures"]} >= {"progress_chasing", "closed_too_early"}
    assert sum(part["osr"]["mature"] for part in found["by"].values()) == osr["mature"]
    assert found["version"] == "OSR-1.0"
    assert "L3, L4" not in found["not_yet"]


def test_a_period_is_half_open(story: Clock) -> None:
    day = NOW.date()
    whole = json.loads(printed("measures"))["osr"]["mature"]
    parts = [
        json.loads(printed("measures", *arguments))["osr"]["mature"]
        for arguments in (("--to", str(day + timedelta(days=1))),
                          ("--from", str(day + timedelta(days=1))))
    ]  # fmt: skip

    assert sum(parts) == whole
    assert all(parts)


def test_figures_as_of_now_recounted_from_the_ledger_are_those_of_the_facts(story: Clock) -> None:
    days = ("--from", str(NOW.date() + timedelta(days=1)), "--to", str(story.now.date()))
    for dimension in (*sorted(queries.DIMENSIONS), "week", "month"):
        for chosen in ((), days):
            asked = ("measures", "--by", dimension, *chosen)
            from_facts = json.loads(printed(*asked))
            recounted = json.loads(printed(*asked, "--as-of", story.now.isoformat()))

            assert recounted == from_facts, dimension
            assert from_facts["by"]


def test_what_stands_beside_the_rate_is_printed_too(story: Clock) -> None:
    found = json.loads(printed("measures"))

    assert found["acr"]["numerator"] == 2  # the chase, and the second ticket
    assert {row["reason"] for row in found["acr_by_reason"]} == {
        "progress_chasing", "closed_too_early",
    }  # fmt: skip
    assert found["acr"]["denominator"] == found["cpr"]["numerator"] == 7
    assert found["cpr"]["denominator"] == 2
    assert found["sla"]["resolution"]["met"] == 2
    assert found["ola"]["wychavon"]["accept"]["met"] >= 1
    assert found["offers"]["wychavon"]["completed"] == found["offers"]["wychavon"]["returned"] == 1
    assert found["resolution"]["n"] == 2
    assert found["resolution"]["open"]["n"] == found["backlog"]["n"] == 3
    assert found["cost_per_contact"]["without_cost"] == 7
    assert found["osr"]["expected"] == found["osr"]["upper"]


def test_figures_as_of_an_earlier_day_know_only_what_was_known(story: Clock) -> None:
    early = json.loads(printed("measures", "--as-of", (NOW + timedelta(days=1)).isoformat()))

    assert early["osr"]["mature"] == 0
    assert early["osr"]["pending"] == 2


def test_verdicts_of_facts_and_of_a_recount_are_the_same_lines(story: Clock) -> None:
    from_facts = printed("measures", "--verdicts")
    recounted = printed("measures", "--verdicts", "--as-of", story.now.isoformat())

    assert sorted(from_facts.splitlines()) == sorted(recounted.splitlines())
    assert len(from_facts.splitlines()) == EnquiryFact.objects.count()


def test_somebody_elses_program_reaches_our_verdicts_from_the_export(story: Clock) -> None:
    lines = [json.loads(line) for line in printed("export_ledger").splitlines()]
    ours = {
        line["enquiry"]: line
        for line in map(json.loads, printed("measures", "--verdicts").splitlines())
    }

    theirs = {
        line["enquiry"]: line
        for line in one_stop.lines(one_stop.judge(reading.read(lines), story.now))
    }

    assert {key: (one["verdict"], one["reason"], one["owner"]) for key, one in theirs.items()} == {
        key: (one["verdict"], one["reason"], one["owner"]) for key, one in ours.items()
    }
    for key, one in ours.items():
        end = one["window_end"]
        assert theirs[key]["window_end"] == end or datetime.fromisoformat(
            str(theirs[key]["window_end"])
        ) == datetime.fromisoformat(end)


def test_no_name_address_or_word_of_anybody_leaves(story: Clock) -> None:
    export = printed("export_ledger")

    for word in SECRET_WORDS:
        assert word.lower() not in export.lower()
    for fact in EnquiryFact.objects.all():
        assert fact.reference not in export


def test_a_pseudonym_is_stable_and_differs_by_kind() -> None:
    assert exports.pseudonym("person", 7) == exports.pseudonym("person", 7)
    assert exports.pseudonym("person", 7)[1:] != exports.pseudonym("contact", 7)[1:]


def test_what_others_need_for_links_by_hash_and_for_promises_leaves() -> None:
    person = exports.opened({"type": "person", "id": 7, "addresses": ["h1", "h2"]})
    contact = exports.opened({"type": "contact", "id": 1, "person": 7, "address": "h2"})
    agreed = {"service": "fly-tip", "to": "county", "accept_wh": 8, "work_wd": 2, "elapsed": False}

    addresses = person["addresses"]
    assert isinstance(addresses, list)
    assert contact["address"] in addresses
    assert contact["person"] == person["id"]
    assert exports.opened({"type": "agreement", **agreed}) == {"type": "agreement", **agreed}


def test_since_gives_only_what_was_touched_since(world: World, clock: Clock) -> None:
    ask(sender=Sender(name="A", email="a@example.com"))
    projection.refresh(now=clock.now)
    ask(sender=Sender(name="B", email="b@example.com"), at=clock.on(days=5), postcode="WR1 3EZ")
    projection.refresh(now=clock.now)

    export = printed("export_ledger", "--since", str(clock.now.date()))

    kinds = [json.loads(line)["type"] for line in export.splitlines()]
    assert kinds.count("enquiry") == 1


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("measures", ("--from", "yesterday")),
        ("measures", ("--as-of", "soon")),
        ("export_ledger", ("--since", "01/02/2026")),
    ],
)
def test_a_day_that_cannot_be_read_is_refused_by_name(
    db: None, command: str, arguments: tuple[str, ...]
) -> None:
    with pytest.raises(CommandError, match=arguments[0]):
        printed(command, *arguments)


def test_an_anonymous_text_is_counted_and_marked(world: World, clock: Clock) -> None:
    intake.receive(
        InboundContact(
            channel=Channel.KIOSK,
            external_id="k1",
            received_at=clock.now,
            needs=(Need(description="Lamp is out", service="pothole"),),
        ),
        now=clock.now,
    )
    projection.refresh(now=clock.now)

    fact = EnquiryFact.objects.get()
    assert (fact.linkable, fact.self_service) == (False, True)
