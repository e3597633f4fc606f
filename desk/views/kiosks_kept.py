"""What kiosks kept and we could not take as an enquiry: why, once more, or ended with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core.errors import DomainError
from desk.answers import go
from desk.forms_kept import EndForm
from kiosks import actions_kept, queries_kept

PAGE = "/desk/settings/kiosks/set-aside/"
_AGAIN = "We try it again. Look here in a minute"


@never_cache
@requires(Permission.ADMINISTER)
def set_aside(request: HttpRequest) -> HttpResponse:
    """The list; by POST one of it is tried again, or ended for good."""
    who, now = viewer(request), timezone.now()
    form, named = EndForm(), ""
    if request.method == "POST":
        named = request.POST.get("entry", "")[:40]
        form = EndForm(request.POST)
        is_end = "again" not in request.POST
        if not is_end or form.is_valid():
            try:
                if is_end:
                    words = form.cleaned_data["words"]
                    actions_kept.end(named, words=words, actor=who.actor, now=now)
                else:
                    actions_kept.try_again(named, actor=who.actor, now=now)
            except DomainError as error:
                messages.warning(request, error.message)
            else:
                messages.success(request, "Nothing more is done with it" if is_end else _AGAIN)
            return go(PAGE)
    rows = [
        (row, form if str(row.entry) == named else EndForm(auto_id=f"of_{row.pk}_%s"))
        for row in queries_kept.set_aside()
    ]
    context = {
        "nav_here": "settings",
        "rows": [{"row": row, "form": asked} for row, asked in rows],
        "failed": next((asked for _row, asked in rows if asked.is_bound), None),
    }
    return render(request, "desk/kiosks/set_aside.html", context)
