"""One question a screen, then everything once more, then it goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

import kiosks.actions_counts
from channels.asking import (
    answering,
    checking,
    contact,
    forms,
    limits,
    nearby,
    places,
    questions,
    reading,
    saved,
)
from channels.asking.journey import EMAIL, SMS, Journey
from channels.asking.questions import Asking
from channels.kiosk import assist, receipt, subjects, visit
from channels.kiosk.devices import at_kiosk
from core.audit import Actor
from core.errors import DomainError
from enquiries.channels import Channel
from enquiries.intake import FormMoved
from enquiries.joining import NoticeOver
from enquiries.queries import tracking
from kb.forms.schema import Kind, Question

if TYPE_CHECKING:
    from kiosks.models import Kiosk

_SCREENS = {questions.WHERE: "where", questions.WHAT: "what", questions.YOU: "tell"}


def onward(current: Journey, asking: Asking | None = None) -> HttpResponse:
    """To where the answers end the form, else to the next open question, else to the check.

    Before we ask who they are, to what is known already.
    """
    if current.is_sent:
        return redirect("kiosk:sent")
    if questions.ABOUT not in current.done:
        return redirect("kiosk:about")
    asking = asking or questions.of(current, files=False)
    end = asking.end
    if end is not None:
        return redirect("kiosk:end", key=end.key)
    if asking.is_person_next and nearby.is_due(current, now=timezone.now()):
        return redirect("kiosk:nearby")
    turn = asking.first_open
    return redirect(address(turn)) if turn is not None else redirect("kiosk:check")


def address(question: Question | None) -> str:
    """The screen of a question; the first of all where there is none."""
    if question is None:
        return reverse("kiosk:about")
    screen = _SCREENS.get(questions.role(question))
    return reverse(f"kiosk:{screen}") if screen else reverse("kiosk:own", args=[question.key])


def _turn(
    request: HttpRequest, *, part: str = "", key: str = ""
) -> tuple[Asking, Question] | HttpResponse:
    """The journey and the question when it is its turn, else where to go instead."""
    current = visit.current(request)
    if current is None:
        return redirect("kiosk:home")
    if current.is_sent:
        return redirect("kiosk:sent")
    asking = questions.of(current, files=False)
    asked = asking.question(key) if key else asking.part(part)
    is_begun = questions.ABOUT in current.done
    if asked is None or not is_begun or not asking.may_answer(asked.key):
        return onward(current, asking)
    return asking, asked


def _ask(
    request: HttpRequest,
    kiosk: Kiosk,
    asking: Asking,
    asked: Question,
    form: Form,
    *,
    screen: str = "",
    back: str = "",
    **more: object,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "question": asked,
        "label": answering.label(asked),
        "journey": asking.journey,
        "urgent": questions.urgent(asking.service),
        "outside": contact.outside(asking, asked, now=timezone.now()),
        "wants_photos": visit.is_first(asking) and questions.wants_files(asking.journey),
        "back": back or address(asking.question(asking.before(asked.key))),
        **more,
    }
    template = f"kiosk/{screen or _SCREENS[questions.role(asked)]}.html"
    return visit.page(request, kiosk, template, typing=True, **context)


def _read(request: HttpRequest, asking: Asking, asked: Question) -> Any:
    sent = request.POST if request.method == "POST" else None
    known = questions.known(asking.journey, asked)
    return answering.form(asked, sent, today=asking.today, initial=known)


@at_kiosk
def own(request: HttpRequest, kiosk: Kiosk, key: str) -> HttpResponse:
    """One question that is kept by its key: a touch where it is chosen, else a few words."""
    turn = _turn(request, key=key)
    if isinstance(turn, HttpResponse):
        return turn
    asking, asked = turn
    if questions.role(asked):
        return redirect(address(asked))
    form = _read(request, asking, asked)
    is_turned = asked.kind is Kind.SEVERAL and request.POST.get("screen", "")
    if not is_turned and form.is_valid():
        return _answered(request, kiosk, asking, asked, form)
    if not asked.choices:
        return _ask(request, kiosk, asking, asked, form, screen="typed")
    number = request.POST.get("screen") or request.GET.get("screen", "")
    screen = subjects.screen(list(form.shown.subwidgets), subjects.number(number))
    if asked.kind is not Kind.SEVERAL:
        return _ask(request, kiosk, asking, asked, form, screen="own", choices=screen)
    if is_turned:
        form.errors.clear()
    here = {choice.data["value"] for choice in screen.items}
    chosen = form.data.getlist("answer") if form.is_bound else form.initial.get("answer") or []
    elsewhere = [one for one in chosen if one in asked.values and one not in here]
    return _ask(
        request, kiosk, asking, asked, form, screen="several", choices=screen, elsewhere=elsewhere
    )


@at_kiosk
def where(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Which postcode; the line about the spot is asked with it."""
    turn = _turn(request, part=questions.WHERE)
    if isinstance(turn, HttpResponse):
        return turn
    asking, asked = turn
    words = questions.where(asking.service, asked)
    sent = request.POST if request.method == "POST" else None
    known = questions.known(asking.journey, asked)
    form = places.PlaceForm(sent, words=words, lists=asking.lists, exact=asked.exact, initial=known)
    if questions.is_home(asking.service, asked):
        form.fields["postcode"].widget.attrs["data-mask"] = ""
    if form.is_valid():
        return _answered(request, kiosk, asking, asked, form)
    return _ask(request, kiosk, asking, asked, form, words=words)


