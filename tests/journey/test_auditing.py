"""The audit log in the ledger: nobody takes a line out, and what is past its term goes by law alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.stores import triggers_aside
from zhengxin import journey
from zhengxin.audit import actions as audit
from zhengxin.audit import queries, sealing
from zhengxin.audit.enums import Outcome
from zhengxin.audit.models import AuditDisposal, AuditLine, AuditSeal
from zhengxin.audit.watching import Watch
from zhengxin.journey import auditing
from zhengxin.journey.auditing import NothingToDispose
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.merkle import verify_inclusion
from zhengxin.kernel.refused import NotAllowed
from zhengxin.ledger.models import Entry

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys", "board"])

AT = datetime(2026, 11, 23, 1, 0, 0, 250, tzinfo=UTC)
WORKER = Actor.system("后台办理")
OFFICER = Actor(7, "许知", 3, frozenset({Role.CREDIT_OFFICER}))
AUDITOR = Actor(9, "顾明", 3, frozenset({Role.AUDIT_ADMIN}))


def line(number: int = 1, *, at: datetime = AT, outcome: str = Outcome.DONE, **changes) -> int:
    told = {"act": "submission.receive", "object_kind": "submission", "object_id": number}
    return audit.record(
        **(told | changes), outcome=outcome, at=at, actor=OFFICER, rows=number, source="licences"
    ).id


def seal() -> int:
    return journey.seal_audit(at=AT, actor=WORKER)


def check(at: datetime = AT) -> list[str]:
    of_ledger, report = journey.verify_audit(at=at, actor=AUDITOR)
    assert of_ledger.ok
    return [str(problem) for problem in report.problems]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four lines a block."""
    next_block = sealing.next_block
    monkeypatch.setattr(
        sealing, "next_block", lambda up_to, watch=None: next_block(up_to, 4, watch)
    )


def test_every_line_is_proved_up_to_the_ledger(small_blocks: None) -> None:
    ids = [line(n) for n in range(1, 11)]
    assert seal() == 10
    assert seal() == 0
    assert [sealed.n for sealed in queries.seals()] == [4, 4, 2]
    acts = list(Entry.objects.filter(kind="audit_seal").order_by("id"))
    for number in ids:
        place = queries.place_of(number)
        assert place is not None
        assert verify_inclusion(place.index, place.n, place.leaf, place.path, place.root)
        assert acts[place.block - 1].trait == f"{place.block};{place.root.hex()}"
        assert acts[place.block - 1].id == place.entry_id
    assert check() == []
    # The check itself is a line, not sealed yet.
    assert queries.place_of(queries.last_id()) is None


def _sql(statement: str, *values: object) -> None:
    with triggers_aside("default"), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_changed_line_is_named(small_blocks: None) -> None:
    ids = [line(n) for n in range(1, 7)]
    seal()
    for column, value in [
        ("actor_name", "'别人'"), ("purpose", "'别的用途'"), ("act", "'x'"), ("subject_id", "4"),
        ("object_id", "'8'"), ("account_id", "NULL"), ("detail", "'{\"rows\": 2.5}'"),
        ("outcome", "'read'"), ("salt", "NULL"),
    ]:  # fmt: skip
        with transaction.atomic():
            _sql(f"UPDATE audit_auditline SET {column} = {value} WHERE id = %s", ids[4])
            assert check() == [f"第2块第{ids[4]}行：这一行写下以后被改过。"], column
            transaction.set_rollback(True)
    assert check() == []
    _sql("UPDATE audit_auditline SET at = %s WHERE id = %s", AT + timedelta(days=1), ids[0])
    assert check() == [f"第1块第{ids[0]}行：这一行写下以后被改过。"]


def test_a_line_taken_out_is_named(small_blocks: None) -> None:
    ids = [line(n) for n in range(1, 9)]
    seal()
    _sql("DELETE FROM audit_auditline WHERE id IN (%s, %s)", ids[0], ids[5])
    assert check() == [
        f"第1块第{ids[0]}行：封存时有这一行，现在缺失。",
        f"第2块第{ids[5]}行：封存时有这一行，现在缺失。",
    ]


