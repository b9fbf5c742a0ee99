"""A page of an act says as it is opened when the act does not fit now, what stands, and where to go.

Only to whoever looks: whoever sends is told by the act itself, which also names who was first.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from zhengxin.desk.gate import DeskRequest
from zhengxin.kernel.refused import Refused


class NotNow(Refused):
    """The act of a page does not fit where its matter stands. back: the page that tells how it stands."""

    def __init__(self, what: str, why: str, remedy: str, back: str) -> None:
        super().__init__(what, why, remedy)
        self.back = back


def only_while(request: DeskRequest, fits: bool, *, stands: str, back: str) -> None:
    """Raises NotNow on looking while the act does not fit. stands: how it stands instead, such as 已办结."""
    if _looking(request) and not fits:
        raise NotNow(
            _("现在不能在这里办理。"),
            _("现在是：{stands}。").format(stands=stands),
            _("什么也没有改；请打开这一件看现在的情况。"),
            back,
        )


def only_if(request: DeskRequest, check: Callable[[], object], *, back: str) -> None:
    """Raises NotNow on looking when the check, which the act makes too, refuses; in its words."""
    if _looking(request):
        try:
            check()
        except Refused as refused:
            raise NotNow(refused.what, refused.why, refused.remedy, back) from refused


def _looking(request: DeskRequest) -> bool:
    return request.method in ("GET", "HEAD")
