"""The only door into the ledger. Only journey calls these verbs.

What entered is never changed. A batch's entries exist for nobody before its seal.
"""

import secrets as random
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import connection, connections, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.merkle import Growth, grow
from zhengxin.kernel.refused import Refused
from zhengxin.ledger import scrubbing
from zhengxin.ledger.building import Rows, build, row_of
from zhengxin.ledger.chunks import Place, StagingStopped
from zhengxin.ledger.keys import log_name, signers, signing_key
from zhengxin.ledger.models import Batch, Checkpoint, FollowerCursor, LogName, Seal
from zhengxin.ledger.notes import TreeHead, checkpoint_text, sign
from zhengxin.ledger.overtaking import refuse_overtaken
from zhengxin.ledger.staging import stage_all
from zhengxin.ledger.storing import insert, standing_back, store
from zhengxin.ledger.tree import head, leaves_by_id
from zhengxin.ledger.types import Draft
from zhengxin.ledger.vault import keyring
from zhengxin.ledger.vault.models import Secret
from zhengxin.ledger.vault.wrapping import Opener

__all__ = [
    "abandon",
    "advance",
    "append",
    "erase",
    "reserve",
    "reset",
    "scrub",
    "seal",
    "sign_checkpoint",
    "stage",
    "standing_back",
]

# Names the one lock of reservations and seals on PostgreSQL ("zxledger").
_LOCK = 0x7A786C6564676572
_AT_ONCE = 10_000


class NotSealable(Refused):
    """A batch that cannot be sealed: entries missing, or abandoned."""

    def __init__(self, batch_id: int, why: str) -> None:
        super().__init__(
            _("第 {id} 批不能封存。").format(id=batch_id), why, _("请继续办理该批报送后再封存。")
        )


class AlreadySealed(Refused):
    """A sealed batch can no longer be abandoned."""

    def __init__(self, batch_id: int) -> None:
        super().__init__(
            _("第 {id} 批不能放弃。").format(id=batch_id),
            _("该批已经封存，成为账本的一部分。"),
            _("如报送有误，请办理撤回。"),
        )


class NothingToErase(Refused):
    """An entry without a secret, or whose content was erased before."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(
            _("第 {id} 条记录的内容不能删除。").format(id=entry_id),
            _("账本中没有该条记录，或其内容此前已经删除。"),
            _("请核对编号。"),
        )


def append(*, drafts: Sequence[Draft], at: datetime, actor: Actor) -> list[int]:
    """Enter a few drafts as one sealed batch in one transaction; returns their entry ids.

    Raises ValueError without drafts.
    """
    if not drafts:
        raise ValueError("nothing to append")
    sealing = Opener().newest()
    with transaction.atomic():
        _lock()
        batch = _reserve(random.token_hex(32), drafts[0].unit_id, len(drafts), at, at, actor)
        rows = Rows()
        for seq, draft in enumerate(drafts):
            built = build(
                [row_of(seq, draft)],
                batch_id=batch.id,
                first_id=batch.first_id,
                known_at=draft.known_at,
                sealing=sealing,
                known_secrets={},
            )
            rows.entries += built.entries
            rows.payloads += built.payloads
            rows.secrets += built.secrets
        store(rows)
        _close(batch, b"".join(entry[-1] for entry in rows.entries), None, at)
    return [entry[0] for entry in rows.entries]


def reserve(
    *,
    digest: str,
    unit_id: int | None,
    n: int,
    seen: int,
    known_at: datetime,
    at: datetime,
    actor: Actor,
) -> Batch:
    """Reserve n entry ids in a row for the submission with this digest; again: the same batch.

    seen: size of the tree before the drafts were compared with it (see `seal`).
    Raises ValueError when n is below 1 or differs from the first time.
    """
    if n < 1:
        raise ValueError("a batch has at least one entry")
    keyring.ensure()  # made, if need be, before the ledger rests on it
    with transaction.atomic():
        _lock()
        batch = Batch.objects.filter(digest=digest).first()
        if batch is None:
            batch = _reserve(digest, unit_id, n, known_at, at, actor, seen)
    if batch.n != n:
        raise ValueError(f"batch {batch.id} was reserved for {batch.n} entries, not {n}")
    return batch


def stage(
    *,
    batch_id: int,
    drafts_path: Path,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
    at: datetime,
    actor: Actor,
) -> None:
    """Turn drafts.parquet into entries of the batch, which nobody sees yet. Skips what is there.

    workers: processes for big files (0: none). progress gets the rows done so far and n.
    Raises StagingStopped when a worker died or the batch was abandoned; call again to resume.
    """
    batch = Batch.objects.get(pk=batch_id)
    if Seal.objects.filter(pk=batch_id).exists():
        return
    _refuse_abandoned(batch)
    place = Place(batch.id, batch.first_id, batch.known_at)
    stage_all(place, drafts_path, batch.n, workers, progress or _silent)


def seal(*, batch_id: int, at: datetime, actor: Actor) -> Seal:
    """Put the batch's leaves into the tree: from here on its entries exist. Again: the same seal.

    The tree is grown before the lock is taken and again inside only if another seal came first:
    call it outside a transaction, so that other writers need not wait (1 to 2 s a million).
    Raises NotSealable; Overtaken when a record with the same natural key came in since the drafts
    were compared with the ledger, so that comparing them again decides what is a correction.
    """
    batch = Batch.objects.get(pk=batch_id)
    found = Seal.objects.filter(pk=batch_id).first()
    if found is not None:
        return found
    last_id = batch.first_id + batch.n - 1
    leaves = leaves_by_id(batch.first_id, last_id)
    if len(leaves) != 32 * batch.n:
        raise NotSealable(batch_id, _("还有记录没有写入。"))
    kept = Secret.objects.filter(entry_id__range=(batch.first_id, last_id), secret__isnull=False)
    if kept.count() != batch.n:
        raise NotSealable(batch_id, _("该批已放弃，其内容已删除。"))
    before = head()
    refuse_overtaken(batch, since=batch.seen)
    growth = grow(before.size, before.frontier, leaves)
    with transaction.atomic():
        _lock()
        found = Seal.objects.filter(pk=batch_id).first()
        if found is None and batch.seen is not None:
            refuse_overtaken(batch, since=before.size)
        return found or _close(batch, leaves, growth, at)


def abandon(*, batch_id: int, because: str, at: datetime, actor: Actor) -> None:
    """Give up an unsealed batch: its staged contents become unreadable. Raises AlreadySealed."""
    batch = Batch.objects.get(pk=batch_id)
    with transaction.atomic():
        _lock()
        if Seal.objects.filter(pk=batch_id).exists():
            raise AlreadySealed(batch_id)
        # A first id without secret marks the batch, also when nothing was staged yet.
        Secret.objects.using("keys").bulk_create(
            [Secret(entry_id=batch.first_id, erased_at=at, erased_because=because)],
            ignore_conflicts=True,
        )
        stop = batch.first_id + batch.n
        for first in range(batch.first_id, stop, _AT_ONCE):
            Secret.objects.filter(
                entry_id__gte=first,
                entry_id__lt=min(stop, first + _AT_ONCE),
                secret__isnull=False,
            ).update(secret=None, erased_at=at, erased_because=because)
    _forget()


def erase(*, entry_id: int, because: str, at: datetime, actor: Actor) -> None:
    """Destroy the secret of one entry: its content is gone, its proofs still hold.

    Raises NothingToErase.
    """
    done = Secret.objects.filter(entry_id=entry_id, secret__isnull=False).update(
        secret=None, erased_at=at, erased_because=because
    )
    if not done:
        raise NothingToErase(entry_id)
    _forget()


def scrub(*, alias: str, tables: Sequence[str], at: datetime, actor: Actor) -> bool:
    """Leave no trace of deleted rows in the bytes of a store; False while others read it: then again (see scrubbing)."""
    return scrubbing.scrub(alias, tables)


def name_log(*, county: str, invented: bool, at: datetime, actor: Actor) -> str:
    """Name the log after its county (region code) and its first key, once and for ever; returns the name it has.

    A log that has signed under the name all logs once had keeps that.
    """
    with transaction.atomic():
        _lock()
        if LogName.objects.exists() or Checkpoint.objects.exists():
            return log_name()
        mark = sha256(signers()[0].public).hexdigest()[:8]
        name = f"{'zhengxin-demo' if invented else 'zhengxin'}/{county}/{mark}"
        return LogName.objects.create(number=1, name=name, named_at=at).name


def sign_checkpoint(*, at: datetime, actor: Actor) -> Checkpoint:
    """Sign the tree as it stands; the last checkpoint again when nothing was added since."""
    with transaction.atomic():
        _lock()
        now = head()
        last = Checkpoint.objects.order_by("-id").first()
        if last is not None and last.size == now.size:
            return last
        name = log_name()
        text = checkpoint_text(TreeHead(name, now.size, now.root))
        return Checkpoint.objects.create(
            size=now.size,
            root=now.root,
            note=sign(text, name, signing_key()),
            signed_at=at,
        )


def advance(*, follower: str, position: int) -> None:
    """Note, in the caller's transaction, that a follower has folded in all positions below this."""
    FollowerCursor.objects.update_or_create(follower=follower, defaults={"position": position})


