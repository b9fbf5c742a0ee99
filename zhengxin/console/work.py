"""The worker's loop: unfinished submissions first, then what is due on the board, then messages. State lives in the database."""

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from zhengxin import journey
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.operations.beats import write_beat
from zhengxin.operations.types import Beat

PAUSE = 1.0
BEAT = 10.0
# Who is to be told what is looked for so often.
TELLING = timedelta(minutes=1)
log = logging.getLogger(__name__)


class Heart:
    """Writes the worker's sign of life every ten seconds, also while a round takes long."""

    def __init__(self, home: Path) -> None:
        at = timezone.now()
        self._home = home
        self._turn = threading.Lock()
        self.beat = Beat(at, at, rounds=0, failures=0, failed_at=None, failed_with="")

    @contextmanager
    def beating(self) -> Iterator["Heart"]:
        """Beats within this block."""
        stopped = threading.Event()

        def keep_on() -> None:
            while not stopped.wait(BEAT):
                self.note()

        self.note()
        thread = threading.Thread(target=keep_on, name="heart", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            stopped.set()
            thread.join()
            self.note()

    def note(self) -> None:
        """Writes where the worker stands. A full disk must not stop it: the silence tells."""
        with self._turn:
            self.beat = replace(self.beat, beat_at=timezone.now())
            try:
                write_beat(self._home, self.beat)
            except OSError as fault:
                log.warning("no sign of life written: %s", fault.strerror)

    def round_begun(self) -> None:
        """A new round."""
        with self._turn:
            self.beat = replace(self.beat, round_at=timezone.now(), rounds=self.beat.rounds + 1)

    def round_failed(self, what: str) -> None:
        """The round ended with an error of this kind."""
        with self._turn:
            self.beat = replace(
                self.beat,
                failures=self.beat.failures + 1,
                failed_at=timezone.now(),
                failed_with=what,
            )


def work(*, once: bool, clock: Callable[[], datetime]) -> None:
    """Runs until told to stop (or, with `once`, until nothing is left). One worker at a time a home."""
    settings.SUBMISSIONS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.ZHENGXIN_HOME / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Heart(settings.ZHENGXIN_HOME).beating() as heart:
            _loop(once=once, clock=clock, heart=heart)


def at_work() -> bool:
    """Whether a worker of this home runs now: then its pages are served too."""
    with (settings.ZHENGXIN_HOME / "worker.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _loop(*, once: bool, clock: Callable[[], datetime], heart: Heart) -> None:
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    parent = os.getppid()
    actor = Actor.system("后台办理")
    telling = Telling(actor)
    published_size = -1
    published_on: date | None = None
    while not stopping and os.getppid() == parent:
        close_old_connections()
        heart.round_begun()
        try:
            at = clock()
            moved = journey.resume(at=at, actor=actor)
            journey.follow(at=at)
            state = journey.ledger_size()
            if state != published_size or timezone.localdate(at) != published_on:
                published = journey.publish_due(at=at, actor=actor)
                today = timezone.localdate(at)
                # Once a day, and when something must no longer be given.
                if today != published_on or published.left or published.ended:
                    journey.write_downloads(at=at, actor=actor)
                published_size, published_on = state, today
                moved += 1
            telling.tell(at, moved=moved > 0)
        except Exception as fault:
            # One bad submission must not stop the others; the next round tries again.
            log.exception("worker round failed")
            heart.round_failed(type(fault).__name__)
            telling.tell_of_failure(type(fault).__name__, clock)
            moved = 0
            time.sleep(5)
        if once and not moved:
            return
        if not moved:
            time.sleep(PAUSE)


class Telling:
    """The worker's messages: who is to be told, and what is due outside. A fault here stops no other work."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._looked_at: datetime | None = None
        self._silence_on: date | None = None

    def tell(self, at: datetime, *, moved: bool) -> None:
        """After work, and else once a minute."""
        today = timezone.localdate(at)
        if not moved and self._looked_at is not None and at - self._looked_at < TELLING:
            return
        self._looked_at = at
        try:
            journey.tell_of_submissions(at=at, actor=self._actor)
            if today != self._silence_on:
                journey.tell_of_silence(at=at, actor=self._actor)
                self._silence_on = today
            journey.deliver_messages(at=at, actor=self._actor)
        except Refused as refused:
            # A channels.yaml that cannot be read: doctor and the page 运行状况 say what to mend.
            log.error("no messages: %s", refused.what)

    def tell_of_failure(self, what: str, clock: Callable[[], datetime]) -> None:
        """Tells the administrators; where that fails too, the log has to do."""
        try:
            at = clock()
            journey.tell_of_failure(what=what, at=at, actor=self._actor)
            journey.deliver_messages(at=at, actor=self._actor)
        except (DatabaseError, Refused, OSError):
            log.exception("nobody could be told of the failure")
