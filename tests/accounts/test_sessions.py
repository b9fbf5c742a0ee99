"""Rules of passwords and sessions, and the verbs that end a session."""

import itertools
from datetime import date, timedelta

import pytest

from tests.accounts.conftest import AT, PASSWORD, SYSTEM, opened
from zhengxin.accounts import actions, queries, sessions
from zhengxin.accounts.enums import SessionEnd
from zhengxin.accounts.models import Account, PastPassword, Session
from zhengxin.accounts.rules import SessionLimits, days_left, session_over
from zhengxin.kernel.actor import Actor

LIMITS = SessionLimits(idle=timedelta(minutes=30), whole=timedelta(hours=8))


@pytest.mark.parametrize(
    ("begun", "seen", "over"),
    [(0, 0, ""), (60, 29, ""), (60, 30, "idle"), (479, 0, ""), (480, 0, "over"), (500, 40, "over")],
)
def test_a_session_is_over_by_its_times(begun, seen, over):
    ago = {"begun_at": AT - timedelta(minutes=begun), "seen_at": AT - timedelta(minutes=seen)}
    assert session_over(LIMITS, at=AT, **ago) == over
    assert over in {"", SessionEnd.IDLE, SessionEnd.OVER}


@pytest.mark.parametrize(("lasts", "left"), [(90, 80), (10, 0), (9, -1), (0, None)])
def test_days_left_of_a_password(lasts, left):
    assert days_left(date(2026, 1, 1), on=date(2026, 1, 11), lasts=lasts) == left


@pytest.fixture
def account(db) -> Account:
    return opened("linhe")


def begun(account: Account, key: str, at=AT) -> int:
    Session.objects.create(session_key=key, expire_date=at + timedelta(hours=8))
    return sessions.begin_session(
        session_key=key,
        address="10.0.0.1",
        browser="Firefox/1",
        account_id=account.pk,
        at=at,
        actor=SYSTEM,
    )


def test_the_oldest_session_gives_way(account, settings):
    for n in range(settings.SESSIONS_AT_ONCE):
        assert begun(account, f"key{n}", AT + timedelta(minutes=n)) == 0
    assert begun(account, "next", AT + timedelta(minutes=10)) == 1
    assert Session.objects.get(session_key="key0").ended_because == SessionEnd.ELSEWHERE
    running = queries.sessions_of(account.pk, AT + timedelta(minutes=10))
    assert len(running) == settings.SESSIONS_AT_ONCE


def test_an_idle_session_takes_no_place(account, settings):
    for n in range(settings.SESSIONS_AT_ONCE):
        begun(account, f"key{n}")
    assert begun(account, "next", AT + settings.SESSION_IDLE) == 0


def test_sessions_of_yesterday_are_cleared_away(account):
    begun(account, "old", AT - timedelta(days=3))
    begun(account, "new")
    assert [each.session_key for each in Session.objects.all()] == ["new"]


def test_ones_own_session_is_ended_by_its_handle(account):
    begun(account, "mine")
    other = opened("yuanshan")
    handle = sessions.handle("mine")
    assert "mine" not in handle
    asked = {"handle_of": handle, "at": AT, "actor": SYSTEM}
    assert not sessions.end_session(account_id=other.pk, **asked)
    assert sessions.end_session(account_id=account.pk, **asked)
    assert not sessions.end_session(account_id=account.pk, **asked)
    assert queries.sessions_of(account.pk, AT) == []


@pytest.mark.parametrize("how", ["password", "closed"])
def test_a_new_password_and_a_closed_account_end_every_session(account, how):
    begun(account, "one")
    begun(account, "two")
    if how == "closed":
        actions.close_account(account_id=account.pk, at=AT, actor=SYSTEM)
    else:
        actions.change_password(
            account_id=account.pk,
            old=PASSWORD,
            new="xin-de-mima-2026",
            at=AT,
            actor=Actor(account.pk, "林禾", None, frozenset()),
        )
    assert {each.ended_because for each in Session.objects.all()} == {how}


def test_the_last_passwords_do_not_come_back(account, settings):
    own = Actor(account.pk, "林禾", None, frozenset())
    worn = [PASSWORD, *(f"di-{n}-ge-mima-2026" for n in range(settings.PASSWORDS_REMEMBERED))]
    for old, new in itertools.pairwise(worn):
        with pytest.raises(actions.BadAccount, match="相同"):
            actions.change_password(account_id=account.pk, old=old, new=old, at=AT, actor=own)
        actions.change_password(account_id=account.pk, old=old, new=new, at=AT, actor=own)
        if new != worn[-1]:
            with pytest.raises(actions.BadAccount, match="相同"):
                actions.change_password(
                    account_id=account.pk, old=new, new=PASSWORD, at=AT, actor=own
                )
    # The first one is forgotten by now.
    actions.change_password(account_id=account.pk, old=worn[-1], new=PASSWORD, at=AT, actor=own)
    assert PASSWORD not in str(list(PastPassword.objects.values()))


@pytest.mark.parametrize("password", ["linhe-2026-abc", "XX-LINHE-2026", "我是林禾吗2026年"])
def test_a_password_without_the_name(db, password):
    with pytest.raises(actions.BadAccount, match="姓名"):
        opened("linhe", name="林禾", password=password)


def test_the_age_of_a_password_counts_from_its_setting(account, settings):
    settings.PASSWORD_DAYS = 90
    assert queries.password_days_left(account, AT) == 90
    assert queries.password_days_left(account, AT + timedelta(days=100)) == -10
    account.invented = True
    assert queries.password_days_left(account, AT) is None
    assert queries.password_days_left(opened("nobody", password=None), AT) is None
