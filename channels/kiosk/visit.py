"""One person's visit: begun by a touch, forgotten at the end or after silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.utils import timezone, translation

from channels.asking import journey, questions
from channels.asking.journey import Journey
from channels.kiosk import modes
from customers.contact import shown

if TYPE_CHECKING:
    from channels.asking.questions import Asking
    from kiosks.models import Kiosk

_ID = "kiosk_journey"
_BEGAN = "kiosk_began"
# What the device's own pages go on from when the line goes in the midst of a visit.
_HANDED_OVER = (
    "id", "revision", "service", "form_id", "done", "passed", "answers", "postcode", "address",
    "nowhere", "description", "tell_by", "name", "email", "phone", "reference",
    "service_name",
)  # fmt: skip
# Who of the staff helps in this visit: their code, their first name, and when they typed it.
ASSIST = "kiosk_assist"
# The language of this visit, where it is not English; the next person begins anew.
LANGUAGE = "language"
# Seconds without a touch: first a question, then everything is forgotten. The 20 between are what
# WCAG 2.2.1 gives a person to answer; who needs longer has a minute. Pages that ask for typing wait
# longer where no script can see the typing.
WARN_AFTER, FORGET_AFTER, FORGET_AFTER_TYPING = 40, 60, 240
SLOW_WARN_AFTER, SLOW_FORGET_AFTER = 120, 180


def begin(request: HttpRequest, language: str = "") -> Journey:
    """A fresh visit: nothing of the person before is left in the session."""
    request.session.flush()
    # Gone with the browser, if that is what ends first.
    request.session.set_expiry(0)
    rotate_token(request)
    if language:
        request.session[LANGUAGE] = language
    request.session[_BEGAN] = int(timezone.now().timestamp() * 1000)
    started = journey.begin()
    keep(request, started)
    return started


def keep(request: HttpRequest, current: Journey) -> None:
    """Remembers the answers so far."""
    journey.save(request.session, current)
    request.session[_ID] = current.id


def current(request: HttpRequest) -> Journey | None:
    """The visit that is on; None after it was forgotten."""
    return journey.load(request.session, str(request.session.get(_ID, "")))


def forget(request: HttpRequest) -> None:
    """Ends the visit: the session's row is deleted, not only its cookie."""
    request.session.flush()


def held(request: HttpRequest, current: Journey | None) -> dict[str, object] | None:
    """What a page of a visit says to the device's worker, should the next page not come."""
    if current is None:
        return None
    return {
        **{name: getattr(current, name) for name in _HANDED_OVER},
        "language": translation.get_language(),
        "easier": modes.chosen(request.session),
        "began": request.session.get(_BEGAN),
        "assist": (request.session.get(ASSIST) or {}).get("code", ""),
    }


def page(
    request: HttpRequest,
    kiosk: Kiosk,
    template: str,
    *,
    typing: bool = False,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    """A page of a visit, with what the layout needs."""
    shown = context.get("journey")
    on = shown if isinstance(shown, Journey) else current(request)
    for form in context.values():
        if isinstance(form, BaseForm):
            _kept_to_itself(form)
    slow = modes.is_slower(request.session)
    unseen = FORGET_AFTER_TYPING if typing else FORGET_AFTER
    return render(
        request,
        template,
        {
            "held": held(request, on),
            "site_name": kiosk.site.name,
            "helper": (request.session.get(ASSIST) or {}).get("name", ""),
            "warn_after": WARN_AFTER,
            "forget_after": FORGET_AFTER,
            "slow_warn_after": SLOW_WARN_AFTER,
            "slow_forget_after": SLOW_FORGET_AFTER,
            "forget_after_unseen": max(unseen, SLOW_FORGET_AFTER) if slow else unseen,
            **modes.context(request.session, kiosk.screen_mm),
            **context,
        },
        status=status,
    )


def _kept_to_itself(form: BaseForm) -> None:
    """No browser learns here what people type, sends it to be spelt, or offers it to the next."""
    for field in form.fields.values():
        widget = field.widget
        for one in [widget, *getattr(widget, "widgets", ())]:
            one.attrs |= {"autocomplete": "off", "spellcheck": "false"}


def is_first(asking: Asking) -> bool:
    """Whether nothing was asked yet: what cannot be done here is said before anybody begins."""
    return asking.journey.done == (questions.ABOUT,)


def veiled(answer: str, private: str) -> str:
    """An answer with J•• for what says who somebody is; nothing where it does not."""
    if not private:
        return ""
    hidden = " ".join(f"{word[0]}••" for word in private.split())
    return answer.replace(private, hidden)


def veiled_way(kind: str, address: str) -> str:
    """A number or an e-mail address on a screen that whoever stands behind reads, too."""
    said = shown(address) if kind == "phone" and address else address
    return veiled(said, said)
