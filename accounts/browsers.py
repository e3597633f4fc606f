"""A browser by its family and machine: enough for its owner to know it again, no more."""

from __future__ import annotations

# The first that is found: each says it is those below it as well.
_FAMILIES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def name_of(user_agent: str) -> str:
    """Firefox on Windows, say; from what the browser says of itself."""
    family = next((name for sign, name in _FAMILIES if sign in user_agent), "Another browser")
    machine = next((name for sign, name in _MACHINES if sign in user_agent), "")
    return f"{family} on {machine}" if machine else family
