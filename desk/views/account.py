"""Everybody's own account: where they are signed in, their password, their code app."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import second_factor, signing_in, visits
from accounts.actions_sign_in import TooManyTries, change_password, count_try
from accounts.decorators import requires, viewer
from accounts.middleware import user_of
from accounts.permissions import Permission
from desk.answers import go, sent
from desk.forms_sign_in import NewPasswordForm, NewSpareCodesForm, OtherPhoneForm
from desk.views.sign_in_second import picture_of, stopped, taken

if TYPE_CHECKING:
    from accounts.models import User

anybody = requires(*Permission)
PAGE = "/desk/account/"
# A key that waits for its first code.
_NEW_KEY = "new_code_app"


def _me(request: HttpRequest) -> User:
    user = user_of(request)
    if user is None:
        raise Http404
    return user


def _own(request: HttpRequest) -> User:
    """The same, for what the demonstration's shared sign-ins cannot change."""
    me = _me(request)
    if me.is_demo:
        raise Http404
    return me


@never_cache
@anybody
def account(request: HttpRequest) -> HttpResponse:
    """Where I am signed in, and with what."""
    me, now = _me(request), timezone.now()
    here, network = request.session.session_key, signing_in.network_of(request)
    return render(
        request,
        "desk/account.html",
        {
            "me": me,
            "visits": visits.of(me, here=here, network=network, now=now),
            "set_up_at": second_factor.set_up_at(me),
            "spare_codes": second_factor.spare_codes_left(me),
        },
    )


@anybody
@sent
def end(request: HttpRequest) -> HttpResponse:
    """Ends one of my other sessions. One that has ended already stays so."""
    visits.end_one(
        user=_me(request),
        mark=request.POST.get("visit", ""),
        actor=viewer(request).actor,
        now=timezone.now(),
    )
    messages.success(request, "Signed out there")
    return go(PAGE)


@anybody
@sent
def end_others(request: HttpRequest) -> HttpResponse:
    """Ends all but this one."""
    visits.end_others(
        user=_me(request),
        here=request.session.session_key,
        actor=viewer(request).actor,
        now=timezone.now(),
    )
    messages.success(request, "Signed out everywhere else")
    return go(PAGE)


@anybody
def reference_password(request: HttpRequest) -> HttpResponse:
    """Django's own page for a password would end no other session: there is one page, ours."""
    return go(f"{PAGE}password/")


@sensitive_post_parameters()
@never_cache
@anybody
def password(request: HttpRequest) -> HttpResponse:
    """A new password; all other sessions end with the old one."""
    me, now = _own(request), timezone.now()
    form = NewPasswordForm(me, request.POST or None)
    if request.method == "POST":
        try:
            count_try(email=me.email, network=signing_in.network_of(request), now=now)
        except TooManyTries as error:
            return stopped(request, error)
        if form.is_valid():
            change_password(user=me, password=form.cleaned_data["new_password1"], now=now)
            update_session_auth_hash(request, me)
            request.session.save()
            visits.end_others(
                user=me, here=request.session.session_key, actor=viewer(request).actor, now=now
            )
            messages.success(request, "Your password is changed")
            return go(PAGE)
    return render(request, "desk/account_password.html", {"form": form})


@sensitive_post_parameters()
@never_cache
@anybody
def spare_codes(request: HttpRequest) -> HttpResponse:
    """Ten new spare codes, shown once."""
    me, codes = _own(request), list[str]()
    form = NewSpareCodesForm(request.POST or None)
    try:
        if request.method == "POST" and taken(
            request,
            me,
            form,
            lambda now: second_factor.check_code(user=me, code=form.cleaned_data["code"], now=now),
        ):
            codes = second_factor.new_spare_codes(user=me, now=timezone.now())
    except TooManyTries as error:
        return stopped(request, error)
    if codes:
        return render(request, "desk/sign_in_codes.html", {"codes": codes, "onward": PAGE})
    return render(request, "desk/account_spare_codes.html", {"form": form})


@sensitive_post_parameters()
@never_cache
@anybody
def phone(request: HttpRequest) -> HttpResponse:
    """Another code app in place of the one there is, and new spare codes."""
    me, codes = _own(request), list[str]()
    sealed = str(request.session.setdefault(_NEW_KEY, second_factor.new_key()))
    form = OtherPhoneForm(request.POST or None)

    def change(now: datetime) -> None:
        data = form.cleaned_data
        codes.extend(
            second_factor.change(
                user=me, sealed=sealed, code=data["code"], old=data["old"], now=now
            )
        )

    try:
        done = request.method == "POST" and taken(request, me, form, change)
    except TooManyTries as error:
        return stopped(request, error)
    if done:
        del request.session[_NEW_KEY]
        visits.end_others(
            user=me,
            here=request.session.session_key,
            actor=viewer(request).actor,
            now=timezone.now(),
        )
        return render(request, "desk/sign_in_codes.html", {"codes": codes, "onward": PAGE})
    shown = {"picture": picture_of(sealed, me), "words": second_factor.key_in_words(sealed)}
    return render(request, "desk/account_phone.html", {"form": form, **shown})
