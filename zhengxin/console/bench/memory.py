"""Memory of a process and its children together, as the kernel accounts it (PSS; Linux)."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INTERVAL = 0.25


def _family(root: int) -> list[int]:
    """`root` and all its descendants."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    family, todo = [], [root]
    while todo:
        pid = todo.pop()
        family.append(pid)
        todo.extend(parents.get(pid, []))
    return family


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


@contextmanager
def sampled_memory(root: int, interval: float = INTERVAL) -> Iterator[list[tuple[float, int]]]:
    """(monotonic time, bytes) of process `root` and its descendants, again and again while the block runs."""
    samples: list[tuple[float, int]] = []
    done = threading.Event()

    def sample() -> None:
        while not done.wait(interval):
            samples.append((time.monotonic(), sum(_pss(pid) for pid in _family(root))))

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()
