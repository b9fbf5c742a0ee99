"""Quarterly returns on the command line: opened, and how they stand."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from zhengxin.console.named import unit_named
from zhengxin.console.ready import at_shell, now, ready
from zhengxin.oversight.returns.types import Counts, Matrix


@click.group()
def returns() -> None:
    """季度报送：建立一个季度的报送，看各单位报了没有。"""


@returns.command("open")
@click.option("--quarter", default="", help="哪个季度，如2026Q3；不写就是刚结束的一个。")
def open_(quarter: str) -> None:
    """建立一个已经结束的季度的报送。每天运行都无妨，不会重复建立。"""
    ready()
    from zhengxin import journey

    n = journey.open_returns(quarter=quarter, at=now(), actor=at_shell())
    click.echo(f"建立季度报送{n:,}份。" if n else "没有要建立的季度报送。")


@returns.command()
@click.option("--until", default="", help="到哪个季度为止，如2026Q3；不写就是刚结束的一个。")
@click.option("--json", "json_wanted", is_flag=True, help="用 JSON 印出。")
def matrix(until: str, json_wanted: bool) -> None:
    """各单位最近八个季度的报送：已报、确认为零、未报各几项，其中迟的几项。"""
    ready()
    from django.utils import timezone

    from zhengxin.oversight.returns import matrix as matrices
    from zhengxin.oversight.returns import queries

    today = timezone.localdate(now())
    found = matrices.matrix(until=queries.quarter_to_open(until, today), on=today)
    if json_wanted:
        click.echo(json.dumps(as_json(found), ensure_ascii=False, indent=1))
        return
    for row in found.rows:
        gone = f"（{row.gone_on}撤销，没有承接单位，此后不再报送）" if row.gone_on else ""
        click.echo(f"{row.unit}{gone}：{_told(row.total)}")
        for quarter, cell in zip(found.quarters, row.cells, strict=True):
            if cell is not None:
                click.echo(f"  {quarter} {_told(cell)}")
    click.echo(f"合计：{_told(found.total)}" if found.rows else "还没有季度报送。")


@returns.command()
@click.argument("file", metavar="文件", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--quarter", default="", help="哪个季度，如2026Q3；不写就是刚结束的一个。")
@click.option("--unit", default="", help="只要这个单位的（名称、简称或代码）。")
@click.option("--number", default="", help="红头文件的发文字号；不写就留空手写。")
def export(file: Path, quarter: str, unit: str, number: str) -> None:
    """导出：.xlsx是到这个季度的总表，.docx是全县通报，写了单位的是它的红头报告。"""
    ready()
    from django.utils import timezone

    from zhengxin.kernel.refused import Refused
    from zhengxin.kernel.say import say
    from zhengxin.oversight.returns import queries

    if file.suffix.lower() not in (".docx", ".xlsx"):
        raise Refused(
            say("没有导出：“{name}”不是.docx或.xlsx。", name=file.name),
            "",
            say("请把文件名写成以.docx或.xlsx结尾。"),
        )
    at = now()
    asked = str(queries.quarter_to_open(quarter, timezone.localdate(at)))
    unit_id = unit_named(unit, at).id if unit else None
    content = _made(file.suffix.lower(), asked, unit_id, number, at)
    try:
        with file.open("xb") as stream:
            stream.write(content)
    except OSError as problem:
        raise Refused(
            say("没有导出：不能写{name}（{problem}）。", name=str(file), problem=problem.strerror),
            "",
            say("已经有这个文件的，请换个名称；没有这个文件夹的，请先建立。"),
        ) from problem
    click.echo(f"已导出：{file}")


def _made(kind: str, quarter: str, unit_id: int | None, number: str, at: datetime) -> bytes:
    from zhengxin.journey import return_papers as papers

    actor = at_shell()
    if kind == ".xlsx":
        return papers.returns_workbook(
            until=quarter, units=None, unit_id=unit_id, state="", at=at, actor=actor
        )
    if unit_id is None:
        return papers.returns_summary(quarter=quarter, number=number, at=at, actor=actor)
    return papers.return_paper(unit_id=unit_id, quarter=quarter, number=number, at=at, actor=actor)


def as_json(found: Matrix) -> dict[str, Any]:
    """{"quarters", "units": [{"unit", "gone_on", "quarters": {quarter: counts}, "total"}], "columns", "total"}."""
    names = [str(quarter) for quarter in found.quarters]
    return {
        "quarters": names,
        "units": [
            {
                "unit": row.unit,
                "gone_on": row.gone_on.isoformat() if row.gone_on else None,
                "quarters": {
                    name: _counts(cell)
                    for name, cell in zip(names, row.cells, strict=True)
                    if cell is not None
                },
                "total": _counts(row.total),
            }
            for row in found.rows
        ],
        "columns": {
            name: _counts(counts) for name, counts in zip(names, found.columns, strict=True)
        },
        "total": _counts(found.total),
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {
        "owed": counts.owed,
        "reported": counts.reported,
        "zero": counts.zero,
        "missing": counts.missing,
        "late": counts.late,
    }


def _told(counts: Counts) -> str:
    return (
        f"应报{counts.owed}，已报{counts.reported}，确认为零{counts.zero}，"
        f"未报{counts.missing}，其中迟{counts.late}"
    )
