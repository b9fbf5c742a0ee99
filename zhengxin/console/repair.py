"""Repair on the command line: the conditions of a record, an application, the list, the decision by name."""

import json
import secrets
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhengxin.console.ready import at_shell, county_day, now, ready
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

if TYPE_CHECKING:
    from zhengxin.kernel.actor import Actor
    from zhengxin.repair.types import Verdict

MOST = 200
DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MET = {True: "符合", False: "不符合", None: "申请时核对"}


@click.group()
def repair() -> None:
    """信用修复：自查、登记申请、列出、决定。"""


@repair.command("check")
@click.argument("entry_id", metavar="记录编号", type=int)
@click.option("--on", "on_day", type=DAY, help="按哪一天查，不写是今天。")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出。")
def check(entry_id: int, on_day: datetime | None, as_json: bool) -> None:
    """自查一条记录：能不能申请修复、哪天起可以、依据哪一条、要交什么。"""
    ready()
    from zhengxin import journey
    from zhengxin.repair import queries

    at = now()
    on = on_day.date() if on_day else county_day(at)
    notice = queries.record(entry_id)
    verdict = queries.self_check(entry_id, on)
    journey.record_reading(
        act="repair.check",
        object_kind="entry",
        object_id=entry_id,
        subject_id=notice.subject_id,
        purpose=say("修复自查"),
        at=at,
        actor=at_shell(),
    )
    ground = queries.ground_of(entry_id, on)
    if as_json:
        told = _told(entry_id, on, verdict) | {"materials": ground.materials}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(f"记录{entry_id}，{on}：{verdict.because}{verdict.remedy}")
    for each in verdict.findings:
        article = f"（{each.article}）" if each.article else ""
        click.echo(f"  {each.label}  {_MET[each.met]}  {each.why}{article}")
    if verdict.may and ground.materials:
        click.echo(f"  材料  {ground.materials}（{ground.materials_article}）")


def _told(entry_id: int, on: date, verdict: "Verdict") -> dict[str, Any]:
    return {
        "entry": entry_id,
        "on": on.isoformat(),
        "may": verdict.may,
        "from": verdict.from_on.isoformat() if verdict.from_on else None,
        "because": verdict.because,
        "remedy": verdict.remedy,
        "article": verdict.article,
        "conditions": [
            {"label": each.label, "met": each.met, "why": each.why, "article": each.article}
            for each in verdict.findings
        ],
    }


@repair.command("apply")
@click.argument("entry_id", metavar="记录编号", type=int)
@click.option("--fulfilled", required=True, help="怎样履行完毕的。")
@click.option("--commitment", required=True, help="信用承诺的文字。")
@click.option(
    "--proof", "proofs", required=True, multiple=True, type=FILE, help="证明文件，可以写几次。"
)
def apply(entry_id: int, fulfilled: str, commitment: str, proofs: tuple[Path, ...]) -> None:
    """登记一件修复申请：只要履行完毕的证明和信用承诺。"""
    ready()
    from zhengxin import journey
    from zhengxin.evidence.types import Sent
    from zhengxin.repair import queries

    made = journey.apply_for_repair(
        entry_id=entry_id,
        fulfilled=fulfilled,
        commitment=commitment,
        files=[Sent(each.name, each.read_bytes()) for each in proofs],
        at=now(),
        actor=at_shell(),
    )
    click.echo(f"已登记，第{made}件，受理编号{queries.application(made).receipt}。")


@repair.command("list")
@click.option("--open", "only_open", is_flag=True, help="只列没有办结的。")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出。")
def list_(only_open: bool, as_json: bool) -> None:
    """列出修复申请，新的在前；最多印200件。"""
    ready()
    from zhengxin.repair import queries
    from zhengxin.subjects import queries as subjects

    rows = list(queries.applications(None, state="running" if only_open else "")[:MOST])
    duties = queries.duties_of(rows)
    names = subjects.subject_names(pk for row in rows for pk in (row.unit_id, row.subject_id))
    told: list[dict[str, Any]] = [
        {
            "number": row.pk,
            "receipt": row.receipt,
            "entry": row.entry_id,
            "applicant": names.get(row.subject_id, ""),
            "unit": names.get(row.unit_id, ""),
            "filed_on": row.filed_on.isoformat(),
            "state": row.state,
            "label": str(row.get_state_display()),
            "due_on": duties[row.pk].due_on if row.running and row.pk in duties else None,
        }
        for row in rows
    ]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))
        return
    for line in told:
        due = f"  {line['due_on']}到期" if line["due_on"] else ""
        click.echo(
            f"{line['number']}  {line['receipt']}  记录{line['entry']}  {line['applicant']}  "
            f"{line['unit']}  {line['label']}{due}"
        )
    if not told:
        click.echo("没有这样的修复申请。")


@repair.command("decide")
@click.argument("number", metavar="第几件", type=int)
@click.option("--grant/--refuse", "granted", required=True, default=None, help="准予，或者不予。")
@click.option("--because", required=True, help="理由，会告知申请人。")
@click.option("--again-on", type=DAY, help="不予修复的：哪天起可以再申请。")
@click.option("--as", "username", required=True, help="谁决定：账号名；密码和验证码当场输入。")
@click.password_option("--password", prompt="密码", confirmation_prompt=False, help="当场输入。")
@click.option("--code", prompt="验证器上的6位数字", help="当场输入。")
def decide(
    number: int,
    granted: bool,
    because: str,
    again_on: datetime | None,
    username: str,
    password: str,
    code: str,
) -> None:
    """由认定单位的负责人或者复核人员具名决定：用本人的密码和验证码签署。"""
    ready()
    from zhengxin import journey
    from zhengxin.accounts.types import Proof, Signed
    from zhengxin.journey.repair_deciding import repair_sheet

    at = now()
    actor = _person(username, password, at)
    sheet = repair_sheet("repair_decided", number)
    journey.decide_repair(
        application_id=number,
        granted=granted,
        because=because,
        again_on=again_on.date() if again_on else None,
        signed=Signed(sheet.digest, secrets.token_hex(16), Proof(code=code)),
        at=at,
        actor=actor,
    )
    click.echo("已准予修复，公开站已撤下。" if granted else "已决定不予修复。")


def _person(username: str, password: str, at: datetime) -> "Actor":
    """Whoever proves by the password to hold the account. Raises Refused, Locked."""
    from zhengxin import journey
    from zhengxin.accounts import queries as accounts

    shell = at_shell()
    account = journey.prove_password(
        username=username, password=password, address="", at=at, actor=shell
    )
    if account is None:
        raise Refused(say("没有决定：账号或者密码不对。"), "", say("请本人输入密码。"))
    return accounts.actor_for(account, county_day(at))
