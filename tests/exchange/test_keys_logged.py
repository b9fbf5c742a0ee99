"""What is taken under a key, and keys that open nothing, become lines of the audit log, each once."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from zhengxin import journey
from zhengxin.audit.models import AuditLine
from zhengxin.kernel.actor import Actor, Role
from zhengxin.publication.board.takings import note_taking
from zhengxin.publication.enums import Asked
from zhengxin.publication.models import Recipient

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys", "board"])
OFFICER = Actor(7, "许知", 3, frozenset({Role.CREDIT_OFFICER}))


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"


def ask(key: str) -> int:
    return Client().get("/api/v1/entries", headers={"Authorization": f"Bearer {key}"}).status_code


def test_takings_and_refused_keys_are_lines() -> None:
    at = timezone.now()
    key = journey.register_recipient(
        name="示例银行", contact="3001", purpose="授信审查", at=at, actor=OFFICER
    )
    number = Recipient.objects.get().pk
    assert ask(key) == 200  # nothing adverse was given: nothing to note
    note_taking(recipient_id=number, asked=Asked.ENTRY, entry_ids=[5, 9], at=at)
    assert ask("zx-nobodys") == 401
    journey.end_recipient(recipient_id=number, at=at, actor=OFFICER)
    assert ask(key) == 401
    for _ in range(2):
        journey.seal_audit_when_due(at=at, actor=Actor.system("后台办理"))
    lines = list(AuditLine.objects.filter(act="recipient.take").order_by("id"))
    assert [(x.actor_name, x.object_id, x.outcome, x.purpose) for x in lines] == [
        ("示例银行", str(number), "read", "授信审查"),
        ("", "", "refused", ""),
        ("示例银行", str(number), "refused", "授信审查"),
    ]
    assert lines[0].detail == {"asked": "一条记录", "first": 5, "last": 9, "records": 2}
    assert key not in str(list(AuditLine.objects.values()))
    assert "nobodys" not in str(list(AuditLine.objects.values()))
