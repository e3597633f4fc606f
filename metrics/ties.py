"""What ties enquiries to each other: if one changes, the verdict of the other may. Pure.

Two enquiries that share no tie, and are not joined by a chain of them, can be judged apart.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from enquiries import clocks
from metrics.facts import Contact, Item, Ledger, as_one, identities
from metrics.letters import EMAIL
from metrics.linking import cells
from metrics.promised import Promises

# Longer than any window: so long after the end of a first contact nothing can be a recontact.
REACH = timedelta(days=250)


def until(ledger: Ledger) -> datetime:
    """A moment after which nothing can have come back about any of these enquiries.

    An e-mail that nobody answers runs to the date promised, however far that is (R11).
    """
    ends = [max(one.start, one.end or one.start) for one in ledger.contacts.values()]
    promises = Promises(ledger)
    for item in ledger.items:
        contact = ledger.contacts[item.contact]
        if contact.channel == EMAIL and item.enquiry in ledger.enquiries:
            events = ledger.events.get(item.enquiry, ())
            received = [event.at for event in events if event.name == "received"]
            latest = max([contact.start, *received])
            promised_on = promises.on(item.enquiry, events, latest, lambda _: None)
            if promised_on is not None:
                ends.append(clocks.end_of_day(promised_on))
    return max(ends) + REACH


def of(ledger: Ledger) -> dict[str, frozenset[str]]:
    """The ties of every enquiry in the ledger, under which it is found."""
    identity = identities(ledger.merges)
    persons = as_one(ledger.persons, identity)
    found: dict[str, set[str]] = defaultdict(set)
    enquiry_of = {item.id: item.enquiry for item in ledger.items}
    for item in ledger.items:
        contact = ledger.contacts[item.contact]
        found[item.enquiry].update(_of_item(item, contact, identity))
        # Who is known may have come without a name before, by any of their addresses (R18).
        person = identity.get(contact.person or "", contact.person or "")
        found[item.enquiry].update(f"a:{one}" for one in persons.get(person, ()))
    for line in ledger.corrections:
        if line.item in enquiry_of:
            found[enquiry_of[line.item]].add(f"e:{line.earlier}")
    for key, enquiry in ledger.enquiries.items():
        found[key].add(f"e:{key}")
        found[key].update(
            f"e:{event.text('target')}"
            for event in ledger.events.get(key, ())
            if event.text("target")
        )
        service = ledger.service_of(key)
        place = enquiry.place
        if place is not None and place.is_exact and service and service.subject == "place":
            found[key].update(f"g:{service.id}:{cell}" for cell in cells(place))
    return {key: frozenset(found[key]) for key in ledger.enquiries}


def _of_item(item: Item, contact: Contact, identity: dict[str, str]) -> Iterable[str]:
    yield f"c:{contact.id}"
    if item.about:
        yield f"e:{item.about}"
    named = (
        ("p", contact.person),
        ("p", identity.get(contact.person or "")),
        ("a", contact.address),
        ("s", contact.session),
        ("t", contact.thread),
        ("c", contact.leg_of),
        ("c", contact.assists),
    )
    for kind, value in named:
        if value:
            yield f"{kind}:{value}"


def places(ties: Iterable[str]) -> frozenset[str]:
    """Those that say where it is."""
    return frozenset(tie for tie in ties if tie.startswith("g:"))


def without_places(ties: Iterable[str]) -> frozenset[str]:
    """Those that tie both ways, and through others."""
    return frozenset(tie for tie in ties if not tie.startswith("g:"))


def wanted(ties: Iterable[str]) -> set[str]:
    """The ties to look for among others: the same, and for a place the squares around it."""
    found = set()
    for tie in ties:
        found.add(tie)
        kind, _, rest = tie.partition(":")
        service, _, cell = rest.partition(":")
        if kind == "g" and not cell.startswith("u"):
            east, north = (int(part) for part in cell.split(":"))
            found.update(
                f"g:{service}:{east + dx}:{north + dy}" for dx in (-1, 0, 1) for dy in (-1, 0, 1)
            )
    return found
