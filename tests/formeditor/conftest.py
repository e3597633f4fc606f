"""A hub whose service Pothole asks on which road it is, and two who administer it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import forms_of
from tests.world import World


@pytest.fixture
def admin(world: World, client_for: Any) -> Client:
    """An administrator; Pothole asks a question with a branch."""
    forms_of.publish(
        "pothole",
        forms_of.choice("road", "Which road is it on?", local="A street", motorway="The M5"),
        {
            "key": "deep",
            "type": "number",
            "words": "How deep is it?",
            "hint": "For example 3",
            "unit": "cm",
            "when": {"question": "road", "is": "local"},
        },
    )
    client: Client = client_for(world.administrator)
    return client
