"""An agent leads somebody through a form: begun, answered, left and taken up again, sent."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

import kb.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import script_page, scripts, veil
from desk.answers import found, go, sent
from desk.drawing import drawn
from desk.forms_script import ScriptForm
from desk.script_page import State
from desk.views.people import looked_at
from enquiries import intake
from enquiries.actions import contacts as acts
from enquiries.channels import Channel
from enquiries.inbound import Need
from enquiries.queries import contacts
from enquiries.queries import desk as cases
from enquiries.queries.contacts import OpenContact
from kb.forms.schema import Question
from kb.journeys import Journey
from teamwork import actions_scripts, queries_scripts

PARTS = {"script": "desk/scripts/script.html"}
_MEANWHILE = (
    "Somebody answered in this script meanwhile. Look at what is known now, then answer again"
)


def _contact(who: Viewer, public_id: uuid.UUID) -> OpenContact:
    contact = contacts.contact(who, public_id)
    if contact is None:
        raise Http404
    return veil.cover(who, contact)


def _over(request: HttpRequest, contact: OpenContact) -> HttpResponse | None:
    if contact.ended_at is None:
        return None
    messages.warning(request, "This contact has been wrapped up. Open a new one")
    return go(f"/desk/contact/{contact.public_id}/")


@requires(Permission.HANDLE_CONTACTS)
@sent
def begin(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Begins a script with all that is known; pressed twice it is one."""
    who = viewer(request)
    contact = _contact(who, public_id)
    if (over := _over(request, contact)) is not None:
        return over
    return _begun(request, who, contact, request.POST)


def _key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def _begun(
    request: HttpRequest, who: Viewer, contact: OpenContact, given: QueryDict
) -> HttpResponse:
    key, here = _key(request), f"/desk/contact/{contact.public_id}/"
    service = kb.queries.service(given.get("service", ""))
    try:
        actions_scripts.begin(
            contact_id=contact.id,
            key=key,
            viewer=who,
            journey=scripts.begun(contact, service, given),
            now=timezone.now(),
        )
    except DomainError as error:
        messages.warning(request, error.message)
        return go(here)
    return go(f"{here}scripts/{key}/")


