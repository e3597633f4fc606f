"""T-S3: every file of the corpus becomes what its row says, and no place is left in any."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from enquiries.actions import uploads
from enquiries.models import Upload
from tests.uploads import corpus
from tests.uploads.corpus import File
from tests.uploads.steps import on_disk
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(corpus.FILES) >= 80


@pytest.mark.parametrize("file", corpus.FILES, ids=lambda file: file.about)
def test_a_file_becomes_what_its_row_says(file: File, media: Path) -> None:
    content = file.make()
    if file.says:
        with pytest.raises(uploads.FileNotTaken, match=file.says):
            uploads.add(journey="form", name=file.name, content=content, now=NOW)
        assert (Upload.objects.count(), on_disk(media)) == (0, set())
        return
    added = uploads.add(journey="form", name=file.name, content=content, now=NOW)
    kept = Upload.objects.get()
    assert kept.content_type == file.becomes
    assert on_disk(media) == {str(kept.public_id)}
    assert file.shown in ("", kept.name)
    assert kept.name.isprintable()
    assert not set("/\\") & set(kept.name)
    assert len(kept.name) <= 120
    found = (added.spot.latitude, added.spot.longitude) if added.spot else None
    assert found == (pytest.approx(file.spot) if file.spot else None)
    stored = (media / "attachments" / str(kept.public_id)).read_bytes()
    assert len(stored) == kept.size
    if kept.content_type == corpus.PDF_TYPE:
        assert stored == content
        assert kept.thumbnail is None
        return
    _is_bare(stored, file)
    _is_bare(bytes(kept.thumbnail or b""), file, most=320)


def _is_bare(stored: bytes, file: File, most: int = 2_000) -> None:
    """A picture and nothing else: no words of others, no place, no more than a screen holds."""
    assert [mark for mark in corpus.MARKS if mark in stored] == []
    with Image.open(BytesIO(stored)) as picture:
        picture.load()
        assert dict(picture.getexif()) == {}
        assert max(picture.size) <= most
        if file.size and most > max(file.size):
            assert picture.size == file.size
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info)


def test_a_picture_shows_what_it_showed(media: Path) -> None:
    made = Image.new("RGB", (60, 20), "white")
    made.paste((200, 0, 0), (0, 0, 30, 20))
    written = BytesIO()
    made.save(written, "PNG")
    uploads.add(journey="form", name="half.png", content=written.getvalue(), now=NOW)
    stored = (media / "attachments" / next(iter(on_disk(media)))).read_bytes()
    with Image.open(BytesIO(stored)) as picture:
        assert picture.convert("RGB").getpixel((5, 10)) == (200, 0, 0)
        assert picture.convert("RGB").getpixel((55, 10)) == (255, 255, 255)


def test_sixteen_bits_of_grey_do_not_become_white(media: Path) -> None:
    written = BytesIO()
    Image.new("I;16", (10, 10), 128 * 256).save(written, "PNG")
    uploads.add(journey="form", name="deep.png", content=written.getvalue(), now=NOW)
    stored = (media / "attachments" / next(iter(on_disk(media)))).read_bytes()
    with Image.open(BytesIO(stored)) as picture:
        assert picture.convert("L").getpixel((5, 5)) == 128
