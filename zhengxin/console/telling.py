"""The worker's messages."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import DatabaseError
from django.utils import timezone

from zhengxin import journey
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused

# Who is to be told what is looked for so often.
TELLING = timedelta(minutes=1)
log = logging.getLogger(__name__)


class Telling:
    """The worker's messages: who is to be told, and what is due outside. A fault here stops no other work."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._looked_at: datetime | None = None
        self._turned_on: date | None = None

    def tell(self, at: datetime, *, moved: bool) -> None:
        """After work, and else once a minute."""
        today = timezone.localdate(at)
        if not moved and self._looked_at is not None and at - self._looked_at < TELLING:
            return
        self._looked_at = at
        try:
            journey.tell_of_submissions(at=at, actor=self._actor)
            if today != self._turned_on:
                journey.tell_of_silence(at=at, actor=self._actor)
                journey.turn_clocks(at=at, actor=self._actor)
                self._turned_on = today
        except Refused as refused:
            log.error("nobody was told: %s", refused.what)

    def deliver(self, at: datetime) -> int:
        """Takes what is due outside; returns how many were taken."""
        try:
            return journey.deliver_messages(at=at, actor=self._actor)
        except Refused as refused:
            # A channels.yaml that cannot be read: doctor and the page 运行状况 say what to mend.
            log.error("no messages: %s", refused.what)
            return 0

    def tell_of_failure(self, what: str, clock: Callable[[], datetime]) -> None:
        """Tells the administrators; where that fails too, the log has to do."""
        try:
            journey.tell_of_failure(what=what, at=clock(), actor=self._actor)
        except (DatabaseError, Refused, OSError):
            log.exception("nobody could be told of the failure")
