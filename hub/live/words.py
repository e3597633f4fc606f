"""What colleagues read when a case changes under them."""

from enquiries.queries.lately import Change
from enquiries.vocabulary import WORDINGS, EventType

_DID = {
    EventType.RECEIVED: "wrote it down",
    EventType.ASSIGNED: "took it, or gave it to somebody",
    EventType.TEAM_CHANGED: "gave it to another team",
    EventType.REFERRED: "sent it on",
    EventType.TRANSFERRED: "sent it on",
    EventType.REPLIED: "wrote to the citizen",
    EventType.INFO_REQUESTED: "asked the citizen something",
    EventType.NOTED: "wrote a note",
    EventType.PRIORITY_SET: "changed how urgent it is",
    EventType.RESOLVED: "ended it",
    EventType.CLOSED: "ended it",
    EventType.REOPENED: "opened it again",
    EventType.CONTACTED: "linked a contact to it",
    EventType.DUPLICATE_OF: "joined it with another",
}
_CAME = {
    EventType.RECEIVED: "It just came in",
    EventType.INFO_RECEIVED: "The citizen answered",
    EventType.CONTACTED: "The citizen was in touch again",
    EventType.ACCEPTED: "It was accepted",
    EventType.REJECTED: "It was rejected",
    EventType.RETURNED: "It came back",
}


def words(change: Change) -> str:
    """A sentence without a stop; "" for what is no news to anybody."""
    try:
        what = EventType(change.what)
    except ValueError:
        return ""
    if WORDINGS[what].noise and what not in _DID:
        return ""
    if change.by:
        return f"{change.by} {_DID.get(what, 'changed it')}"
    return _CAME.get(what, "It changed")
