"""Suggestions and proposals on the command line: a session's list comes in, and is looked at."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhengxin.console.ready import at_shell, now, ready, today

if TYPE_CHECKING:
    from zhengxin.oversight.proposals.models import Proposal

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def proposals() -> None:
    """人大代表建议、政协提案。"""


@proposals.command("import")
@click.argument(
    "file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--session", required=True, help="届次，如 第十八届人大第五次会议。")
@click.option("--received-on", type=DAY, help="收到日期，不写是今天。")
def import_(file: Path, session: str, received_on: datetime | None) -> None:
    """导入一届会议的名单（XLSX或CSV）：一处有误，整份不导入，逐处说明。"""
    ready()
    from zhengxin import journey
    from zhengxin.oversight.proposals.reading import ListFaulty

    at = now()
    try:
        n = journey.import_proposals(
            name=file.name,
            content=file.read_bytes(),
            session=session,
            received_on=received_on.date() if received_on else today(),
            at=at,
            actor=at_shell(),
        )
    except ListFaulty as faulty:
        for fault in faulty.faults:
            where = f"第{fault.row}行 {fault.column}" if fault.row else "整份"
            value = f"“{fault.value}”" if fault.value else ""
            click.echo(f"{where}{value}：{fault.why}{fault.remedy}", err=True)
        raise
    click.echo(f"已导入{n}件，可以交办了。")


@proposals.command("list")
@click.option("--session", default="", help="只列这一届次。")
@click.option("--overdue", is_flag=True, help="只列逾期没有答复的。")
@click.option("--json", "json_wanted", is_flag=True, help="用 JSON 印出。")
def list_(session: str, overdue: bool, json_wanted: bool) -> None:
    """列出建议提案：编号、标题、承办单位、期限和状态。"""
    ready()
    from zhengxin.oversight.proposals import queries
    from zhengxin.oversight.proposals.models import Proposal
    from zhengxin.subjects import queries as subjects

    rows = queries.chosen(
        Proposal.objects.all(), session=session, overdue_on=today() if overdue else None
    )
    shown = list(queries.with_parts(rows))
    parts = [part for row in shown for part in row.handlings.all()]
    duties = queries.duties(parts)
    names = subjects.subject_names({part.unit_id for part in parts})
    days = {part.pk: duties[part.duty_id].due_on for part in parts if part.duty_id in duties}
    lines = [_line(row, names, days) for row in shown]
    if json_wanted:
        click.echo(json.dumps(lines, ensure_ascii=False, indent=1, default=str))
        return
    for each in lines:
        click.echo(f"{each['kind']} {each['session']} 第{each['number']}号 {each['title']}")
        for part in each["parts"]:
            due = part["due_on"] or "期限待定"
            click.echo(f"  {part['unit']}  {due}  {part['state']} {part['class']}".rstrip())
        if not each["parts"]:
            click.echo("  待交办")
    click.echo(f"共{len(lines)}件。")


def _line(row: "Proposal", names: dict[int, str], days: dict[int, Any]) -> dict[str, Any]:
    return {
        "kind": str(row.get_kind_display()),
        "session": row.session,
        "number": row.number,
        "title": row.title,
        "parts": [
            {
                "unit": names.get(part.unit_id, ""),
                "nth": part.nth,
                "due_on": days.get(part.pk),
                "state": str(part.get_state_display()),
                "class": part.answer_class,
            }
            for part in row.handlings.all()
        ],
    }
