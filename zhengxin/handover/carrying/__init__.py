"""Carriers: how files reach a peer and come back. Each offers deliver, fetch and settle.

deliver puts the files (the manifest last: its arrival completes the dispatch) under temporary names
first, and says ALREADY when this very manifest is there. fetch gives name and content of what waits,
without the names in `seen`; settle marks one as read, after it was recorded here.
"""

from collections.abc import Collection, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from zhengxin.handover.types import Carrier, Outcome, Place

_MODULES = {
    Carrier.DROP: "drop",
    Carrier.SFTP: "sftp",
    Carrier.HTTP: "web",
}


def _carrier(place: Place) -> ModuleType:
    # When first used: their libraries cost every command a quarter of a second, and most never carry.
    return import_module(f"{__name__}.{_MODULES[place.carrier]}")


def deliver(place: Place, files: Sequence[Path], *, number: str, digest: str) -> Outcome:
    """Bring one dispatch to a peer. Never raises for what the network or the peer does."""
    outcome: Outcome = _carrier(place).deliver(place, files, number=number, digest=digest)
    return outcome


def fetch(place: Place, seen: Collection[str]) -> list[tuple[str, bytes]]:
    """What waits at a place. Raises reaching.Unreachable."""
    found: list[tuple[str, bytes]] = _carrier(place).fetch(place, seen)
    return found


def withdraw(place: Place, digests: Collection[str]) -> bool:
    """Take back files that lie where this house can reach them: in a folder that both sides see. False: not now, again."""
    if place.carrier is not Carrier.DROP:
        return True
    try:
        _carrier(place).withdraw(place, digests)
    except OSError:
        return False
    return True


def settle(place: Place, name: str) -> None:
    """Mark a fetched file as read, where that can be done."""
    _carrier(place).settle(place, name)
