"""A store of its own, an invented unit with its powers, and somebody who sends."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from zhengxin.kernel.actor import Actor, Role
from zhengxin.subjects import actions as subjects
from zhengxin.subjects.models import Power, Subject, Unit
from zhengxin.subjects.types import Mention

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def store(settings: LazySettings, tmp_path: Path) -> Path:
    settings.SUBMISSIONS_DIR = tmp_path / "submissions"
    settings.KEYS_DIR = tmp_path / "keys"
    return tmp_path


@pytest.fixture
def unit_id(db: None) -> int:
    subject = Subject.objects.create(
        kind="unit",
        name="示例县市场监督管理局",
        folded="示例县市场监督管理局",
        uscc="112103210000000197",
        created_at=AT,
    )
    Unit.objects.create(subject=subject, kind="department", code="T-01")
    for source in ("penalties", "licences", "csrc_penalties"):
        Power.objects.create(unit_id=subject.pk, source=source)
    return subject.pk


@pytest.fixture
def clerk(unit_id: int) -> Actor:
    return Actor(account_id=1, name="李经办", unit_id=unit_id, roles=frozenset({Role.CLERK}))


def establish(mentions: Sequence[Mention]) -> dict[str, int]:
    return subjects.establish(mentions=mentions, at=AT, actor=Actor.system("测试"))
