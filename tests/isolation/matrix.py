"""The matrix: a route held against its row for every role and every kind of id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.isolation import bodies, probe
from tests.isolation.canaries import outside
from tests.isolation.ids import Values, ids, unlike
from tests.isolation.probe import Answer, changed, is_shut, told
from tests.isolation.stage import Scene, undone
from tests.isolation.table import Entry, Reader, filled, parts, readers

# A method that a row does not name is tried by these.
_TRY_ODD = ("anonymous", "agent", "administrator", "officer_a", "token_a_referrals")
_ODD_OF = {"administrator": ("POST", "PUT", "PATCH", "DELETE")}


@dataclass(frozen=True)
class Try:
    """One method of a row, with an act where the address has one."""

    method: str
    act: str
    roles: frozenset[str]


@dataclass
class Walk:
    """One row of the table, walked by all roles. `faults` are what must not be, in words."""

    scene: Scene
    entry: Entry
    faults: list[str] = field(default_factory=list)
    # What each role was shown of whose: the proof that the canaries can be seen at all.
    shown: dict[str, set[str]] = field(default_factory=dict)
    # What a role is answered for an id that nobody has.
    nothing: dict[tuple[str, Try], tuple[int, str]] = field(default_factory=dict)

    def fault(self, reader: Reader, method: str, path: str, words: str) -> None:
        """Writes a fault down."""
        self.faults.append(f"{reader.name} {method} {path}: {words}")


def tries(entry: Entry) -> Iterator[Try]:
    """Every method of a row, and every act."""
    for act, roles in entry.acts.items():
        yield Try("POST", act, roles)
    if entry.acts:
        everyone = frozenset[str]().union(*entry.acts.values())
        yield Try("GET", next(iter(entry.acts)), everyone)
    for method, roles in entry.methods.items():
        yield Try(method, "", roles)


def walk(scene: Scene, entry: Entry, only: frozenset[str] | None = None) -> Walk:
    """Walks one row with every role, or only with some."""
    found = Walk(scene, entry)
    for reader in readers().values():
        if only is None or reader.name in only:
            for one in tries(entry):
                _walk(found, reader, one)
            if reader.name in _TRY_ODD:
                _odd_methods(found, reader)
    return found


def _walk(found: Walk, reader: Reader, one: Try) -> None:
    mine = ids(found.scene, found.entry, reader)
    if reader.name not in one.roles:
        # The door asks who is there before it looks at any id.
        for _, values in (*mine.own, *mine.foreign)[:1]:
            _shut(found, reader, one, values)
        return
    # Each page of one's own is read; each act is done to two.
    for key, values in mine.own[: 2 if one.method == "POST" else None]:
        _open(found, reader, one, key, values)
    for _, values in mine.foreign:
        _foreign(found, reader, one, values)
    # Nobody's ids, compared with each other; of several acts with the first.
    if one.act in ("", next(iter(found.entry.acts), "")):
        for _, values in (*mine.own, *mine.foreign)[:1]:
            _nobodys(found, reader, one, values)


def _path(entry: Entry, one: Try, values: Values) -> str:
    return filled(entry.route, {**values, "act": one.act})


def _body(scene: Scene, entry: Entry, one: Try) -> Any:
    if one.method != "POST":
        return None
    if entry.route.startswith("api/"):
        return bodies.json_of(entry.route)
    body = bodies.form(scene, entry.route)
    return bodies.with_file(body) if one.act == "attach" else body


def _ask(
    found: Walk, reader: Reader, one: Try, values: Values, *, whole: bool = False
) -> tuple[str, Answer]:
    """One request, whose writing is taken back. `whole` says that it must write nothing."""
    path = _path(found.entry, one, values)
    body = _body(found.scene, found.entry, one)
    with undone():
        answer = probe.ask(found.scene, reader, one.method, path, body)
        if whole and answer.writes and (tables := changed(found.scene.rows)):
            found.fault(reader, one.method, path, f"wrote to {told(tables)}")
    if answer.status >= 500:
        found.fault(reader, one.method, path, f"answered {answer.status}")
    return path, answer


def _reads(found: Walk, reader: Reader, key: str) -> set[str]:
    """What a role may read on the page of one of its own cases, or on any other page."""
    everything = found.scene.canaries.names()
    may = everything - outside(everything, reader.sees)
    if reader.sees:
        rest = (*found.entry.sees, *(found.entry.hub_sees if reader.owner == "hub" else ()))
        may |= everything - outside(everything, rest)
    if key:
        here = {name for name in everything if name.startswith(f"{key}.")}
        may |= here - outside(here, reader.opens)
        # What an act has just opened is shown by its answer.
        like = f"{reader.owner}.{found.entry.becomes}." if found.entry.becomes else ""
        there = {name for name in everything if like and name.startswith(like)}
        fields = {name.removeprefix(like) for name in there - outside(there, reader.opens)}
        may |= {name for name in here if name.removeprefix(f"{key}.") in fields}
    return may


def _leaks(found: Walk, reader: Reader, method: str, path: str, answer: Answer, key: str) -> None:
    """What stands in an answer that this role may not read there."""
    text = f"{answer.location}\n{answer.text}"
    for value in path.split("/"):
        # What somebody asks for by name tells them nothing.
        text = text.replace(value, "") if len(value) > 8 else text
    names = found.scene.canaries.among(text)
    found.shown.setdefault(reader.name, set()).update(names)
    if key:
        found.shown[reader.name].update(
            name for name in found.scene.canaries.among(path) if name.startswith(f"{key}.")
        )
    if leaked := names and names - _reads(found, reader, key):
        found.fault(reader, method, path, f"shows {told(leaked)}")


def _open(found: Walk, reader: Reader, one: Try, key: str, values: Values) -> None:
    path, answer = _ask(found, reader, one, values)
    if is_shut(path, answer) or answer.status == 403:
        found.fault(reader, one.method, path, f"is shut ({answer.status}), and its row says open")
    _leaks(found, reader, one.method, path, answer, key)


def _shut(found: Walk, reader: Reader, one: Try, values: Values) -> None:
    path, answer = _ask(found, reader, one, values, whole=True)
    if not is_shut(path, answer):
        found.fault(reader, one.method, path, f"is open ({answer.status}), and its row says shut")
    _leaks(found, reader, one.method, path, answer, "")


def _foreign(found: Walk, reader: Reader, one: Try, values: Values) -> None:
    """Others' things read exactly as what is not there, and stay as they are."""
    path, answer = _ask(found, reader, one, values, whole=True)
    if answer.status == 403:
        found.fault(reader, one.method, path, "is forbidden (403), and must not be there (404)")
    _leaks(found, reader, one.method, path, answer, "")
    nothing = (reader.name, one)
    for _, other in unlike(found.scene, found.entry, values)[:1]:
        if nothing not in found.nothing:
            found.nothing[nothing] = _ask(found, reader, one, other)[1].without(*other.values())
        if answer.without(*values.values()) != found.nothing[nothing]:
            found.fault(reader, one.method, path, f"({answer.status}) does not read as unknown")


