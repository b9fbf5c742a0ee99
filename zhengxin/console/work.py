"""The worker's loop: unfinished submissions first, then what is due on the board, then the chores. State lives in the database."""

import fcntl
import logging
import os
import signal
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import FrameType

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from zhengxin import journey
from zhengxin.console.heart import Heart
from zhengxin.console.telling import Telling
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.ledger.vault import queries as vault

PAUSE = 1.0
log = logging.getLogger(__name__)


class Chore:
    """Something done every so often, or as soon as it is called for; what fails is tried again and stops nothing else."""

    def __init__(self, name: str, every: timedelta, do: Callable[[datetime], object]) -> None:
        self.name, self.every, self._do = name, every, do
        self.done_at: datetime | None = None

    def call_for(self) -> None:
        """It is done in the next round."""
        self.done_at = None

    def do(self, at: datetime) -> None:
        """Does it when its time has come."""
        if self.done_at is not None and timedelta(0) <= at - self.done_at < self.every:
            return
        self.done_at = at
        try:
            self._do(at)
        except Exception:
            log.exception("%s failed", self.name)


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


def wrap_bare_secrets(*, clock: Callable[[], datetime]) -> None:
    """Once after an upgrade: secrets from before there were epochs are wrapped."""
    if not vault.bare():
        return
    actor = Actor.system("升级")
    try:
        journey.rewrap_secrets(progress=lambda done: None, at=clock(), actor=actor)
    except Refused:
        # A damaged secret must not stop the work; `keys status` goes on naming what is left.
        log.exception("secrets are not wrapped yet")


def _loop(*, once: bool, clock: Callable[[], datetime], heart: Heart) -> None:
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    parent = os.getppid()
    actor = Actor.system("后台办理")
    telling = Telling(actor)
    # The mirror follows every publishing; what is due to the witnesses is looked at every ten minutes.
    witnesses = Chore(
        "mirror and witnesses",
        timedelta(minutes=10),
        lambda at: journey.tend_witnesses(at=at, actor=actor),
    )
    # What is read now, or is not settled yet, cannot be sealed or written anew: a minute later perhaps.
    tidying = Chore("tidying", timedelta(minutes=1), lambda at: _tidy(at, actor))
    chores = [tidying, witnesses]
    swept = False
    published_size = -1
    published_on: date | None = None
    while not stopping and os.getppid() == parent:
        close_old_connections()
        heart.round_begun()
        try:
            at = clock()
            if not swept:
                journey.sweep(at=at, actor=actor)
                swept = True
            moved = journey.resume(at=at, actor=actor)
            journey.seal_audit_when_due(at=at, actor=actor)
            journey.follow(at=at)
            state = journey.ledger_size()
            if state != published_size or timezone.localdate(at) != published_on:
                published = journey.publish_due(at=at, actor=actor)
                today = timezone.localdate(at)
                # Once a day, and when something must no longer be given.
                if today != published_on or published.left or published.ended:
                    journey.write_downloads(at=at, actor=actor)
                published_size, published_on = state, today
                witnesses.call_for()
                moved += 1
            moved += journey.exchange_due(at=at, actor=actor)
            if moved:
                tidying.call_for()
            for chore in chores:
                chore.do(at)
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


def _tidy(at: datetime, actor: Actor) -> None:
    """Seals what lies open of settled submissions and finishes erasures."""
    journey.put_away_left(at=at, actor=actor)
    journey.finish_erasures(at=at, actor=actor)
