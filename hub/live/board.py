"""Who listens to what, who looks at what and writes there: in memory alone, plain values."""

from __future__ import annotations

import itertools
import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

# A sign of typing holds for so many seconds; pages give one every three.
TYPING_LASTS: Final = 6.0
STREAMS: Final = 4_000
STREAMS_OF_ONE: Final = 16
# What a page that is slow to read may fall behind; then it is told to look at everything again.
BEHIND: Final = 200
# Topics whose listeners are told who else listens.
_SEEN: Final = ("case:", "contact:")

_numbers = itertools.count(1)


@dataclass(slots=True, eq=False)
class Stream:
    """One open page: its topics and what it is still to be told."""

    staff: int
    name: str
    topics: tuple[str, ...]
    number: int = field(default_factory=lambda: next(_numbers))
    waiting: deque[bytes] = field(default_factory=deque)
    ended: bool = False


def event(kind: str, data: object) -> bytes:
    """One server-sent event."""
    return f"event: {kind}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


class Board:
    """What is told to whom. Used by one thread; times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._by_topic: dict[str, dict[int, Stream]] = {}
        self._streams: dict[int, Stream] = {}
        self._typing: dict[str, dict[int, float]] = {}
        self._moved: set[str] = set()

    def __len__(self) -> int:
        return len(self._streams)

    def join(self, staff: int, name: str, topics: Sequence[str]) -> Stream | None:
        """A new stream; None when there are too many. Of one person the oldest makes room."""
        if len(self._streams) >= STREAMS:
            return None
        own = [one for one in self._streams.values() if one.staff == staff]
        if len(own) >= STREAMS_OF_ONE:
            self.leave(own[0])
        stream = Stream(staff, name, tuple(topics))
        self._streams[stream.number] = stream
        for topic in stream.topics:
            self._by_topic.setdefault(topic, {})[stream.number] = stream
            self._look_again(topic)
        return stream

    def leave(self, stream: Stream) -> None:
        """The page was closed; a second time does nothing."""
        stream.ended = True
        if self._streams.pop(stream.number, None) is None:
            return
        for topic in stream.topics:
            listeners = self._by_topic.get(topic, {})
            listeners.pop(stream.number, None)
            if not listeners:
                self._by_topic.pop(topic, None)
            if not any(one.staff == stream.staff for one in listeners.values()):
                self._typing.get(topic, {}).pop(stream.staff, None)
            self._look_again(topic)

    def typing(self, staff: int, topic: str, *, now: float) -> None:
        """Somebody who listens to the topic writes there."""
        listeners = self._by_topic.get(topic, {})
        if any(one.staff == staff for one in listeners.values()):
            self._typing.setdefault(topic, {})[staff] = now + TYPING_LASTS
            self._look_again(topic)

    def tell(self, topic: str, kind: str, data: object) -> None:
        """Puts one event before every page that listens to the topic."""
        listeners = self._by_topic.get(topic)
        if listeners:
            packed = event(kind, data)
            for stream in listeners.values():
                _put(stream, packed)

    def tell_many(self, changes: Sequence[Mapping[str, object]], *, topic: str) -> None:
        """Several changes of one topic as one event."""
        if changes:
            self.tell(topic, "changed", {"topic": topic, "changes": list(changes)})

    def tell_all(self, kind: str, data: object) -> None:
        """Puts one event before every page."""
        packed = event(kind, data)
        for stream in self._streams.values():
            _put(stream, packed)

    def tell_presence(self, *, now: float) -> None:
        """Who is where, to those who look at the same, where that has changed."""
        for topic in [*self._typing]:
            mine = self._typing[topic]
            for staff in [one for one, until in mine.items() if until <= now]:
                del mine[staff]
                self._look_again(topic)
            if not mine:
                del self._typing[topic]
        moved, self._moved = self._moved, set()
        for topic in moved:
            self.tell(topic, "present", {"topic": topic, "people": list(self._people(topic))})

    def listeners(self) -> list[Stream]:
        """Those with something still to be told."""
        return [one for one in self._streams.values() if one.waiting]

    def _people(self, topic: str) -> Iterator[dict[str, object]]:
        typing = self._typing.get(topic, {})
        seen: dict[int, str] = {}
        for stream in self._by_topic.get(topic, {}).values():
            seen.setdefault(stream.staff, stream.name)
        for staff, name in seen.items():
            yield {"staff": staff, "name": name, "typing": staff in typing}

    def _look_again(self, topic: str) -> None:
        if topic.startswith(_SEEN):
            self._moved.add(topic)


def _put(stream: Stream, packed: bytes) -> None:
    if len(stream.waiting) >= BEHIND:
        stream.waiting.clear()
        packed = event("missed", {})
    stream.waiting.append(packed)
