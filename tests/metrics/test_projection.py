"""Facts follow the ledger: step by step and all at once they are the same rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from threading import Thread

import pytest
from django.db import connection, transaction

import customers.actions
from core.errors import DomainError
from enquiries import intake
from enquiries.actions import links, referrals, resolutions, splits
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Sender
from enquiries.lifecycle import Outcome
from enquiries.models import Contact, Enquiry, Referral
from metrics import projection, rebuilding
from metrics.models import Cursor, EnquiryFact, ItemFact
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = [
    Sender(name="Jo Bloggs", email="jo@example.com"),
    Sender(name="Sam Bloggs", phone="07700 900123"),
    Sender(),
    Sender(name="Jo Bloggs", email="jo@example.com", phone="07700 900123"),
]


class Clock:
    """The wall clock of a story."""

    def __init__(self) -> None:
        self.now = NOW

    def on(self, **more: float) -> datetime:
        self.now += timedelta(**more)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


def rows() -> dict[int, dict[str, object]]:
    """Every fact but for when it was folded, with the items of its contacts."""
    kept = [dict(row) for row in EnquiryFact.objects.values()]
    for row in kept:
        del row["folded_at"]
        items = ItemFact.objects.filter(enquiry=int(str(row["enquiry_id"])))
        row["items"] = list(items.order_by("pk").values())
    return {int(str(row["enquiry_id"])): row for row in kept}


def again(
    enquiry: Enquiry,
    kind: str,
    clock: Clock,
    sender: Sender = PEOPLE[0],
    channel: Channel = Channel.PHONE,
) -> None:
    intake.receive(
        InboundContact(
            channel=channel,
            thread=f"about {enquiry.pk}" if channel is Channel.EMAIL else "",
            external_id=f"{kind}-{clock.now.isoformat()}",
            received_at=clock.now,
            needs=(
                Need(
                    description="What about it?",
                    kind=kind,
                    about=enquiry.reference,
                    evidence=("reference_quoted",),
                ),
            ),
            sender=sender,
        ),
        now=clock.now,
    )


def fact(enquiry: Enquiry) -> EnquiryFact:
    return EnquiryFact.objects.get(pk=enquiry.pk)


def test_an_enquiry_is_pending_until_its_window_closes_and_then_decided(
    world: World, clock: Clock
) -> None:
    officer = world.viewer(world.officer)
    enquiry = enquiry_of(ask())
    referral = Referral.objects.get(enquiry=enquiry)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=clock.on(hours=1))
    referrals.complete(
        public_id=referral.public_id,
        viewer=officer,
        outcome=Outcome.FULFILLED,
        words="Emptied.",
        now=clock.on(hours=20),
    )

    projection.refresh(now=clock.now)
    before = fact(enquiry)
    projection.refresh(now=clock.on(days=20))
    after = fact(enquiry)

    assert (before.verdict, after.verdict) == ("pending", "success")
    assert (after.organisation, after.channel, after.klass) == ("wychavon", "web", "REQUEST")


def test_a_chase_before_the_promise_turns_the_verdict(world: World, clock: Clock) -> None:
    enquiry = enquiry_of(ask())
    projection.refresh(now=clock.now)
    clock.on(hours=6)
    again(enquiry, "chase", clock)

    projection.refresh(now=clock.on(days=30))

    found = fact(enquiry)
    assert (found.verdict, found.reason) == ("failure", "progress_chasing")
    assert found.owner == "partner:wychavon"
    assert [link["tier"] for link in found.links] == ["L1"]


def test_a_second_ticket_of_the_same_person_turns_the_first_and_is_no_need_of_its_own(
    world: World, clock: Clock
) -> None:
    first = enquiry_of(ask())
    projection.refresh(now=clock.now)
    second = enquiry_of(ask(words="Again not emptied", at=clock.on(days=2)))

    projection.refresh(now=clock.on(days=30))

    assert fact(second).reason == "same_need"
    assert fact(first).verdict == "failure"
    assert [link["tier"] for link in fact(first).links] == ["L2"]


def test_a_contact_wrapped_up_later_moves_the_window_without_a_ledger_line(
    world: World, clock: Clock
) -> None:
    enquiry = enquiry_of(ask(service="join-a-library", postcode=""))
    Contact.objects.filter(pk=enquiry.first_contact_id).update(ended_at=None)
    projection.refresh(now=clock.now)
    assert fact(enquiry).unfinished

    ended = clock.on(hours=3)
    Contact.objects.filter(pk=enquiry.first_contact_id).update(ended_at=ended)
    projection.refresh(now=clock.now)

    assert not fact(enquiry).unfinished
    assert fact(enquiry).window_end == ended + timedelta(days=14)


def test_reading_again_changes_nothing(world: World, clock: Clock) -> None:
    ask()
    assert projection.refresh(now=clock.now).changed == 1
    before = rows()

    again = projection.refresh(now=clock.now)

    assert (again.changed, rows()) == (0, before)


def test_what_is_written_after_the_clock_was_read_and_before_the_ledger_is_not_lost(
    world: World, clock: Clock
) -> None:
    read_at = clock.now - timedelta(milliseconds=50)
    enquiry = enquiry_of(ask(service="allotments"))
    projection.refresh(now=read_at)
    assert fact(enquiry).verdict == "pending"

    read_at = clock.on(hours=1)
    resolutions.resolve(
        reference=enquiry.reference,
        viewer=world.viewer(world.agent),
        outcome=Outcome.ANSWERED,
        words="Like this.",
        now=clock.on(milliseconds=50),
    )
    projection.refresh(now=read_at)
    projection.refresh(now=clock.on(seconds=5))
    stepwise = rows()

    rebuilding.rebuild(now=clock.now)
    assert stepwise == rows()
    assert fact(enquiry).outcome_at is not None


def test_a_number_that_staff_write_down_later_ties_who_gave_no_name(
    world: World, clock: Clock
) -> None:
    jo = enquiry_of(ask(service="join-a-library", postcode=""))
    nameless = Sender(phone="07700 900555")
    later = clock.on(hours=5)
    again = enquiry_of(ask(service="join-a-library", postcode="", sender=nameless, at=later))
    # Whoever gives only a number is somebody; a contact that shows only its hash is nobody.
    Contact.objects.filter(pk=again.first_contact_id).update(person_id=None)
    projection.refresh(now=clock.on(days=30))
    assert fact(again).reason != "same_need"

    assert jo.person_id is not None
    customers.actions.add_point(jo.person_id, phone="07700 900555")
    projection.refresh(now=clock.now)

    assert fact(again).reason == "same_need"
    assert [link["tier"] for link in fact(jo).links] == ["L4"]
    step_by_step = rows()
    assert projection.refresh(now=clock.now).judged == 0
    rebuilding.rebuild(now=clock.now)
    assert rows() == step_by_step


def test_facts_of_earlier_rules_are_folded_anew_by_themselves(world: World, clock: Clock) -> None:
    ask()
    projection.refresh(now=clock.now)
    before = rows()
    EnquiryFact.objects.update(version="OSR-0.9", verdict="failure", ties=[])
    Cursor.objects.filter(name=projection.RULES).update(value="OSR-0.9")

    assert projection.refresh(now=clock.now).changed == 1
    assert rows() == before
    assert projection.refresh(now=clock.now).changed == 0


def test_while_one_process_folds_another_stands_back(world: World, clock: Clock) -> None:
    ask()
    projection.refresh(now=clock.now)
    ask()
    seen: list[projection.Refreshed] = []

    def other() -> None:
        seen.append(projection.refresh(now=clock.now))
        connection.close()

    with transaction.atomic():
        Cursor.objects.select_for_update().get(name=projection.LEDGER)
        thread = Thread(target=other)
        thread.start()
        thread.join(10)

    assert seen == [projection.Refreshed(0, 0, 0)]


def _steps(world: World, clock: Clock, random: Random) -> list[Callable[[], object]]:
    """What may happen next; what may not happen now is refused and nothing happens."""
    agent, officer = world.viewer(world.agent), world.viewer(world.officer)

    def any_enquiry() -> Enquiry:
        return random.choice(list(Enquiry.objects.order_by("pk")))

    def any_referral() -> Referral:
        return random.choice(list(Referral.objects.order_by("pk")))

    def tell(kind: str) -> Callable[[], object]:
        channel = random.choice([Channel.PHONE, Channel.EMAIL])
        return lambda: again(any_enquiry(), kind, clock, random.choice(PEOPLE), channel)

    def report() -> object:
        return ask(
            service=random.choice(["missed-bin", "join-a-library", "pothole", None]),
            postcode=random.choice(["WR11 3DA", "WR1 3EZ"]),
            sender=random.choice(PEOPLE),
            channel=random.choice([Channel.WEB, Channel.PHONE, Channel.KIOSK, Channel.EMAIL]),
            at=clock.now,
        )

    return [
        report, report, report, tell("chase"), tell("repeat"), tell("new_information"),
        lambda: referrals.accept(
            public_id=any_referral().public_id, viewer=officer, now=clock.now),
        lambda: referrals.give_back(
            public_id=any_referral().public_id, viewer=officer, question="Which?", now=clock.now),
        lambda: referrals.ask(
            public_id=any_referral().public_id, viewer=officer, question="Which?", now=clock.now),
        lambda: referrals.complete(
            public_id=any_referral().public_id, viewer=officer, outcome=Outcome.FULFILLED,
            words="Done.", now=clock.now),
        lambda: resolutions.resolve(
            reference=any_enquiry().reference, viewer=agent, outcome=Outcome.ANSWERED,
            words="Like this.", now=clock.now),
        lambda: resolutions.reopen(
            reference=any_enquiry().reference, viewer=agent, words="No.", now=clock.now),
        lambda: links.merge(reference=any_enquiry().reference, into=any_enquiry().reference,
            viewer=agent, now=clock.now),
        lambda: links.link_duplicate(
            reference=any_enquiry().reference, to=any_enquiry().reference, viewer=agent,
            now=clock.now),
        lambda: links.unmerge(reference=any_enquiry().reference, viewer=agent, now=clock.now),
        lambda: links.unlink(reference=any_enquiry().reference, viewer=agent, now=clock.now),
        lambda: splits.split(
            reference=any_enquiry().reference, viewer=agent, description="Besides", now=clock.now,
            service="pothole"),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_step_by_step_gives_the_rows_that_all_at_once_gives(
    world: World, clock: Clock, seed: int
) -> None:
    random = Random(seed)
    ask(sender=PEOPLE[0])
    steps = _steps(world, clock, random)
    for _ in range(45):
        clock.on(minutes=random.choice([3, 50, 60 * 9, 60 * 30, 60 * 24 * 4]))
        try:
            random.choice(steps)()
        except DomainError:
            continue
        if random.random() < 0.6:
            projection.refresh(now=clock.now)
    projection.refresh(now=clock.on(days=random.choice([1, 8, 40])))
    step_by_step = rows()

    rebuilding.rebuild(now=clock.now)

    assert len(step_by_step) == Enquiry.objects.count()
    assert rows() == step_by_step
    assert projection.refresh(now=clock.now).changed == 0
    from_nothing(clock, processes=2 if seed == 0 else 1)
    assert rows() == step_by_step


def from_nothing(clock: Clock, *, processes: int = 1, batch: int = 1) -> None:
    """Everything is folded by a rebuild that finds no facts, in batches as small as can be."""
    EnquiryFact.objects.all().delete()
    ItemFact.objects.all().delete()
    Cursor.objects.all().delete()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rebuilding, "BATCH", batch)
        rebuilding.rebuild(now=clock.now, processes=processes)
