"""Who is told what: plain values, no sockets."""

from __future__ import annotations

import json
from typing import Any

from hub.live.board import BEHIND, STREAMS_OF_ONE, Board, Stream


def told(stream: Stream) -> list[tuple[str, Any]]:
    found = []
    for packed in stream.waiting:
        kind, data = packed.decode().strip().split("\n")
        found.append((kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    stream.waiting.clear()
    return found


def joined(board: Board, staff: int, name: str, *topics: str) -> Stream:
    stream = board.join(staff, name, topics)
    assert stream is not None
    return stream


def test_pages_hear_of_their_topics_alone() -> None:
    board = Board()
    here, elsewhere = joined(board, 1, "Ada", "case:A"), joined(board, 2, "Ben", "case:B")
    board.tell_many([{"reference": "A"}], topic="case:A")
    board.tell_many([], topic="case:B")
    assert told(here) == [("changed", {"topic": "case:A", "changes": [{"reference": "A"}]})]
    assert told(elsewhere) == []


def test_who_is_here_and_writes_is_seen_once_and_goes_with_the_page() -> None:
    board = Board()
    ada, ben = joined(board, 1, "Ada", "case:A"), joined(board, 2, "Ben", "case:A")
    again = joined(board, 2, "Ben", "case:A", "queue")
    board.tell_presence(now=0)
    both = [
        {"staff": 1, "name": "Ada", "typing": False},
        {"staff": 2, "name": "Ben", "typing": False},
    ]
    assert told(ada) == [("present", {"topic": "case:A", "people": both})]
    board.tell_presence(now=1)
    assert told(ada) == []

    board.typing(2, "case:A", now=1)
    board.typing(2, "case:B", now=1)
    board.tell_presence(now=2)
    assert [one["typing"] for one in told(ada)[0][1]["people"]] == [False, True]
    board.leave(ben)
    board.tell_presence(now=3)
    assert [one["typing"] for one in told(ada)[0][1]["people"]] == [False, True]
    board.tell_presence(now=8)
    assert [one["typing"] for one in told(ada)[0][1]["people"]] == [False, False]
    board.leave(again)
    board.leave(again)
    board.tell_presence(now=9)
    assert told(ada) == [("present", {"topic": "case:A", "people": both[:1]})]


def test_a_slow_page_is_told_to_look_at_all_of_it() -> None:
    board = Board()
    slow = joined(board, 1, "Ada", "queue")
    for number in range(BEHIND + 1):
        board.tell("queue", "changed", {"number": number})
    assert told(slow) == [("missed", {})]


def test_the_oldest_page_of_one_person_makes_room() -> None:
    board = Board()
    pages = [joined(board, 1, "Ada", "queue") for _ in range(STREAMS_OF_ONE + 1)]
    assert pages[0].ended
    assert len(board) == STREAMS_OF_ONE
