"""What staff may text about a case, to which number, and what was said by text before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from customers import queries_telling
from customers.ways import SMS, Wish
from enquiries.channels import KIND_WORDS, Channel, ItemKind
from enquiries.models import ContactItem, Enquiry
from enquiries.queries.tracking import track_url
from notifications import queries_texts
from notifications.queries_texts import Begun, Measured

EVENT, FIRST = "texted", "texted_first"
# What a text is about before there is a case.
ABOUT = "text:"
ANSWERED = timedelta(days=7)
# Six parts: who wants to say more writes a letter or an e-mail.
MOST_WORDS = 800


WHY_NOT = {
    "calls_only": "They only want to be rung",
    "no_texts": "They asked for no texts",
    "stopped": "They sent STOP from their number. Until they text START, no text may go there",
    "unusable": "Texts to their number did not arrive: it is not in use, or takes no texts",
    "": "We have no mobile number of theirs",
}


@dataclass(frozen=True, slots=True)
class Number:
    """Where a text about a case goes; `why_not` says why none may, where `phone` is ""."""

    phone: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a conversation. Of ours: what became of it, and in how many parts it went."""

    at: datetime
    is_ours: bool
    words: str
    what: str = ""
    state: str = ""
    state_words: str = ""
    trouble: str = ""
    segments: int = 0
    hold_until: datetime | None = None


def number_of(enquiry: Enquiry) -> Number:
    """The number that the citizen of a case is texted at, or why they cannot be."""
    if enquiry.person_id is None:
        return Number(why_not="This enquiry is anonymous: there is nobody to text")
    wish = Wish(prefer=SMS, first=enquiry.tell_to or enquiry.first_contact.address_hash)
    decided = queries_telling.decide(enquiry.person_id, wish)
    way = next((one for one in decided.ways if one.medium == SMS), None)
    return (
        Number(phone=way.to)
        if way
        else Number(why_not=WHY_NOT[queries_telling.why_no_texts(enquiry.person_id)])
    )


def number_of_person(person_id: int) -> Number:
    """The same for somebody who has no enquiry, or about none of them."""
    decided = queries_telling.decide(person_id, Wish(prefer=SMS))
    way = next((one for one in decided.ways if one.medium == SMS), None)
    return (
        Number(way.to) if way else Number(why_not=WHY_NOT[queries_telling.why_no_texts(person_id)])
    )


def begun_with(phone: str, *, now: datetime) -> Begun | None:
    """What staff wrote to a number before there was a case, a short while ago."""
    if not phone:
        return None
    return queries_texts.begun_with(phone, event=FIRST, prefix=ABOUT, since=now - ANSWERED)


def conversation(enquiry: Enquiry) -> list[Line]:
    """What was said by text about a case, both ways, oldest first."""
    ours = [
        Line(
            at=one.at, is_ours=True, words=one.words, state=one.state,
            state_words=one.state_words, trouble=one.trouble if one.is_trouble else "",
            segments=one.segments, hold_until=one.hold_until,
        )
        for one in queries_texts.of_case(enquiry.reference, link=own_link(enquiry))
    ]  # fmt: skip
    items = ContactItem.objects.filter(enquiry=enquiry, contact__channel=Channel.SMS.value)
    theirs = [
        Line(at=item.at, is_ours=False, words=item.words, what=KIND_WORDS[ItemKind(item.kind)])
        for item in items
    ]
    return sorted([*ours, *theirs], key=lambda line: (line.at, line.is_ours))


def context(enquiry: Enquiry, written: str) -> dict[str, str]:
    """The facts of a text that staff write, without a link."""
    return {
        "owner": enquiry.owner.name if enquiry.owner else "Worcestershire Hub",
        "reference": enquiry.reference,
        "written": written,
    }


def own_link(enquiry: Enquiry) -> str:
    """The citizen's own link, for the message alone: staff do not read it."""
    return track_url(enquiry)


def measured(enquiry: Enquiry, written: str, *, with_link: bool, now: datetime) -> Measured:
    """How a text would travel to the citizen of a case."""
    link = own_link(enquiry) if with_link else ""
    return queries_texts.measured(
        event=EVENT,
        context={**context(enquiry, written), "link": link},
        about=enquiry.reference,
        language=enquiry.language,
        now=now,
    )
