"""Verbs of accounts: open, close, give a post, end a post, change a password. Journey audits them."""

import re
from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts.enums import RoleChoice
from zhengxin.accounts.models import Account, Post, SentForm
from zhengxin.accounts.permissions import check_give_post, check_open_account
from zhengxin.accounts.rules import Term, objection_to
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.subjects.models import Unit

_USERNAME = re.compile(r"[a-z][a-z0-9_.-]{2,59}")


class BadAccount(Refused):
    """An account or its password does not meet the rules."""


class BadPost(Refused):
    """A post contradicts another one, its unit or its own dates."""


def open_account(
    *,
    username: str,
    name: str,
    password: str | None,
    at: datetime,
    actor: Actor,
    invented: bool = False,
) -> Account:
    """Open one person's own account, without any post yet. Raises NotAllowed, BadAccount.

    Without a password nobody signs in with it. `invented` marks an account of the invented county.
    """
    check_open_account(actor)
    if not _USERNAME.fullmatch(username):
        raise BadAccount(
            _("账号没有开通。"),
            _("账号名要以小写字母开头，3至60位，只用小写字母、数字和 . _ -。"),
            _("请换一个账号名。"),
        )
    if not name.strip():
        raise BadAccount(_("账号没有开通。"), _("没有写姓名：账号由本人专用。"), _("请填写姓名。"))
    with transaction.atomic():
        if Account.objects.filter(username=username).exists():
            raise BadAccount(
                _("账号没有开通。"),
                _("账号名“%(username)s”已有人使用。") % {"username": username},
                _("请换一个账号名。"),
            )
        account = Account(username=username, name=name.strip(), created_at=at, invented=invented)
        if password is None:
            account.set_unusable_password()
        else:
            _set_password(account, password)
        account.save()
    return account


def close_account(*, account_id: int, at: datetime, actor: Actor) -> Account:
    """Close an account; its posts end today. Nothing it did is removed. Again is harmless."""
    check_open_account(actor)
    with transaction.atomic():
        account = _account(account_id)
        for post in account.posts.filter(until_on__isnull=True):
            post.until_on = max(post.from_on, timezone.localdate(at))
            post.save(update_fields=["until_on"])
        account.is_active = False
        account.save(update_fields=["is_active"])
    return account


def give_post(
    *,
    account_id: int,
    unit_id: int,
    role: str,
    from_on: date,
    at: datetime,
    actor: Actor,
    until_on: date | None = None,
) -> Post:
    """Give an account a role at a unit from one day until another (None: open).

    Raises NotAllowed, BadPost (also when the account would be two administrators on some day).
    """
    check_give_post(actor, account_id=account_id)
    if role not in RoleChoice.values:
        raise BadPost(
            _("岗位没有登记。"),
            _("没有“%(role)s”这个角色。") % {"role": role},
            _("请从角色列表中选择。"),
        )
    if until_on is not None and until_on < from_on:
        raise BadPost(_("岗位没有登记。"), _("任职结束日期早于开始日期。"), _("请核对起止日期。"))
    with transaction.atomic():
        account = _account(account_id)
        unit = Unit.objects.select_related("subject").filter(pk=unit_id).first()
        if unit is None or not account.is_active:
            raise BadPost(
                _("岗位没有登记。"), _("账号已停用，或没有这个单位。"), _("请核对后再登记。")
            )
        if unit.closed_on is not None and unit.closed_on < from_on:
            raise BadPost(
                _("岗位没有登记。"),
                _("%(unit)s在任职开始前已撤销。") % {"unit": unit.subject.name},
                _("请登记在承接单位。"),
            )
        new = Term(Role(role), unit_id, from_on, until_on)
        held = [
            Term(Role(post.role), post.unit_id, post.from_on, post.until_on)
            for post in account.posts.all()
        ]
        if objection := objection_to(new, held):
            raise BadPost(
                _("岗位没有登记。"), objection, _("请先结束原来的岗位，或登记给另一个账号。")
            )
        return Post.objects.create(
            account=account, unit=unit, role=role, from_on=from_on, until_on=until_on
        )


def end_post(*, post_id: int, last_day: date, at: datetime, actor: Actor) -> Post:
    """End a post after `last_day`. Raises NotAllowed, BadPost."""
    with transaction.atomic():
        post = Post.objects.select_for_update().filter(pk=post_id).first()
        if post is None:
            raise BadPost(_("岗位没有结束。"), _("没有这个岗位。"), _("请重新选择。"))
        check_give_post(actor, account_id=post.account_id)
        if last_day < post.from_on:
            raise BadPost(_("岗位没有结束。"), _("结束日期早于开始日期。"), _("请核对结束日期。"))
        post.until_on = last_day
        post.save(update_fields=["until_on"])
    return post


def change_password(*, account_id: int, old: str, new: str, at: datetime, actor: Actor) -> Account:
    """Change one's own password, with the old one again. Raises NotAllowed, BadAccount."""
    if actor.account_id != account_id:
        raise NotAllowed(
            _("密码没有更换。"), _("密码只能由本人更换。"), _("请用本人账号登录后更换。")
        )
    with transaction.atomic():
        account = _account(account_id)
        if not account.check_password(old):
            raise BadAccount(_("密码没有更换。"), _("原密码不对。"), _("请核对原密码后再试。"))
        if old == new:
            raise BadAccount(_("密码没有更换。"), _("新密码与原密码相同。"), _("请换一个新密码。"))
        _set_password(account, new)
        account.invented = False
        account.save(update_fields=["password", "invented"])
    return account


def _account(account_id: int) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise BadAccount(_("没有办理。"), _("没有这个账号。"), _("请核对账号。"))
    return account


def _set_password(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as fault:
        raise BadAccount(
            _("密码不符合要求。"), "".join(fault.messages), _("请换一个密码。")
        ) from fault
    account.set_password(password)


def claim_form(*, digest: str, at: datetime, actor: Actor) -> str | None:
    """Takes a form to be done: None when nobody had it, else where it led (empty: still being done)."""
    SentForm.objects.filter(sent_at__lt=at - timedelta(days=1)).delete()
    _form, mine = SentForm.objects.get_or_create(digest=digest, defaults={"sent_at": at})
    return None if mine else _form.result


def settle_form(*, digest: str, result: str, at: datetime, actor: Actor) -> None:
    """Keeps where a form led; without a result (it was not done) it may be sent again."""
    form = SentForm.objects.filter(digest=digest)
    if result:
        form.update(result=result[:300])
    else:
        form.delete()
