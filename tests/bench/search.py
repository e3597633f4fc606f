"""Search at twenty thousand articles and services, by kind of query, whole calls on the wall."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

SIZE = 20_000
SERVICES = 2_000
ROUNDS = 40
QUERIES: Mapping[str, Sequence[str]] = {
    "words": ("bin not emptied", "dead fox", "blue badge", "help with rent", "lost dog"),
    "typos": ("rubish", "counsil tax", "graffitti on wal", "houseing benifit", "alotment"),
    "common": ("council", "house", "collection", "help", "council tax house collection"),
    "sentences": (
        "someone has dumped a mattress and three bags of rubbish at the end of our street",
        "my neighbour plays loud music every night and the children cannot sleep",
    ),
    "postcodes": ("wr114aa bins", "pothole B97 4AB"),
    "nothing": ("xqzzv blorptk", "asdfghjkl qwertyuiop"),
    "typing": ("bi", "poth", "council ta"),
}
_START, _MIDDLE, _END = "bcdfghklmnprstvw", "aeiou", "bdgklmnprst"


def fill(count: int = SIZE, *, seed: int = 1) -> None:
    """So many entries beside those of the catalogue, in words that are spread as people's are."""
    from kb.actions import index
    from kb.models import Article, Service

    chance = random.Random(seed)
    words = _words(chance)
    services = [
        Service(
            slug=f"made-{number}", lgsl=100_000 + number, name=_say(chance, words, 3)[:80],
            label=_say(chance, words, 3)[:120], group=f"Made group {number % 20}",
            summary=_say(chance, words, 12)[:200], owner_tier="district",
            resolution_class="REQUEST", promise_wd=5, location="none", family="made",
            synonyms=", ".join(_say(chance, words, 2) for _ in range(10)),
        )
        for number in range(SERVICES)
    ]  # fmt: skip
    Service.objects.bulk_create(services, batch_size=1000)
    articles = [
        Article(
            slug=f"made-{number}", service=chance.choice(services),
            title=_say(chance, words, 6)[:120], summary=_say(chance, words, 14)[:200],
            body=_say(chance, words, 180), short=_say(chance, words, 25)[:300],
            reviewed_on=date(2026, 1, 1),
        )
        for number in range(count - SERVICES)
    ]  # fmt: skip
    Article.objects.bulk_create(articles, batch_size=1000)
    index()


def _words(chance: random.Random) -> list[str]:
    """The catalogue's own words, the commonest first, and thirty thousand made ones."""
    from kb.models import Word

    ours = list(Word.objects.order_by("-entries", "word").values_list("word", flat=True))
    made = {
        "".join(
            chance.choice(_START) + chance.choice(_MIDDLE) + chance.choice(_END)
            for _ in range(chance.choice((2, 2, 3)))
        )
        for _ in range(30_000)
    }
    return ours + sorted(made)


def _say(chance: random.Random, words: Sequence[str], count: int) -> str:
    # Zipf's law: the word of rank n is said about one nth as often as the first.
    ranks = (int(len(words) ** chance.random()) - 1 for _ in range(count))
    return " ".join(words[rank] for rank in ranks)


def finding(rounds: int = ROUNDS) -> dict[str, Any]:
    """p50 and p95 in milliseconds of each kind of query; the bound of all is 40."""
    from kb import search
    from kb.models import Entry

    took: dict[str, list[float]] = {}
    for queries in QUERIES.values():  # plans and caches are warm, as in a hub that runs
        for query in queries:
            search.find(query)
    for _ in range(rounds):
        for kind, queries in QUERIES.items():
            for query in queries:
                began = time.perf_counter()
                search.find(query, typing=kind == "typing", limit=20)
                took.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
    every = [one for kind in took.values() for one in kind]
    return {
        "entries": Entry.objects.count(),
        "p50_ms": round(statistics.median(every), 1),
        "p95_ms": round(_p95(every), 1),
        **{f"p95_ms_{kind}": round(_p95(values), 1) for kind, values in took.items()},
        "n": len(every),
    }


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def filled() -> dict[str, Any]:
    """Fills the database of a bench, and measures."""
    from django.db import connection

    began = time.perf_counter()
    fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE kb_entry, kb_word")
    return {"fill_s": round(time.perf_counter() - began, 1), **finding()}
