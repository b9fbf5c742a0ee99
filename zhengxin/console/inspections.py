"""Inspections on the command line: list them, compute a draw again."""

import json
import sys
from typing import Any

import click

from zhengxin.console.ready import ready

MOST = 200


@click.group()
def inspection() -> None:
    """督查：列出，重算抽取。"""


@inspection.command("list")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出。")
def list_inspections(as_json: bool) -> None:
    """列出督查，新的在前；最多印200次。"""
    ready()
    from django.db.models import Count

    from zhengxin.oversight.inspections import queries
    from zhengxin.subjects import queries as subjects

    rows = list(queries.campaigns().annotate(units=Count("cases"))[:MOST])
    names = subjects.subject_names(row.unit_id for row in rows)
    if as_json:
        told = [
            {
                "number": row.pk,
                "title": row.title,
                "unit": names.get(row.unit_id, ""),
                "from": row.from_on.isoformat(),
                "until": row.until_on.isoformat(),
                "state": row.state,
                "units": row.units,
            }
            for row in rows
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(
            f"{row.pk}  {row.title}  {names.get(row.unit_id, '')}  "
            f"{row.from_on}至{row.until_on}  {row.get_state_display()}，{row.units}个单位"
        )
    if not rows:
        click.echo("还没有督查。县政府指定、信用办登记以后，由被指定的单位在工作台制定。")


@inspection.command()
@click.argument("number", metavar="编号", type=int)
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出。")
def draw(number: int, as_json: bool) -> None:
    """由登记的范围和随机数重算第N次督查抽到谁，与登记的逐个核对；不写入任何东西。"""
    ready()
    from zhengxin.oversight.inspections import queries

    campaign = queries.campaign(number)
    if not campaign.seed:
        click.echo(
            f"还没有抽取。约定的随机数：{campaign.seed_named}（{campaign.seed_on}产生）。", err=True
        )
        sys.exit(1)
    names = {code: name for _id, code, name, _kind in campaign.population}
    units = {code: unit_id for unit_id, code, _name, _kind in campaign.population}
    drawn = queries.drawn(campaign)
    kept = [(case.unit_id, case.digest) for case in queries.cases_of(number)]
    same = kept == [(units[each.code], each.digest) for each in drawn]
    # A seed that is a checkpoint is looked up again as well.
    found = queries.public_seed(campaign)
    same = same and (found is None or found[0] == campaign.seed)
    if as_json:
        told: dict[str, Any] = queries.sampling(campaign).as_json()
        told["set_aside"] = queries.set_aside_in_full(campaign)
        told["drawn"] = [{"code": each.code, "sha256": each.digest} for each in drawn]
        click.echo(json.dumps(told | {"same": same}, ensure_ascii=False, indent=1))
    else:
        click.echo(f"{campaign.title}：{len(names)}个单位里抽{len(drawn)}个")
        click.echo(f"随机数 {campaign.seed}（{campaign.seed_source}）")
        for place, each in enumerate(drawn, start=1):
            click.echo(f"{place}  {each.code}  {names[each.code]}  {each.digest}")
        for aside in queries.set_aside(campaign):
            click.echo(
                f"{aside.drawn_on}的抽取已于{aside.on}作废，当时的随机数 {aside.seed}：{aside.because}"
            )
        click.echo("与登记的一致。" if same else "与登记的不一致。")
    if not same:
        sys.exit(1)
