"""Files are known by their content, and pictures are drawn anew: nothing hides in them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
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
    with pytest.raises(NotTaken, match="40 million pixels"):
        taken(bomb(side))


def test_forty_million_pixels_are_the_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 800)
    assert taken(picture("PNG"))
    with pytest.raises(NotTaken, match="40 million pixels"):
        taken(picture("PNG", size=(41, 20)))


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
