"""What the table of golden ledgers cannot say: time passing, several enquiries at once."""

from typing import Any

import pytest

from metrics import one_stop, reading, ties
from tests.metrics.ledgers import HERE, Book, at


def verdicts(book: Book, moment: str) -> dict[str, one_stop.Judged]:
    return {one.enquiry: one for one in one_stop.judge(reading.read(book.lines), at(moment))}


def test_nothing_is_decided_while_the_window_is_open():
    book = Book().ask("a", "tax-question", "2026-03-02 10:00")
    book.event("a", "answered", "2026-03-02 10:04").back("a", "chase", "2026-03-03 10:00")

    still_open = verdicts(book, "2026-03-09 10:05")["a"]
    closed = verdicts(book, "2026-03-09 10:06")["a"]

    assert still_open.verdict == one_stop.Verdict(one_stop.Kind.PENDING)
    assert still_open.broken
    assert closed.verdict.kind is one_stop.Kind.FAILURE


def test_what_was_recorded_later_was_not_yet_known():
    book = Book().ask("a", "tax-question", "2026-03-02 10:00")
    book.event("a", "answered", "2026-03-02 10:04")
    book.back("a", "chase", "2026-03-03 10:00", recorded=at("2026-03-20 10:00").isoformat())

    before = verdicts(book, "2026-03-15 10:00")["a"].verdict.kind
    after = verdicts(book, "2026-03-21 10:00")["a"].verdict.kind

    assert (before, after) == ("success", "failure")


def test_an_event_after_the_window_changes_nothing():
    book = Book().ask("a", "tax-question", "2026-03-02 10:00")
    book.event("a", "answered", "2026-03-02 10:04").event("a", "reopened", "2026-03-10 10:00")

    assert verdicts(book, "2026-04-01 10:00")["a"].verdict.kind == "success"


def test_a_request_may_come_back_until_five_working_days_after_its_promise():
    # 20 working days after 2 March is 30 March; Easter makes the fifth after that 8 April.
    book = Book().ask("a", "pothole", "2026-03-02 10:00", place=HERE)

    end = verdicts(book, "2026-06-01 10:00")["a"].window_end

    assert end is not None
    assert end.astimezone(at("2026-04-08 10:00").tzinfo).isoformat() == (
        "2026-04-08T23:59:59.999999+01:00"
    )


def test_a_chain_of_reports_counts_against_the_first_while_its_window_is_open():
    book = Book().ask("a", "bin-missed", "2026-03-02 10:00", place=HERE)
    book.ask("b", "bin-missed", "2026-03-09 10:00", place=HERE)
    book.ask("c", "bin-missed", "2026-03-17 10:00", place=HERE)

    found = verdicts(book, "2026-06-01 10:00")

    # c lies inside what b's window would have been; but b is no need of its own (R22).
    assert found["b"].verdict.reason == "same_need"
    assert found["c"].verdict.kind == "failure"
    assert found["a"].recontacts == 1


def test_a_chase_about_a_second_ticket_counts_against_the_first():
    book = Book().ask("a", "bin-missed", "2026-03-02 10:00", place=HERE)
    book.ask("b", "bin-missed", "2026-03-04 10:00", place=HERE)
    book.back("b", "chase", "2026-03-06 10:00")

    found = verdicts(book, "2026-06-01 10:00")

    assert [link.tier for link in found["a"].links] == ["L2", "L1"]
    assert found["a"].recontacts == 2
    assert not found["b"].links


def test_a_recontact_counts_against_one_enquiry_only_the_latest():
    book = Book().ask("a", "tax-question", "2026-03-02 10:00")
    book.event("a", "answered", "2026-03-02 10:04")
    book.correct("i2", "a", False, "2026-03-05 10:00")
    book.ask("b", "tax-question", "2026-03-04 10:00").event("b", "answered", "2026-03-04 10:04")
    book.ask("c", "tax-question", "2026-03-06 10:00")

    found = verdicts(book, "2026-06-01 10:00")

    assert found["a"].verdict.kind == "success"
    assert [link.contact for link in found["b"].links] == ["c-c"]


def test_two_needs_in_one_call_do_not_recontact_each_other():
    book = Book().ask("a", "tax-question", "2026-03-02 10:00")
    book.item("c-a", "b", "new").line("enquiry", id="b", service="tax-question", place=None)
    for enquiry in "ab":
        book.event(enquiry, "answered", "2026-03-02 10:04")

    found = verdicts(book, "2026-06-01 10:00")

    assert {one.verdict.kind for one in found.values()} == {"success"}


def test_a_duplicate_of_a_duplicate_is_measured_against_the_one_that_counts():
    book = Book().ask("a", "bin-missed", "2026-03-02 10:00", place={"e": 0, "n": 0})
    book.ask("b", "bin-missed", "2026-03-02 11:00", place={"e": 40, "n": 0}, person="b", address="")
    book.ask("c", "bin-missed", "2026-03-02 12:00", place={"e": 80, "n": 0}, person="c", address="")

    found = verdicts(book, "2026-06-01 10:00")

    assert found["b"].verdict.reason == "duplicate"
    assert found["c"].verdict.kind == "failure"  # late, and a need of its own


def test_an_answer_inside_the_call_is_resolved_at_first_contact():
    book = Book().ask("a", "permit", "2026-03-02 10:00").event("a", "completed", "2026-03-02 10:03")
    book.ask("b", "permit", "2026-03-02 10:00", person="b").refer("b", "2026-03-02 10:04")
    book.event("b", "completed", "2026-03-02 10:05", org="wychavon")
    book.ask("c", "permit", "2026-03-02 10:00", person="c")

    found = verdicts(book, "2026-03-02 18:00")

    assert [found[key].first_contact_resolved for key in "abc"] == [True, False, False]
    assert [found[key].right_first_time for key in "abc"] == [None, True, None]


