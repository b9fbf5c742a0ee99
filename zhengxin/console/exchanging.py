"""Exchange with the offices above on the command line."""

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from zhengxin.console.ready import now, ready

STATE_HELP = (
    "只列这一状态：due、held、packed、sent、unconfirmed、accepted、rejected、contradicted、exempt。"
)
COLUMNS = ("记录编号", "种类", "单位", "操作", "状态", "说明", "批次", "文件", "行号", "自何时")
FEW = 20
_READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def exchange() -> None:
    """上报交换：编批、送出、回执、对账、收取上级来件。"""


@exchange.command("peers")
def list_peers() -> None:
    """列出上报对象和核对我方签名用的公钥。"""
    ready()
    from zhengxin.handover import queries

    for code, peer in queries.peers().items():
        click.echo(f"{code}　{peer.title}　{peer.path}")
        click.echo(f"　　我方公钥：{queries.public_line(peer)}")


@exchange.command("export")
@click.option("--to", "code", required=True, help="上报对象，如 city。")
@click.option("--no-send", is_flag=True, help="只编批，不送出。")
def export(code: str, no_send: bool) -> None:
    """把该报的记录编成带号、签名的批次并送出；暂缓的重新核对一遍。"""
    ready()
    from zhengxin import journey
    from zhengxin.handover.enums import OperationChoice
    from zhengxin.kernel.actor import Actor

    actor = Actor.system("命令行")
    packed = journey.export(to=code, retry_held=True, at=now(), actor=actor)
    for each in packed:
        if each.number:
            told = "，".join(f"{OperationChoice(op).label}{n:,}条" for op, n in each.counts.items())
            click.echo(f"批次{each.number}：{told}。")
    held = sum(each.held for each in packed)
    if held:
        click.echo(f"不合模板、暂缓上报的{held:,}条，原因见 exchange reconcile --state held。")
    if not packed:
        click.echo("没有要上报的。")
    if not no_send:
        _send(code)


@exchange.command("send")
@click.option("--to", "code", required=True, help="上报对象。")
def send(code: str) -> None:
    """立即送出等着的批次，不等间隔。"""
    ready()
    _send(code)


def _send(code: str) -> None:
    from zhengxin import journey
    from zhengxin.handover.enums import AttemptOutcome
    from zhengxin.handover.types import Told
    from zhengxin.kernel.actor import Actor

    failed = False
    for number, outcome in journey.send(to=code, at=now(), actor=Actor.system("命令行")):
        arrived = outcome.told in (Told.DELIVERED, Told.ALREADY)
        failed = failed or not arrived
        why = f"：{outcome.detail}" if outcome.detail else ""
        click.echo(f"批次{number}：{AttemptOutcome(outcome.told).label}{why}。", err=not arrived)
    if failed:
        click.echo("没有送到的留在待送队列，后台会接着送，不会丢。", err=True)
        sys.exit(1)


@exchange.command("answers")
@click.argument("file", metavar="[文件]", required=False, type=_READABLE)
@click.option("--from", "code", default="city", show_default=True, help="谁的回执。")
@click.option("--fetch", is_flag=True, help="到约定的地方去取。")
def answers(file: Path | None, code: str, fetch: bool) -> None:
    """读回执：给出文件，或加 --fetch 去取。"""
    ready()
    from zhengxin import journey
    from zhengxin.kernel.actor import Actor

    actor = Actor.system("命令行")
    if (file is None) == (not fetch):
        raise click.UsageError("请给出一份回执文件，或者加 --fetch。")
    if file is not None:
        note = file.with_name(file.name + ".sig")
        taken = [
            journey.read_answers(
                peer_code=code,
                filename=file.name,
                content=file.read_bytes(),
                signature=note.read_text(encoding="utf-8") if note.exists() else "",
                at=now(),
                actor=actor,
            )
        ]
    else:
        taken = journey.fetch_answers(peer_code=code, at=now(), actor=actor)
    for each in taken:
        if each.known_file:
            click.echo(f"{each.filename}：以前读过，没有变化。")
            continue
        click.echo(
            f"{each.filename}：{each.rows:,}行，接收{each.accepted:,}条，退回{each.rejected:,}条，"
            f"重复{each.repeated:,}条，矛盾{each.contradicting:,}条，对不上{each.unknown:,}条。"
        )
        for problem in each.problems[:FEW]:
            click.echo(f"　　{problem}")
        if len(each.problems) > FEW:
            click.echo(f"　　共{len(each.problems):,}处，只列出前{FEW}处。")
    if not taken:
        click.echo("没有新的回执。")


