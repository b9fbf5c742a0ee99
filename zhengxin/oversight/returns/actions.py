"""Verbs of quarterly returns: open, take figures anew, save a draft, note what was signed and what the office did.

Only journey calls them, beside the entries in the ledger. Each writes only where the return still stands as
whoever acts saw it; who comes second is told who was first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.oversight.returns.enums import (
    EDITABLE,
    TRANSITIONS,
    ReturnKind,
    ReturnState,
    Stage,
    StepAct,
)
from zhengxin.oversight.returns.figures import Figure, Scope, figures, take
from zhengxin.oversight.returns.models import Listing, QuarterlyReturn, Step
from zhengxin.oversight.returns.readings import as_json
from zhengxin.oversight.returns.types import ReturnOwed, Taken, Words

_LEADS_TO = {
    StepAct.SIGNED: Stage.SIGNED,
    StepAct.ZERO_SIGNED: Stage.SIGNED,
    StepAct.RETURNED: Stage.RETURNED,
    StepAct.ACCEPTED: Stage.ACCEPTED,
    StepAct.REOPENED: Stage.REOPENED,
}


class ReturnNotThus(Refused):
    """The act does not fit where the return stands now."""


class DraftChanged(Refused):
    """Somebody else saved the draft since it was opened; `row` is what stands now."""

    def __init__(self, row: QuarterlyReturn) -> None:
        self.row = row
        super().__init__(
            _("没有保存：{who}刚刚保存过这份草稿。").format(who=row.saved_by_name or _("系统")),
            _("两份内容都列在下面，您填的没有丢。"),
            _("请把要留的内容合到一起，再保存。"),
        )


def open_rows(
    *,
    owed: Sequence[ReturnOwed],
    lineages: Mapping[int, frozenset[int]],
    at: datetime,
    actor: Actor,
) -> list[QuarterlyReturn]:
    """A row for each return owed, with its figures. Raises IntegrityError where another was at it first.

    lineages: of each unit, itself and those it followed.
    """
    of_unit = [each for each in figures() if not each.of_mandate]
    of_mandate = [each for each in figures() if each.of_mandate]
    whole: dict[int, list[Taken]] = {}
    rows = []
    for each in owed:
        units = lineages[each.unit_id]
        if each.unit_id not in whole:
            whole[each.unit_id] = _keep(Scope(units, each.quarter), of_unit)
        scope = Scope(units, each.quarter, each.mandate_id, each.mandate_entry_id)
        taken = [*_keep(scope, of_mandate), *whole[each.unit_id]]
        rows.append(
            QuarterlyReturn(
                mandate_id=each.mandate_id,
                unit_id=each.unit_id,
                quarter=str(each.quarter),
                figures=as_json(taken),
                as_of=at,
            )
        )
    return QuarterlyReturn.objects.bulk_create(rows)


def _keep(scope: Scope, chosen: Sequence[Figure]) -> list[Taken]:
    taken, listings = take(scope, chosen)
    Listing.objects.bulk_create(listings, ignore_conflicts=True)
    return taken


def bind_duties(
    *, rows: Sequence[QuarterlyReturn], duty_ids: Sequence[int], at: datetime, actor: Actor
) -> None:
    """Notes which duty is whose."""
    for row, duty_id in zip(rows, duty_ids, strict=True):
        row.duty_id = duty_id
    QuarterlyReturn.objects.bulk_update(rows, ["duty_id"], batch_size=200)


def take_figures(
    *,
    rows: Iterable[QuarterlyReturn],
    scopes: Mapping[int, Scope],
    at: datetime,
    actor: Actor,
) -> int:
    """Takes the figures of these drafts anew; returns of how many. scopes: by the return's id."""
    n = 0
    for row in rows:
        taken = _keep(scopes[row.pk], figures())
        n += QuarterlyReturn.objects.filter(pk=row.pk, stage__in=EDITABLE).update(
            figures=as_json(taken), as_of=at
        )
    return n