def _rolled_back() -> None:
    with transaction.atomic():
        line()
        transaction.set_rollback(True)


def test_gaps_are_no_fault_but_a_line_put_into_one_is(small_blocks: None) -> None:
    first = line(1)
    _rolled_back()
    last = line(2)
    if connection.vendor == "sqlite":
        # SQLite gives a number back; a gap is what another engine, or a restored sequence, leaves.
        _sql("UPDATE audit_auditline SET id = id + 1 WHERE id = %s", last)
        _sql("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'audit_auditline'")
        last += 1
    assert last == first + 2
    seal()
    assert check() == []
    _sql(
        "INSERT INTO audit_auditline (id, at, actor_name, act, object_kind, object_id, purpose, "
        "outcome, detail) VALUES (%s, %s, 'x', 'x', 'x', 'x', '', 'done', '{}')",
        first + 1,
        AT,
    )
    assert check() == [f"第1块第{first + 1}行：封存时没有这一行，是后来插入的。"]


def test_a_block_cannot_be_rewritten_dropped_or_added(small_blocks: None) -> None:
    ids = [line(n) for n in range(1, 13)]
    seal()
    second = AuditSeal.objects.get(number=2)
    with transaction.atomic():
        # The forger recomputes leaves and root of his block; the ledger has the old root.
        _sql("UPDATE audit_auditline SET actor_name = '别人' WHERE id = %s", ids[4])
        _sql("DELETE FROM audit_auditseal WHERE number >= 2")
        block = sealing.next_block(ids[7])
        assert block is not None
        audit.seal(block=block, entry_id=second.entry_id, at=AT, actor=WORKER)
        found = check()
        assert "第2块：封存记录与登记簿里的根值不符，封存后被改过。" in found
        assert "第3块：登记簿里封存过这一块，封存记录已缺失。" in found
        transaction.set_rollback(True)
    with transaction.atomic():
        _sql("DELETE FROM audit_auditseal WHERE number = 2")
        found = check()
        assert found[-1] == "第2块：登记簿里封存过这一块，封存记录已缺失。"
        assert len(found) == 5
        transaction.set_rollback(True)
    with transaction.atomic():
        _sql("UPDATE audit_auditseal SET leaves = %s WHERE number = 1", bytes(128))
        assert check() == []
        _sql("UPDATE audit_auditline SET purpose = 'x' WHERE id = %s", ids[0])
        assert check()[0].startswith("第1块：各行的叶值清单被改过")
        transaction.set_rollback(True)
    with transaction.atomic():
        line(13)
        block = sealing.next_block(queries.last_id())
        assert block is not None
        audit.seal(block=block, entry_id=10**6, at=AT, actor=WORKER)
        assert check() == ["第4块：登记簿里没有这一块的封存，是后来加上的。"]
        transaction.set_rollback(True)
    assert check() == []


def test_broken_off_between_ledger_and_seal_nothing_is_lost_or_doubled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line()
    whole = audit.seal

    def break_off(**asked) -> None:
        whole(**asked)
        raise KeyboardInterrupt

    monkeypatch.setattr(audit, "seal", break_off)
    with pytest.raises(KeyboardInterrupt):
        seal()
    monkeypatch.undo()
    assert not AuditSeal.objects.exists()
    assert not Entry.objects.filter(kind="audit_seal").exists()
    assert seal() == 1
    assert Entry.objects.filter(kind="audit_seal").count() == 1
    assert check() == []


