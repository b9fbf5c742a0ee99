"""Verbs of oversight: a plan is received, amended, discarded, confirmed, ended; a unit's own plan is filed.

Only journey calls them, beside the entries in the ledger.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import sha256_hex
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.oversight.enums import TRANSITIONS, AmendmentKind, PlanState, UnitRole
from zhengxin.oversight.models import (
    Amendment,
    Document,
    ImplementingPlan,
    Mandate,
    MandateUnit,
    Plan,
)
from zhengxin.oversight.readings import from_json, terms_json, to_json
from zhengxin.oversight.types import Change, TaskDraft
from zhengxin.oversight.types import Plan as Reading


class PlanRefused(Refused):
    """The plan is not in the state for this, or what was asked does not fit it."""


def receive(
    *, content: bytes, filename: str, kind: str, reading: Reading, at: datetime, actor: Actor
) -> tuple[Plan, bool]:
    """Keeps a plan that was read; (the plan, False) when these bytes were received before and not discarded."""
    try:
        with transaction.atomic():
            # A discarded plan may be read again: the same bytes are the same document.
            document, _created = Document.objects.get_or_create(
                sha256=sha256_hex(content),
                defaults={
                    "content": content,
                    "size": len(content),
                    "kind": kind,
                    "filename": filename[-200:],
                    "received_at": at,
                },
            )
            plan = Plan.objects.create(
                document=document,
                title=reading.title[:300],
                dated=reading.dated,
                state=PlanState.READ,
                reading=to_json(reading),
                sent_at=at,
                sent_by=actor.account_id,
                sent_by_name=actor.name[:100],
            )
            return plan, True
    except IntegrityError:
        known = Plan.objects.exclude(state=PlanState.DISCARDED).filter(
            document__sha256=sha256_hex(content)
        )
        if (found := known.first()) is None:
            raise
        return found, False


def take_turn(*, plan_id: int, at: datetime, actor: Actor) -> Plan:
    """The plan, which nobody else changes until the caller's transaction ends. Raises PlanRefused."""
    plan = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None:
        raise PlanRefused(_("没有找到这份方案。"), _("编号有误。"), _("请从方案列表里打开。"))
    return plan


def amend(*, plan_id: int, change: Change, at: datetime, actor: Actor) -> Amendment:
    """Keeps a decision beside the reading. Raises PlanRefused."""
    with transaction.atomic():
        plan = take_turn(plan_id=plan_id, at=at, actor=actor)
        _insist_read(plan)
        _insist_fits(plan, change)
        return Amendment.objects.create(
            plan=plan,
            kind=change.kind,
            name=change.name,
            task=change.task,
            unit_ids=list(change.unit_ids),
            role=change.role,
            terms=terms_json(change.terms),
            because=change.because.strip()[:400],
            made_at=at,
            made_by=actor.account_id,
            made_by_name=actor.name[:100],
        )


def undo_amendment(*, amendment_id: int, at: datetime, actor: Actor) -> Amendment:
    """Takes a decision back; it stays to be seen. Raises PlanRefused."""
    with transaction.atomic():
        row = Amendment.objects.select_for_update().filter(pk=amendment_id).first()
        if row is None or row.undone_at is not None:
            raise PlanRefused(
                _("没有撤销：没有这处改动，或者已经撤销。"), "", _("请回到方案核对。")
            )
        _insist_read(take_turn(plan_id=row.plan_id, at=at, actor=actor))
        row.undone_at, row.undone_by, row.undone_by_name = at, actor.account_id, actor.name[:100]
        row.save(update_fields=["undone_at", "undone_by", "undone_by_name"])
    return row


def _insist_read(plan: Plan) -> None:
    if plan.state != PlanState.READ:
        raise PlanRefused(
            _("没有改动：这份方案%(state)s。") % {"state": plan.get_state_display()},
            _("只有读出待核的方案可以改。"),
            _("内容有变的，请上传新的一版，确认时写明代替哪一份。"),
        )


def _insist_fits(plan: Plan, change: Change) -> None:
    """The name or task is one of the plan's, and what the kind needs is there."""
    reading = from_json(plan.reading)
    about_names = change.kind in (AmendmentKind.CHOOSE, AmendmentKind.SUSPEND)
    names = {*reading.unit_names, *(name for rule in reading.rules for name in rule.units)}
    known = (
        change.name in names
        if about_names
        else change.task in {task.number for task in reading.tasks}
    )
    by_units = (AmendmentKind.CHOOSE, AmendmentKind.ADD_UNIT, AmendmentKind.DROP_UNIT)
    complete = change.kind in AmendmentKind and (
        bool(change.unit_ids) or change.kind not in by_units
    )
    if change.kind == AmendmentKind.ADD_UNIT and change.role not in UnitRole:
        complete = False
    if not known or not complete:
        raise PlanRefused(
            _("没有改动：方案里没有这个名称或这项任务，或者没有选单位。"),
            "",
            _("请从方案页上打开要改的地方，选好再提交。"),
        )


