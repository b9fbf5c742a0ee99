"""Quarterly returns on the office's side: accepted and locked, returned with reasons, reopened."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.types import Signed
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.duties import standing as duties
from zhengxin.duties.enums import DutyState
from zhengxin.duties.types import Owed
from zhengxin.journey.following import follow
from zhengxin.journey.owing import open_duties, return_with, verify_with
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.returning import (
    append_about,
    own_units,
    read_quarter,
    sheet_of,
    standing_of,
)
from zhengxin.journey.showing import NothingToSign, Sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger.enums import Act
from zhengxin.oversight.returns import actions as returns
from zhengxin.oversight.returns import permissions, queries
from zhengxin.oversight.returns.actions import ReturnNotThus
from zhengxin.oversight.returns.enums import Stage, StepAct
from zhengxin.oversight.returns.figures import RETURN
from zhengxin.oversight.returns.models import QuarterlyReturn
from zhengxin.subjects import queries as subjects


def office_units(on: date) -> frozenset[int]:
    """The open-government office and the units it followed; without one, none."""
    office = subjects.open_government_office(on)
    return subjects.lineage(office.id, on) if office else frozenset()


def accepting_sheet(unit_id: int, quarter: str, on: date) -> Sheet:
    """What the office accepts: the versions of a unit's sheet that wait, each by its entry and words."""
    rows = queries.waiting(queries.sheet(unit_id, read_quarter(quarter), on=on))
    if not rows:
        raise NothingToSign(
            say("现在没有待受理的报送。"),
            say("它们还没有签署，或者已经受理、退回。"),
            say("请从季度报送里打开核对。"),
        )
    signed = queries.versions(rows)
    content = {
        "unit": subjects.unit(unit_id).name,
        "quarter": quarter,
        "returns": [
            {
                "id": row.pk,
                "mandate": row.mandate.number,
                "late": row.late,
                "entry": signed[row.pk][0].entry_id,
                "words": signed[row.pk][0].words.as_json(),
                "figures": [[each.code, each.n] for each in signed[row.pk][0].figures],
                "evidence": list(signed[row.pk][0].pieces),
            }
            for row in rows
        ],
    }
    return sheet_of("returns.accept", "returns", f"{unit_id}/{quarter}", content)


