"""The audit administrator's pages: filters, one line with its proof, exports that can be checked."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import SYSTEM, County
from tests.stores import triggers_aside
from zhengxin import journey
from zhengxin.audit import actions as audit
from zhengxin.audit.models import AuditLine
from zhengxin.journey.exports import check
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import queries as ledger

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys", "board"])


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"


def lines(n: int) -> list[int]:
    """Lines of one act about one subject each, the last by somebody else."""
    return [
        audit.record(
            act="file.open",
            object_kind="subject",
            object_id=number,
            outcome="read",
            at=timezone.now(),
            actor=Actor(None, "许知" if number < n else "程鉴", None, frozenset()),
            subject_id=number,
            purpose=f"监督检查{number}",
        ).id
        for number in range(1, n + 1)
    ]


def seal() -> None:
    journey.seal_audit(at=timezone.now(), actor=SYSTEM)


def test_every_filter_lives_in_the_address(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    first, *_, last = lines(5)
    client = signed_in("shenji")
    today = timezone.localdate().isoformat()
    for asked, wanted in [
        ({"who": "程鉴"}, {last}),
        ({"subject_id": "1"}, {first}),
        ({"object_kind": "subject", "object_id": "1"}, {first}),
        ({"purpose": "检查5"}, {last}),
        ({"act": "file.open", "outcome": "done"}, set()),
        ({"who": "程鉴", "since": today, "until": today, "outcome": "read"}, {last}),
    ]:
        page = client.get("/desk/audit/", asked).content.decode()
        shown = {number for number in (first, last) if f"#{number}</a>" in page}
        assert shown == wanted, asked
        for value in asked.values():
            assert f'value="{value}"' in page
    noted = AuditLine.objects.filter(act="audit.read").order_by("id")
    assert noted.count() == 6
    assert noted[0].detail == {"asked": {"who": "程鉴"}}


def test_a_line_shows_where_it_is_sealed_and_whether_it_still_is_the_same(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    [number] = lines(1)
    client = signed_in("shenji")
    address = f"/desk/audit/{number}/"
    assert "还没有封存" in client.get(address).content.decode()
    seal()
    page = client.get(address).content.decode()
    assert f"第{number}行，已封入登记簿第1号。" in page
    assert "还没有包含它的签名检查点" in page
    journey.sign_checkpoint(at=timezone.now(), actor=SYSTEM)
    page = client.get(address).content.decode()
    assert page.count("不符") == 0
    assert "签名检查点里" in page
    assert "登记簿1号" in client.get("/desk/audit/").content.decode()
    with triggers_aside("default"):
        AuditLine.objects.filter(pk=number).update(actor_name="别人")
    assert "与封存时不符" in client.get(address).content.decode()
    missing = client.get("/desk/audit/99999/")
    assert missing.status_code == 409
    assert signed_in("xitong").get(address).status_code == 403


def test_an_export_can_be_checked_by_who_receives_it(
    county: County, signed_in: Callable[[str], Client], tmp_path: Path
) -> None:
    lines(20)
    seal()
    journey.sign_checkpoint(at=timezone.now(), actor=SYSTEM)
    lines(1)
    client = signed_in("shenji")
    whole, part = tmp_path / "whole.jsonl", tmp_path / "part.jsonl"
    whole.write_bytes(client.get("/desk/audit/export/lines/").getvalue())
    part.write_bytes(client.get("/desk/audit/export/lines/", {"who": "程鉴"}).getvalue())
    key = ledger.verifier_key()
    found = check(whole, key)
    # Twenty sealed lines, one not sealed, the signing of the checkpoint, and the export itself.
    assert (found.lines, found.whole, found.part, found.problems) == (23, 1, 0, ())
    found = check(part, key)
    assert (found.lines, found.whole, found.part, found.problems) == (2, 0, 1, ())
    told = [json.loads(line) for line in whole.read_text().splitlines()]
    assert told[0]["by"] == "顾明"
    assert told[0]["verifier_key"] == key
    good = whole.read_bytes()
    rows = good.splitlines(keepends=True)
    for forged in (
        good.replace("监督检查3".encode(), "监督检查4".encode()),
        b"".join([*rows[:3], *rows[4:]]),
        b"".join(rows[:-1]),
        good + b"{}\n",
        b"",
    ):
        whole.write_bytes(forged)
        assert not check(whole, key).ok
    assert "公钥格式有误" in check(part, "x").problems[0]


def test_the_table_ends_with_blocks_digest_and_signature(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    lines(3)
    seal()
    sent = signed_in("shenji").get("/desk/audit/export/").getvalue()
    body, _, last = sent.rpartition("\r\n,共".encode())
    digest = hashlib.sha256(body + b"\r\n").hexdigest()
    assert digest in last.decode()
    note = last.decode().split(',"', 1)[1].rstrip('"\r\n') + "\n"
    assert f"sha256 {digest}" in note
    assert "第1块：第" in body.decode().splitlines()[-1]
    from zhengxin.ledger.notes import read_signed

    assert read_signed(note, ledger.verifier_key()).endswith(f"lines 4\nsha256 {digest}\n")
