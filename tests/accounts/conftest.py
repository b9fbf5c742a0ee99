"""Two units, quick passwords, and accounts made as the rooms make them."""

from datetime import UTC, date, datetime

import pytest

from zhengxin.accounts import actions
from zhengxin.accounts.models import Account, Post
from zhengxin.kernel.actor import Actor, Role
from zhengxin.subjects.actions import register_unit

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SYSTEM = Actor.system("命令行")
PASSWORD = "shili-mima-2026"


def acting(role: Role, account_id: int = 99, unit_id: int | None = 1) -> Actor:
    """Somebody in one role."""
    return Actor(account_id, "某", unit_id, frozenset({role}))


def opened(username: str, **changes) -> Account:
    """A person's account, opened by the machine's owner."""
    asked = {"name": username.title(), "password": PASSWORD, "at": AT, "actor": SYSTEM}
    return actions.open_account(username=username, **(asked | changes))


def given(account: Account, unit_id: int, role: str, **changes) -> Post:
    """A post from the beginning of the year."""
    asked = {"from_on": date(2026, 1, 1), "at": AT, "actor": SYSTEM}
    return actions.give_post(account_id=account.pk, unit_id=unit_id, role=role, **(asked | changes))


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Hashing is not what these tests time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path) -> None:
    """Second factors rest on the key store."""
    settings.KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def unit_ids(db) -> tuple[int, int]:
    """Two departments."""
    first, second = (
        register_unit(name=f"示例县{n}局", kind="department", code=n, at=AT, actor=SYSTEM)
        for n in ("甲", "乙")
    )
    return first.pk, second.pk
