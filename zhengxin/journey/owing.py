"""Duties that acts open, and what is done about them: reported, returned, verified, extended, changed, handed over.

Every act is an entry of the ledger about the one that opened the duty; the duty itself follows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.types import Signed
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.duties import permissions
from zhengxin.duties import standing as duties
from zhengxin.duties.enums import DutyState
from zhengxin.duties.models import Duty
from zhengxin.duties.types import DutyAct, Owed
from zhengxin.evidence import actions as evidence
from zhengxin.evidence.types import Sent
from zhengxin.journey.acting import act_about
from zhengxin.journey.facts import insist_free_of_numbers
from zhengxin.journey.following import follow
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.showing import duty_sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.journey.telling_duties import tell_of_act, tell_of_opened
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.subjects import queries as subjects


class DutyNotThus(Refused):
    """The act does not fit where the duty stands now."""


def open_duties(*, owed: Sequence[Owed], at: datetime, actor: Actor) -> list[int]:
    """Opens these duties in one batch, each about the entry it comes from; their ids, in this order.

    In the transaction of the act they come from; the caller lets the followers see them afterwards.
    Raises NoRule for a kind or case that the law folder does not know.
    """
    if not owed:
        return []
    drafts = []
    sources = {pk: ledger_queries.entry(pk) for pk in {each.source_id for each in owed}}
    for each in owed:
        source = sources[each.source_id]
        trait, content = duties.opening(each)
        draft = act_about(source, kind=DutyAct.OPENED, content=content, at=at, actor=actor)
        drafts.append(
            replace(
                draft,
                subject_id=None,
                unit_id=each.bearer_id,
                true_on=each.opened_on,
                trait=trait,
            )
        )
    entry_ids = ledger.append(drafts=drafts, at=at, actor=actor)
    audit.record(
        act="duty.open",
        object_kind="duty",
        object_id=duties.duty_id_of(entry_ids[0]),
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        number=len(entry_ids),
        kinds=sorted({each.kind for each in owed}),
    )
    duty_ids = [duties.duty_id_of(entry_id) for entry_id in entry_ids]
    tell_of_opened(owed=owed, duty_ids=duty_ids, at=at, actor=actor)
    return duty_ids


def report_duty(
    *, duty_id: int, words: str, files: Sequence[Sent], at: datetime, actor: Actor
) -> int:
    """The unit that owes says what it did, with evidence; returns the act's entry id.

    Raises NotAllowed, DutyNotThus, NoReason, EvidenceRefused.
    """
    duty = duties.duty(duty_id)
    permissions.check_report(actor, duty, units=_units(duty, at, actor))
    if duty.kind in duties.OF_CASES:
        raise _of_case()
    insist_on_reason(words)
    return _act(
        DutyAct.REPORTED,
        duty_id,
        {"words": words},
        files=files,
        at=at,
        actor=actor,
    )


def report_with(
    *, duty_id: int, content: Mapping[str, Any], files: int = 0, at: datetime, actor: Actor
) -> int:
    """The report of a duty by the act of a case, in that act's transaction; the case asked who may. Raises DutyNotThus."""
    return _append(DutyAct.REPORTED, duty_id, content, at, actor, files=files)


def verify_with(*, duty_id: int, content: Mapping[str, Any], at: datetime, actor: Actor) -> int:
    """The verifying of a duty by the act of a case, likewise."""
    return _append(DutyAct.VERIFIED, duty_id, content, at, actor)


def return_with(*, duty_id: int, content: Mapping[str, Any], at: datetime, actor: Actor) -> int:
    """The return of what was reported by the act of a case, likewise."""
    return _append(DutyAct.RETURNED, duty_id, content, at, actor)


def extend_with(
    *,
    duty_id: int,
    due_on: date | None,
    limit: tuple[str, int] | None = None,
    content: Mapping[str, Any],
    at: datetime,
    actor: Actor,
) -> int:
    """Another last day by the act of a case, likewise. limit: what counts it where no calendar could yet."""
    return _append(DutyAct.EXTENDED, duty_id, content, at, actor, due_on=due_on, limit=limit)


def change_with(*, duty_id: int, content: Mapping[str, Any], at: datetime, actor: Actor) -> int:
    """No longer owed by the act of a case, likewise."""
    return _append(DutyAct.CHANGED, duty_id, content, at, actor)


