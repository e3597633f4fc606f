"""Reference data that change rarely are edited in Django's own admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts import second_factor, visits
from accounts.models import Area, Membership, Organisation, Site, Team, User
from accounts.queries import edits_reference, viewer_for_user
from core import audit
from core.administering import Audited, actor_of


class MembershipForms(forms.BaseInlineFormSet[Membership, User, forms.ModelForm[Membership]]):
    """Named by us: a foreign key without a way back has no name that the page's script can use."""

    @classmethod
    def get_default_prefix(cls) -> str:
        return "memberships"


class MembershipInline(admin.StackedInline[Membership, User]):
    """What a person may do, where, from when until when."""

    model = Membership
    formset = MembershipForms
    extra = 0


class NewUserForm(AdminUserCreationForm[User]):
    """Somebody new: the address to sign in with, the name and a first password."""

    class Meta:
        model = User
        fields = ("email", "full_name")


@admin.register(User)
class UserAdmin(Audited[User], DjangoUserAdmin[User]):
    """People by e-mail address. Passwords are set, never shown; every change is in the audit."""

    add_form = NewUserForm
    add_fieldsets = (
        (None, {"fields": ("email", "full_name", "usable_password", "password1", "password2")}),
    )
    fieldsets = (
        (None, {"fields": ("email", "full_name", "password")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    list_display = ("email", "full_name", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("email", "full_name")
    ordering = ("email",)
    filter_horizontal = ()
    inlines = (MembershipInline,)
    actions = ("sign_out_everywhere", "reset_code_app")

    @admin.action(description="Sign out everywhere")
    def sign_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Ends every session of the chosen people at once."""
        for user in queryset:
            visits.end_all(user=user, actor=actor_of(request), now=timezone.now())
        self.message_user(request, "Signed out everywhere. They may sign in again")

    @admin.action(description="Reset the code app (phone lost)")
    def reset_code_app(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For who has lost their phone: they set up another at their next sign-in."""
        for user in queryset:
            actor, now = actor_of(request), timezone.now()
            second_factor.take_away(user=user, actor=actor, now=now)
            visits.end_all(user=user, actor=actor, now=now)
        self.message_user(
            request,
            "The code app is reset. Give a new password too if somebody else may know the old one",
        )

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool
    ) -> None:
        obj.email = obj.email.strip().lower()
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            visits.end_all(user=obj, actor=actor_of(request), now=timezone.now())

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002  # Django's name
        form_url: str = "",
    ) -> HttpResponse:
        """A new password given by hand: whoever is signed in with the old one is out."""
        with transaction.atomic():
            answer = super().user_change_password(request, id, form_url)
            user = self.get_object(request, id)
            if request.method == "POST" and answer.status_code == 302 and user is not None:
                visits.end_all(user=user, actor=actor_of(request), now=timezone.now())
        return answer

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.has_changed():
            if viewer_for_user(form.instance) is None:
                visits.end_all(user=form.instance, actor=actor_of(request), now=timezone.now())
            audit.record(
                "membership.changed",
                actor=actor_of(request),
                target=f"user:{form.instance.pk}",
                at=timezone.now(),
                data={
                    "now": [
                        [row.organisation.slug, row.role, str(row.until_on or "")]
                        for row in Membership.objects.filter(user=form.instance).select_related(
                            "organisation"
                        )
                    ]
                },
            )


# What staff may do is said by memberships; Django's own groups would say nothing here.
admin.site.unregister(Group)
for model in (Area, Membership, Site):
    admin.site.register(model, Audited)


class WithCalendar(Audited[Any]):
    """Working hours are changed at /desk/settings/calendars/, where they are read and checked."""

    exclude = ("calendar",)


admin.site.register((Organisation, Team), WithCalendar)


def _edits(request: HttpRequest) -> bool:
    user = request.user
    return isinstance(user, User) and edits_reference(user)


def _nothing(request: HttpRequest) -> HttpResponse:
    raise Http404


# No field here is filled by typing ahead, and an address that nobody needs is not there.
admin.site.autocomplete_view = _nothing  # type: ignore[method-assign]
# Django would ask for a tick at the person, which stays when the role has ended.
admin.site.has_permission = _edits  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Reference data"
admin.site.index_title = "What changes rarely"
admin.site.site_url = "/desk/settings/"
