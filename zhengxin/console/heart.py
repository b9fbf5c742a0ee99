"""The worker's sign of life, written beside its work."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.utils import timezone

from zhengxin.operations.beats import write_beat
from zhengxin.operations.types import Beat, ErrandBeat

BEAT = 10.0
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

    def errand_begun(self, name: str) -> None:
        """Somebody outside is being visited."""
        before = self._errand(name)
        self._tell(replace(before, turns=before.turns + 1, busy_since=timezone.now()))

    def errand_ended(self, name: str) -> None:
        """The visit is over."""
        self._tell(replace(self._errand(name), busy_since=None))

    def errand_failed(self, name: str, what: str) -> None:
        """A visit ended with an error of this kind."""
        before = self._errand(name)
        self._tell(
            replace(
                before,
                failures=before.failures + 1,
                failed_at=timezone.now(),
                failed_with=what,
            )
        )

    def _errand(self, name: str) -> ErrandBeat:
        """How one stands; only its own thread changes it."""
        return next((each for each in self.beat.errands if each.name == name), ErrandBeat(name))

    def _tell(self, now: ErrandBeat) -> None:
        with self._turn:
            others = [each for each in self.beat.errands if each.name != now.name]
            told = tuple(sorted([*others, now], key=lambda each: each.name))
            self.beat = replace(self.beat, errands=told)
