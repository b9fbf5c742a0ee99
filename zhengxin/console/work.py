"""The worker's loop: unfinished submissions first, then what is due on the board, then the chores. State lives in the database.

What goes to others outside (exchange, witnesses, messages) runs beside it, each in a thread of its own.
"""

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
from zhengxin.audit.watching import Watch
from zhengxin.console.errands import Chore, Errand
from zhengxin.console.heart import Heart
from zhengxin.console.telling import Telling
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.ledger.vault import queries as vault

PAUSE = 1.0
# Seconds in which errands may come to their end when the worker is told to stop.
LEAVE = 3.0
log = logging.getLogger(__name__)


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


class House:
    """The rounds of the work in the house: it waits for nobody outside."""

    def __init__(self, actor: Actor, telling: Telling, published: Callable[[], None]) -> None:
        self._actor, self._telling, self._published = actor, telling, published
        # What is read now, or is not settled yet, cannot be sealed or written anew: a minute later perhaps.
        self._tidying = Chore("tidying", timedelta(minutes=1), self._tidy)
        # What is done to a line of the audit log between two seals shows by it.
        self._watch = Watch()
        self.swept = False
        self._size = -1
        self._day: date | None = None

    def round(self, at: datetime) -> int:
        """One round; returns how much it moved."""
        actor = self._actor
        if not self.swept:
            journey.sweep(at=at, actor=actor)
            self.swept = True
        moved = journey.resume(at=at, actor=actor)
        moved += journey.take_letters(at=at, actor=actor)
        journey.seal_audit_when_due(at=at, actor=actor, watch=self._watch)
        journey.follow(at=at)
        moved += self._publish(at)
        if moved:
            self._tidying.call_for()
        self._tidying.do(at)
        self._telling.tell(at, moved=moved > 0)
        return moved

    def _publish(self, at: datetime) -> int:
        """When the ledger grew or a day began."""
        size, today = journey.ledger_size(), timezone.localdate(at)
        if (size, today) == (self._size, self._day):
            return 0
        published = journey.publish_due(at=at, actor=self._actor)
        # Once a day, and when something must no longer be given.
        if today != self._day or published.left or published.ended:
            journey.write_downloads(at=at, actor=self._actor)
        self._size, self._day = size, today
        self._published()
        return 1

    def _tidy(self, at: datetime) -> int:
        """Seals what lies open of settled submissions, finishes erasures, ends papers whose time is over."""
        journey.put_away_left(at=at, actor=self._actor)
        journey.finish_erasures(at=at, actor=self._actor)
        journey.sweep_papers(at=at, actor=self._actor)
        return 0


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
    witnesses = Errand(
        "witnesses",
        timedelta(minutes=10),
        lambda at: len(journey.tend_witnesses(at=at, actor=actor)),
        heart,
    )
    errands = [
        Errand(
            "exchange",
            timedelta(seconds=2),
            lambda at: journey.exchange_due(at=at, actor=actor),
            heart,
        ),
        witnesses,
        Errand("messages", timedelta(seconds=5), telling.deliver, heart),
    ]
    house = House(actor, telling, witnesses.call_for)
    try:
        while not stopping and os.getppid() == parent:
            close_old_connections()
            heart.round_begun()
            at = clock()
            try:
                moved = house.round(at)
            except Exception as fault:
                # One bad submission must not stop the others; the next round tries again.
                log.exception("worker round failed")
                heart.round_failed(type(fault).__name__)
                telling.tell_of_failure(type(fault).__name__, clock)
                moved = 0
                time.sleep(5)
            if once:
                moved += sum(errand.do(at) for errand in errands)
                if not moved:
                    return
            elif house.swept:
                # Not before: what an errand takes in must not be swept away.
                for errand in errands:
                    errand.keep_going(clock)
            if not moved:
                time.sleep(PAUSE)
    finally:
        for errand in errands:
            errand.stop()
        ends = time.monotonic() + LEAVE
        for errand in errands:
            errand.join(max(ends - time.monotonic(), 0))
