"""Appeals, at the shell: read here, lodged and reviewed at the desk by named persons."""

import json
from typing import Any

import click


@click.group()
def appeal() -> None:
    """申诉：对定级、异议、信用修复的决定不服的。登记和复核由具名的人在工作台办理。"""


@appeal.command("list")
@click.option("--open", "open_only", is_flag=True, help="只看等复核的。")
@click.option("--json", "json_wanted", is_flag=True, help="用 JSON 印出。")
def listing(open_only: bool, json_wanted: bool) -> None:
    """按时间倒序列出申诉。"""
    from zhengxin.console.ready import ready

    ready()
    from zhengxin.appeals import queries
    from zhengxin.appeals.enums import AppealState

    rows = queries.appeals(None, state=AppealState.LODGED if open_only else "")
    told = [_told(row) for row in rows]
    if json_wanted:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for each in told:
        due = f"，期限{each['due_on']}" if each["due_on"] else ""
        click.echo(
            f"{each['appeal']} {each['decision']}（决定{each['against']}，记录{each['record']}），"
            f"{each['lodged_on']}登记，{each['state']}{due}"
        )
    if not told:
        click.echo("没有申诉。")


@appeal.command()
@click.argument("record", metavar="记录编号", type=click.IntRange(1, 2**63 - 1))
def decisions(record: int) -> None:
    """关于一条记录，哪些决定还可以申诉。"""
    from zhengxin.console.ready import ready

    ready()
    from zhengxin.appeals import queries
    from zhengxin.ledger import queries as ledger
    from zhengxin.ledger.enums import Act

    found = queries.decisions_about(record)
    for entry_id in found:
        click.echo(f"{entry_id} {Act(ledger.entry(entry_id).kind).label}")
    if not found:
        click.echo("没有可以申诉的决定。")


def _told(row: Any) -> dict[str, Any]:
    """{"appeal", "decision", "against", "record", "lodged_on", "state", "due_on", "decided_on"}; no names."""
    from zhengxin.duties import standing

    due_on = standing.duty(row.duty_id).due_on if row.duty_id else None
    return {
        "appeal": row.pk,
        "decision": str(row.kind_label),
        "against": row.against_id,
        "record": row.record_id,
        "lodged_on": row.lodged_on.isoformat(),
        "state": str(row.get_state_display()),
        "due_on": due_on and due_on.isoformat(),
        "decided_on": row.decided_on and row.decided_on.isoformat(),
    }
