"""What an uploaded file is, by its content, and pictures drawn anew so that nothing hides in them.

Pure. Nothing that is not named here is taken. A PDF is kept as it came: it is only ever saved by
a browser, never shown by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_HAS_ALPHA = frozenset({"RGBA", "LA", "PA"})
_QUALITY = 88
_UNREADABLE = "The picture cannot be read. Save it again, or choose another one"
_TOO_LARGE = "The picture has more than 40 million pixels. Make it smaller"


class NotTaken(ValueError):
    """The file is not one of those that are taken; the words say why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it is kept."""

    content: bytes
    content_type: str
    suffix: str


def taken(content: bytes) -> Taken:
    """The file as it is kept, whatever its name says. Raises NotTaken."""
    if not content:
        raise NotTaken("The file is empty. Choose another one")
    if len(content) > MAX_BYTES:
        raise NotTaken("The file is larger than 10 MB. Choose a smaller one")
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2_048:]:
            raise NotTaken("The PDF is not complete. Save it again, and choose it once more")
        return Taken(content, "application/pdf", ".pdf")
    if not _looks_like_a_picture(content):
        raise NotTaken("Only pictures (JPEG, PNG, WebP) and PDFs can be added")
    return _drawn_anew(content)


def _looks_like_a_picture(content: bytes) -> bool:
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return is_webp or content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def _drawn_anew(content: bytes) -> Taken:
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NotTaken(_TOO_LARGE)
            # The way up stood in the EXIF data, which does not come along.
            upright = ImageOps.exif_transpose(picture)
            has_alpha = upright.mode in _HAS_ALPHA or "transparency" in upright.info
            fresh = upright.convert("RGBA" if has_alpha else "RGB")
        lossless = has_alpha or content.startswith(b"\x89PNG")
        return _saved(fresh, lossless=lossless)
    except NotTaken:
        raise
    except Image.DecompressionBombError as error:
        raise NotTaken(_TOO_LARGE) from error
    except Exception as error:  # a hostile file breaks a decoder in any way it likes
        raise NotTaken(
            "The picture cannot be read. Save it again, or choose another one"
        ) from error


def _saved(picture: Image.Image, *, lossless: bool) -> Taken:
    """The pixels alone: whatever else the file carried is left behind."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    if lossless:
        written = BytesIO()
        bare.save(written, "PNG", optimize=False)
        if written.tell() <= MAX_BYTES:
            return Taken(written.getvalue(), "image/png", ".png")
    if bare.mode == "RGBA":
        white = Image.new("RGB", bare.size, "white")
        white.paste(bare, mask=bare.getchannel("A"))
        bare = white
    written = BytesIO()
    bare.save(written, "JPEG", quality=_QUALITY)
    return Taken(written.getvalue(), "image/jpeg", ".jpg")
