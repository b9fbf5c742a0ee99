"""Which role may do what. Each rule once: check_x raises NotAllowed, can_x answers.

Pages ask the same rule for the button and for the refusal. The system itself (scheduled jobs, the
command line of whoever runs the machine) may submit and open accounts, but decides nothing about anyone.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from zhengxin.accounts.rules import ADMINISTRATORS, SECOND_FACTOR
from zhengxin.audit.permissions import can_read_audit as can_read_audit
from zhengxin.audit.permissions import check_read_audit as check_read_audit
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed

_SENDERS = (Role.CLERK, Role.LEADER, Role.CREDIT_OFFICER)
_OFFICERS = (Role.CREDIT_OFFICER, Role.REVIEWER)
# Who could decide such things compares a signed paper with its scan.
COMPARING = (Role.LEADER, *_OFFICERS)
_OF_ACCOUNTS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SYSTEM)


def _insist(actor: Actor, roles: tuple[Role, ...], what: str, why: str = "") -> None:
    if not actor.has(*roles):
        raise NotAllowed(
            what,
            why or _("这件事由%(roles)s办理。") % {"roles": _("、").join(r.label for r in roles)},
            _("请联系有这一岗位的同事；岗位登记有误的，请联系安全保密管理员。"),
        )


def _passes(check: Callable[..., None], actor: Actor, **about: int | None) -> bool:
    try:
        check(actor, **about)
    except NotAllowed:
        return False
    return True


def _insist_own_unit(actor: Actor, unit_id: int, what: str) -> None:
    if not actor.has(Role.SYSTEM) and actor.unit_id != unit_id:
        raise NotAllowed(what, _("这是其他单位的报送。"), _("请由报送单位的经办人办理。"))


def check_submit(actor: Actor, *, unit_id: int | None = None) -> None:
    """Send records for a unit: its own clerk, leader or credit officer. Without a unit: the role only."""
    what = _("您不能报送。")
    _insist(actor, (*_SENDERS, Role.SYSTEM), what, _("报送由本单位的报送经办人、单位负责人办理。"))
    if unit_id is not None:
        _insist_own_unit(actor, unit_id, what)


def can_submit(actor: Actor, *, unit_id: int | None = None) -> bool:
    """True when check_submit passes."""
    return _passes(check_submit, actor, unit_id=unit_id)


def check_own_submission(actor: Actor, *, unit_id: int) -> None:
    """Get back what a unit itself wrote (the workbook of faulty rows): the sending unit only."""
    what = _("您不能取回这份工作簿。")
    _insist(actor, (*_SENDERS, Role.SYSTEM), what, _("工作簿含原表内容，只交还报送单位。"))
    _insist_own_unit(actor, unit_id, what)


def can_own_submission(actor: Actor, *, unit_id: int) -> bool:
    """True when check_own_submission passes."""
    return _passes(check_own_submission, actor, unit_id=unit_id)


def check_see_submissions(actor: Actor) -> None:
    """See submissions and receipts; which units' is limited by subjects.queries.visible_units."""
    roles = (*_SENDERS, Role.REVIEWER, Role.SUPERVISOR, Role.SYSTEM)
    _insist(actor, roles, _("您不能查看报送。"), _("您的岗位不办理信用记录。"))


def can_see_submissions(actor: Actor) -> bool:
    """True when check_see_submissions passes."""
    return _passes(check_see_submissions, actor)


def check_search_files(actor: Actor) -> None:
    """Search subjects; opening a file has its own rule, subjects.permissions.check_open_file."""
    roles = (*_SENDERS, Role.REVIEWER, Role.SUPERVISOR)
    _insist(actor, roles, _("您不能查找信用档案。"), _("您的岗位不办理信用记录。"))


def can_search_files(actor: Actor) -> bool:
    """True when check_search_files passes."""
    return _passes(check_search_files, actor)


