"""A ledger from elsewhere: taken in it is judged as it was there, and told on word for word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client

from accounts.models import User
from core.models import Outbox
from enquiries.actions import resolutions, told
from enquiries.lifecycle import Outcome
from enquiries.models import Contact, Enquiry, EnquiryEvent, SurveyAnswer, ToldFile, ToldLine
from metrics import gathering, one_stop, reading, rebuilding, recount
from metrics.models import EnquiryFact
from tests.metrics.ledgers import FAR, Book, at
from tests.metrics.test_golden_verdicts import LATER, bin_told
from tests.metrics.world import reader
from tests.world import NOW, World, ask

pytestmark = pytest.mark.django_db(transaction=True)

Line = dict[str, Any]
_OWN = {
    *("id", "enquiry", "contact", "item", "about", "earlier", "target", "to_contact"),
    *("person", "keep", "drop", "address", "session", "thread", "submission", "leg_of", "assists"),
}

END = at(LATER)


def apart(lines: Iterable[Line], story: int) -> list[Line]:
    """The same story for other people at another place, so that many stand in one ledger."""
    found = []
    for line in lines:
        if line["type"] in ("org", "service"):
            continue
        moved: Line = {
            key: f"{story}.{value}" if key in _OWN and isinstance(value, str) and value else value
            for key, value in line.items()
        }
        if "addresses" in line:
            moved["addresses"] = [f"{story}.{one}" for one in line["addresses"]]
        place = moved.get("place")
        if place is not None:
            elsewhere = {"e": place["e"] + 1000 * story} if "e" in place else {}
            number = {"uprn": f"{story}.{place['uprn']}"} if "uprn" in place else {}
            moved["place"] = place | elsewhere | number
        found.append(moved)
    return found


def every_type() -> list[Line]:
    """A story in which each type of line says something, and some contacts say nothing."""
    book = bin_told().line("person", id="ann", addresses=["hash-ann", "hash-ann-mail"])
    book.line("agreement", service="bin-missed", to="wychavon", accept_wh=4, work_wd=2)
    book.contact("broke-off", "2026-03-02 09:00", abandoned=True)  # the redial is a's first contact
    book.contact("looked", "2026-03-02 08:00", channel="web", signals=["page_view"])
    book.ask("b", "pothole", "2026-03-05 12:00", place=FAR, person="anne", address="x")
    book.event("b", "referred", "2026-03-05 12:10", org="hub", to="wychavon")
    book.event("b", "duplicate_of", "2026-03-06 12:10", org="hub", target="a")
    book.correct("i2", "a", True, "2026-03-20 10:00")
    book.line("merge", keep="ann", drop="anne", at="2026-04-01T10:00:00+00:00")
    book.line("unmerge", keep="ann", drop="anne", at="2026-04-02T10:00:00+00:00")
    book.ask("c", "tax-question", "2026-03-02 10:00", channel="sms", minutes=0, person=None,
             address="text", thread="t1")  # fmt: skip
    book.line("outbound", channel="sms", address="text", at="2026-03-03T09:00:00+00:00")
    book.event("c", "replied", "2026-03-03 09:00", org="hub")
    book.back("c", "chase", "2026-03-04 08:00", channel="sms", minutes=0, person=None,
              address="text", thread="t1")  # fmt: skip
    book.event("c", "answered", "2026-03-05 09:00", org="hub", reason="not_ours")
    book.ask("d", "permit", "2026-03-02 10:00", person="dora", address="")
    book.contact("leg", "2026-03-02 10:05", leg_of="c-d", minutes=30, person=None, address="")
    book.event("d", "transferred", "2026-03-02 10:05", org="hub", mode="warm", same_sitting=True,
               context_carried=True, to_contact="leg")  # fmt: skip
    book.event("d", "completed", "2026-03-02 10:20", org="hub")
    book.line("interaction", service="bin-missed", interaction=3, permissible=True, enabled=True)
    book.line("unit_cost", org="hub", channel="phone", cost=4.5)
    book.line("survey", id="s1", answer="yes", enquiry="d", at="2026-03-03T09:00:00+00:00")
    return book.line("survey", answer="partly").lines


def take(folder: Path, lines: Iterable[Line | str], code: int = 0) -> tuple[str, str]:
    """Imports these lines; what it said of them, and of what it refused."""
    file = folder / "ledger.jsonl"
    said = (one if isinstance(one, str) else json.dumps(one) for one in lines)
    file.write_text("\n".join(said) + "\n", encoding="utf-8")
    out, wrong = StringIO(), StringIO()
    try:
        call_command("import_ledger", str(file), stdout=out, stderr=wrong)
        ended = 0
    except SystemExit as end:
        ended = int(str(end.code))
    assert ended == code, wrong.getvalue()
    return out.getvalue(), wrong.getvalue()


def printed(command: str, *arguments: str) -> list[Line]:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def judged(lines: Iterable[Line], moment: datetime = END) -> list[object]:
    """What the definition says of these lines, as `measures --verdicts` prints it."""
    return in_order(one_stop.lines(one_stop.judge(reading.read(lines), moment)))


def in_order(lines: Iterable[Any]) -> list[object]:
    return sorted(lines, key=lambda line: json.dumps(line, sort_keys=True))


def counted(moment: datetime = END) -> list[Line]:
    return printed("measures", "--verdicts", "--as-of", moment.isoformat())


def empty() -> None:
    """As a hub is before anybody has been in touch with it."""
    call_command("flush", verbosity=0, interactive=False)


def test_a_story_with_every_type_of_line_is_judged_and_told_on_as_it_was(tmp_path: Path) -> None:
    lines = every_type()
    _, wrong = take(tmp_path, lines)

    verdicts = judged(lines)
    assert wrong == ""
    assert in_order(counted()) == verdicts
    by_name = {str(one["enquiry"]): one for one in counted()}
    assert by_name["a"]["first_contact"] == "broke-off"
    assert by_name["c"]["verdict"] == "success"  # our text held the conversation together
    exported = printed("export_ledger")
    assert in_order(exported) == in_order(lines)
    assert Contact.objects.get(started_at=at("2026-03-02 10:05")).ended_at == at("2026-03-02 10:35")
    assert {row.answer for row in SurveyAnswer.objects.all()} == {"yes", "partly"}
    assert not Outbox.objects.exists()
    figures = StringIO()
    call_command("measures", stdout=figures)
    found = json.loads(figures.getvalue())
    assert (found["bvpi_157"]["numerator"], found["bvpi_157"]["denominator"]) == (1, 1)
    assert (found["survey"]["numerator"], found["survey"]["denominator"]) == (1, 2)
    assert found["cost_per_contact"]["value"] == 4.5

    empty()
    take(tmp_path, exported)
    assert in_order(counted()) == verdicts
    assert in_order(printed("export_ledger")) == in_order(lines)


def test_what_is_worked_out_by_hand_comes_out_of_a_hub_that_it_was_told(tmp_path: Path) -> None:
    standing = reader.frame()
    people = [line for line in standing if line["type"] == "person"]
    lines = [line for line in standing if line not in people]
    stories = reader.stories()
    for number, story in enumerate(stories):
        lines += apart([*people, *story.lines], number)
    take(tmp_path, lines)

    for moment in {story.seen_on for story in stories}:
        found = {one["enquiry"]: one for one in counted(moment)}
        for number, story in enumerate(stories):
            for enquiry, asked in story.expected.items() if story.seen_on == moment else ():
                one = found[f"{number}.{enquiry}"]
                said = (one["verdict"], one["reason"] or "", one["owner"] or "")
                assert said == (asked["Verdict"], asked["Reason"], asked["Owner"]), story.title
        assert in_order(found.values()) == judged(lines, moment)
    last = max(story.seen_on for story in stories)
    assert len(printed("measures", "--verdicts")) == len(counted(last))
    now = at("2040-01-02 10:00")
    rebuilding.rebuild(now=now)
    facts = {str(one.pk): (one.verdict, one.reason or None) for one in EnquiryFact.objects.all()}
    at_once = {one.enquiry: one.verdict for one in recount.as_of(now)}
    assert facts == {key: (one.kind.value, one.reason) for key, one in at_once.items()}
    exported = printed("export_ledger")
    assert [line for line in lines if line not in exported] == []
    assert len(exported) == len(lines)


def test_our_own_export_goes_into_an_empty_hub_and_is_the_same_there(
    world: World, tmp_path: Path
) -> None:
    ask()
    ask(words="The same bin again", at=NOW + timedelta(days=1))
    ask(service="pothole", postcode="WR1 3EZ")
    exported, verdicts = printed("export_ledger"), counted()
    with pytest.raises(CommandError, match="has enquiries") as refused:
        take(tmp_path, exported)
    assert refused.value.returncode == 2
    assert Enquiry.objects.count() == 3

    empty()
    take(tmp_path, exported)

    assert {one["verdict"] for one in verdicts} > {"excluded"}
    assert in_order(counted()) == in_order(verdicts)
    assert in_order(printed("export_ledger")) == in_order(exported)


def test_who_came_back_in_the_window_of_a_far_promise_is_gathered_with_it(tmp_path: Path) -> None:
    book = Book().line("service", id="plan", promise_wd=180, owner="hub", subject="person",
                       **{"class": "REQUEST", "family": "plan"})  # fmt: skip
    book.ask("a", "plan", "2026-01-05 10:00", channel="email", minutes=None)
    take(tmp_path, book.ask("b", "plan", "2026-10-01 10:00").lines)

    keys = set(Enquiry.objects.values_list("pk", flat=True))
    for key in keys:
        gathered = gathering.Gathered(gathering.framed())
        gathered.add([key])
        assert gathered.known == keys


def test_each_line_that_is_refused_is_named_and_takes_its_enquiry_with_it(tmp_path: Path) -> None:
    lines: list[Line | str] = [*bin_told().lines, "", "{not json"]
    lines += apart(bin_told().lines, 1)
    bad = next(
        n for n, one in enumerate(lines) if isinstance(one, dict) and one.get("id") == "1.c-a"
    )
    lines[bad] = {**lines[bad], "start": "2026-03-02T10:00:00"}  # type: ignore[dict-item]
    lines += ['{"type": "event", "enquiry": "2.a", "at": "no']
    lines += apart(bin_told().lines, 2)
    lines += [
        {"type": "letter", "id": "x"},
        {"type": "event", "enquiry": "z", "at": at(LATER).isoformat(), "event": "test"},
    ]

    out, wrong = take(tmp_path, lines, code=1)

    assert [one["enquiry"] for one in counted()] == ["a"]
    assert set(Contact.objects.values_list("started_at", flat=True)) == {at("2026-03-02 10:00")}
    assert f"line {bad + 1}: start: 2026-03-02T10:00:00 has no offset, such as +00:00" in wrong
    assert f"its contact 1.c-a (line {bad + 1}) cannot be taken" in wrong
    assert "it is not one JSON object in UTF-8" in wrong
    assert 'there is no type "letter"' in wrong
    assert "its enquiry z is not in the ledger" in wrong
    named = [int(line.split(":")[0].removeprefix("line ")) for line in wrong.splitlines()]
    taken = {row.number for row in ToldLine.objects.all()}
    assert len(named) == len(set(named))
    assert not taken & set(named)
    events = EnquiryEvent.objects.count()
    assert len(taken) + events + len(named) == len(lines) - 1  # an empty line is none
    assert f"{len(named)} refused" in out


def test_a_run_that_was_cut_off_has_kept_nothing_and_the_next_one_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = told.keep_enquiries

    def broken(enquiries: Any) -> None:
        whole(enquiries)
        raise DatabaseError("the machine went down")

    monkeypatch.setattr(told, "keep_enquiries", broken)
    with pytest.raises(CommandError, match=r"the machine went down\. Nothing was kept"):
        take(tmp_path, every_type())
    assert not Contact.objects.exists()
    assert not ToldLine.objects.exists()
    monkeypatch.undo()

    _, wrong = take(tmp_path, every_type())

    assert "ledger.jsonl, was cut off. Nothing of it was kept" in wrong
    assert EnquiryFact.objects.count() == 4
    assert not ToldFile.objects.filter(ended_at=None).exists()


def test_staff_see_what_was_told_and_go_on_with_it(
    world: World, client_for: Callable[[User], Client], tmp_path: Path
) -> None:
    lines = [*every_type(), *apart(Book().ask("open", "permit", "2026-03-02 10:00").lines, 1)]
    take(tmp_path, lines)
    case = Enquiry.objects.get(status="new")

    manager, agent = client_for(world.manager), world.viewer(world.agent)
    page = manager.get(f"/desk/cases/{case.reference}/")
    assert page.status_code == 200
    assert "another hub" in page.content.decode()
    assert manager.get("/desk/performance/").status_code == 200
    resolutions.resolve(reference=case.reference, viewer=agent, outcome=Outcome.COMPLETED,
                        words="Here it is.", now=NOW)  # fmt: skip

    exported = printed("export_ledger")
    (ended,) = [line for line in exported if line.get("outcome") == "completed"]
    assert ended["enquiry"] == "1.open"
    assert [line for line in lines if line not in exported] == []
