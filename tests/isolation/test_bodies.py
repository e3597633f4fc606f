"""T-I3: an id inside a form, a body or a query is asked as strictly as one in an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Team
from enquiries.models import Referral
from tests.isolation import bodies, probe
from tests.isolation.probe import Answer, changed, told
from tests.isolation.stage import Scene, undone
from tests.isolation.table import readers

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
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


@pytest.mark.parametrize("inside", INSIDE, ids=str)
def test_what_is_others_inside_a_body_is_refused_as_what_is_not_there(
    scene: Scene, inside: Inside
) -> None:
    faults = []
    nobody = inside.nobody(scene)
    with undone():
        _, unknown = _sent(scene, inside, nobody)
    for make in inside.foreign:
        value = make(scene)
        with undone():
            path, answer = _sent(scene, inside, value)
            written = changed(scene.rows) if answer.writes else []
        if written:
            faults.append(f"{path} {inside.name}={value} wrote to {told(written)}")
        if answer.without(value, nobody) != unknown.without(value, nobody):
            faults.append(f"{path} {inside.name}={value} does not read as {nobody}")
        if answer.status >= 500:
            faults.append(f"{path} {inside.name}={value} answered {answer.status}")
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def test_of_a_mixed_choice_only_ones_own_is_done(scene: Scene) -> None:
    own, other = scene.things["a.offered"].referrals["a"], scene.things["b.offered"].referrals["b"]
    path = "/desk/referrals/together/accept/"
    body = {**bodies.form(scene, path), "chosen": [str(other), str(own)]}
    body["listed"] = body["chosen"]
    answer = probe.ask(scene, readers()["officer_a"], "POST", path, body)
    assert answer.status in (200, 303)
    assert Referral.objects.get(public_id=own).status == "accepted"
    assert Referral.objects.get(public_id=other).status == "offered"
    assert str(other) not in answer.text


def test_a_system_cannot_replay_anothers_call(scene: Scene) -> None:
    """Two systems may choose the same key: each has its own enquiry, and reads its own."""
    path = "/api/v1/enquiries/"
    first = probe.ask(scene, readers()["token_a_create"], "POST", path, bodies.json_of(path))
    reader = readers()["token_a_create"]
    scene.tokens["theirs"] = scene.tokens["b:create"]
    theirs = probe.ask(
        scene, type(reader)(**{**reader.__dict__, "token": "theirs"}), "POST", path,
        bodies.json_of(path),
    )  # fmt: skip
    assert (first.status, theirs.status) == (201, 201)
    assert first.text != theirs.text
    assert "Idempotent-Replayed" not in theirs.text


# What a citizen's page takes of nobody: another person's file, journey, secret.
def test_a_journey_belongs_to_its_visitor(scene: Scene) -> None:
    with undone():
        strangers = probe.ask(
            scene, readers()["anonymous"], "POST", f"/ask/{scene.journey}/where/",
            {"postcode": "WR11 3DA"},
        )  # fmt: skip
        nobodys = probe.ask(
            scene, readers()["anonymous"], "POST", "/ask/no-such-journey/where/",
            {"postcode": "WR11 3DA"},
        )  # fmt: skip
    assert strangers.without(scene.journey) == nobodys.without("no-such-journey")
