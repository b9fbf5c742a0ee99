"""Work plans on the command line. `read` needs no home, so it wakes nothing that it need not."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from zhengxin.console.ready import at_shell, now, ready, today
from zhengxin.oversight.types import (
    Finding,
    Plan,
    Registered,
    Resolved,
    Role,
    Rule,
    RuleKind,
    Task,
    Term,
)

ROLES = {Role.LEAD: "牵头", Role.SUPPORTING: "配合", Role.RESPONSIBLE: "责任"}
RULES = {
    RuleKind.FIRST_LISTED_IS_LEAD: "排在第一位的牵头",
    RuleKind.ALSO_INCLUDES: "名称还包括",
    RuleKind.ALSO_RESPONSIBLE: "未列出也负责",
    RuleKind.SHORT_NAME: "简称",
}


@click.group()
def plan() -> None:
    """工作方案：读出条目、任务、单位和期限。"""


@plan.command()
@click.argument(
    "file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "json_wanted", is_flag=True, help="用 JSON 印出。")
def read(file: Path, json_wanted: bool) -> None:
    """读一份工作方案（纯文本、DOCX、带文字的PDF、网页），印出条目和任务分工；不写入任何东西。"""
    from zhengxin.oversight.reading import read_plan
    from zhengxin.oversight.resolving import findings as of_units
    from zhengxin.oversight.resolving import resolve

    found = read_plan(file)
    register = _register()
    resolved = resolve(found, register) if register else ()
    findings = (*found.findings, *of_units(resolved))
    if json_wanted:
        click.echo(json.dumps(as_json(found, findings), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(as_text(found, findings, resolved)))


@plan.command()
@click.argument(
    "file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def send(file: Path) -> None:
    """上传一份工作方案，读出来留待核对；确认在工作台上签署。"""
    ready()
    from zhengxin import journey

    number, new = journey.send_plan(
        content=file.read_bytes(), filename=file.name, at=now(), actor=at_shell()
    )
    if not new:
        click.echo("同样内容的文件以前收到过，没有重复收。", err=True)
    _show(number)


@plan.command("list")
@click.option("--json", "json_wanted", is_flag=True, help="用 JSON 印出。")
def list_plans(json_wanted: bool) -> None:
    """列出工作方案。"""
    ready()
    from zhengxin.oversight import queries

    rows = list(queries.plans(compiling=True))
    tasks = queries.mandate_counts(row.pk for row in rows)
    if json_wanted:
        told = [
            {
                "number": row.pk,
                "title": row.title,
                "state": row.state,
                "dated": row.dated.isoformat() if row.dated else None,
                "mandates": tasks.get(row.pk, 0),
                "entry": row.entry_id,
            }
            for row in rows
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(
            f"{row.pk}　{row.get_state_display()}　{row.title}　任务{tasks.get(row.pk, 0)}项"
        )
    if not rows:
        click.echo("还没有工作方案。上传：zhengxin plan send 文件")


@plan.command()
@click.argument("number", metavar="编号", type=int)
@click.option("--json", "json_wanted", is_flag=True, help="用 JSON 印出。")
def show(number: int, json_wanted: bool) -> None:
    """一份方案：待核的印出还要办的，已确认的印出任务和单位。"""
    ready()
    if not json_wanted:
        _show(number)
        return
    from zhengxin.console.mandates import as_json as shown

    click.echo(json.dumps(shown(number, today()), ensure_ascii=False, indent=1))


def _show(number: int) -> None:
    from zhengxin.console.mandates import as_text as shown

    click.echo("\n".join(shown(number, today())))


def _register() -> tuple[Registered, ...]:
    """The units of the county in this home; none where there is no home, and none is made."""
    from zhengxin.kernel.stores import STORE_FILES

    default = Path(__file__).resolve().parents[2] / "var"
    store = Path(os.environ.get("ZHENGXIN_HOME", default)) / STORE_FILES["default"]
    if not os.environ.get("DATABASE_URL") and not store.exists():
        return ()
    from zhengxin.console.ready import wake

    wake()
    from django.db import DatabaseError

    from zhengxin.oversight import queries

    try:
        return queries.register(today())
    except DatabaseError:
        # A home whose tables are not made yet, or are of another version, has no register to ask.
        return ()


def as_json(found: Plan, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """{"title", "sections", "tasks", "lint"}: units as written; a task's text ends in the words that name them."""
    return {
        "title": found.title,
        "sections": [
            {"level": each.level, "number": each.number, "title": each.title}
            for each in found.sections
        ],
        "tasks": [_task_json(task) for task in found.tasks],
        "lint": [
            {"kind": each.kind, "where": each.where, "message": each.message} for each in findings
        ],
    }


