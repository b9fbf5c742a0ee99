"""What may be imposed, by the law folder."""

import json
from datetime import date
from typing import Any

import click

from zhengxin.rulebook.types import Measure


@click.command()
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="按哪一天看，默认今天。")
@click.option("--json", "json_wanted", is_flag=True, help="用 JSON 印出。")
def measures(on: Any, json_wanted: bool) -> None:
    """惩戒措施清单：对谁、由谁、凭什么、怎样结束；清单以外的不得采取。"""
    from zhengxin.console.ready import county_day, now, wake
    from zhengxin.rulebook import queries

    wake()
    day: date = on.date() if on else county_day(now())
    found = queries.measures(day)
    if json_wanted:
        told = {"on": day.isoformat(), "measures": [as_json(each) for each in found]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for each in found:
        bodies = "、".join(body.label for body in each.imposed_by)
        click.echo(
            f"{each.name}（对{each.target.label}，由{bodies}决定，{each.ends.label}）：{each.does}"
        )
        for basis in each.bases:
            case = f"{basis.case}，{basis.months}个月：" if basis.months else ""
            click.echo(f"  {case}{basis.citation.text}")
    if not found:
        click.echo(f"{day}没有可以采取的措施：清单里的依据都还没有施行，或者已经失效。")


def as_json(measure: Measure) -> dict[str, Any]:
    """{"measure", "name", "target", "does", "imposed_by", "ends", "bases": [{"case", "months", "rule", "document",
    "article", "from", "until", "status"}]}."""
    return {
        "measure": measure.code,
        "name": measure.name,
        "target": measure.target.value,
        "does": measure.does,
        "imposed_by": [body.value for body in measure.imposed_by],
        "ends": measure.ends.value,
        "bases": [
            {
                "case": basis.case,
                "months": basis.months,
                "rule": basis.rule,
                "document": basis.citation.document,
                "article": basis.citation.article,
                "from": basis.citation.in_force_from.isoformat(),
                "until": basis.citation.in_force_until
                and basis.citation.in_force_until.isoformat(),
                "status": basis.citation.status.value,
            }
            for basis in measure.bases
        ],
    }
