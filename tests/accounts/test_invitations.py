"""One-time links: the first of all, the other administrators, an invited person. Each works once."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, connections

from tests.accounts.conftest import AT, PASSWORD, SYSTEM, TODAY, acting, given, opened
from zhengxin.accounts import actions, invitations, queries
from zhengxin.accounts.models import Account, Invitation
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import AlreadyDone, NotAllowed, Refused

NOBODY = Actor(None, "一次性链接", None, frozenset())
ADMIN = acting(Role.SYSTEM_ADMIN)


def first() -> str:
    token = invitations.issue_first_link(at=AT, actor=SYSTEM)
    assert token is not None
    return token


def taken(token: str, unit_id: int, **changes):
    asked = {
        "username": "luwei",
        "name": "陆维",
        "password": PASSWORD,
        "unit_id": unit_id,
        "at": AT,
        "actor": NOBODY,
    }
    return invitations.open_administrator(token=token, **(asked | changes))


def test_only_the_digest_is_kept_and_every_start_voids_the_link_before(unit_ids):
    old, new = first(), first()
    assert old not in str(list(Invitation.objects.values()))
    with pytest.raises(invitations.LinkDead):
        taken(old, unit_ids[0])
    account, role = taken(new, unit_ids[0])
    assert role == Role.SYSTEM_ADMIN
    assert queries.actor_for(account, TODAY).roles == {Role.SYSTEM_ADMIN}
    assert authenticate(username="luwei", password=PASSWORD) == account
    assert invitations.issue_first_link(at=AT, actor=SYSTEM) is None


@pytest.mark.django_db
def test_it_works_once_and_expires(unit_ids, settings):
    token = first()
    late = AT + timedelta(hours=settings.FIRST_LINK_HOURS)
    with pytest.raises(invitations.LinkDead):
        taken(token, unit_ids[0], at=late)
    taken(token, unit_ids[0], at=late - timedelta(seconds=1))
    with pytest.raises(invitations.LinkDead):
        taken(token, unit_ids[0], username="other", name="另一人")
    assert Account.objects.count() == 1


@pytest.mark.django_db
def test_a_first_link_dies_with_the_first_account(unit_ids):
    token = first()
    opened("linhe")
    with pytest.raises(invitations.LinkDead):
        taken(token, unit_ids[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes", [{"password": "short"}, {"username": "陆维"}, {"unit_id": 10**9}]
)
def test_a_mistake_does_not_use_the_link_up(unit_ids, changes):
    token = first()
    with pytest.raises(Refused):
        taken(token, **({"unit_id": unit_ids[0]} | changes))
    assert not Account.objects.exists()
    taken(token, unit_ids[0])


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_opens_an_account(unit_ids):
    token, answers = first(), []
    together = threading.Barrier(2)

    def click(username: str) -> None:
        together.wait()
        try:
            answers.append(taken(token, unit_ids[0], username=username, name=username)[0])
        except Refused as refused:
            answers.append(refused)
        finally:
            connections.close_all()

    clicks = [threading.Thread(target=click, args=(name,)) for name in ("luwei", "other")]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert Account.objects.count() == 1
    assert sum(isinstance(answer, invitations.LinkDead) for answer in answers) == 1


@pytest.mark.django_db
def test_three_administrators_are_three_persons(unit_ids):
    taken(first(), unit_ids[0])
    for role, username, name in (
        (Role.SECURITY_ADMIN, "yanshou", "严守"),
        (Role.AUDIT_ADMIN, "guming", "顾明"),
    ):
        token = invitations.invite_administrator(role=role, at=AT, actor=ADMIN)
        with pytest.raises(actions.BadAccount, match="已是另一名管理员"):
            taken(token, unit_ids[0], username=username, name=" 陆维 ")
        account, made = taken(token, unit_ids[0], username=username, name=name)
        assert made == role
        assert queries.actor_for(account, TODAY).roles == {role}
        with pytest.raises(actions.BadAccount, match="已经有过"):
            invitations.invite_administrator(role=role, at=AT, actor=ADMIN)
    with pytest.raises(actions.BadAccount, match="只发给"):
        invitations.invite_administrator(role=Role.SYSTEM_ADMIN, at=AT, actor=ADMIN)


@pytest.mark.django_db
def test_an_administrators_link_is_good_only_until_there_is_one(unit_ids):
    taken(first(), unit_ids[0])
    token = invitations.invite_administrator(role=Role.AUDIT_ADMIN, at=AT, actor=ADMIN)
    given(opened("guming"), unit_ids[0], "audit_admin")
    with pytest.raises(actions.BadAccount, match="不再有效"):
        taken(token, unit_ids[0], username="other", name="另一人")


@pytest.mark.django_db
def test_a_vacant_administrator_is_filled_from_the_command_line_only(unit_ids):
    post = given(opened("yanshou"), unit_ids[0], "security_admin")
    actions.end_post(post_id=post.pk, last_day=TODAY - timedelta(days=1), at=AT, actor=SYSTEM)
    with pytest.raises(actions.BadAccount, match="已经有过"):
        invitations.invite_administrator(role=Role.SECURITY_ADMIN, at=AT, actor=ADMIN)
    token = invitations.invite_administrator(role=Role.SECURITY_ADMIN, at=AT, actor=SYSTEM)
    taken(token, unit_ids[0], username="xinren", name="新人")


@pytest.mark.django_db
def test_an_invited_person_sets_a_password_that_nobody_else_knows(unit_ids):
    account = opened("linhe", password=None)
    token = invitations.invite(account_id=account.pk, at=AT, actor=ADMIN)
    again = invitations.invite(account_id=account.pk, at=AT, actor=ADMIN)
    with pytest.raises(invitations.LinkDead):
        invitations.accept_invitation(token=token, password=PASSWORD, at=AT, actor=NOBODY)
    with pytest.raises(actions.BadAccount):
        invitations.accept_invitation(token=again, password="short", at=AT, actor=NOBODY)
    invitations.accept_invitation(token=again, password=PASSWORD, at=AT, actor=NOBODY)
    assert authenticate(username="linhe", password=PASSWORD) == account
    with pytest.raises(invitations.LinkDead):
        invitations.accept_invitation(token=again, password="ling-yi-ge-2026", at=AT, actor=NOBODY)


@pytest.mark.django_db
def test_a_reset_ends_the_old_password_which_does_not_come_back():
    account = opened("linhe")
    token = invitations.invite(account_id=account.pk, at=AT, actor=ADMIN)
    assert authenticate(username="linhe", password=PASSWORD) is None
    with pytest.raises(actions.BadAccount, match="用过的密码"):
        invitations.accept_invitation(token=token, password=PASSWORD, at=AT, actor=NOBODY)


@pytest.mark.django_db
def test_a_closed_account_cannot_be_entered_by_its_link():
    account = opened("linhe", password=None)
    token = invitations.invite(account_id=account.pk, at=AT, actor=ADMIN)
    actions.close_account(account_id=account.pk, at=AT, actor=ADMIN)
    with pytest.raises(invitations.LinkDead):
        invitations.accept_invitation(token=token, password=PASSWORD, at=AT, actor=NOBODY)
    with pytest.raises(actions.BadAccount, match="已停用"):
        invitations.invite(account_id=account.pk, at=AT, actor=ADMIN)
    actions.reopen_account(account_id=account.pk, at=AT, actor=ADMIN)
    with pytest.raises(invitations.LinkDead):
        invitations.accept_invitation(token=token, password=PASSWORD, at=AT, actor=NOBODY)
    with pytest.raises(AlreadyDone, match="没有停用"):
        actions.reopen_account(account_id=account.pk, at=AT, actor=ADMIN)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_administrators_do_not_take_one_anothers_accounts(unit_ids, role):
    account = opened("guming")
    given(account, unit_ids[0], role)
    with pytest.raises(actions.BadAccount, match="互相制约"):
        invitations.invite(account_id=account.pk, at=AT, actor=ADMIN)
    with pytest.raises(actions.BadAccount, match="互相制约"):
        actions.close_account(account_id=account.pk, at=AT, actor=ADMIN)
    assert authenticate(username="guming", password=PASSWORD) == account
    # Whoever runs the machine can.
    invitations.invite(account_id=account.pk, at=AT, actor=SYSTEM)
    actions.close_account(account_id=account.pk, at=AT, actor=SYSTEM)


@pytest.mark.django_db
def test_nobody_closes_the_own_account_and_others_may_not_invite():
    account = opened("luwei")
    with pytest.raises(actions.BadAccount, match="自己"):
        actions.close_account(
            account_id=account.pk, at=AT, actor=acting(Role.SYSTEM_ADMIN, account.pk)
        )
    for verb in (actions.close_account, actions.reopen_account, invitations.invite):
        with pytest.raises(NotAllowed):
            verb(account_id=account.pk, at=AT, actor=acting(Role.SECURITY_ADMIN))


@pytest.mark.django_db
def test_the_database_refuses_a_link_for_nobody():
    with pytest.raises(IntegrityError):
        Invitation.objects.create(digest="d" * 64, issued_at=AT, expires_at=AT)
