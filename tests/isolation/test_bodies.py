"""T-I3: an id inside a form, a body or a query is asked as strictly as one in an address."""

from __future__ import annotations

import pytest

from enquiries.models import Referral
from tests.isolation import bodies, probe
from tests.isolation.inside import INSIDE, Inside, faults
from tests.isolation.stage import Scene, undone
from tests.isolation.table import readers

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.mark.parametrize("inside", INSIDE, ids=str)
def test_what_is_others_inside_a_body_is_refused_as_what_is_not_there(
    scene: Scene, inside: Inside
) -> None:
    if found := faults(scene, inside):
        pytest.fail("\n".join(found), pytrace=False)


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
            scene, readers()["anonymous"], "POST", f"/ask/{scene.journey}/q/place/",
            {"postcode": "WR11 3DA"},
        )  # fmt: skip
        nobodys = probe.ask(
            scene, readers()["anonymous"], "POST", "/ask/no-such-journey/q/place/",
            {"postcode": "WR11 3DA"},
        )  # fmt: skip
    assert strangers.without(scene.journey) == nobodys.without("no-such-journey")