def reset(*, follower: str) -> None:
    """Let a follower begin again from the first entry."""
    advance(follower=follower, position=0)


def _silent(done: int, n: int) -> None:
    """Nobody watches."""


def _lock() -> None:
    """One reservation or seal at a time. On SQLite the write transaction itself is the lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _reserve(
    digest: str,
    unit_id: int | None,
    n: int,
    known_at: datetime,
    at: datetime,
    actor: Actor,
    seen: int | None = None,
) -> Batch:
    """Ids follow the last batch, and the last secret: a rolled-back batch's ids are never used again."""
    batches = Batch.objects.aggregate(top=Max(F("first_id") + F("n")))["top"] or 1
    kept = Secret.objects.aggregate(top=Max("entry_id"))["top"] or 0
    return Batch.objects.create(
        digest=digest,
        unit_id=unit_id,
        first_id=max(batches, kept + 1),
        n=n,
        seen=seen,
        known_at=known_at,
        reserved_at=at,
        account_id=actor.account_id,
        actor_name=actor.name,
    )


def _refuse_abandoned(batch: Batch) -> None:
    if Secret.objects.filter(entry_id=batch.first_id, secret__isnull=True).exists():
        raise StagingStopped(f"batch {batch.id} was abandoned")


def _close(batch: Batch, leaves: bytes, growth: Growth | None, at: datetime) -> Seal:
    """Nodes and closing row, under the lock. growth: the tree grown before, if still right."""
    now = head()
    if growth is None or growth.size != now.size + batch.n:
        growth = grow(now.size, now.frontier, leaves)
    insert("default", "ledger_node", ("level", "index", "hash"), growth.nodes)
    return Seal.objects.create(
        batch_id=batch.id,
        base=now.size,
        n=batch.n,
        first_id=batch.first_id,
        root=growth.root,
        frontier=b"".join(growth.frontier),
        sealed_at=at,
    )


def _forget() -> None:
    """On SQLite move erased secrets out of the write-ahead log as well."""
    keys = connections["keys"]
    if keys.vendor == "sqlite" and not keys.in_atomic_block:
        with keys.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
