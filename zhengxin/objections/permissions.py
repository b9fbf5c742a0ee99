"""Who lodges, who looks first, who answers, who decides, who confirms a correction. check_x raises, can_x answers."""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.objections import rules
from zhengxin.objections.models import Copy, Objection

_OF_UNITS = (Role.CLERK, Role.LEADER)
_OFFICERS = (Role.CREDIT_OFFICER, Role.REVIEWER)


def check_see_objections(actor: Actor) -> None:
    """See objections; whose is limited by check_see_objection."""
    if not actor.has(*_OF_UNITS, *_OFFICERS, Role.SUPERVISOR):
        raise _not(
            _("您不能查看异议。"), _("您的岗位不办理信用记录。"), _("确有需要的，请问信用办。")
        )


def can_see_objections(actor: Actor) -> bool:
    """True when check_see_objections passes."""
    return _passes(check_see_objections, actor)


def check_see_objection(
    actor: Actor, *, concerned: Collection[int], units: Collection[int] | None
) -> None:
    """See one: whoever sees the county, and the units that take part in it (concerned). units: None is all."""
    check_see_objections(actor)
    if units is not None and set(concerned).isdisjoint(units):
        raise _not(
            _("您不能查看这件异议。"), _("它是其他单位的。"), _("请由报送单位或者信用办查看。")
        )


def can_see_objection(
    actor: Actor, *, concerned: Collection[int], units: Collection[int] | None
) -> bool:
    """True when check_see_objection passes."""
    return _passes(check_see_objection, actor, concerned=concerned, units=units)


def check_see_contact(actor: Actor, row: Objection, *, units: Collection[int]) -> None:
    """Read who objects and how to reach them: who handles the case, and a unit its own. units: the actor's own."""
    if not actor.has(*_OFFICERS) and (
        row.objector_unit_id is None or row.objector_unit_id not in units
    ):
        raise _not(
            _("您不能查看异议人的联系信息。"),
            _("联系信息只给办理这件异议的人看。"),
            _("要联系异议人的，请由信用办办理。"),
        )


def can_see_contact(actor: Actor, row: Objection, *, units: Collection[int]) -> bool:
    """True when check_see_contact passes."""
    return _passes(check_see_contact, actor, row, units=units)


def check_lodge(actor: Actor) -> None:
    """Lodge an objection: at the counter for anybody, or one's own unit's. About which record, check_lodge_about says."""
    named = actor.has(Role.CREDIT_OFFICER) or (actor.has(*_OF_UNITS) and actor.unit_id is not None)
    if not named and not actor.has(Role.SYSTEM):
        raise _not(
            _("您不能登记异议。"),
            _("个人和企业的异议由信用办窗口登记，单位的由本单位登记。"),
            _("请由信用办办理。"),
        )


def can_lodge(actor: Actor) -> bool:
    """True when check_lodge passes."""
    return _passes(check_lodge, actor)


def check_lodge_about(actor: Actor, *, subject_id: int | None, units: Collection[int]) -> None:
    """A unit objects to what is recorded of itself; another record is for it as if there were none. Raises NoSuchRecord."""
    check_lodge(actor)
    if not actor.has(Role.CREDIT_OFFICER, Role.SYSTEM) and subject_id not in units:
        raise rules.NoSuchRecord


def check_check(actor: Actor) -> None:
    """Look first whether an objection is taken up: the credit office, by name."""
    if not actor.has(Role.CREDIT_OFFICER):
        raise _not(_("您不能审查异议。"), _("异议由信用办审查是否受理。"), _("请由信用办办理。"))


def can_check(actor: Actor) -> bool:
    """True when check_check passes."""
    return _passes(check_check, actor)


def check_answer(actor: Actor, row: Objection, *, units: Collection[int]) -> None:
    """Answer: the unit that recorded. units: the own one and its predecessors."""
    if not actor.has(*_OF_UNITS) or row.unit_id not in units:
        raise _not(
            _("您不能答复这件异议。"),
            _("异议由报送记录的单位说明情况。"),
            _("请由该单位的经办人或者负责人答复。"),
        )


def can_answer(actor: Actor, row: Objection, *, units: Collection[int]) -> bool:
    """True when check_answer passes."""
    return _passes(check_answer, actor, row, units=units)


