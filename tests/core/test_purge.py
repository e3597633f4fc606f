"""What is over is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Session
from accounts.sessions import SessionStore
from core.tasks import purge_settled

pytestmark = pytest.mark.django_db


def test_answers_of_a_form_that_was_never_sent_end_with_their_visit() -> None:
    left, running = SessionStore(), SessionStore()
    for store in (left, running):
        store["journeys"] = {"one": {"name": "Jo Bloggs"}}
        store.save()
    Session.objects.filter(pk=left.session_key).update(
        expire_date=timezone.now() - timedelta(minutes=1)
    )

    purge_settled()

    assert [row.pk for row in Session.objects.all()] == [running.session_key]
