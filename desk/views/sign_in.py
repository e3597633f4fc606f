"""The door for staff: address, password, and where each of them starts the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import second_factor, signing_in
from accounts.actions_sign_in import TooManyTries, count_try
from accounts.middleware import viewer_of
from accounts.permissions import Permission, Viewer
from accounts.queries import viewer_for_user
from teamwork import actions_drafts

if TYPE_CHECKING:
    from accounts.models import User

STARTS = (
    (Permission.HANDLE_CONTACTS, "/desk/"),
    (Permission.ANSWER_REFERRALS, "/desk/referrals/"),
    (Permission.SEE_PERFORMANCE, "/desk/performance/"),
    (Permission.READ_ANSWERS, "/desk/answers/"),
)


def start_of(viewer: Viewer | None) -> str:
    """The page on which this viewer's work waits. Reference data, where there is no viewer."""
    if viewer is None:
        return "/desk/settings/reference/"
    return next((page for permission, page in STARTS if viewer.may(permission)), "/desk/")


class SignInForm(AuthenticationForm):
    """Django's own check of address and password, in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages = {
            "invalid_login": "That email address and password do not fit together. Check both",
            "inactive": "This account has been closed. Ask your administrator",
        }
        email, password = self.fields["username"], self.fields["password"]
        email.label, email.error_messages = (
            "Email address",
            {"required": "Enter your email address"},
        )
        email.widget = forms.EmailInput(
            attrs={"autocomplete": "username", "spellcheck": "false", "maxlength": 254}
        )
        password.error_messages = {"required": "Enter your password"}

    def clean_username(self) -> str:
        """Addresses have no capitals here, however they are typed."""
        return str(self.cleaned_data["username"]).strip().lower()

    def confirm_login_allowed(self, user: User) -> None:
        """Lets in who works for somebody today, and whoever set this partnership up."""
        super().confirm_login_allowed(user)
        if user.is_demo and not settings.HUB_DEMO:
            raise forms.ValidationError("This account belongs to the demonstration")
        if viewer_for_user(user) is None and not user.is_superuser:
            raise forms.ValidationError(
                "Your password is right, but you have no role today. Ask your administrator"
            )


class SignIn(LoginView):
    """Signs staff in, or half-way. Every try is counted before a password is looked at."""

    http_method_names = ["get", "head", "post"]
    template_name = "desk/sign_in.html"
    authentication_form = SignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; who is signed in already goes on."""
        if viewer_of(request) is not None:
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A try."""
        email, network = request.POST.get("username", ""), signing_in.network_of(request)
        try:
            count_try(email=email, network=network, now=timezone.now())
        except TooManyTries as error:
            # Unbound, so that not even the shape of what was typed is looked at.
            context = self.get_context_data(form=SignInForm(), refused=error.message)
            return self.render_to_response(context, status=429)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password is right. The demonstration asks for no more; everybody else is half-way."""
        user, wanted = form.get_user(), self.get_redirect_url()
        if second_factor.asked_of(user):
            has = second_factor.is_set_up(user)
            signing_in.half_way(self.request, user=user, wanted=wanted)
            return HttpResponseRedirect("/sign-in/code/" if has else "/sign-in/set-up/")
        signing_in.let_in(self.request, user=user, factor="demo", now=timezone.now())
        return HttpResponseRedirect(wanted or start_of(viewer_for_user(user)))

    def get_default_redirect_url(self) -> str:
        """Where this person's work waits."""
        user = self.request.user
        return start_of(viewer_for_user(user) if user.is_authenticated else None)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the visit. What they were writing is not left behind."""
    if request.user.pk is not None:
        actions_drafts.forget_all(staff_id=request.user.pk)
    logout(request)
    return HttpResponseRedirect("/sign-in/")


def reference_door(request: HttpRequest) -> HttpResponse:
    """Django's admin asks here: it has the same door as all of the desk."""
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(request.GET.get("next", "/desk/settings/reference/"), "/sign-in/")
