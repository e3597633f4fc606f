"""What an agent sees while somebody is on the phone or at the counter. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

import kb.queries
import kb.queries_notices
import kb.questions
import teamwork.queries_scripts
from accounts.permissions import Viewer
from core.errors import DomainError
from desk import choices, finding, forms_questions, knowledge, outages, sitting_whole
from desk.drawing import asked_for
from desk.finding import NewPersonForm
from desk.forms import AboutForm, RaiseForm
from enquiries.actions.contacts import is_others
from enquiries.channels import KIND_WORDS, ItemKind
from enquiries.inbound import Place
from enquiries.lifecycle import ENDED, OUTCOME_WORDS, Outcome
from enquiries.queries import notice_spots, tracking
from enquiries.queries.contacts import Earlier, OpenContact

if TYPE_CHECKING:
    from kb.models import Service

Files = MultiValueDict[str, UploadedFile[Any]]
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
    # Why it went where it went, and how it ended.
    why: str = ""
    ended_words: str = ""


def raise_form(
    data: QueryDict | None = None,
    initial: Mapping[str, Any] | None = None,
    files: Files | None = None,
) -> RaiseForm:
    """The form for one more need."""
    form = RaiseForm(
        data,
        files,
        initial=dict(initial or {}),
        auto_id="raise_%s",
        services=choices.services(),
        organisations=choices.acting(),
    )
    form.fields["service"].widget.attrs |= {"data-key": "a", "data-key-words": "Add a need"}
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
        why=enquiry.routing_reason,
        ended_words=_ended(enquiry) if ended else "",
    )


def _ended(enquiry: Any) -> str:
    """How it ended, in the words of an agent."""
    if enquiry.outcome == Outcome.DUPLICATE.value:
        return "Joined to a report of the same: they hear what comes of it"
    words = OUTCOME_WORDS[Outcome(enquiry.outcome)] if enquiry.outcome else "Ended"
    return f"{words} in this contact"


def _expected(
    service: str, postcode: str, answers: Mapping[str, Any], now: datetime
) -> tracking.Expected:
    """Who would deal with it, by when; nobody while what was typed is no postcode yet."""
    try:
        return tracking.expected(service, Place(postcode=postcode), now=now, answers=answers)
    except DomainError:
        return tracking.Expected("", None)


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


def _small_forms(person: Mapping[str, object], about: str, kind: str) -> dict[str, object]:
    initial = {"about": "" if about == OTHER else about, "kind": kind}
    known = finding.typed(str(person["find"]))
    person_form = NewPersonForm(initial=known, auto_id="person_%s")
    if person.get("goes_to") == "new":
        # The first of the three that nothing stands in yet.
        empty = next(name for name in person_form.field_order if name not in known)
        person_form.fields[empty].widget.attrs["autofocus"] = True
    return {
        "person_form": person_form,
        "about_form": AboutForm(initial=initial, auto_id="about_%s"),
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


def _spoken_of(contact: OpenContact, about: str) -> Earlier | None:
    """What they speak of, of what they asked before."""
    if not about or about == OTHER or contact.person is None:
        return None
    return next((one for one in contact.earlier if one.reference == about), None)


def _whole(
    who: Viewer,
    contact: OpenContact,
    typed: Mapping[str, Any],
    forms: Mapping[str, object],
    *,
    now: datetime,
) -> dict[str, object]:
    """What it may be about, how it ends, who goes on with it."""
    return {
        **sitting_whole.facts(contact, now=now),
        **sitting_whole.about(
            who,
            contact,
            postcode=str(typed.get("postcode", "")),
            service=str(typed.get("service", "")),
            now=now,
        ),
        **sitting_whole.end(contact, forms.get("wrap_form"), now=now),
        "hand_form": forms.get("hand_form") or sitting_whole.hand_form(who),
        "others": sitting_whole.others(who, contact, now=now),
        "is_mine": contact.agent_id == who.id,
        "is_others": is_others(who, contact.agent_id),
    }


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
    person = finding.finder(request, who, contact)
    scripts = teamwork.queries_scripts.unsent(contact.id)
    return {
        "nav_here": "contact",
        "contact": contact,
        "here": f"/desk/contact/{contact.public_id}/",
        "lasted": int(((contact.ended_at or now) - contact.started_at) / timedelta(minutes=1)),
        "raised": raised(contact, now),
        "spoken_of": _spoken_of(contact, about),
        "q": text,
        "service": service,
        "expected": _ahead(service, typed, now),
        "own_questions": forms_questions.laid(form, service, given),
        "stops": forms_questions.stops(service, given),
        "danger": danger(service),
        "known": outages.around(who, contact, service, typed, now=now),
        "needs_somebody": service is not None
        and not service.anonymous_ok
        and contact.person is None,
        "query": f"?{query}" if query else "",
        "about": about,
        "raise_form": form,
        **_small_forms(person, about, request.GET.get("kind", "")),
        "goes_on": "then" in request.GET and request.method == "GET" and not asked_for(request),
        **person,
        "scripts": scripts,
        "unsent": sitting_whole.unsent(who, contact, scripts),
        "knowledge": knowledge.of_contact(who, contact, text, service),
        **_whole(who, contact, typed, forms, now=now),
        **forms,
    }
