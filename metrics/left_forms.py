"""Forms that were begun and not sent, and the sitting in which somebody went on with one. Pure.

R8: taken up again on the same channel within 24 hours it is one contact continued. R56: on a kiosk
that is the same site. Elsewhere it is another matter (R9, `metrics.linking`).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from metrics.facts import Contact, Event, Item, Ledger

A_DAY = timedelta(hours=24)
SELF_SERVICE = frozenset({"web", "kiosk"})
_GOES_ON = frozenset({"answer_entered", "submitted"})


def is_left(event: Event) -> bool:
    """Whether a form with answers was given up, as the ledger says it."""
    return event.name == "abandoned" and event.text("stage") == "online"


def was_entered(signals: Iterable[str], events: Iterable[Event]) -> bool:
    """Whether data was entered and not sent, by what the session shows or the ledger says."""
    shown = frozenset(signals)
    if "submitted" in shown:
        return False
    return "answer_entered" in shown or any(is_left(event) for event in events)


def resumed(
    ledger: Ledger, contacts: Iterable[Contact], items: Mapping[str, list[Item]]
) -> Iterator[tuple[Contact, Contact, bool]]:
    """Pairs of a left session and the one that went on with it, and whether the earlier one's
    enquiry is another than the later one's. `contacts` are in the order of their start."""
    left: list[Contact] = []
    for contact in contacts:
        if contact.channel not in SELF_SERVICE or contact.assists:
            continue
        left = [one for one in left if contact.start - one.closes <= A_DAY]
        before = next((one for one in reversed(left) if _is_one(ledger, items, one, contact)), None)
        if before is not None:
            left.remove(before)
            told, now = _opened(items, before), _opened(items, contact)
            yield before, contact, told.isdisjoint(now)
        if _is_left(ledger, items, contact):
            left.append(contact)


def _opened(items: Mapping[str, list[Item]], contact: Contact) -> set[str]:
    return {item.enquiry for item in items.get(contact.id, ())}


def _is_left(ledger: Ledger, items: Mapping[str, list[Item]], contact: Contact) -> bool:
    events = (
        event
        for enquiry in _opened(items, contact)
        for event in ledger.events.get(enquiry, ())
        if event.at >= contact.start
    )
    return was_entered(contact.signals, events)


def _is_one(ledger: Ledger, items: Mapping[str, list[Item]], left: Contact, after: Contact) -> bool:
    """Whether somebody went on with what they had left; nothing had come of it meanwhile."""
    if left.channel != after.channel or (left.site and after.site and left.site != after.site):
        return False
    if after.signals and _GOES_ON.isdisjoint(after.signals):
        return False
    told = _opened(items, left)
    if any(
        (event.is_outcome or event.name == "channel_forced") and event.at < after.start
        for enquiry in told
        for event in ledger.events.get(enquiry, ())
    ):
        return False
    # Who asks about it, or adds to it, does not go on with the form.
    said = [item for item in items.get(after.id, ()) if after.signals or item.kind == "new"]
    if any(item.enquiry in told or (item.evidence and item.about in told) for item in said):
        return True
    return _is_one_party(left, after) and any(
        item.kind == "new" and _is_same_form(ledger, item.enquiry, earlier)
        for item in said
        for earlier in sorted(told)
    )


def _is_one_party(one: Contact, other: Contact) -> bool:
    """Nobody who is known to be somebody else; the same person, hash or session."""
    if one.person and other.person:
        return one.person == other.person
    shared = ((one.address, other.address), (one.session, other.session))
    return any(mine and mine == theirs for mine, theirs in shared)


def _is_same_form(ledger: Ledger, later: str, earlier: str) -> bool:
    one, other = ledger.enquiries.get(earlier), ledger.enquiries.get(later)
    if one is None or other is None or one.service is None or one.service != other.service:
        return False
    # While no place had been entered, the later one may name any (R9).
    return one.place is None or (other.place is not None and one.place.agrees(other.place))
