"""Without its database the hub says "in a moment", never that the citizen did something wrong."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import RequestFactory

from hub import errors


def interrupted(cause: DatabaseError) -> SessionInterrupted:
    """As Django raises it when a session cannot be saved: each while handling the one before."""
    update, session = UpdateError(), SessionInterrupted("The session was deleted")
    update.__context__, session.__context__ = cause, update
    return session


@pytest.mark.parametrize("path", ["/ask/x/check/", "/desk/", "/kiosk/", "/api/v1/enquiries/"])
@pytest.mark.parametrize("failure", [OperationalError("gone"), InterfaceError("closed")])
def test_a_lost_database_is_503_with_a_time_to_come_back(rf: RequestFactory, path, failure):
    try:
        raise failure
    except (OperationalError, InterfaceError):
        answer = errors.server_error(rf.post(path))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"


def test_a_session_that_the_lost_database_could_not_keep_is_not_the_citizens_mistake(rf):
    answer = errors.bad_request(rf.post("/ask/x/check/"), interrupted(OperationalError("gone")))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"


@pytest.mark.django_db
def test_other_mistakes_stay_what_they_are(rf):
    assert errors.bad_request(rf.post("/"), ValueError("no")).status_code == 400
    try:
        raise ValueError("a bug")
    except ValueError:
        assert errors.server_error(rf.get("/")).status_code == 500


def test_a_page_whose_database_is_away_is_503(client, monkeypatch):
    def lost(*_: object, **__: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("channels.web.ask.journey.load", lost)
    client.raise_request_exception = False
    answer = client.get("/ask/abc/check/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert b"Not available for a moment" in answer.content