def check_decide_attribution(actor: Actor) -> None:
    """Decide whose a waiting record is."""
    _insist(actor, _OFFICERS, _("您不能认定主体。"))


def can_decide_attribution(actor: Actor) -> bool:
    """True when check_decide_attribution passes."""
    return _passes(check_decide_attribution, actor)


def check_grade(actor: Actor) -> None:
    """Grade a breach that the law's tables leave ungraded."""
    _insist(actor, _OFFICERS, _("您不能定级。"))


def can_grade(actor: Actor) -> bool:
    """True when check_grade passes."""
    return _passes(check_grade, actor)


def check_release(actor: Actor, *, proposed_by: int | None = None) -> None:
    """Release free text: a reviewer, and not the account that sent or proposed it."""
    what = _("您不能放行文本。")
    _insist(actor, (Role.REVIEWER,), what)
    if actor.account_id is None or actor.is_or_acts_for(proposed_by):
        raise NotAllowed(
            what, _("这段文本是您报送或提出的，放行要由另一人办理。"), _("请由另一名复核人员办理。")
        )


def can_release(actor: Actor, *, proposed_by: int | None = None) -> bool:
    """True when check_release passes."""
    return _passes(check_release, actor, proposed_by=proposed_by)


def check_erase(actor: Actor) -> None:
    """Erase the content of a record for good: a reviewer, by name."""
    what = _("您不能抹去记录的内容。")
    _insist(actor, (Role.REVIEWER,), what)
    if actor.account_id is None:
        raise NotAllowed(what, _("抹去内容要由具名的复核人员决定。"), _("请登录后办理。"))


def can_erase(actor: Actor) -> bool:
    """True when check_erase passes."""
    return _passes(check_erase, actor)


def check_hold(actor: Actor) -> None:
    """See legal holds and place one, by name."""
    what = _("您不能设保全。")
    _insist(actor, _OFFICERS, what)
    if actor.account_id is None:
        raise NotAllowed(what, _("保全要由具名的人决定。"), _("请登录后办理。"))


def can_hold(actor: Actor) -> bool:
    """True when check_hold passes."""
    return _passes(check_hold, actor)


def check_lift_hold(actor: Actor) -> None:
    """Lift a legal hold: a reviewer; that it is another person than placed it, retention sees to."""
    _insist(actor, (Role.REVIEWER,), _("您不能解除保全。"))


def can_lift_hold(actor: Actor) -> bool:
    """True when check_lift_hold passes."""
    return _passes(check_lift_hold, actor)


def check_see_agreements(actor: Actor) -> None:
    """See sharing agreements (a unit's clerk and leader: those of the own unit)."""
    roles = (*_SENDERS, Role.REVIEWER, Role.SUPERVISOR)
    _insist(actor, roles, _("您不能查看共享协议。"), _("您的岗位不办理信用记录。"))


def can_see_agreements(actor: Actor) -> bool:
    """True when check_see_agreements passes."""
    return _passes(check_see_agreements, actor)


def check_make_agreement(actor: Actor) -> None:
    """Make or end a sharing agreement between units."""
    _insist(actor, (Role.CREDIT_OFFICER,), _("您不能订立或终止共享协议。"))


def can_make_agreement(actor: Actor) -> bool:
    """True when check_make_agreement passes."""
    return _passes(check_make_agreement, actor)


def check_register_recipient(actor: Actor) -> None:
    """Register who may download adverse entries, or end a registration."""
    _insist(actor, (Role.CREDIT_OFFICER,), _("您不能登记取用人。"))


def can_register_recipient(actor: Actor) -> bool:
    """True when check_register_recipient passes."""
    return _passes(check_register_recipient, actor)


def check_see_health(actor: Actor) -> None:
    """See how the program runs and what is misconfigured: the system administrator."""
    _insist(actor, (Role.SYSTEM_ADMIN,), _("您不能查看运行状况。"), _("运行状况由系统管理员查看。"))