def _nobodys(found: Walk, reader: Reader, one: Try, values: Values) -> None:
    """Deleted, mixed up, misspelt: all the same 404, and nothing breaks."""
    first: tuple[int, str] | None = None
    for name, other in unlike(found.scene, found.entry, values):
        path, answer = _ask(found, reader, one, other, whole=True)
        _leaks(found, reader, one.method, path, answer, "")
        if name == "malformed":
            if answer.status not in (302, 400, 404, 405):
                found.fault(reader, one.method, path, f"is malformed and answered {answer.status}")
            continue
        said = answer.without(*other.values())
        first = first or said
        if said != first:
            found.fault(reader, one.method, path, f"is {name} and does not read as unknown")


def _odd_methods(found: Walk, reader: Reader) -> None:
    """What a row does not name is not taken; a POST is, where it is read as a GET."""
    act = next(iter(found.entry.acts), "")
    mine = ids(found.scene, found.entry, reader)
    for method in _ODD_OF.get(reader.name, ("POST", "DELETE")):
        if method in found.entry.methods or (method == "POST" and act):
            continue
        for key, values in (*mine.own, *mine.foreign)[:1]:
            one = Try(method, act, frozenset())
            path = _path(found.entry, one, values)
            with undone():
                answer = probe.ask(found.scene, reader, method, path)
                if answer.writes and (tables := changed(found.scene.rows)):
                    found.fault(reader, method, path, f"wrote to {told(tables)}")
            # Django's own pages read whatever they do not know as a GET.
            is_known = path.startswith(("/sign-in/", "/desk/settings/reference/"))
            if method != "POST" and not is_known and not is_shut(path, answer):
                found.fault(
                    reader, method, path, f"is not in its row, and answered {answer.status}"
                )
            own = key if reader.name in found.entry.methods.get("GET", ()) else ""
            _leaks(found, reader, method, path, answer, own)


def has_parts(entry: Entry) -> bool:
    """Whether an address is filled with ids."""
    return bool(parts(entry.route))
