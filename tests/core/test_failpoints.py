import os

import pytest

from core import failpoints


@pytest.fixture
def deaths(monkeypatch):
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    return codes


def test_the_place_that_is_named_ends_a_development_process(deaths, settings, monkeypatch):
    settings.HUB_DEVELOPMENT = True
    monkeypatch.setenv("FAILPOINT", "here")
    failpoints.reach("there")
    assert deaths == []
    failpoints.reach("here")
    assert deaths == [137]


def test_in_production_no_place_ends_anything(deaths, settings, monkeypatch):
    settings.HUB_DEVELOPMENT = False
    monkeypatch.setenv("FAILPOINT", "here")
    failpoints.reach("here")
    assert deaths == []


def test_without_being_asked_nothing_ends(deaths, settings, monkeypatch):
    settings.HUB_DEVELOPMENT = True
    monkeypatch.delenv("FAILPOINT", raising=False)
    failpoints.reach("here")
    assert deaths == []
