"""What an agent sees while somebody is on the phone or at the counter. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, QueryDict

import customers.queries
import kb.queries
import kb.queries_notices
import kb.questions
from accounts.permissions import Viewer
from core.errors import DomainError
from desk import choices, forms_questions
from desk.forms import AboutForm, PersonForm, RaiseForm, WrapUpForm
from enquiries.channels import KIND_WORDS, ItemKind
from enquiries.inbound import Place
from enquiries.lifecycle import ENDED
from enquiries.queries import notice_spots, tracking
from enquiries.queries.contacts import OpenContact

if TYPE_CHECKING:
    from kb.models import Service

# What the address remembers of the need while the person is found.
NEED = ("q", "service", "about")
OTHER = "other"  # an enquiry that they know the reference of


@dataclass(frozen=True, slots=True)
class Raised:
    """One thing that this contact was about, with what the agent reads out."""

    reference: str
    kind: str
    service: str
    status: str
    owner: str
    promised_on: date | None
    is_new: bool
    ended: bool
    # What to read out where it is not ours.
    hand_off: str = ""


def raise_form(
    data: QueryDict | None = None, initial: Mapping[str, Any] | None = None
) -> RaiseForm:
    """The form for one more need."""
    form = RaiseForm(
        data,
        initial=dict(initial or {}),
        auto_id="raise_%s",
        services=choices.services(),
        organisations=choices.acting(),
    )
    service = kb.queries.service(str(_typed_in(form).get("service", "")))
    forms_questions.add(form, service)
    if not kb.questions.own_form(service).needs_words:
        # The answers say it; what else there is may still be written down.
        form.fields["description"].required = False
        form.fields["description"].label = "Anything else they said (if needed)"
    return form


def _typed_in(form: RaiseForm) -> Mapping[str, Any]:
    """What stands in the form: sent with it, or put there."""
    return form.data if form.is_bound else form.initial


def asks_first(data: QueryDict, now: datetime) -> bool:
    """Whether the service was chosen on a page that showed nothing of it, and there is something:
    questions, ends, a danger, a notice. An agent reads those before anything is sent.
    """
    service = kb.queries.service(data.get("service", ""))
    if service is None or data.get("shown", "") == service.slug:
        return False
    own = kb.questions.own_form(service)
    return bool(
        own.own or own.ends or danger(service) or _known(service, data.get("postcode", ""), now)
    )


def raised(contact: OpenContact, now: datetime) -> list[Raised]:
    """Everything of this contact, in order; whom a fresh enquiry will go to is worked out."""
    return [_raised(item, now) for item in contact.items]


def _raised(item: Any, now: datetime) -> Raised:
    enquiry = item.enquiry
    owner, promised_on, hand_off = "", enquiry.promised_on, ""
    ended = enquiry.status in ENDED
    if enquiry.owner is not None:
        owner = enquiry.owner.name
    elif enquiry.outside_id is not None:
        hand_off = enquiry.public_words
    elif not ended and enquiry.service is not None:
        # A moment old: the rules have yet to run, and say the same as they will say then.
        ahead = _expected(enquiry.service.slug, enquiry.postcode, enquiry.answers, now)
        owner, promised_on = ahead.organisation, ahead.promised_on
        hand_off = ahead.outside.words if ahead.outside else ""
    return Raised(
        reference=enquiry.reference,
        kind=KIND_WORDS[ItemKind(item.kind)],
        service=enquiry.service.name if enquiry.service else "Service not yet known",
        status=enquiry.status,
        owner=owner or "the hub",
        promised_on=None if ended else promised_on or enquiry.promised_on,
        is_new=item.kind == ItemKind.NEW.value,
        ended=ended,
        hand_off=hand_off,
    )


def _expected(
    service: str, postcode: str, answers: Mapping[str, Any], now: datetime
) -> tracking.Expected:
    """Who would deal with it, by when; nobody while what was typed is no postcode yet."""
    try:
        return tracking.expected(service, Place(postcode=postcode), now=now, answers=answers)
    except DomainError:
        return tracking.Expected("", None)


def _knowledge(text: str, service: Any) -> dict[str, object]:
    """Services that fit what was looked for, and answers to read out."""
    hits = kb.queries.search(text, limit=12) if text else []
    answers = [kb.queries.article(hit.slug) for hit in hits if hit.kind == "answer"][:4]
    if service is not None:
        answers = [*kb.queries.articles_about(service.slug), *answers]
    unique = {answer.slug: answer for answer in answers if answer is not None}
    return {
        "services_found": [hit for hit in hits if hit.kind == "service"][:6],
        "answers": list(unique.values())[:5],
    }


@dataclass(frozen=True, slots=True)
class Danger:
    """What to ask first where waiting could hurt somebody, and what to say."""

    ask: str
    say: str


def danger(service: Any) -> Danger | None:
    """The question that comes before all others, for the services that need it."""
    if service is None:
        return None
    police = service.owner_tier == "police" and service.sensitive
    if police or service.out_of_hours == "emergency":
        return Danger(
            "Is anybody in danger now?",
            "If a life is at risk or a crime is happening, they call 999 first: stay with them "
            "until they do. For the police where it is no emergency: 101.",
        )
    if service.out_of_hours == "dangerous":
        return Danger(
            "Could it hurt somebody before we come?",
            "If a life is at risk, they call 999. Otherwise ring the team that deals with it "
            "now, and write it down afterwards.",
        )
    return None


def _person(request: HttpRequest, who: Viewer, contact: OpenContact) -> dict[str, object]:
    text = request.GET.get("find", "").strip()
    if contact.person is not None and "find" not in request.GET:
        return {"find": "", "people": [], "looking": False}
    return {
        "find": text,
        "people": customers.queries.search(who, text) if text else [],
        "looking": True,
        "too_short": 0 < len(text) < 3,
    }


def _typed(text: str) -> dict[str, str]:
    """What was looked for in vain, put where it belongs, so that nobody types it twice."""
    digits = sum(character.isdigit() for character in text)
    if "@" in text:
        return {"email": text}
    return {"phone": text} if digits >= 6 else {"name": text}


def _small_forms(find: str, about: str) -> dict[str, object]:
    initial = {"about": "" if about == OTHER else about}
    return {
        "person_form": PersonForm(initial=_typed(find), auto_id="person_%s"),
        "about_form": AboutForm(initial=initial, auto_id="about_%s"),
        "wrap_form": WrapUpForm(auto_id="wrap_%s"),
    }


def _ahead(
    service: Service | None, typed: Mapping[str, Any], now: datetime
) -> tracking.Expected | None:
    """Who deals with what stands in the form, as far as it says."""
    if service is None:
        return None
    answers = kb.questions.still(service, forms_questions.typed(typed, service))
    return _expected(service.slug, str(typed.get("postcode", "")), answers, now)


def _known(
    service: Service | None, postcode: str, now: datetime
) -> tuple[kb.queries_notices.Shown, ...]:
    """Outages and planned works that the agent says before they write anything down."""
    if service is None:
        return ()
    try:
        place = notice_spots.of(Place(postcode=postcode)) if postcode.strip() else None
    except DomainError:
        place = None
    return kb.queries_notices.current(service.slug, place, now=now)


def page(
    request: HttpRequest,
    who: Viewer,
    contact: OpenContact,
    forms: Mapping[str, object],
    *,
    now: datetime,
) -> dict[str, object]:
    """Everything on the page; `forms` are those that were sent and refused."""
    text, bound = request.GET.get("q", "").strip()[:200], forms.get("raise_form")
    postcode = contact.person.postcode if contact.person else ""
    start = {"service": request.GET.get("service", ""), "postcode": postcode}
    form = bound if isinstance(bound, RaiseForm) else raise_form(None, start)
    typed = _typed_in(form)
    service = kb.queries.service(str(typed.get("service", "")))
    given = forms_questions.typed(typed, service)
    query = request.GET.urlencode()
    about = "" if bound is not None else request.GET.get("about", "")
    person = _person(request, who, contact)
    written = {item.enquiry.reference for item in contact.items}
    return {
        "nav_here": "contact",
        "contact": contact,
        "here": f"/desk/contact/{contact.public_id}/",
        "lasted": int(((contact.ended_at or now) - contact.started_at) / timedelta(minutes=1)),
        "raised": raised(contact, now),
        "earlier": [one for one in contact.earlier if one.reference not in written],
        "spoken_of": next((one for one in contact.earlier if one.reference == about), None),
        "q": text,
        "service": service,
        "expected": _ahead(service, typed, now),
        "own_questions": forms_questions.laid(form, service, given),
        "stops": forms_questions.stops(service, given),
        "danger": danger(service),
        "notices": _known(service, str(typed.get("postcode", "")), now),
        "needs_somebody": service is not None
        and not service.anonymous_ok
        and contact.person is None,
        "query": f"?{query}" if query else "",
        "about": about,
        "raise_form": form,
        **_small_forms(str(person["find"]), about),
        **person,
        **_knowledge(text, service),
        **forms,
    }
