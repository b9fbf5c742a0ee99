"""The command line from an empty folder to a proof, told as an administrator would live it."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.homes import Home, new_home
from tests.rows import licence_file

UNIT = "台安县住房和城乡建设局"
# Everything that followers keep, without surrogate numbers and the moment of writing.
FOLLOWERS = """
from django.apps import apps
from zhengxin.publication.board.models import BoardPrefix
prefixes = dict(BoardPrefix.objects.using("board").values_list("id", "text"))
answer = {}
for label in ("archive", "duties", "publication", "board"):
    alias = "board" if label == "board" else "default"
    for model in apps.get_app_config(label).get_models():
        names = [f.attname for f in model._meta.concrete_fields if f.get_internal_type() != "BigAutoField"]
        rows = [list(row) for row in model.objects.using(alias).values_list(*names)]
        # Prefixes carry surrogate numbers too: what refers to one is compared by its text.
        for row in rows:
            if label == "board" and "prefix_id" in names:
                row[names.index("prefix_id")] = prefixes.get(row[names.index("prefix_id")])
            if "ref_id" in names and row[names.index("of")] == "prefix":
                row[names.index("ref_id")] = prefixes[row[names.index("ref_id")]]
        kept = [[bytes(v).hex() if isinstance(v, (bytes, memoryview)) else v for v in row] for row in rows]
        answer[model._meta.label] = sorted(json.dumps(row, default=str, sort_keys=True) for row in kept)
"""
# Changes with the moment of publishing, not with the ledger.
MOMENTS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\"]*")


@pytest.fixture(scope="module")
def taian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with new_home(tmp_path_factory.mktemp("taian")) as home:
        home.run("init", "taian")
        yield home


@pytest.fixture(scope="module")
def receipt(taian: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = licences(tmp_path_factory.mktemp("sent") / "许可.csv", 300)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    # One row of the three hundred has a date that does not exist.
    lines[7] = re.sub(r"\d{4}-\d\d-\d\d", "2026-02-30", lines[7], count=1)
    path.write_text("\n".join(lines), encoding="utf-8")
    printed = taian.run("intake", path, "--source", "licences", "--unit", UNIT, "--json")
    return dict(json.loads(printed), path=str(path))


def licences(path: Path, n: int, first: int = 1) -> Path:
    return licence_file(
        path,
        n,
        unit_name=UNIT,
        unit_code="112103210000000197",
        until=date(2026, 11, 20),
        first=first,
    )


def leaf_and_path(proof: dict[str, Any]) -> bytes:
    """RFC 6962 section 2.1.1, written once more from the text."""
    node = base64.b64decode(proof["leaf_hash"])
    place, last = proof["leaf_index"], proof["tree_size"] - 1
    for step in map(base64.b64decode, proof["proof"]):
        if place % 2 or place == last:
            node = hashlib.sha256(b"\x01" + step + node).digest()
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            node = hashlib.sha256(b"\x01" + node + step).digest()
        place, last = place // 2, last // 2
    assert last == 0
    return node


def test_a_real_county_starts_blank_and_again_is_harmless(taian: Home) -> None:
    again = taian.run("init", "taian")
    assert "本次新登记0个" in again
    assert "待确认的承接关系" in again
    assert "街道办事处2个" in again
    assert "镇10个" in again
    assert "农牧场2个" in again


def test_the_invented_county_never_enters_a_real_one(taian: Home) -> None:
    assert "虚构的记录不能进入真实的县" in taian.run("demo", "--no-serve", fails=True)


def test_an_unknown_county_is_refused(taian: Home) -> None:
    assert "现有登记册" in taian.run("init", "nowhere", fails=True)
    assert "现有登记册" in taian.run("init", "../example", fails=True)
    assert "zhengxin demo" in taian.run("init", "example", fails=True)


def test_a_receipt_reconciles(receipt: dict[str, Any]) -> None:
    assert receipt["records"] == 300
    assert receipt["admitted"] == 299
    assert receipt["refused"] == 1
    assert receipt["admitted"] + receipt["waiting"] + receipt["refused"] == receipt["records"]


def test_the_receipt_says_what_was_late(taian: Home, receipt: dict[str, Any]) -> None:
    told = receipt["timeliness"]
    assert told["on_time"] + told["late"] == receipt["admitted"]
    assert (told["missing"], told["waiting"], told["calendars_missing"]) == (0, 0, {})
    printed = taian.run("intake", receipt["path"], "--source", "licences", "--unit", UNIT)
    assert f"按时报送{told['on_time']}行，迟报{told['late']}行。" in printed


def test_the_same_bytes_are_recognised(taian: Home, receipt: dict[str, Any]) -> None:
    arguments = ("intake", receipt["path"], "--source", "licences", "--unit", UNIT, "--json")
    again = json.loads(taian.run(*arguments))
    assert again["number"] == receipt["number"]
    assert taian.ask("from zhengxin.ledger import queries\nanswer = queries.size()") == 299


def test_a_unit_that_may_not_send_is_refused(taian: Home, receipt: dict[str, Any]) -> None:
    refusal = taian.run(
        "intake", receipt["path"], "--source", "judgments", "--unit", UNIT, fails=True
    )
    assert refusal.strip().endswith("。")


def test_the_ledger_is_verified_proved_and_consistent(
    taian: Home, receipt: dict[str, Any], tmp_path: Path
) -> None:
    old = tmp_path / "checkpoint.txt"
    old.write_text(taian.run("ledger", "checkpoint"), encoding="utf-8")
    size = int(old.read_text(encoding="utf-8").splitlines()[1])
    verified = json.loads(taian.run("ledger", "verify", "--payloads", "--json"))
    assert verified["ok"]
    assert verified["size"] == size
    for number in (1, 150, 299):
        proof = json.loads(taian.run("ledger", "prove", number))
        root = base64.b64encode(leaf_and_path(proof)).decode()
        assert root == proof["root"]
        if proof["tree_size"] == size:
            assert root == old.read_text(encoding="utf-8").splitlines()[2]

    more = licences(tmp_path / "更多.csv", 40, first=5_001)
    taian.run("intake", more, "--source", "licences", "--unit", UNIT)
    grown = json.loads(taian.run("ledger", "consistency", old))
    assert (grown["old_size"], grown["consistent"]) == (size, True)
    assert grown["size"] == size + 40


def test_a_rebuilt_house_is_the_same_house(taian: Home, receipt: dict[str, Any]) -> None:
    before = taian.ask(FOLLOWERS)
    assert len(before["archive.Line"]) >= 299
    taian.run("rebuild", "all")
    after = taian.ask(FOLLOWERS)
    assert before.keys() == after.keys()
    for label, rows in before.items():
        kept = [sorted(MOMENTS.sub("…", row) for row in each) for each in (rows, after[label])]
        assert kept[0] == kept[1], label


def test_working_days_on_the_command_line(taian: Home) -> None:
    assert taian.run("workdays", "2026-11-23", 7) == "2026-12-02\n"
    assert "2027" in taian.run("workdays", "2026-12-23", 7, fails=True)
