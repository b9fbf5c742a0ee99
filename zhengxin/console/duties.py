"""Duties on the command line."""

import json
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from zhengxin.duties.models import Duty

AT_ONCE = 200
STATES = ("overdue", "soon", "open", "reported", "ended")


@click.group()
def duties() -> None:
    """职责：谁该在什么时候前办什么，逾期多久。"""


def _day(_context: object, _option: object, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise click.BadParameter("日期写成2026-11-23这样。") from None


_ON: Callable[..., Any] = click.option(
    "--on", metavar="日期", callback=_day, help="按哪一天看，默认今天。"
)
_JSON = click.option("--json", "as_json", is_flag=True, help="用 JSON 印出。")


@duties.command("list")
@click.option("--unit", metavar="单位", help="只看这个单位（名称、简称或代码）。")
@click.option(
    "--state", type=click.Choice(STATES), default="open", show_default=True, help="只看这一种。"
)
@_ON
@_JSON
def list_duties(unit: str | None, state: str, on: date | None, as_json: bool) -> None:
    """列出职责，期限近的在前；最多印200项。"""
    from zhengxin.console.named import unit_named
    from zhengxin.console.ready import now, ready

    ready()
    from django.utils import timezone

    from zhengxin.duties import lists
    from zhengxin.subjects import queries as subjects

    day = on or timezone.localdate()
    units = subjects.lineage(unit_named(unit, now()).id, day) if unit else None
    rows = list(lists.chosen(state, units, day)[:AT_ONCE])
    _print(rows, day, as_json)


@duties.command()
@_ON
@_JSON
def overdue(on: date | None, as_json: bool) -> None:
    """谁逾期、几项、最久的应于哪天；按最久的排列，不是名次。"""
    from zhengxin.console.ready import ready

    ready()
    from django.utils import timezone

    from zhengxin.duties import lists
    from zhengxin.subjects import queries as subjects

    day = on or timezone.localdate()
    rows = lists.overdue_by_unit(day)
    names = subjects.subject_names(row.unit_id for row in rows)
    if as_json:
        found = [
            {"unit": names.get(row.unit_id, ""), "n": row.n, "oldest": row.oldest.isoformat()}
            for row in rows
        ]
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for row in rows:
        days = (day - row.oldest).days
        click.echo(
            f"{names.get(row.unit_id, '')}：{row.n:,}项，最久的应于{row.oldest}，已逾期{days:,}天"
        )
    if not rows:
        click.echo("没有逾期的职责。")


@duties.command()
@click.argument("number", metavar="编号", type=int)
@_JSON
def show(number: int, as_json: bool) -> None:
    """一项职责和它的办理经过。"""
    from zhengxin.console.ready import county_day, ready

    ready()
    from django.utils import timezone

    from zhengxin.duties import standing
    from zhengxin.ledger.enums import Act

    duty = standing.duty(number)
    steps = standing.history(number)
    if as_json:
        found = _as_json([duty]) | {
            "history": [
                {"act": step.act, "at": step.at.isoformat(), "by": step.by, **step.content}
                for step in steps
            ]
        }
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    _print([duty], timezone.localdate(), as_json=False)
    for step in steps:
        words = step.content.get("words") or step.content.get("because") or ""
        click.echo(f"  {county_day(step.at)} {Act(step.act).label} {step.by} {words}")


@duties.command()
def turn() -> None:
    """现在就告知到期和逾期的（后台每天办一次；同一天再办不会重复）。"""
    from zhengxin.console.ready import at_shell, now, ready

    ready()
    from zhengxin.journey.turning import turn_clocks

    told = turn_clocks(at=now(), actor=at_shell())
    click.echo(f"新发消息{told:,}条。")


def _as_json(rows: "list[Duty]") -> dict[str, Any]:
    from zhengxin.subjects import queries as subjects

    [duty] = rows
    names = subjects.subject_names(pk for pk in (duty.bearer_id, duty.to_id) if pk)
    return {
        "number": duty.pk,
        "kind": duty.kind,
        "what": duty.what,
        "bearer": names.get(duty.bearer_id, ""),
        "to": names.get(duty.to_id or 0, ""),
        "opened_on": duty.opened_on.isoformat() if duty.opened_on else None,
        "due_on": duty.due_on.isoformat() if duty.due_on else None,
        "state": duty.state,
        "late_on": duty.late_on.isoformat() if duty.late_on else None,
        "period": duty.period,
    }


def _print(rows: "list[Duty]", day: date, as_json: bool) -> None:
    from zhengxin.rulebook.queries import duty_kinds
    from zhengxin.subjects import queries as subjects

    if as_json:
        click.echo(json.dumps([_as_json([row]) for row in rows], ensure_ascii=False, indent=1))
        return
    names = subjects.subject_names({row.bearer_id for row in rows})
    kinds = {kind.code: kind.name for kind in duty_kinds()}
    for row in rows:
        due = row.due_on.isoformat() if row.due_on else "期限待定"
        late = ""
        if row.state == "open" and row.due_on and row.due_on < day:
            late = f"，逾期{(day - row.due_on).days:,}天"
        if row.late_on:
            late += f"，{row.late_on}已经逾期"
        click.echo(
            f"{row.pk} {due}{late} {row.get_state_display()} {names.get(row.bearer_id, '')} "
            f"{kinds.get(row.kind, row.kind)}{row.period}：{row.what}"
        )
    if not rows:
        click.echo("没有。")
