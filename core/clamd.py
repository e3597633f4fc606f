"""Asks a virus scanner (clamd) about a file, by its INSTREAM command over TCP or a Unix socket.

https://docs.clamav.net/manual/Usage/Scanning.html#clamd: each part goes with its length before
it, a part without length is the end, and one line comes back.
"""

from __future__ import annotations

import socket
import struct
import time
from typing import IO, Final
from urllib.parse import urlsplit

PART: Final = 64 * 1024
LONGEST_ANSWER: Final = 4_096
# A scanner that has its hands full still answers within this; what is slower is asked again later.
SECONDS: Final = 60.0
_DEFAULT_PORT: Final = 3310


class NotAnswered(Exception):
    """The scanner is away, hangs, or says what we do not understand: nothing is known."""


def address(url: str) -> tuple[str, int] | str:
    """Host and port of tcp://host:port, or the path of unix:///path. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme == "tcp" and parts.hostname and parts.path in ("", "/"):
        return parts.hostname, parts.port or _DEFAULT_PORT
    if parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/"):
        return parts.path
    raise ValueError("CLAMD_URL is tcp://host:port or unix:///path")


def scan(url: str, file: IO[bytes], *, seconds: float = SECONDS) -> str:
    """The name of what was found in a file; "" for a clean one. Raises NotAnswered."""
    deadline = time.monotonic() + seconds
    try:
        with _connected(address(url), seconds) as line:
            line.sendall(b"zINSTREAM\0")
            while part := file.read(PART):
                _in_time(line, deadline)
                line.sendall(struct.pack("!L", len(part)) + part)
            line.sendall(struct.pack("!L", 0))
            answer = _answer(line, deadline)
    except (OSError, ValueError) as error:
        raise NotAnswered(f"{type(error).__name__}: {error}") from error
    return _read(answer)


def _connected(where: tuple[str, int] | str, seconds: float) -> socket.socket:
    if isinstance(where, tuple):
        return socket.create_connection(where, timeout=seconds)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(seconds)
        line.connect(where)
    except OSError:
        line.close()
        raise
    return line


def _in_time(line: socket.socket, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scanner was too slow")
    line.settimeout(left)


def _answer(line: socket.socket, deadline: float) -> bytes:
    """The one line; a scanner that sends letter by letter has no longer than one that hangs."""
    found = b""
    while not found.endswith(b"\0") and len(found) <= LONGEST_ANSWER:
        _in_time(line, deadline)
        part = line.recv(LONGEST_ANSWER)
        if not part:
            break
        found += part
    return found


def _read(answer: bytes) -> str:
    words = answer.rstrip(b"\0\n").decode("utf-8", "replace")
    if not answer.endswith((b"\0", b"\n")):
        raise NotAnswered(f"half an answer: {words[:80]!r}")
    if words == "stream: OK":
        return ""
    if words.startswith("stream: ") and words.endswith(" FOUND"):
        return words.removeprefix("stream: ").removesuffix(" FOUND")[:120] or "unnamed"
    raise NotAnswered(f"not understood: {words[:80]!r}")
