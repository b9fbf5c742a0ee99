"""Accounts, dated posts, who acts, three administrators who check one another."""

from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError

from zhengxin.accounts import actions, invented, permissions, queries
from zhengxin.accounts.enums import RoleChoice
from zhengxin.accounts.models import Account, Post
from zhengxin.accounts.rules import ADMINISTRATORS, Term, objection_to
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed
from zhengxin.subjects.actions import register_unit
from zhengxin.subjects.models import Unit
from zhengxin.subjects.registers import load_register

REGISTERS = Path(__file__).resolve().parents[2] / "registers"
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SYSTEM = Actor.system("命令行")
PASSWORD = "shili-mima-2026"


def actor(role: Role, account_id: int = 99, unit_id: int | None = 1) -> Actor:
    return Actor(account_id, "某", unit_id, frozenset({role}))


@pytest.fixture
def unit_ids(db) -> tuple[int, int]:
    first, second = (
        register_unit(name=f"示例县{n}局", kind="department", code=n, at=AT, actor=SYSTEM)
        for n in ("甲", "乙")
    )
    return first.pk, second.pk


@pytest.fixture
def account(db) -> Account:
    return opened("linhe")


def opened(username: str, **changes) -> Account:
    asked = {"name": "林禾", "password": PASSWORD, "at": AT, "actor": SYSTEM}
    return actions.open_account(username=username, **(asked | changes))


def given(account: Account, unit_id: int, role: str, **changes) -> Post:
    asked = {"from_on": date(2026, 1, 1), "at": AT, "actor": SYSTEM}
    return actions.give_post(account_id=account.pk, unit_id=unit_id, role=role, **(asked | changes))


def test_the_roles_of_posts_are_those_of_actors():
    assert set(RoleChoice.values) == {role.value for role in Role} - {"system"}
    assert all(str(RoleChoice(role).label) == Role(role).label for role in RoleChoice.values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"username": "林禾"}, "小写字母"),
        ({"username": "ab"}, "3至60位"),
        ({"name": " "}, "姓名"),
        ({"password": "short"}, "密码"),
        ({"password": "12345678901"}, "密码"),
    ],
)
def test_an_account_that_breaks_the_rules_is_refused(changes, words):
    username = changes.pop("username", "linhe")
    with pytest.raises(actions.BadAccount, match=words):
        opened(username, **changes)
    assert not Account.objects.exists()


def test_a_user_name_is_taken_once(account):
    with pytest.raises(actions.BadAccount, match="已有人使用"):
        opened("linhe")


def test_signing_in(account):
    assert authenticate(username="linhe", password=PASSWORD) == account
    assert authenticate(username="linhe", password="wrong-password") is None
    assert authenticate(username="nobody", password=PASSWORD) is None
    assert PASSWORD not in Account.objects.get().password
    actions.close_account(account_id=account.pk, at=AT, actor=SYSTEM)
    assert authenticate(username="linhe", password=PASSWORD) is None


def test_without_a_password_nobody_signs_in(db):
    account = opened("linhe", password=None)
    assert not account.has_usable_password()
    for tried in ("", "None", PASSWORD):
        assert authenticate(username="linhe", password=tried) is None


def test_a_session_ends_with_its_account(account, client):
    client.force_login(account)
    from zhengxin.accounts.backend import AccountBackend

    assert AccountBackend().get_user(account.pk) == account
    actions.close_account(account_id=account.pk, at=AT, actor=SYSTEM)
    assert AccountBackend().get_user(account.pk) is None


def test_ones_own_password_and_nobody_elses(account):
    own = Actor(account.pk, "林禾", None, frozenset())
    change = {"account_id": account.pk, "at": AT}
    with pytest.raises(NotAllowed):
        actions.change_password(
            old=PASSWORD, new="xin-mima-20261", actor=actor(Role.SYSTEM_ADMIN), **change
        )
    with pytest.raises(actions.BadAccount, match="原密码不对"):
        actions.change_password(old="wrong", new="xin-mima-20261", actor=own, **change)
    with pytest.raises(actions.BadAccount):
        actions.change_password(old=PASSWORD, new=PASSWORD, actor=own, **change)
    with pytest.raises(actions.BadAccount):
        actions.change_password(old=PASSWORD, new="short", actor=own, **change)
    assert authenticate(username="linhe", password=PASSWORD)
    actions.change_password(old=PASSWORD, new="xin-mima-20261", actor=own, **change)
    assert authenticate(username="linhe", password="xin-mima-20261")
    assert authenticate(username="linhe", password=PASSWORD) is None


