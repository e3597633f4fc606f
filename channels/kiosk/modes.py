"""How a screen can be made easier: larger, clearer, lower down, slower, read aloud, by one switch.

Chosen by a touch and kept for the visit alone. A choice is a class of the page's body,
`hub-NAME-STEP`, on the server's pages and on the device's own alike.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_KEY = "easier"
_OFF = ("", gettext_noop("Off"))
_ON = ("on", gettext_noop("On"))


@dataclass(frozen=True, slots=True)
class Mode:
    """One way, with its steps: each is the end of a class, and a word for it. The first is off."""

    name: str
    title: str
    note: str
    steps: tuple[tuple[str, str], ...] = (_OFF, _ON)


MODES = (
    Mode(
        "text",
        gettext_noop("Larger text"),
        "",
        (_OFF, ("larger", gettext_noop("Larger")), ("largest", gettext_noop("Largest"))),
    ),
    Mode("contrast", gettext_noop("Stronger contrast"), gettext_noop("Light on black")),
    Mode("low", gettext_noop("Lower down"), gettext_noop("To reach it while you sit")),
    Mode("time", gettext_noop("More time"), gettext_noop("Two minutes before we ask")),
    Mode("read", gettext_noop("Read aloud"), gettext_noop("Touch the screen to stop")),
    Mode(
        "switch",
        gettext_noop("Use one switch"),
        gettext_noop("Any touch, Space or Enter chooses"),
        (
            _OFF,
            ("slow", gettext_noop("Slow")),
            ("middle", gettext_noop("Middle")),
            ("fast", gettext_noop("Fast")),
        ),
    ),
)
# Who uses these needs longer to answer.
_SLOWER = ("time", "read", "switch")
# Widths of screens in millimetres for which static/css/kiosk-easier.css knows how large a finger
# is. One between two of them counts as the smaller: targets are rather too large.
WIDTHS = (150, 180, 210, 240, 270, 300, 340, 380, 420, 480, 540, 600, 700)


def chosen(session: Mapping[str, Any]) -> dict[str, str]:
    """The steps that were chosen, by the names of their modes."""
    kept = session.get(_KEY, {})
    return {name: str(step) for name, step in kept.items()} if isinstance(kept, dict) else {}


def choose(session: MutableMapping[str, Any], said: str) -> bool:
    """Keeps one choice, said as `name:step`; False where there is no such thing."""
    name, _colon, step = said.partition(":")
    mode = next((one for one in MODES if one.name == name), None)
    if mode is None or step not in dict(mode.steps):
        return False
    rest = {key: value for key, value in chosen(session).items() if key != name}
    session[_KEY] = {**rest, name: step} if step else rest
    return True


def taken_along(session: Mapping[str, Any], fresh: MutableMapping[str, Any]) -> None:
    """The same person begins something else: what was chosen stays."""
    if kept := chosen(session):
        fresh[_KEY] = kept


def is_slower(session: Mapping[str, Any]) -> bool:
    """Whether somebody has longer before the screen is cleared."""
    return any(chosen(session).get(name) for name in _SLOWER)


def context(session: Mapping[str, Any], screen_mm: int = 0) -> dict[str, Any]:
    """What layouts/kiosk.html needs: `easier` (rows to touch), `easier_classes` of the body."""
    kept = chosen(session)
    classes = [f"hub-{name}-{step}" for name, step in kept.items()]
    width = max((one for one in WIDTHS if one <= screen_mm), default=0)
    if width:
        classes.append(f"hub-mm-{width}")
    rows = [_row(mode, kept.get(mode.name, "")) for mode in MODES]
    return {"easier": rows, "easier_classes": " ".join(classes)}


def _row(mode: Mode, now: str) -> dict[str, str]:
    steps = [step for step, _word in mode.steps]
    words = [_(word) for _step, word in mode.steps]
    at = steps.index(now) if now in steps else 0
    return {
        "name": mode.name,
        "title": _(mode.title),
        "note": _(mode.note) if mode.note else "",
        "steps": "|".join(steps),
        "words": "|".join(words),
        "now": words[at],
        "next": f"{mode.name}:{steps[(at + 1) % len(steps)]}",
    }
