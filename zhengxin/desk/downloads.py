"""Files handed out by the desk."""

from pathlib import Path

from django.http import FileResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment_name(filename: str) -> str:
    """A Content-Disposition value that keeps Chinese file names (RFC 5987)."""
    return content_disposition_header(True, filename) or "attachment"


def workbook(path: Path, filename: str) -> FileResponse:
    """A workbook from disk as a download, streamed."""
    response = FileResponse(path.open("rb"), content_type=XLSX)
    response["Content-Disposition"] = attachment_name(filename)
    response["X-Content-Type-Options"] = "nosniff"
    return response