@exchange.command("reconcile")
@click.option("--peer", "code", default="city", show_default=True, help="和谁对账。")
@click.option("--unit", help="只看这个单位：全称、简称或代码。")
@click.option("--state", default="", help=STATE_HELP)
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出每一条。")
@click.option(
    "--csv", "path", type=click.Path(dir_okay=False, path_type=Path), help="写成CSV文件。"
)
def reconcile(code: str, unit: str | None, state: str, as_json: bool, path: Path | None) -> None:
    """对账：每条记录报了没有、收了没有、为什么退回、之后有没有更正；不平就报错。"""
    ready()
    from zhengxin import journey
    from zhengxin.handover import queries
    from zhengxin.handover.enums import StandingState
    from zhengxin.kernel.actor import Actor
    from zhengxin.subjects import queries as subjects

    at = now()
    if state and state not in (*StandingState.values, queries.UNCONFIRMED):
        raise click.BadParameter(STATE_HELP, param_hint="--state")
    tally = journey.reconcile(peer_code=code, at=at, actor=Actor.system("命令行"))
    peer = queries.peer(code)
    found = queries.standings(peer, at=at, state=state, unit_id=_unit(unit, at))
    names = {each.id: each.name for each in subjects.units()}
    rows = (_line(each, names) for each in queries.every_standing(found))
    if path is not None:
        n = _write(path, rows)
        click.echo(f"写到{path}：{n:,}条。")
    if as_json:
        printed = {
            "peer": code,
            "states": dict(tally.states),
            "unconfirmed": tally.unconfirmed,
            "records": tally.records,
            "versions": tally.versions,
            "records_listed": list(rows),
        }
        click.echo(json.dumps(printed, ensure_ascii=False, indent=1))
        return
    click.echo(f"{peer.title}：{tally.records:,}条记录（{tally.versions:,}个版本），合计相符。")
    for value, label in StandingState.choices:
        if n := tally.states.get(value, 0):
            click.echo(f"　　{label}　{n:,}")
    if tally.unconfirmed:
        days = peer.answer_days
        click.echo(f"　　其中送达后超过{days}天没有回执　{tally.unconfirmed:,}")
    if (state or unit) and path is None:
        for n, row in enumerate(rows):
            if n == FEW:
                click.echo(f"　　只列出前{FEW}条；全部加 --csv 文件 或 --json。")
                break
            click.echo("　　" + "　".join(str(row[name]) for name in COLUMNS if row[name]))


def _unit(named: str | None, at: datetime) -> int | None:
    from django.utils import timezone

    from zhengxin.kernel.refused import Refused
    from zhengxin.kernel.say import say
    from zhengxin.subjects import queries as subjects

    if not named:
        return None
    found = subjects.unit_by_name(named, timezone.localdate(at)) or subjects.unit_by_code(named)
    if found is None:
        raise Refused(
            say("没有找到单位“{unit}”。", unit=named), "", say("请用单位全称、简称或单位代码。")
        )
    return found.id


def _line(told: Any, names: Mapping[int, str]) -> dict[str, Any]:
    row = told.standing
    values = (
        row.entry_id,
        row.kind,
        names.get(row.unit_id, row.unit_id),
        row.get_operation_display(),
        row.get_state_display(),
        row.because,
        told.number,
        told.file,
        told.row,
        row.since.astimezone().isoformat(timespec="seconds"),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    n = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            n += 1
    return n


@exchange.command("again")
@click.argument("entry", metavar="记录编号", type=click.IntRange(min=1))
@click.option("--to", "code", default="city", show_default=True, help="上报对象。")
@click.option("--because", required=True, help="理由，会记入日志。")
def again(entry: int, code: str, because: str) -> None:
    """让一条记录再次上报：被退回、回执矛盾、一直没有回执的。"""
    ready()
    from zhengxin import journey
    from zhengxin.kernel.actor import Actor

    journey.send_again(
        peer_code=code, entry_id=entry, because=because, at=now(), actor=Actor.system("命令行")
    )
    click.echo(f"第{entry}条记录已列入待上报，下次编批时送出。")


@exchange.command("take-in")
@click.option("--from", "code", default="city", show_default=True, help="谁的来件。")
def take_in(code: str) -> None:
    """收取上级放进约定文件夹的来件，作为报送办理。"""
    ready()
    from zhengxin import journey
    from zhengxin.kernel.actor import Actor

    taken, faults = journey.take_in(peer_code=code, at=now(), actor=Actor.system("命令行"))
    for sentence in taken:
        click.echo(sentence)
    for fault in faults:
        click.echo(fault, err=True)
    if not taken and not faults:
        click.echo("没有来件。")
    if faults:
        sys.exit(1)


@exchange.command("status")
def status() -> None:
    """各上报对象的告警；有告警时退出码为1。"""
    ready()
    from zhengxin.handover import queries

    alarms = queries.alarms(at=now())
    for alarm in alarms:
        since = f"（自{alarm.since.astimezone():%Y-%m-%d %H:%M}）" if alarm.since else ""
        click.echo(f"{alarm.what}{since}{alarm.remedy}", err=True)
    if alarms:
        sys.exit(1)
    click.echo("没有告警。")
