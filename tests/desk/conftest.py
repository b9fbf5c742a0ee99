"""A small county with one account for every role."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from tests.factors import DeskClient, SoftPasskey, add_app, add_passkey
from zhengxin.accounts import actions as accounts
from zhengxin.accounts.models import Account
from zhengxin.kernel.actor import Actor
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
