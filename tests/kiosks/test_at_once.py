"""Heartbeats of one device from several of its tabs at the same moment."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import connection
from django.test import Client

import accounts.queries
from tests import kiosk_device
from tests.kiosks.test_pulse import beat, later, pages, said
from tests.partnership import load_partnership


@pytest.mark.django_db(transaction=True)
def test_two_heartbeats_at_once_change_the_session_once_and_shut_nobody_out():
    load_partnership()
    device = kiosk_device.enrolled(accounts.queries.sites("kiosk")[0].slug)
    first = device.client.cookies["kiosk"].value
    beat(device)
    later(device, 9.5)
    body = json.dumps(said()).encode()
    tabs = [Client(), Client(), Client()]
    gate = threading.Barrier(len(tabs))

    def call(tab: Client) -> None:
        tab.cookies["kiosk"] = first
        headers = {"DPoP": device.proof("/kiosk/pulse/", body)}
        gate.wait()
        try:
            tab.post("/kiosk/pulse/", body, content_type="application/json", headers=headers)
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=[tab]) for tab in tabs]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    tokens = [tab.cookies["kiosk"].value for tab in tabs]
    assert tokens.count(first) == len(tabs) - 1
    assert [pages(token) for token in tokens] == [200] * len(tabs)
