"""A small plan at the desk of the small county: two names nobody can know, a day, a group; and its way to mandates."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import County
from tests.factors import DeskClient
from zhengxin.oversight import queries
from zhengxin.oversight.models import Plan

SignedIn = Callable[[str], DeskClient]
TEXT = """示例县诚信方案
一、任务
1.压缩时限。2027年底前完成。（牵头单位：示例县住房和城乡建设局；配合单位：示例县发展和改革局）
2.公开结果。（牵头单位：县没有局；配合单位：各有关部门）
3.检查合同。（责任单位：示例县市场监督管理局）
示例县人民政府办公室
2026年3月1日
"""


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"


def send(client: Client, text: str | bytes = TEXT, name: str = "方案.txt") -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post("/desk/plans/new/", {"file": SimpleUploadedFile(name, content)})


def number_of(plan: Plan, name: str) -> int:
    draft = queries.draft(plan, timezone.localdate())
    return next(stand.number for stand in draft.names if stand.name == name)


def settle(client: Client, plan: Plan, county: County) -> None:
    """The two names that nobody can know."""
    path = f"/desk/plans/{plan.pk}/names/"
    chosen = {
        "scope": "chosen",
        "units": [county.units["县市场监管局"]],
        "because": "与起草单位核对",
    }
    for name in ("县没有局", "各有关部门"):
        answer = client.post(f"{path}{number_of(plan, name)}/", chosen)
        assert answer.status_code == 302, answer.content.decode()


@pytest.fixture
def read(county: County, signed_in: SignedIn) -> Plan:
    send(signed_in("xinyong"))
    return Plan.objects.get()


@pytest.fixture
def confirmed(read: Plan, county: County, signed_in: SignedIn) -> Plan:
    settle(signed_in("xinyong"), read, county)
    answer = signed_in("fuhe").sign(f"/desk/plans/{read.pk}/confirm/", {"replaces": ""})
    assert answer.status_code == 302, answer.content.decode()
    read.refresh_from_db()
    return read