def test_two_who_seal_at_once_make_one_block(monkeypatch: pytest.MonkeyPatch) -> None:
    line()
    stale = sealing.next_block(queries.last_id())
    line()
    assert seal() == 2
    fresh = sealing.next_block
    blocks = iter([stale])
    monkeypatch.setattr(
        sealing, "next_block", lambda up_to, watch: next(blocks, None) or fresh(up_to)
    )
    assert seal() == 0
    assert AuditSeal.objects.count() == Entry.objects.filter(kind="audit_seal").count() == 1


def test_the_worker_seals_when_lines_are_old_or_many(settings) -> None:
    settings.AUDIT_SEAL_LINES = 2

    def due(at: datetime) -> int:
        return journey.seal_audit_when_due(at=at, actor=WORKER)

    assert due(AT) == 0
    line()
    assert due(AT + timedelta(seconds=59)) == 0
    assert due(AT + timedelta(seconds=60)) == 1
    for _ in range(3):
        line()
    assert due(AT) == 3


def test_what_is_done_to_a_line_between_being_seen_and_being_sealed_is_named(small_blocks) -> None:
    """By somebody past the triggers, a second after it was written: the worker had looked."""
    watch = Watch()

    def look(at: datetime) -> int:
        return journey.seal_audit_when_due(at=at, actor=WORKER, watch=watch)

    ids = [line(n) for n in range(1, 6)]
    assert look(AT) == 0
    _sql("UPDATE audit_auditline SET actor_name = '别人' WHERE id = %s", ids[1])
    _sql("DELETE FROM audit_auditline WHERE id IN (%s, %s)", ids[0], ids[4])
    later = line(6)
    assert look(AT + timedelta(seconds=60)) == 6
    assert check() == [
        f"第1块第{ids[1]}行：这一行写下以后被改过。",
        f"第1块第{ids[0]}行：封存时有这一行，现在缺失。",
        f"第1块第{ids[4]}行：封存时有这一行，现在缺失。",
    ]
    assert later > ids[4]
    # What the check wrote is seen and sealed next, and nothing twice.
    assert look(AT + timedelta(seconds=120)) == 1


def test_a_watch_and_another_process_that_seals_do_not_disturb_one_another() -> None:
    watch = Watch()
    for n in (1, 2):
        line(n)
    assert journey.seal_audit_when_due(at=AT, actor=WORKER, watch=watch) == 0
    line(3)
    assert seal() == 3
    line(4)
    assert journey.seal_audit(at=AT, actor=WORKER, watch=watch) == 1
    assert seal() == 0
    assert check() == []


# What is past its term.

LATER = datetime(2032, 1, 10, 2, 0, tzinfo=UTC)


def dispose(before: date = date(2031, 12, 31), actor: Actor = AUDITOR):
    return journey.dispose_audit(before=before, at=LATER, actor=actor)


@pytest.fixture
def kept() -> dict[str, int]:
    """Lines of each class, just past their term and just within it."""

    def ago(days: int) -> datetime:
        return LATER - timedelta(days=days)

    read = {"outcome": Outcome.READ, "act": "file.open", "subject_id": 5, "purpose": "核对"}
    return {
        "read, past": line(1, at=ago(5 * 366 + 2), **read),
        "about, past": line(2, at=ago(3 * 366 + 2), subject_id=5),
        "other, past": line(3, at=ago(187)),
        "read, kept": line(4, at=ago(5 * 365 - 2), **read),
        "about, kept": line(5, at=ago(3 * 365 - 2), subject_id=5),
        "other, kept": line(6, at=ago(178)),
    }


def gone() -> set[int]:
    return set(AuditLine.objects.filter(disposal_id__isnull=False).values_list("id", flat=True))


