"""Files are known by their content, and pictures are drawn anew: nothing hides in them."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor, wait
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from enquiries import pictures
from enquiries.pictures import NotTaken, taken

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SECRET = b"SECRET-52.0934-1.9503"


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    made = Image.new(mode, size)
    made.paste((200, 30, 30) if mode == "RGB" else 120, (0, 0, size[0] // 2, size[1] // 2))
    written = BytesIO()
    made.save(written, kind, **more)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that says it is very large."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "becomes"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("JPEG", "L"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("PNG", "P"), "image/png"),
        (picture("PNG", "I;16"), "image/png"),
        (picture("WEBP"), "image/jpeg"),
        (PDF, "application/pdf"),
    ],
)
def test_what_is_taken_and_as_what_it_is_kept(content: bytes, becomes: str) -> None:
    kept = taken(content)
    assert kept.content_type == becomes
    if becomes == "application/pdf":
        assert kept.content == content
    else:
        assert opened(kept.content).size == (40, 20)


def test_what_can_be_seen_through_stays_so() -> None:
    kept = taken(picture("WEBP", "RGBA"))
    assert kept.content_type == "image/png"
    assert opened(kept.content).mode == "RGBA"


def test_where_a_photograph_was_taken_is_gone_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (52.0, 5.0, 36.0)
    source = picture("JPEG", exif=exif.tobytes(), comment=SECRET, icc_profile=SECRET * 10)
    assert SECRET in source
    kept = taken(source)
    assert SECRET not in kept.content
    assert not opened(kept.content).getexif()
    assert opened(kept.content).size == (20, 40)


def test_texts_in_a_png_are_gone() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", SECRET.decode())
    source = picture("PNG", pnginfo=texts)
    assert SECRET in source
    assert SECRET not in taken(source).content


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04" + SECRET, PDF])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_hangs_behind_a_picture_is_gone(kind: str, tail: bytes) -> None:
    assert tail not in taken(picture(kind) + tail).content


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [7_000, 12_000, 60_000])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_drawn(
    monkeypatch: pytest.MonkeyPatch, side: int
) -> None:
    def never(*_args: Any, **_more: Any) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(Image.Image, "convert", never)
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", never)
    with pytest.raises(NotTaken, match="16 million pixels"):
        taken(bomb(side))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("kind", "more", "edge"),
    [
        ("JPEG", {}, "MAX_PIXELS"),
        ("JPEG", {"progressive": True}, "MAX_PIXELS_UNPACKED"),
        ("PNG", {}, "MAX_PIXELS_UNPACKED"),
        ("WEBP", {}, "MAX_PIXELS_UNPACKED"),
        ("GIF", {}, "MAX_PIXELS_UNPACKED"),
    ],
)
def test_what_does_not_shrink_while_it_is_read_has_a_narrower_edge(
    monkeypatch: pytest.MonkeyPatch, kind: str, more: dict[str, Any], edge: str
) -> None:
    assert (pictures.MAX_PIXELS, pictures.MAX_PIXELS_UNPACKED) == (40_000_000, 16_000_000)
    monkeypatch.setattr(pictures, edge, 800)
    assert taken(picture(kind, **more))
    with pytest.raises(NotTaken, match="million pixels"):
        taken(picture(kind, size=(41, 20), **more))


def test_a_jpeg_whose_colours_come_one_after_the_other_has_the_narrower_edge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS_UNPACKED", 800)
    at_once = picture("JPEG", size=(41, 20))
    assert taken(at_once)
    scan = at_once.index(b"\xff\xda")
    assert at_once[scan + 4] == 3
    with pytest.raises(NotTaken, match="million pixels"):
        taken(at_once[: scan + 4] + b"\x01" + at_once[scan + 5 :])


@pytest.mark.parametrize("size", [(4_100, 3_000), (9_000, 1_000), (30_000, 1), (1, 30_000)])
def test_a_large_photo_keeps_its_shape(size: tuple[int, int]) -> None:
    kept = opened(taken(picture("JPEG", size=size)).content)
    longer = max(size)
    assert kept.size == tuple(max(1, round(side * 2_000 / longer)) for side in size)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "1"), ("PNG", "L"), ("PNG", "LA"), ("PNG", "I;16"), ("PNG", "P"), ("GIF", "P")],
)
def test_a_picture_that_is_made_smaller_shows_what_it_showed(kind: str, mode: str) -> None:
    made = Image.new("L", (2_400, 1_200), 0)
    made.paste(255, (0, 0, 1_200, 1_200))
    deep = Image.new("I;16", made.size, 0)
    deep.paste(65_535, (0, 0, 1_200, 1_200))
    written = BytesIO()
    (deep if mode == "I;16" else made.convert(mode)).save(written, kind)
    kept = opened(taken(written.getvalue()).content).convert("RGB")
    assert kept.size == (2_000, 1_000)
    assert kept.getpixel((500, 500)) == (255, 255, 255)
    assert kept.getpixel((1_500, 500)) == (0, 0, 0)


def _held(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """A picture that is begun (the first event) and goes on when it may (the second)."""
    begun, go_on = threading.Event(), threading.Event()
    drawn = pictures._fresh

    def slowly(content: bytes, opened: Image.Image) -> Any:
        begun.set()
        assert go_on.wait(20)
        return drawn(content, opened)

    monkeypatch.setattr(pictures, "_fresh", slowly)
    return begun, go_on


def test_one_picture_is_drawn_at_a_time_and_who_comes_beside_those_that_wait_goes_on_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, go_on = _held(monkeypatch)
    monkeypatch.setattr(pictures, "MOMENT_SECONDS", 0.1)
    at_once: list[int] = []
    drawing = threading.Lock()
    saved = pictures._saved

    def alone(*args: Any, **more: Any) -> Any:
        at_once.append(int(drawing.acquire(blocking=False)))
        try:
            return saved(*args, **more)
        finally:
            drawing.release()

    monkeypatch.setattr(pictures, "_saved", alone)
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(taken, picture("PNG")) for _ in range(8)]
        assert begun.wait(20)
        refused, waiting = wait(sent, timeout=2)
        assert len(waiting) == pictures.IN_LINE
        go_on.set()
        assert [one.result(20).content_type for one in waiting] == ["image/png"] * len(waiting)
        for one in refused:
            with pytest.raises(pictures.Busy, match="Go on without it"):
                one.result()
    assert at_once == [1] * pictures.IN_LINE
    assert taken(picture("PNG"))  # nobody's place is kept


def test_many_small_pictures_at_once_are_all_taken() -> None:
    with ThreadPoolExecutor(12) as pool:
        kept = list(pool.map(taken, [picture("PNG")] * 12))
    assert [one.content_type for one in kept] == ["image/png"] * 12


def test_nobody_waits_longer_than_a_page_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = _held(monkeypatch)
    monkeypatch.setattr(pictures, "LONGEST_WAIT_SECONDS", 0.1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(taken, picture("PNG"))
        assert begun.wait(20)
        with pytest.raises(pictures.Busy):
            taken(picture("PNG"))
        go_on.set()
        assert first.result(20)
    assert taken(picture("PNG"))


def test_a_file_that_is_refused_keeps_nobody_waiting() -> None:
    for _ in range(pictures.IN_LINE + 1):
        with pytest.raises(NotTaken, match="cannot be read"):
            taken(picture("PNG")[:40])
    assert taken(picture("PNG"))


_MEASURES = """
import resource, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from enquiries import pictures
content = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert pictures.taken(content).content_type == "image/png"
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_the_worst_that_is_taken_needs_no_more_memory_than_the_page_for_operators_says() -> None:
    page = (Path(__file__).parents[2] / "docs" / "files-and-limits.md").read_text()
    said = re.search(r"Drawing needs up to (\d+) MB for each web worker", page)
    assert said
    written = BytesIO()
    Image.new("RGBA", (4_000, 4_000), (200, 0, 0, 90)).save(written, "WEBP", lossless=True)
    content = written.getvalue()
    assert len(content) < 5_000
    measured = subprocess.run(  # our own interpreter, our own words
        [sys.executable, "-c", _MEASURES], input=content, capture_output=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert int(measured.stdout) <= int(said[1])


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><body>%PDF-1.7 %%EOF</body></html>",
        b"\n%PDF-1.7\n%%EOF",  # a PDF for lenient readers, a script for others
        b"MZ\x90\x00" + PDF,
        b"PK\x03\x04" + b"\0" * 100,
        b"BM" + b"\0" * 100,
        b"II*\x00" + b"\0" * 100,
        b"RIFF\x00\x00\x00\x00AVI LIST",
        b"%!PS-Adobe-3.0",
        b"plain words",
    ],
)
def test_nothing_else_is_taken_whatever_it_is_called(content: bytes) -> None:
    with pytest.raises(NotTaken, match="Only pictures"):
        taken(content)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff",
        picture("JPEG")[:60],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        picture("PNG")[:40],
        b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\0" * 40,
        b"\xff\xd8\xff\xe0" + PDF,
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    ],
)
def test_a_broken_picture_says_so(content: bytes) -> None:
    with pytest.raises(NotTaken, match="cannot be read"):
        taken(content)


def test_a_text_chunk_that_swells_is_refused() -> None:
    swollen = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 5_000_000))
    source = picture("PNG")
    with pytest.raises(NotTaken, match="cannot be read"):
        taken(source[:33] + swollen + source[33:])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-" + b"\0" * pictures.MAX_BYTES, "larger than 10 MB"),
        (b"%PDF-1.7\nhalf of it", "not complete"),
    ],
)
def test_what_is_wrong_is_said(content: bytes, words: str) -> None:
    with pytest.raises(NotTaken, match=words):
        taken(content)