def test_a_post_gives_its_role_only_on_its_days(account, unit_ids):
    given(account, unit_ids[0], "clerk", from_on=date(2026, 1, 1), until_on=date(2026, 6, 30))
    assert queries.actor_for(account, date(2025, 12, 31)).roles == frozenset()
    for day in (date(2026, 1, 1), date(2026, 6, 30)):
        acting = queries.actor_for(account, day)
        assert (acting.unit_id, acting.roles) == (unit_ids[0], {Role.CLERK})
        assert (acting.account_id, acting.name) == (account.pk, "林禾")
    ended = queries.actor_for(account, date(2026, 7, 1))
    assert (ended.unit_id, ended.roles) == (None, frozenset())


def test_an_ended_post_and_a_closed_unit_give_no_role(account, unit_ids):
    post = given(account, unit_ids[0], "clerk")
    second = given(account, unit_ids[1], "leader")
    with pytest.raises(actions.BadPost):
        actions.end_post(post_id=post.pk, last_day=date(2025, 1, 1), at=AT, actor=SYSTEM)
    actions.end_post(post_id=post.pk, last_day=date(2026, 11, 22), at=AT, actor=SYSTEM)
    assert list(queries.posts_in_force(account, TODAY)) == [second]
    assert queries.actor_for(account, TODAY, post_id=post.pk).roles == frozenset()
    Unit.objects.filter(pk=unit_ids[1]).update(closed_on=date(2026, 11, 22))
    assert queries.actor_for(account, TODAY).roles == frozenset()


def test_several_posts_are_chosen_by_unit(account, unit_ids):
    clerk = given(account, unit_ids[0], "clerk")
    given(account, unit_ids[0], "leader", from_on=date(2026, 2, 1))
    officer = given(account, unit_ids[1], "credit_officer", from_on=date(2026, 3, 1))
    assert queries.actor_for(account, TODAY).roles == {Role.CLERK, Role.LEADER}
    assert queries.actor_for(account, TODAY, post_id=clerk.pk).unit_id == unit_ids[0]
    other = queries.actor_for(account, TODAY, post_id=officer.pk)
    assert (other.unit_id, other.roles) == (unit_ids[1], {Role.CREDIT_OFFICER})
    strangers = given(opened("zhouyuan"), unit_ids[1], "clerk")
    assert queries.actor_for(account, TODAY, post_id=strangers.pk).roles == frozenset()


@pytest.mark.parametrize(("held", "new"), list(permutations(sorted(ADMINISTRATORS), 2)))
def test_no_account_is_two_administrators_at_once(account, unit_ids, held, new):
    given(account, unit_ids[0], held, until_on=date(2026, 6, 30))
    with pytest.raises(actions.BadPost, match="互相制约"):
        given(account, unit_ids[1], new, from_on=date(2026, 6, 30))
    given(account, unit_ids[1], new, from_on=date(2026, 7, 1))
    assert Post.objects.count() == 2


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ((1, 10), (10, 20), True),
        ((1, 9), (10, 20), False),
        ((1, None), (10, 20), True),
        ((10, None), (1, 9), False),
        ((10, None), (1, None), True),
        ((5, 6), (1, 20), True),
    ],
)
def test_overlap_of_terms(first, second, overlap):
    one, two = (
        Term(Role.CLERK, 1, date(2026, 1, a), date(2026, 1, b) if b else None)
        for a, b in (first, second)
    )
    assert one.overlaps(two) is two.overlaps(one) is overlap
    assert bool(objection_to(one, [two])) is overlap


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": "boss"}, "没有“boss”"),
        ({"role": "system"}, "没有“system”"),
        ({"until_on": date(2025, 1, 1)}, "早于"),
        ({"unit_id": 10**9}, "没有这个单位"),
    ],
)
def test_a_wrong_post_is_refused(account, unit_ids, changes, words):
    asked = {"unit_id": unit_ids[0], "role": "clerk"} | changes
    with pytest.raises(actions.BadPost, match=words):
        given(account, asked.pop("unit_id"), asked.pop("role"), **asked)
    assert not Post.objects.exists()


def test_a_closed_account_gets_no_post(account, unit_ids):
    given(account, unit_ids[0], "clerk")
    actions.close_account(account_id=account.pk, at=AT, actor=SYSTEM)
    assert Post.objects.get().until_on == TODAY
    assert queries.actor_for(account, TODAY).roles == frozenset()
    with pytest.raises(actions.BadPost):
        given(account, unit_ids[0], "leader")