def test_only_what_is_past_its_own_term_loses_its_content(kept: dict[str, int]) -> None:
    seal()
    proofs = {number: queries.place_of(number) for number in kept.values()}
    done = dispose()
    past = {number for name, number in kept.items() if name.endswith("past")}
    assert (done.n, gone()) == (3, past)
    blank = AuditLine.objects.get(pk=kept["read, past"])
    assert (blank.actor_name, blank.purpose, blank.subject_id, blank.detail) == ("", "", None, {})
    assert queries.line(kept["other, kept"]).actor_name == "许知"
    assert {number: queries.place_of(number) for number in kept.values()} == proofs
    assert check(LATER) == []
    told = AuditLine.objects.get(act="audit.dispose")
    assert (told.actor_name, told.detail["records"]) == ("顾明", 3)
    assert [reading.line_id for reading in queries.readers_of([5])] == [kept["read, kept"]]
    with pytest.raises(NothingToDispose) as caught:
        dispose()
    assert "60个月" in str(caught.value)


def test_a_day_asked_for_keeps_what_is_younger(kept: dict[str, int]) -> None:
    dispose(before=(LATER - timedelta(days=1000)).date())
    assert gone() == {kept["read, past"], kept["about, past"]}


def test_only_the_named_audit_administrator_disposes(kept: dict[str, int]) -> None:
    nameless = Actor(None, "命令行", None, frozenset({Role.AUDIT_ADMIN}))
    for actor in (OFFICER, WORKER, nameless):
        with pytest.raises(NotAllowed):
            dispose(actor=actor)
    assert not gone()


def test_broken_off_a_disposal_is_finished_by_the_next(
    kept: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing.audit, "dispose", lambda **_: 0)
    dispose()
    assert not gone()
    assert "没有办完" in check(LATER)[0]
    monkeypatch.undo()
    with pytest.raises(NothingToDispose):
        dispose()
    assert len(gone()) == 3
    assert check(LATER) == []
    assert AuditDisposal.objects.count() == 1


BLANK = (
    "account_id = NULL, actor_name = '', unit_id = NULL, act = '', object_kind = '', "
    "object_id = '', subject_id = NULL, purpose = '', detail = '{}', salt = NULL"
)


def test_the_database_removes_no_content_before_its_term_nor_a_part_of_it(
    kept: dict[str, int],
) -> None:
    dispose()
    tries = [
        (f"UPDATE audit_auditline SET {BLANK}, disposal_id = 1 WHERE id = %s", "other, kept"),
        (f"UPDATE audit_auditline SET {BLANK}, disposal_id = 2 WHERE id = %s", "other, kept"),
        (f"UPDATE audit_auditline SET {BLANK} WHERE id = %s", "other, kept"),
        ("UPDATE audit_auditline SET purpose = '' WHERE id = %s", "read, kept"),
        ("UPDATE audit_auditline SET disposal_id = NULL WHERE id = %s", "other, past"),
        ("UPDATE audit_auditline SET purpose = 'x' WHERE id = %s", "other, past"),
        ("DELETE FROM audit_auditline WHERE id = %s", "other, past"),
        ("UPDATE audit_auditdisposal SET n = %s", "other, past"),
        ("DELETE FROM audit_auditseal WHERE number < %s", "other, past"),
    ]
    for statement, name in tries:
        with pytest.raises(IntegrityError) as caught, connection.cursor() as cursor:
            cursor.execute(statement, [kept[name]])
        assert "不可" in str(caught.value), statement


def test_content_removed_by_force_is_found(kept: dict[str, int]) -> None:
    dispose()
    _sql(f"UPDATE audit_auditline SET {BLANK}, disposal_id = 1 WHERE id = %s", kept["other, kept"])
    assert check(LATER) == ["第1次清除的行与登记的不符，有行被提前清除。"]
    _sql("UPDATE audit_auditline SET disposal_id = 2 WHERE id = %s", kept["other, kept"])
    assert check(LATER) == ["有行写着按第2次清除，登记簿里没有这一次。"]
    _sql("UPDATE audit_auditline SET purpose = 'x' WHERE id = %s", kept["other, past"])
    assert "写着内容已清除，却还有内容" in check(LATER)[0]
    _sql("DELETE FROM audit_auditdisposal")
    assert "登记簿里有第1次清除，清除记录已缺失。" in check(LATER)