def can_see_health(actor: Actor) -> bool:
    """True when check_see_health passes."""
    return _passes(check_see_health, actor)


def check_open_account(actor: Actor) -> None:
    """Open or close an account: the system administrator."""
    _insist(
        actor,
        (Role.SYSTEM_ADMIN, Role.SYSTEM),
        _("您不能开通或停用账号。"),
        _("账号由系统管理员开通和停用。"),
    )


def can_open_account(actor: Actor) -> bool:
    """True when check_open_account passes."""
    return _passes(check_open_account, actor)


def check_give_post(actor: Actor, *, account_id: int | None = None) -> None:
    """Give or end a post: the security administrator, and never one's own."""
    what = _("您不能登记岗位。")
    why = _("岗位由安全保密管理员登记。")
    _insist(actor, (Role.SECURITY_ADMIN, Role.SYSTEM), what, why)
    if actor.is_or_acts_for(account_id):
        raise NotAllowed(what, _("不能给自己登记岗位。"), _("请由另一名安全保密管理员办理。"))


def can_give_post(actor: Actor, *, account_id: int | None = None) -> bool:
    """True when check_give_post passes."""
    return _passes(check_give_post, actor, account_id=account_id)


def check_end_identity(actor: Actor, *, account_id: int) -> None:
    """End the binding to the identity provider: one's own, or the system administrator."""
    if actor.account_id == account_id and actor.on_behalf_of is None:
        return
    _insist(
        actor,
        (Role.SYSTEM_ADMIN, Role.SYSTEM),
        _("您不能解除别人的统一认证绑定。"),
        _("绑定由本人或系统管理员解除。"),
    )


def check_see_accounts(actor: Actor) -> None:
    """See everybody's accounts, posts and delegations: the three administrators."""
    what = _("您不能查看账号。")
    _insist(actor, _OF_ACCOUNTS, what, _("账号名册由三名管理员查看。"))


def can_see_accounts(actor: Actor) -> bool:
    """True when check_see_accounts passes."""
    return _passes(check_see_accounts, actor)


def check_delegate(
    actor: Actor, *, holder_id: int, unit_id: int, role: str, delegate_id: int | None = None
) -> None:
    """Let another account act in a post for some days: its holder, its unit's leader, the security administrator.

    An administrator's post: its holder or the security administrator. Nobody gives a post of another
    to oneself, and a post one stands in for is not passed on.
    """
    what = _("您不能委托这个岗位。")
    own = holder_id == actor.account_id and actor.on_behalf_of is None
    leads = (
        actor.has(Role.LEADER)
        and actor.unit_id == unit_id
        and role not in ADMINISTRATORS
        and not actor.is_or_acts_for(holder_id)
    )
    if not own and not leads:
        why = _("岗位由本人、本单位负责人或安全保密管理员委托。")
        _insist(actor, (Role.SECURITY_ADMIN, Role.SYSTEM), what, why)
        if actor.is_or_acts_for(holder_id):
            raise NotAllowed(
                what, _("代行的岗位不能再委托给别人。"), _("请由岗位本人或本单位负责人办理。")
            )
    if delegate_id is not None and actor.is_or_acts_for(delegate_id):
        raise NotAllowed(what, _("不能把岗位委托给自己。"), _("请选择另一个人。"))


def can_delegate(actor: Actor, *, holder_id: int, unit_id: int, role: str) -> bool:
    """True when check_delegate passes."""
    try:
        check_delegate(actor, holder_id=holder_id, unit_id=unit_id, role=role)
    except NotAllowed:
        return False
    return True


def check_end_delegation(
    actor: Actor, *, holder_id: int, delegate_id: int, unit_id: int, role: str
) -> None:
    """End a delegation early: whoever may delegate the post, and the delegate."""
    if actor.account_id is not None and actor.account_id == delegate_id:
        return
    check_delegate(actor, holder_id=holder_id, unit_id=unit_id, role=role)


