"""Who is told of a duty as it is opened, reported or settled, and of what an inspection serves on a unit.

In the transaction of the act, so that neither goes alone. The message names the kind alone: what a duty is about
may be erased, and a message stays.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts import queries as accounts
from zhengxin.duties.models import Duty
from zhengxin.duties.standing import MET_AT_ONCE
from zhengxin.duties.types import DutyAct, Owed
from zhengxin.kernel.actor import Actor, Role
from zhengxin.messages import actions as messages
from zhengxin.messages.enums import MessageKind
from zhengxin.rulebook.queries import duty_kinds
from zhengxin.subjects import queries as subjects

_OF_UNIT = (Role.CLERK, Role.LEADER)
_LONGEST = 200


def tell_of_opened(
    *, owed: Sequence[Owed], duty_ids: Sequence[int], at: datetime, actor: Actor
) -> None:
    """Tells the units that owe from now on, each once for all that one act opened."""
    today, names = timezone.localdate(at), _kinds()
    after, able = subjects.bearers_now(today), accounts.accounts_by_unit(_OF_UNIT, today)
    by_unit: dict[int, list[tuple[int, Owed]]] = {}
    for duty_id, each in zip(duty_ids, owed, strict=True):
        by_unit.setdefault(after.get(each.bearer_id, each.bearer_id), []).append((duty_id, each))
    for unit_id, found in by_unit.items():
        first_id = found[0][0]
        one = len(found) == 1
        named = _("、").join(dict.fromkeys(names.get(each.kind, each.kind) for _id, each in found))
        subject = _("新职责：{named}。") if one else _("新职责{n}项：{named}。")
        messages.tell(
            kind=MessageKind.DUTY_OPENED,
            key=f"duty_opened/{first_id}",
            account_ids=_others(able.get(unit_id, ()), actor),
            subject=subject.format(n=len(found), named=named)[:_LONGEST],
            text=_("期限和依据见职责页面。办了的请报告，附上佐证。"),
            link=reverse("desk:duty", args=[first_id]) if one else reverse("desk:duties"),
            at=at,
            actor=actor,
        )


def tell_of_act(
    *, act: DutyAct, act_id: int, duty: Duty, to_id: int | None, at: datetime, actor: Actor
) -> None:
    """Tells to whom it is owed what was reported, and whoever owes it what was decided. to_id: who does from now on."""
    today = timezone.localdate(at)
    at_once = duty.kind in MET_AT_ONCE
    if at_once and act == DutyAct.VERIFIED:
        return
    words = _("已收到：{named}。") if at_once and act == DutyAct.REPORTED else _words()[act]
    to = duty.to_id if act == DutyAct.REPORTED else to_id or duty.bearer_id
    now = subjects.bearers_now(today).get(to, to) if to is not None else 0
    able = accounts.accounts_by_unit(_OF_UNIT, today).get(now, [])
    if act == DutyAct.REPORTED and not able:
        # Whoever may settle it in the place of a unit that is not named, or has nobody.
        able = accounts.accounts_in_role(Role.CREDIT_OFFICER, today)
    messages.tell(
        kind=MessageKind.DUTY_ACTED,
        key=f"duty_act/{act_id}",
        account_ids=_others(able, actor),
        subject=words.format(named=_kinds().get(duty.kind, duty.kind))[:_LONGEST],
        text=_("办理经过、期限和依据见职责页面。"),
        link=reverse("desk:duty", args=[duty.id]),
        at=at,
        actor=actor,
    )


def tell_of_served(
    *, case_id: int, unit_id: int, entry_id: int, review: bool, at: datetime, actor: Actor
) -> None:
    """Tells the inspected unit that its conclusion, or the decision of the review it asked for, is there to be read."""
    today = timezone.localdate(at)
    now = subjects.bearers_now(today).get(unit_id, unit_id)
    text = _("理由见督查页面。")
    if not review:
        text = _("请在督查页面签收；有异议的，单位负责人可以在期限内申请复核。")
    messages.tell(
        kind=MessageKind.INSPECTION_SERVED,
        key=f"inspection_served/{entry_id}",
        account_ids=_others(accounts.accounts_by_unit(_OF_UNIT, today).get(now, []), actor),
        subject=_("复核已有决定。") if review else _("督查结论已送达。"),
        text=text,
        link=reverse("desk:inspection-case", args=[case_id]),
        at=at,
        actor=actor,
    )


def _kinds() -> dict[str, str]:
    return {kind.code: kind.name for kind in duty_kinds()}


def _others(able: Sequence[int], actor: Actor) -> list[int]:
    """Whoever does it knows it."""
    return [each for each in able if each != actor.account_id]


def _words() -> Mapping[str, str]:
    return {
        DutyAct.REPORTED: _("待核实：{named}。"),
        DutyAct.RETURNED: _("退回补充：{named}。"),
        DutyAct.VERIFIED: _("已核实办结：{named}。"),
        DutyAct.EXTENDED: _("已延长期限：{named}。"),
        DutyAct.BREACHED: _("认定未履行：{named}。"),
        DutyAct.CHANGED: _("已依法变更：{named}。"),
        DutyAct.HANDED_OVER: _("移交给贵单位：{named}。"),
    }
