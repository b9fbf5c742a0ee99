"""Leave and succession: who acts in whose post, from when until when, never two administrators."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from django.core.exceptions import ValidationError

from tests.accounts.conftest import AT, SYSTEM, TODAY, acting, given, opened
from zhengxin.accounts import actions, delegations, permissions, queries
from zhengxin.accounts.models import Account, Delegation, Post
from zhengxin.accounts.rules import ADMINISTRATORS
from zhengxin.kernel.actor import Actor, Principal, Role
from zhengxin.kernel.refused import AlreadyDone, NotAllowed

pytestmark = pytest.mark.django_db
UNTIL = TODAY + timedelta(days=7)


@pytest.fixture
def leader(unit_ids) -> Post:
    return given(opened("yuanshan", name="周远山"), unit_ids[0], "leader")


@pytest.fixture
def clerk(unit_ids) -> Post:
    return given(opened("linhe", name="林禾"), unit_ids[0], "clerk")


def own(post: Post) -> Actor:
    """The holder of a post in it."""
    return queries.actor_for(post.account, TODAY, post.pk)


def delegated(post: Post, to: Account, **changes) -> Delegation:
    asked = {
        "from_on": TODAY,
        "until_on": UNTIL,
        "because": "年休假",
        "at": AT,
        "actor": own(post),
    }
    return delegations.delegate_post(post_id=post.pk, delegate_id=to.pk, **(asked | changes))


def test_the_delegate_acts_in_the_own_name_for_the_holder_on_those_days_only(leader, clerk):
    delegated(leader, clerk.account, from_on=TODAY + timedelta(days=1))
    assert [post.pk for post in queries.posts_in_force(clerk.account, TODAY)] == [clerk.pk]
    for day in (TODAY + timedelta(days=1), UNTIL):
        assert [p.pk for p in queries.posts_in_force(clerk.account, day)] == [clerk.pk, leader.pk]
        acts = queries.actor_for(clerk.account, day, leader.pk)
        assert (acts.name, acts.account_id) == ("林禾", clerk.account_id)
        assert acts.on_behalf_of == Principal(leader.account_id, "周远山")
        assert acts.roles == {Role.LEADER}
        mine = queries.actor_for(clerk.account, day, clerk.pk)
        assert (mine.roles, mine.on_behalf_of) == ({Role.CLERK}, None)
    after = UNTIL + timedelta(days=1)
    assert [post.pk for post in queries.posts_in_force(clerk.account, after)] == [clerk.pk]
    # The holder keeps the post.
    assert own(leader).roles == {Role.LEADER}


def test_ending_it_takes_effect_at_once_and_once(leader, clerk):
    made = delegated(leader, clerk.account)
    stranger = acting(Role.CREDIT_OFFICER)
    with pytest.raises(NotAllowed):
        delegations.end_delegation(delegation_id=made.pk, at=AT, actor=stranger)
    # The delegate may give it back.
    delegations.end_delegation(delegation_id=made.pk, at=AT, actor=own(clerk))
    assert [post.pk for post in queries.posts_in_force(clerk.account, TODAY)] == [clerk.pk]
    with pytest.raises(AlreadyDone, match="林禾已于"):
        delegations.end_delegation(delegation_id=made.pk, at=AT, actor=own(leader))
    with pytest.raises(delegations.BadDelegation, match="没有这项委托"):
        delegations.end_delegation(delegation_id=10**9, at=AT, actor=SYSTEM)


def test_it_ends_with_the_post_the_account_and_the_delegate(leader, clerk):
    delegated(leader, clerk.account)
    later = TODAY + timedelta(days=3)
    actions.end_post(post_id=leader.pk, last_day=TODAY, at=AT, actor=SYSTEM)
    assert [post.pk for post in queries.posts_in_force(clerk.account, later)] == [clerk.pk]
    second = given(leader.account, leader.unit_id, "leader", from_on=TODAY + timedelta(days=1))
    made = delegated(second, clerk.account, from_on=later, actor=SYSTEM)
    actions.close_account(account_id=clerk.account_id, at=AT, actor=SYSTEM)
    made.refresh_from_db()
    assert made.ended_at == AT
    actions.reopen_account(account_id=clerk.account_id, at=AT, actor=SYSTEM)
    assert not queries.posts_in_force(clerk.account_id, later).exists()


def test_closing_the_holder_ends_what_was_delegated(leader, clerk):
    delegated(leader, clerk.account)
    actions.close_account(account_id=leader.account_id, at=AT, actor=SYSTEM)
    assert [post.pk for post in queries.posts_in_force(clerk.account, TODAY)] == [clerk.pk]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"until_on": TODAY - timedelta(days=1)}, "早于"),
        ({"from_on": date(2026, 1, 2), "until_on": date(2026, 1, 3)}, "已经过去"),
        ({"from_on": date(2025, 1, 1)}, "超出了这个岗位的任期"),
        ({"because": " "}, "事由"),
    ],
)
def test_wrong_days_and_reasons_are_refused(leader, clerk, changes, words):
    with pytest.raises(delegations.BadDelegation, match=words):
        delegated(leader, clerk.account, **changes)
    assert not Delegation.objects.exists()


def test_a_post_has_one_delegate_a_day(leader, clerk, unit_ids):
    other = given(opened("chenjian"), unit_ids[0], "clerk")
    delegated(leader, clerk.account)
    with pytest.raises(delegations.BadDelegation, match="已经委托给别人"):
        delegated(leader, other.account, from_on=UNTIL, until_on=UNTIL)
    delegated(
        leader,
        other.account,
        from_on=UNTIL + timedelta(days=1),
        until_on=UNTIL + timedelta(days=2),
    )


def test_not_beyond_the_end_of_the_post(leader, clerk):
    actions.end_post(post_id=leader.pk, last_day=UNTIL - timedelta(days=1), at=AT, actor=SYSTEM)
    with pytest.raises(delegations.BadDelegation, match="超出了这个岗位的任期"):
        delegated(leader, clerk.account)


@pytest.mark.parametrize(("held", "asked"), list(permutations(sorted(ADMINISTRATORS), 2)))
def test_no_delegation_makes_two_administrators_of_one(unit_ids, held, asked):
    post = given(opened("luwei"), unit_ids[0], asked)
    other = given(opened("yanshou"), unit_ids[0], held)
    with pytest.raises(delegations.BadDelegation, match="互相制约"):
        delegated(post, other.account)
    # Nor does a post given to somebody who stands in.
    free = given(opened("guming"), unit_ids[0], "clerk")
    delegated(post, free.account)
    with pytest.raises(actions.BadPost, match="互相制约"):
        given(free.account, unit_ids[1], held, from_on=UNTIL)
    given(free.account, unit_ids[1], held, from_on=UNTIL + timedelta(days=1))


def test_who_may_delegate(leader, clerk, unit_ids):
    other = given(opened("chenjian"), unit_ids[0], "clerk")
    elsewhere = given(opened("mengqiu"), unit_ids[1], "leader")
    security = acting(Role.SECURITY_ADMIN, opened("yanshou").pk, unit_ids[1])
    # A colleague and another unit's leader may not.
    for somebody in (own(other), own(elsewhere), acting(Role.SYSTEM_ADMIN)):
        with pytest.raises(NotAllowed):
            delegated(leader, clerk.account, actor=somebody)
    # The unit's leader may delegate a clerk's post, but not to himself, and only to colleagues.
    assert permissions.can_delegate(
        own(leader), holder_id=clerk.account_id, unit_id=unit_ids[0], role="clerk"
    )
    with pytest.raises(NotAllowed, match="委托给自己"):
        delegated(clerk, leader.account, actor=own(leader))
    with pytest.raises(delegations.BadDelegation, match="没有岗位"):
        delegated(leader, elsewhere.account)
    # The security administrator chooses among all.
    delegated(leader, elsewhere.account, actor=security)


def test_an_administrators_post_is_not_a_leaders_to_delegate(leader, unit_ids):
    audit = given(opened("guming"), unit_ids[0], "audit_admin")
    other = given(opened("chenjian"), unit_ids[0], "clerk")
    with pytest.raises(NotAllowed):
        delegated(audit, other.account, actor=own(leader))


def test_what_one_stands_in_for_is_not_passed_on(leader, clerk, unit_ids):
    other = given(opened("chenjian"), unit_ids[0], "clerk")
    delegated(leader, clerk.account)
    stands_in = queries.actor_for(clerk.account, TODAY, leader.pk)
    for somebody in (stands_in, own(clerk)):
        with pytest.raises(NotAllowed):
            delegated(
                leader,
                other.account,
                from_on=UNTIL + timedelta(days=1),
                until_on=UNTIL + timedelta(days=2),
                actor=somebody,
            )


def test_the_delegate_of_the_sender_is_no_second_person(unit_ids):
    reviewer = Actor(
        7, "某", unit_ids[0], frozenset({Role.REVIEWER}), on_behalf_of=Principal(5, "方正言")
    )
    assert permissions.can_release(reviewer, proposed_by=4)
    assert not permissions.can_release(reviewer, proposed_by=5)
    assert not permissions.can_release(reviewer, proposed_by=7)
    security = Actor(
        7, "某", unit_ids[0], frozenset({Role.SECURITY_ADMIN}), on_behalf_of=Principal(5, "严守")
    )
    assert not permissions.can_give_post(security, account_id=5)
    assert not permissions.can_give_post(security, account_id=7)
    assert permissions.can_give_post(security, account_id=6)


def test_a_successor_begins_the_day_after(clerk, unit_ids):
    successor = opened("chenjian")
    with pytest.raises(actions.BadPost, match="就是现在的任职人"):
        actions.hand_over_post(
            post_id=clerk.pk, successor_id=clerk.account_id, last_day=UNTIL, at=AT, actor=SYSTEM
        )
    new = actions.hand_over_post(
        post_id=clerk.pk, successor_id=successor.pk, last_day=UNTIL, at=AT, actor=SYSTEM
    )
    clerk.refresh_from_db()
    assert (clerk.until_on, new.from_on) == (UNTIL, UNTIL + timedelta(days=1))
    assert (new.unit_id, new.role, new.until_on) == (clerk.unit_id, "clerk", None)
    with pytest.raises(NotAllowed):
        actions.hand_over_post(
            post_id=new.pk,
            successor_id=clerk.account_id,
            last_day=UNTIL + timedelta(days=2),
            at=AT,
            actor=acting(Role.SYSTEM_ADMIN),
        )


def test_a_refused_successor_leaves_the_post_as_it_was(unit_ids):
    post = given(opened("luwei"), unit_ids[0], "system_admin")
    auditor = given(opened("guming"), unit_ids[0], "audit_admin")
    with pytest.raises(actions.BadPost, match="互相制约"):
        actions.hand_over_post(
            post_id=post.pk, successor_id=auditor.account_id, last_day=TODAY, at=AT, actor=SYSTEM
        )
    post.refresh_from_db()
    assert post.until_on is None


def test_an_ended_post_is_not_made_longer(clerk):
    actions.end_post(post_id=clerk.pk, last_day=TODAY, at=AT, actor=SYSTEM)
    with pytest.raises(actions.BadPost, match="以前已经结束"):
        actions.end_post(post_id=clerk.pk, last_day=UNTIL, at=AT, actor=SYSTEM)


def test_the_database_refuses_a_delegation_that_ends_before_it_begins(leader, clerk):
    wrong = Delegation(
        post=leader,
        delegate=clerk.account,
        from_on=UNTIL,
        until_on=TODAY,
        because="年休假",
        made_at=AT,
    )
    with pytest.raises(ValidationError, match="不能早于"):
        wrong.validate_constraints()
