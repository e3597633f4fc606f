"""What we tell citizens and partners, once each: the keys make it so (D3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import structlog
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

import customers.queries
import notifications.actions
import notifications.queries
from core import limits
from core.days import speaks_english, written
from enquiries.actions import subscribers, telling_ways
from enquiries.actions.said_next import next_words, warned
from enquiries.inbound import UNCONFIRMED
from enquiries.lifecycle import CLOCK_WORDS, OUTCOME_WORDS, ClockKind, Outcome
from enquiries.models import Clock, Enquiry, Referral
from enquiries.queries import links, surveys
from enquiries.queries.tracking import track_url
from enquiries.queries.ways import way_of
from kb import tongues

# History that is loaded with its own dates tells nobody today what happened then.
OLD_NEWS = timedelta(days=1)
# A fact of a message, or how to say it: then in the language of who reads it.
Said = str | Callable[[], str]
# What those hear, too, who chose to hear the end alone: that we have it, that we need something of
# them, what we write to them, how it ends and where it goes on; and their link when they want it.
AT_THE_END = frozenset(
    "received asked replied resolved merged linked parted link files_left_out".split()  # noqa: SIM905
)
EVERY_STEP, THE_END = "every", "end"
# How somebody's own report ends is nobody else's news.
_OWN_ENDS = frozenset({Outcome.WITHDRAWN.value, Outcome.DUPLICATE.value})
log = structlog.get_logger(__name__)


def _is_history(now: datetime) -> bool:
    return timezone.now() - now > OLD_NEWS


def day_words(day: date | None) -> str:
    """A date as citizens read it: "Thursday 26 November"."""
    return written(day, "l j E") if day else ""


def moment_words(moment: datetime) -> str:
    """A moment as people read it: "Thursday 26 November, 5pm"."""
    local = timezone.localtime(moment)
    if not speaks_english():
        return f"{day_words(local.date())}, {local:%H:%M}"
    clock = date_format(local, "g:i").removesuffix(":00")
    return f"{day_words(local.date())}, {clock}{'am' if local.hour < 12 else 'pm'}"


def desk_url(enquiry: Enquiry) -> str:
    """The page of an enquiry on the desk."""
    return f"{settings.HUB_BASE_URL}/desk/cases/{enquiry.reference}/"


def context_of(enquiry: Enquiry) -> dict[str, str]:
    """What every message about an enquiry may say."""
    return {
        "reference": enquiry.reference,
        "service": _named(enquiry),
        "owner": enquiry.owner.name if enquiry.owner else "Worcestershire Hub",
        "promised": day_words(enquiry.promised_on),
        "expected": day_words(enquiry.expected_on),
        "track_url": track_url(enquiry),
    }


def _named(enquiry: Enquiry) -> str:
    """What an enquiry is about, in the language that is spoken."""
    return str(tongues.said(enquiry.service.name)) if enquiry.service else ""


def how_much(enquiry: Enquiry) -> str:
    """How much its citizen wants to hear of it: as they chose for it, else for all of theirs."""
    of_person = enquiry.person.tell_how_much if enquiry.person else ""
    return enquiry.tell_how_much or of_person or EVERY_STEP


def others_told(enquiry: Enquiry, event: str, *, key: str, now: datetime, **more: Said) -> None:
    """The same step to those whom the citizen lets us keep told, without a name or their words."""
    with translation.override(enquiry.language):
        news = subscribers.news(enquiry, event, more)
        if news:
            subscribers.tell(enquiry, news, key=key, now=now)


def citizen(
    enquiry: Enquiry, event: str, *, key: str, now: datetime, by: Said = "", **more: Said
) -> bool:
    """Tells the citizen by the way and in the language they chose, if they left a way.

    The same key twice is one. False: nobody is told. `by` is the way that staff chose instead.
    Raises telling_ways.NoSuchWay where it is none.
    """
    if _is_history(now):
        return False
    others_told(enquiry, event, key=key, now=now, **more)
    if event not in AT_THE_END and event != "followed" and how_much(enquiry) == THE_END:
        return False
    with translation.override(enquiry.language):
        said = {name: one if isinstance(one, str) else one() for name, one in more.items()}
        context = {**context_of(enquiry), **said}
    return telling_ways.first(enquiry, event, context, key=key, now=now, by=str(by))


def received(enquiry: Enquiry, *, now: datetime) -> None:
    """ "We have it": sent once triage knows who deals with it.

    Not where its door said that the address has had enough of these today (inbound.UNCONFIRMED);
    what comes of it is said all the same.
    """
    if UNCONFIRMED in enquiry.first_contact.signals:
        return
    key = f"received:{enquiry.pk}"
    citizen(enquiry, "received", key=key, now=now, next=lambda: warned(enquiry))


def is_too_often(enquiry: Enquiry, door: str, *, now: datetime) -> bool:
    """Counts a message that somebody asks for, and says whether its address has had enough."""
    way = way_of(enquiry)
    if way is None or limits.allow(door=door, who={"to": way.to}, now=now):
        return False
    log.warning("telling.too_often", reference=enquiry.reference, door=door)
    return True


def accepted(enquiry: Enquiry, referral: Referral, *, now: datetime) -> None:
    """ "They are on it"."""
    citizen(enquiry, "accepted", key=f"accepted:{referral.pk}", now=now)


def asked(enquiry: Enquiry, question: str, *, sequence: int, now: datetime, by: str = "") -> None:
    """ "We need to know something more"."""
    key = f"asked:{enquiry.pk}:{sequence}"
    citizen(enquiry, "asked", key=key, now=now, by=by, question=question)


def replied(enquiry: Enquiry, words: str, *, sequence: int, now: datetime, by: str = "") -> None:
    """Words from staff to the citizen that end nothing."""
    key = f"replied:{enquiry.pk}:{sequence}"
    citizen(enquiry, "replied", key=key, now=now, by=by, words=words)
    replied_to_others(enquiry, words, sequence=sequence, now=now)


def replied_to_others(enquiry: Enquiry, words: str, *, sequence: int, now: datetime) -> None:
    """The same to those who reported it, too."""
    followers(enquiry, _news_of_words, words, key=f"replied:{sequence}", now=now)


def _news_of_words() -> str:
    return gettext("There is news.")


def resolved(enquiry: Enquiry, *, now: datetime) -> None:
    """ "It is done", or why not. Told again only after a reopening."""
    citizen(
        enquiry,
        "resolved",
        key=f"resolved:{enquiry.pk}:{enquiry.reopened_count}",
        now=now,
        words=enquiry.public_words,
        outcome_words=lambda: _outcome_words(enquiry),
        survey_url=surveys.link(enquiry),
        cancelled="yes" if enquiry.outcome == Outcome.WITHDRAWN.value else "",
    )
    if enquiry.outcome not in _OWN_ENDS:
        key = f"resolved:{enquiry.reopened_count}"
        words = enquiry.public_words
        followers(enquiry, lambda: _how_it_ended(enquiry), words, key=key, now=now, ends=True)


def _outcome_words(enquiry: Enquiry) -> str:
    return gettext(OUTCOME_WORDS[Outcome(enquiry.outcome)])


def _how_it_ended(enquiry: Enquiry) -> str:
    return gettext("It has ended: %(how)s.") % {"how": _outcome_words(enquiry).lower()}


def reopened(enquiry: Enquiry, *, now: datetime) -> None:
    """ "It goes on", to those who only reported it, too: who opened it again knows.

    Who has not heard yet that it had ended (a text of the night) hears neither.
    """
    notifications.actions.take_back(about=enquiry.reference, events=["resolved"], now=now)
    others_told(enquiry, "reopened", key=f"reopened:{enquiry.reopened_count}", now=now)
    followers(
        enquiry,
        lambda: gettext("It was not done after all, so it was opened again."),
        "",
        key=f"reopened:{enquiry.reopened_count}",
        now=now,
        ends=True,
        instead_of=f"resolved:{enquiry.reopened_count - 1}",
    )


def answered(enquiry: Enquiry, *, now: datetime) -> None:
    """They answered: what we asked is not asked again in the morning."""
    notifications.actions.take_back(about=enquiry.reference, events=["asked"], now=now)


def merged(report: Enquiry, target: Enquiry, *, now: datetime) -> None:
    """ "We have it already": once, when two reports of one person became one."""
    _joined(report, target, "merged", now=now, other=target.reference)


def linked(report: Enquiry, target: Enquiry, *, now: datetime) -> None:
    """ "Somebody told us already": nothing of who that was."""
    _joined(report, target, "linked", now=now)


def _joined(report: Enquiry, target: Enquiry, event: str, *, now: datetime, **more: str) -> None:
    context: dict[str, Said] = {**_of_target(target), **more}
    context["service"] = lambda: _named(target)
    context["promised"] = lambda: day_words(target.promised_on)
    citizen(report, event, key=f"{event}:{report.pk}:{report.version}", now=now, **context)


def parted(enquiry: Enquiry, *, now: datetime) -> None:
    """ "It is another thing after all": it goes on by itself."""
    key = f"parted:{enquiry.pk}:{enquiry.version}"
    citizen(enquiry, "parted", key=key, now=now, next=lambda: next_words(enquiry))


def _of_target(target: Enquiry) -> dict[str, str]:
    return {
        "service": _named(target),
        "owner": target.owner.name if target.owner else "Worcestershire Hub",
    }


def followers(
    target: Enquiry,
    news: Said,
    words: str,
    *,
    key: str,
    now: datetime,
    ends: bool = False,
    instead_of: str = "",
) -> None:
    """News for those who reported the same thing: each with their own reference and link.

    Words that name somebody were written to that person alone, and are left out. `ends`: also for
    those who want to hear the end alone. `instead_of` is news that is no longer so: whoever has
    not heard it hears nothing of either.
    """
    if _is_history(now):
        return
    following = links.followers(target)
    if following and target.person_id and customers.queries.is_named(target.person_id, words):
        words = ""
    # What staff write is for who told them. Who joined by a press hears that there is news.
    strangers = links.by_citizens([one.pk for one in following]) if words and following else set()
    for one in following:
        if not ends and how_much(one) == THE_END:
            continue
        stale = f"followed:{target.pk}:{instead_of}:{one.pk}"
        if instead_of and notifications.actions.take_back_one(key=stale, now=now):
            continue
        more = {**_of_target(target), "news": news, "words": "" if one.pk in strangers else words}
        citizen(one, "followed", key=f"followed:{target.pk}:{key}:{one.pk}", now=now, **more)


def referral_url(referral: Referral) -> str:
    """The page on which a partner answers what was sent to it."""
    return f"{settings.HUB_BASE_URL}/desk/referrals/{referral.public_id}/"


def _staff(
    enquiry: Enquiry,
    event: str,
    to: str,
    *,
    key: str,
    due: str,
    url: str,
    now: datetime,
    **more: str,
) -> None:
    if not to or _is_history(now):
        return
    notifications.actions.send(
        key=key,
        event=event,
        medium="email",
        to=to,
        context={**context_of(enquiry), "due": due, "desk_url": url, **more},
        about=enquiry.reference,
        now=now,
    )


def offered(enquiry: Enquiry, referral: Referral, *, now: datetime) -> None:
    """Tells the partner's team that there is work for it."""
    to = (referral.team.email if referral.team else "") or referral.organisation.email
    due = referral.accept_due_at
    words = moment_words(due) if due else ""
    key, url = f"offered:{referral.pk}", referral_url(referral)
    _staff(enquiry, "offered", to, key=key, due=words, url=url, now=now)


def overdue(enquiry: Enquiry, clock: Clock, to: str, *, url: str, now: datetime) -> None:
    """Tells a team, at the page where it can act, that a clock has run out."""
    key = f"overdue:{clock.pk}:{enquiry.reopened_count}:{to}"[:120]
    _of_clock(enquiry, clock, "overdue", to, key=key, url=url, now=now)


def due_soon(enquiry: Enquiry, clock: Clock, to: str, *, url: str, now: datetime) -> None:
    """Tells a team that a clock will soon have run out."""
    key = f"due_soon:{clock.pk}:{enquiry.reopened_count}:{to}"[:120]
    _of_clock(enquiry, clock, "due_soon", to, key=key, url=url, now=now)


def _of_clock(
    enquiry: Enquiry, clock: Clock, event: str, to: str, *, key: str, url: str, now: datetime
) -> None:
    what = CLOCK_WORDS[ClockKind(clock.kind)]
    due = moment_words(clock.due_at) if clock.due_at else ""
    _staff(enquiry, event, to, key=key, due=due, url=url, now=now, clock=what)
