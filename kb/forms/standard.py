"""The form as it is really asked: what a service asks of its own, and what every service asks.

A form need not name the place, the words, photos and the person: they are added where the
catalogue says that they are needed, in the order in which people tell a story. Pure. These words
of ours are in English here; who shows them says them through gettext (kb.tongues).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext_noop as _

from kb.forms.schema import DESCRIPTION, PLACES, Form, Kind, Question

_LOCAL_TIERS = frozenset({"district", "town", "all"})
PLACE, FILES, PERSON = "place", "files", "you"
# Asked of everything that can be seen. A door may put it beside the words instead.
PHOTOS = Question(
    FILES,
    Kind.FILE,
    _("Do you have a photo of it?"),
    hint=_("A photo helps whoever deals with it. You can go on without one."),
    required=False,
    most=5,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the catalogue says about a service, as far as its form depends on it.

    `is_known` is False where nobody knows yet which service it is.
    """

    location: str = "none"
    owner_tier: str = "all"
    prompt: str = ""
    anonymous_ok: bool = False
    subject: str = "person"
    is_known: bool = True


def completed(form: Form, facts: Facts) -> Form:
    """The form with everything that it leaves to the catalogue.

    Its own questions come first, as they may decide who must act; then where, what, photos, who.
    A form that ends with words of its own ("is there anything else?") asks for them in that order.
    """
    kinds = {one.kind for one in form.questions}
    questions = [one for one in form.questions if one.kind is not Kind.PERSON]
    person = next((one for one in form.questions if one.kind is Kind.PERSON), _person(facts))
    told = [questions.pop()] if questions and questions[-1].key == DESCRIPTION else []
    if not kinds & PLACES and _needs_place(facts):
        questions.append(_place(facts))
    questions += told
    if form.describe and form.question(DESCRIPTION) is None:
        words = _description(facts)
        # In their own words first: where it is asks them nothing that they came to say.
        questions.insert(len(questions) if facts.is_known else 0, words)
    if Kind.FILE not in kinds and facts.location == "map":
        questions.append(PHOTOS)
    if person.anonymous is None:
        person = replace(person, anonymous=facts.anonymous_ok)
    return replace(form, questions=(*questions, person))


def _needs_place(facts: Facts) -> bool:
    return facts.location != "none" or facts.owner_tier in _LOCAL_TIERS


def _place(facts: Facts) -> Question:
    kind = Kind.PLACE if facts.location == "map" else Kind.ADDRESS
    words = {
        "map": _("Where is it?"),
        "address": _("Which address is it about?"),
        "site": _("Which place is it about?"),
    }.get(facts.location, _("Which council area is it about?"))
    return Question(PLACE, kind, words)


def _description(facts: Facts) -> Question:
    return Question(DESCRIPTION, Kind.WORDS, _("What happened?"), hint=facts.prompt, longest=4_000)


def _person(facts: Facts) -> Question:
    return Question(
        PERSON,
        Kind.PERSON,
        _("How should we tell you what happens?"),
        hint=_("Only for this. You do not need an account."),
        anonymous=facts.anonymous_ok,
    )
