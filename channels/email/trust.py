"""What our own mail server found out about a sender (RFC 8601). Pure.

Anybody can write such a line into a mail. Ours stands above all that came from outside, and bears
the name of our server; other lines are not looked at. It opens nothing: staff see it, and a mail
whose sender's domain disowns it is looked at by a person first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# As a server writes them: method, result, remarks in brackets, which may hold others.
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"\s*(dmarc|dkim|spf)\s*(?:/\s*\d+\s*)?=\s*([a-z]{2,12})\b", re.IGNORECASE)


def checks(received: Iterable[tuple[str, str]], ours: str) -> dict[str, str]:
    """The results by method, as our server wrote them; empty where it wrote none.

    `received` are the names and values of headers that servers wrote, from the top.
    """
    found: dict[str, str] = {}
    for name, value in received if ours else ():
        if name != "authentication-results":
            if found:
                break  # what stands below was there when our server took the mail
            continue
        for method, result in _results(value, ours):
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
