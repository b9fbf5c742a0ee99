"""Accounts on the command line, for whoever runs the machine."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from zhengxin.console.named import unit_named
from zhengxin.console.ready import at_shell, county_day, now, ready
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

if TYPE_CHECKING:
    from zhengxin.accounts.models import Account

DAY = click.DateTime(["%Y-%m-%d"])
EVERY_ADDRESS = {"0.0.0.0", "::"}


def site(host: str = "127.0.0.1", port: int = 8000) -> str:
    """Where the pages are reached: the first of ZHENGXIN_ORIGINS, else what is served."""
    from django.conf import settings

    shown = "127.0.0.1" if host in EVERY_ADDRESS else f"[{host}]" if ":" in host else host
    return next(iter(settings.CSRF_TRUSTED_ORIGINS), f"http://{shown}:{port}")


def tell_first_link(address: str) -> None:
    """In a home without accounts: voids earlier links and prints a new one for the first person."""
    from django.conf import settings

    from zhengxin import journey

    token = journey.issue_first_link(at=now(), actor=at_shell())
    if token is not None:
        click.echo("还没有任何账号。请在浏览器打开这个一次性链接，开通第一个账号（系统管理员）：")
        click.echo(f"  {address}/desk/first/{token}/")
        click.echo(f"链接{settings.FIRST_LINK_HOURS}小时内有效，只能用一次；重新启动会换一个新的。")


def _account(username: str) -> "Account":
    from zhengxin.accounts import queries

    found = queries.account_by_username(username)
    if found is None:
        raise Refused(
            say("没有账号“{username}”。", username=username),
            "",
            say("请用 zhengxin account list 核对账号名。"),
        )
    return found


@click.group()
def account() -> None:
    """账号和任职。"""


@account.command("add")
@click.argument("username", metavar="用户名")
@click.option("--name", required=True, help="姓名。")
@click.option("--unit", required=True, help="单位：全称、简称或代码。")
@click.option("--role", required=True, help="角色，如 clerk、credit_officer、reviewer。")
@click.password_option(prompt="密码", confirmation_prompt="再输一次")
def add(username: str, name: str, unit: str, role: str, password: str) -> None:
    """开一个账号并任职，密码当场由本人输入。"""
    ready()
    from django.db import transaction

    from zhengxin import journey

    at = now()
    found = unit_named(unit, at)
    with transaction.atomic():
        opened = journey.open_account(
            username=username, name=name, password=password, at=at, actor=at_shell()
        )
        journey.give_post(
            account_id=opened.pk,
            unit_id=found.id,
            role=role,
            from_on=county_day(at),
            until_on=None,
            at=at,
            actor=at_shell(),
        )
    click.echo(f"账号{username}已开通。")


@account.command("list")
@click.option("--all", "everybody", is_flag=True, help="连停用的也列出。")
def list_accounts(everybody: bool) -> None:
    """列出账号、岗位、状态和上次登录。"""
    ready()
    from django.utils import timezone

    from zhengxin.accounts import queries

    found = [
        each
        for each in queries.accounts(on=timezone.localdate(now()))
        if everybody or each.is_active
    ]
    for each in found:
        state = "在用" if each.password_set_at else "等本人设密码"
        posts = [
            f"{post.unit.subject.name} {post.get_role_display()}" for post in each.posts.all()
        ] + [
            f"代{given.post.account.name}：{given.post.get_role_display()}"
            for given in each.received.all()
        ]
        seen = timezone.localtime(each.last_login) if each.last_login else None
        click.echo(
            "\t".join(
                (
                    each.username,
                    each.name,
                    state if each.is_active else "已停用",
                    f"上次登录{seen:%Y-%m-%d %H:%M}" if seen else "没有登录过",
                    "；".join(posts) or "没有岗位",
                )
            )
        )
    click.echo(f"共{len(found)}个账号。")


@account.command("invite")
@click.argument("username", metavar="用户名", required=False)
@click.option("--name", help="姓名：账号还没有的，写上姓名就一起开通。")
@click.option(
    "--administrator",
    type=click.Choice(["security_admin", "audit_admin"]),
    help="还没有这名管理员时，生成由他自己开通账号的链接。",
)
def invite(username: str | None, name: str | None, administrator: str | None) -> None:
    """生成一次性链接，由本人设定密码；原来的密码立即失效。"""
    ready()
    from zhengxin import journey
    from zhengxin.kernel.actor import Role

    at = now()
    if (username is None) == (administrator is None):
        raise click.UsageError("请写一个用户名，或者写 --administrator，二者选一。")
    if administrator is not None:
        token = journey.invite_administrator(role=Role(administrator), at=at, actor=at_shell())
    elif name is not None:
        _opened, token = journey.open_invited(
            username=str(username), name=name, at=at, actor=at_shell()
        )
    else:
        token = journey.invite(account_id=_account(str(username)).pk, at=at, actor=at_shell())
    click.echo("一次性链接，只显示这一次，请交给本人：")
    click.echo(f"  {site()}/desk/invitation/{token}/")


@account.command("close")
@click.argument("username", metavar="用户名")
@click.confirmation_option(prompt="岗位和委托今天结束，登录立即失效。要停用吗？")
def close(username: str) -> None:
    """停用账号；办过的事和记录都留着。"""
    ready()
    from zhengxin import journey

    journey.close_account(account_id=_account(username).pk, at=now(), actor=at_shell())
    click.echo(f"账号{username}已停用。")


@account.command("post")
@click.argument("username", metavar="用户名")
@click.option("--unit", required=True, help="单位：全称、简称或代码。")
@click.option("--role", required=True, help="角色，如 clerk、credit_officer、reviewer。")
@click.option("--from", "from_on", type=DAY, help="从哪天起，不写为今天。")
@click.option("--until", "until_on", type=DAY, help="到哪天止（含），不写为长期。")
def post(
    username: str, unit: str, role: str, from_on: datetime | None, until_on: datetime | None
) -> None:
    """登记岗位。"""
    ready()
    from django.utils import timezone

    from zhengxin import journey

    at = now()
    journey.give_post(
        account_id=_account(username).pk,
        unit_id=unit_named(unit, at).id,
        role=role,
        from_on=from_on.date() if from_on else timezone.localdate(at),
        until_on=until_on.date() if until_on else None,
        at=at,
        actor=at_shell(),
    )
    click.echo(f"{username}的岗位已登记。")


@account.command("end-post")
@click.argument("username", metavar="用户名")
@click.option("--unit", required=True, help="单位：全称、简称或代码。")
@click.option("--role", required=True, help="角色，如 clerk、credit_officer、reviewer。")
@click.option("--last-day", type=DAY, help="最后一天（含），不写为今天。")
def end_post(username: str, unit: str, role: str, last_day: datetime | None) -> None:
    """结束岗位。"""
    ready()
    from django.utils import timezone

    from zhengxin import journey
    from zhengxin.accounts import queries

    at = now()
    today = timezone.localdate(at)
    unit_id = unit_named(unit, at).id
    for each in queries.posts_of(_account(username).pk):
        running = each.until_on is None or each.until_on >= today
        if (each.unit_id, each.role) == (unit_id, role) and running:
            last = last_day.date() if last_day else today
            journey.end_post(post_id=each.pk, last_day=last, at=at, actor=at_shell())
            click.echo(f"{username}的岗位到{last:%Y-%m-%d}结束。")
            return
    raise Refused(
        say("岗位没有结束。"),
        say("{username}在这个单位没有这个在任的岗位。", username=username),
        say("请用 zhengxin account list 核对。"),
    )


@account.command("unlock")
@click.argument("username", metavar="用户名")
def unlock(username: str) -> None:
    """解除一个账号因连续核对失败而来的锁定。"""
    ready()
    from zhengxin import journey
    from zhengxin.accounts import queries as accounts
    from zhengxin.kernel.actor import Actor
    from zhengxin.kernel.refused import Refused
    from zhengxin.kernel.say import say

    found = accounts.account_named(username)
    if found is None:
        raise Refused(say("没有账号“{name}”。", name=username), "", say("请核对用户名。"))
    n = journey.lift_lock(account_id=found.pk, at=now(), actor=Actor.system("命令行"))
    click.echo(f"已解除账号{username}的锁定。" if n else f"账号{username}没有被锁定。")