def discard(*, plan_id: int, because: str, at: datetime, actor: Actor) -> None:
    """A reading that will not be used. Raises PlanRefused."""
    _close(plan_id, PlanState.DISCARDED, because, at, actor)


def end(*, plan_id: int, because: str, at: datetime, actor: Actor) -> None:
    """A confirmed plan is over. Raises PlanRefused."""
    _close(plan_id, PlanState.ENDED, because, at, actor)


def _close(plan_id: int, to: PlanState, because: str, at: datetime, actor: Actor) -> None:
    with transaction.atomic():
        plan = take_turn(plan_id=plan_id, at=at, actor=actor)
        _move(plan, to)
        plan.closed_at, plan.closed_by_name = at, actor.name[:100]
        plan.closed_because = because.strip()[:400]
        plan.save(update_fields=["state", "closed_at", "closed_by_name", "closed_because"])


def _move(plan: Plan, to: PlanState) -> None:
    """Into a state that may follow. Raises PlanRefused."""
    if to not in TRANSITIONS[PlanState(plan.state)]:
        raise PlanRefused(
            _("没有办理：这份方案%(state)s。") % {"state": plan.get_state_display()},
            _("它的状态已经变了，可能是别人刚刚办过。"),
            _("请回到方案核对。"),
        )
    plan.state = to


def confirm(
    *,
    plan: Plan,
    entry_id: int,
    mandates: Sequence[tuple[TaskDraft, int]],
    replaces_id: int | None,
    at: datetime,
    actor: Actor,
) -> list[Mandate]:
    """The plan is confirmed under this entry, each task a mandate under its own; the caller holds the plan.

    Raises PlanRefused.
    """
    standing = Plan.objects.filter(state__in=(PlanState.CONFIRMED, PlanState.ENDED))
    if replaces_id is not None and not standing.filter(pk=replaces_id).exists():
        raise PlanRefused(
            _("没有确认：要代替的方案没有确认过。"), "", _("请重新选代替哪一份，或者不选。")
        )
    _move(plan, PlanState.CONFIRMED)
    plan.entry_id, plan.replaces_id = entry_id, replaces_id
    plan.confirmed_at, plan.confirmed_by = at, actor.account_id
    plan.confirmed_by_name = actor.name[:100]
    plan.save(
        update_fields=[
            "state", "entry_id", "replaces", "confirmed_at", "confirmed_by", "confirmed_by_name",
        ]
    )  # fmt: skip
    rows = Mandate.objects.bulk_create(
        Mandate(
            plan=plan,
            number=draft.task.number,
            section=draft.task.section,
            section_title=draft.section_title,
            text=draft.task.text,
            entry_id=mandate_entry,
            terms=terms_json(draft.terms),
            due_on=min((day for term in draft.terms if (day := term.due_on(None))), default=None),
        )
        for draft, mandate_entry in mandates
    )
    MandateUnit.objects.bulk_create(
        MandateUnit(
            mandate=row,
            unit_id=each.unit_id,
            role=each.role,
            leads=each.leads,
            as_written=each.as_written,
            collective=each.as_written if each.collective else "",
        )
        for row, (draft, _entry) in zip(rows, mandates, strict=True)
        for each in draft.units
    )
    return rows


def file_implementing(
    *,
    plan_id: int,
    own: Collection[int],
    chosen: Sequence[int],
    title: str,
    piece_id: int,
    at: datetime,
    actor: Actor,
) -> ImplementingPlan:
    """A unit's own plan for the chosen parts. own: the parts for which the actor's unit may file.

    Raises PlanRefused, NotAllowed.
    """
    with transaction.atomic():
        plan = take_turn(plan_id=plan_id, at=at, actor=actor)
        if plan.state != PlanState.CONFIRMED:
            raise PlanRefused(
                _("没有收下：这份方案%(state)s。") % {"state": plan.get_state_display()},
                _("只有已确认的方案可以报送实施方案。"),
                _("请核对选的方案。"),
            )
        if not chosen or not set(chosen) <= set(own):
            raise NotAllowed(
                _("没有收下：选的任务不是您单位承担的，或者没有选。"),
                _("实施方案只能报本单位牵头、配合或负责的任务。"),
                _("请重新选任务。"),
            )
        row = ImplementingPlan.objects.create(
            plan=plan,
            title=title.strip()[:200],
            piece_id=piece_id,
            filed_at=at,
            filed_by=actor.account_id or 0,
            filed_by_name=actor.name[:100],
        )
        row.covers.set(chosen)
    return row
