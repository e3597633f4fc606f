"""Contacts counted: what was avoidable, who took it, and how many it took for one that is done."""

from __future__ import annotations

from datetime import date

from metrics import figures, mix, one_stop, ratios, reading, sheets, tallying
from metrics.figures import Share
from metrics.sheets import Counts, Yardsticks
from metrics.tallying import Cut
from metrics.times import Standing
from metrics.value import Taken
from tests.metrics.ledgers import HERE, Book, at

LATER = at("2026-06-01 10:00")


def counted(book: Book, cut: Cut | None = None, as_of: str = "2026-06-01 10:00") -> Counts:
    moment = at(as_of)
    judged = one_stop.judge(reading.read(book.lines), moment)
    return tallying.counts(judged, cut or Cut(), moment).get("", Counts())


def test_an_item_is_avoidable_if_a_reason_was_tapped_or_it_chases_or_came_back_in_the_window():
    book = Book().ask("a", "bin-missed", "2026-03-02 10:00", place=HERE)
    book.back("a", "chase", "2026-03-03 10:00")
    book.back("a", "repeat", "2026-03-04 10:00")
    book.back("a", "new_information", "2026-03-05 10:00", avoidable="clarification")
    book.back("a", "thanks", "2026-03-06 10:00")
    # After the window nobody counts a repetition, unless its reason was tapped; a chase is one.
    book.back("a", "repeat", "2026-05-01 10:00").back("a", "chase", "2026-05-02 10:00")
    # The same again in the window: a new item that the rule links (L2).
    book.ask("b", "bin-missed", "2026-03-07 10:00", place=HERE)

    found = ratios.avoidable(counted(book).said)

    assert found.share == Share(5, 8)
    assert found.reasons == (("progress_chasing", 2), ("repetition", 2), ("clarification", 1))


def test_test_and_spam_are_in_no_figure_about_contacts():
    book = Book().ask("a", "permit", "2026-03-02 10:00", person="bob")
    book.event("a", "completed", "2026-03-02 10:04")
    book.ask("b", "permit", "2026-03-02 11:00").event("b", "spam", "2026-03-02 11:10")
    book.event("b", "answered", "2026-03-02 11:11")
    # Half of this contact is a test; the other half makes it one that counts.
    book.ask("c", "permit", "2026-03-02 12:00", person="cy").event("c", "test", "2026-03-02 12:01")
    book.item("c-c", "d", "new").line("enquiry", id="d", service="tax-question", place=None)

    found = counted(book)

    assert ratios.avoidable(found.said).share == Share(0, 2)
    assert ratios.per_resolution(found.said, found.needs) == Share(2, 1)


def test_a_second_tickets_outcome_is_the_first_ones_and_counts_once():
    book = Book().ask("a", "bin-missed", "2026-03-02 10:00", place=HERE)
    book.ask("b", "bin-missed", "2026-03-04 10:00", place=HERE)
    book.event("b", "fulfilled", "2026-03-31 10:00").event("a", "fulfilled", "2026-04-02 10:00")

    march, april = Cut(date(2026, 3, 1), date(2026, 4, 1)), Cut(date(2026, 4, 1))

    assert ratios.per_resolution(counted(book, march).said, counted(book, march).needs).value == 2
    assert counted(book, april).needs == 0
    book.event("a", "answered", "2026-03-30 10:00")
    assert counted(book, Cut(date(2026, 3, 31))).needs == 0


def test_staged_and_signposted_needs_are_settled_too_and_an_outcome_after_the_window_counts():
    book = Book().ask("a", "homeless", "2026-03-02 10:00")
    book.event("a", "completed", "2026-05-20 10:00")
    book.ask("b", "tax-question", "2026-03-02 10:00", person="bob")
    book.event("b", "signposted", "2026-03-02 10:03")
    book.ask("c", "tax-question", "2026-03-02 10:00", person="cy")
    book.event("c", "answered", "2026-04-02 10:00")

    found = counted(book)

    assert found.needs == 3
    measures = figures.measures(found.enquiries)
    assert ratios.apart(measures)["signposting"] == Share(1, 3)


def test_a_contact_is_taken_by_whom_its_channel_says_else_by_the_front_door():
    book = Book().ask("a", "permit", "2026-03-02 23:30", org="wychavon", team="wychavon/desk")
    book.ask("b", "permit", "2026-07-02 23:30", person="bob", channel="counter")

    assert counted(book, as_of="2026-08-01 10:00").taken == {
        Taken("wychavon", "phone", date(2026, 3, 2)): 1,
        Taken("hub", "counter", date(2026, 7, 2)): 1,
    }


