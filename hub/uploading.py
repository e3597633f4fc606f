"""How files that a browser sends are received: no more is kept than may be, and a full disk is no
error of the page. What was not received whole says so, and the page goes on without it."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

# One byte more than is taken of one file, and somewhat more than is taken of all together.
MOST_OF_ONE = 10 * 1024 * 1024 + 1
MOST_OF_ALL = 26 * 1024 * 1024

log = logging.getLogger(__name__)


class Careful(TemporaryFileUploadHandler):
    """Writes files to the disk of temporary files up to our bounds; what comes after is dropped.

    A file that is not whole has `is_cut` (too long, by itself or with the others) or `is_lost`
    (it could not be written). Its size is the true one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._all = self._one = 0
        self._is_lost = self._is_cut = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The next file of the form begins."""
        self._one, self._is_lost, self._is_cut = 0, False, False
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._is_lost = True
            log.exception("upload.not_received")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A part of it: written, or dropped when there was too much already."""
        if self._is_lost:
            return
        size = len(raw_data)
        if self._one + size > MOST_OF_ONE or self._all + size > MOST_OF_ALL:
            self._is_cut = True
        if self._is_cut:
            return
        self._one, self._all = self._one + size, self._all + size
        try:
            self.file.write(raw_data)
        except OSError:
            self._is_lost = True
            log.exception("upload.not_received")

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """The file as the form finds it."""
        file: Any
        if self._is_lost:
            file = InMemoryUploadedFile(
                BytesIO(), self.field_name, self.file_name, self.content_type, file_size, None
            )
        else:
            self.file.seek(0)
            file = self.file
            file.size = file_size
        file.is_lost, file.is_cut = self._is_lost, self._is_cut
        found: UploadedFile[Any] = file
        return found
