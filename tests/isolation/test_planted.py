"""T-I9: leaks that we make ourselves are found, each of them. In full: make leaks."""

from __future__ import annotations

import pytest

from tests.isolation.plants import PLANTS, Plant
from tests.isolation.stage import Scene

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_leak_is_found(
    scene: Scene, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant.plant(monkeypatch)
    assert plant.faults(scene), f"{plant.name}: planted, and not found"


def test_there_are_leaks_enough_and_each_has_a_name() -> None:
    assert len({plant.name for plant in PLANTS}) == len(PLANTS) >= 20
