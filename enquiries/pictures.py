"""What an uploaded file is, by its content, and pictures drawn anew so that nothing hides in them.

Pure. Nothing that is not named here is taken. A PDF is kept as it came: it is only ever saved by
a browser, never shown by it. Where a photo was taken is read before it is drawn anew: the file
that is kept knows it no more. A file of a few bytes may unpack to very much: one picture is drawn
at a time in each process, so that the memory of one is all that is needed.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
# What is not made smaller while it is read lies unpacked in memory, several times over.
MAX_PIXELS_UNPACKED = 16_000_000
# One is drawn and two wait their turn; whoever comes beside them waits for a place but a moment,
# for the other threads of a web worker are for everybody else.
IN_LINE = 3
LONGEST_WAIT_SECONDS, MOMENT_SECONDS = 8.0, 2.0
# A picture is drawn no larger than a screen shows it; a thumbnail as large as a list does.
MAX_SIDE, SMALL_SIDE = 2_000, 320
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_HAS_ALPHA = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
# What can be made smaller as it is; other modes become grey or colours first.
_RESIZED_AS_IT_IS = frozenset({"L", "LA", "RGB", "CMYK", "RGBA", "I;16"})
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif"})
_QUALITY = 88
_SMALL_QUALITY = 75
_IN_LINE = threading.BoundedSemaphore(IN_LINE)
_DRAWING = threading.BoundedSemaphore(1)


class NotTaken(ValueError):
    """The file is not one of those that are taken; the words say why."""


class Busy(NotTaken):
    """Other pictures are being drawn. Nothing is wrong with this one."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a photo says that it was taken: degrees in WGS84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it is kept. A picture has a thumbnail, and where it was taken if it said so."""

    content: bytes
    content_type: str
    suffix: str
    thumbnail: bytes | None = None
    spot: Spot | None = None


def taken(content: bytes) -> Taken:
    """The file as it is kept, whatever its name says. Raises NotTaken, Busy."""
    if not content:
        raise NotTaken(_("The file is empty. Choose another one"))
    if len(content) > MAX_BYTES:
        raise NotTaken(too_large())
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2_048:]:
            raise NotTaken(_("The PDF is not complete. Save it again, and choose it once more"))
        return Taken(content, "application/pdf", ".pdf")
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise NotTaken(
            _(
                "We cannot open HEIC or AVIF photos. On an iPhone, choose it from Photos and not "
                "from Files: then it comes as a JPEG. Or add a screenshot of it"
            )
        )
    if not _looks_like_a_picture(content):
        raise NotTaken(_("Only pictures (JPEG, PNG, WebP, GIF) and PDFs can be added"))
    return _drawn_anew(content)


def too_large() -> str:
    """What is said of a file that has too many bytes, also where it was not read to its end."""
    return _("The file is larger than 10 MB. Choose a smaller one")


def _looks_like_a_picture(content: bytes) -> bool:
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    starts = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
    return is_webp or content.startswith(starts)


@contextmanager
def _ones_turn() -> Iterator[None]:
    """One at a time. Raises Busy where too many wait, or who waits has waited too long."""
    if not _IN_LINE.acquire(timeout=MOMENT_SECONDS):
        raise Busy(_busy())
    try:
        if not _DRAWING.acquire(timeout=LONGEST_WAIT_SECONDS):
            raise Busy(_busy())
        try:
            yield
        finally:
            _DRAWING.release()
    finally:
        _IN_LINE.release()


def _busy() -> str:
    return _(
        "Many pictures are being added just now. Go on without it, or choose it again in a minute"
    )


