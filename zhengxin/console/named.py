"""Whom a command names: the person who decides, by account and password; a unit, by any of its names."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from zhengxin.console.ready import at_shell, now
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.kernel.say import say

if TYPE_CHECKING:
    from zhengxin.subjects.types import UnitLine


def signed_in(username: str, password: str, role: Role) -> Actor:
    """The named person at the shell, in the post with this role today. Raises NotAllowed; failures are logged."""
    from django.contrib.auth import authenticate

    from zhengxin import journey
    from zhengxin.accounts import queries as accounts
    from zhengxin.accounts.models import Account
    from zhengxin.audit.enums import Outcome

    at = now()
    found = authenticate(username=username, password=password)
    if not isinstance(found, Account):
        journey.sign_in_recorded(
            outcome=Outcome.REFUSED, username=username, at=at, actor=at_shell()
        )
        raise NotAllowed(
            say("没有办理：账号或密码不对。"),
            "",
            say("请核对后再试；密码忘了的，请联系系统管理员。"),
        )
    today = timezone.localdate(at)
    for post in accounts.posts_in_force(found, today):
        if post.role == role:
            actor = accounts.actor_for(found, today, post_id=post.pk)
            journey.sign_in_recorded(outcome=Outcome.DONE, username=username, at=at, actor=actor)
            return actor
    raise NotAllowed(
        say("没有办理：这个账号今天不任{role}。", role=role.label),
        "",
        say("请由任这一岗位的人办理。"),
    )


def unit_named(name: str, at: datetime) -> "UnitLine":
    """The unit that bears this name, short name or code on the county's day of `at`. Raises Refused."""
    from zhengxin.subjects import queries as subjects

    found = subjects.unit_by_name(name, timezone.localdate(at)) or subjects.unit_by_code(name)
    if found is None:
        raise Refused(
            say("没有找到单位“{unit}”。", unit=name), "", say("请用单位全称、简称或单位代码。")
        )
    return found
