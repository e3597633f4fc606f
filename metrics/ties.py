"""What ties enquiries to each other: if one changes, the verdict of the other may. Pure.

Two enquiries that share no tie, and are not joined by a chain of them, can be judged apart.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from metrics.facts import Contact, Item, Ledger, identities
from metrics.linking import cells

# Longer than any window and any first contact: beyond this nothing can be a recontact.
REACH = timedelta(days=250)


def of(ledger: Ledger) -> dict[str, frozenset[str]]:
    """The ties of every enquiry in the ledger, under which it is found."""
    identity = identities(ledger.merges)
    found: dict[str, set[str]] = defaultdict(set)
    enquiry_of = {item.id: item.enquiry for item in ledger.items}
    for item in ledger.items:
        found[item.enquiry].update(_of_item(item, ledger.contacts[item.contact], identity))
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
        ("t", contact.thread if contact.channel == "sms" else ""),
        ("c", contact.leg_of),
        ("c", contact.assists),
    )
    for kind, value in named:
        if value:
            yield f"{kind}:{value}"


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
