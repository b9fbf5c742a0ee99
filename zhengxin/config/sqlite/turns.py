"""One lock file a database: whoever wants to write waits for his turn.

SQLite's own busy handler polls, so a small save can lose every race against two bulk loaders. The
kernel wakes the waiters of a file lock one after the other, and drops the lock of a dead process.
Bulk writers queue apart first, on a second file, so that a small save never waits for more than one.
The kernel wakes a waiter but does not keep the lock for him: on a busy machine a bulk writer would have
it back before the waiter runs. So a small writer shows on a third file that he is there, and bulk writers look.
"""

import fcntl
import os
import threading
import time
from pathlib import Path

# A bulk writer that finds a small one there waits until none was there for `_QUIET` seconds, so that an act
# of several short transactions waits once and not at each. At most `_ASIDE` seconds, so that no stream
# of small writes holds up an intake for ever; it looks every `_LOOK` seconds.
_QUIET, _ASIDE, _LOOK = 0.025, 0.25, 0.002


class TurnTimeout(Exception):
    """The turn did not come within the allowed time."""


class Turn:
    """The right to write, held by one connection of one process at a time. Not for sharing between threads."""

    def __init__(self, path: Path, timeout: float) -> None:
        self.path = path
        self.timeout = timeout
        self._held: int | None = None
        # Open on the file that shows small writers, while this one waits or writes.
        self._shown: int | None = None
        # The queue of the bulk writers, for one of them.
        self.behind: Turn | None = None

    @property
    def _small(self) -> Path:
        return self.path.with_name(f"{self.path.name}-small")

    @property
    def held(self) -> bool:
        """True while this connection may write."""
        return self._held is not None

    def take(self) -> None:
        """Wait for the turn. Raises TurnTimeout after `timeout` seconds."""
        if self._held is not None:
            return
        if self.behind is not None:
            self.behind.take()
            self._stand_aside()
        else:
            self._shown = _open(self._small)
            fcntl.flock(self._shown, fcntl.LOCK_SH)
        try:
            self._held = self._wait()
        except TurnTimeout:
            self.give_back()
            raise

    def _wait(self) -> int:
        place = _open(self.path)
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not _Wait(place).until(self.timeout):
                raise TurnTimeout(str(self.path)) from None
        return place

    def _stand_aside(self) -> None:
        """Return when the small writers are done, at the latest after `_ASIDE` seconds."""
        begun = time.monotonic()
        last_seen = begun - _QUIET
        place = _open(self._small)
        while (now := time.monotonic()) - begun < _ASIDE:
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                last_seen = now
            else:
                fcntl.flock(place, fcntl.LOCK_UN)
                if now - last_seen >= _QUIET:
                    break
            time.sleep(_LOOK)
        os.close(place)

    def give_back(self) -> None:
        """Let the next one in. Harmless when the turn is not held."""
        for place in (self._held, self._shown):
            if place is not None:
                # Not by closing alone: a forked child may hold a copy of the descriptor.
                fcntl.flock(place, fcntl.LOCK_UN)
                os.close(place)
        self._held = self._shown = None
        if self.behind is not None:
            self.behind.give_back()

    def __del__(self) -> None:
        """A thread that ends inside a transaction gives its turn back with its connection."""
        self.give_back()


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


class _Wait:
    """A wait in the kernel's queue that can be given up: flock itself knows no time limit."""

    def __init__(self, place: int) -> None:
        self._place = place
        self._came = threading.Event()
        self._decided = threading.Lock()
        self._given_up = False
        threading.Thread(target=self._stand, name="turn", daemon=True).start()

    def _stand(self) -> None:
        fcntl.flock(self._place, fcntl.LOCK_EX)
        with self._decided:
            self._came.set()
            if self._given_up:
                os.close(self._place)

    def until(self, seconds: float) -> bool:
        self._came.wait(seconds)
        with self._decided:
            self._given_up = not self._came.is_set()
        return not self._given_up