@at_kiosk
def what(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """What happened."""
    turn = _turn(request, part=questions.WHAT)
    if isinstance(turn, HttpResponse):
        return turn
    asking, asked = turn
    form = _read(request, asking, asked)
    if form.is_valid():
        return _answered(request, kiosk, asking, asked, form)
    return _ask(request, kiosk, asking, asked, form)


@at_kiosk
def tell(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """How we tell the person what happens: one touch."""
    turn = _turn(request, part=questions.YOU)
    if isinstance(turn, HttpResponse):
        return turn
    asking, asked = turn
    anonymous = bool(asked.anonymous)
    form = forms.YouForm(request.POST if request.method == "POST" else None, anonymous_ok=anonymous)
    chosen = request.POST.get("tell_by", "")
    if chosen in (EMAIL, SMS):
        return redirect("kiosk:you", way=chosen)
    if form.is_valid():
        return _answered(request, kiosk, asking, asked, form)
    return _ask(request, kiosk, asking, asked, form, anonymous=anonymous)


@at_kiosk
def you(request: HttpRequest, kiosk: Kiosk, way: str) -> HttpResponse:
    """The address of the way that was chosen, and a name."""
    turn = _turn(request, part=questions.YOU)
    if isinstance(turn, HttpResponse):
        return turn
    asking, asked = turn
    known = questions.known(asking.journey, asked)
    form = forms.YouForm(
        {**request.POST.dict(), "tell_by": way} if request.method == "POST" else None,
        anonymous_ok=bool(asked.anonymous),
        initial={name: known[name] for name in ("name", "email", "phone")},
    )
    if form.is_valid():
        return _answered(request, kiosk, asking, asked, form)
    tell_page = reverse("kiosk:tell")
    return _ask(request, kiosk, asking, asked, form, screen="you", way=way, back=tell_page)


def _answered(
    request: HttpRequest, kiosk: Kiosk, asking: Asking, asked: Question, form: Form
) -> HttpResponse:
    current = asking.answered(asked, form.cleaned_data)
    return kept(request, kiosk, questions.of(current, asking.service, files=False), at=asked.key)


def kept(request: HttpRequest, kiosk: Kiosk, asking: Asking, *, at: str) -> HttpResponse:
    """Keeps an answer, here and by the server, and goes on; what was done elsewhere stays."""
    if keep(kiosk, asking, at=at):
        visit.keep(request, asking.journey)
        return onward(asking.journey, asking)
    newest = saved.newest(asking.journey)
    visit.keep(request, newest)
    return onward(newest)


def keep(kiosk: Kiosk, asking: Asking, *, at: str) -> bool:
    """Keeps a form as it is at this device. False when it went on elsewhere meanwhile."""
    now, site = timezone.now(), kiosk.site.slug
    return saved.keep(asking, at=at, channel=Channel.KIOSK, site=site, device=kiosk.pk, now=now)


@at_kiosk
def end(request: HttpRequest, kiosk: Kiosk, key: str) -> HttpResponse:
    """Where the answers end the form: why, and what the person can do now."""
    current = visit.current(request)
    if current is None:
        return redirect("kiosk:home")
    if current.is_sent:
        return redirect("kiosk:sent")
    asking = questions.of(current, files=False)
    found = asking.end
    if found is None or found.key != key:
        return onward(current, asking)
    if request.method == "POST" and "go_on" in request.POST:
        gone_on = questions.of(current.gone_on(key), asking.service, files=False)
        return kept(request, kiosk, gone_on, at=key)
    back = address(asking.question(asking.before_end(found)))
    return visit.page(request, kiosk, "kiosk/end.html", end=found, journey=current, back=back)


@at_kiosk
def check(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Everything once more; then it goes."""
    current = visit.current(request)
    if current is None:
        return redirect("kiosk:home")
    newest = saved.newest(current)
    if newest.revision > current.revision:
        return _moved(request, newest)
    asking = questions.of(current, files=False)
    is_begun = questions.ABOUT in current.done
    is_open = asking.end is not None or asking.first_open is not None
    if current.is_sent or not is_begun or is_open:
        return onward(current, asking)
    expected = contact.expected(current, now=timezone.now(), asking=asking)
    refusal = FormMoved().message if "moved" in request.GET else ""
    is_theirs = expected is not None and expected.outside is not None
    if request.method == "POST" and is_theirs <= ("to_us" in request.POST):
        try:
            limits.check(request, "send", kiosk)
            return _send(request, kiosk, current, to_us=is_theirs)
        except limits.TooMany as error:
            return error.page()
        except FormMoved:
            return _moved(request, saved.newest(current))
        except NoticeOver as error:
            # What they had chosen holds no more: the next press sends it as it is.
            visit.keep(request, nearby.passed(current))
            refusal = error.message
        except DomainError as error:
            refusal = error.message
    return visit.page(
        request,
        kiosk,
        "kiosk/check.html",
        journey=current,
        rows=_rows(asking),
        expected=expected,
        refusals=[{"text": refusal}] if refusal else [],
        urgent=questions.urgent(asking.service),
        back=address(asking.question(asking.before(""))),
    )


def _moved(request: HttpRequest, newest: Journey) -> HttpResponse:
    """It was answered elsewhere meanwhile: nobody sends here what they have not read."""
    visit.keep(request, newest)
    if newest.is_sent or request.method != "POST":
        return onward(newest)
    return redirect(f"{reverse('kiosk:check')}?moved=1")


def _send(request: HttpRequest, kiosk: Kiosk, current: Journey, *, to_us: bool) -> HttpResponse:
    now = timezone.now()
    inbound = contact.read(
        current,
        channel=Channel.KIOSK,
        now=now,
        site=kiosk.site.slug,
        actor=Actor("kiosk", kiosk.pk, kiosk.name, kiosk.site.organisation_id),
        to_us=to_us,
    )
    inbound = replace(inbound, agent=assist.helper(request, kiosk))
    inbound = reading.in_visit(request.session, inbound, now=now)
    visit.keep(request, nearby.send(current, inbound, now=now).journey)
    kiosks.actions_counts.count(kiosk, "completions", now=now)
    return redirect("kiosk:sent")


@at_kiosk
def sent(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """We have it: the reference, large, and what happens next. Can be printed."""
    current = visit.current(request)
    if current is None or not current.is_sent:
        return redirect("kiosk:home")
    tracked = tracking.track(current.reference, current.secret, now=timezone.now())
    if tracked is None:
        return redirect("kiosk:home")
    return visit.page(
        request,
        kiosk,
        "kiosk/sent.html",
        journey=current,
        phone=visit.veiled_way("phone", current.phone),
        email=visit.veiled_way("email", current.email),
        is_quiet=limits.had_enough(current.told_at),
        tracked=tracked,
        owner=current.owner or tracked.owner,
        **receipt.paper(kiosk, current, tracked.reference),
    )


def _rows(asking: Asking) -> list[dict[str, Any]]:
    """What was answered, each with the way back."""
    return [
        {
            "key": row.question,
            "value": row.answer,
            "veiled": visit.veiled(row.answer, row.private),
            "href": address(asking.question(row.key)),
            "said": row.is_said,
            "key_english": row.is_data,
            "english": row.is_chosen,
        }
        for row in checking.rows(asking)
    ]
