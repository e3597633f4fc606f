"""What stands on the first page of a letter, and where: read from its PDF as a reader would."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

A4_POINTS, MM = 841.89, 25.4 / 72
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_IS_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_OBJECT = re.compile(rb"(?ms)^(\d+) 0 obj\n(.*?)\nendobj")
_RUN = re.compile(
    rb"1 0 0 -1 ([\d.]+) ([\d.]+) cm.*?/(f\d+) ([\d.]+) Tf.*?Tm(.*?)T[Jj]\nET", re.DOTALL
)
_SIGN = re.compile(rb"\\([0-7]{3}|.)|(.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Run:
    """Words in a row: the start of their line in millimetres from the left and the top."""

    left: float
    top: float
    points: float
    words: str


def inside(pdf: bytes) -> bytes:
    """All that a PDF holds, unpacked."""
    return b"\n".join([pdf, *_streams(pdf)])


def runs(pdf: bytes) -> list[Run]:
    """The words of the first page."""
    return next(every_page(pdf))


def every_page(pdf: bytes) -> Iterator[list[Run]]:
    """The words of each page, in the order in which they are drawn."""
    objects = {int(one[1]): one[2] for one in _OBJECT.finditer(pdf)}
    for page in objects.values():
        if _IS_PAGE.search(page):
            resources, contents = (
                objects[int(number)]
                for name in (rb"Resources", rb"Contents")
                for number in re.findall(rb"/%s (\d+) 0 R" % name, page)
            )
            named = re.search(rb"/Font<<(.*?)>>", resources, re.DOTALL)
            assert named is not None
            yield _runs(objects, named[1], next(_streams(contents)))


def _runs(objects: dict[int, bytes], fonts: bytes, page: bytes) -> list[Run]:
    letters = {}
    for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", fonts):
        link = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
        assert link is not None
        letters[name] = _letters(next(_streams(objects[int(link[1])])))
    return [
        Run(float(x) * MM, (A4_POINTS - float(y)) * MM, float(size), _said(shown, letters[font]))
        for x, y, font, size, shown in _RUN.findall(page)
    ]


def _streams(pdf: bytes) -> Iterator[bytes]:
    for stream in _STREAM.finditer(pdf):
        try:
            yield zlib.decompress(stream[1])
        except zlib.error:
            continue


def _letters(table: bytes) -> dict[int, str]:
    rows = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", table.partition(b"beginbf")[2])
    return {int(code, 16): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in rows}


def _said(shown: bytes, letters: dict[int, str]) -> str:
    """What stands in brackets, which may hold others; between them are widths."""
    codes, depth = bytearray(), 0
    for escaped, plain in _SIGN.findall(shown):
        depth -= plain == b")"
        if depth:
            codes += _escaped(escaped) if escaped else plain
        depth += plain == b"("
    pairs = zip(codes[::2], codes[1::2], strict=True)
    # What only changes the sign before it may be in its table, and not by itself.
    return "".join(letters.get(high << 8 | low, "") for high, low in pairs)


def _escaped(sign: bytes) -> bytes:
    return bytes([int(sign, 8)]) if len(sign) == 3 else _NAMED.get(sign, sign)
