"""What is recorded about one firm or unit, for itself."""

import json
from typing import Any

import click


@click.command()
@click.argument("code", metavar="代码")
@click.option(
    "--known-on", type=click.DateTime(["%Y-%m-%d"]), help="按哪一天所知，默认按现在所知。"
)
@click.option("--json", "json_wanted", is_flag=True, help="用 JSON 印出。")
def window(code: str, known_on: Any, json_wanted: bool) -> None:
    """当事人查询：关于一个单位或企业（统一社会信用代码或单位代码）的全部记录，和谁看过。"""
    from zhengxin.console.ready import at_shell, now, ready

    ready()
    from zhengxin import journey
    from zhengxin.subjects import queries as subjects

    subject_id = subjects.subject_by_code(code)
    opened = journey.open_window_of(
        subject_id=subject_id,
        known_on=known_on.date() if known_on else None,
        at=now(),
        actor=at_shell(),
    )
    told = as_json(subject_id, opened)
    if json_wanted:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(f"{told['name']}：记录{len(told['entries'])}条")
    for each in told["entries"]:
        until = f"，公示到{each['display_to']}" if each["display_to"] else ""
        ended = f"，{each['ending']}" if each["ending"] else ""
        click.echo(
            f"  {each['entry']} {each['kind']} {each['on'] or '没有写日期'}，{each['unit']}报送，"
            f"{each['standing'] or '没有公示安排'}{until}{ended}"
        )
    click.echo(f"看过的（新的在前，最多{len(told['readings'])}次）")
    for look in told["readings"]:
        click.echo(f"  {look['at']} {look['unit']}，用途：{look['purpose'] or '没有写'}")


@click.command()
@click.argument("entry", metavar="记录编号", type=click.IntRange(1, 2**63 - 1))
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="按哪一天所知，默认今天。")
@click.option("--json", "json_wanted", is_flag=True, help="用 JSON 印出。")
def standing(entry: int, on: Any, json_wanted: bool) -> None:
    """一条记录按某一天所知怎样公示：状态、期限、依据。"""
    from dataclasses import asdict

    from zhengxin.console.ready import at_shell, county_day, now, ready

    ready()
    from zhengxin import journey

    at = now()
    day = on.date() if on else county_day(at)
    found = journey.look_at_standing(entry_id=entry, on=day, at=at, actor=at_shell())
    if json_wanted:
        click.echo(json.dumps(found and asdict(found), ensure_ascii=False, indent=1, default=str))
    elif found is None:
        click.echo(f"到{day}为止还没有得知第{entry}号记录。")
    else:
        until = f"，到{found.display_to}" if found.display_to else ""
        why = f"，{found.withheld}" if found.withheld else until
        disputed = "，异议处理中" if found.disputed else ""
        click.echo(f"第{entry}号记录按{day}当天所知：{found.state}{why}{disputed}。{found.because}")


def as_json(subject_id: int, opened: Any) -> dict[str, Any]:
    """{"name", "entries": [{"entry", "kind", "on", "known_at", "unit", "ending", "standing", "withheld", "display_to",
    "repair_from"}], "readings": [{"at", "unit", "purpose"}]}; days as ISO text, null when there is none. No official is named."""
    from zhengxin.archive.enums import Ending
    from zhengxin.journey.records import kind_labels
    from zhengxin.subjects import queries as subjects

    kinds, endings = kind_labels(), dict(Ending.choices)
    names = subjects.subject_names(
        {subject_id, *(line.unit_id for line in opened.lines)}
        | {each.unit_id for each in opened.readings if each.unit_id is not None}
    )
    entries = []
    for line in opened.lines:
        notice = opened.notices.get(line.entry_id)
        entries.append(
            {
                "entry": line.entry_id,
                "kind": kinds.get(line.kind, line.kind),
                "on": line.true_on and line.true_on.isoformat(),
                "known_at": line.known_at.isoformat(),
                "unit": names.get(line.unit_id, ""),
                "ending": str(endings[line.ending]) if line.ending else "",
                "standing": notice.get_state_display() if notice else "",
                "withheld": notice.get_withheld_display() if notice and notice.withheld else "",
                "display_to": notice and notice.display_to and notice.display_to.isoformat(),
                "repair_from": notice and notice.repair_from and notice.repair_from.isoformat(),
            }
        )
    return {
        "name": names.get(subject_id, ""),
        "entries": entries,
        "readings": [
            {
                "at": each.at.isoformat(),
                "unit": names.get(each.unit_id or 0, ""),
                "purpose": each.purpose,
            }
            for each in opened.readings
        ],
    }
