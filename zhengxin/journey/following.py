"""Followers keep step with the ledger, chunk by chunk, and can be rebuilt from it."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import transaction

from zhengxin.archive import actions as archive
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.duties import actions as duties
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.types import Range
from zhengxin.publication import actions as publication
from zhengxin.safekeeping.homefiles import alone

# Entries folded in one transaction: about a quarter of a second of write lock on SQLite.
CHUNK = 20_000
# Up to this many are folded by all followers in one transaction: one sync to the disk, not three.
FEW = 1_000

Progress = Callable[[int, int], None]


class Follower(Protocol):
    """What a follower's actions offer."""

    def follow(self, *, ranges: list[Range], at: datetime) -> None: ...

    def clear(self) -> None: ...


FOLLOWERS = {"archive": archive, "duties": duties, "publication": publication}


class RebuildRunning(Refused):
    """Another rebuild is at it: each would undo what the other folded."""


class UnknownFollower(Refused):
    """Somebody asked to rebuild a follower that does not exist."""


def follow(*, at: datetime, at_most: int | None = None, progress: Progress | None = None) -> int:
    """Folds sealed entries into every follower; returns how many were folded by the slowest.

    With `at_most`, a longer backlog is left to whoever is at it: a page does not fold others' million rows.
    """
    size = ledger_queries.size()
    left = size - followed_up_to()
    if not left or (at_most is not None and left > at_most):
        return 0
    if left <= FEW:
        with transaction.atomic():
            done = max(_step(name, size=size, at=at) for name in FOLLOWERS)
        if progress:
            progress(size, size)
        return done
    with ledger.standing_back():
        return _follow_long(size, at, progress)


def _follow_long(size: int, at: datetime, progress: Progress | None) -> int:
    done = 0
    while any(steps := [_step(name, size=size, at=at) for name in FOLLOWERS]):
        done += max(steps)
        if progress:
            progress(followed_up_to(), size)
    return done


def ledger_size() -> int:
    """How many entries are sealed."""
    return ledger_queries.size()


def followed_up_to() -> int:
    """Positions below this one are folded into every follower."""
    return min(ledger_queries.cursor(name) for name in FOLLOWERS)


def _step(name: str, *, size: int, at: datetime) -> int:
    """One chunk for one follower, with its cursor in the same transaction."""
    if ledger_queries.cursor(name) >= size:
        return 0
    with transaction.atomic():
        position = ledger_queries.cursor(name, lock=True)
        ranges = ledger_queries.sealed_ranges(position, CHUNK)
        n = sum(r.n for r in ranges)
        if n:
            FOLLOWERS[name].follow(ranges=ranges, at=at)
            ledger.advance(follower=name, position=position + n)
        return n


def rebuild(*, name: str, at: datetime, actor: Actor, progress: Progress | None = None) -> int:
    """Empties one follower ("archive", "duties", "publication") or "all" and folds the ledger again.

    Returns the number of entries folded. Raises UnknownFollower, RebuildRunning.
    """
    names = list(FOLLOWERS) if name == "all" else [name]
    audit.record(
        act="follower.rebuild",
        object_kind="follower",
        object_id=name[:64],
        outcome=Outcome.DONE if set(names) <= set(FOLLOWERS) else Outcome.REFUSED,
        at=at,
        actor=actor,
    )
    if not set(names) <= set(FOLLOWERS):
        raise UnknownFollower(
            say("没有叫“{name}”的档案。", name=name),
            say("可以重建的有：{names}。", names="、".join([*FOLLOWERS, "all"])),
        )
    running = RebuildRunning(
        say("没有重建：另一个重建正在进行。"),
        say("两个一起做，每一个都会清掉另一个刚归好的。"),
        say("请等它做完；要再做一次的，那时再运行。"),
    )
    with alone(settings.ZHENGXIN_HOME / "rebuild.lock", running):
        for each in names:
            with transaction.atomic():
                ledger_queries.cursor(each, lock=True)
                FOLLOWERS[each].clear()
                ledger.reset(follower=each)
        return follow(at=at, progress=progress)
