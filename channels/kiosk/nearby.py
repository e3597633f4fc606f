"""What is known already, at the kiosk: one touch says that it is this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from channels.asking import nearby as known
from channels.asking import questions
from channels.asking.journey import Journey
from channels.asking.questions import Asking
from channels.kiosk import asking, visit
from channels.kiosk.devices import at_kiosk

if TYPE_CHECKING:
    from kiosks.models import Kiosk


@at_kiosk
def nearby(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Is it one of these? What is theirs is then sent as any report, and ends in that one."""
    current = visit.current(request)
    if current is None:
        return redirect("kiosk:home")
    if current.is_sent:
        return redirect("kiosk:sent")
    begun = questions.of(current, files=False)
    if questions.ABOUT not in current.done or not begun.is_person_next:
        return asking.onward(current, begun)
    refusals = []
    if request.method == "POST":
        if "go_on" in request.POST:
            return _on(request, kiosk, begun, known.passed(current))
        picked = known.chosen(
            current,
            report=request.POST.get("this", ""),
            notice=request.POST.get("notice", ""),
        )
        if picked is not None:
            return _on(request, kiosk, begun, picked)
        refusals = [{"text": _("Choose one of these, or go on: yours is something else")}]
    screen = known.screen(current, now=timezone.now())
    if not screen:
        return asking.onward(current, begun)
    return visit.page(
        request,
        kiosk,
        "kiosk/nearby.html",
        journey=current,
        screen=screen,
        refusals=refusals,
        back=asking.address(begun.question(begun.before(begun.key_of(questions.YOU)))),
    )


def _on(request: HttpRequest, kiosk: Kiosk, begun: Asking, said: Journey) -> HttpResponse:
    """Keeps what somebody says here as any answer is kept; what was done elsewhere stays."""
    last = begun.before(begun.key_of(questions.YOU))
    return asking.kept(request, kiosk, questions.of(said, begun.service, files=False), at=last)
