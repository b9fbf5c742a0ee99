"""A file that came with an act, as a download."""

from collections.abc import Collection

from django.http import HttpResponse
from django.utils.translation import gettext as _

from zhengxin.desk.downloads import attachment_name
from zhengxin.desk.gate import DeskRequest, NotYours, looked_at
from zhengxin.desk.views.duties import TYPES
from zhengxin.evidence import queries as evidence


def piece_answer(
    request: DeskRequest, piece_id: int, held: Collection[int], kind: str, object_id: int
) -> HttpResponse:
    """The file, where it is one of those held by the thing that the reader may see. Raises NotYours."""
    found = evidence.pieces([piece_id]).get(piece_id) if piece_id in held else None
    if found is None:
        raise NotYours(_("没有找到这份材料。"), _("它不属于这一件。"), _("请从页面里打开。"))
    looked_at(request, f"{kind}.evidence", kind, object_id)
    answer = HttpResponse(
        evidence.content(piece_id), content_type=TYPES.get(found.kind, "application/octet-stream")
    )
    answer["Content-Disposition"] = attachment_name(found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
