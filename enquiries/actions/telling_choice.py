"""What a citizen chose to hear of their enquiry, and how: for who proved that it is theirs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.audit import CITIZEN, Actor
from core.errors import DomainError
from enquiries import events
from enquiries.actions.telling import EVERY_STEP, THE_END
from enquiries.models import Enquiry

WAYS = ("email", "sms")


class NotAChoice(DomainError):
    """What was chosen is none of what there is."""

    code = "telling_not_a_choice"


def checked(how_much: str) -> str:
    """`every` or `end`. Raises NotAChoice."""
    if how_much not in (EVERY_STEP, THE_END):
        raise NotAChoice(_("Choose how much we tell you"))
    return how_much


@transaction.atomic
def choose_telling(
    *,
    reference: str,
    how_much: str = "",
    tell_by: str = "",
    actor: Actor = CITIZEN,
    now: datetime,
) -> bool:
    """Sets how much its citizen hears (`every`, `end`) and by what (`email`, `sms`); empty: as is.

    For code that has settled that it is theirs. A way that they left no address for changes
    nothing: they are told by the one they have. Whether anything changed. Raises NotAChoice.
    """
    if how_much:
        checked(how_much)
    if tell_by and tell_by not in WAYS:
        raise NotAChoice(_("Choose email or text message"))
    found = Enquiry.objects.filter(reference=reference).values_list("pk", flat=True).first()
    if found is None:
        return False
    enquiry = events.locked(found)
    chosen = {"tell_how_much": how_much, "tell_by": tell_by}
    changed = {
        name: value for name, value in chosen.items() if value and getattr(enquiry, name) != value
    }
    if not changed:
        return False
    for name, value in changed.items():
        setattr(enquiry, name, value)
    enquiry.save(update_fields=list(changed))
    audit.record(
        "enquiry.telling_chosen",
        actor=actor,
        target=f"enquiry:{reference}",
        at=now,
        data=dict(changed),
    )
    return True
