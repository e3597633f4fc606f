"""The form of a journey as it stands: which questions are asked, which comes next, where it ends.

The rules are kb.forms'; here they meet one person's answers, at every door and at the desk alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts import areas
from core.errors import DomainError
from kb import queries, questions
from kb.forms import conditions, path, standard, walking, words
from kb.forms.schema import DESCRIPTION, PLACES, Answer, End, EndKind, Form, Kind, Question
from kb.journeys import Journey

if TYPE_CHECKING:
    from kb.models import Service

# The keys of the questions that the catalogue adds to every form.
WHERE, WHAT, FILES, YOU = standard.PLACE, DESCRIPTION, standard.FILES, standard.PERSON
ABOUT = "about"
# Which answers of a journey each of these questions gives.
FIELDS: Mapping[str, tuple[str, ...]] = {
    WHERE: ("postcode", "address", "nowhere", "uprn", "latitude", "longitude"),
    WHAT: ("description",),
    YOU: ("tell_by", "email", "phone", "name"),
}


def role(question: Question) -> str:
    """What a question gives the enquiry, whatever its key: WHERE, WHAT, FILES, YOU or nothing."""
    if question.kind in PLACES:
        return WHERE
    if question.key == DESCRIPTION:
        return WHAT
    return {Kind.FILE: FILES, Kind.PERSON: YOU}.get(question.kind, "")


@dataclass(frozen=True, slots=True)
class Asking:
    """A journey with the form that it answers, as it is asked where it is about."""

    journey: Journey
    service: Service | None
    form: Form
    today: date

    @property
    def given(self) -> dict[str, Answer]:
        """What was answered, by the keys of the questions; also to what is asked no more."""
        found: dict[str, Answer] = dict(self.journey.answers)
        for question in self.form.questions:
            if question.key in self.journey.done and (part := role(question)):
                found[question.key] = _given(self.journey, part)
        return found

    @property
    def questions(self) -> list[Question]:
        """The questions that the answers lead through, answered or not."""
        return path.asked(self.form, self.given, today=self.today)

    @property
    def first_open(self) -> Question | None:
        """The first question without an answer; None when all have one."""
        return path.next_open(self.form, self.given, self.journey.done, today=self.today)

    @property
    def end(self) -> End | None:
        """Where the answers end the form, if they do and nobody went on from there."""
        return path.end(self.form, self.given, today=self.today, passed=self.journey.passed)

    @property
    def is_urgent(self) -> bool:
        """Whether the answers lead to an emergency: what is sent all the same goes first."""
        counting = path.counting(self.form, self.given, today=self.today)
        urgent = (one for one in self.form.ends if one.kind is EndKind.EMERGENCY)
        return any(conditions.holds(one.when, counting, today=self.today) for one in urgent)

    @property
    def is_past_a_no(self) -> bool:
        """Whether the person read that it ends here and asks a person all the same."""
        kinds = {one.key: one.kind for one in self.form.ends}
        calm = [one for one in self.journey.passed if kinds.get(one) is not EndKind.EMERGENCY]
        return any(one in kinds for one in calm)

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers that are sent: to the questions that are asked, and kept by their keys."""
        own = {question.key for question in self.form.own}
        counting = path.counting(self.form, self.given, today=self.today)
        return {key: value for key, value in counting.items() if key in own and value}

    @property
    def description(self) -> str:
        """The enquiry's own words: what was written, else the answers in words."""
        asks = self.form.question(DESCRIPTION) is not None
        written = self.journey.description.strip() if asks else ""
        return written or words.described(self.form, self.answers) or self.journey.service_name

    @property
    def is_person_next(self) -> bool:
        """Whether nothing is open any more but who they are, if that."""
        turn = self.first_open
        return self.end is None and (turn is None or role(turn) == YOU)

    @property
    def is_placed(self) -> bool:
        """Whether it was said where it is, or that there is no place."""
        where_ = self.part(WHERE)
        return where_ is not None and where_.key in self.journey.done

    @property
    def is_known_next(self) -> bool:
        """Whether it is time to read what is known already: as soon as the place is, and before
        who they are where no place is asked.
        """
        return self.end is None and (self.is_placed or self.is_person_next)

    @property
    def last_answered(self) -> str:
        """The key of the question before the first open one; ABOUT before the first."""
        turn = self.first_open
        return self.before(turn.key if turn is not None else "")

    @property
    def lists(self) -> bool:
        """Whether an address is chosen from a list where the gazetteer has one."""
        where_ = self.part(WHERE)
        if where_ is None:
            return False
        is_of_address = self.service is not None and self.service.location == "address"
        return where_.kind is Kind.ADDRESS and is_of_address

    @property
    def written(self) -> list[str]:
        """What the person wrote in words of their own."""
        typed = {one.key for one in self.form.own if one.kind in (Kind.TEXT, Kind.WORDS)}
        answers = [str(value) for key, value in self.answers.items() if key in typed]
        return [self.journey.description, *answers]

    def takes_files(self, question: Question) -> bool:
        """Whether files are added on the page of a question: their own, else the words'."""
        part = role(question)
        return part == FILES or (part == WHAT and self.part(FILES) is None)

    def question(self, key: str) -> Question | None:
        """The question with this key, if it is asked."""
        return next((one for one in self.questions if one.key == key), None)

    def part(self, which: str) -> Question | None:
        """The asked question that gives WHERE, WHAT, FILES or YOU."""
        return next((one for one in self.questions if role(one) == which), None)

    def may_answer(self, key: str) -> bool:
        """Whether it is asked, nothing before it is open, and no end stands before it."""
        order = [one.key for one in self.questions]
        if key not in order:
            return False
        turn, end = self.first_open, self.end
        bounds = [turn.key] if turn is not None else []
        bounds += [path.at(self.form, end)] if end is not None else []
        return all(order.index(key) <= order.index(one) for one in bounds if one in order)

    def key_of(self, which: str) -> str:
        """The key of the asked question that gives WHERE, WHAT, FILES or YOU, else that name."""
        found = self.part(which)
        return found.key if found is not None else which

    def before(self, key: str) -> str:
        """The key of the asked question before one; ABOUT before the first."""
        order = [one.key for one in self.questions]
        at = order.index(key) if key in order else len(order)
        return order[at - 1] if at else ABOUT

    def before_end(self, end: End) -> str:
        """The key of the question that an end hangs on: where to change one's mind."""
        return path.at(self.form, end) or ABOUT

    def progress(self, key: str) -> tuple[int, int, bool]:
        """The number of a question, how many there are at most (0: that cannot be told), and
        whether there may be fewer.
        """
        order = [one.key for one in self.questions]
        may_be_fewer = path.may_differ(self.form, self.given, today=self.today)
        most = len(order)
        if may_be_fewer:
            most = walking.longest(self.form, self.given, today=self.today)
        return order.index(key) + 1, most, may_be_fewer

    def answered(self, question: Question, data: Mapping[str, Any]) -> Journey:
        """The journey with what a form says in answer to a question."""
        part = role(question)
        if part == FILES:
            return self._done(question.key)
        if part:
            return self._done(question.key, **{name: data[name] for name in FIELDS[part]})
        answers = {key: value for key, value in self.journey.answers.items() if key != question.key}
        if data["answer"]:
            answers[question.key] = data["answer"]
        return self._done(question.key, answers=answers)

    def _done(self, key: str, **answers: Any) -> Journey:
        passed = path.not_touched(self.form, self.journey.passed, key)
        return self.journey.answered(key, passed=passed, **answers)


