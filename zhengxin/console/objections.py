"""Objections on the command line: taken in at the counter, looked up, decided by a named person with the second factor."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhengxin.console.ready import at_shell, now, ready
from zhengxin.kernel.actor import Actor, Role

if TYPE_CHECKING:
    from zhengxin.accounts.types import Signed
    from zhengxin.journey.showing import Sheet
    from zhengxin.objections.models import Objection

MOST = 200
_JSON = click.option("--json", "as_json", is_flag=True, help="用 JSON 印出。")


def _named(command: Callable[..., None]) -> Callable[..., None]:
    """Options by which a person signs in at the shell."""
    for option in (
        click.option("--password", prompt="密码", hide_input=True, help="不写时询问。"),
        click.option("--as", "account", required=True, help="办理人的账号。"),
    ):
        command = option(command)
    return command


_CODE = click.option("--code", prompt="验证器上的6位数字", help="不写时询问。")


@click.group()
def objection() -> None:
    """异议：登记、列出、查看、审查、答复、决定、更正回执。"""


@objection.command()
@click.argument("entry", metavar="记录编号", type=int)
@click.option("--claim", required=True, help="哪里有误。")
@click.option("--name", required=True, help="异议人的姓名或者名称。")
@click.option("--phone", required=True, help="联系电话。")
@click.option("--id-code", default="", help="证件号码或者统一社会信用代码。")
@click.option("--person", is_flag=True, help="异议人是个人；不写时是企业或者其他组织。")
@click.option("--statement", default="", help="未获支持时想附在记录旁边的声明。")
@click.option(
    "--file", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def lodge(
    entry: int,
    claim: str,
    name: str,
    phone: str,
    id_code: str,
    person: bool,
    statement: str,
    files: tuple[Path, ...],
) -> None:
    """登记一件异议，马上标注，印出受理码。"""
    ready()
    from zhengxin import journey
    from zhengxin.evidence.types import Sent
    from zhengxin.objections.enums import ObjectorKind
    from zhengxin.objections.types import Objector

    kind = ObjectorKind.PERSON if person else ObjectorKind.ORGANISATION
    lodged = journey.lodge_objection(
        entry_id=entry,
        objector=Objector(kind, name, phone, id_code),
        claim=claim,
        statement=statement,
        files=[Sent(each.name, each.read_bytes()) for each in files],
        at=now(),
        actor=at_shell(),
    )
    click.echo(f"已登记为第{lodged.id}件，记录{entry}已标注“异议处理中”。受理码：{lodged.code}")


@objection.command("list")
@click.option("--open", "only_open", is_flag=True, help="只列没有办结的。")
@_JSON
def list_(only_open: bool, as_json: bool) -> None:
    """列出异议，新的在前；最多印200件。"""
    ready()
    from zhengxin.objections import queries

    rows = list(queries.objections(None, state="running" if only_open else "")[:MOST])
    _print(rows, as_json)


@objection.command()
@click.argument("number", metavar="编号", type=int)
@_JSON
def show(number: int, as_json: bool) -> None:
    """一件异议和它的更正追踪；不印异议人。"""
    ready()
    from zhengxin.objections import queries

    row = queries.objection(number)
    copies = queries.copies(row)
    if as_json:
        [told] = _told([row])
        told |= {
            "claim": row.claim,
            "answer": row.answer,
            "reasons": row.reasons,
            "copies": [
                {
                    "number": each.pk,
                    "name": each.name,
                    "kind": each.kind,
                    "confirmed_on": each.confirmed_on and each.confirmed_on.isoformat(),
                }
                for each in copies
            ],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    _print([row], False)
    for label, words in (("异议", row.claim), ("答复", row.answer), ("理由", row.reasons)):
        if words:
            click.echo(f"  {label}：{words}")
    for each in copies:
        done = f"{each.confirmed_on}已回执" if each.confirmed_on else "没有回执"
        click.echo(f"  副本{each.pk}  {each.get_kind_display()}  {each.name}  {done}")


@objection.command()
@click.argument("code", metavar="受理码")
def state(code: str) -> None:
    """凭受理码看办到哪里；不印内容。"""
    ready()
    from zhengxin.objections import queries

    found = queries.by_code(code)
    click.echo(f"{found.lodged_on}登记，{found.label}")


@objection.command()
@click.argument("number", metavar="编号", type=int)
@click.option("--admit/--refuse", default=True, help="受理，或者不予受理。")
@click.option("--because", required=True, help="理由。")
@_named
@_CODE
def check(number: int, admit: bool, because: str, account: str, password: str, code: str) -> None:
    """审查是否受理（信用办）。"""
    actor = _enter(account, password, Role.CREDIT_OFFICER)
    from zhengxin import journey
    from zhengxin.journey.objection_steps import check_sheet

    journey.check_objection(
        objection_id=number,
        admit=admit,
        because=because,
        signed=_signed(check_sheet(number), code),
        at=now(),
        actor=actor,
    )
    click.echo("已受理，转报送单位答复。" if admit else "不予受理，标注已取消。")


@objection.command()
@click.argument("number", metavar="编号", type=int)
@click.option("--words", required=True, help="情况说明。")
@_named
def answer(number: int, words: str, account: str, password: str) -> None:
    """报送单位答复（经办人）。"""
    actor = _enter(account, password, Role.CLERK)
    from zhengxin import journey

    journey.answer_objection(objection_id=number, words=words, at=now(), actor=actor)
    click.echo("已答复，等决定。")


@objection.command()
@click.argument("number", metavar="编号", type=int)
@click.argument("ruling", metavar="决定", type=click.Choice(["full", "part", "dismissed"]))
@click.option("--reasons", required=True, help="理由。")
@_named
@_CODE
def decide(number: int, ruling: str, reasons: str, account: str, password: str, code: str) -> None:
    """决定（复核人员）：full全部支持，part部分支持，dismissed不支持。"""
    actor = _enter(account, password, Role.REVIEWER)
    from zhengxin import journey
    from zhengxin.journey.objection_steps import decision_sheet

    journey.decide_objection(
        objection_id=number,
        ruling=ruling,
        reasons=reasons,
        signed=_signed(decision_sheet(number), code),
        at=now(),
        actor=actor,
    )
    show.callback(number, False)  # type: ignore[misc]  # a command's own function


@objection.command()
@click.argument("copy", metavar="副本编号", type=int)
@click.option("--words", required=True, help="哪天、怎样改的。")
@_named
def confirm(copy: int, words: str, account: str, password: str) -> None:
    """记下一份更正回执（信用办）。"""
    actor = _enter(account, password, Role.CREDIT_OFFICER)
    from zhengxin import journey

    journey.confirm_correction(copy_id=copy, words=words, at=now(), actor=actor)
    click.echo("已记下回执。")


def _enter(account: str, password: str, role: Role) -> Actor:
    ready()
    from zhengxin.console.named import signed_in

    return signed_in(account, password, role)


def _signed(sheet: "Sheet", code: str) -> "Signed":
    from zhengxin.accounts.types import Proof, Signed

    return Signed(sheet.digest, secrets.token_hex(16), Proof(code=code))


def _told(rows: "list[Objection]") -> list[dict[str, Any]]:
    from zhengxin.objections import queries
    from zhengxin.subjects import queries as subjects

    names = subjects.subject_names({row.unit_id for row in rows})
    counts = queries.copy_counts([row.pk for row in rows])
    return [
        {
            "number": row.pk,
            "entry": row.entry_id,
            "unit": names.get(row.unit_id, ""),
            "objector": row.objector_kind,
            "lodged_on": row.lodged_on.isoformat(),
            "state": row.state,
            "label": str(row.get_state_display()),
            "ruling": row.ruling,
            "decided_on": row.decided_on and row.decided_on.isoformat(),
            "copies": counts.get(row.pk, (0, 0))[0],
            "confirmed": counts.get(row.pk, (0, 0))[1],
        }
        for row in rows
    ]


def _print(rows: "list[Objection]", as_json: bool) -> None:
    told = _told(rows)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for line in told:
        chased = f"，回执{line['confirmed']}／{line['copies']}" if line["copies"] else ""
        click.echo(
            f"{line['number']}  记录{line['entry']}  {line['unit']}  {line['lodged_on']}  "
            f"{line['label']}{chased}"
        )
    if not told:
        click.echo("没有这样的异议。")
