"""Writers of SQLite wait for their turn."""

import fcntl
import gc
import os
import signal
import threading
import time

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.utils import ConnectionHandler

from zhengxin.config.sqlite.turns import Turn, TurnTimeout


def elsewhere(work):
    """Run `work` in another thread; returns the thread and a list its result goes to."""
    result = []
    thread = threading.Thread(target=lambda: result.append(work()), daemon=True)
    thread.start()
    return thread, result


def test_only_one_holds_the_turn_and_the_next_one_gets_it(tmp_path):
    first, second = Turn(tmp_path / "turn", 5), Turn(tmp_path / "turn", 5)
    first.take()
    thread, _ = elsewhere(second.take)
    thread.join(0.2)
    assert thread.is_alive()
    first.give_back()
    thread.join(5)
    assert second.held
    second.give_back()


def test_a_wait_ends_and_what_comes_too_late_is_passed_on(tmp_path):
    first, second, third = (Turn(tmp_path / "turn", wait) for wait in (5, 0.1, 5))
    first.take()
    with pytest.raises(TurnTimeout):
        second.take()
    assert not second.held
    first.give_back()
    third.take()
    assert third.held
    third.give_back()
    third.give_back()


def test_a_small_writer_waits_for_one_bulk_writer_at_most(tmp_path):
    first, second, small = (Turn(tmp_path / "turn", 5) for _ in range(3))
    for bulk in (first, second):
        bulk.behind = Turn(tmp_path / "turn-bulk", 5)
    first.take()
    later, _ = elsewhere(second.take)
    # Long enough to stand in the queue, also on a busy machine.
    later.join(1)
    now, _ = elsewhere(small.take)
    now.join(1)
    first.give_back()
    now.join(5)
    assert small.held
    assert not second.held
    small.give_back()
    later.join(5)
    assert second.held
    second.give_back()
    first.take()
    first.give_back()


def test_an_act_of_several_transactions_waits_for_a_bulk_writer_once(tmp_path, monkeypatch):
    monkeypatch.setattr("zhengxin.config.sqlite.turns._QUIET", 2)
    monkeypatch.setattr("zhengxin.config.sqlite.turns._ASIDE", 20)
    bulk, small = Turn(tmp_path / "turn", 30), Turn(tmp_path / "turn", 5)
    bulk.behind = Turn(tmp_path / "turn-bulk", 30)
    small.take()
    later, _ = elsewhere(bulk.take)
    later.join(0.5)
    for _ in range(3):
        small.give_back()
        later.join(0.1)
        small.take()
        assert not bulk.held
    small.give_back()
    later.join(20)
    assert bulk.held
    bulk.give_back()


def test_a_bulk_writer_stands_aside_for_a_bounded_time(tmp_path):
    bulk, small = Turn(tmp_path / "turn", 5), Turn(tmp_path / "turn", 5)
    bulk.behind = Turn(tmp_path / "turn-bulk", 5)
    with small._small.open("w") as there:
        fcntl.flock(there, fcntl.LOCK_SH)
        bulk.take()
        assert bulk.held
    bulk.give_back()


def test_a_bulk_writer_that_gives_up_leaves_both_queues(tmp_path):
    small, bulk, other = (
        Turn(tmp_path / "turn", 5),
        Turn(tmp_path / "turn", 0.1),
        Turn(tmp_path / "turn", 5),
    )
    for each in (bulk, other):
        each.behind = Turn(tmp_path / "turn-bulk", 5)
    small.take()
    with pytest.raises(TurnTimeout):
        bulk.take()
    small.give_back()
    other.take()
    assert other.held
    other.give_back()


def test_a_forked_child_does_not_keep_the_turn(tmp_path):
    first, second = Turn(tmp_path / "turn", 5), Turn(tmp_path / "turn", 1)
    first.take()
    child = os.fork()
    if child == 0:
        time.sleep(3)
        os._exit(0)
    first.give_back()
    second.take()
    second.give_back()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.fixture
def stores(tmp_path, django_db_blocker):
    """Two connections to one SQLite file of our own."""
    handler = ConnectionHandler(
        {
            name: {
                "ENGINE": "zhengxin.config.sqlite",
                "NAME": tmp_path / "x.sqlite3",
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 0.3,
                    "init_command": "PRAGMA journal_mode=WAL",
                },
            }
            for name in ("default", "other")
        }
    )
    with django_db_blocker.unblock():
        with handler["default"].cursor() as cursor:
            cursor.execute("CREATE TABLE t (n INTEGER)")
        yield handler["default"], handler["other"]
        handler["default"].close()
        handler["other"].close()


def test_a_transaction_holds_the_turn_to_its_end(stores):
    one, _ = stores
    one.set_autocommit(True)
    one._start_transaction_under_autocommit()
    assert one.turn.held
    one._commit()
    assert not one.turn.held
    one._start_transaction_under_autocommit()
    one._rollback()
    assert not one.turn.held
    one._start_transaction_under_autocommit()
    one.close()
    assert not one.turn.held


def test_single_writes_wait_and_give_up_with_djangos_own_error(stores):
    one, two = stores
    with one.cursor() as first, two.cursor() as second:
        one._start_transaction_under_autocommit()
        first.execute("INSERT INTO t VALUES (1)")
        started = time.monotonic()
        with pytest.raises(OperationalError, match="locked"):
            second.execute("INSERT INTO t VALUES (2)")
        with pytest.raises(OperationalError, match="locked"):
            two._start_transaction_under_autocommit()
        assert time.monotonic() - started >= 0.5
        second.execute("SELECT count(*) FROM t")
        assert second.fetchone() == (0,)
        one._commit()
        second.execute("INSERT INTO t VALUES (%s)", [2])
        assert not two.turn.held
        second.execute("SELECT sum(n) FROM t")
        assert second.fetchone() == (3,)


def test_a_thread_that_ends_inside_a_transaction_lets_the_next_one_in(stores):
    _, two = stores
    with two.cursor() as cursor:
        cursor.execute("INSERT INTO t VALUES (1)")

    def leave():
        other = two.copy()
        other.ensure_connection()
        other._start_transaction_under_autocommit()

    thread, _ = elsewhere(leave)
    thread.join()
    gc.collect()
    with two.cursor() as cursor:
        cursor.execute("INSERT INTO t VALUES (2)")


def test_many_rows_move_out_of_the_log_after_the_turn(stores):
    one, _ = stores
    with one.cursor() as cursor:
        one._start_transaction_under_autocommit()
        cursor.executemany("INSERT INTO t VALUES (%s)", [(n,) for n in range(3000)])
        one._commit()
        log, moved = cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1:]
        assert log == moved
    file = one.settings_dict["NAME"]
    assert file.stat().st_size > 30_000


@pytest.mark.django_db(transaction=True)
def test_the_running_store_takes_turns():
    if connection.vendor == "postgresql":
        assert not hasattr(connection, "turn")
        return
    connection.ensure_connection()
    turn = getattr(connections["default"], "turn")  # noqa: B009
    with transaction.atomic():
        assert turn.held
        with transaction.atomic():
            pass
        assert turn.held
    assert not turn.held
