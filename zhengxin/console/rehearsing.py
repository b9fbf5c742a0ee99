"""A proposed rule tried on past years, at the shell."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument(
    "folder", metavar="规则文件夹", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="从哪一天的文书起。",
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="到哪一天的文书，默认今天。")
@click.option("--json", "json_wanted", is_flag=True, help="用 JSON 印出。")
def rehearse(folder: Path, since: Any, until: Any, json_wanted: bool) -> None:
    """拿一个拟议的规则文件夹，在过去的记录上试算公示和分档：会影响谁、改变什么。只试算，不改动。"""
    from zhengxin.console.ready import at_shell, county_day, now, ready

    ready()
    from zhengxin import journey

    last: date = until.date() if until else county_day(now())
    found = journey.rehearse_law(
        folder=folder, since=since.date(), until=last, at=now(), actor=at_shell()
    )
    if json_wanted:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
    changed = sum(each.n for each in found.changes)
    click.echo(
        f"{since.date()}至{last}的文书，有效记录{found.n}条，按拟议的规则有{changed}条不同。"
    )
    if found.without_day:
        click.echo(f"另有{found.without_day}条没有写文书日期，无从试算。")
    _print(found.changes)


def _print(changes: Any) -> None:
    from zhengxin.journey.records import kind_labels
    from zhengxin.publication.enums import Grade, NoticeState, WithholdReason
    from zhengxin.subjects import queries as subjects

    labels = {"": ""}
    for choices in (Grade, NoticeState, WithholdReason):
        labels |= {value: str(label) for value, label in choices.choices}
    kinds = kind_labels()
    names = subjects.subject_names({subject for each in changes for _, subject in each.named})
    for each in changes:
        was, now = (
            "，".join(filter(None, (labels.get(code, code) for code in place)))
            for place in (each.before, each.after)
        )
        moved = [
            f"{n}条{words}"
            for n, words in (
                (each.longer, "公示期变长"),
                (each.shorter, "公示期变短"),
                (each.later, "可修复的日期推后"),
                (each.sooner, "可修复的日期提前"),
            )
            if n
        ]
        step = f"{was} → {now}" if was != now else was
        click.echo(f"{kinds.get(each.kind, each.kind)} {each.n}条：{step}")
        if moved:
            click.echo(f"  其中{'，'.join(moved)}")
        if each.persons:
            click.echo(f"  其中自然人{each.persons}条，不列")
        for entry_id, subject in each.named:
            click.echo(f"  {entry_id} {names.get(subject, '')}")