def test_a_verdict_line_names_each_contact_that_counts_once():
    book = Book().ask("a", "tax-question", "2026-03-02 10:00")
    book.event("a", "answered", "2026-03-02 10:04").back("a", "new_information", "2026-03-03 10:00")
    book.contact("again", "2026-03-04 10:00").item("again", "a", "thanks")
    book.item("again", "a", "chase").item("again", "a", "repeat")

    (line,) = one_stop.lines(verdicts(book, "2026-06-01 10:00").values())

    assert line["links"] == [{"contact": "again", "tier": "L1"}]


def test_what_came_back_within_a_window_is_within_reach():
    book = Book().line("service", id="plan", promise_wd=180, owner="hub", **{"class": "REQUEST"})
    book.ask("a", "plan", "2026-01-05 10:00", channel="email", minutes=None)
    book.ask("b", "trees", "2026-01-05 10:00", channel="email", minutes=None, person="bob")
    book.event("b", "promise_set", "2026-01-06 10:00", date="2027-01-06")

    for one in verdicts(book, "2028-01-01 10:00").values():
        assert one.window_end
        assert one.window_end - one.started > ties.REACH
        alone = [line for line in book.lines if one.enquiry in (line.get("id"),
                 line.get("enquiry")) or line["type"] in ("org", "service", "contact")]  # fmt: skip
        assert one.window_end <= ties.until(reading.read(alone))


def test_the_verdict_line_says_what_the_open_ledger_promises():
    book = Book().ask("a", "tax-question", "2026-03-02 10:00")
    book.event("a", "answered", "2026-03-02 10:04").back("a", "chase", "2026-03-03 10:00")

    (line,) = one_stop.lines(verdicts(book, "2026-06-01 10:00").values())

    links = line.pop("links")
    assert isinstance(links, list)
    assert [link["tier"] for link in links] == ["L1"]
    assert line == {
        "enquiry": "a",
        "verdict": "failure",
        "reason": "progress_chasing",
        "owner": "service",
        "window_end": "2026-03-09T10:05:00+00:00",
        "first_contact": "c-a",
        "version": "OSR-1.0",
    }


def test_of_one_moment_it_goes_as_a_case_goes_and_not_as_lines_stand():
    noon = "2026-03-02 12:00"
    trees = Book().ask("a", "trees", "2026-03-02 10:00", place=HERE)
    trees.event("a", "accepted", noon, org="wychavon")
    trees.event("a", "referred", noon, org="hub", to="wychavon")
    back = Book().ask("a", "permit", "2026-03-02 10:00").event("a", "completed", "2026-03-02 10:04")
    back.ask("b", "permit", "2026-03-04 10:00", place=HERE)
    back.correct("i2", "a", linked=False, when=noon).correct("i2", "a", linked=True, when=noon)

    assert verdicts(trees, "2027-03-02 10:00")["a"].capped
    assert verdicts(back, "2027-03-02 10:00")["a"].links == ()


def test_numbered_lines_of_one_moment_go_by_their_numbers():
    book = Book().ask("a", "trees", "2026-03-02 10:00", place=HERE)
    told = ({"event": "referred", "to": "wychavon"}, {"event": "returned", "org": "wychavon",
            "reason": "not_ours"}, {"event": "referred", "to": "wychavon"})  # fmt: skip
    for number, line in reversed([*enumerate((*told, {"event": "accepted", "org": "wychavon"}))]):
        book.event("a", when="2026-03-02 12:00", name=line["event"], sequence=number,
                   **{key: value for key, value in line.items() if key != "event"})  # fmt: skip

    assert verdicts(book, "2027-03-02 10:00")["a"].capped


@pytest.mark.parametrize(
    ("hours", "promise", "agreed"),
    [
        ({"mon": [["17:00", "09:00"]]}, 2, None),
        ({"mon": [["09:00", "17:00"]]}, 1000, None),
        ({}, None, {"accept_wh": 10**6, "work_wd": 2}),
        ({}, None, {"accept_wh": 10**9, "work_wd": 10**9, "elapsed": True}),
    ],
)
def test_a_date_that_nobody_can_come_to_is_none(
    hours: dict[str, Any], promise: int | None, agreed: dict[str, Any] | None
):
    book = Book().line("org", id="far", calendar=hours)
    book.line("service", id="far", promise_wd=promise, owner="far", **{"class": "REQUEST"})
    if agreed:
        book.line("agreement", service="far", to="far", **agreed)
    book.ask("a", "far", "2026-03-02 10:00").event("a", "info_requested", "2026-03-03 10:00")
    book.event("a", "info_received", "2026-03-04 10:00").ask("b", "trees", "2026-03-02 10:00")

    found = verdicts(book, "2027-03-02 10:00")

    assert found["a"].verdict.kind == "failure"
    assert found["a"].late_from is None or hours


def test_no_tie_is_longer_than_what_it_is_kept_in():
    book = Book().ask("a", "bin-missed", "2026-03-02 10:00", place={"uprn": "f" * 100})
    book.ask("b", "bin-missed", "2026-03-03 10:00", place={"uprn": "f" * 100}, person="bob",
             address="hash-bob")  # fmt: skip

    assert max(len(tie) for tied in ties.of(reading.read(book.lines)).values() for tie in tied) < 60
    assert verdicts(book, "2027-03-02 10:00")["b"].verdict.reason == "duplicate"
