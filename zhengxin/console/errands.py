"""What the worker does every so often. What goes to others outside runs in a thread of its own: a peer that hangs delays nothing in the house."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections, connections

from zhengxin.console.heart import Heart

# How often a thread looks whether its time has come; the first pause after a fault, and the longest.
PAUSE = 1.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
log = logging.getLogger(__name__)


class Chore:
    """Something done every so often, or as soon as it is called for; what fails is tried again, ever more rarely, and stops nothing else.

    `do` returns how much it moved.
    """

    def __init__(self, name: str, every: timedelta, do: Callable[[datetime], int]) -> None:
        self.name, self.every, self._do = name, every, do
        self._done_at: datetime | None = None
        self._called = False
        self._faults = 0

    def call_for(self) -> None:
        """It is done in the next round, unless it failed just now."""
        self._called = True

    def do(self, at: datetime) -> int:
        """Does it when its time has come; returns how much it moved."""
        if not self._is_due(at):
            return 0
        self._done_at, self._called = at, False
        try:
            moved = self._do(at)
        except Exception as fault:
            log.exception("%s failed", self.name)
            self.failed(type(fault).__name__)
            return 0
        self._faults = 0
        return moved

    def failed(self, what: str) -> None:
        """It ended with an error of this kind."""
        self._faults += 1

    def _is_due(self, at: datetime) -> bool:
        if self._done_at is None or (self._called and not self._faults):
            return True
        pause = self.every
        if self._faults:
            doubled = FIRST_PAUSE * 2 ** min(self._faults - 1, 10)
            pause = max(pause, min(doubled, LONGEST_PAUSE))
        # A clock set back makes nobody wait.
        return not timedelta(0) <= at - self._done_at < pause


class Errand(Chore):
    """A chore at others outside, in a thread and with database connections of its own; the heart tells of it."""

    def __init__(
        self, name: str, every: timedelta, do: Callable[[datetime], int], heart: Heart
    ) -> None:
        super().__init__(name, every, do)
        self._heart = heart
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def do(self, at: datetime) -> int:
        """Does it when its time has come, and tells the heart when it begins and ends."""
        if not self._is_due(at):
            return 0
        self._heart.errand_begun(self.name)
        try:
            return super().do(at)
        finally:
            self._heart.errand_ended(self.name)

    def failed(self, what: str) -> None:
        """Noted for the health page."""
        super().failed(what)
        self._heart.errand_failed(self.name, what)

    def keep_going(self, clock: Callable[[], datetime]) -> None:
        """Starts the thread, also when it broke down."""
        if self._thread is not None and self._thread.is_alive():
            return
        if self._thread is not None:
            log.error("%s broke down and starts again", self.name)
            self.failed("thread")
        self._thread = threading.Thread(
            target=self._go_on, args=(clock,), name=self.name, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """It begins nothing any more."""
        self._stopped.set()

    def join(self, seconds: float) -> None:
        """Waits for its end. One that waits for a peer is left: broken off, it is done again, as after a crash."""
        if self._thread is not None:
            self._thread.join(seconds)
            if self._thread.is_alive():
                log.warning("%s still waits for a peer and is broken off", self.name)

    def _go_on(self, clock: Callable[[], datetime]) -> None:
        try:
            while not self._stopped.is_set():
                close_old_connections()
                self.do(clock())
                self._stopped.wait(PAUSE)
        finally:
            connections.close_all()
