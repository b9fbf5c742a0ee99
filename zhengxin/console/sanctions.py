"""Measures against units, and the values of the law folder, on the command line."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from zhengxin.console.ready import county_day, now, ready

if TYPE_CHECKING:
    from zhengxin.journey.showing import Sheet
    from zhengxin.sanctions.models import Case

MOST = 200
DAY = click.DateTime(["%Y-%m-%d"])
NONCE = "command"


@click.group()
def sanction() -> None:
    """惩戒：提出、告知、决定、列出、看一件。"""


def _person(command: Any) -> Any:
    """Adds the options by which a named person signs in."""
    command = click.option("--password", prompt="密码", hide_input=True, help="密码，不写会问。")(
        command
    )
    return click.option("--account", required=True, help="办理人的账号。")(command)


@sanction.command("propose")
@click.argument("unit", metavar="单位")
@click.argument("entry", metavar="条目编号", type=int)
@click.option("--measure", "measures", multiple=True, required=True, help="措施代码，可以写几次。")
@click.option("--facts", required=True, help="事实。")
@_person
def propose(
    unit: str, entry: int, measures: tuple[str, ...], facts: str, account: str, password: str
) -> None:
    """对单位提出惩戒，凭登记簿里的一条失信记录；一种措施有几条依据的，取最早施行的。"""
    ready()
    from zhengxin import journey
    from zhengxin.console.named import signed_in, unit_named
    from zhengxin.kernel.actor import Role
    from zhengxin.sanctions import queries

    at = now()
    actor = signed_in(account, password, Role.CREDIT_OFFICER)
    first = {each.measure: each.address for each in reversed(queries.steps_on(county_day(at)))}
    number = journey.propose_sanction(
        unit_id=unit_named(unit, at).id,
        entry_id=entry,
        measures=[first.get(code, code) for code in measures],
        facts=facts,
        at=at,
        actor=actor,
    )
    click.echo(f"已提出，第{number}件。核对无误后告知单位：zhengxin sanction notice {number}")


@sanction.command("notice")
@click.argument("number", metavar="第几件", type=int)
@_person
def notice(number: int, account: str, password: str) -> None:
    """告知单位事实、依据和陈述的权利。"""
    ready()
    from zhengxin import journey
    from zhengxin.console.named import signed_in
    from zhengxin.kernel.actor import Role

    actor = signed_in(account, password, Role.CREDIT_OFFICER)
    reply_by = journey.notice_sanction(case_id=number, at=now(), actor=actor)
    click.echo(f"已告知，单位可以陈述到{reply_by}。")


@sanction.command("decide")
@click.argument("number", metavar="第几件", type=int)
@click.option("--keep", "keep", multiple=True, help="采取的措施代码，不写就是不采取。")
@click.option("--due", type=DAY, help="说明或者整改的期限。")
@click.option("--executing", multiple=True, help="执行单位，可以写几次。")
@click.option("--reasons", required=True, help="理由。")
@click.option("--answer", default="", help="对陈述的回应。")
@click.option("--code", prompt="验证码", help="验证器上的6位数字，不写会问。")
@_person
def decide(
    number: int,
    keep: tuple[str, ...],
    due: datetime | None,
    executing: tuple[str, ...],
    reasons: str,
    answer: str,
    code: str,
    account: str,
    password: str,
) -> None:
    """负责人签署决定；从轻情形要逐项写证据，请在网页上办。"""
    ready()
    from zhengxin import journey
    from zhengxin.console.named import signed_in, unit_named
    from zhengxin.journey.imposing_sheets import decision_sheet
    from zhengxin.kernel.actor import Role
    from zhengxin.sanctions import queries
    from zhengxin.sanctions.types import TASKS

    at = now()
    actor = signed_in(account, password, Role.LEADER)
    day = due.date().isoformat() if due else ""
    rows = {each.code: each for each in queries.case(number).measures.order_by("id")}
    _insist_known(keep, rows)
    journey.decide_sanction(
        case_id=number,
        kept=[[rows[each].pk, day if each in TASKS else ""] for each in keep],
        reasons=reasons,
        answer=answer,
        factors=[],
        executing=[unit_named(each, at).id for each in executing],
        signed=_signed(decision_sheet(number), code),
        at=at,
        actor=actor,
    )
    click.echo("已决定，送达以后开始执行。" if keep else "已决定不采取措施。")


def _insist_known(keep: tuple[str, ...], rows: dict[str, Any]) -> None:
    from zhengxin.kernel.refused import Refused

    for each in keep:
        if each not in rows:
            raise Refused(
                f"没有决定：这一件没有告知过“{each}”。",
                "决定不能重于告知的内容。",
                f"可以选的：{'、'.join(rows)}。",
            )


def _signed(sheet: "Sheet", code: str) -> Any:
    from zhengxin.accounts.types import Proof, Signed

    return Signed(sheet.digest, NONCE, Proof(code=code))


@sanction.command("list")
@click.option("--state", default="", help="只列这一状态。")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出。")
def list_(state: str, as_json: bool) -> None:
    """列出惩戒，新的在前；最多印200件。"""
    ready()
    from zhengxin.sanctions import queries

    told = [_told(row) for row in queries.cases(None, state=state)[:MOST]]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for each in told:
        names = "、".join(one["name"] for one in each["measures"]) or "还没有提出措施"
        click.echo(f"{each['number']}  {each['unit']}  {each['label']}  {names}")
    if not told:
        click.echo("没有这样的惩戒。")


@sanction.command("show")
@click.argument("number", metavar="第几件", type=int)
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出。")
def show(number: int, as_json: bool) -> None:
    """看一件：依据、陈述、决定、执行。"""
    ready()
    from zhengxin.sanctions import queries

    case = queries.case(number)
    told = _told(case) | {
        "facts": case.facts,
        "replies": [each.words for each in case.replies.order_by("id")],
        "hearing": case.hearing,
        "reasons": case.reasons,
        "answer": case.answer,
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(f"第{number}件  {told['unit']}  {told['label']}")
    click.echo(f"登记簿第{case.entry_id}号，{case.entry_title}。{case.facts}")
    for each in told["measures"]:
        click.echo(f"  {each['name']}  {each['label']}  {each['basis']}")
    for words in told["replies"]:
        click.echo(f"  陈述：{words}")
    for label, words in (("听取", case.hearing), ("理由", case.reasons), ("回应", case.answer)):
        if words:
            click.echo(f"  {label}：{words}")


def _told(case: "Case") -> dict[str, Any]:
    from zhengxin.subjects import queries as subjects

    return {
        "number": case.pk,
        "unit": subjects.subject_names([case.unit_id]).get(case.unit_id, ""),
        "entry": case.entry_id,
        "state": case.state,
        "label": str(case.get_state_display()),
        "reply_by": case.reply_by.isoformat() if case.reply_by else None,
        "decided_on": case.decided_on.isoformat() if case.decided_on else None,
        "measures": [
            {
                "measure": each.code,
                "name": each.name,
                "basis": each.basis,
                "state": each.state,
                "label": str(each.get_state_display()),
                "until": each.until_on.isoformat() if each.until_on else None,
            }
            for each in case.measures.order_by("id")
        ],
    }


@click.group()
def law() -> None:
    """法律值：列出没有读过原文的，确认。"""


@law.command("list")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出。")
def list_values(as_json: bool) -> None:
    """列出没有读过原文的法律值，凭记忆的在前，写明谁确认过。"""
    ready()
    from zhengxin.sanctions import queries

    told = [
        {
            "address": each.value.address,
            "says": each.value.says,
            "document": each.value.citation.document,
            "article": each.value.citation.article,
            "status": each.value.citation.status.value,
            "confirmed_by": each.confirmation.by_name if each.confirmation else "",
        }
        for each in queries.confirmables(county_day(now()))
    ]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for line in told:
        by = f"{line['confirmed_by']}已确认" if line["confirmed_by"] else "没有确认"
        status = "凭记忆" if line["status"] == "memory" else "见过摘录"
        click.echo(f"{line['address']}  {status}，{by}")
        click.echo(f"    {line['says']}（{line['document']}，{line['article']}）")


@law.command("confirm")
@click.argument("address", metavar="地址")
@click.option("--read", "words", required=True, help="对照了哪份原文、第几条。")
@click.option("--code", prompt="验证码", help="验证器上的6位数字，不写会问。")
@_person
def confirm(address: str, words: str, code: str, account: str, password: str) -> None:
    """复核人员对照原文，签署确认一个法律值。"""
    ready()
    from zhengxin import journey
    from zhengxin.console.named import signed_in
    from zhengxin.journey.imposing_sheets import law_sheet
    from zhengxin.kernel.actor import Role

    actor = signed_in(account, password, Role.REVIEWER)
    journey.confirm_law_value(
        address=address,
        words=words,
        signed=_signed(law_sheet(address), code),
        at=now(),
        actor=actor,
    )
    click.echo("已确认。值改了的，要重新确认。")