def test_administrators_share_the_work(account, unit_ids):
    with pytest.raises(NotAllowed):
        opened("zhouyuan", actor=actor(Role.SECURITY_ADMIN))
    opened("zhouyuan", actor=actor(Role.SYSTEM_ADMIN))
    with pytest.raises(NotAllowed):
        given(account, unit_ids[0], "clerk", actor=actor(Role.SYSTEM_ADMIN))
    own = actor(Role.SECURITY_ADMIN, account_id=account.pk)
    with pytest.raises(NotAllowed, match="自己"):
        given(account, unit_ids[0], "credit_officer", actor=own)
    given(account, unit_ids[0], "clerk", actor=actor(Role.SECURITY_ADMIN))


RIGHTS = {
    "submit": {"clerk", "leader", "credit_officer", "system"},
    "see_submissions": {"clerk", "leader", "credit_officer", "reviewer", "supervisor", "system"},
    "search_files": {"clerk", "leader", "credit_officer", "reviewer", "supervisor"},
    "decide_attribution": {"credit_officer", "reviewer"},
    "grade": {"credit_officer", "reviewer"},
    "release": {"reviewer"},
    "see_agreements": {"clerk", "leader", "credit_officer", "reviewer", "supervisor"},
    "make_agreement": {"credit_officer"},
    "register_recipient": {"credit_officer"},
    "read_audit": {"audit_admin"},
    "open_account": {"system_admin", "system"},
    "give_post": {"security_admin", "system"},
    "see_accounts": {"system_admin", "security_admin", "audit_admin", "system"},
}


@pytest.mark.parametrize("verb", sorted(RIGHTS))
def test_every_role_against_every_right(verb):
    check, can = (getattr(permissions, f"{form}_{verb}") for form in ("check", "can"))
    for role in Role:
        if role.value in RIGHTS[verb]:
            check(actor(role))
            assert can(actor(role))
        else:
            assert not can(actor(role))
            with pytest.raises(NotAllowed) as caught:
                check(actor(role))
            assert caught.value.what
            assert caught.value.why
            assert caught.value.remedy


def test_only_ones_own_units_submissions():
    clerk = actor(Role.CLERK, unit_id=1)
    assert permissions.can_submit(clerk, unit_id=1)
    assert not permissions.can_submit(clerk, unit_id=2)
    assert not permissions.can_submit(actor(Role.CREDIT_OFFICER, unit_id=1), unit_id=2)
    assert permissions.can_submit(SYSTEM, unit_id=2)
    assert permissions.can_own_submission(clerk, unit_id=1)
    assert not permissions.can_own_submission(clerk, unit_id=2)
    assert not permissions.can_own_submission(actor(Role.SUPERVISOR, unit_id=1), unit_id=1)


def test_text_is_released_by_a_second_person():
    reviewer = actor(Role.REVIEWER, account_id=5)
    assert permissions.can_release(reviewer, proposed_by=4)
    assert not permissions.can_release(reviewer, proposed_by=5)


@pytest.mark.django_db(databases=["default", "keys"])
def test_the_invented_countys_accounts_show_until_their_password_changes():
    load_register(REGISTERS / "example.yaml", at=AT, actor=SYSTEM)
    assert queries.invented_accounts(AT) == []
    open_all = {
        "register": REGISTERS / "example.yaml",
        "from_on": date(2025, 1, 1),
        "at": AT,
        "actor": SYSTEM,
    }
    made = invented.open_invented_accounts(**open_all)
    assert len({account.password for account in made}) == len(made)
    assert invented.open_invented_accounts(**open_all) == []
    shown = queries.invented_accounts(AT)
    assert len(shown) == len(made) == len(invented.read_accounts(REGISTERS / "example.yaml"))
    assert {each.role for each in shown} == set(RoleChoice.values)
    for each in shown[:2]:
        signed_in = authenticate(username=each.username, password=each.password)
        assert queries.actor_for(signed_in, TODAY).roles == {Role(each.role)}
    first = shown[0]
    actions.change_password(
        account_id=Account.objects.get(username=first.username).pk,
        old=first.password,
        new="huan-le-mima-2026",
        at=AT,
        actor=Actor(Account.objects.get(username=first.username).pk, "林禾", None, frozenset()),
    )
    assert first not in queries.invented_accounts(AT)


def test_a_real_county_may_not_bring_accounts(tmp_path):
    path = tmp_path / "real.yaml"
    path.write_text("county: {name: 真县, invented: false}\naccounts: [{username: a}]\n")
    with pytest.raises(invented.NotInvented):
        invented.read_accounts(path)
    assert invented.read_accounts(REGISTERS / "taian.yaml") == []


def test_the_database_refuses_a_post_that_ends_before_it_begins(account, unit_ids):
    post = Post(
        account=account,
        unit_id=unit_ids[0],
        role="clerk",
        from_on=date(2026, 1, 2),
        until_on=date(2026, 1, 1),
    )
    with pytest.raises(ValidationError, match="不能早于"):
        post.validate_constraints()
