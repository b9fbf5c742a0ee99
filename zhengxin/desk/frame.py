"""What stands round every page of the desk: who is signed in, where one can go, what was just done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts import permissions
from zhengxin.accounts.models import Post
from zhengxin.duties.permissions import check_see_duties
from zhengxin.handover.permissions import check_see_exchange
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.messages import queries as messages
from zhengxin.objections.permissions import check_see_objections
from zhengxin.oversight.proposals.permissions import check_see_proposals
from zhengxin.repair.permissions import check_see_repairs
from zhengxin.subjects import queries as subjects


@dataclass(frozen=True, slots=True)
class Door:
    """One entry of the main navigation."""

    section: str
    label: str
    url: str


def may(check: Callable[[Actor], object], actor: Actor) -> bool:
    """True when `check` lets the actor through: buttons and refusals share one rule."""
    try:
        check(actor)
    except Refused:
        return False
    return True


def _doors(actor: Actor) -> Iterator[Door]:
    yield Door("today", _("今日"), reverse("desk:today"))
    if may(permissions.check_see_submissions, actor):
        yield Door("submissions", _("报送"), reverse("desk:submissions"))
        yield Door("quality", _("质量"), reverse("desk:quality"))
    if may(permissions.check_decide_attribution, actor):
        yield Door("attribution", _("主体"), reverse("desk:attribution"))
    if may(permissions.check_grade, actor):
        yield Door("grading", _("定级"), reverse("desk:grading"))
        yield Door("notices", _("公示"), reverse("desk:notices"))
    if may(permissions.check_release, actor):
        yield Door("release", _("文本"), reverse("desk:release"))
    if may(permissions.check_see_papers, actor):
        yield Door("papers", _("签署单"), reverse("desk:papers"))
    if may(check_see_duties, actor):
        yield Door("oversight", _("督办"), reverse("desk:duties"))
    elif may(check_see_proposals, actor):
        yield Door("oversight", _("建议提案"), reverse("desk:proposals"))
    if may(check_see_objections, actor):
        yield Door("objections", _("异议"), reverse("desk:objections"))
    if may(check_see_repairs, actor):
        yield Door("repair", _("修复"), reverse("desk:repairs"))
    if may(permissions.check_search_files, actor):
        yield Door("files", _("档案"), reverse("desk:files"))
    if may(permissions.check_see_agreements, actor):
        yield Door("agreements", _("共享"), reverse("desk:agreements"))
    if may(permissions.check_register_recipient, actor):
        yield Door("recipients", _("取用"), reverse("desk:recipients"))
    if may(permissions.check_see_health, actor):
        yield Door("health", _("运行"), reverse("desk:health"))
    if may(check_see_exchange, actor):
        yield Door("exchange", _("上报"), reverse("desk:exchange"))
    if may(permissions.check_lift_lock, actor):
        yield Door("locks", _("锁定"), reverse("desk:locks"))
    if may(permissions.check_read_audit, actor):
        yield Door("audit", _("审计"), reverse("desk:audit"))
    if may(permissions.check_see_accounts, actor):
        yield Door("accounts", _("账号"), reverse("desk:accounts"))
    yield Door("account", _("我的"), reverse("desk:account"))
    yield Door("portal", _("公开站"), reverse("portal:home"))


def page(
    request: HttpRequest,
    template: str,
    *,
    section: str = "",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Renders a page of the desk; `section` names the entry of the navigation it belongs to."""
    actor: Actor | None = getattr(request, "actor", None)
    post: Post | None = getattr(request, "post_held", None)
    context |= {
        "section": section,
        "actor": actor,
        "post_held": post,
        "own_unit": subjects.unit(post.unit_id) if post else None,
        "doors": list(_doors(actor)) if actor and post else [],
        "unread": messages.unread(actor.account_id) if actor and actor.account_id and post else 0,
        "now": timezone.now(),
    }
    drawn = render(request, template, context, status=status)
    signing = context.get("signing")
    return signing.printed(drawn) if signing is not None and signing.paper else drawn