def can_end_delegation(
    actor: Actor, *, holder_id: int, delegate_id: int, unit_id: int, role: str
) -> bool:
    """True when check_end_delegation passes."""
    return actor.account_id == delegate_id or can_delegate(
        actor, holder_id=holder_id, unit_id=unit_id, role=role
    )


def check_sign(actor: Actor) -> None:
    """Sign an act, or attest a signature on paper: by name, in a role that decides; never a clerk alone."""
    what = _("您不能签署。")
    roles = tuple(role for role in Role if role in SECOND_FACTOR)
    _insist(actor, roles, what, _("签署要由有决定权的岗位本人办理，报送经办人不签署。"))
    if actor.account_id is None:
        raise NotAllowed(what, _("签署要由具名的人办理。"), _("请登录后办理。"))


def check_see_papers(actor: Actor) -> None:
    """See one's own papers and those of one's unit: whoever decides on records, and leaders."""
    _insist(actor, COMPARING, _("您不能查看签署单。"))


def check_hand_in(actor: Actor, *, account_id: int, unit_id: int | None) -> None:
    """Hand in the scan of a signed sheet: who signed it, or a colleague who may sign."""
    check_sign(actor)
    if actor.account_id != account_id and actor.unit_id != unit_id:
        raise NotAllowed(
            _("您不能上传这份扫描件。"),
            _("这是其他单位的签署单。"),
            _("请由签字人或本单位的同事上传。"),
        )


def check_compare(
    actor: Actor, *, account_id: int, unit_id: int | None, scanned_by: int | None
) -> None:
    """Compare a scan with what was printed: a second person of the unit who could decide such things."""
    check_sign(actor)
    what = _("您不能比对这份签署单。")
    _insist(actor, COMPARING, what)
    if actor.unit_id != unit_id:
        raise NotAllowed(what, _("这是其他单位的签署单。"), _("请由签字人本单位的同事比对。"))
    if actor.is_or_acts_for(account_id) or actor.is_or_acts_for(scanned_by):
        raise NotAllowed(
            what, _("比对要由签字人和上传人以外的人办理。"), _("请由本单位另一名同事办理。")
        )


def can_compare(
    actor: Actor, *, account_id: int, unit_id: int | None, scanned_by: int | None
) -> bool:
    """True when check_compare passes."""
    try:
        check_compare(actor, account_id=account_id, unit_id=unit_id, scanned_by=scanned_by)
    except NotAllowed:
        return False
    return True


def can_sign(actor: Actor) -> bool:
    """True when check_sign passes."""
    return _passes(check_sign, actor)


def check_lift_lock(actor: Actor, *, account_id: int | None = None) -> None:
    """Lift a lock: the security administrator, and never one's own; or whoever runs the machine."""
    what = _("您不能解除锁定。")
    _insist(actor, (Role.SECURITY_ADMIN, Role.SYSTEM), what)
    if account_id is not None and account_id == actor.account_id:
        raise NotAllowed(what, _("不能给自己解除锁定。"), _("请由另一名安全保密管理员办理。"))


def can_lift_lock(actor: Actor, *, account_id: int | None = None) -> bool:
    """True when check_lift_lock passes."""
    return _passes(check_lift_lock, actor, account_id=account_id)


def check_reset_factors(actor: Actor, *, account_id: int | None = None) -> None:
    """Take a person's second factors away, so that they enrol anew: the security administrator, never one's own."""
    what = _("您不能重置第二因子。")
    _insist(actor, (Role.SECURITY_ADMIN, Role.SYSTEM), what)
    if account_id is not None and account_id == actor.account_id:
        raise NotAllowed(what, _("不能重置自己的第二因子。"), _("请由另一名安全保密管理员办理。"))


def can_reset_factors(actor: Actor, *, account_id: int | None = None) -> bool:
    """True when check_reset_factors passes."""
    return _passes(check_reset_factors, actor, account_id=account_id)
