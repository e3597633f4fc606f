"""A scanner of our own on the loopback: speaks clamd's protocol, or breaks it as it is told to."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SIGNATURE = b"EICAR-TEST"


@dataclass
class Scanner:
    """`mood` is what it does with the next file; `seen` are the files that came whole."""

    url: str = ""
    mood: str = "scan"
    seen: list[bytes] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def answer(self, line: socket.socket) -> None:
        line.settimeout(10)
        if self.mood == "close":
            return
        if self.mood == "hang":
            self.stopped.wait(10)
            return
        content = _stream(line)
        self.seen.append(content)
        if self.mood == "close late":
            return
        if self.mood == "drip":
            while not self.stopped.wait(0.05):
                line.sendall(b"s")
            return
        words = {
            "garbage": b"\x00\xff\xfe lorem\x00",
            "limit": b"INSTREAM size limit exceeded. ERROR\x00",
            "half": b"stream: O",
            "much": b"x" * 9_000,
            "other": b"stream: OK FOUND or not\x00",
        }.get(self.mood)
        if words is None:
            words = (
                b"stream: Win.Test.EICAR_HDB-1 FOUND\x00"
                if SIGNATURE in content
                else b"stream: OK\x00"
            )
        line.sendall(words)


def _stream(line: socket.socket) -> bytes:
    assert _exactly(line, 10) == b"zINSTREAM\x00"
    content = b""
    while True:
        (size,) = struct.unpack("!L", _exactly(line, 4))
        if not size:
            return content
        content += _exactly(line, size)


def _exactly(line: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = line.recv(size - len(found))
        if not part:
            raise ConnectionError("the client went away")
        found += part
    return found


@contextmanager
def scanner(path: str = "") -> Iterator[Scanner]:
    """A scanner on a port of the loopback, or on a Unix socket at `path`."""
    family = socket.AF_UNIX if path else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.bind(path or ("127.0.0.1", 0))
        door.listen(8)
        found = Scanner(f"unix://{path}" if path else f"tcp://127.0.0.1:{door.getsockname()[1]}")

        def serve() -> None:
            while True:
                try:
                    line, _ = door.accept()
                except OSError:
                    return
                with line:
                    try:
                        found.answer(line)
                    except OSError:
                        continue

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield found
        finally:
            found.stopped.set()
            door.shutdown(socket.SHUT_RDWR)
