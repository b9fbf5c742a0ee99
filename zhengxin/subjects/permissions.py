"""Who may open whose file. Each rule once: check_x raises, can_x answers."""

from datetime import date

from django.utils.translation import gettext as _

from zhengxin.audit.actions import PurposeMissing
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.subjects import queries
from zhengxin.subjects.types import AgreementLine, Scope


def _read_whole_county(actor: Actor) -> bool:
    return actor.has(Role.CREDIT_OFFICER, Role.REVIEWER, Role.SUPERVISOR)


def check_open_file(actor: Actor, *, subject_id: int, on: date, purpose: str = "") -> Scope:
    """Open a subject's file; answers which units' lines and which fields may be shown.

    A purpose (here or on the actor) is always needed. Natural persons' files open only to the
    credit office, reviewers and supervisors; a clerk or leader sees the own unit's lines, and of
    another unit's file what an agreement in force names. Raises NotAllowed, PurposeMissing.
    """
    subject = queries.subject_card(subject_id)
    whole_county = _read_whole_county(actor)
    if not whole_county and not actor.has(Role.CLERK, Role.LEADER):
        raise NotAllowed(
            _("您不能查看信用档案。"),
            _("您的岗位不办理信用记录。"),
            _("确有需要的，请由信用办工作人员查看。"),
        )
    if subject.natural_person:
        check_open_person(actor)
    if not (purpose or actor.purpose).strip():
        raise PurposeMissing(
            _("您不能查看这份档案：查看要先选用途。"),
            _("每次查看都要记下查看人、时间和用途，当事人可以查阅这份记录。"),
            _("请选择用途后再打开。"),
        )
    if whole_county:
        closed = actor.has(Role.CREDIT_OFFICER, Role.REVIEWER)
        return Scope(units=None, fields=None, closed_fields=closed)
    own = queries.visible_units(actor, on)
    if subject.unit is not None and own is not None and subject.id not in own:
        agreement = check_look_up(actor, owner_id=subject.id, on=on)
        return Scope(units=None, fields=agreement.fields, closed_fields=False)
    return Scope(units=own, fields=None, closed_fields=False, shared=_shared(actor, on))


def check_open_person(actor: Actor) -> None:
    """Open a natural person's file, or learn from its number whose it is. Raises NotAllowed."""
    if not _read_whole_county(actor):
        raise NotAllowed(
            _("您不能查看自然人的档案。"),
            _("自然人的档案只由信用办工作人员、复核人员和监督人员因公查看。"),
            _("办事需要核实的，请向信用办提出。"),
        )


def can_open_person(actor: Actor) -> bool:
    """True when check_open_person passes."""
    return _read_whole_county(actor)


def check_own_window(actor: Actor) -> None:
    """See all that is recorded about the own unit, and who read it. Raises NotAllowed."""
    if actor.unit_id is None or not actor.has(Role.CLERK, Role.LEADER):
        raise NotAllowed(
            _("您不能打开本单位的窗口。"),
            _("本单位的窗口给单位的经办人和负责人看自己单位的记录。"),
            _("查看其他主体，请从档案里查找。"),
        )


def can_own_window(actor: Actor) -> bool:
    """True when check_own_window passes."""
    return actor.unit_id is not None and actor.has(Role.CLERK, Role.LEADER)


def check_window_of(actor: Actor, *, subject_id: int) -> None:
    """Show a firm or a unit, at the counter, all that is recorded about it. Raises NotAllowed, UnknownSubject."""
    subject = queries.subject_card(subject_id)
    if not actor.has(Role.CREDIT_OFFICER, Role.REVIEWER, Role.SYSTEM):
        raise NotAllowed(
            _("您不能代当事人查询。"),
            _("窗口查询由信用办工作人员办理。"),
            _("请当事人到政务服务大厅窗口提出。"),
        )
    if subject.natural_person:
        raise NotAllowed(
            _("自然人不能这样查询。"),
            _("自然人的档案查看要先核对身份、说明用途。"),
            _("请登录工作台，从档案里查找当事人，选择用途后打开。"),
        )


def can_window_of(actor: Actor, *, subject_id: int) -> bool:
    """True when check_window_of passes."""
    try:
        check_window_of(actor, subject_id=subject_id)
    except Refused:
        return False
    return True


def _shared(actor: Actor, on: date) -> dict[int, frozenset[str]]:
    """Of which other units the actor's unit may see lines on this day, and which fields."""
    shared: dict[int, frozenset[str]] = {}
    for agreement in queries.agreements(on, actor.unit_id) if actor.unit_id else []:
        if agreement.reader_id == actor.unit_id:
            earlier = shared.get(agreement.owner_id, frozenset())
            shared[agreement.owner_id] = earlier | agreement.fields
    return shared


def can_open_file(actor: Actor, *, subject_id: int, on: date, purpose: str = "") -> bool:
    """True when check_open_file passes."""
    try:
        check_open_file(actor, subject_id=subject_id, on=on, purpose=purpose)
    except Refused:
        return False
    return True


def check_look_up(actor: Actor, *, owner_id: int, on: date) -> AgreementLine:
    """Look up subjects of another unit: only under a sharing agreement in force, which is returned.

    Raises NotAllowed.
    """
    agreement = None
    if actor.unit_id is not None and actor.has(Role.CLERK, Role.LEADER):
        agreement = queries.agreement_between(owner_id, actor.unit_id, on)
    if agreement is None:
        raise NotAllowed(
            _("您不能查看其他单位的记录。"),
            _("两个单位之间没有今天有效的共享协议。"),
            _("请由两个单位订立共享协议，写明字段、依据、用途和期限，再来查看。"),
        )
    return agreement


def can_look_up(actor: Actor, *, owner_id: int, on: date) -> bool:
    """True when check_look_up passes."""
    try:
        check_look_up(actor, owner_id=owner_id, on=on)
    except NotAllowed:
        return False
    return True
