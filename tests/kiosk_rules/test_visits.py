"""A visit on a kiosk's own pages goes on as the same visit on the server's, and what is typed is
read there as here: whoever is handed over in the midst of it is asked nothing twice.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import QueryDict

from channels.asking import answering
from channels.asking.journey import Journey
from channels.asking.questions import ABOUT, Asking
from channels.kiosk import content_forms, shell_words
from core import references
from core.errors import DomainError
from customers import contact
from kb.forms import path, reading, standard
from kb.forms.schema import Form
from tests.kiosk_rules import drawn
from tests.kiosk_rules.drawn import TODAY
from tests.kiosk_rules.test_parity import same

VISIT = """({visit}, [forms, cases]) => cases.map(([at, now, today]) => {
  const form = forms[at];
  const keys = form.questions.map((one) => one.key);
  return {
    open: visit.firstOpen(form, now, today)?.key ?? null,
    end: visit.end(form, now, today)?.key ?? null,
    ends: form.ends.map((one) => visit.beforeEnd(form, one)),
    may: keys.map((key) => visit.mayAnswer(form, now, key, today)),
    before: keys.map((key) => visit.before(form, now, key, today)),
    parts: ["where", "description", "you"].map((role) =>
      visit.part(form, now, role, today)?.key ?? null),
    sent: visit.sent(form, now, today),
  };
})"""
CARRY = """({visit}, [forms, cases]) => cases.map(([was, is, now, today]) => {
  const before = JSON.stringify(now);
  const {visit: after, again, fresh} = visit.carryOver(forms[was], forms[is], now, today);
  if (JSON.stringify(now) !== before) throw new Error("changed what it was given");
  const open = visit.firstOpen(forms[is], after, today);
  return {done: after.done, answers: after.answers, again, fresh, open: open?.key ?? null};
})"""
TYPED = """({answers, texts}, [words, cases]) => cases.map(([question, value, today]) => {
  const isDate = question.kind === "date";
  const found = (isDate ? answers.readDate : answers.typed)(question, value, today);
  return "wrong" in found ? texts.say(words, found.wrong, found.facts) : {answer: found.answer};
})"""


def _completed(draw: random.Random) -> Form:
    """A form as it is really asked: with place, words and person."""
    places = ["map", "address", "none"]
    facts = standard.Facts(location=draw.choice(places), anonymous_ok=draw.random() < 0.5)
    made = standard.completed(reading.form(drawn.form(draw)), facts)
    return path.without(made, standard.PHOTOS.kind)


def _visit(draw: random.Random, form: Form) -> dict[str, Any]:
    data = [{"key": one.key, "type": one.kind.value} for one in form.own]
    values = {one.key: list(one.values) for one in form.own}
    some = [{**one, "choices": [{"value": v} for v in values[one["key"]]]} for one in data]
    order = [ABOUT, *(one.key for one in form.questions if draw.random() < 0.85)]
    return {
        "answers": {one["key"]: drawn.answer(draw, one) for one in some if draw.random() < 0.8},
        "done": order,
        "passed": [one.key for one in form.ends if draw.random() < 0.5],
        "postcode": draw.choice(["", "WR11 4AA"]),
        "address": draw.choice(["", "1 High Street"]),
        "nowhere": draw.random() < 0.2,
        "description": draw.choice(["", "A mattress", "x" * 4_001]),
        "tell_by": draw.choice(["", "none", "email"]),
        "name": "Jo",
        "email": "jo@example.com",
        "phone": "",
    }


def _of(form: Form, now: dict[str, Any], today: date) -> Asking:
    listed = {"done": tuple(now["done"]), "passed": tuple(now["passed"])}
    return Asking(Journey(id="x", **{**now, **listed}), None, form, today)


def _on_the_server(form: Form, now: dict[str, Any], today: date) -> dict[str, Any]:
    asking = _of(form, now, today)
    turn, end = asking.first_open, asking.end
    keys = [one.key for one in form.questions]
    parts = [asking.part(one) for one in (standard.PLACE, "description", standard.PERSON)]
    return {
        "open": turn.key if turn else None,
        "end": end.key if end else None,
        "ends": [asking.before_end(one) for one in form.ends],
        "may": [asking.may_answer(key) for key in keys],
        "before": [asking.before(key) for key in keys],
        "parts": [one.key if one else None for one in parts],
        "sent": asking.answers,
    }


def test_a_visit_stands_where_it_would_on_the_server(run):
    draw = random.Random(57)
    forms = [_completed(draw) for _ in range(600)]
    cases: list[Any] = [
        [at, _visit(draw, form), TODAY.isoformat()]
        for at, form in enumerate(forms)
        for _ in range(2)
    ]
    ours = [_on_the_server(forms[at], now, TODAY) for at, now, _today in cases]
    told = [content_forms.form(form, 0) for form in forms]
    same(cases, ours, run(VISIT, [told, cases]))
    assert sum(one["open"] is None for one in ours) > 50
    assert sum(one["end"] is not None for one in ours) > 50


def test_a_form_that_changed_under_a_visit_asks_again_only_what_it_must(run):
    draw = random.Random(43)
    forms: list[dict[str, Any]] = []
    cases: list[Any] = []
    expected = []
    for _ in range(1_500):
        was = drawn.form(draw)
        now = _visit(draw, reading.form(was))
        forms += [was, _changed(draw, was)]
        cases.append([len(forms) - 2, len(forms) - 1, now, TODAY.isoformat()])
        expected.append(_stays(reading.form(forms[-2]), reading.form(forms[-1]), now))
    told = [content_forms.form(reading.form(one), 7) for one in forms]
    found = run(CARRY, [told, cases])
    rows = [{"done": one["done"], "answers": one["answers"]} for one in found]
    same([[forms[a], forms[b], now] for a, b, now, _ in cases], expected, rows)
    for (_was, at, now, _today), one in zip(cases, found, strict=True):
        keys = [each["key"] for each in told[at]["questions"]]
        assert set(one["again"]) <= set(now["done"]) - set(one["done"])
        assert set(one["fresh"]) <= set(keys) - set(one["done"])
        # What is open was open before, has to be asked again, or is new.
        assert one["open"] is None or one["open"] not in one["done"]
    assert sum(bool(one["again"]) for one in found) > 200
    assert sum(bool(one["fresh"]) for one in found) > 100


def test_who_must_be_told_and_whose_home_it_is_is_asked_where_the_form_wants_it_now(run):
    home = {"key": "home", "type": "address", "words": "Where do you live?"}
    was = reading.form({"questions": [{**home, "required": False}], "describe": False})
    now = reading.form({"questions": [home], "describe": False})
    forms = [
        content_forms.form(standard.completed(was, standard.Facts(anonymous_ok=True)), 1),
        content_forms.form(standard.completed(now, standard.Facts()), 2),
    ]
    said = {"answers": {}, "done": [ABOUT, "home", "you"], "passed": [], "postcode": "WR11 4AA"}
    nobody = {**said, "tell_by": "none"}
    told = {**said, "address": "1 High Street", "tell_by": "sms", "phone": "+447700900123"}
    today = TODAY.isoformat()
    found = run(CARRY, [forms, [[0, 1, nobody, today], [0, 1, told, today]]])
    assert [one["again"] for one in found] == [["home", "you"], []]
    assert found[1]["open"] is None


def _changed(draw: random.Random, was: dict[str, Any]) -> dict[str, Any]:
    """The form as an editor may have changed it: questions gone, new, or taking other answers."""
    made = drawn.form(draw)
    fresh = [{**one, "key": "new"} for one in made["questions"][:1] if one["type"] != "place"]
    kept = []
    for one in was["questions"]:
        turn = draw.random()
        row = {key: value for key, value in one.items() if key != "when"}
        if turn < 0.15:
            continue
        if turn < 0.3:
            row["required"] = True
        elif turn < 0.45 and "choices" in row:
            row["choices"] = [*row["choices"][1:], {"value": "new", "words": "New"}]
        elif turn < 0.55:
            row = {"key": row["key"], "type": "number", "words": "How many?"}
        kept.append(row)
    return {"questions": [*kept, *fresh], "ends": []}


_ALIKE = {"yes_no": "choice", "words": "text"}


def _stays(was: Form, now: Form, visit: dict[str, Any]) -> dict[str, Any]:
    """What is answered still: the question is there, of its kind, and takes the answer."""
    gone = set()
    for one in was.questions:
        other = now.question(one.key)
        kinds = {_ALIKE.get(each.kind, each.kind) for each in (one, other) if each is not None}
        answers = visit["answers"] | ({one.key: {"postcode": ""}} if one.kind == "place" else {})
        alone = Form((replace(other or one, when=None),))
        if len(kinds) > 1 or path.next_open(alone, answers, [one.key], today=TODAY):
            gone.add(one.key)
    gone |= {one.key for one in was.questions if now.question(one.key) is None}
    done = [key for key in visit["done"] if key not in gone]
    lost = gone & set(visit["done"])
    return {
        "done": done,
        "answers": {key: value for key, value in visit["answers"].items() if key not in lost},
    }


def test_what_is_typed_is_read_and_refused_as_on_the_server(run):
    draw = random.Random(99)
    cases: list[Any] = []
    ours: list[Any] = []
    for _ in range(2_500):
        form = reading.form(drawn.form(draw))
        question = draw.choice(form.questions)
        if question.kind == "place":
            continue
        sent = QueryDict(mutable=True)
        if question.kind == "date":
            value: Any = {
                "day": draw.choice(["29", "1", "31", "", " 3 ", "x", "0", "٣"]),
                "month": draw.choice(["2", "Feb", "february", "13", "", "Oct", "02"]),
                "year": draw.choice(["2028", "1990", "28", "", "0000", "2027", "20280"]),
            }
            sent.update(value)
        elif question.kind == "several":
            value = draw.choices([*question.values, "zz"], k=draw.randint(0, 3))
            sent.setlist("answer", value)
        else:
            value = draw.choice([*drawn.TYPED, *question.values])
            sent["answer"] = value
        asked = answering.form(question, sent, today=TODAY, initial={})
        if asked.is_valid():
            ours.append({"answer": asked.cleaned_data["answer"]})
        else:
            ours.append(next(str(error) for each in asked.errors.values() for error in each))
        cases.append([content_forms.question(question), value, TODAY.isoformat()])
    same(cases, ours, run(TYPED, [shell_words.words(), cases]))
    assert len({one for one in ours if isinstance(one, str)}) > 30


EMAILS = [
    "jo@example.com", " Jo.Bloggs+bin@Example.CO.UK ", "jo@example", "jo", "@example.com", "jo@",
    "jo@exa mple.com", "jo@-example.com", "jo@example-.com", "a@b.c", "a@b.co", "jo..b@example.com",
    '"jo b"@example.com', "jo@münchen.de", "jo@example.com.", "ſo@example.com", "jo@ﬁ.com",
    "jo@xn--mnchen-3ya.de", "jo@localhost.localdomain", "", "jo@@example.com", "jo@example.c-m",
]  # fmt: skip
PHONES = [
    "07700 900123", "+44 7700 900123", "0044 7700 900123", "07700900123", "(07700) 900-123",
    "+447700900123", "+44 (0)7700 900123", "07700.900.123", "01905 123456", "020 7946 0000",
    "0770090012", "077009001234", "7700 900123", "+48 512 345 678", "0048 512 345 678",
    "+1 202 555 0143", "+353 85 123 4567", "999", "phone", "", "+", "07700 900123 x",
]  # fmt: skip
CONTACT = """({contact}, [emails, phones]) => [
  emails.map((one) => contact.email(one).value ?? null),
  phones.map((one) => contact.phone(one).value ?? null),
]"""


def _read(reader: Any, text: str) -> str | None:
    try:
        found: str = reader(text)
    except DomainError:
        return None
    return found


def test_who_gives_an_address_there_is_understood_here(run):
    emails, phones = run(CONTACT, [EMAILS, PHONES])
    same(EMAILS, [_read(contact.read_email, one) for one in EMAILS], emails)
    numbers = [_read(contact.read_phone, one) for one in PHONES]
    mobiles = [one if one and contact.is_mobile(one) else None for one in numbers]
    # A number of this country that lacks a digit is possible, says the table; nobody has one.
    at = PHONES.index("0770090012")
    assert mobiles[at] is not None
    mobiles[at] = None
    same(PHONES, mobiles, phones)


def test_a_reference_is_read_as_here(run):
    draw = random.Random(23)
    rows = ["", "WH", "wh7 k3mp 4x", "HW7-K3MP-4X", "WH7-K3MP-4XX", "💥" * 9]
    for _ in range(300):
        rows.append(draw.choice([references.new(), references.for_kiosk()]))
        letters = list(rows[-1])
        letters[draw.randrange(len(letters))] = draw.choice("B5S8Z2AOWH -–_.x")
        rows += ["".join(letters), rows[-1].lower().replace("-", draw.choice(["", " ", "–", "."]))]
    found = run(
        "({references}, rows) => rows.map((one) => references.parse(one).reference ?? null)", rows
    )
    ours = [_read(references.parse, one) for one in rows]
    same(rows, ours, found)
    assert sum(one is not None for one in ours) > 500
