"""What happens next, as a sentence for the citizen."""

from __future__ import annotations

from django.utils.translation import gettext

from core.days import written
from enquiries.channels import Channel
from enquiries.models import Enquiry
from kb import dangers, tongues


def next_words(enquiry: Enquiry) -> str:
    """Who deals with it, and by when where that was promised."""
    who = enquiry.owner.name if enquiry.owner else gettext("Our team")
    if enquiry.promised_on:
        day = written(enquiry.promised_on, "l j E")
        return gettext("%(who)s will deal with it by %(day)s.") % {"who": who, "day": day}
    return gettext("%(who)s will look at it and tell you what happens next.") % {"who": who}


def warned(enquiry: Enquiry) -> str:
    """The same after what to do now, where somebody wrote of danger in an e-mail: the other doors
    say that before anything is sent."""
    words = next_words(enquiry)
    if enquiry.first_contact.channel != Channel.EMAIL.value:
        return words
    danger = dangers.said_in(enquiry.description)
    return f"{tongues.said(danger.say)} {words}" if danger else words