def _task_json(task: Task) -> dict[str, Any]:
    rules = ",".join(dict.fromkeys(rule.kind for rule in task.rules))
    return {
        "clause": task.number,
        "section": task.section,
        "text": task.text + ("\n" if task.clause_apart else "") + task.clause,
        "lead_units": list(task.lead_units),
        "supporting_units": list(task.supporting_units),
        "responsible_units": list(task.responsible_units),
        "standing_rule": rules or None,
        "terms": [_term_json(term) for term in task.terms],
    }


def _term_json(term: Term) -> dict[str, Any]:
    values = {
        "kind": term.kind,
        "text": term.text,
        "year": term.year,
        "month": term.month,
        "day": term.day,
        "count": term.count,
        "unit": term.unit,
    }
    return {key: value for key, value in values.items() if value is not None}


def as_text(
    found: Plan, findings: tuple[Finding, ...], resolved: tuple[Resolved, ...]
) -> Iterator[str]:
    """The clause tree with its tasks, then the names, the standing rules and what is odd."""
    yield found.title
    if found.dated:
        yield f"落款 {found.dated.isoformat()}"
    yield ""
    tasks: dict[str, list[Task]] = defaultdict(list)
    for task in found.tasks:
        tasks[task.section].append(task)
    for task in tasks.pop("", []):
        yield from _task_lines(task, "", found.dated.year if found.dated else None)
    for section in found.sections:
        indent = "  " * (section.level - 1)
        title = section.title if len(section.title) <= 40 else section.title[:39] + "…"
        yield f"{indent}{section.number} {title}"
        for task in tasks.pop(section.path, []):
            yield from _task_lines(task, indent + "  ", found.dated.year if found.dated else None)
    yield ""
    yield f"条目{len(found.sections)}个，任务{len(found.tasks)}项，单位写法{len(found.unit_names)}种。"
    yield from _rule_lines(found.rules)
    yield from _resolved_lines(resolved)
    if findings:
        yield ""
        yield f"请核对（{len(findings)}处）："
        yield from (f"  {each.where}：{each.message}" for each in findings)


def _task_lines(task: Task, indent: str, year: int | None) -> Iterator[str]:
    yield f"{indent}任务{task.number}"
    for role, label in ROLES.items():
        names = [name for each, name in task.units if each is role]
        if names:
            open_list = "等" if task.and_others and role is Role.RESPONSIBLE else ""
            yield f"{indent}  {label}：{'、'.join(names)}{open_list}"
    for term in task.terms:
        due = term.due_on(year)
        yield f"{indent}  时限：{term.text}" + (f"（{due.isoformat()}）" if due else "")


def _rule_lines(rules: tuple[Rule, ...]) -> Iterator[str]:
    if rules:
        yield ""
        yield "通篇适用："
        yield from (f"  {RULES[rule.kind]}：{rule.text}" for rule in rules)


def _resolved_lines(resolved: tuple[Resolved, ...]) -> Iterator[str]:
    if not resolved:
        return
    yield ""
    yield "对照本县单位登记册："
    for each in resolved:
        if not each.units:
            yield f"  {each.name} → 没有找到"
        elif each.collective:
            choice = "，具体是哪些须由人选定" if each.open_ended else ""
            names = "、".join(unit.name for unit in each.units)
            yield f"  {each.name} → {len(each.units)}个单位{choice}：{names}"
        else:
            yield f"  {each.name} → {each.units[0].name}"
