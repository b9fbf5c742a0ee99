"""The invented county's register, loaded."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhengxin.kernel.actor import Actor, Role
from zhengxin.subjects.queries import unit_by_code, units
from zhengxin.subjects.registers import load_register

REGISTERS = Path(__file__).resolve().parents[2] / "registers"
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SYSTEM = Actor.system("登记")


def person(role: Role, unit_id: int | None = None, account_id: int = 1, purpose: str = "") -> Actor:
    return Actor(account_id, "许知", unit_id, frozenset({role}), purpose)


@pytest.fixture
def county(db):
    """Unit ids by official name, all 50."""
    load_register(REGISTERS / "example.yaml", at=AT, actor=SYSTEM)
    return {line.name: line.id for line in units()}


@pytest.fixture
def uscc_of(county):
    """The code of a unit of the county by official name."""
    codes = {line.name: line.uscc for line in units()}
    return codes.__getitem__


@pytest.fixture
def taian(db):
    load_register(REGISTERS / "taian.yaml", at=AT, actor=SYSTEM)
    return unit_by_code
