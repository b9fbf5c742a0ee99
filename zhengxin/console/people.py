"""Accounts on the command line."""

import click

from zhengxin.console.ready import now, ready


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
    """开一个账号并任职。"""
    ready()
    from django.db import transaction

    from zhengxin import journey
    from zhengxin.kernel.actor import Actor
    from zhengxin.kernel.refused import Refused
    from zhengxin.kernel.say import say
    from zhengxin.subjects import queries as subjects

    at = now()
    actor = Actor.system("命令行")
    found = subjects.unit_by_name(unit, at.date()) or subjects.unit_by_code(unit)
    if found is None:
        raise Refused(
            say("没有找到单位“{unit}”。", unit=unit), "", say("请用单位全称、简称或单位代码。")
        )
    with transaction.atomic():
        opened = journey.open_account(
            username=username, name=name, password=password, at=at, actor=actor
        )
        journey.give_post(
            account_id=opened.pk,
            unit_id=found.id,
            role=role,
            from_on=at.date(),
            until_on=None,
            at=at,
            actor=actor,
        )
    click.echo(f"账号{username}已开通。")


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
