"""What fails one way is said another: once for each medium, and only where it is worth it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

import customers.actions
import notifications.queries
from customers import actions_telling
from customers.models import Person, TextWord
from enquiries.actions import replies, telling, telling_ways
from enquiries.inbound import Sender
from enquiries.models import CallDue, TellingRule
from notifications import outcomes
from notifications.backends import memory
from notifications.backends.base import Later, Refused
from notifications.lifecycle import State
from notifications.models import Notification
from tests.outbox import run_outbox
from tests.telling.conftest import BOTH, HOME, MAIL, PHONE, Clock, asked, prove, troubles

pytestmark = pytest.mark.django_db


def gone(event: str = "received") -> list[tuple[str, str, str]]:
    rows = Notification.objects.filter(event=event).order_by("pk")
    return [(row.medium, row.to, row.state) for row in rows]


def refused(words: str = "Not in use", **more: object) -> Refused:
    return Refused(words, code="30005", **more)  # type: ignore[arg-type]


def test_a_text_that_fails_is_followed_by_an_email_with_the_same_facts(clock: Clock) -> None:
    troubles["sms"] = refused(address="unusable")
    enquiry = asked(clock)
    run_outbox()
    assert gone() == [("sms", PHONE, "failed"), ("email", MAIL, "sent")]
    text, mail = Notification.objects.filter(event="received").order_by("pk")
    assert mail.instead_of == text.pk
    assert mail.key == f"received:{enquiry.pk}:by:email"
    assert mail.facts == text.facts
    assert enquiry.reference in mail.body
    assert [one.to for one in memory.outbox if not one.to.endswith(".demo")] == [MAIL]


def test_staff_see_what_was_sent_instead_and_the_citizen_that_it_arrived(clock: Clock) -> None:
    troubles["sms"] = refused()
    enquiry = asked(clock)
    run_outbox()
    told = notifications.queries.about(enquiry.reference)
    first, second = [one for one in told if one.event == "received"]
    assert (first.medium, first.instead, first.trouble) == ("sms", "email", "Not in use")
    assert (second.medium, second.instead_of) == ("email", "sms")
    (shown,) = notifications.queries.to_citizen(enquiry.reference, ["received"])
    assert (shown.medium, shown.state) == ("email", "sent")


def test_what_fails_every_way_ends_and_nobody_is_told_twice(clock: Clock) -> None:
    troubles.update(sms=refused(), email=refused(), letter=refused())
    asked(clock, HOME)
    run_outbox()
    # "We have it" is not worth a letter.
    assert gone() == [("sms", PHONE, "failed"), ("email", MAIL, "failed")]
    for row in Notification.objects.all():
        assert not telling_ways.fall_back(notification_id=row.pk, now=clock.now)
    assert Notification.objects.count() == len(gone()) + len(gone("offered"))


def test_what_needs_an_answer_goes_by_letter_in_the_end(clock: Clock) -> None:
    enquiry = asked(clock, HOME)
    run_outbox()
    troubles.update(sms=refused(), email=refused())
    telling.asked(enquiry, "Which gate?", sequence=9, now=clock.now)
    run_outbox()
    assert [medium for medium, _to, _state in gone("asked")] == ["sms", "email", "letter"]
    letter = Notification.objects.get(event="asked", medium="letter")
    assert letter.postal.split("\n") == ["Jo Bloggs", "1 High Street", "Evesham", "WR11 3DA"]
    assert "Which gate?" in letter.body


def test_who_needs_large_print_gets_the_letter_in_it(clock: Clock) -> None:
    enquiry = asked(clock, HOME)
    Person.objects.update(adjustments=["large_print"])
    troubles.update(sms=refused(), email=refused())
    telling.asked(enquiry, "Which gate?", sequence=9, now=clock.now)
    run_outbox()
    letter = Notification.objects.get(event="asked", medium="letter")
    (printed,) = [one for one in memory.outbox if one.medium == "letter"]
    assert letter.facts["large_print"] == printed.facts["large_print"] == "yes"


@pytest.mark.parametrize(("whose", "is_sent"), [(None, True), ("wychavon", True), ("hub", False)])
def test_a_rule_says_what_is_worth_a_letter(clock: Clock, world, whose, is_sent) -> None:
    TellingRule.objects.create(
        organisation=world.organisations[whose] if whose else None,
        event="received",
        medium="letter",
        is_allowed=True,
    )
    troubles.update(sms=refused(), email=refused())
    asked(clock, HOME)
    run_outbox()
    assert (len(gone()) == 3) is is_sent


def test_the_rule_of_who_deals_with_it_outweighs_the_partnerships(clock: Clock, world) -> None:
    for organisation, is_allowed in ((None, True), (world.organisations["wychavon"], False)):
        TellingRule.objects.create(
            organisation=organisation, event="received", medium="email", is_allowed=is_allowed
        )
    troubles["sms"] = refused()
    asked(clock)
    run_outbox()
    assert gone() == [("sms", PHONE, "failed")]


def test_an_unproved_address_that_was_not_given_with_it_is_no_other_way(clock: Clock) -> None:
    asked(clock, BOTH)
    run_outbox()
    troubles["sms"] = refused()
    Notification.objects.all().delete()
    asked(clock, Sender(name="Jo Bloggs", phone="07700 900123"))
    run_outbox()
    assert gone() == [("sms", PHONE, "failed")]


def test_a_proved_address_is_another_way_though_it_was_not_given(clock: Clock) -> None:
    asked(clock, BOTH)
    prove(MAIL)
    run_outbox()
    Notification.objects.all().delete()
    troubles["sms"] = refused()
    asked(clock, Sender(name="Jo Bloggs", phone="07700 900123"))
    run_outbox()
    assert gone() == [("sms", PHONE, "failed"), ("email", MAIL, "sent")]


def test_an_enquiry_that_asks_for_texts_and_gives_an_email_uses_what_it_gave(clock: Clock) -> None:
    asked(clock, BOTH)
    prove(PHONE)
    Notification.objects.all().delete()
    asked(clock, Sender(name="Jo Bloggs", email=MAIL), tell_by="sms")
    assert [to for _medium, to, _state in gone()] == [MAIL]


def test_while_a_repeat_is_on_its_way_nothing_else_is_sent(clock: Clock) -> None:
    troubles["sms"] = refused(again_minutes=30)
    asked(clock)
    run_outbox()
    assert [medium for medium, _to, _state in gone()] == ["sms", "sms"]
    troubles["sms"] = refused()
    clock.later(minutes=31)
    run_outbox()
    assert gone()[-1] == ("email", MAIL, "sent")


def test_what_newer_news_made_needless_is_not_said_another_way(clock: Clock) -> None:
    enquiry = asked(clock)
    text = Notification.objects.get(event="received")
    telling.asked(enquiry, "Which gate?", sequence=9, now=clock.now)
    outcomes.failed(text, refused(), now=clock.now)
    run_outbox()
    assert [medium for medium, _to, _state in gone()] == ["sms"]


def test_what_was_given_up_after_days_is_said_another_way(clock: Clock) -> None:
    asked(clock)
    text = Notification.objects.get(event="received")
    clock.later(hours=73)
    troubles["sms"] = Later("busy")
    run_outbox()
    text.refresh_from_db()
    assert text.state == State.EXPIRED
    assert gone()[-1][:2] == ("email", MAIL)


def test_a_link_that_ends_is_not_said_another_way(clock: Clock) -> None:
    import notifications.actions

    enquiry = asked(clock)
    pk = notifications.actions.send(
        key="l", event="my_link", medium="sms", to=PHONE, context={"minutes": "15"},
        hidden={"link": "https://x/"}, about=enquiry.reference, now=clock.now,
        good_until=clock.now + timedelta(minutes=15),
    )  # fmt: skip
    outcomes.failed(Notification.objects.get(pk=pk), refused(), now=clock.now)
    run_outbox()
    assert len(gone("my_link")) == 1


def test_who_cannot_be_reached_in_writing_is_rung(clock: Clock) -> None:
    enquiry = asked(clock, Sender(name="Jo Bloggs", phone="07700 900123"))
    run_outbox()
    troubles["sms"] = refused()
    telling.asked(enquiry, "Which gate?", sequence=9, now=clock.now)
    run_outbox()
    (call,) = CallDue.objects.all()
    assert "Which gate?" in call.words
    assert enquiry.secret not in call.words
    run_outbox()
    assert CallDue.objects.count() == 1


def test_who_only_wants_to_be_rung_gets_nothing_in_writing(clock: Clock, agent) -> None:
    enquiry = asked(clock)
    run_outbox()
    person = Person.objects.get(pk=enquiry.person_id or 0)
    actions_telling.record_need(
        viewer=agent, person=person.public_id, kind="calls_only", words="", now=clock.now
    )
    memory.clear()
    enquiry.refresh_from_db()
    replies.reply(reference=enquiry.reference, words="Come by", viewer=agent, now=clock.now)
    run_outbox()
    assert not [one for one in memory.outbox if not one.to.endswith(".demo")]
    (call,) = CallDue.objects.all()
    assert "Come by" in call.words
    telling_ways.rung(
        reference=enquiry.reference, call=call.public_id, words="Told them", viewer=agent,
        now=timezone.now(),
    )  # fmt: skip
    with pytest.raises(telling_ways.CallDone):
        telling_ways.rung(
            reference=enquiry.reference, call=call.public_id, words="Again", viewer=agent,
            now=timezone.now(),
        )  # fmt: skip


def test_who_chose_letters_gets_letters_and_no_email_of_every_step(clock: Clock, agent) -> None:
    enquiry = asked(clock, HOME, tell_by="")
    person = Person.objects.get(pk=enquiry.person_id or 0)
    actions_telling.prefer(viewer=agent, person=person.public_id, medium="letter", now=clock.now)
    Notification.objects.all().delete()
    enquiry = asked(clock, HOME, tell_by="")
    assert [medium for medium, _to, _state in gone()] == ["letter"]
    enquiry.refresh_from_db()
    assert not telling.citizen(enquiry, "late", key="late:x", now=clock.now, promised="")
    assert gone("late") == []


def test_a_letter_that_comes_back_marks_where_letters_go(clock: Clock) -> None:
    asked(clock, HOME, tell_by="")
    run_outbox()
    Person.objects.update(tell_by="letter")
    Notification.objects.all().delete()
    enquiry = asked(clock, HOME, tell_by="")
    letter = Notification.objects.get(event="received")
    assert letter.medium == "letter"
    outcomes.failed(letter, Refused("Returned", address="unusable"), now=clock.now)
    run_outbox()
    assert Person.objects.get(pk=enquiry.person_id or 0).post_unusable_at is not None
    assert gone()[-1][0] == "email"


def test_a_letter_to_where_somebody_no_longer_lives_says_nothing_of_where_they_live(
    clock: Clock, agent
) -> None:
    asked(clock, HOME, tell_by="")
    Person.objects.update(tell_by="letter")
    Notification.objects.all().delete()
    enquiry = asked(clock, HOME, tell_by="")
    letter = Notification.objects.get(event="received")
    person = Person.objects.get(pk=enquiry.person_id or 0)
    actions_telling.set_post(
        viewer=agent, person=person.public_id, address="9 New Street\nEvesham",
        postcode="WR11 3DA", now=clock.now,
    )  # fmt: skip
    outcomes.failed(letter, Refused("Returned", address="unusable"), now=clock.now)
    run_outbox()
    person.refresh_from_db()
    assert person.post_unusable_at is None


# -- STOP ----------------------------------------------------------------------------------------


def test_a_text_of_the_night_does_not_come_after_stop_but_goes_by_email(
    clock: Clock, settings
) -> None:
    settings.HUB_QUIET_HOURS = "20:00-08:00"
    enquiry = asked(clock)
    run_outbox()
    clock.later(hours=12)
    telling.replied(enquiry, "The crew comes at nine.", sequence=3, now=clock.now)
    run_outbox()
    assert gone("replied") == [("sms", PHONE, "queued")]
    customers.actions.opt_out(phone=PHONE, now=clock.now)
    run_outbox()
    assert gone("replied") == [("sms", PHONE, "failed"), ("email", MAIL, "sent")]
    clock.later(hours=12)
    run_outbox()
    assert [one.medium for one in memory.outbox if "nine" in one.body] == ["email"]


def test_who_starts_again_at_once_gets_what_waited(clock: Clock, settings) -> None:
    settings.HUB_QUIET_HOURS = "20:00-08:00"
    enquiry = asked(clock)
    run_outbox()
    clock.later(hours=12)
    telling.replied(enquiry, "The crew comes at nine.", sequence=3, now=clock.now)
    customers.actions.opt_out(phone=PHONE, now=clock.now)
    customers.actions.opt_in(phone=PHONE, now=clock.now)
    run_outbox()
    clock.later(hours=12)
    run_outbox()
    assert gone("replied") == [("sms", PHONE, "sent")]


@pytest.mark.parametrize("source", ["desk", "text"])
def test_what_stop_ended_says_nothing_more_of_the_number(
    clock: Clock, settings, source: str
) -> None:
    settings.HUB_QUIET_HOURS = "20:00-08:00"
    enquiry = asked(clock)
    run_outbox()
    clock.later(hours=12)
    telling.replied(enquiry, "The crew comes at nine.", sequence=3, now=clock.now)
    actions_telling.stop_texts(phone=PHONE, source=source, now=clock.now)
    run_outbox()
    assert TextWord.objects.order_by("-pk").values_list("source", flat=True)[0] == source
    assert TextWord.objects.count() == 1


def test_stop_holds_for_a_number_whoever_gives_it_later(clock: Clock) -> None:
    customers.actions.opt_out(phone=PHONE, now=clock.now)
    asked(clock, BOTH)
    assert [to for _medium, to, _state in gone()] == [MAIL]
    customers.actions.opt_in(phone=PHONE, now=clock.now)
    Notification.objects.all().delete()
    asked(clock, BOTH)
    assert [to for _medium, to, _state in gone()] == [PHONE]


def test_what_may_have_arrived_is_said_no_other_way(clock: Clock) -> None:
    asked(clock)
    text = Notification.objects.get(event="received")
    for state in (State.SENDING, State.UNKNOWN, State.EXPIRED):
        assert outcomes.move(text, state, now=timezone.now())
    run_outbox()
    assert gone() == [("sms", PHONE, "expired")]
