"""What can be gone to from anywhere: pages, a case, a person, a service. Only what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.urls import Resolver404, resolve
from django.utils.http import urlencode

import customers.queries_find
import kb.search
from accounts.permissions import Permission, Viewer
from enquiries.queries import access, referral_finds
from enquiries.queries.access import NoSuchCase

PAGES, CASES, PEOPLE, SERVICES, ANSWERS = (
    "Go to", "Cases", "People", "Services", "Answers",
)  # fmt: skip
# As many of one group as are read at a glance.
MOST = 5


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the bar: its words, what is said beside them, and where it leads."""

    group: str
    words: str
    href: str
    note: str = ""


# Where one can go: words, address, and other words that somebody may type for it. Who may go
# there is asked of the page itself.
_PAGES: tuple[tuple[str, str, str], ...] = (
    ("Queue", "/desk/", "unassigned waiting inbox"),
    ("My cases", "/desk/?view=mine", "queue mine"),
    ("My team's cases", "/desk/?view=team", "queue team"),
    ("All cases", "/desk/?view=all", "queue all"),
    ("Cases that ended", "/desk/?view=ended", "queue closed resolved"),
    ("Held as spam", "/desk/holding/", "holding spam"),
    ("My tasks", "/desk/tasks/", "to do due checklist"),
    ("New contact", "/desk/contact/", "call phone counter start"),
    ("Callbacks", "/desk/callbacks/", "ring back"),
    ("Calls for help at kiosks", "/desk/help/", "kiosk"),
    ("People", "/desk/people/", "person citizen find"),
    ("Referrals", "/desk/referrals/", "offers partner"),
    ("Performance", "/desk/performance/", "figures"),
    ("Answers", "/desk/answers/", "articles knowledge"),
    ("Notices", "/desk/notices/", "outages works"),
    ("Ready-made texts", "/desk/texts/", "canned templates sms"),
    ("Forms", "/desk/settings/forms/", "questions"),
    ("Settings", "/desk/settings/", "administration"),
    ("Rules", "/desk/rules/", "automation happens by itself"),
    ("Macros", "/desk/macros/", "several acts in one key"),
    ("Checklists", "/desk/settings/checklists/", "tasks of a service settings"),
    ("Routing", "/desk/settings/routing/", "rules settings"),
    ("Agreements", "/desk/settings/agreements/", "clocks settings"),
    ("Working hours", "/desk/settings/calendars/", "calendars holidays settings"),
    ("Wording of messages", "/desk/settings/messages/words/", "letters settings"),
    ("Messages", "/desk/settings/messages/", "carriers settings"),
    ("Search words", "/desk/settings/search/", "synonyms settings"),
    ("Kiosks", "/desk/settings/kiosks/", "devices settings"),
    ("Keys for other systems", "/desk/settings/keys/", "tokens api settings"),
    ("What I was writing", "/desk/drafts/", "drafts kept"),
    ("Your account", "/desk/account/", "password phone sign-in"),
    ("Keyboard", "/desk/keyboard/", "keys shortcuts"),
)


@lru_cache(maxsize=64)
def _required(address: str) -> frozenset[Permission]:
    """Any of which opens a page; empty where there is no such page."""
    try:
        view = resolve(address.partition("?")[0]).func
    except Resolver404:
        return frozenset()
    return frozenset(getattr(view, "required_permissions", ()))


def pages(who: Viewer) -> list[Command]:
    """Every page that this viewer may open."""
    return [
        Command(PAGES, words, address, more)
        for words, address, more in _PAGES
        if any(who.may(one) for one in _required(address))
    ]


def fits(text: str, command: Command) -> bool:
    """Whether each part of what was typed is in the words of a command."""
    whole = f"{command.words} {command.note}".lower()
    return all(part in whole for part in text.lower().split())


def found(who: Viewer, text: str, *, contact: str = "") -> list[Command]:
    """What fits the words, best first. `contact` is the address of the contact in front.

    Names of people are looked for in `people` alone: words that are in an address never are.
    """
    text = text.strip()[:100]
    fitting = [one for one in pages(who) if fits(text, one)] if text else pages(who)
    if not text:
        return fitting
    return [*_case(who, text), *fitting[: 2 * MOST], *_written(who, text, contact)]


def _case(who: Viewer, text: str) -> Iterable[Command]:
    """The case of a reference, or the viewer's own referral of it."""
    if who.may(Permission.SEE_QUEUE) and who.is_hub:
        try:
            reference = access.canonical(text)
            access.desk_id(who, reference)
        except NoSuchCase:
            return
        yield Command(CASES, reference, f"/desk/cases/{reference}/?view=all", "Open the case")
    elif who.may(Permission.ANSWER_REFERRALS):
        public_id = referral_finds.by_reference(who, text)
        if public_id is not None:
            words = access.canonical(text)
            yield Command(CASES, words, f"/desk/referrals/{public_id}/", "Open the referral")


def _written(who: Viewer, text: str, contact: str) -> Iterable[Command]:
    """Services and answers in the words that people use. One search for both."""
    if len(text) < 2 or not who.may(Permission.READ_ANSWERS):
        return
    for hit in kb.search.find(text, limit=2 * MOST, typing=True).hits:
        if hit.kind == "service" and contact:
            href = f"{contact}?{urlencode({'service': hit.slug})}#raise"
            yield Command(SERVICES, str(hit.title), href, "Raise it in this contact")
        elif hit.kind == "service" and who.may(Permission.SEE_QUEUE):
            href = f"/desk/?{urlencode({'view': 'all', 'service': hit.slug})}"
            yield Command(SERVICES, str(hit.title), href, "Its cases in the queue")
        elif hit.kind != "service":
            href = f"/desk/answers/?{urlencode({'text': str(hit.title)})}"
            yield Command(ANSWERS, str(hit.title), href, "Read the answer")


def people(who: Viewer, text: str) -> list[Command]:
    """People by name, telephone, e-mail or postcode, for who may see them: name and postcode."""
    return [
        Command(PEOPLE, one.name or "No name", f"/desk/people/{one.public_id}/", one.postcode)
        for one in customers.queries_find.search(who, text.strip()[:100], limit=MOST)
    ]
