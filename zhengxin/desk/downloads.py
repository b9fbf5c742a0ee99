"""Files handed out by the desk."""

from typing import BinaryIO

from django.http import FileResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment_name(filename: str) -> str:
    """A Content-Disposition value that keeps Chinese file names (RFC 5987)."""
    return content_disposition_header(True, filename) or "attachment"


def workbook(book: BinaryIO, filename: str) -> FileResponse:
    """A workbook as a download, streamed."""
    response = FileResponse(book, content_type=XLSX)
    response["Content-Disposition"] = attachment_name(filename)
    response["X-Content-Type-Options"] = "nosniff"
    return response
