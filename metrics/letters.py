"""E-mails folded into contacts: one thread is one contact until we answer. Pure (R11, R12)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from enquiries import clocks
from metrics.facts import Contact, Event, Item, Ledger
from metrics.promised import Promises

EMAIL = "email"


@dataclass(slots=True)
class Letter:
    """One contact by e-mail: its messages, what it was about, and when it ended."""

    legs: list[Contact]
    ends: datetime
    enquiries: set[str] = field(default_factory=set)


def fold(
    ledger: Ledger, contacts: Iterable[Contact], items: Mapping[str, list[Item]]
) -> list[Letter]:
    """Every e-mail in the contact that it is part of. `contacts` are in the order of their start.

    A message marked `chase` opens a contact of its own, which goes on like any other (R12).
    """
    reader = _Reader(ledger)
    running: dict[str, Letter] = {}
    letters = []
    for contact in contacts:
        if contact.channel != EMAIL:
            continue
        said = items.get(contact.id, [])
        letter = running.get(contact.thread) if contact.thread else None
        is_chase = any(item.kind == "chase" for item in said)
        if letter is None or is_chase or contact.start > letter.ends:
            letter = Letter([], contact.start)
            letters.append(letter)
            if contact.thread:
                running[contact.thread] = letter
        letter.legs.append(contact)
        reader.take(letter, {item.enquiry for item in said}, contact.start)
    return letters


class _Reader:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._promises = Promises(ledger)

    def take(self, letter: Letter, enquiries: set[str], at: datetime) -> None:
        """What a message is about may end the contact sooner: each enquiry has its answer."""
        new = {one for one in enquiries if one in self._ledger.enquiries} - letter.enquiries
        if new:
            ends = [self._ends(enquiry, at) for enquiry in sorted(new)]
            letter.ends = min([*ends, *([letter.ends] if letter.enquiries else [])])
            letter.enquiries |= new
        letter.ends = max(letter.ends, at)

    def _ends(self, enquiry: str, at: datetime) -> datetime:
        """Our first substantive answer, at the latest the promised date, or W without one (R11)."""
        events = self._ledger.events.get(enquiry, ())
        service = self._ledger.service_of(enquiry)
        klass = service.klass if service else "REQUEST"

        def latest(on: date | None) -> datetime:
            end = None if on is None else clocks.end_of_day(on)
            if end is not None and end > at:
                return end
            return clocks.window_end(klass, at, None, clocks.OFFICE)

        received = next((event.at for event in events if event.name == "received"), at)
        promised_on = self._promises.on(enquiry, events, received, latest)
        answers = [event.at for event in events if _is_answer(event) and event.at >= at]
        return min([*answers, latest(promised_on)])


def _is_answer(event: Event) -> bool:
    return event.is_outcome or event.name in ("replied", "info_requested")


def items_of(ledger: Ledger) -> Mapping[str, list[Item]]:
    """What each raw contact said."""
    found: dict[str, list[Item]] = defaultdict(list)
    for item in ledger.items:
        found[item.contact].append(item)
    return found
