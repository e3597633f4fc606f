"""The second step at the door: a code from the phone, a spare code, or setting up the code app.

Whoever stands here is half-way in, and sees nothing but these pages.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING

import segno
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import second_factor, signing_in
from accounts.actions_sign_in import TooManyTries, code_refused, code_taken, count_code
from accounts.queries import viewer_for_user
from accounts.second_factor import CodeNotRight
from accounts.signing_in import HalfWay
from desk.answers import go, refuse
from desk.forms_sign_in import CodeForm, SpareCodeForm
from desk.views.sign_in import start_of

if TYPE_CHECKING:
    from accounts.models import User

Step = Callable[[HttpRequest, HalfWay], HttpResponse]


def picture_of(sealed: str, user: User) -> str:
    """The square for a code app, as the address of a picture."""
    address = second_factor.address_of(sealed, user)
    return segno.make(address, error="m").svg_data_uri(scale=5, light="#fff")


def taken(request: HttpRequest, user: User, form: Form, take: Callable[[datetime], object]) -> bool:
    """Counts a try, then makes it. False, with the reason on the form, when the code is not right.

    Raises TooManyTries.
    """
    if not form.is_valid():
        return False
    now = timezone.now()
    count_code(user=user, network=signing_in.network_of(request), now=now)
    try:
        take(now)
    except CodeNotRight as error:
        code_refused(user=user, now=now)
        refuse(form, CodeNotRight(error.message, field=error.field or "code"))
        return False
    code_taken(user=user)
    return True


def stopped(request: HttpRequest, error: TooManyTries) -> HttpResponse:
    """Too many wrong codes: what to do, and nothing to try."""
    return render(request, "desk/sign_in_stopped.html", {"refused": error.message}, status=429)


def half_way_only(step: Step) -> Callable[[HttpRequest], HttpResponse]:
    """Opens a step to who is half-way in; everybody else starts at the door."""

    @sensitive_post_parameters("code")
    @never_cache
    @wraps(step)
    def guarded(request: HttpRequest) -> HttpResponse:
        half = signing_in.half_way_of(request)
        if half is None:
            return go("/sign-in/", late="" if request.user.is_authenticated else "1")
        try:
            return step(request, half)
        except TooManyTries as error:
            return stopped(request, error)

    return guarded


@half_way_only
def code(request: HttpRequest, half: HalfWay) -> HttpResponse:
    """Six digits from the code app."""
    if half.key:
        return go("/sign-in/set-up/")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and taken(
        request,
        half.user,
        form,
        lambda now: second_factor.check_code(
            user=half.user, code=form.cleaned_data["code"], now=now
        ),
    ):
        return _in(request, half, "app")
    return render(request, "desk/sign_in_code.html", {"form": form})


@half_way_only
def spare(request: HttpRequest, half: HalfWay) -> HttpResponse:
    """A spare code, on a day without the phone."""
    if half.key:
        return go("/sign-in/set-up/")
    form = SpareCodeForm(request.POST or None)
    if request.method == "POST" and taken(
        request,
        half.user,
        form,
        lambda now: second_factor.check_spare_code(
            user=half.user, code=form.cleaned_data["code"], now=now
        ),
    ):
        return _in(request, half, "spare")
    return render(request, "desk/sign_in_spare.html", {"form": form})


@half_way_only
def set_up(request: HttpRequest, half: HalfWay) -> HttpResponse:
    """Connects a code app at the first sign-in; then shows the spare codes, once."""
    if not half.key:
        return go("/sign-in/code/")
    form, codes = CodeForm(request.POST or None), list[str]()
    if request.method == "POST" and taken(
        request,
        half.user,
        form,
        lambda now: codes.extend(
            second_factor.set_up(
                user=half.user, sealed=half.key, code=form.cleaned_data["code"], now=now
            )
        ),
    ):
        onward = _in(request, half, "app")["Location"]
        return render(request, "desk/sign_in_codes.html", {"codes": codes, "onward": onward})
    return render(
        request,
        "desk/sign_in_set_up.html",
        {
            "form": form,
            "picture": picture_of(half.key, half.user),
            "words": second_factor.key_in_words(half.key),
            "email": half.user.email,
        },
    )


def _in(request: HttpRequest, half: HalfWay, factor: str) -> HttpResponse:
    signing_in.let_in(request, user=half.user, factor=factor, now=timezone.now())
    return go(half.wanted or start_of(viewer_for_user(half.user)))