def test_parts_add_up_to_the_whole_and_weeks_begin_on_mondays():
    book = Book().ask("a", "bin-missed", "2026-03-01 10:00", place=HERE)  # a Sunday
    book.back("a", "chase", "2026-03-02 09:00", channel="email")
    book.ask("b", "permit", "2026-03-02 10:00", person="bob", channel="counter", site="malvern")
    book.event("b", "completed", "2026-03-02 10:04")
    judged = one_stop.judge(reading.read(book.lines), LATER)

    whole = tallying.counts(judged, Cut(), LATER)[""]
    for dimension in ("channel", "site", "class", "service", "organisation", "team", "week"):
        parts = tallying.counts(judged, Cut(dimension=dimension), LATER)
        assert sheets.together(parts.values()) == whole, dimension

    weeks = tallying.counts(judged, Cut(dimension="week"), LATER)
    assert sorted(weeks) == ["2026-02-23", "2026-03-02"]
    by_channel = tallying.counts(judged, Cut(dimension="channel"), LATER)
    assert ratios.avoidable(by_channel["email"].said).share == Share(1, 1)
    assert by_channel["email"].needs == 0


def test_open_windows_are_likened_to_those_that_closed_in_the_last_eight_weeks():
    book = Book()
    for number, comes_back in enumerate(["2026-03-04 10:00", "2026-03-08 10:00", "", ""]):
        name = f"e{number}"
        book.ask(name, "tax-question", "2026-03-02 10:00", person=name, address=name)
        book.event(name, "answered", "2026-03-02 10:04")
        if comes_back:
            book.back(name, "repeat", comes_back, person=name)
    book.ask("old", "tax-question", "2025-03-02 10:00", person="old")
    book.ask("open", "tax-question", "2026-03-20 10:00", person="new")
    book.event("open", "answered", "2026-03-20 10:04")
    moment = at("2026-03-23 10:00")  # the open one is three days old
    judged = one_stop.judge(reading.read(book.lines), moment)

    found = tallying.breaks(judged, moment)
    march = tallying.counts(judged, Cut(date(2026, 3, 1)), moment)[""]
    sheet = sheets.sheet(march, Yardsticks(breaks=found))

    assert found == {"INFORM": {2: 1, 6: 1, None: 2}}
    assert mix.survival(found, "INFORM", 0) == 0.5
    # One of the three that stood on the third day broke later.
    assert sheet.expected == (2 + 2 / 3) / 5
    assert sheet.measures.osr.provisional == 3 / 5


def test_work_is_open_until_an_outcome_and_again_when_it_was_reopened():
    book = Book().ask("a", "pothole", "2026-03-02 10:00", place=HERE)
    book.refer("a", "2026-03-02 11:05").event("a", "fulfilled", "2026-03-04 10:05")
    book.event("a", "reopened", "2026-03-05 10:00")
    book.ask("b", "permit", "2026-03-02 10:00", person="bob").event(
        "b", "closed", "2026-03-02 11:00"
    )
    book.ask("c", "permit", "2026-03-02 10:00", person="cy").event(
        "c", "acknowledged", "2026-03-02 10:06"
    )
    judged = {one.enquiry: one for one in one_stop.judge(reading.read(book.lines), LATER)}

    assert [judged[name].milestones.standing for name in "abc"] == [
        Standing.OPEN, Standing.ENDED, Standing.OPEN,
    ]  # fmt: skip
    found = tallying.counts(judged.values(), Cut(), at("2026-03-12 10:05"))[""]
    assert (found.responded, found.settled) == ({60: 1}, {2 * 1440: 1})
    assert (found.unsettled, found.unanswered, found.ended) == ({10 * 1440: 1}, {10 * 1440: 1}, 1)
    assert found.backlog.total() == 2
    assert (found.final, found.unfinal) == ({}, {10 * 1440: 1})
    book.event("a", "fulfilled", "2026-03-06 10:05").event("a", "reopened", "2026-03-07 10:00")
    book.event("a", "fulfilled", "2026-03-09 10:05")
    again = counted(book)
    assert (again.settled, again.final, again.unfinal) == ({2 * 1440: 1}, {7 * 1440: 1}, {})
