"""A block never closes over a number whose transaction is still open."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from zhengxin.audit import actions, queries, sealing
from zhengxin.audit.settling import settled
from zhengxin.kernel.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "audit_auditline"


def line() -> int:
    return actions.record(
        act="x", object_kind="x", object_id=1, outcome="done",
        at=datetime(2026, 11, 23, tzinfo=UTC), actor=Actor.system("x"),
    ).id  # fmt: skip


@contextmanager
def writing(*, commit: bool) -> Iterator[int]:
    """Another connection has written a line and not committed it; yields its number."""
    wrote, go_on = threading.Event(), threading.Event()
    numbers = []

    def write() -> None:
        try:
            with transaction.atomic():
                numbers.append(line())
                wrote.set()
                go_on.wait(30)
                transaction.set_rollback(not commit)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert wrote.wait(30)
    try:
        yield numbers[0]
    finally:
        go_on.set()
        writer.join()


@pytest.mark.parametrize("commit", [True, False])
def test_an_open_number_is_waited_for(commit: bool) -> None:
    first = line()
    with writing(commit=commit) as open_number:
        if connection.vendor == "postgresql":
            after = line()
            assert open_number < after
            assert settled(TABLE, patience=0.1) == 0
        else:
            # One writer at a time: nobody can have written a higher number.
            assert settled(TABLE) == first
            block = sealing.next_block(settled(TABLE))
            assert block is not None
            assert block.runs == ((first, first),)
    top = queries.last_id()
    assert settled(TABLE) == top
    block = sealing.next_block(top)
    assert block is not None
    written = {number for run in block.runs for number in range(run[0], run[1] + 1)}
    assert (open_number in written) == commit
    assert block.last_id == top


def test_a_reader_and_later_writers_hold_nobody_up() -> None:
    number = line()
    if connection.vendor != "postgresql":
        assert settled(TABLE) == number
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditline")
        assert settled(TABLE, patience=0.1) == number