def check_decide(
    actor: Actor, row: Objection, *, handled_by: Collection[int], units: Collection[int]
) -> None:
    """Decide: a reviewer who neither recorded nor imposed. handled_by: accounts that recorded, graded, attributed or
    lodged; units: the own one and its predecessors."""
    if not actor.has(Role.REVIEWER):
        raise _not(_("您不能决定异议。"), _("异议由复核人员决定。"), _("请由复核人员办理。"))
    rules.check_decider(
        recorded=any(actor.is_or_acts_for(account) for account in handled_by),
        imposed=row.unit_id in units,
    )


def can_decide(
    actor: Actor, row: Objection, *, handled_by: Collection[int], units: Collection[int]
) -> bool:
    """True when check_decide passes."""
    return _passes(check_decide, actor, row, handled_by=handled_by, units=units)


def check_withdraw(actor: Actor, row: Objection, *, units: Collection[int]) -> None:
    """Withdraw: the credit office when the objector asks for it, or the unit that objected."""
    own = row.objector_unit_id is not None and row.objector_unit_id in units
    if not actor.has(Role.CREDIT_OFFICER) and not (actor.has(*_OF_UNITS) and own):
        raise _not(
            _("您不能撤回这件异议。"),
            _("异议只由异议人撤回；到窗口提出的，由信用办代为登记。"),
            _("请由信用办办理。"),
        )


def can_withdraw(actor: Actor, row: Objection, *, units: Collection[int]) -> bool:
    """True when check_withdraw passes."""
    return _passes(check_withdraw, actor, row, units=units)


def check_settle(actor: Actor, row: Objection, *, units: Collection[int]) -> None:
    """Say that the correction has come: the unit that recorded, or the credit office."""
    if not actor.has(Role.CREDIT_OFFICER) and not (actor.has(*_OF_UNITS) and row.unit_id in units):
        raise _not(
            _("您不能办结更正。"), _("更正由报送单位或者信用办办结。"), _("请由报送单位办理。")
        )


def can_settle(actor: Actor, row: Objection, *, units: Collection[int]) -> bool:
    """True when check_settle passes."""
    return _passes(check_settle, actor, row, units=units)


def check_release_statement(actor: Actor, row: Objection) -> None:
    """Release what the objector says beside the record: a reviewer who did not take it in."""
    if not actor.has(Role.REVIEWER) or actor.is_or_acts_for(row.lodged_by_account_id):
        raise _not(
            _("您不能放行声明。"),
            _("当事人的声明由没有登记过这件异议的复核人员看过才附在记录旁边。"),
            _("请由复核人员办理。"),
        )


def can_release_statement(actor: Actor, row: Objection) -> bool:
    """True when check_release_statement passes."""
    return _passes(check_release_statement, actor, row)


def check_confirm(actor: Actor, copy: Copy, *, units: Collection[int]) -> None:
    """Say that a correction arrived: a unit its own, the credit office anybody's."""
    own = copy.kind == "unit" and int(copy.ref) in units
    if not actor.has(Role.CREDIT_OFFICER) and not (actor.has(*_OF_UNITS) and own):
        raise _not(
            _("您不能确认这份更正。"),
            _("单位确认自己的，其他的由信用办收到回执后记下。"),
            _("请由持有副本的单位或者信用办办理。"),
        )


def can_confirm(actor: Actor, copy: Copy, *, units: Collection[int]) -> bool:
    """True when check_confirm passes."""
    return _passes(check_confirm, actor, copy, units=units)


def check_chase(actor: Actor) -> None:
    """See the map of every copy: whoever sees the whole county."""
    if not actor.has(*_OFFICERS, Role.SUPERVISOR):
        raise _not(
            _("您不能查看全县的更正追踪。"), _("它由信用办办理。"), _("请从异议列表里打开。")
        )


def can_chase(actor: Actor) -> bool:
    """True when check_chase passes."""
    return _passes(check_chase, actor)


def _not(what: str, why: str, remedy: str) -> NotAllowed:
    return NotAllowed(what, why, remedy)


def _passes(check: Callable[..., None], *given: object, **named: object) -> bool:
    try:
        check(*given, **named)
    except Refused:
        return False
    return True
