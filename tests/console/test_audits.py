"""The audit log on the command line, as the system's keeper and the audit administrator use it."""

import json
import os
import pwd
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import LazySettings
from django.utils import timezone

from tests.desk.conftest import PASSWORD, County, county, quick_passwords
from tests.stores import triggers_aside
from zhengxin import journey
from zhengxin.audit import actions as audit
from zhengxin.audit.models import AuditLine
from zhengxin.console.main import main
from zhengxin.journey.exports import json_lines
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import queries as ledger

__all__ = ["county", "quick_passwords"]
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys", "board"])
NOW = timezone.now()


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["audit", *arguments])


def line(days: int) -> int:
    return audit.record(
        act="submission.receive", object_kind="submission", object_id=1, outcome="done",
        at=NOW - timedelta(days=days), actor=Actor.system("后台办理"),
    ).id  # fmt: skip


def test_sealed_verified_proved_and_found_when_changed() -> None:
    numbers = [line(1), line(1)]
    assert "已封存2行" in run("seal").output
    told = run("verify")
    assert (told.exit_code, "与登记簿中封存的根值相符" in told.output) == (0, True)
    proof = run("prove", str(numbers[1]))
    assert proof.exit_code == 0
    told_of_it = json.loads(proof.output)
    assert told_of_it["holds"] is True
    assert "leaf_input" not in told_of_it
    acts = AuditLine.objects.order_by("id").values_list("act", "actor_name")[2:]
    shell = "命令行 " + pwd.getpwuid(os.getuid()).pw_name
    assert list(acts) == [("audit.verify", shell), ("audit.prove", shell)]
    assert "还没有封存" in run("prove", str(AuditLine.objects.latest("id").pk)).output
    with triggers_aside("default"):
        AuditLine.objects.filter(pk=numbers[0]).delete()
    told = run("verify", "--json")
    assert told.exit_code == 1
    assert json.loads(told.output)["audit"]["problems"] == [
        {"block": 1, "line": numbers[0], "because": "封存时有这一行，现在缺失。"}
    ]
    assert run("prove", "99999").exit_code == 1
    refused = AuditLine.objects.latest("id")
    assert (refused.act, refused.object_id, refused.outcome) == (
        "command.refuse",
        "audit",
        "refused",
    )


def dispose(account: str, password: str = PASSWORD) -> Result:
    before = NOW.date().isoformat()
    return run("dispose", "--before", before, "--account", account, "--password", password, "--yes")


def test_only_the_audit_administrator_disposes_by_name(county: County) -> None:
    old, young = line(200), line(100)
    for account, password, why in (
        ("shenji", "bu-dui-2026", "账号或密码不对"),
        ("xitong", PASSWORD, "不任审计管理员"),
    ):
        told = dispose(account, password)
        assert told.exit_code == 1
        assert why in told.output
    assert AuditLine.objects.filter(act="account.sign_in", outcome="refused").count() == 1
    told = dispose("shenji")
    assert told.exit_code == 0, told.output
    assert "已清除1行的内容" in told.output
    assert "网络安全法" in told.output
    assert AuditLine.objects.get(pk=old).actor_name == ""
    assert AuditLine.objects.get(pk=young).actor_name == "后台办理"
    assert AuditLine.objects.get(act="audit.dispose").actor_name == "顾明"
    assert run("verify").exit_code == 0
    again = dispose("shenji")
    assert again.exit_code == 1
    assert "没有到期的行" in again.output


def test_a_received_export_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    journey.seal_audit(at=NOW, actor=Actor.system("后台办理"))
    file.write_text(
        "".join(
            json_lines(
                head={}, lines=[], blocks=lambda _: [], sign=lambda *, n, sha256: "no signature"
            )
        )
    )
    told = run("check-export", str(file), "--key", ledger.verifier_key())
    assert told.exit_code == 1
    assert "不是签名检查点格式" in told.output
