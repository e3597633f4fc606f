"""Words of the product: days and moments, what is left of a promise, names of states."""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, QueryDict
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from core.days import speaks_english, written
from enquiries.queries import answers
from hub import opening
from kb import markdown, tongues

register = template.Library()

_STATUS = {
    "new": ("New", "waiting"),
    "open": ("Open", "waiting"),
    "referred": ("Referred", "moving"),
    "in_progress": ("In progress", "moving"),
    "waiting": ("Waiting", "soon"),
    "resolved": ("Resolved", "kept"),
    "closed": ("Closed", "quiet"),
    "offered": ("Offered", "waiting"),
    "accepted": ("Accepted", "moving"),
    "rejected": ("Rejected", "late"),
    "returned": ("Returned", "soon"),
    "completed": ("Completed", "kept"),
    "expired": ("Expired", "late"),
    "withdrawn": ("Withdrawn", "quiet"),
    "queued": ("Queued", "waiting"),
    "sending": ("Sending", "moving"),
    "sent": ("Sent", "moving"),
    "delivered": ("Delivered", "kept"),
    "failed": ("Failed", "late"),
    "unknown": ("Unknown", "soon"),
    "pending": ("Pending", "waiting"),
    "met": ("Met", "kept"),
    "missed": ("Missed", "late"),
}
_SOON = timedelta(hours=4)


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _clock(value: datetime) -> str:
    if not speaks_english():
        return f"{value:%H:%M}"
    hour = value.hour % 12 or 12
    minutes = f":{value.minute:02}" if value.minute else ""
    if not minutes and value.hour in (0, 12):
        return "midday" if value.hour else "midnight"
    return f"{hour}{minutes}{'am' if value.hour < 12 else 'pm'}"


@register.filter
def day(value: date | datetime | None) -> str:
    """Thu 26 Nov; with the year when it is not this one."""
    if value is None:
        return ""
    local = _local(value)
    date_ = local.date() if isinstance(local, datetime) else local
    return _day(date_, timezone.localtime().year, translation.get_language() or "")


@lru_cache(maxsize=4096)
def _day(day_: date, this_year: int, _language: str) -> str:
    # A list says the same few days again and again; `written` reads the language by itself.
    year = "" if day_.year == this_year else f" {day_.year}"
    return f"{written(day_, 'D j M')}{year}"


@register.filter
def long_day(value: date | datetime | None) -> str:
    """Thursday 26 November 2026."""
    if value is None:
        return ""
    return written(_local(value), "l j E Y")


@register.filter
def plain_day(value: date | datetime | None) -> str:
    """26 November 2026: where “from” and “to” would bend the day of the week."""
    return "" if value is None else written(_local(value), "j E Y")


@register.filter
def moment(value: datetime | None) -> str:
    """Thu 26 Nov, 2:10pm."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{day(value)}, {_clock(local)}"


@register.filter
def clock(value: datetime | None) -> str:
    """2:10pm."""
    return "" if value is None else _clock(timezone.localtime(value))


@register.filter
def due_by(value: date | datetime | None) -> str:
    """Thu 26 Nov, by 5pm; a day without an hour is due by its end."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        clock_ = _clock(timezone.localtime(value))
        return gettext("%(day)s, by %(clock)s") % {"day": day(value), "clock": clock_}
    return day(value)


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        words = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
        return f"{words} {hours} h" if hours and days < 3 else words
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


@register.filter
def lasting(minutes: int | None) -> str:
    """How long something took or has gone on: 4 min, 3 h 5 min, 6 days."""
    return "" if minutes is None else _span(timedelta(minutes=minutes))


@register.filter
def left(value: datetime | None) -> str:
    """2 h 10 min left, or 3 h late."""
    if value is None:
        return ""
    span = value - timezone.now()
    if span >= timedelta():
        return gettext("%(span)s left") % {"span": _span(span)}
    return gettext("%(span)s late") % {"span": _span(-span)}


@register.filter
def ago(value: datetime | None) -> str:
    """2 h 10 min ago."""
    if value is None:
        return ""
    span = timezone.now() - value
    if span < timedelta(minutes=1):
        return gettext("just now")
    return gettext("%(span)s ago") % {"span": _span(span)}


@register.filter
def due_tone(value: datetime | None) -> str:
    """late, soon or nothing."""
    if value is None:
        return ""
    span = value - timezone.now()
    if span < timedelta():
        return "late"
    return "soon" if span <= _SOON else ""


@register.filter
def percent(value: float | None) -> str:
    """0.873 as 87.3%; nothing known as a word."""
    return "not known" if value is None else f"{value * 100:.1f}%"


@register.filter
def status_word(status: object) -> str:
    """The staff's word for a state."""
    plain = str(getattr(status, "value", status))
    return _STATUS.get(plain, (plain.replace("_", " ").capitalize(), ""))[0]


