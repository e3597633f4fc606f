"""What neighbours may read of others' reports, and what they never do."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

import kb.queries
from enquiries.actions import neighbours
from enquiries.actions.attachments import add_for_case
from enquiries.lifecycle import Outcome, Status
from enquiries.models import Enquiry
from enquiries.queries import locating, nearby
from tests.nearby.steps import EAST, NORTH, SECRET_WORDS, report
from tests.world import NOW, World
from tests.world import build as build
from enquiries.inbound import Place
from kb.models import Question, Service

pytestmark = pytest.mark.django_db


def shown(north: float = 0.0, now: Any = NOW, service: str = "pothole", **place: Any) -> Any:
    where = Place(**place) if place else Place(latitude=NORTH + north, longitude=EAST)
    return nearby.nearby(
        kb.queries.service(service),
        locating.located(where),
        now=now,
        by_point=where.latitude is not None,
    )
