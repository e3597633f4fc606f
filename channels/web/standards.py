"""What a service promises, and how long it really took, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from kb.models import Service
    from metrics.queries import Took


def promise(service: Service) -> str:
    """The standard promised: by when, and what will have happened then."""
    days = service.promise_wd
    if not days:
        return _("We say how long it takes when you ask")
    within = ngettext("within %(days)d working day", "within %(days)d working days", days) % {
        "days": days
    }
    if service.resolution_class == "INFORM":
        return _("Answered %(within)s") % {"within": within}
    if service.resolution_class == "STAGED":
        return _("First step done %(within)s") % {"within": within}
    return _("Done %(within)s") % {"within": within}


def lately(took: Took | None) -> str:
    """How long it took for half of those who asked; nothing where too few did."""
    if took is None:
        return ""
    if took.days < 1:
        return _("Half were done on the same day")
    return ngettext(
        "Half were done within %(days)d day", "Half were done within %(days)d days", took.days
    ) % {"days": took.days}
