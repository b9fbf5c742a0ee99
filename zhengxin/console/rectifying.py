"""Orders to explain and rectify, and issues of the leading group, on the command line."""

import json
from typing import Any

import click

from zhengxin.console.ready import now, ready

MOST = 200


@click.group()
def rectification() -> None:
    """说明、整改：列出。"""


@rectification.command("list")
@click.option("--open", "only_open", is_flag=True, help="只列没有办结的。")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出。")
def list_orders(only_open: bool, as_json: bool) -> None:
    """列出责令的说明和整改，新的在前；最多印200件。"""
    ready()
    from zhengxin.oversight.rectifying import queries
    from zhengxin.subjects import queries as subjects

    rows = queries.orders(None)
    if only_open:
        rows = queries.running(rows, over=False)
    stands = queries.stands(rows[:MOST])
    names = subjects.subject_names(each.order.unit_id for each in stands)
    told: list[dict[str, Any]] = [
        {
            "number": each.order.pk,
            "unit": names.get(each.order.unit_id, ""),
            "title": each.order.title,
            "ordered_on": each.order.ordered_on.isoformat(),
            "duties": [
                {
                    "kind": duty.kind,
                    "due_on": duty.due_on.isoformat() if duty.due_on else None,
                    "state": duty.state,
                    "label": str(duty.get_state_display()),
                }
                for duty in each.duties
            ],
        }
        for each in stands
    ]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for line in told:
        click.echo(f"{line['number']}  {line['unit']}  {line['title']}  {line['ordered_on']}")
        for duty in line["duties"]:
            kind = "书面说明" if duty["kind"] == "written_explanation" else "整改"
            click.echo(f"    {kind}  {duty['due_on'] or '期限待定'}  {duty['label']}")
    if not told:
        click.echo("没有这样的说明、整改。")


@click.group()
def issue() -> None:
    """领导小组议题：列出。"""


@issue.command("list")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出。")
def list_issues(as_json: bool) -> None:
    """列出议题：谁提的、怎样定的、办到哪里、提出过几次；最多印200个。"""
    ready()
    from django.utils import timezone

    from zhengxin.oversight.rectifying import queries
    from zhengxin.subjects import queries as subjects

    rows = list(queries.issues(None)[:MOST])
    duties = queries.duties_of(rows)
    names = subjects.subject_names(
        pk for row in rows for pk in (row.raised_by_id, row.lead_id) if pk
    )
    today = timezone.localdate(now())
    if as_json:
        told = [
            {
                "number": row.pk,
                "question": row.question,
                "raised_by": names.get(row.raised_by_id, ""),
                "raised_on": row.raised_on.isoformat(),
                "nth": row.nth,
                "state": row.state,
                "lead": names.get(row.lead_id or 0, ""),
                "duty": duties[row.pk].state if row.pk in duties else "",
            }
            for row in rows
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for row in rows:
        duty = duties.get(row.pk)
        stands = str(duty.get_state_display() if duty else row.get_state_display())
        late = duty and duty.running and duty.due_on and duty.due_on < today
        again = f"，第{row.nth}次提出" if row.nth > 1 else ""
        click.echo(
            f"{row.pk}  {row.question}  {names.get(row.raised_by_id, '')}  {row.raised_on}{again}  "
            f"{stands}{'（逾期）' if late else ''}"
        )
    if not rows:
        click.echo("还没有议题。")
