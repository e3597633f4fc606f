"""A hub whose service Pothole asks on which road it is, and who administers it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import OutsideBody
from tests import forms_of
from tests.world import World


@pytest.fixture
def admin(world: World, client_for: Any) -> Client:
    """An administrator of a hub whose service Pothole asks on which road it is."""
    OutsideBody.objects.create(
        slug="national-highways",
        name="National Highways",
        kind="roads",
        phone="0300 123 5000",
        hand_off="Ring them",
    )
    forms_of.add(
        "pothole",
        forms_of.choice("road", "Which road is it on?", local="A street", motorway="A motorway"),
    )
    client: Client = client_for(world.administrator)
    return client
