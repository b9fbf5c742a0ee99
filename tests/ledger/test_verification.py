"""Whatever is changed behind the program's back, verification names it."""

import pytest
from django.db import connections

from tests.ledger.conftest import ACTOR, AT, draft
from tests.stores import triggers_aside
from zhengxin.ledger import actions, queries
from zhengxin.ledger.models import Seal
from zhengxin.ledger.types import Problem, Report

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

OTHER = "decode(repeat('07', 32), 'hex')"
LEAF = "ledger_entry.(kind, subject_id"
ENTRY = {
    "batch_id": ("batch_id + 1", "ledger_entry.batch_id"),
    "kind": ("'licence'", LEAF),
    "subject_id": ("subject_id + 1", LEAF),
    "unit_id": ("NULL", LEAF),
    "true_on": ("'2026-01-06'", LEAF),
    "known_at": ("'2026-11-23 02:00:06'", LEAF),
    "key": ("key + 1", "ledger_entry.commitment"),
    "content": ("NULL", "ledger_entry.commitment"),
    "about_id": ("1", LEAF),
    "trait": ("'fine'", LEAF),
    "commitment": (OTHER, LEAF),
    "leaf": (OTHER, LEAF),
}


def tamper(statement, alias="default"):
    if connections[alias].vendor == "sqlite":
        statement = statement.replace(OTHER, "x'" + "07" * 32 + "'")
    with triggers_aside(alias), connections[alias].cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 1


def ledger(n=3):
    """n entries of one batch, one more, and a checkpoint between and after them."""
    ids = actions.append(drafts=[draft(i) for i in range(n)], at=AT, actor=ACTOR)
    actions.sign_checkpoint(at=AT, actor=ACTOR)
    ids += actions.append(drafts=[draft(99)], at=AT, actor=ACTOR)
    actions.sign_checkpoint(at=AT, actor=ACTOR)
    assert queries.verify(payloads=True).ok
    return ids


def found(contents=True):
    return {
        (p.where.partition(", unit_id")[0], p.row)
        for p in queries.verify(payloads=contents).problems
    }


@pytest.mark.parametrize("column", sorted(ENTRY))
def test_every_column_of_an_entry(column):
    ids = ledger()
    value, where = ENTRY[column]
    tamper(f"UPDATE ledger_entry SET {column} = {value} WHERE id = {ids[1]}")
    assert (where, str(ids[1])) in found()
    assert not any(row == str(ids[0]) for place, row in found() if place.startswith("ledger_entry"))


def test_a_missing_entry_is_named():
    ids = ledger()
    tamper(f"DELETE FROM ledger_entry WHERE id = {ids[1]}")
    assert ("ledger_entry.id", str(ids[1])) in found()


def test_an_entry_whose_leaf_was_changed_with_it_breaks_the_root():
    ids = ledger()
    other = actions.append(drafts=[draft(7)], at=AT, actor=ACTOR)
    tamper(
        "UPDATE ledger_entry SET commitment = (SELECT commitment FROM ledger_entry "
        f"WHERE id = {other[0]}), leaf = (SELECT leaf FROM ledger_entry WHERE id = {other[0]}) "
        f"WHERE id = {ids[1]}"
    )
    problems = found()
    assert (LEAF, str(ids[1])) in problems
    assert any(where == "ledger_seal.root" for where, _ in problems)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("base", "base + 5"),
        ("n", "n - 1"),
        ("first_id", "first_id - 1"),
        ("root", OTHER),
        ("frontier", OTHER),
    ],
)
def test_every_column_of_a_seal(column, value):
    ledger()
    last = Seal.objects.order_by("-base")[0].batch_id
    if column == "first_id":
        value = "first_id + 100"
    tamper(f"UPDATE ledger_seal SET {column} = {value} WHERE batch_id = {last}")
    assert (f"ledger_seal.{column}", str(last)) in found(contents=False)


def test_nodes_changed_or_missing():
    ledger(600)
    tamper(
        f"UPDATE ledger_node SET hash = {OTHER} WHERE level = 1 AND index = 0".replace(
            "index", '"index"'
        )
    )
    tamper('DELETE FROM ledger_node WHERE level = 1 AND "index" = 1')
    assert {("ledger_node.hash", "1/0"), ("ledger_node", "1/1")} <= found(contents=False)


@pytest.mark.parametrize(
    ("column", "value"),
    [("size", "size + 1"), ("root", OTHER), ("note", "replace(note, '3', '4')")],
)
def test_every_column_of_a_checkpoint(column, value):
    ledger()
    tamper(
        f"UPDATE ledger_checkpoint SET {column} = {value} "
        "WHERE id = (SELECT min(id) FROM ledger_checkpoint)"
    )
    assert any(where == f"ledger_checkpoint.{column}" for where, _ in found(contents=False))


def test_a_rewritten_history_is_no_extension_of_an_old_checkpoint():
    ledger()
    with triggers_aside("default"), connections["default"].cursor() as cursor:
        for table in ("entry", "payload", "seal", "batch"):
            cursor.execute(f"DELETE FROM ledger_{table}")
    actions.append(drafts=[draft(i) for i in range(50, 57)], at=AT, actor=ACTOR)
    problems = queries.verify(payloads=True).problems
    assert {p.where for p in problems} == {"ledger_checkpoint.note"}
    assert all("不是该检查点的延续" in p.because for p in problems)
    assert len(problems) == 2


def test_a_changed_ciphertext_and_a_missing_one():
    ids = ledger()
    tamper(f"UPDATE ledger_payload SET ciphertext = {OTHER} WHERE entry_id = {ids[0]}")
    tamper(f"DELETE FROM ledger_payload WHERE entry_id = {ids[1]}")
    assert found() == {
        ("ledger_payload.ciphertext", str(ids[0])),
        ("ledger_payload", str(ids[1])),
    }


def test_a_changed_secret_and_a_missing_one():
    ids = ledger()
    tamper(f"UPDATE vault_secret SET secret = {OTHER} WHERE entry_id = {ids[0]}", "keys")
    tamper(f"DELETE FROM vault_secret WHERE entry_id = {ids[1]}", "keys")
    assert found() == {
        ("vault_secret.secret", str(ids[0])),
        ("vault_secret", str(ids[1])),
    }


def test_progress_is_told():
    ledger()
    told = []
    report = queries.verify(lambda done, n: told.append((done, n)))
    assert told == [(3, 4), (4, 4)]
    assert "账本共4条" in report.as_text()
    assert "全部相符" not in report.as_text()
    assert "这次没有核对各条的内容" in report.as_text()
    assert not report.as_json()["contents_read"]
    whole = queries.verify(payloads=True)
    assert "没有核对各条的内容" not in whole.as_text()
    assert "全部相符" in whole.as_text()
    assert report.as_json()["ok"]
    assert whole.as_json()["contents_read"]


def test_the_report_names_what_is_wrong_in_words():
    ids = ledger()
    tamper(f"UPDATE ledger_entry SET trait = 'x' WHERE id = {ids[1]}")
    text = queries.verify().as_text()
    assert f"编号{ids[1]}" in text
    assert "全部相符" not in text


def test_a_reader_is_told_the_first_problems_and_a_machine_all() -> None:
    problems = tuple(Problem("ledger_seal.root", str(n), "与重算的根不符。") for n in range(1, 836))
    report = Report(1, b"", 0, 0, 0, problems, contents_read=True)
    lines = report.as_text().splitlines()
    assert "发现835处不符" in lines[2]
    assert "编号20）" in lines[-2]
    assert "只列出前20处" in lines[-1]
    assert len(report.as_json()["problems"]) == 835
