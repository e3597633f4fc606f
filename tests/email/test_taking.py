"""What becomes of a mail: a new enquiry, words on a case, or nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels.email import taking
from customers.models import ContactPoint, Person
from enquiries.actions import replies, telling_where
from enquiries.inbound import Sender
from enquiries.models import Contact, ContactItem, Enquiry
from inbox.models import InboundMail
from kb import dangers
from notifications.mail_back import hear
from notifications.models import MailThread, Notification
from tests.email.letters import address_of, bounced, drop, hand_in, ours, references_of, write
from tests.outbox import run_outbox
from tests.world import ask

pytestmark = pytest.mark.django_db
STRANGE = "This came from an email address that we do not know on this enquiry."
JO = Sender(name="Jo Bloggs", email="jo@example.com")


def _case(world, **more) -> Enquiry:
    """A case of Jo's whose confirmation has been sent."""
    received = ask(sender=JO, tell_by="email", at=timezone.now(), **more)
    run_outbox()
    return Enquiry.objects.get(pk=received.enquiries[0].enquiry_id)


def _kinds(case: Enquiry) -> list[str]:
    return list(ContactItem.objects.filter(enquiry=case).values_list("kind", flat=True))


def test_a_mail_from_somebody_new_opens_an_enquiry_and_is_confirmed(clock):
    mail = hand_in(write())
    case = Enquiry.objects.get()
    assert (mail.state, mail.kind, mail.reference) == ("taken", "message", case.reference)
    assert case.description.startswith("Missed bin\n\nMy bin was not emptied")
    assert case.service is not None
    assert case.service.slug == "missed-bin"
    assert case.postcode == "WR11 3DA"
    contact = Contact.objects.get()
    assert (contact.channel, contact.ended_at) == ("email", None)
    said = ours()
    assert (said.to, said.medium, said.about) == ("jo@example.com", "email", case.reference)


def test_the_same_mail_by_both_doors_is_one(clock):
    raw = write()
    drop(raw)
    drop(raw)
    run_outbox()
    drop(raw)
    run_outbox()
    assert InboundMail.objects.count() == Enquiry.objects.count() == 1
    assert Notification.objects.filter(event="received").count() == 1


def test_mails_without_message_id_are_told_apart_by_their_bytes(clock):
    first, second = write(message_id=""), write("The lamp is out.", message_id="", subject="Lamp")
    for raw in (first, second, first):
        hand_in(raw)
    assert Enquiry.objects.count() == 2


@pytest.mark.parametrize("way", ["address", "references"])
def test_an_answer_to_our_message_lands_on_its_case_whoever_sends_it(clock, world, way):
    case = _case(world)
    to = address_of(ours()) if way == "address" else "hub@hub.example"
    headers = references_of(ours()) if way == "references" else {}
    mail = hand_in(write("It is the brown bin.", sender="sam@o.example", headers=headers, to=to))
    assert (mail.reference, mail.found_by) == (case.reference, "token_alone")
    assert Enquiry.objects.count() == 1
    assert _kinds(case) == ["new", "new_information"]
    assert ours("added").to == "jo@example.com"
    said = ContactItem.objects.get(enquiry=case, kind="new_information").words
    assert said == f"{STRANGE}\n\nIt is the brown bin."


@pytest.mark.parametrize(
    ("sender", "is_known"), [("jo@example.com", False), ("jo@new.example", True)]
)
def test_an_address_that_they_changed_is_not_believed_for_having_our_message(
    clock, world, sender, is_known
):
    case = _case(world)
    to = address_of(ours())
    telling_where.choose(
        reference=case.reference, medium="email", to="jo@new.example", now=timezone.now()
    )
    mail = hand_in(write("Leave it be.", sender=sender, to=to))
    said = ContactItem.objects.get(enquiry=case, kind="new_information").words
    assert (said.startswith(STRANGE), mail.found_by) == (
        (False, "token") if is_known else (True, "token_alone")
    )
    # Whose it is hears of it, and nobody else.
    run_outbox()
    assert ours("added").to == "jo@new.example"


