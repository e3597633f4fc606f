"""T-R6: one key, fifty callers at once, one enquiry (reliability.md)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from enquiries.models import Contact, Enquiry, Receipt
from tests.api.conftest import BIN, System
from tests.world import build

CALLERS = 50


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_callers_with_one_key_store_one_enquiry_and_are_told_the_same():
    token = build().token("worcester-city")
    start = Barrier(CALLERS)

    def call(_: int):
        system = System(token)
        start.wait()
        try:
            answer = system.send(key="the-same")
            return answer.status_code, answer.content, answer.headers.get("Idempotent-Replayed")
        finally:
            connection.close()

    with ThreadPoolExecutor(CALLERS) as threads:
        answers = list(threads.map(call, range(CALLERS)))
    assert {status for status, _, _ in answers} == {201}
    assert len({body for _, body, _ in answers}) == 1
    assert [replayed for _, _, replayed in answers].count("true") == CALLERS - 1
    assert Enquiry.objects.count() == Receipt.objects.count() == Contact.objects.count() == 1
    other = System(token).send({**BIN, "description": "Another thing"}, key="the-same")
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"
    assert Enquiry.objects.count() == 1
