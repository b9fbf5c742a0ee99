"""The audit log on the command line: seal, verify, prove, dispose, check an export."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from zhengxin.console.ready import at_shell, now, ready


@click.group()
def audit() -> None:
    """审计记录：封存、核验、证明、清除到期内容。"""


@audit.command()
def seal() -> None:
    """把还没有封存的审计行封入登记簿。后台会定时做，随时运行都无妨。"""
    ready()
    from zhengxin import journey

    n = journey.seal_audit(at=now(), actor=at_shell())
    click.echo(f"已封存{n:,}行。" if n else "没有可封存的行：都已封存，或有操作正在办理。")


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出结果。")
def verify(as_json: bool) -> None:
    """从每一行重新算出各块的根值，与登记簿核对；缺了、改了、多了哪一行都会指出。"""
    ready()
    from zhengxin import journey

    of_ledger, report = journey.verify_audit(at=now(), actor=at_shell())
    if as_json:
        told = {"ledger": of_ledger.as_json(), "audit": report.as_json()}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(report.as_text())
        if not of_ledger.ok:
            click.echo("登记簿本身不符，上面的结果不可信：")
            click.echo(of_ledger.as_text())
    if not (report.ok and of_ledger.ok):
        sys.exit(1)


@audit.command()
@click.argument("number", metavar="编号", type=click.IntRange(min=1))
def prove(number: int) -> None:
    """印出一行的证明（JSON）：这一行、所在块的根值、登记簿条目、签名检查点。不印内容。"""
    ready()
    from zhengxin import journey

    proved = journey.prove_audit_line(line_id=number, at=now(), actor=at_shell())
    click.echo(json.dumps(proved.as_json(content=False), ensure_ascii=False, indent=1))
    if proved.place is None:
        click.echo("这一行还没有封存，运行 zhengxin audit seal 后再试。", err=True)
    if not proved.holds:
        sys.exit(1)


@audit.command()
@click.option(
    "--before",
    required=True,
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="日期",
    help="只清除这一天以前的；没有到期的不会清除。",
)
@click.option("--account", required=True, metavar="账号", help="审计管理员的账号名。")
@click.password_option(prompt="密码", confirmation_prompt=False)
@click.confirmation_option(prompt="内容清除后不能恢复。要继续吗？")
def dispose(before: datetime, account: str, password: str) -> None:
    """清除到期审计行的内容；编号、时间、结果和证明保留。由审计管理员本人办理。"""
    ready()
    from zhengxin import journey
    from zhengxin.console.named import signed_in
    from zhengxin.kernel.actor import Role

    actor = signed_in(account, password, Role.AUDIT_ADMIN)
    done = journey.dispose_audit(before=before.date(), at=now(), actor=actor)
    click.echo(f"已清除{done.n:,}行的内容，决定写在登记簿第{done.entry_id}号。依据的期限：")
    for term in done.terms:
        click.echo(f"  {term.what}：{term.months}个月，{term.basis}。")


@audit.command("check-export")
@click.argument(
    "file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--key", required=True, metavar="公钥", help="核验公钥，见 zhengxin ledger verifier-key。"
)
def check_export(file: Path, key: str) -> None:
    """核对一份导出的 JSON Lines 文件：签名、行数、指纹、每一行的叶值和完整块的根值。"""
    from zhengxin.journey.exports import check

    found = check(file, key)
    click.echo(found.as_text())
    if not found.ok:
        sys.exit(1)