def take_turn(*, unit_id: int, quarter: str, at: datetime, actor: Actor) -> None:
    """Nobody else changes this sheet until the caller's transaction ends."""
    rows = QuarterlyReturn.objects.select_for_update().filter(unit_id=unit_id, quarter=quarter)
    list(rows.order_by("id").values_list("id"))


def save_draft(
    *,
    row: QuarterlyReturn,
    saving: int,
    words: Words,
    pieces: Sequence[int],
    at: datetime,
    actor: Actor,
) -> None:
    """Saves a draft that still stands as it was opened (`saving`). Raises DraftChanged, ReturnNotThus."""
    done = QuarterlyReturn.objects.filter(pk=row.pk, saving=saving, stage__in=EDITABLE).update(
        **asdict(words),
        pieces=list(pieces),
        saving=F("saving") + 1,
        saved_at=at,
        saved_by_name=actor.name[:100],
    )
    if done:
        return
    row.refresh_from_db()
    if row.stage in EDITABLE:
        raise DraftChanged(row)
    raise _not_thus(row)


def note_signing(*, row: QuarterlyReturn, entry_id: int, at: datetime, actor: Actor) -> None:
    """A draft as it was signed is the next version. Raises ReturnNotThus."""
    zero = row.kind == ReturnKind.ZERO
    act = StepAct.ZERO_SIGNED if zero else StepAct.SIGNED
    state = ReturnState.ZERO if zero else ReturnState.REPORTED
    _move(row, act, state, version=row.version + 1)
    _note(row, act, entry_id, at, actor, signed=True)


def note_settling(
    *, row: QuarterlyReturn, act: StepAct, entry_id: int, at: datetime, actor: Actor
) -> None:
    """What the office did about the version that was signed last. Raises ReturnNotThus."""
    state = ReturnState(row.state) if act != StepAct.RETURNED else _standing_without_last(row)
    _move(row, act, state, version=row.version)
    _note(row, act, entry_id, at, actor)


def bind_again(*, row: QuarterlyReturn, duty_id: int, at: datetime, actor: Actor) -> None:
    """The duty of the version that is owed since the return was reopened."""
    QuarterlyReturn.objects.filter(pk=row.pk).update(again_id=duty_id)


def _standing_without_last(row: QuarterlyReturn) -> ReturnState:
    """What stands when the last version does not do: the version accepted before it, or nothing."""
    accepted = row.steps.filter(act=StepAct.ACCEPTED).order_by("-id").first()
    if accepted is None:
        return ReturnState.MISSING
    zero = row.steps.filter(act=StepAct.ZERO_SIGNED, version=accepted.version).exists()
    return ReturnState.ZERO if zero else ReturnState.REPORTED


def _move(row: QuarterlyReturn, act: StepAct, state: ReturnState, *, version: int) -> None:
    to = _LEADS_TO[act]
    before = [stage for stage, allowed in TRANSITIONS.items() if to in allowed]
    done = QuarterlyReturn.objects.filter(
        pk=row.pk, stage__in=before, version=row.version, saving=row.saving
    ).update(stage=to, state=state, version=version)
    if not done:
        row.refresh_from_db()
        raise _not_thus(row)
    row.stage, row.state, row.version = to, state, version


def _not_thus(row: QuarterlyReturn) -> ReturnNotThus:
    last = row.steps.order_by("-id").first()
    why = _("它可能刚刚被别人改过。")
    if last is not None:
        why = _("{who}刚刚办过：{act}。").format(who=last.by_name, act=last.get_act_display())
    return ReturnNotThus(
        _("没有办理：这份报送现在是“{stage}”。").format(stage=row.get_stage_display()),
        why,
        _("请重新打开核对。"),
    )


def _note(
    row: QuarterlyReturn,
    act: StepAct,
    entry_id: int,
    at: datetime,
    actor: Actor,
    *,
    signed: bool = False,
) -> None:
    Step.objects.create(
        quarterly_return=row,
        act=act,
        version=row.version,
        entry_id=entry_id,
        at=at,
        by_name=actor.name[:100],
        as_of=row.as_of if signed else None,
        figures=row.figures if signed else [],
        pieces=row.pieces if signed else [],
    )