def hand_over_with(
    *, duty_id: int, unit_id: int, content: Mapping[str, Any], at: datetime, actor: Actor
) -> int:
    """Another unit owes it from now on by the act of a case, likewise."""
    return _append(DutyAct.HANDED_OVER, duty_id, content, at, actor, to_id=unit_id)


def return_duty(*, duty_id: int, because: str, at: datetime, actor: Actor) -> int:
    """What was reported does not do; it is owed as before. Raises NotAllowed, DutyNotThus, NoReason."""
    duty = duties.duty(duty_id)
    permissions.check_settle(actor, duty, units=_units(duty, at, actor))
    _insist_settled_here(duty, DutyAct.RETURNED)
    insist_on_reason(because)
    return _act(DutyAct.RETURNED, duty_id, {"because": because}, at=at, actor=actor)


@signable
def verify_duty(*, duty_id: int, because: str, signed: Signed, at: datetime, actor: Actor) -> int:
    """A named person finds that what was reported is so: met, or late by the day it was reported."""
    return _settle(DutyAct.VERIFIED, duty_id, {"because": because}, signed, at, actor)


@signable
def extend_duty(
    *,
    duty_id: int,
    due_on: date,
    because: str,
    basis: str,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """Another last day, with the reason and the rule that allows it. The day must lie after the one of now."""
    duty = duties.duty(duty_id)
    if duty.due_on is not None and due_on <= duty.due_on:
        raise DutyNotThus(
            say("没有延长：{day}不在原期限之后。", day=due_on.isoformat()),
            say("原期限是{day}。", day=duty.due_on.isoformat()),
            say("请填原期限之后的日期。"),
        )
    if due_on < timezone.localdate(at):
        raise DutyNotThus(
            say("没有延长：{day}已经过了。", day=due_on.isoformat()),
            say("延长到过去的日期，仍然是逾期。"),
            say("请填今天以后的日期。"),
        )
    insist_on_reason(basis)
    said = {"due_on": due_on, "because": because, "basis": basis}
    return _settle(DutyAct.EXTENDED, duty_id, said, signed, at, actor, due_on=due_on)


@signable
def find_breach(*, duty_id: int, because: str, signed: Signed, at: datetime, actor: Actor) -> int:
    """A named person finds that an overdue duty was not done. Raises DutyNotThus before its last day is over."""
    duty = duties.duty(duty_id)
    if duty.due_on is None or duty.due_on >= timezone.localdate(at):
        raise DutyNotThus(
            say("不能认定未履行。"), say("期限还没有过。"), say("请等期限过后再认定，或者先催办。")
        )
    return _settle(DutyAct.BREACHED, duty_id, {"because": because}, signed, at, actor)


@signable
def change_duty(
    *,
    duty_id: int,
    because: str,
    basis: str,
    compensation: str,
    compensation_due_on: date | None,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """Lawfully changed: no longer owed, with the ground, the rule, and what is paid for it.

    Compensation is a duty of its own, of the same bearer, by the day given.
    """
    insist_on_reason(basis)
    insist_free_of_numbers(compensation)
    said = {
        "because": because,
        "basis": basis,
        "compensation": compensation,
        "compensation_due_on": compensation_due_on,
    }
    if compensation and compensation_due_on is None:
        raise DutyNotThus(
            say("没有办理：没有写明补偿期限。"),
            say("依法变更的，补偿要写明哪天前兑现。"),
            say("请填写补偿期限。"),
        )
    if compensation_due_on is not None and compensation_due_on <= timezone.localdate(at):
        raise DutyNotThus(
            say("没有办理：补偿期限不在今天以后。"),
            say("一产生就逾期的职责，谁也办不到。"),
            say("请填今天以后的日期。"),
        )
    return _settle(
        DutyAct.CHANGED,
        duty_id,
        said,
        signed,
        at,
        actor,
        compensation=(compensation, compensation_due_on),
    )


@signable
def hand_over_duty(
    *, duty_id: int, unit_id: int, because: str, signed: Signed, at: datetime, actor: Actor
) -> int:
    """Another unit owes it from now on; who owed it before stays in its history."""
    unit = subjects.unit(unit_id)
    if unit_id == duties.duty(duty_id).bearer_id:
        raise DutyNotThus(
            say("没有移交。"),
            say("{unit}就是承办单位。", unit=unit.name),
            say("请选择承接的单位。"),
        )
    said = {"unit_id": unit_id, "because": because}
    return _settle(DutyAct.HANDED_OVER, duty_id, said, signed, at, actor, to_id=unit_id)


def _settle(
    act: DutyAct,
    duty_id: int,
    said: Mapping[str, Any],
    signed: Signed,
    at: datetime,
    actor: Actor,
    *,
    due_on: date | None = None,
    to_id: int | None = None,
    compensation: tuple[str, date | None] = ("", None),
) -> int:
    duty = duties.duty(duty_id)
    permissions.check_settle(actor, duty, units=_units(duty, at, actor))
    _insist_settled_here(duty, act)
    insist_on_reason(str(said["because"]))
    pen = take_pen(
        showing=partial(duty_sheet, act, duty_id), said=said, signed=signed, at=at, actor=actor
    )
    with transaction.atomic():
        content = {**_in_json(said), **traces(pen.sign())}
        act_id = _append(act, duty_id, content, at, actor, due_on=due_on, to_id=to_id)
        words, pay_by = compensation
        if words:
            owed = Owed(
                kind="compensation",
                bearer_id=duty.bearer_id,
                what=words,
                source_id=act_id,
                opened_on=timezone.localdate(at),
                due_on=pay_by,
                to_id=duty.to_id,
            )
            open_duties(owed=[owed], at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    return act_id


def _insist_settled_here(duty: Duty, act: DutyAct) -> None:
    """What the case of a duty settles itself is done on the case's page. Raises DutyNotThus."""
    if act in duties.SETTLED_IN_CASES.get(duty.kind, ()):
        raise _of_case()


def _of_case() -> DutyNotThus:
    return DutyNotThus(
        say("不能在这里办理。"),
        say("这项职责有自己的办理页面。"),
        say("请从职责页面进入办理。"),
    )


def _in_json(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in said.items()
    }


def _act(
    act: DutyAct,
    duty_id: int,
    content: Mapping[str, Any],
    *,
    files: Sequence[Sent] = (),
    at: datetime,
    actor: Actor,
) -> int:
    with transaction.atomic():
        kept = evidence.keep(sent=files, at=at, actor=actor)
        pieces = [
            {"piece": each.id, "name": each.name, "digest": each.digest, "size": each.size}
            for each in kept
        ]
        act_id = _append(act, duty_id, {**content, "files": pieces}, at, actor, files=len(pieces))
    follow(at=at, at_most=PATIENCE)
    return act_id


def _append(
    act: DutyAct,
    duty_id: int,
    content: Mapping[str, Any],
    at: datetime,
    actor: Actor,
    *,
    due_on: date | None = None,
    to_id: int | None = None,
    files: int = 0,
    limit: tuple[str, int] | None = None,
) -> int:
    """One act about a duty, where it fits. Two at once: the second finds where the first left it."""
    now = duties.standing_now(duty_id, lock=True)
    if not duties.fits(act, now.state):
        raise DutyNotThus(
            say("没有办理：这项职责现在是“{state}”。", state=DutyState(now.state).label),
            say("别人刚刚办过，或者它已经办结。"),
            say("请重新打开核对。"),
        )
    duty = duties.duty(duty_id)
    opened = ledger_queries.entry(duty.entry_id)
    trait = duties.done_in_clear(due_on=due_on, to_id=to_id, files=files, limit=limit)
    draft = act_about(opened, kind=act, content=content, at=at, actor=actor)
    [act_id] = ledger.append(drafts=[replace(draft, trait=trait)], at=at, actor=actor)
    audit.record(
        act=act,
        object_kind="duty",
        object_id=duty_id,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        **{name: value for name, value in content.items() if name != "files"},
    )
    tell_of_act(act=act, act_id=act_id, duty=duty, to_id=to_id, at=at, actor=actor)
    return act_id


def _units(duty: Duty, at: datetime, actor: Actor) -> frozenset[int]:
    """The actor's own unit and those it followed."""
    if actor.unit_id is None:
        return frozenset()
    return subjects.lineage(actor.unit_id, timezone.localdate(at))
