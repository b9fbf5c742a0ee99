"""Verbs of delegations: another account acts in a post for some days, and gives it back."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts import queries
from zhengxin.accounts.actions import BadPost
from zhengxin.accounts.models import Account, Delegation, Post
from zhengxin.accounts.permissions import check_delegate, check_end_delegation
from zhengxin.accounts.rules import Term, objection_to_delegation
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import AlreadyDone


class BadDelegation(BadPost):
    """A delegation contradicts the post, its days, or what the delegate holds already."""


def delegate_post(
    *,
    post_id: int,
    delegate_id: int,
    from_on: date,
    until_on: date,
    because: str,
    at: datetime,
    actor: Actor,
) -> Delegation:
    """Let another account act in a post from one day until another, both included.

    The holder and the unit's leader choose among those with a post at the unit; the security
    administrator among all. Raises NotAllowed, BadDelegation.
    """
    what = _("岗位没有委托。")
    if not because.strip():
        raise BadDelegation(what, _("没有写事由。"), _("请写明事由，例如年休假、外出学习。"))
    with transaction.atomic():
        post = _post(post_id)
        check_delegate(
            actor,
            holder_id=post.account_id,
            unit_id=post.unit_id,
            role=post.role,
            delegate_id=delegate_id,
        )
        delegate = Account.objects.select_for_update().filter(pk=delegate_id).first()
        if delegate is None or not delegate.is_active or not post.account.is_active:
            raise BadDelegation(what, _("账号已停用，或没有这个账号。"), _("请选择另一个人。"))
        if delegate.pk == post.account_id:
            raise BadDelegation(what, _("这就是任职人本人，不需要委托。"), _("请选择另一个人。"))
        if not actor.has(Role.SECURITY_ADMIN, Role.SYSTEM) and not (
            queries.colleagues(post.unit_id, timezone.localdate(at)).filter(pk=delegate_id).exists()
        ):
            raise BadDelegation(
                what,
                _("%(name)s在这个单位没有岗位。") % {"name": delegate.name},
                _("请选择本单位的同事；要委托给外单位的人，请联系安全保密管理员。"),
            )
        term = queries.term_of(post)
        others = [
            Term(term.role, term.unit_id, each.from_on, each.until_on)
            for each in post.delegations.filter(ended_at__isnull=True)
        ]
        objection = objection_to_delegation(
            Term(term.role, term.unit_id, from_on, until_on),
            post=term,
            others=others,
            held=queries.terms_of(delegate_id),
            on=timezone.localdate(at),
        )
        if objection:
            raise BadDelegation(what, objection, _("请核对日期，或选择另一个人。"))
        return Delegation.objects.create(
            post=post,
            delegate=delegate,
            from_on=from_on,
            until_on=until_on,
            because=because.strip(),
            made_at=at,
            made_by_id=actor.account_id,
        )


def end_delegation(*, delegation_id: int, at: datetime, actor: Actor) -> Delegation:
    """End a delegation from now on. Raises NotAllowed, BadDelegation when there is none, AlreadyDone."""
    what = _("委托没有结束。")
    with transaction.atomic():
        found = (
            Delegation.objects.select_for_update(of=("self",))
            .select_related("post__account", "delegate")
            .filter(pk=delegation_id)
            .first()
        )
        if found is None:
            raise BadDelegation(what, _("没有这项委托。"), _("请重新选择。"))
        check_end_delegation(
            actor,
            holder_id=found.post.account_id,
            delegate_id=found.delegate_id,
            unit_id=found.post.unit_id,
            role=found.post.role,
        )
        if found.ended_at is not None or found.until_on < timezone.localdate(at):
            by = found.ended_by
            if by is not None and found.ended_at is not None:
                raise AlreadyDone.by(by.name, found.ended_at, what=what)
            raise AlreadyDone(what, _("这项委托已经结束。"), _("不需要再办理。"))
        found.ended_at, found.ended_by_id = at, actor.account_id
        found.save(update_fields=["ended_at", "ended_by"])
    return found


def _post(post_id: int) -> Post:
    post = (
        Post.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(pk=post_id)
        .first()
    )
    if post is None:
        raise BadDelegation(_("岗位没有委托。"), _("没有这个岗位。"), _("请重新选择。"))
    return post
