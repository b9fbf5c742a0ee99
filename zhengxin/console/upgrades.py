"""A new program's tables, rehearsed first; and the way back."""

import os
from pathlib import Path

import click
from django.utils import timezone

from zhengxin.config.homes import home
from zhengxin.console.ready import at_shell, now, wake
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say


@click.command()
@click.option("--back", is_flag=True, help="退回升级以前。")
@click.option("--lose", type=int, help="退回时可以丢掉升级以后入账的这么多条。")
@click.option("--without-backup", is_flag=True, help="一天之内没有备份过也升级。")
def upgrade(back: bool, lose: int | None, without_backup: bool) -> None:
    """换上新程序以后更新数据：先留快照，在副本上演练，再更新、核验；--back退回。"""
    wake()
    from zhengxin import journey
    from zhengxin.config.schemas import ensure_schemas
    from zhengxin.console.work import at_work
    from zhengxin.safekeeping import upgrading

    if at_work():
        raise Refused(
            say("没有办理：后台还在运行。"),
            "",
            say("请先停止：systemctl stop zhengxin zhengxin-worker。"),
        )
    if back:
        found = upgrading.go_back(home(), lose=lose)
        click.echo(
            say(
                "已退回{at:%Y-%m-%d %H:%M}的样子，登记簿{n:,}条。",
                at=timezone.localtime(found.at),
                n=found.size,
            )
        )
        click.echo(
            say("退回以前的数据在safekeeping/laid-aside，核对后可以删除。请装回原来的程序再启动。")
        )
        return
    ensure_schemas()
    if not upgrading.pending():
        click.echo(say("三个库都已是最新，不必升级。"))
        return
    if upgrading.lived_in() and not without_backup:
        _insist_backed_up()
    names = journey.upgrade(environment=os.environ, at=now(), actor=at_shell())
    click.echo(say("演练通过；已更新{n}项，登记簿连内容核验无误。", n=len(names)))
    click.echo(
        say(
            "要退回：停止服务，运行zhengxin upgrade --back，再装回原来的程序。以后的入账和抹去会使退路变窄或关闭。"
        )
    )


def _insist_backed_up() -> None:
    """Raises Refused unless a backup was made within a day; the file that says so needs no table."""
    from zhengxin.safekeeping import records

    last = records.last(home(), "backup", ok=True)
    if last is None or (now() - last.at).total_seconds() > 24 * 3600:
        raise Refused(
            say("没有升级：一天之内没有备份过。"),
            say("升级前的快照在同一块盘上，盘坏了救不回来。"),
            say("请用原来的程序备份一次再升级；确实不要的，加--without-backup。"),
        )


@click.command("rehearse-upgrade", hidden=True)
@click.argument("stores", type=click.Path(file_okay=False, path_type=Path))
def rehearse_upgrade(stores: Path) -> None:
    """升级的演练，由upgrade自己调用。"""
    wake()
    from zhengxin import journey
    from zhengxin.config.schemas import ensure_schemas

    ensure_schemas()
    click.echo(journey.rehearse_upgrade(stores=stores, at=now(), actor=at_shell()))
