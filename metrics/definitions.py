"""What each figure is, in a manager's words: counted, of what, and what is left out. Pure.

The words of docs/measures.md, shorter; the numbers in brackets are its readings.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_TESTS = "Tests and spam."
_MATURE = "Enquiries whose time for coming back is over (decided)."
_LEFT_OUT = (
    "Tests, spam, given up before service, for a body outside, second tickets, duplicates of "
    "somebody else's report, withdrawn in the contact, and services of several contacts by "
    "nature."
)
_OUT = f"{_LEFT_OUT} Open ones are not in it yet."
# Not of windows that have closed alone: an outcome or an answer counts on the day it comes.
_OPEN_IN = f"{_LEFT_OUT} Those whose time for coming back is still running are in it."


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure: its name, what it says, what is counted, of what, what is left out."""

    name: str
    says: str
    numerator: str
    denominator: str
    leaves_out: str


DEFINITIONS: Mapping[str, Definition] = {
    "osr": Definition(
        "One-stop rate",
        "How often asking once was enough: an outcome in time, nobody sent elsewhere, nobody came "
        "back, nothing asked again, and it stayed settled. The headline is the rate of those who "
        "can be recognised, in each class and channel, weighted with all (R45). Upper takes it "
        "that nobody anonymous came back; lower that they came back twice as often.",
        "Decided enquiries for which all five hold.",
        _MATURE,
        _OUT,
    ),
    "osr_without_self_service": Definition(
        "One-stop rate of those served by staff",
        "The same without what people did alone, so that easy enquiries moved online hide "
        "nothing (R46).",
        "Decided enquiries with staff in them for which all five hold.",
        "Decided enquiries with staff in them.",
        _OUT,
    ),
    "mix_adjusted": Definition(
        "One-stop rate with last year's mix",
        "What the rate would be if the same kinds of enquiries had come by the same channels as "
        "in the twelve months before (R53).",
        "The rate of each class and channel now, times how many of it there were then.",
        "Enquiries decided in the twelve months before the first day shown.",
        _OUT,
    ),
    "fcc": Definition(
        "Done in the first contact",
        "Questions and transactions that had an outcome before the first contact ended.",
        "Those with an outcome inside the first contact and nobody handed on.",
        "Enquiries of the classes question and transaction.",
        _OPEN_IN,
    ),
    "rcr": Definition(
        "Contacts that came back",
        "How many contacts about it came after the first, for each enquiry decided (R23, R44).",
        "Contacts that link to an enquiry within its window.",
        _MATURE,
        f"{_OUT} Contacts with a new fact, a reply to us or thanks, and those that only finished "
        "elsewhere what was left online.",
    ),
    "acr": Definition(
        "Avoidable contacts",
        "What people came for only because something of ours had not worked.",
        "Contact items with an avoidable reason: tapped, a chase, or that of the recontact.",
        "All contact items that began in the period.",
        _TESTS,
    ),
    "acr_by_reason": Definition(
        "Avoidable contacts by reason",
        "The same, one row for each reason.",
        "Contact items with this reason.",
        "All contact items that began in the period.",
        _TESTS,
    ),
    "cpr": Definition(
        "Contacts for each need settled",
        "How often people had to be in touch for one need (R44).",
        "Contacts that began in the period.",
        "Needs that had their first outcome in the period.",
        f"{_TESTS} Services of several contacts by nature are in it.",
    ),
    "rftr": Definition(
        "Right organisation first",
        "Whether the first organisation asked was the one that settled it.",
        "First offered to the organisation that gave the last outcome.",
        "Enquiries with an offer and an outcome.",
        _OPEN_IN,
    ),
    "abandonment": Definition(
        "Given up before service",
        "People who left before anybody or anything had served them.",
        "Enquiries left out as abandoned.",
        "All enquiries begun.",
        _TESTS,
    ),
    "signposting": Definition(
        "For a body outside",
        "What the partnership does not do, and sent on.",
        "Enquiries left out as out of the partnership.",
        "All enquiries begun.",
        _TESTS,
    ),
    "duplicate_demand": Definition(
        "Reported by somebody else already",
        "Several people who tell of one and the same thing.",
        "Enquiries left out as duplicates.",
        "All enquiries begun.",
        _TESTS,
    ),
    "failures": Definition(
        "What went wrong, and whose it is to mend",
        "Each enquiry that was not one stop has one reason: the first thing that went wrong.",
        "Decided enquiries with this reason and owner.",
        _MATURE,
        _OUT,
    ),
    "first_response": Definition(
        "First response",
        "Minutes from receipt to the first answer by a person: a reply, question, acceptance, new "
        "date or outcome; “we have it” is none (R49). Nearest rank; what is still open stands "
        "beside it, and is counted as lasting at least its age where it says “with open”.",
        "Minutes, whole ones.",
        "Enquiries that were answered, and apart from them those still waiting.",
        _OPEN_IN,
    ),
    "resolution": Definition(
        "Resolution",
        "Minutes from receipt to the first outcome. Nearest rank; open work beside it (R54).",
        "Minutes, whole ones.",
        "Enquiries with an outcome, and apart from them those still open.",
        _OPEN_IN,
    ),
    "final": Definition(
        "Resolution, of those opened again",
        "The same to the last outcome, of those that were opened again after their first.",
        "Minutes, whole ones.",
        "Enquiries opened again that have ended, and apart from them those still open.",
        _OPEN_IN,
    ),
    "staged": Definition(
        "Of several contacts by nature",
        "Such as homelessness or a care assessment: nobody could settle them in one stop, so they "
        "stand on a line of their own and never in the headline (R39).",
        "Those with an outcome.",
        "All of them that began in the period.",
        "What is left out for a reason that comes first, such as tests, or withdrawn.",
    ),
    "backlog": Definition(
        "Open work",
        "What somebody still has work with, whenever it began, by age.",
        "Enquiries in somebody's hands without an outcome.",
        "It is a number, not a share.",
        "What ended without an outcome: cancelled, closed, an answer's “no”.",
    ),
    "sla": Definition(
        "Promises to citizens",
        "Clocks that run from receipt to the first response and to the outcome, in working time "
        "(R5, R48, R49).",
        "Clocks met.",
        "Clocks met or missed; running and void ones stand beside them.",
        "Void: withdrawn, a duplicate, not ours, or an offer taken back, unless late before.",
    ),
    "ola": Definition(
        "Agreements between organisations",
        "By who was asked: the answer to an offer, and the work after it was accepted (R50).",
        "Clocks met.",
        "Clocks met or missed; running and void ones stand beside them.",
        "Void: withdrawn, a duplicate, not ours, or an offer taken back, unless late before.",
    ),
    "offers": Definition(
        "Work offered to organisations",
        "What became of each offer: waiting, at work, completed, rejected, returned, expired, "
        "withdrawn (R57).",
        "Offers by what became of them.",
        "They are numbers, not shares.",
        "Nothing.",
    ),
    "channels": Definition(
        "Channels",
        "How people come; shift is by how many hundredths the share grew since as many days "
        "before.",
        "Contacts by this channel.",
        "All contacts that began in the period.",
        _TESTS,
    ),
    "cost_per_contact": Definition(
        "Cost of a contact",
        "In pounds, by what each organisation entered for the channel.",
        "Pounds of the contacts whose taker had entered a cost by that day.",
        "Those contacts; the ones without a cost are counted beside them, never guessed.",
        _TESTS,
    ),
    "survey": Definition(
        "Got what they needed, they say",
        "What people answered themselves; the gap is how many hundredths it lies above (+) or "
        "below (−) the one-stop rate (R54).",
        "Answers “yes”.",
        "All answers: yes, partly, no; on the day of the answer.",
        "Who did not answer.",
    ),
    "bvpi_157": Definition(
        "Can be done online",
        "Kinds of dealing that the law lets people do online, and that they can (BVPI 157).",
        "Pairs of service and interaction that can be done online.",
        "Pairs that may be, as counted on the day that is named.",
        "What the law wants otherwise.",
    ),
    "answers": Definition(
        "Answers that answered",
        "Whether readers of an answer said that it answered their question.",
        "Readers who said yes.",
        "Readers who said yes or no; who opened it and said nothing is unknown (R38).",
        "Machines.",
    ),
    "kiosk_uptime": Definition(
        "Kiosks there",
        "How much of its opening hours a kiosk was there.",
        "Seconds there.",
        "Seconds open, of days that have ended.",
        "Kiosks that were taken out of service.",
    ),
    "calls_within_20_s": Definition(
        "Calls answered within 20 seconds",
        "Of calls that rang while somebody could answer.",
        "Calls answered within 20 seconds.",
        "Calls that rang.",
        "Calls while nobody could answer.",
    ),
    "calls_given_up": Definition(
        "Calls given up",
        "Who hung up before an answer and did not ring again within two hours.",
        "Callers who gave up.",
        "Callers who gave up or were answered.",
        "Calls while nobody could answer.",
    ),
    "messages_within_10_s": Definition(
        "Messages handed over within 10 seconds",
        "Texts and e-mails, from when they were due until a carrier had them.",
        "Messages handed over within ten seconds.",
        "Messages that were due.",
        "Letters.",
    ),
}
