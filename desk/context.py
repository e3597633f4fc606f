"""What every page of the desk knows of who is looking."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.middleware import viewer_of
from accounts.permissions import Permission, Viewer
from desk import reminding
from desk.views.kiosk_help import line

# No code from attributes, no style of its own, no page kept in the browser's storage (a person's
# details would stay behind), no address but ours, an answer of ours to a form that was refused.
_HTMX = json.dumps(
    {
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "selfRequestsOnly": True,
        "timeout": 15_000,
        "defaultSwapStyle": "outerHTML",
        # What has come is bound at once: a key pressed straight after it must find htmx there.
        "defaultSettleDelay": 0,
        # Without "style": the policy of our pages refuses what htmx would write there.
        "attributesToSettle": ["class", "width", "height"],
    }
)


def _navigation(request: HttpRequest) -> dict[str, object]:
    viewer = viewer_of(request)
    if viewer is None:
        return {}
    return {
        "queue": viewer.may(Permission.SEE_QUEUE),
        "contact": viewer.may(Permission.HANDLE_CONTACTS),
        "referrals": viewer.may(Permission.ANSWER_REFERRALS),
        "people": viewer.may(Permission.SEE_PEOPLE),
        "team": viewer.is_hub and viewer.may(Permission.LEAD_TEAM),
        "performance": viewer.may(Permission.SEE_PERFORMANCE),
        "notices": viewer.may(Permission.READ_ANSWERS),
        "answers": viewer.may(Permission.READ_ANSWERS),
        "edits": viewer.may(Permission.EDIT_ANSWERS),
        "forms": _forms(viewer),
        "settings": viewer.may(Permission.ADMINISTER),
        "rules": viewer.may(Permission.WRITE_RULES) and not viewer.may(Permission.ADMINISTER),
        "messages": _messages(viewer),
        "post_box": settings.HUB_DEMO,
        "name": viewer.name,
        # Who is of the hub reads its name at the top of each page already.
        "organisation": "" if viewer.is_hub else viewer.organisation_name,
        "site": viewer.site_name,
        "idle_minutes": settings.STAFF_IDLE_MINUTES,
    }


def _forms(viewer: Viewer) -> str:
    """Where this viewer changes forms, beside the settings; nowhere for most."""
    if viewer.may(Permission.ADMINISTER) or not viewer.may(Permission.EDIT_ANSWERS):
        return ""
    return "/desk/settings/forms/" if viewer.may(Permission.EDIT_FORMS) else "/desk/forms/"


def _messages(viewer: Viewer) -> str:
    """Where this viewer writes messages or prints letters, beside the settings."""
    if viewer.may(Permission.ADMINISTER) or not viewer.may(Permission.WRITE_MESSAGES):
        return ""
    part = "letters" if viewer.is_hub else "words"
    return f"/desk/settings/messages/{part}/"


def _help(request: HttpRequest) -> dict[str, object]:
    viewer = viewer_of(request)
    return (line(viewer) if viewer is not None else None) or {}


def navigation(request: HttpRequest) -> dict[str, object]:
    """Where this viewer may go. Looked up by the pages that show it, by no other."""
    return {
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "help": SimpleLazyObject(lambda: _help(request)),
        "waits": SimpleLazyObject(lambda: reminding.waits(request)),
        "htmx_settings": _HTMX,
    }
