"""Ending, handing over and delegating posts."""

from datetime import date, datetime

from django.db import transaction

from zhengxin.accounts import actions as accounts
from zhengxin.accounts import delegations
from zhengxin.accounts.models import Delegation, Post
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.following import follow
from zhengxin.journey.submitting import PATIENCE
from zhengxin.journey.taking_over import list_for_successor
from zhengxin.kernel.actor import Actor, Role


def end_post(*, post_id: int, last_day: date, at: datetime, actor: Actor) -> Post:
    """Ends a post after its last day; what is delegated of it ends with it."""
    with transaction.atomic():
        post = accounts.end_post(post_id=post_id, last_day=last_day, at=at, actor=actor)
        _post_line("account.end_post", post, at, actor, last_day=last_day.isoformat())
    return post


def hand_over_post(
    *, post_id: int, successor_id: int, last_day: date, at: datetime, actor: Actor
) -> Post:
    """Ends a post and gives it to the successor from the next day on."""
    with transaction.atomic():
        new = accounts.hand_over_post(
            post_id=post_id, successor_id=successor_id, last_day=last_day, at=at, actor=actor
        )
        ended = Post.objects.get(pk=post_id)
        _post_line(
            "account.hand_over_post",
            ended,
            at,
            actor,
            last_day=last_day.isoformat(),
            successor=new.account_id,
        )
        listed = None
        if new.role == Role.LEADER:
            listed = list_for_successor(
                unit_id=new.unit_id, from_on=new.from_on, at=at, actor=actor
            )
    if listed is not None:
        follow(at=at, at_most=PATIENCE)
    return new


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
    """Lets another account act in a post for some days, in its own name."""
    with transaction.atomic():
        made = delegations.delegate_post(
            post_id=post_id,
            delegate_id=delegate_id,
            from_on=from_on,
            until_on=until_on,
            because=because,
            at=at,
            actor=actor,
        )
        _post_line(
            "account.delegate",
            made.post,
            at,
            actor,
            delegate=delegate_id,
            from_on=from_on.isoformat(),
            until_on=until_on.isoformat(),
            because=because,
        )
    return made


def end_delegation(*, delegation_id: int, at: datetime, actor: Actor) -> None:
    """Ends a delegation from now on."""
    with transaction.atomic():
        ended = delegations.end_delegation(delegation_id=delegation_id, at=at, actor=actor)
        _post_line("account.end_delegation", ended.post, at, actor, delegate=ended.delegate_id)


def _post_line(act: str, post: Post, at: datetime, actor: Actor, **detail: str | int) -> None:
    audit.record(
        act=act,
        object_kind="account",
        object_id=post.account_id,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        unit=post.unit_id,
        role=post.role,
        subject_id=None,
        purpose="",
        **detail,
    )
