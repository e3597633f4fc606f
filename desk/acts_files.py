"""A file that the hub adds to a case: a letter from the counter, a photo sent to a colleague."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.permissions import Permission, Viewer
from desk.case_act import CaseAct, Data, Done
from desk.forms_files import reader_field
from desk.referral_forms import FileForm
from enquiries.actions import attachments

_DONE = {
    "us": "File added. Only the hub opens it",
    "shared": "File added. Partners who have the case open it too",
    "public": "File added. The citizen is being told",
}


class AddFileForm(FileForm):
    """A file, and who opens it."""

    seen_by = reader_field()


def _add(reference: str, who: Viewer, data: Data, now: datetime) -> Done:
    file: UploadedFile[Any] = data["file"]
    added = attachments.attach_by_hub(
        reference=reference,
        viewer=who,
        name=file.name or "",
        content=file.read(),
        seen_by=data["seen_by"],
        now=now,
    )
    if added.is_waiting:
        return Done("File added. It opens once it was checked")
    return Done(_DONE[data["seen_by"]])


FILE = CaseAct(
    "attach", "Add a file", "Add the file", AddFileForm,
    Permission.RESOLVE, "can_note", _add, "File added", key="f",
    template="desk/case/file.html",
)  # fmt: skip
