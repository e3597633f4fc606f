"""Files that a browser saves and never shows: whatever they hold, it runs nothing here."""

from __future__ import annotations

from typing import IO

from django.http import FileResponse

POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def saved(file: IO[bytes], *, name: str, content_type: str) -> FileResponse:
    """A file as an answer, to be saved under its name, and kept by nobody on the way."""
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
