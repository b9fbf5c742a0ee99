"""Which roles need a second factor and may sign; how long a lock lasts."""

from datetime import timedelta

import pytest

from zhengxin.accounts.permissions import (
    can_lift_lock,
    can_reset_factors,
    can_sign,
    check_sign,
)
from zhengxin.accounts.rules import Patience, is_over, lock_length, needs_factor
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed

MINUTE = timedelta(minutes=1)
PATIENCE = Patience(5, 15 * MINUTE, 5 * MINUTE, 60 * MINUTE)


def actor(*roles: Role, account_id: int | None = 7) -> Actor:
    return Actor(account_id, "某人", 1, frozenset(roles))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_that_decides_needs_a_factor_and_may_sign(role: Role) -> None:
    wanted = role not in (Role.CLERK, Role.DELEGATE, Role.SYSTEM)
    assert needs_factor([role]) == wanted
    assert can_sign(actor(role)) == wanted


def test_a_clerk_who_is_a_leader_too_needs_one() -> None:
    assert needs_factor([Role.CLERK, Role.LEADER])
    assert not needs_factor([])


def test_a_clerks_account_cannot_sign_and_is_told_who_does() -> None:
    with pytest.raises(NotAllowed, match="报送经办人不签署"):
        check_sign(actor(Role.CLERK))


def test_nobody_signs_without_a_name() -> None:
    with pytest.raises(NotAllowed, match="具名"):
        check_sign(actor(Role.REVIEWER, account_id=None))


@pytest.mark.parametrize("can", [can_lift_lock, can_reset_factors])
def test_locks_and_factors_are_the_security_administrators_and_never_ones_own(can) -> None:
    allowed = {role for role in Role if can(actor(role))}
    assert allowed == {Role.SECURITY_ADMIN, Role.SYSTEM}
    assert not can(actor(Role.SECURITY_ADMIN), account_id=7)
    assert can(actor(Role.SECURITY_ADMIN), account_id=8)


def test_each_lock_is_twice_as_long_up_to_the_longest() -> None:
    assert [lock_length(PATIENCE, n) // MINUTE for n in range(6)] == [5, 10, 20, 40, 60, 60]
    assert lock_length(PATIENCE, 10**6) == 60 * MINUTE


def test_failures_are_forgotten_after_the_window_and_locks_later() -> None:
    assert not is_over(PATIENCE, since=15 * MINUTE, locks=0)
    assert is_over(PATIENCE, since=16 * MINUTE, locks=0)
    assert not is_over(PATIENCE, since=40 * MINUTE, locks=2)
    assert is_over(PATIENCE, since=41 * MINUTE, locks=2)