def test_an_answer_to_our_question_wakes_the_case_that_waits(clock, world):
    case = _case(world)
    viewer = world.viewer(world.agent)
    Enquiry.objects.filter(pk=case.pk).update(status="open")
    replies.ask(reference=case.reference, viewer=viewer, question="Which bin?", now=timezone.now())
    run_outbox()
    hand_in(write("The brown one.", to=address_of(ours("asked")), subject="Re: A question"))
    case.refresh_from_db()
    assert case.status != "waiting"
    assert _kinds(case) == ["new", "reply_to_us"]


def test_thanks_change_nothing_and_are_not_answered(clock, world):
    case = _case(world)
    hand_in(write("Thank you so much!\n\nJo", to=address_of(ours())))
    assert _kinds(case) == ["new", "thanks"]
    assert not Notification.objects.filter(event="added").exists()


def test_a_reference_in_the_subject_counts_for_the_address_of_the_case(clock, world):
    case = _case(world)
    mail = hand_in(write("Still nothing?", subject=f"Any news of {case.reference}"))
    assert (mail.reference, mail.found_by) == (case.reference, "reference")


def test_a_reference_from_a_stranger_opens_something_of_their_own(clock, world):
    case = _case(world)
    mail = hand_in(
        write("Cancel it.", subject=f"About {case.reference}", sender="eve@evil.example")
    )
    assert mail.reference != case.reference
    assert _kinds(case) == ["new"]
    # a person reads that they meant it
    assert ContactItem.objects.get(enquiry__reference=mail.reference).about == case


def test_the_next_mail_of_a_thread_goes_to_the_case_of_the_first(clock):
    first = hand_in(write(message_id="<one@mail.example.com>"))
    thread = {"References": "<one@mail.example.com>"}
    second = hand_in(write("It is number 7.", subject="Re: Missed bin", headers=thread))
    assert (second.reference, second.found_by) == (first.reference, "thread")
    other = hand_in(
        write("Me too", subject="Re: Missed bin", headers=thread, sender="eve@evil.example")
    )
    assert other.reference != first.reference
    # one conversation is one thread, for the figures
    assert Contact.objects.filter(thread=first.digest).count() == 2


def test_an_address_that_one_person_has_is_that_person_whatever_the_program_writes(clock, world):
    _case(world)
    hand_in(write("The lamp is out.", subject="Lamp", sender="J. B. <JO@example.com>"))
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("headers", "sender", "subject"),
    [
        ({"Auto-Submitted": "auto-replied"}, "jo@example.com", "Re: We have your enquiry"),
        ({"X-Autoreply": "yes"}, "jo@example.com", "Away"),
        ({"Precedence": "auto_reply"}, "jo@example.com", "Away"),
        ({"Auto-Submitted": "auto-generated"}, "jo@example.com", "Out of office"),
        ({}, "jo@example.com", "Automatic reply: We have your enquiry"),
        ({}, "jo@example.com", "Automatyczna odpowiedź: Sprawa"),
    ],
)
def test_an_automatic_answer_is_kept_and_never_answered(clock, world, headers, sender, subject):
    case = _case(world)
    before = Notification.objects.count()
    mail = hand_in(
        write("I am away.", sender=sender, subject=subject, headers=headers, to=address_of(ours()))
    )
    assert (mail.state, mail.kind, mail.reference) == ("ignored", "automatic", case.reference)
    assert Notification.objects.count() == before
    assert _kinds(case) == ["new"]


@pytest.mark.parametrize(
    "headers",
    [{"Auto-Submitted": "auto-generated"}, {"Precedence": "bulk"}, {"Return-Path": "<>"}],
)
def test_what_a_machine_reports_is_an_enquiry_that_nobody_is_told_of(clock, headers):
    mail = hand_in(write(headers=headers))
    assert mail.state == "taken"
    assert not Notification.objects.filter(event="received").exists()


def test_people_write_about_being_out_of_the_office_too(clock):
    mail = hand_in(write("Nobody answers.", subject="Out of office: who empties my bin"))
    assert mail.state == "taken"


@pytest.mark.parametrize(
    "sender", ["hub@hub.example", "Reply <REPLY@hub.example>", "reply+abc@hub.example"]
)
def test_our_own_address_is_never_answered(clock, sender):
    mail = hand_in(write(sender=sender))
    assert (mail.state, mail.kind) == ("ignored", "ours")
    assert not Enquiry.objects.exists()


def test_a_mail_to_a_list_opens_nothing(clock):
    mail = hand_in(write(headers={"List-Id": "<news.example.com>"}))
    assert (mail.state, mail.kind) == ("ignored", "list")


