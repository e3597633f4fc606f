"""Searches by people who read the site in Polish, with and without the marks of their letters."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from hub.languages import COOKIE
from kb import search, tongues

# What is typed, and one of the first three that have to be found; for the day of a bin the service
# that says it is as right as its answer, as in the table in English.
QUERIES = {
    "śmieci": "find-bin-day;missed-bin",
    "smieci": "find-bin-day;missed-bin",
    "kosz nie opróżniony": "missed-bin",
    "dziura w jezdni": "pothole",
    "dziura": "pothole",
    "hałas": "noise",
    "halas": "noise",
    "latarnia": "street-light",
    "szkoła": "primary-school-place",
    "mieszkanie": "housing-register",
    "karta parkingowa": "blue-badge",
    "urodzenie": "register-birth",
    "szczury": "pest-control",
    # What people call a service, where its name has other words.
    "dziura w drodze": "pothole",
    "bezdomny": "homelessness",
    "nie mam gdzie spać": "homelessness",
    "kosz na śmieci": "missed-bin",
    "stara kanapa": "bulky-waste",
    "przemoc domowa": "domestic-abuse;safety-advice",
    "policja": "report-crime",
    "woda na ulicy": "blocked-drain",
    "drzewo na drodze": "road-obstruction",
    "niepełnosprawny": "blue-badge;disabled-facilities-grant",
}
# As agreed for the table in English (test_table).
WANTED = 0.9


@pytest.mark.django_db
def test_nine_of_ten_searches_in_polish_bring_what_is_meant(partnership: None) -> None:
    call_command("import_words", stdout=StringIO())
    missed = {}
    for query, wanted in QUERIES.items():
        hits = [hit.slug for hit in search.find(query).hits[:3]]
        if not set(wanted.split(";")) & set(hits):
            missed[query] = (wanted, hits)
    tongues.forget()
    assert len(missed) <= len(QUERIES) * (1 - WANTED), missed


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["chcę umrzeć", "chce umrzec", "I want to die"])
def test_words_of_danger_are_known_and_answered_in_polish(
    partnership: None, client: Client, words: str
) -> None:
    call_command("import_words", stdout=StringIO())
    client.cookies[COOKIE] = "pl"
    shown = client.get("/search/", {"q": words}).content.decode()
    assert "Jeśli zagrożone jest życie, zadzwoń" in shown
    assert "nie chcę żyć" not in shown
