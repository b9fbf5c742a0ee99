"""Staging: the drafts of a reserved batch become entries that nobody sees before the seal.

Big batches are built and written by worker processes that read chunks from their standard input;
the file lock beside the drafts is inherited by them, so a resumed attempt waits for stragglers.
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
from zhengxin.ledger.chunks import Chunk, Place, StagingStopped, stage_chunk
from zhengxin.ledger.keys import master_key

# Rows of one short transaction: a small save of another process waits no longer than this takes.
CHUNK = 2_500
# Rows read from the drafts at once; below this many, worker processes do not pay.
STRETCH = 50_000
ALONE = 10_000


def chunks(drafts_path: Path, n: int) -> Iterator[Chunk]:
    """The drafts in order, at most CHUNK rows at a time."""
    for start in range(0, n, STRETCH):
        stop = min(n, start + STRETCH)
        yield from batches(drafts_path, DRAFT_COLUMNS, start, stop, size=CHUNK)


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
        for chunk in chunks(drafts_path, n):
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
    waiting: Queue[Chunk | None] = Queue(maxsize=1)
    answers: Queue[int | None] = Queue()
    master_key()
    processes = [_worker(place, lock) for _ in range(workers)]
    threads = [
        Thread(target=_feed, args=(process, waiting, answers), daemon=True) for process in processes
    ]
    for thread in threads:
        thread.start()
    done, stopped = 0, False

    def collect(block: bool) -> None:
        nonlocal done, stopped
        while block or not answers.empty():
            answer = answers.get()
            stopped = stopped or answer is None
            done += answer or 0
            progress(done, n)
            block = False

    try:
        outstanding = 0
        for chunk in chunks(drafts_path, n):
            waiting.put(chunk)
            outstanding += len(chunk)
            collect(block=False)
            if stopped:
                break
        while not stopped and done < outstanding:
            collect(block=True)
    finally:
        for process in processes:
            if done < n:
                process.kill()
        for _ in threads:
            waiting.put(None)
        for process, thread in zip(processes, threads, strict=True):
            thread.join()
            process.wait()
    if stopped:
        raise StagingStopped(f"batch {place.batch_id}: {done} of {n}")


def _worker(place: Place, lock: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "zhengxin.ledger.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=(lock,),
    )
    assert process.stdin is not None
    stores = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "keys")}
    pickle.dump((place, stores, str(settings.KEYS_DIR)), process.stdin)
    process.stdin.flush()
    return process


def _feed(
    process: subprocess.Popen[bytes],
    waiting: "Queue[Chunk | None]",
    answers: "Queue[int | None]",
) -> None:
    """Hand chunks to one worker; an answer of None says that it is gone."""
    assert process.stdin is not None
    assert process.stdout is not None
    alive = True
    while (chunk := waiting.get()) is not None:
        if alive:
            try:
                pickle.dump(chunk, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
                alive = process.stdout.readline() == b"done\n"
            except OSError:
                alive = False
        answers.put(len(chunk) if alive else None)
    with suppress(OSError):
        process.stdin.close()
    process.stdout.close()