@requires(Permission.HANDLE_CONTACTS)
@sent
def begin_from_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Begins a script with the person of a case, in a contact of its own."""
    who, now = viewer(request), timezone.now()
    with found():
        case = cases.case(who, reference, now=now)
    if case.is_hidden:
        raise Http404
    channel = "counter" if request.POST.get("channel") == "counter" else "phone"
    public_id = acts.open_contact(
        channel=Channel(channel), key=f"script:{_key(request)}", viewer=who, site=None, now=now
    )
    given = request.POST.copy()
    if case.person is not None:
        acts.set_person(public_id=public_id, viewer=who, person=case.person.public_id, now=now)
        looked_at(who, case.person.public_id, reference=case.enquiry.reference)
    if case.enquiry.postcode:
        given.setdefault("postcode", case.enquiry.postcode)
        given.setdefault("address", case.enquiry.address)
    return _begun(request, who, _contact(who, public_id), given)


@requires(Permission.HANDLE_CONTACTS)
def script(request: HttpRequest, public_id: uuid.UUID, script: uuid.UUID) -> HttpResponse:
    """The question that is open, or what is done with what was answered."""
    who = viewer(request)
    contact = _contact(who, public_id)
    kept = queries_scripts.one(contact.id, script)
    if kept is None:
        raise Http404
    if kept.reference:
        return _on_its_way(request, contact, kept.reference)
    if (over := _over(request, contact)) is not None:
        return over
    now_ = script_page.state(who, contact, kept)
    if request.method != "POST":
        return _page(request, now_, at=request.GET.get("at", ""))
    return _act(request, who, now_)


def _page(
    request: HttpRequest, now_: State, *, at: str = "", form: ScriptForm | None = None
) -> HttpResponse:
    context = script_page.context(now_, at=at, form=form, now=timezone.now())
    is_refused = form is not None and bool(form.errors)
    status = 422 if is_refused else 200
    return drawn(request, "desk/scripts/page.html", context, PARTS, status=status)


def _act(request: HttpRequest, who: Viewer, now_: State) -> HttpResponse:
    data = request.POST
    if "drop" in data:
        actions_scripts.drop(contact_id=now_.contact.id, public_id=now_.kept.public_id)
        messages.success(request, "The script is thrown away. Nothing was sent")
        return go(f"/desk/contact/{now_.contact.public_id}/")
    if "lead" in data:
        actions_scripts.choose(viewer=who, whole=data["lead"] == "whole")
        return go(now_.here)
    if "go_on" in data:
        return _go_on(request, now_)
    if "settle" in data or "send" in data or "to_us" in data:
        return _finish(request, who, now_)
    return _answer(request, now_)


# --- One answer more ---------------------------------------------------------------------------


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _kept(request: HttpRequest, now_: State, journey: Journey, left: tuple[str, ...]) -> bool:
    return actions_scripts.keep(
        contact_id=now_.contact.id,
        public_id=now_.kept.public_id,
        journey=journey,
        left=left,
        revision=_revision(request),
        now=timezone.now(),
    )


def _answer(request: HttpRequest, now_: State) -> HttpResponse:
    """Takes what was said in answer to what the page asked."""
    questions = _asked(request, now_)
    if not questions:
        return go(now_.here)
    leaving = "leave" in request.POST
    form = ScriptForm(request.POST, asking=now_.asking, questions=questions, leaving=leaving)
    if not form.is_valid() or form.must_choose:
        return _page(request, now_, form=form)
    asking, left = now_.asking, set(now_.kept.left)
    for question in questions:
        journey = scripts.taken(asking, question, form.answer_of(question))
        asking = scripts.replaced(asking, journey)
        left.discard(question.key)
        if leaving and question.required and form.is_empty(question):
            left.add(question.key)
    if _kept(request, now_, asking.journey, tuple(sorted(left))):
        return go(now_.here)
    newest = queries_scripts.one(now_.contact.id, now_.kept.public_id)
    if newest is None or newest.reference:
        return go(now_.here)
    if newest.journey.answers == asking.journey.answers and newest.journey.done == (
        asking.journey.done
    ):
        return go(now_.here)  # the second of two clicks
    form.add_error(None, _MEANWHILE)
    return _page(request, now_, form=form)


def _asked(request: HttpRequest, now_: State) -> list[Question]:
    """The questions that the page put; what is asked no more is left out."""
    if "whole" in request.POST:
        shown = request.POST.getlist("shown")
        return [one for one in now_.asking.questions if one.key in shown]
    key = request.POST.get("question", "")
    found = now_.asking.question(key)
    return [found] if found is not None and now_.asking.may_answer(key) else []


def _go_on(request: HttpRequest, now_: State) -> HttpResponse:
    """They read, or heard, that it ends here, and go on all the same."""
    end = now_.asking.end
    if end is not None and end.key == request.POST["go_on"]:
        journey = now_.kept.journey.gone_on(end.key)
        if not _kept(request, now_, journey, now_.kept.left):
            messages.warning(request, _MEANWHILE)
    return go(now_.here)


# --- What comes of it --------------------------------------------------------------------------


def _finish(request: HttpRequest, who: Viewer, now_: State) -> HttpResponse:
    """Sends it, or ends it with what they were told; once."""
    if _revision(request) != now_.kept.revision:
        messages.warning(request, _MEANWHILE)
        return go(now_.here)
    need = _need(request, now_)
    if need is None:
        return go(now_.here)
    now, contact = timezone.now(), now_.contact
    inbound = scripts.inbound(now_.kept, contact, Channel(contact.channel), need, who, now)
    try:
        reference = intake.receive(inbound, now=now).enquiries[0].reference
    except intake.SameKeyOtherBody:
        known = intake.known(inbound.channel, inbound.external_id)
        if known is None:
            raise
        reference = known.enquiries[0].reference
    except DomainError as error:
        messages.warning(request, error.message)
        return go(now_.here)
    actions_scripts.sent(
        contact_id=contact.id, public_id=now_.kept.public_id, reference=reference, now=now
    )
    return _on_its_way(request, contact, reference, settled=need.answer is not None)


def _need(request: HttpRequest, now_: State) -> Need | None:
    """What is written down; None where that is not what the page could offer now."""
    asking, end, data = now_.asking, now_.asking.end, request.POST
    expected = scripts.expected(asking, timezone.now())
    outside = expected.outside if expected is not None else None
    if "settle" in data and end is not None and data["settle"] == end.key:
        return scripts.ended(asking, end)
    if "settle" in data and end is None and outside is not None:
        return scripts.handed_off(asking, outside.words)
    if "settle" in data or end is not None or asking.first_open is not None:
        return None
    if outside is not None and "to_us" not in data:
        return None
    return scripts.whole(asking, to_us="to_us" in data)


def _on_its_way(
    request: HttpRequest, contact: OpenContact, reference: str, *, settled: bool = False
) -> HttpResponse:
    words = "is answered" if settled else "is on its way"
    messages.success(request, f"{reference} {words}. Is there anything else?")
    return go(f"/desk/contact/{contact.public_id}/")
