"""Hand-made ledgers with the verdict that docs/measures.md demands of enquiry `a`."""

import pytest

from metrics import one_stop, reading
from tests.metrics.ledgers import FAR, HERE, NEAR, POSTCODE, Book, at

LATER = "2027-06-01 12:00"


def bin_told(when: str = "2026-03-02 10:00", **more) -> Book:
    """A missed bin on Monday 2 March 2026, promised by Wednesday, done on Tuesday."""
    book = Book().ask("a", "bin-missed", when, place=HERE, **more).refer("a", "2026-03-02 10:06")
    return book.event("a", "fulfilled", "2026-03-03 15:00", org="wychavon")


def bin_open() -> Book:
    """The same bin, accepted, and nothing done."""
    book = Book().ask("a", "bin-missed", "2026-03-02 10:00", place=HERE)
    return book.refer("a", "2026-03-02 10:06")


def question(when: str = "2026-03-02 10:00", **more) -> Book:
    """A question about tax, answered inside the call."""
    book = Book().ask("a", "tax-question", when, **more)
    return book.event("a", "answered", when, org="hub")


def tree_accepted() -> Book:
    """A promise so long that the window closes at its cap of 90 days, before it."""
    return Book().ask("a", "trees", "2026-03-02 10:00", place=HERE).refer("a", "2026-03-02 10:06")


