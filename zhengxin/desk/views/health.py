"""How the program runs and what to put right: for the system administrator."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengxin.accounts import permissions
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.operations import queries as operations
from zhengxin.operations.enums import Verdict


@at_desk(permissions.check_see_health)
@require_safe
def health(request: DeskRequest) -> HttpResponse:
    """Every check of `zhengxin doctor` that asks nobody outside, those that fail first."""
    found = operations.findings(timezone.now())
    return page(
        request,
        "desk/health.html",
        section="health",
        failed=[each for each in found if each.verdict is Verdict.FAIL],
        warned=[each for each in found if each.verdict is Verdict.WARN],
        sound=[each for each in found if each.verdict is Verdict.OK],
    )