@register.filter
def status_tone(status: object) -> str:
    """The tone of a state's tag: waiting, moving, kept, soon, late or quiet."""
    return _STATUS.get(str(getattr(status, "value", status)), ("", "waiting"))[1]


@register.filter
def grouped(number: int | None) -> str:
    """12,345."""
    return "" if number is None else f"{number:,}"


@register.filter
def says_more(enquiry: Any) -> bool:
    """Whether the words of an enquiry say anything that its answers beside them do not."""
    return answers.says_more(enquiry)


@register.filter
def dialled(phone: str) -> str:
    """A telephone number as a link dials it: digits, and the plus of a country."""
    return "".join(one for one in phone if one.isdigit() or one == "+")


# 999, 111, 116 123, 0808 2000 247: telephone numbers as a text of ours writes them.
_PHONE = re.compile(
    r"(?<![\d-])(?:999|112|111|101|105|116 ?\d{3}|0\d{2,4}(?: ?\d{2,4}){1,3})(?![\d-])"
)


@register.filter
def dialable(text: str) -> SafeString:
    """A text whose telephone numbers are links that dial them."""
    words: list[str] = []
    end = 0
    for found in _PHONE.finditer(text):
        number = found[0]
        words += [
            format_html("{}", text[end : found.start()]),
            format_html(
                '<a class="govuk-link hub-nowrap" href="tel:{}">{}</a>', dialled(number), number
            ),
        ]
        end = found.end()
    return SafeString("".join([*words, format_html("{}", text[end:])]))


@register.simple_tag
def english() -> SafeString:
    """The attribute of a part that is in English whatever the page is, and is never translated.

    What data says is translated: {% tongue text %} in the tag, and {{ text|said }} within it.
    """
    return _lang("" if _is_english_page() else tongues.ENGLISH)


@register.simple_tag
def tongue(text: object, data: object = True) -> SafeString:
    """The attribute of the element that says a text of our data, which may have no translation.

    Nothing where `data` is false: then it is what somebody typed, or words of the page.
    """
    return _lang(tongues.said(text).lang if data else "")


@register.filter(name="said")
def said_(text: object) -> str:
    """A text of our data in the language of the page, else in English; see `tongue`."""
    return tongues.said(text)


@register.filter
def in_a_row(texts: Iterable[str]) -> str:
    """Several texts of our data, one after the other."""
    return tongues.joined(texts, " · ")


@register.simple_tag
def said(text: object, data: object = True) -> object:
    """The same where it may be no text of our data: then as it is."""
    return tongues.said(text) if data else text


def _is_english_page() -> bool:
    return tongues.is_english(translation.get_language() or "en")


def _lang(code: str) -> SafeString:
    return SafeString(f' lang="{code}"' if code else "")


@register.simple_tag
def languages() -> list[dict[str, str]]:
    """The languages of the pages: code, own name, and whether it is the one being read."""
    here = translation.get_language()
    return [
        {"code": code, "name": name, "here": "yes" if code == here else ""}
        for code, name in settings.LANGUAGES
    ]


def _hours() -> tongues.Said:
    """When its telephone is answered: read only where a page shows it."""
    return tongues.Said(opening.words())


@register.simple_tag
def partnership() -> dict[str, Any]:
    """Who speaks: name, telephone and e-mail of the partnership. Errors have it too."""
    return {
        "name": getattr(settings, "HUB_NAME", "Worcestershire Hub"),
        "phone": getattr(settings, "HUB_PHONE", "01632 960000"),
        "email": getattr(settings, "HUB_EMAIL", "hello@hub.demo"),
        "hours": _hours,
    }


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: object) -> str:
    """The page's own query string with some parts changed; None takes a part away."""
    request: HttpRequest | None = context.get("request")
    parts = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key, value in changes.items():
        if value in (None, ""):
            parts.pop(key, None)
        else:
            parts[key] = str(value)
    return f"?{parts.urlencode()}"


@register.filter
def prose(text: str) -> SafeString:
    """An answer written in Markdown as clean HTML; headings start at the second level."""
    return SafeString(markdown.html(text))


@register.filter
def unlinked(text: str) -> SafeString:
    """The same where a link would lead away from a device that belongs to everybody."""
    return SafeString(markdown.html(text, links=False))


@register.filter
def drafted(text: str) -> SafeString:
    """The same before it is published: its pictures come from the desk."""
    return SafeString(markdown.html(text, files="/desk/answers/files/"))


@register.filter
def as_json(data: object) -> str:
    """Plain data for a script, in an attribute: what htmx puts in place has no script elements."""
    return json.dumps(data, cls=DjangoJSONEncoder)
