"""Fields of forms, bodies and queries that name something, and what must not be taken for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from accounts.models import Team
from tests.isolation import bodies, probe
from tests.isolation.probe import Answer, changed, told
from tests.isolation.stage import Scene, undone
from tests.isolation.table import readers

Make = Callable[[Scene], str]


def _team(owner: str) -> Make:
    return lambda scene: str(Team.objects.get(organisation=scene.body(owner), slug="front").pk)


def _user(name: str) -> Make:
    return lambda scene: str(scene.users[name].pk)


def _referral(key: str, owner: str) -> Make:
    return lambda scene: str(scene.things[key].referrals[owner])


def _is(text: str) -> Make:
    return lambda _: text


_NOBODY = _is("987654321")


@dataclass(frozen=True)
class Inside:
    """A field that names something, and what it must not be taken for; `nobody` names nothing."""

    reader: str
    path: str
    name: str
    foreign: tuple[Make, ...]
    nobody: Make = _NOBODY
    method: str = "POST"
    more: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.reader} {self.path} {self.name}"


KEY = "6f1c9a8e-6b0f-4a57-9a51-0f6c0f6f4b1d"
A_ACCEPTED = "/desk/referrals/{a.accepted}/"
_UNKNOWN_ID = _is(str(uuid4()))
_PEOPLE = (_user("officer_b"), _user("agent"), _user("deactivated"), _user("future"))
INSIDE = [
    Inside("officer_a", f"{A_ACCEPTED}hand-over/", "colleague", _PEOPLE),
    Inside("officer_a", f"{A_ACCEPTED}move-team/", "team", (_team("b"), _team("hub"))),
    Inside("officer_a", f"{A_ACCEPTED}note/", "seen_by", (_is("b"), _is("all")), _is("nobody")),
    Inside("officer_a", f"{A_ACCEPTED}reject/", "suggested", (_is("hub"),), _is("no-such-body")),
    Inside(
        "officer_a", "/desk/referrals/together/accept/", "chosen",
        (_referral("b.offered", "b"), _referral("police.offered", "police")), _UNKNOWN_ID,
    ),
    Inside(
        "officer_a", "/desk/referrals/together/note/", "chosen",
        (_referral("b.accepted", "b"), _referral("both", "police")), _UNKNOWN_ID,
    ),
    Inside(
        "officer_a", "/desk/referrals/together/", "chosen",
        (_referral("b.offered", "b"), _referral("moved", "b")), _UNKNOWN_ID,
    ),
    Inside(
        "officer_a", "/desk/referrals/", "team", (_team("b"), _team("hub")), method="GET",
    ),
    Inside(
        "token_a_referrals", "/api/v1/referrals/", "cursor",
        (_referral("b.offered", "b"), _referral("both", "police")), _UNKNOWN_ID, "GET",
    ),
    Inside(
        "token_a_referrals", "/api/v1/referrals/{a.accepted}/reject/", "suggested",
        (_is("hub"),), _is("no-such-body"), more={"reason": "other", "words": "No"},
    ),
    Inside(
        "manager_a", "/desk/performance/", "organisation",
        (_is("worcester-city"), _is("west-mercia-police")), _is("no-such-body"), "GET",
    ),
]  # fmt: skip


def _path(scene: Scene, inside: Inside) -> str:
    public_id = str(scene.things["a.accepted"].referrals["a"])
    return inside.path.replace("{a.accepted}", public_id)


def _sent(scene: Scene, inside: Inside, value: str) -> tuple[str, Answer]:
    path, reader = _path(scene, inside), readers()[inside.reader]
    if inside.method == "GET":
        query = f"{inside.name}={value}"
        return path, probe.ask(scene, reader, "GET", path, query=query)
    if path.startswith("/api/"):
        body: Any = {**inside.more, inside.name: value}
    else:
        body = {**bodies.form(scene, inside.path.lstrip("/")), inside.name: value}
        body.pop("listed", None)
        body["key"] = KEY
    return path, probe.ask(scene, reader, "POST", path, body)


def faults(scene: Scene, inside: Inside) -> list[str]:
    """What is others', and is taken, or answered otherwise than what is not there."""
    found, nobody = [], inside.nobody(scene)
    with undone():
        _, unknown = _sent(scene, inside, nobody)
    for make in inside.foreign:
        value = make(scene)
        with undone():
            path, answer = _sent(scene, inside, value)
            written = changed(scene.rows) if answer.writes else []
        what = f"{path} {inside.name}={value}"
        if written:
            found.append(f"{what} wrote to {told(written)}")
        if answer.without(value, nobody) != unknown.without(value, nobody):
            found.append(f"{what} does not read as {nobody}")
        if answer.status >= 500:
            found.append(f"{what} answered {answer.status}")
    return found
