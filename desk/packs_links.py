"""How sure the links are that the one-stop rate of a pack rests on, as the page says it."""

from __future__ import annotations

from typing import Any

from accounts.permissions import Viewer
from desk import performance_links

Block = dict[str, Any]


def blocks(viewer: Viewer) -> list[Block]:
    """Precision and recall of the newest checked sample, and what is to be said over the rate."""
    found = performance_links.links(viewer)
    rows = [[str(one["label"]), str(one["value"]), str(one["note"])] for one in found.stats]
    told: list[Block] = [{"kind": "heading", "level": 2, "text": "How sure the links are"}]
    if found.alarm:
        told.append({"kind": "words", "text": found.alarm})
    head = ["Figure", "Is", "What it rests on"]
    return [*told, {"kind": "table", "head": head, "rows": rows, "texts": 3}]
