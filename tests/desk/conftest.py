"""A small county with one account for every role."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.factors import DeskClient, SoftPasskey, add_app, add_passkey
from zhengxin.accounts import actions as accounts
from zhengxin.accounts.models import Account
from zhengxin.duties.types import Owed
from zhengxin.journey import follow
from zhengxin.journey.owing import open_duties
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import actions as ledger
from zhengxin.ledger.types import Draft
from zhengxin.ledger.vault import keyring
from zhengxin.subjects import actions as subjects

PASSWORD = "shili-ceshi-2026"
SYSTEM = Actor.system("测试")
FROM = date(2026, 1, 1)


@dataclass
class County:
    """Unit ids by short name, accounts by user name; whose role needs one has an app and a passkey."""

    units: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    passkeys: dict[str, SoftPasskey] = field(default_factory=dict)


UNITS = {
    "县住建局": ("示例县住房和城乡建设局", "ZX-T01"),
    "县市场监管局": ("示例县市场监督管理局", "ZX-T02"),
    "县发改局": ("示例县发展和改革局", "ZX-T03"),
}
POSTS = {
    "jingban": ("林禾", "县住建局", "clerk"),
    "fuze": ("周远山", "县住建局", "leader"),
    "shichang": ("孟秋", "县市场监管局", "clerk"),
    "xinyong": ("许知", "县发改局", "credit_officer"),
    "fuhe": ("方正言", "县发改局", "reviewer"),
    "jiandu": ("程鉴", "县发改局", "supervisor"),
    "xitong": ("陆维", "县发改局", "system_admin"),
    "baomi": ("严守", "县发改局", "security_admin"),
    "shenji": ("顾明", "县发改局", "audit_admin"),
    "daibiao": ("江雨眠", "县发改局", "delegate"),
}


@pytest.fixture(autouse=True)
def quick_passwords(settings: object, tmp_path: Path) -> None:
    """Sign-in is not what these tests time; files go into a folder of the test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    settings.SUBMISSIONS_DIR = tmp_path / "submissions"  # type: ignore[attr-defined]


@pytest.fixture
def county() -> County:
    """Three units, ten accounts."""
    at, built = timezone.now(), County()
    # As every start does: pages only read.
    keyring.ensure()
    for short, (name, code) in UNITS.items():
        unit = subjects.register_unit(name=name, kind="department", code=code, at=at, actor=SYSTEM)
        built.units[short] = unit.pk
    for source in ("licences", "penalties"):
        subjects.grant_power(
            unit_id=built.units["县住建局"], source=source, basis="三定规定", at=at, actor=SYSTEM
        )
    for username, (name, unit_name, role) in POSTS.items():
        account = accounts.open_account(
            username=username, name=name, password=PASSWORD, at=at, actor=SYSTEM
        )
        accounts.give_post(
            account_id=account.pk,
            unit_id=built.units[unit_name],
            role=role,
            from_on=FROM,
            at=at,
            actor=SYSTEM,
        )
        built.accounts[username] = account
        if role not in ("clerk", "delegate"):
            add_app(account)
            built.passkeys[username] = add_passkey(account)
    return built


@pytest.fixture
def signed_in(county: County) -> Callable[[str], DeskClient]:
    """A browser signed in as the named account, with its second factor proven."""

    def enter(username: str) -> DeskClient:
        return DeskClient(county.accounts[username], county.passkeys.get(username))

    return enter


def today() -> date:
    """The county's day."""
    return timezone.localdate()


@pytest.fixture
def owe(county: County) -> Callable[..., int]:
    """Opens a duty of the housing bureau, owed to the credit office's unit, in days from today."""
    numbers = count(1)

    def opened(
        days: int = 10,
        bearer: str = "县住建局",
        to: str = "县发改局",
        what: str = "",
        **changes: Any,
    ) -> int:
        at = timezone.now()
        source = Draft(
            kind="hold",
            subject_id=None,
            unit_id=county.units[to],
            true_on=today(),
            known_at=at,
            open={"because": "示例"},
        )
        [source_id] = ledger.append(drafts=[source], at=at, actor=SYSTEM)
        values: dict[str, Any] = {
            "kind": "rectification",
            "bearer_id": county.units[bearer],
            "what": what or f"改正第{next(numbers)}处公开栏目",
            "source_id": source_id,
            "opened_on": today() - timedelta(days=60),
            "due_on": today() + timedelta(days=days),
            "to_id": county.units[to],
        }
        [duty_id] = open_duties(owed=[Owed(**values | changes)], at=at, actor=SYSTEM)
        follow(at=at)
        return duty_id

    return opened
