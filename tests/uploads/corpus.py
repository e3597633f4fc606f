"""T-S3: files as people and attackers send them, made here, each with what must become of it."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image

JPEG, PNG, PDF_TYPE = "image/jpeg", "image/png", "application/pdf"
UNREADABLE, OTHER = "cannot be read", "Only pictures"
BOMB, JPEG_BOMB = "16 million pixels", "40 million pixels"
EMPTY, LARGE, TORN, HEIC = "is empty", "larger than 10 MB", "not complete", "HEIC"
# What must be in no picture that is kept.
MARKS = (b"<script", b"<svg", b"evil.class", b"PK\x03\x04", b"<?php", b"Exif", b"GPS", b"%PDF-")
PLACE = (52.0934, -1.9503)


@dataclass(frozen=True)
class File:
    """One file: `becomes` is the type it is kept as, else `says` stands in the refusal."""

    about: str
    name: str
    make: Callable[[], bytes]
    becomes: str = ""
    says: str = ""
    shown: str = ""
    spot: tuple[float, float] | None = None
    size: tuple[int, int] | None = None


@cache
def image(
    kind: str = "JPEG", size: tuple[int, int] = (48, 32), mode: str = "RGB", **more: Any
) -> bytes:
    """A picture with something on it, so that drawing it anew can be seen."""
    made = Image.linear_gradient("L").resize(size).convert(mode)
    written = BytesIO()
    made.save(written, kind, **dict(more))
    return written.getvalue()


def see_through() -> bytes:
    made = Image.new("RGBA", (30, 30), (200, 0, 0, 90))
    written = BytesIO()
    made.save(written, "WEBP")
    return written.getvalue()


def exif(
    *, south: bool = False, west: bool = True, place: Any = None, orientation: int = 0
) -> bytes:
    """EXIF data as a telephone writes it."""
    found = Image.Exif()
    found[0x010F], found[0x0110], found[0x0132] = "Maker", "Phone 9", "2026:11:22 09:00:00"
    if orientation:
        found[0x0112] = orientation
    gps = {
        1: "S" if south else "N",
        2: (52.0, 5.0, 36.24),
        3: "W" if west else "E",
        4: (1.0, 57.0, 1.08),
        29: "2026:11:22",
    }
    found.get_ifd(0x8825).update(gps if place is None else place)
    return bytes(found.tobytes())


def pdf(inside: bytes = b"") -> bytes:
    """A small PDF, complete."""
    body = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" + inside
    return body + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def zipped(name: str = "evil.class") -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(name, b"\xca\xfe\xba\xbe evil")
    return written.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack("!L", len(data)) + kind + data + struct.pack("!L", check)


def png_of(width: int, height: int, data: bytes = b"", extra: bytes = b"") -> bytes:
    """A PNG whose head says how large it is, whatever follows."""
    head = struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(data or b"\x00" * 64)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + extra + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def gif_of(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF0, 0, 0) + b"\x00" * 6 + (
        b",\x00\x00\x00\x00" + struct.pack("<HHB", width, height, 0) + b"\x02\x02\x44\x01\x00;"
    )  # fmt: skip


def with_comment(words: bytes) -> bytes:
    """A JPEG with a comment, in which anything may stand."""
    whole = image("JPEG")
    return whole[:2] + b"\xff\xfe" + struct.pack("!H", len(words) + 2) + words + whole[2:]


def webp_of(width: int, height: int) -> bytes:
    """A lossy WebP whose head says how large it is."""
    frame = b"\x10\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height) + b"\x00" * 32
    body = b"WEBPVP8 " + struct.pack("<L", len(frame)) + frame
    return b"RIFF" + struct.pack("<L", len(body)) + body


def frames(kind: str) -> bytes:
    written = BytesIO()
    pages = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (250, 10)]
    pages[0].save(written, kind, save_all=True, append_images=pages[1:], duration=80)
    return written.getvalue()


def _text_bomb() -> bytes:
    return png_of(10, 10, extra=chunk(b"zTXt", b"k\x00\x00" + zlib.compress(b"x" * 90_000_000)))


# --- kept -----------------------------------------------------------------------------------
_KEPT = [
    File("a photo", "photo.jpg", image, JPEG, size=(48, 32)),
    File("grey", "grey.jpeg", lambda: image(mode="L"), JPEG),
    File("for printers", "print.jpg", lambda: image(mode="CMYK"), JPEG),
    File("step by step", "slow.jpg", lambda: image(progressive=True), JPEG),
    File("a screenshot", "shot.png", lambda: image("PNG"), PNG),
    File("see-through", "logo.png", lambda: image("PNG", mode="RGBA"), PNG),
    File("with a palette", "palette.png", lambda: image("PNG", mode="P"), PNG),
    File("black and white", "fax.png", lambda: image("PNG", mode="1"), PNG),
    File("grey and see-through", "la.png", lambda: image("PNG", mode="LA"), PNG),
    File("sixteen bits", "deep.png", lambda: image("PNG", mode="I;16"), PNG),
    File("WebP", "photo.webp", lambda: image("WEBP"), JPEG),
    File("WebP without loss", "photo.webp", lambda: image("WEBP", lossless=True), JPEG),
    File("WebP, see-through", "photo.webp", see_through, PNG),
    File("a GIF", "old.gif", lambda: image("GIF", mode="P"), PNG),
    File("a moving GIF", "moving.gif", lambda: frames("GIF"), PNG, size=(20, 20)),
    File("a moving WebP", "moving.webp", lambda: frames("WEBP"), JPEG, size=(20, 20)),
    File("a moving PNG", "moving.png", lambda: frames("PNG"), PNG, size=(20, 20)),
    File("one pixel", "dot.png", lambda: image("PNG", (1, 1)), PNG, size=(1, 1)),
    File("long and thin", "strip.png", lambda: image("PNG", (5_000, 2)), PNG),
    File("larger than a screen", "big.jpg", lambda: image(size=(4_000, 3_000)), JPEG,
         size=(2_000, 1_500)),
    File("a large screenshot", "big.png", lambda: image("PNG", (2_400, 1_200)), PNG,
         size=(2_000, 1_000)),
    File("with a place", "at.jpg", lambda: image(exif=exif()), JPEG, spot=PLACE),
    File("with a place, PNG", "at.png", lambda: image("PNG", exif=exif()), PNG, spot=PLACE),
    File("with a place, WebP", "at.webp", lambda: image("WEBP", exif=exif()), JPEG, spot=PLACE),
    File("south and east", "at.jpg", lambda: image(exif=exif(south=True, west=False)), JPEG,
         spot=(-52.0934, 1.9503)),
    File("a place beyond the pole", "at.jpg",
         lambda: image(exif=exif(place={1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)})),
         JPEG),
    File("nought and nought", "at.jpg",
         lambda: image(exif=exif(place={1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)})),
         JPEG),
    File("half a place", "at.jpg", lambda: image(exif=exif(place={1: "N", 2: (52.0,)})), JPEG),
    File("turned left", "up.jpg", lambda: image(exif=exif(orientation=6)), JPEG, size=(32, 48),
         spot=PLACE),
    File("upside down", "up.jpg", lambda: image(exif=exif(orientation=3)), JPEG, size=(48, 32),
         spot=PLACE),
    File("a way up that is none", "up.jpg", lambda: image(exif=exif(orientation=99)), JPEG,
         spot=PLACE),
    File("EXIF that is torn", "up.jpg", lambda: image(exif=b"Exif\x00\x00MM\x00*\xff\xff"), JPEG),
    File("a PDF", "letter.pdf", pdf, PDF_TYPE),
    File("a PDF with a script", "form.pdf",
         lambda: pdf(b"2 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj"), PDF_TYPE),
    File("a PDF that opens a program", "run.pdf",
         lambda: pdf(b"2 0 obj<</S/Launch/F(cmd.exe)>>endobj"), PDF_TYPE),
    File("a PDF that is a page as well", "page.pdf",
         lambda: pdf(b"<script>alert(1)</script>"), PDF_TYPE),
    File("a PDF with a ZIP inside", "both.pdf", lambda: pdf(zipped()), PDF_TYPE),
]  # fmt: skip

# --- two things at once: only the picture is left ---------------------------------------------
_BOTH = [
    File("JPEG and JAR", "gifar.jpg", lambda: image() + zipped(), JPEG),
    File("GIF and JAR", "gifar.gif", lambda: image("GIF", mode="P") + zipped(), PNG),
    File("PNG and ZIP", "zip.png", lambda: image("PNG") + zipped(), PNG),
    File("a page in a comment", "page.jpg",
         lambda: with_comment(b"<html><script>alert(1)</script>"), JPEG),
    File("PHP in a comment", "shell.php.jpg", lambda: with_comment(b"<?php system($_GET[0]);"),
         JPEG, shown="shell.php.jpg"),
    File("SVG in a PNG's words", "svg.png",
         lambda: png_of(4, 4, b"\x00" * 52, chunk(b"tEXt", b"c\x00<svg onload=alert(1)>")), PNG),
    File("PDF after a JPEG", "pdf.jpg", lambda: image() + pdf(), JPEG),
    File("PDF in a comment", "pdf.jpg", lambda: with_comment(pdf()), JPEG),
    File("a colour profile that is a script", "icc.jpg",
         lambda: image(icc_profile=b"<script>alert(1)</script>" * 9), JPEG),
    File("XMP with a place", "xmp.jpg",
         lambda: with_comment(b"http://ns.adobe.com/xap/1.0/ exif:GPSLatitude 52,5.6N"), JPEG),
]  # fmt: skip

# --- other names than contents ----------------------------------------------------------------
_NAMES = [
    ("../../../etc/passwd", "passwd.jpg"),
    ("..\\..\\windows\\win.ini", "win.jpg"),
    ("/etc/cron.d/evil", "evil.jpg"),
    ("photo.jpg\x00.php", "photo.jpg.jpg"),
    ("\u202egpj.exe", "gpj.jpg"),
    ("x" * 300 + ".jpg", "x" * 116 + ".jpg"),
    ("photo.php.jpg", "photo.php.jpg"),
    ("photo.jpg.html", "photo.jpg.jpg"),
    (".htaccess", "htaccess.jpg"),
    ("   ", "file.jpg"),
    ("...", "file.jpg"),
    ("con.jpg", "con.jpg"),
    ("a\r\nSet-Cookie: x=1.jpg", "aSet-Cookie: x=1.jpg"),
    ("<img src=x onerror=alert(1)>.jpg", "<img src=x onerror=alert(1)>.jpg"),
    ("صورة.jpg", "صورة.jpg"),
    ("zażółć gęślą.jpeg", "zażółć gęślą.jpg"),
    ("🕳️ pothole.png", "🕳️ pothole.jpg"),
    ("photo.pdf", "photo.jpg"),
    ("page.svg", "page.jpg"),
    ("'; drop table--.jpg", "'; drop table--.jpg"),
]
_NAMED = [File(f"named {given[:24]!r}", given, image, JPEG, shown=shown) for given, shown in _NAMES]

# --- refused ----------------------------------------------------------------------------------
_REFUSED = [
    File("nothing", "nothing.jpg", lambda: b"", says=EMPTY),
    File("more than 10 MB", "large.pdf", lambda: pdf(b"x" * (10 * 1024 * 1024)), says=LARGE),
    File("half a photo", "half.jpg", lambda: image(size=(600, 400))[:2_000], says=UNREADABLE),
    File("half a screenshot", "half.png", lambda: image("PNG", (600, 400))[:300], says=UNREADABLE),
    File("half a WebP", "half.webp", lambda: image("WEBP", (600, 400))[:200], says=UNREADABLE),
    File("three bytes", "tiny.jpg", lambda: b"\xff\xd8\xff", says=UNREADABLE),
    File("a head alone", "head.png", lambda: b"\x89PNG\r\n\x1a\n", says=UNREADABLE),
    File("half a PDF", "half.pdf", lambda: pdf()[:-8], says=TORN),
    File("a PDF that starts late", "late.pdf", lambda: b"\n\n" + pdf(), says=OTHER),
    File("a ZIP bomb of a PNG", "bomb.png", lambda: png_of(50_000, 50_000), says=BOMB),
    File("just too many pixels", "bomb.png", lambda: png_of(8_000, 2_001), says=BOMB),
    File("a bomb of a GIF", "bomb.gif", lambda: gif_of(60_000, 60_000), says=BOMB),
    File("a bomb of a WebP", "bomb.webp", lambda: webp_of(16_000, 16_000), says=BOMB),
    File("a bomb of words", "words.png", _text_bomb, says=UNREADABLE),
    File("a JPEG of 65,000 by 65,000", "bomb.jpg",
         lambda: image().replace(struct.pack("!HH", 32, 48), struct.pack("!HH", 65_000, 65_000)),
         says=JPEG_BOMB),
    File("SVG", "drawing.svg", lambda: b"<svg xmlns='x' onload='alert(1)'/>", says=OTHER),
    File("SVG as a JPEG", "drawing.jpg", lambda: b"<?xml version='1.0'?><svg/>", says=OTHER),
    File("a page", "page.html", lambda: b"<!doctype html><script>alert(1)</script>", says=OTHER),
    File("a page as a PNG", "page.png", lambda: b"<html></html>", says=OTHER),
    File("a program", "photo.jpg", lambda: b"MZ" + b"\x00" * 200, says=OTHER),
    File("a program for Linux", "photo.jpg", lambda: b"\x7fELF" + b"\x00" * 200, says=OTHER),
    File("a script", "photo.jpg", lambda: b"#!/bin/sh\nrm -rf /\n", says=OTHER),
    File("a ZIP", "files.zip", zipped, says=OTHER),
    File("a document of Office", "letter.docx", lambda: zipped("word/document.xml"), says=OTHER),
    File("an old document", "letter.doc", lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 99, says=OTHER),
    File("HEIC", "IMG_1.HEIC", lambda: b"\x00\x00\x00\x18ftypheic" + b"\x00" * 99, says=HEIC),
    File("HEIC as a JPEG", "IMG_1.jpg", lambda: b"\x00\x00\x00\x18ftypmif1" + b"\x00" * 9,
         says=HEIC),
    File("AVIF", "photo.avif", lambda: b"\x00\x00\x00\x1cftypavif" + b"\x00" * 99, says=HEIC),
    File("a film", "film.mp4", lambda: b"\x00\x00\x00\x18ftypisom" + b"\x00" * 99, says=OTHER),
    File("sound", "song.mp3", lambda: b"ID3\x03" + b"\x00" * 99, says=OTHER),
    File("BMP", "old.bmp", lambda: image("BMP"), says=OTHER),
    File("TIFF", "scan.tiff", lambda: image("TIFF"), says=OTHER),
    File("an icon", "site.ico", lambda: image("ICO"), says=OTHER),
    File("words", "note.txt", lambda: b"the hole is by the bridge", says=OTHER),
    File("nothing but noughts", "zero.jpg", lambda: b"\x00" * 4_096, says=OTHER),
    File("RIFF that is no WebP", "sound.webp", lambda: b"RIFF\x10\x00\x00\x00WAVEfmt ", says=OTHER),
    File("EICAR", "eicar.com", lambda: b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-", says=OTHER),
]  # fmt: skip

FILES = [*_KEPT, *_BOTH, *_NAMED, *_REFUSED]
