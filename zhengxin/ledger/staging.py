"""Staging: the drafts of a reserved batch become entries that nobody sees before the seal.

Big batches are built and written by worker processes, each told on its standard input which drafts to
take; the file lock beside the drafts is inherited by them, so a resumed attempt waits for stragglers.
"""

import fcntl
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Queue
from threading import Thread

from django.conf import settings
from django.db import connections

from zhengxin.lake.queries import batches
from zhengxin.ledger.building import DRAFT_COLUMNS
from zhengxin.ledger.chunks import Chunk, Place, StagingStopped, Stretch, stage_chunk
from zhengxin.ledger.storing import standing_back
from zhengxin.ledger.vault import keyring

# Rows of one short transaction: a small save of another process waits no longer than this takes.
CHUNK = 2_500
# Rows one worker takes at once; below ALONE rows, worker processes do not pay.
STRETCH = 10_000
ALONE = 10_000
# What a worker's engine may hold.
_MEMORY_MB = 200


def chunks(drafts_path: Path, start: int, stop: int) -> Iterator[Chunk]:
    """The drafts start..stop-1 in order, at most CHUNK rows at a time."""
    yield from batches(
        drafts_path, DRAFT_COLUMNS, start, stop, size=CHUNK, memory_mb=_MEMORY_MB, threads=1
    )


def stretches(n: int) -> Iterator[Stretch]:
    """The numbers of n drafts, STRETCH at a time."""
    for start in range(0, n, STRETCH):
        yield start, min(n, start + STRETCH)


@contextmanager
def only_one(drafts_path: Path) -> Iterator[int]:
    """One attempt at a time; yields the descriptor of the lock, for workers to inherit."""
    lock = os.open(drafts_path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def stage_all(
    place: Place, drafts_path: Path, n: int, workers: int, progress: Callable[[int, int], None]
) -> None:
    """Stage every draft; progress gets the number of rows done so far."""
    with only_one(drafts_path) as lock:
        if workers and n > ALONE and not connections["default"].in_atomic_block:
            _stage_apart(place, drafts_path, n, workers, progress, lock)
            return
        done = 0
        for stretch in stretches(n):
            for chunk in chunks(drafts_path, *stretch):
                stage_chunk(place, chunk)
                done += len(chunk)
                progress(done, n)


def _stage_apart(
    place: Place,
    drafts_path: Path,
    n: int,
    workers: int,
    progress: Callable[[int, int], None],
    lock: int,
) -> None:
    waiting: Queue[Stretch | None] = Queue()
    answers: Queue[int | None] = Queue()
    keyring.ensure()
    processes = [_worker(place, drafts_path, lock, number) for number in range(workers)]
    for stretch in stretches(n):
        waiting.put(stretch)
    for _ in processes:
        waiting.put(None)
    threads = [
        Thread(target=_feed, args=(process, waiting, answers), daemon=True) for process in processes
    ]
    for thread in threads:
        thread.start()
    done, stopped = 0, False
    try:
        # Telling how far it is belongs to the bulk: the workers need not stand aside for it.
        with standing_back():
            while done < n and not stopped:
                told = [answers.get(), *(answers.get() for _ in range(answers.qsize()))]
                stopped = None in told
                done += sum(answer or 0 for answer in told)
                progress(done, n)
    finally:
        for process in processes:
            if done < n:
                process.kill()
        for process, thread in zip(processes, threads, strict=True):
            thread.join()
            process.wait()
    if stopped:
        raise StagingStopped(f"batch {place.batch_id}: {done} of {n}")


def _worker(place: Place, drafts_path: Path, lock: int, number: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "zhengxin.ledger.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=(lock,),
    )
    assert process.stdin is not None
    stores = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "keys")}
    # Workers of one number, of whichever submission, take turns: more at once would only crowd the cores.
    seat = drafts_path.parent.parent / f"seat-{number}"
    keys = (Path(settings.KEYS_DIR), settings.KEY_PROVIDER, settings.KEY_SUITE)
    pickle.dump((place, drafts_path, stores, keys, seat), process.stdin)
    process.stdin.flush()
    return process


def _feed(
    process: subprocess.Popen[bytes],
    waiting: "Queue[Stretch | None]",
    answers: "Queue[int | None]",
) -> None:
    """Hand stretches to one worker, tell of every chunk it stored; an answer of None says that it is gone."""
    assert process.stdin is not None
    assert process.stdout is not None
    while (stretch := waiting.get()) is not None:
        left = stretch[1] - stretch[0]
        try:
            pickle.dump(stretch, process.stdin)
            process.stdin.flush()
            while left and (line := process.stdout.readline()):
                left -= int(line)
                answers.put(int(line))
        except OSError:
            pass
        if left:
            answers.put(None)
            break
    with suppress(OSError):
        process.stdin.close()
    process.stdout.close()