GOLDEN = [
    # -- success ---------------------------------------------------------------------------
    ("a question answered in the call", question(), "success", None, None),
    ("a request done in time", bin_told(), "success", None, None),
    ("silent routing to a partner is no second stop", bin_told(), "success", None, None),
    ("done on the last minute of the promised date",
     bin_open().event("a", "fulfilled", "2026-03-04 23:59", org="wychavon"), "success", None, None),
    ("a no with its reason and a next step",
     Book().ask("a", "permit", "2026-03-02 10:00").event(
         "a", "decided_no", "2026-03-02 10:04", org="hub", reason="not_ours", next_step="appeal"),
     "success", None, None),
    ("new information is neutral",
     bin_told().back("a", "new_information", "2026-03-02 16:00"), "success", None, None),
    ("a thank-you is neutral", bin_told().back("a", "thanks", "2026-03-04 09:00"),
     "success", None, None),
    ("an answer to our question is neutral where the question was unforeseeable",
     bin_open().event("a", "info_requested", "2026-03-02 12:00", org="wychavon", unforeseeable=True)
     .back("a", "reply_to_us", "2026-03-03 10:00").event("a", "info_received", "2026-03-03 10:05")
     .event("a", "fulfilled", "2026-03-04 10:00", org="wychavon"), "success", None, None),
    ("a warm transfer in the sitting with the context carried",
     question().event("a", "transferred", "2026-03-02 10:02", org="hub", mode="warm",
                      same_sitting=True, context_carried=True), "success", None, None),
    ("accepted and not late when the window meets its cap", tree_accepted(), "success", None, None),
    ("a recontact at the very start of the window is part of the first contact",
     question().back("a", "chase", "2026-03-02 10:05"), "success", None, None),
    ("a recontact after the window has closed is too late to count",
     question().back("a", "chase", "2026-03-09 10:06"), "success", None, None),
    ("the window keeps the clock time over the change to summer time",
     question("2026-03-27 10:00").back("a", "chase", "2026-04-03 10:06"), "success", None, None),
    ("a neighbour's report of the same bin is not our recontact",
     bin_told().ask("b", "bin-missed", "2026-03-04 10:00", place=NEAR, person="bob", address="h-b"),
     "success", None, None),
    ("the same person again, where only the postcode is known",
     Book().ask("z", "bin-missed", "2026-03-02 09:00", place=POSTCODE)
     .ask("a", "bin-missed", "2026-03-03 09:00", place=POSTCODE), "excluded", "same_need", None),
    ("a neighbour of the same postcode is at another place",
     Book().ask("z", "bin-missed", "2026-03-02 09:00", place=POSTCODE)
     .ask("a", "bin-missed", "2026-03-02 10:00", place=POSTCODE, person="bob", address="h-b")
     .event("a", "fulfilled", "2026-03-03 15:00", org="wychavon"), "success", None, None),
    ("the same person about another place",
     bin_told().ask("b", "bin-missed", "2026-03-04 10:00", place=FAR, channel="web"),
     "success", None, None),
    ("the same person about another service at the same place",
     bin_told().ask("b", "pothole", "2026-03-04 10:00", place=HERE), "success", None, None),
    ("an agent says that the later report is something else",
     bin_told().ask("b", "bin-missed", "2026-03-04 10:00", place=HERE)
     .correct("i2", "a", False, "2026-03-05 10:00"), "success", None, None),
    ("a partner that sends back what is not theirs breaks nothing",
     bin_open().event("a", "returned", "2026-03-02 11:00", org="wychavon", reason="not_ours")
     .refer("a", "2026-03-02 11:10", "police")
     .event("a", "fulfilled", "2026-03-03 11:00", org="police"), "success", None, None),
    ("a bank holiday moves the promised date",  # Good Friday and Easter Monday 2026
     Book().ask("a", "bin-missed", "2026-04-02 10:00", place=HERE)
     .event("a", "fulfilled", "2026-04-08 17:30", org="wychavon"), "success", None, None),
    ("a pause moves lateness",
     bin_open().event("a", "info_requested", "2026-03-03 10:00", org="wychavon", unforeseeable=True)
     .event("a", "info_received", "2026-03-05 10:00")
     .event("a", "fulfilled", "2026-03-06 16:00", org="wychavon"), "success", None, None),
    ("the first promise told counts, not a later one",
     bin_open().event("a", "promise_set", "2026-03-02 10:07", date="2026-03-10")
     .event("a", "promise_set", "2026-03-03 10:00", date="2026-03-03")
     .event("a", "fulfilled", "2026-03-10 09:00", org="wychavon"), "success", None, None),
    ("a redial after a call that broke off is the same contact",
     Book().contact("c0", "2026-03-02 09:00", abandoned=True).item("c0", "z", "new")
     .line("enquiry", id="z", service="tax-question", place=None)
     .ask("a", "tax-question", "2026-03-02 10:00").event("a", "answered", "2026-03-02 10:04"),
     "success", None, None),
    ("texts within 24 hours are one conversation",
     Book().ask("a", "tax-question", "2026-03-02 10:00", channel="sms", minutes=0)
     .event("a", "answered", "2026-03-02 10:30", org="hub")
     .back("a", "chase", "2026-03-03 09:59", channel="sms", minutes=0), "success", None, None),
    # -- S1 --------------------------------------------------------------------------------
    ("done a day late",
     bin_open().event("a", "fulfilled", "2026-03-05 00:00", org="wychavon"),
     "failure", "late", "partner:wychavon"),
    ("never done", bin_open(), "failure", "late", "partner:wychavon"),
    ("never done and with nobody",
     Book().ask("a", "bin-missed", "2026-03-02 10:00", place=HERE), "failure", "late", "service"),
    ("nobody answered a question", Book().ask("a", "tax-question", "2026-03-02 10:00"),
     "failure", "late", "service"),
    ("a no without a next step",
     Book().ask("a", "permit", "2026-03-02 10:00").event(
         "a", "decided_no", "2026-03-02 10:04", org="hub", reason="not_ours"),
     "failure", "clarification", "service"),
    ("closed without an outcome",
     Book().ask("a", "tax-question", "2026-03-02 10:00")
     .event("a", "closed", "2026-03-03 10:00", org="hub"),
     "failure", "closed_too_early", "front_door"),
    ("withdrawn by us is a closing without an outcome",
     Book().ask("a", "tax-question", "2026-03-02 10:00")
     .event("a", "resolved", "2026-03-03 10:00", org="hub", outcome="withdrawn", by="staff"),
     "failure", "closed_too_early", "front_door"),
    ("a bank holiday does not stretch the promise by more than itself",
     Book().ask("a", "bin-missed", "2026-04-02 10:00", place=HERE)
     .event("a", "fulfilled", "2026-04-09 09:00", org="wychavon"), "failure", "late", "service"),
    # -- S2 --------------------------------------------------------------------------------
    ("a cold transfer",
     question().event("a", "transferred", "2026-03-02 10:02", org="hub", mode="cold"),
     "failure", "signposting_or_transfer", "front_door"),
    ("a warm transfer without the context is cold",
     question().event("a", "transferred", "2026-03-02 10:02", org="police", mode="warm",
                      same_sitting=True, context_carried=False),
     "failure", "signposting_or_transfer", "partner:police"),
    ("told by a partner, days later, to ring somebody",
     bin_told().event("a", "told_to_contact", "2026-03-05 10:00", org="wychavon", to="contractor"),
     "failure", "signposting_or_transfer", "partner:wychavon"),
    ("forced to the website",
     question().event("a", "channel_forced", "2026-03-02 10:03", org="hub", to="web"),
     "failure", "signposting_or_transfer", "front_door"),
    ("signposted to a partner inside",
     Book().ask("a", "tax-question", "2026-03-02 10:00")
     .event("a", "resolved", "2026-03-02 10:04", org="hub", outcome="signposted", inside=True),
     "failure", "signposting_or_transfer", "front_door"),
    # -- S3 --------------------------------------------------------------------------------
    ("a chase before the promised date",
     bin_told().back("a", "chase", "2026-03-03 09:00"),
     "failure", "progress_chasing", "partner:wychavon"),
    ("a chase when it was done already",
     bin_told().back("a", "chase", "2026-03-04 09:00"), "failure", "progress_chasing", "service"),
    ("a chase in the last minute of the window",
     question().back("a", "chase", "2026-03-09 10:05"), "failure", "progress_chasing", "service"),
    ("the window keeps the clock time over the change to winter time",
     question("2026-10-22 10:00").back("a", "chase", "2026-10-29 10:05"),
     "failure", "progress_chasing", "service"),
    ("told again before anything was done",
     bin_open().back("a", "repeat", "2026-03-02 12:00").event(
         "a", "fulfilled", "2026-03-03 12:00", org="wychavon"),
     "failure", "repetition", "front_door"),
    ("missed again after it was done",
     bin_told().back("a", "repeat", "2026-03-04 12:00"),
     "failure", "closed_too_early", "partner:wychavon"),
    ("a tapped reason wins",
     question().back("a", "chase", "2026-03-03 12:00", avoidable="clarification"),
     "failure", "clarification", "content"),
    ("the same person, service and place in a new enquiry",
     bin_told().ask("b", "bin-missed", "2026-03-04 12:00", place=NEAR, channel="web"),
     "failure", "closed_too_early", "partner:wychavon"),
    ("two questions of one person without a place",
     question().ask("b", "tax-question", "2026-03-05 10:00", channel="counter"),
     "failure", "closed_too_early", "front_door"),
    ("a new enquiry whose words name the earlier one",
     bin_told(person=None, address="").ask(
         "b", "pothole", "2026-03-04 12:00", person=None, address="",
         evidence=["reference_quoted"], about="a"),
     "failure", "closed_too_early", "partner:wychavon"),
    ("an agent ties a later report to it",
     bin_told().ask("b", "pothole", "2026-03-04 12:00", place=FAR)
     .correct("i2", "a", True, "2026-03-20 10:00"),
     "failure", "closed_too_early", "partner:wychavon"),
    ("two people turn out to be one",
     bin_told().ask("b", "bin-missed", "2026-03-04 12:00", place=HERE, person="anne", address="x")
     .line("merge", keep="ann", drop="anne", at="2026-05-01T10:00:00+00:00"),
     "failure", "closed_too_early", "partner:wychavon"),
    ("a text after 24 hours of silence is a contact of its own",
     Book().ask("a", "tax-question", "2026-03-02 10:00", channel="sms", minutes=0)
     .event("a", "answered", "2026-03-02 10:30", org="hub")
     .back("a", "chase", "2026-03-03 10:00", channel="sms", minutes=0),
     "failure", "progress_chasing", "service"),
    ("an anonymous report that quotes its reference is still seen to come back",
     bin_told(person=None, address="").back(
         "a", "chase", "2026-03-03 09:00", person=None, address=""),
     "failure", "progress_chasing", "partner:wychavon"),
    # -- S4, S5 ----------------------------------------------------------------------------
    ("we had to go back and ask",
     bin_told().event("a", "info_requested", "2026-03-02 12:00", org="wychavon"),
     "failure", "insufficient_capture", "front_door"),
    ("reopened", bin_told().event("a", "reopened", "2026-03-04 10:00", org="hub"),
     "failure", "closed_too_early", "partner:wychavon"),
    ("new information that reopens",
     bin_told().back("a", "new_information", "2026-03-04 10:00")
     .event("a", "reopened", "2026-03-04 10:01", org="hub"),
     "failure", "closed_too_early", "partner:wychavon"),
    ("given back by the partner for want of information",
     bin_told().event("a", "returned", "2026-03-02 11:00", org="wychavon",
                      reason="insufficient_information"),
     "failure", "partner_return", "front_door"),
    ("the earliest of several breaks gives the reason",
     bin_open().back("a", "chase", "2026-03-03 09:00")
     .event("a", "fulfilled", "2026-03-06 09:00", org="wychavon")
     .event("a", "reopened", "2026-03-07 10:00", org="hub"),
     "failure", "progress_chasing", "partner:wychavon"),
    ("an owner named on the event wins",
     bin_told().event("a", "info_requested", "2026-03-02 12:00", org="wychavon", owner="content"),
     "failure", "insufficient_capture", "content"),
    # -- excluded --------------------------------------------------------------------------
    ("a test", question().event("a", "test", "2026-03-02 11:00"), "excluded", "test", None),
    ("spam", question().event("a", "spam", "2026-03-02 11:00"), "excluded", "spam", None),
    ("silence on the line",
     Book().ask("a", None, "2026-03-02 10:00").event("a", "silent", "2026-03-02 10:05"),
     "excluded", "abandoned", None),
    ("hung up before anybody answered",
     Book().ask("a", None, "2026-03-02 10:00", abandoned=True), "excluded", "abandoned", None),
    ("for another body outside",
     Book().ask("a", "tax-question", "2026-03-02 10:00")
     .event("a", "resolved", "2026-03-02 10:04", org="hub", outcome="signposted", inside=False),
     "excluded", "out_of_partnership", None),
    ("the second ticket of one need",
     Book().ask("z", "bin-missed", "2026-03-02 09:00", place=HERE)
     .ask("a", "bin-missed", "2026-03-03 09:00", place=HERE), "excluded", "same_need", None),
    ("a neighbour's report of the same place",
     Book().ask("z", "bin-missed", "2026-03-02 09:00", place=HERE)
     .ask("a", "bin-missed", "2026-03-02 10:00", place=NEAR, person="bob", address="h-bob"),
     "excluded", "duplicate", None),
    ("withdrawn by the citizen in a contact",
     bin_open().event("a", "resolved", "2026-03-02 12:00", outcome="withdrawn", by="citizen",
                      contact="c9"), "excluded", "withdrawn", None),
    ("a service of several stages", Book().ask("a", "homeless", "2026-03-02 10:00"),
     "excluded", "staged", None),
    ("a test of a staged service is a test",
     Book().ask("a", "homeless", "2026-03-02 10:00").event("a", "test", "2026-03-02 11:00"),
     "excluded", "test", None),
    ("the form sent twice",
     Book().ask("z", "permit", "2026-03-02 10:00", channel="web", minutes=0, submission="d")
     .ask("a", "permit", "2026-03-02 10:08", channel="web", minutes=0, submission="d"),
     "excluded", "same_need", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("book", "kind", "reason", "owner"),
    [pytest.param(*row[1:], id=row[0].replace(" ", "_")) for row in GOLDEN],
)
def test_the_verdict_is_what_the_definition_says(book, kind, reason, owner):
    found = {one.enquiry: one for one in one_stop.judge(reading.read(book.lines), at(LATER))}

    verdict = found["a"].verdict
    assert (verdict.kind, verdict.reason, verdict.owner) == (kind, reason, owner)