def _drawn_anew(content: bytes) -> Taken:
    most = MAX_PIXELS if _shrinks_as_it_is_read(content) else MAX_PIXELS_UNPACKED
    try:
        with _ones_turn(), Image.open(BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > most:
                raise NotTaken(_too_many_pixels(most))
            return _fresh(content, picture)
    except NotTaken:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotTaken(_too_many_pixels(most)) from error
    except Exception as error:  # a hostile file breaks a decoder in any way it likes
        raise NotTaken(
            _("The picture cannot be read. Save it again, or choose another one")
        ) from error


def _too_many_pixels(most: int) -> str:
    words = _("The picture has more than %(number)s million pixels. Make it smaller")
    return words % {"number": most // 1_000_000}


def _shrinks_as_it_is_read(content: bytes) -> bool:
    """Whether it is a JPEG that comes line by line, in one scan, as cameras and telephones write.

    What comes in several scans, each over the whole picture, is held whole until the last of them.
    """
    if not content.startswith(b"\xff\xd8"):
        return False
    at, of_frame = 2, 0
    while at + 10 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker == 0xDA:
            return content[at + 4] == of_frame
        if marker in (0xC0, 0xC1):
            of_frame = content[at + 9]
        elif marker == 0xFF:  # a byte that fills up
            at += 1
            continue
        at += 2 + length
    return False


def _fresh(content: bytes, picture: Image.Image) -> Taken:
    found = _spot(picture)
    has_alpha = picture.mode in _HAS_ALPHA or "transparency" in picture.info
    lossless = has_alpha or content.startswith((b"\x89PNG", b"GIF8"))
    fresh = _upright(picture, has_alpha=has_alpha)
    return _saved(fresh, lossless=lossless, spot=found)


def _upright(picture: Image.Image, *, has_alpha: bool) -> Image.Image:
    """The right way up, in colours, and no larger than it is kept."""
    way = _way_up(picture)
    # A JPEG is read at a half, a quarter or an eighth of its size where that is enough.
    longer = max(*picture.size, MAX_SIDE)
    width, height = (max(1, side * MAX_SIDE // longer) for side in picture.size)
    picture.draft(None, (width, height))
    picture.load()
    small = picture
    if picture.mode not in _RESIZED_AS_IT_IS:
        small = picture.convert("L" if picture.mode == "1" else "RGBA" if has_alpha else "RGB")
    small.thumbnail((MAX_SIDE, MAX_SIDE))
    if small.mode.startswith("I"):  # sixteen bits of grey, which would all become white
        small = small.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    small = small.convert("RGBA" if has_alpha else "RGB")
    # The way up stood in the EXIF data, which does not come along.
    bare = Image.new(small.mode, small.size)
    bare.paste(small)
    if way in range(2, 9):
        bare.getexif()[ExifTags.Base.Orientation] = way
        bare = ImageOps.exif_transpose(bare)
    return bare


def _way_up(picture: Image.Image) -> int:
    try:
        way = picture.getexif().get(ExifTags.Base.Orientation, 1)
        return int(way) if isinstance(way, int) else 1
    except Exception:  # what a camera wrote beside a picture never costs the picture
        return 1


def _spot(picture: Image.Image) -> Spot | None:
    """Where it was taken; None where it says nothing, or nothing that could be."""
    try:
        said = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(said[ExifTags.GPS.GPSLatitude], said[ExifTags.GPS.GPSLatitudeRef], "S")
        longitude = _degrees(
            said[ExifTags.GPS.GPSLongitude], said[ExifTags.GPS.GPSLongitudeRef], "W"
        )
    except Exception:  # as above
        return None
    in_range = abs(latitude) <= 90 and abs(longitude) <= 180
    # A camera that did not know where it was often writes nought and nought.
    is_known = (latitude, longitude) != (0.0, 0.0)
    return Spot(latitude, longitude) if in_range and is_known else None


def _degrees(parts: Sequence[Any], side: Any, negative: str) -> float:
    """Degrees, minutes and seconds as one number. Raises whatever such data makes of it."""
    degrees, minutes, seconds = (float(part) for part in parts)
    found = degrees + minutes / 60 + seconds / 3_600
    if not math.isfinite(found):
        raise ValueError(found)
    text = side.decode("ascii") if isinstance(side, bytes) else str(side)
    return round(-found if text.strip("\x00 ").upper() == negative else found, 6)


def _saved(picture: Image.Image, *, lossless: bool, spot: Spot | None) -> Taken:
    """The pixels alone: whatever else the file carried is left behind."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    thumbnail = _small(bare)
    if lossless:
        written = BytesIO()
        bare.save(written, "PNG", optimize=False)
        if written.tell() <= MAX_BYTES:
            return Taken(written.getvalue(), "image/png", ".png", thumbnail, spot)
    written = BytesIO()
    _on_white(bare).save(written, "JPEG", quality=_QUALITY)
    return Taken(written.getvalue(), "image/jpeg", ".jpg", thumbnail, spot)


def _small(picture: Image.Image) -> bytes:
    small = _on_white(picture).copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    written = BytesIO()
    small.save(written, "JPEG", quality=_SMALL_QUALITY)
    return written.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white
