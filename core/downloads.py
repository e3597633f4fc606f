"""Files as answers: saved by a browser and never shown, or small pictures that we drew ourselves.

Whatever they hold, it runs nothing here.
"""

from __future__ import annotations

from typing import IO

from django.http import FileResponse, HttpResponse

POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def saved(file: IO[bytes], *, name: str, content_type: str) -> FileResponse:
    """A file as an answer, to be saved under its name, and kept by nobody on the way."""
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    _guarded(response)
    return response


def drawn(picture: bytes) -> HttpResponse:
    """A picture that we drew ourselves (a JPEG), to be shown in a page of ours."""
    response = HttpResponse(picture, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    _guarded(response)
    return response


def _guarded(response: HttpResponse | FileResponse) -> None:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"


def of_answer(file: IO[bytes], *, name: str, content_type: str) -> FileResponse:
    """What a published page shows: a picture that we drew, or something to be saved. Anybody may
    keep it for an hour: its address names one content for ever."""
    is_picture = content_type.startswith("image/")
    response = FileResponse(
        file, as_attachment=not is_picture, filename=name, content_type=content_type
    )
    _guarded(response)
    response["Cache-Control"] = "public, max-age=3600"
    return response
