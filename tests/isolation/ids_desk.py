"""What fills the addresses of what one member of the desk, or one team of theirs, has alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from desk.leading import key_of
from teamwork import queries_walls
from tests.isolation.stage import Scene
from tests.isolation.table import Reader

Row = tuple[str, dict[str, str]]
# One's own, and what is others'.
Rows = tuple[list[Row], list[Row]]


def _rows(ids: Mapping[str, UUID], own: Callable[[str], bool], name: str = "public_id") -> Rows:
    found: Rows = [], []
    for whose, one in ids.items():
        found[0 if own(whose) else 1].append(("", {name: str(one)}))
    return found


def _of(thing: str, whose: str) -> Callable[[Scene, Reader], Rows]:
    """One thing, of one role."""
    return lambda scene, reader: _rows({thing: scene.desk[thing]}, lambda _: reader.name == whose)


def _views(scene: Scene, reader: Reader) -> Rows:
    views = {
        name.removeprefix("view."): one
        for name, one in scene.desk.items()
        if name.startswith("view.")
    }
    mine = {"team"} if reader.owner == "hub" else set[str]()
    return _rows(views, lambda whose: whose in mine or (whose, reader.name) == ("mine", "agent"))


def _pack(scene: Scene, reader: Reader) -> Rows:
    """A partner's own; the hub's are all."""
    packs = {whose: scene.desk[f"pack.{whose}"] for whose in ("hub", "a", "b")}
    return _rows(packs, lambda whose: reader.owner in ("hub", whose))


def _wall(scene: Scene, reader: Reader) -> Rows:
    """The address of a screen is anybody's; a guess is nobody's."""
    public_id = scene.desk["wall"]
    found = {"public_id": str(public_id), "proof": queries_walls.proof(public_id)}
    return [("", found)], [("", {**found, "proof": "x" * 40})]


def _colleague(scene: Scene, reader: Reader) -> Rows:
    """A colleague at the hub's desk; a partner's officer is none."""
    keys = {name: key_of(scene.users[name].pk) for name in ("agent", "officer_a")}
    return _rows(keys, lambda name: name == "agent" and reader.owner == "hub", "key")


def _script(scene: Scene, reader: Reader) -> Rows:
    values = {name: str(one) for name, one in scene.scripts.items()}
    # One that is there, in a contact that is there, but not of it.
    mixed = {**values, "public_id": str(scene.contacts["offered"])}
    if reader.owner == "hub":
        return [("", values)], [("", mixed)]
    return [], [("", values), ("", mixed)]


def _led(ids: Mapping[str, UUID], reader: Reader) -> Rows:
    """What a team has is its leader's to change; all else is an administrator's."""
    return _rows(ids, lambda whose: whose == "team" or reader.name == "administrator")


def case_macro(scene: Scene, reader: Reader, cases: list[Row]) -> Rows:
    """A macro on a case: of the team of whoever uses it, or of all."""
    found: Rows = [], []
    for key, values in cases or [("", {"reference": scene.things["a.accepted"].reference})]:
        for whose, one in scene.macros.items():
            is_own = bool(cases) and (whose != "second" or reader.name == "administrator")
            found[0 if is_own else 1].append((key, {**values, "public_id": str(one)}))
    # Of what is for all there is one page; of others' one is enough.
    own = [row for row in found[0] if row[1]["public_id"] == str(scene.macros["team"])]
    return own or found[0], found[1][:1]


MAKERS: dict[str, Callable[[Scene, Reader], Rows]] = {
    "undo": _of("undo", "agent"),
    "together": _of("together", "agent"),
    "offer": _of("offer", "lead"),
    "move": _of("move", "officer_b"),
    "view": _views,
    "colleague": _colleague,
    "pack": _pack,
    "wall": _wall,
    "screen": lambda scene, reader: _rows(
        {"wall": scene.desk["wall"]}, lambda _: reader.owner == "hub"
    ),
    "script": _script,
    "macro": lambda scene, reader: _led(scene.macros, reader),
    "rule": lambda scene, reader: _led(scene.rules, reader),
}
