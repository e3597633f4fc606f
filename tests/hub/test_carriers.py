"""Who carries what by the settings of a machine."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from hub import carriers, env

POSTBOX = {"sms": ["postbox"], "email": ["postbox"]}
TEMPLATES = {"sms": "1", "received.email.en-gb": "2"}


@pytest.mark.parametrize(
    ("usual", "own", "templates", "first", "found"),
    [
        ({}, {}, {}, False, {}),
        (POSTBOX, {}, {}, False, POSTBOX),
        (POSTBOX, {"sms": "twilio", "email": ""}, {}, False,
         {"sms": ["twilio"], "email": ["postbox"]}),
        ({}, {"sms": "twilio"}, TEMPLATES, False,
         {"sms": ["twilio", "notify"], "email": ["notify"]}),
        (POSTBOX, {"sms": "twilio"}, TEMPLATES, True,
         {"sms": ["notify", "twilio"], "email": ["notify"]}),
    ],
)  # fmt: skip
def test_the_routes_of_a_machine(usual, own, templates, first, found) -> None:
    assert carriers.routes(usual, own=own, templates=templates, notify_first=first) == found


@pytest.mark.parametrize("name", ["fax", "received.fax.en-gb", "received.sms", "a.b.c.d", "."])
def test_a_template_of_no_medium_stops_the_start(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="NOTIFY_TEMPLATES"):
        carriers.routes({}, own={}, templates={name: "1"}, notify_first=False)


def test_tables_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_TEMPLATES", " sms = 1 , email=2,")
    assert env.pairs("NOTIFY_TEMPLATES") == {"sms": "1", "email": "2"}
    monkeypatch.setenv("NOTIFY_TEMPLATES", "")
    assert env.pairs("NOTIFY_TEMPLATES") == {}
    for wrong in ("sms", "sms=", "=1", "sms=1,email"):
        monkeypatch.setenv("NOTIFY_TEMPLATES", wrong)
        with pytest.raises(ImproperlyConfigured, match="NOTIFY_TEMPLATES"):
            env.pairs("NOTIFY_TEMPLATES")