def test_two_machines_do_not_talk_for_ever(clock):
    for number in range(40):
        hand_in(write(f"Ticket {number} was made.", subject=f"Ticket {number}"))
        clock.shift(timedelta(seconds=20))
    assert InboundMail.objects.filter(state="aside").count() == 10
    assert Notification.objects.filter(event="received").count() <= 10


def test_a_report_that_nobody_is_there_marks_the_message_and_the_address(clock, world):
    case = _case(world)
    mail = hand_in(bounced(ours()))
    assert (mail.state, mail.kind, mail.reference) == ("ignored", "bounce", case.reference)
    said = ours()
    assert (said.state, said.error_code) == ("failed", "5.1.1")
    assert ContactPoint.objects.get(value="jo@example.com").unusable_at is not None
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize(("status", "action", "state"), [
    ("5.2.2", "failed", "failed"),
    ("4.4.1", "delayed", "sent"),
    ("2.0.0", "delivered", "delivered"),
])  # fmt: skip
def test_a_full_mailbox_or_a_delay_says_nothing_of_the_address(clock, world, status, action, state):
    _case(world)
    hand_in(bounced(ours(), status=status, action=action))
    assert ours().state == state
    assert ContactPoint.objects.get(value="jo@example.com").unusable_at is None


def test_a_made_up_report_changes_nothing(clock, world):
    _case(world)
    raw = bounced(ours())
    token = address_of(ours()).partition("+")[2].partition("@")[0]
    forged = raw.replace(token.encode(), token[:-4].encode() + b"aaaa")
    mail = hand_in(forged)
    assert (mail.state, mail.reference) == ("ignored", "")
    assert ours().state == "sent"
    assert ContactPoint.objects.get(value="jo@example.com").unusable_at is None


def test_an_answer_to_what_we_wrote_to_staff_is_for_a_person(clock, world):
    _case(world)
    mail = hand_in(write("We cannot do this.", to=address_of(ours("offered"))))
    assert mail.state == "aside"
    assert "staff" in mail.why


def test_who_writes_of_danger_hears_first_what_to_do(clock):
    hand_in(write("There is a smell of gas. I smell gas in the street.", subject="Help"))
    gas = dangers.one("gas")
    assert gas is not None
    assert gas.say in ours().body


def test_what_is_longer_than_a_case_holds_is_kept_whole_with_the_mail(clock):
    words = "\n".join(f"Line {number} of a long story." for number in range(400))
    mail = hand_in(write(words))
    assert len(Enquiry.objects.get().description) <= 4_000
    assert mail.words.endswith("Line 399 of a long story.")


def _page(html: str) -> bytes:
    """A mail that is a page alone."""
    return write(html).replace(b"text/plain", b"text/html")


def test_the_words_of_a_page_are_the_enquiry_where_its_head_ends_nowhere(clock):
    hand_in(_page("<head><title>m</title><body><p>The lamp at WR11 3DA is out</p></body>"))
    assert Enquiry.objects.get().description == "Missed bin\n\nThe lamp at WR11 3DA is out"


def test_a_page_that_we_cannot_read_is_for_a_person_and_an_empty_one_is_its_subject(clock):
    mail = hand_in(_page("<svg><text>The lamp is out</text></svg>"))
    assert (mail.state, mail.why) == ("aside", taking.NO_WORDS)
    assert not Enquiry.objects.exists()
    assert hand_in(_page("<div><br></div>")).state == "taken"
    assert Enquiry.objects.get().description == "Missed bin"


def test_a_polish_mail_is_answered_in_polish(clock):
    hand_in(write(headers={"Content-Language": "pl-PL"}))
    assert Enquiry.objects.get().language == "pl"
    assert ours().language == "pl"
    assert "Dziękujemy" in ours().body


@pytest.mark.parametrize(
    "bad", ["<a b@c>", "<a@b>\r\nBcc: eve@evil.example", "a@b", f"<{'a' * 400}>", "<\u00e9@b>"]
)
def test_a_message_id_that_is_none_never_stands_in_a_header_of_ours(clock, bad):
    hear(about="WH7-K3MP-4X", message_id=bad)
    assert not MailThread.objects.filter(about="WH7-K3MP-4X").exists()
