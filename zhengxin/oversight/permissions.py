"""Who may do what with plans. Each rule once: check_x raises NotAllowed, can_x answers.

Plans are compiled by the open-government office (its clerks and leader) and the credit office; whoever
confirms is another person than whoever sent the file. The system itself (the command line) may send
and look, but confirms nothing.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed

_OFFICERS = (Role.CREDIT_OFFICER, Role.REVIEWER)
_OF_UNITS = (Role.CLERK, Role.LEADER)


def _passes(check: Callable[..., None], actor: Actor, **about: Any) -> bool:
    try:
        check(actor, **about)
    except NotAllowed:
        return False
    return True


def check_see_plans(actor: Actor) -> None:
    """See confirmed plans: whoever works for a unit, and supervisors."""
    if not actor.has(*_OFFICERS, *_OF_UNITS, Role.SUPERVISOR, Role.SYSTEM):
        raise NotAllowed(
            _("您不能查看工作方案。"),
            _("您的岗位不办理督办事项。"),
            _("请联系有这一岗位的同事。"),
        )


def can_see_plans(actor: Actor) -> bool:
    """True when check_see_plans passes."""
    return _passes(check_see_plans, actor)


def check_compile(actor: Actor, *, office_id: int | None) -> None:
    """Send, mend and discard readings. office_id: the open-government office, where the county has one."""
    of_office = actor.has(*_OF_UNITS) and office_id is not None and actor.unit_id == office_id
    if not (of_office or actor.has(*_OFFICERS, Role.SYSTEM)):
        raise NotAllowed(
            _("您不能上传或修改工作方案。"),
            _("工作方案由政务公开办公室和信用办整理。"),
            _("请把方案交给县政务公开办公室或信用办。"),
        )


def can_compile(actor: Actor, *, office_id: int | None) -> bool:
    """True when check_compile passes."""
    return _passes(check_compile, actor, office_id=office_id)


def check_confirm(actor: Actor, *, sent_by: int | None = None) -> None:
    """Confirm a plan: a named credit officer or reviewer, and not whoever sent it."""
    what = _("您不能确认这份方案。")
    _insist_officer(actor, what)
    if actor.is_or_acts_for(sent_by):
        raise NotAllowed(
            what, _("方案是您上传的，确认要由另一人办理。"), _("请由信用办另一名同事确认。")
        )


def can_confirm(actor: Actor, *, sent_by: int | None = None) -> bool:
    """True when check_confirm passes."""
    return _passes(check_confirm, actor, sent_by=sent_by)


def check_end(actor: Actor) -> None:
    """End a confirmed plan: a named credit officer or reviewer."""
    _insist_officer(actor, _("您不能终止方案。"))


def can_end(actor: Actor) -> bool:
    """True when check_end passes."""
    return _passes(check_end, actor)


def check_file(actor: Actor) -> None:
    """File an implementing plan: a named clerk or leader; of which units, the mandates say."""
    if not actor.has(*_OF_UNITS) or actor.account_id is None:
        raise NotAllowed(
            _("您不能报送实施方案。"),
            _("实施方案由承担任务的单位的经办人或负责人报送。"),
            _("请联系本单位有这一岗位的同事。"),
        )


def can_file(actor: Actor) -> bool:
    """True when check_file passes."""
    return _passes(check_file, actor)


def _insist_officer(actor: Actor, what: str) -> None:
    if not actor.has(*_OFFICERS) or actor.account_id is None:
        raise NotAllowed(
            what,
            _("这件事由信用办工作人员、复核人员办理。"),
            _("请联系有这一岗位的同事。"),
        )