@signable
def accept_returns(
    *,
    unit_id: int,
    quarter: str,
    return_ids: Sequence[int],
    because: str,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """The office accepts chosen returns of a unit's sheet; they are locked, their duties met. How many.

    Raises NotAllowed, NothingToSign, ContentChanged, ReturnNotThus.
    """
    _check(unit_id, at, actor)
    insist_on_reason(because)
    today = timezone.localdate(at)
    said = {"return_ids": sorted(return_ids), "because": because}
    pen = take_pen(
        showing=partial(accepting_sheet, unit_id, quarter, today),
        said=said,
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        returns.take_turn(unit_id=unit_id, quarter=quarter, at=at, actor=actor)
        signature = traces(pen.sign())
        waiting = queries.waiting(queries.sheet(unit_id, read_quarter(quarter), on=today))
        rows = [row for row in waiting if row.pk in set(return_ids)]
        if len(rows) != len(set(return_ids)):
            raise _gone()
        for row in rows:
            content = {**_about(row), "because": because, **signature}
            entry_id = append_about(
                row, Act.RETURN_ACCEPTED, content, at, actor, version=row.version
            )
            returns.note_settling(
                row=row, act=StepAct.ACCEPTED, entry_id=entry_id, at=at, actor=actor
            )
            if _reported(row):
                told = {"return": entry_id, "because": because}
                verify_with(duty_id=queries.duty_of(row), content=told, at=at, actor=actor)
        _log("return.accept", f"{unit_id}/{quarter}", at, actor, **said, **signature)
    follow(at=at, at_most=PATIENCE)
    return len(rows)


def send_back_return(*, return_id: int, because: str, at: datetime, actor: Actor) -> None:
    """What was signed does not do; it is owed as before. Raises NotAllowed, NoReason, ReturnNotThus."""
    row = queries.one(return_id)
    _check(row.unit_id, at, actor)
    insist_on_reason(because)
    with transaction.atomic():
        if row.stage != Stage.SIGNED:
            raise _gone()
        content = {**_about(row), "because": because}
        entry_id = append_about(row, Act.RETURN_SENT_BACK, content, at, actor, version=row.version)
        if _reported(row):
            told = {"return": entry_id, "because": because}
            return_with(duty_id=queries.duty_of(row), content=told, at=at, actor=actor)
        returns.note_settling(row=row, act=StepAct.RETURNED, entry_id=entry_id, at=at, actor=actor)
        _log("return.send_back", row.pk, at, actor, because=because)
    follow(at=at, at_most=PATIENCE)


def reopening_sheet(return_id: int) -> Sheet:
    """An accepted return: which version, by which entry, how it was accepted."""
    row = queries.one(return_id)
    if row.stage != Stage.ACCEPTED:
        raise NothingToSign(
            say("这份报送现在不能重开。"), say("只有已受理的可以重开。"), say("请重新打开核对。")
        )
    last = queries.versions([row])[row.pk][0]
    content = {
        "unit": subjects.unit(row.unit_id).name,
        "quarter": row.quarter,
        "mandate": row.mandate.number,
        "version": last.number,
        "entry": last.entry_id,
        "words": last.words.as_json(),
    }
    return sheet_of("return.reopen", "return", str(return_id), content)


@signable
def reopen_return(
    *, return_id: int, because: str, signed: Signed, at: datetime, actor: Actor
) -> None:
    """An accepted return is owed once more: a new version, with a duty of its own. The accepted one stays.

    Raises NotAllowed, NoReason, NothingToSign, ContentChanged, ReturnNotThus.
    """
    row = queries.one(return_id)
    _check(row.unit_id, at, actor)
    insist_on_reason(because)
    pen = take_pen(
        showing=partial(reopening_sheet, return_id),
        said={"because": because},
        signed=signed,
        at=at,
        actor=actor,
    )
    today = timezone.localdate(at)
    office = subjects.open_government_office(today)
    with transaction.atomic():
        content = {**_about(row), "because": because, **traces(pen.sign())}
        entry_id = append_about(row, Act.RETURN_REOPENED, content, at, actor, version=row.version)
        returns.note_settling(row=row, act=StepAct.REOPENED, entry_id=entry_id, at=at, actor=actor)
        owed = Owed(
            kind=RETURN,
            bearer_id=row.unit_id,
            what=say("重新报送{quarter}工作开展情况：{text}", quarter=row.quarter, text=because)[
                : duties.MOST_WORDS
            ],
            source_id=entry_id,
            opened_on=today,
            to_id=office.id if office and office.id != row.unit_id else None,
            period=row.quarter,
        )
        [duty_id] = open_duties(owed=[owed], at=at, actor=actor)
        returns.bind_again(row=row, duty_id=duty_id, at=at, actor=actor)
        _log("return.reopen", row.pk, at, actor, because=because)
    follow(at=at, at_most=PATIENCE)


def _check(unit_id: int, at: datetime, actor: Actor) -> None:
    permissions.check_settle(
        actor,
        unit_id=unit_id,
        units=own_units(at, actor),
        office_units=office_units(timezone.localdate(at)),
    )


def _about(row: QuarterlyReturn) -> dict[str, Any]:
    """Which version an act of the office is about."""
    return {
        "quarter": row.quarter,
        "version": row.version,
        "signed_entry": queries.last_signed(row),
    }


def _reported(row: QuarterlyReturn) -> bool:
    """Whether its duty waits for the office; a duty that was found a breach or changed does not."""
    return standing_of(row) == DutyState.REPORTED


def _gone() -> ReturnNotThus:
    return ReturnNotThus(
        say("没有办理：这份报送现在不是“待受理”。"),
        say("别人刚刚办过，或者单位还没有签署。"),
        say("请重新打开核对。"),
    )


def _log(act: str, object_id: object, at: datetime, actor: Actor, **detail: Any) -> None:
    audit.record(
        act=act,
        object_kind="return",
        object_id=object_id,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        **detail,
    )