def _given(journey: Journey, part: str) -> Answer:
    if part == WHAT:
        return journey.description
    if part == FILES:
        return {"passed": True}
    return {name: getattr(journey, name) for name in FIELDS[part]}


def of(
    journey: Journey,
    service: Service | None = None,
    *,
    files: bool = True,
    today: date | None = None,
) -> Asking:
    """A journey with its form. `files` says that the door can take files in."""
    if service is None or service.slug != journey.service:
        service = queries.service(journey.service) if journey.service else None
    form = questions.asked(service, journey.form_id).form
    form = _photos_beside(form) if files else path.without(form, Kind.FILE)
    if any(question.areas for question in form.questions):
        form = path.for_area(form, _codes(journey.postcode))
    return Asking(journey, service, form, today or timezone.localdate())


def _photos_beside(form: Form) -> Form:
    """Photos that the catalogue asks for are added where it is said what happened."""
    if form.question(DESCRIPTION) is None:
        return form
    return replace(form, questions=tuple(one for one in form.questions if one != standard.PHOTOS))


def _codes(postcode: str) -> tuple[str, ...]:
    """The areas that hold a postcode, the smallest first."""
    if not postcode:
        return ()
    try:
        found = areas.lookup(postcode)
    except DomainError:
        return ()
    return areas.containing(district_code=found.district_code, ward_code=found.ward_code).codes


def known(journey: Journey, question: Question) -> dict[str, Any]:
    """What was answered before, for the fields of a question."""
    if part := role(question):
        return {name: getattr(journey, name) for name in FIELDS.get(part, ())}
    return {"answer": journey.answers.get(question.key, "")}


def version_of(service: Service | None) -> int:
    """The version that a journey begun now is asked with."""
    return questions.asked(service).version_id or questions.UNWRITTEN


def is_home(service: Service | None, asked: Question) -> bool:
    """Whether a place is where somebody lives, or may be: anything but a spot that is reported."""
    return asked.exact or service is None or service.location != "map"
