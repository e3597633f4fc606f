"""What our own mail server found out about a sender (RFC 8601). Pure.

Anybody can write such a line into a mail, and the name of our server into it. What speaks for a
sender therefore counts only where nobody outside can write: above the line `Received` by which our
server says that it took the mail. That is the topmost (RFC 8601 has results put above it), unless
servers of ours that carry it further write theirs above: how many do is for who runs them to say.
What speaks against a sender is believed further down, too: nobody gains by making that up. None of
it opens anything: staff see it, and a mail whose sender's domain disowns it is looked at first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# As a server writes them: method, result, remarks in brackets, which may hold others.
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"\s*(dmarc|dkim|spf)\s*(?:/\s*\d+\s*)?=\s*([a-z]{2,12})\b", re.IGNORECASE)


def checks(received: Iterable[tuple[str, str]], ours: str, *, hops: int = 0) -> dict[str, str]:
    """The results by method, as our server wrote them; empty where it wrote none.

    `received` are the names and values of headers that servers wrote, from the top; `hops` is how
    many `Received` our own servers write above the one by which the mail came in.
    """
    found: dict[str, str] = {}
    is_ours, passed = True, 0
    for name, value in received if ours else ():
        if name != "authentication-results":
            if found:
                break  # what stands below was there when our server took the mail
            passed += 1
            is_ours = passed <= hops
            continue
        for method, result in _results(value, ours):
            if is_ours or is_disowned({method: result}):
                found.setdefault(method, result)
    return found


def _results(value: str, ours: str) -> list[tuple[str, str]]:
    whole = value
    while (shorter := _COMMENT.sub(" ", whole)) != whole:
        whole = shorter
    named, *results = whole.split(";")
    if ours not in (word.lower() for word in named.split()[:1]):
        return []
    found = [_RESULT.match(one) for one in results]
    return [(one.group(1).lower(), one.group(2).lower()) for one in found if one]


def is_disowned(results: dict[str, str]) -> bool:
    """Whether the domain in `From` says that this is not its mail."""
    return results.get("dmarc") == "fail"
