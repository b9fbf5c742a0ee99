"""Quarterly returns on the command line: opened, and how they stand."""

import json
from typing import Any

import click

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
        click.echo(f"{row.unit}：{_told(row.total)}")
        for quarter, cell in zip(found.quarters, row.cells, strict=True):
            if cell is not None:
                click.echo(f"  {quarter} {_told(cell)}")
    click.echo(f"合计：{_told(found.total)}" if found.rows else "还没有季度报送。")


def as_json(found: Matrix) -> dict[str, Any]:
    """{"quarters", "units": [{"unit", "quarters": {quarter: counts}, "total"}], "columns", "total"}."""
    names = [str(quarter) for quarter in found.quarters]
    return {
        "quarters": names,
        "units": [
            {
                "unit": row.unit,
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
