"""The worker's loop: unfinished submissions first, then what is due on the board. State lives in the database."""

import fcntl
import logging
import os
import signal
import time
from collections.abc import Callable
from datetime import date, datetime
from types import FrameType

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from zhengxin import journey
from zhengxin.kernel.actor import Actor

PAUSE = 1.0
log = logging.getLogger(__name__)


def work(*, once: bool, clock: Callable[[], datetime]) -> None:
    """Runs until told to stop (or, with `once`, until nothing is left). One worker at a time a home."""
    settings.SUBMISSIONS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.ZHENGXIN_HOME / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _loop(once=once, clock=clock)


def at_work() -> bool:
    """Whether a worker of this home runs now: then its pages are served too."""
    with (settings.ZHENGXIN_HOME / "worker.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _loop(*, once: bool, clock: Callable[[], datetime]) -> None:
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    parent = os.getppid()
    actor = Actor.system("后台办理")
    published_size = -1
    published_on: date | None = None
    while not stopping and os.getppid() == parent:
        close_old_connections()
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
            moved += journey.exchange_due(at=at, actor=actor)
        except Exception:
            # One bad submission must not stop the others; the next round tries again.
            log.exception("worker round failed")
            moved = 0
            time.sleep(5)
        if once and not moved:
            return
        if not moved:
            time.sleep(PAUSE)
