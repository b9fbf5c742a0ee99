"""Care of the keys: rotation and custody. Each act is in the audit log before it happens."""

from collections.abc import Callable, Sequence
from datetime import datetime

from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.kernel.actor import Actor
from zhengxin.ledger.vault import actions as vault
from zhengxin.ledger.vault import custody
from zhengxin.ledger.vault.providers import fingerprint
from zhengxin.ledger.vault.shares import Share, split
from zhengxin.ledger.vault.types import Rotated


def rotate_master_key(*, to: str | None, at: datetime, actor: Actor) -> Rotated:
    """A new master key wraps the keys; see ledger.vault.actions.rotate_master."""
    _note("rotate_master", to.partition(":")[0] if to else "", at, actor)
    return vault.rotate_master(to=to, at=at, actor=actor)


def rotate_epoch(*, at: datetime, actor: Actor) -> int:
    """What enters from now on rests on new keys. Returns the new epoch's number."""
    _note("rotate_epoch", "", at, actor)
    return vault.rotate_epoch(at=at, actor=actor)


def rewrap_secrets(*, progress: Callable[[int], None], at: datetime, actor: Actor) -> int:
    """Every secret under the newest epoch, earlier wrapping keys destroyed. Returns how many moved."""
    _note("rewrap", "", at, actor)
    return vault.rewrap(progress=progress, at=at, actor=actor)


def rotate_signing_key(*, at: datetime, actor: Actor) -> str:
    """A new key signs checkpoints. Returns its verifier line."""
    _note("rotate_signing", "", at, actor)
    return vault.rotate_signing(at=at, actor=actor)


def split_master_key(
    *, needed: int, total: int, at: datetime, actor: Actor
) -> tuple[list[Share], str]:
    """The master key in shares, and its fingerprint. Raises NoRawKey."""
    key = custody.raw_key()
    mark = fingerprint(key)
    _note("split", mark, at, actor)
    return split(key, needed=needed, total=total), mark


def restore_master_key(*, shares: Sequence[Share], at: datetime, actor: Actor) -> str:
    """Writes the master key from its shares to its file. Returns the path."""
    key = custody.key_of(shares)
    _note("restore", fingerprint(key), at, actor)
    return custody.restore(key)


def take_master_key_off_disk(*, shares: Sequence[Share], at: datetime, actor: Actor) -> str:
    """Deletes the master key's file once its shares have proved that they give it back. Returns the path."""
    key = custody.key_of(shares)
    _note("take_off_disk", fingerprint(key), at, actor)
    return custody.take_off_disk(key)


def try_shares(*, shares: Sequence[Share], at: datetime, actor: Actor) -> bytes:
    """The master key from its shares, tried against the store."""
    key = custody.key_of(shares)
    _note("combine", fingerprint(key), at, actor)
    return key


def _note(verb: str, what: str, at: datetime, actor: Actor) -> None:
    audit.record(
        act=f"keys.{verb}",
        object_kind="keys",
        object_id=what,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
    )
