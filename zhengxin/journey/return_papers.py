"""Quarterly returns taken away: a unit's paper, the county's summary, the matrix as a workbook."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.evidence import queries as evidence
from zhengxin.journey.returning import read_quarter
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.oversight.returns import papers, queries
from zhengxin.oversight.returns.matrix import matrix
from zhengxin.subjects import queries as subjects


def return_paper(*, unit_id: int, quarter: str, number: str, at: datetime, actor: Actor) -> bytes:
    """A unit's returns of a quarter as a paper with a red head (DOCX). number: of the paper, "" leaves room.

    Raises NoSuchReturn.
    """
    today = timezone.localdate(at)
    rows = queries.sheet(unit_id, read_quarter(quarter), on=today)
    if not rows:
        raise queries.NoSuchReturn(
            say("这个单位这一季度没有要报送的任务。"), "", say("请从季度报送里打开。")
        )
    signed = queries.versions(rows)
    pieces = evidence.pieces(
        piece for each in signed.values() for version in each for piece in version.pieces
    )
    office = subjects.open_government_office(today) or subjects.credit_office(today)
    _read("return.paper", f"{unit_id}/{quarter}", at, actor)
    return papers.unit_paper(
        unit=subjects.unit(unit_id).name,
        office=office.name if office and office.id != unit_id else "",
        quarter=read_quarter(quarter),
        number=number,
        standing=[(row, queries.standing(row, signed[row.pk])) for row in rows],
        files={piece: line.name for piece, line in pieces.items()},
    )


def returns_summary(*, quarter: str, number: str, at: datetime, actor: Actor) -> bytes:
    """The county's summary of a quarter as a paper with a red head (DOCX)."""
    today = timezone.localdate(at)
    office = subjects.open_government_office(today) or subjects.credit_office(today)
    asked = read_quarter(quarter)
    _read("return.summary", quarter, at, actor)
    return papers.county_paper(
        office=office.name if office else "",
        quarter=asked,
        number=number,
        matrix=matrix(until=asked, on=today),
        on=today,
    )


def returns_workbook(
    *,
    until: str,
    units: Sequence[int] | None,
    unit_id: int | None,
    state: str,
    at: datetime,
    actor: Actor,
) -> bytes:
    """The matrix as a workbook (XLSX), filtered as it was shown. units: whose returns may be seen."""
    today = timezone.localdate(at)
    found = matrix(until=read_quarter(until), on=today, units=units, unit_id=unit_id, state=state)
    _read("return.matrix", until, at, actor)
    return papers.workbook(found)


def _read(act: str, object_id: object, at: datetime, actor: Actor) -> None:
    audit.record(
        act=act,
        object_kind="return",
        object_id=object_id,
        outcome=Outcome.READ,
        at=at,
        actor=actor,
    )
