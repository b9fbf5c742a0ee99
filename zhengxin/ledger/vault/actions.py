"""Rotation. Only journey calls these verbs.

Each is safe to be killed at any moment and to be called again: the master key's rotation is one
transaction over a handful of rows, the re-wrapping of secrets goes chunk by chunk and picks up.
"""

import secrets as random
from collections.abc import Callable
from datetime import datetime

from django.db import connections, transaction
from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.ledger.keys import log_name, signers, signing_key
from zhengxin.ledger.models import Checkpoint, Verifier
from zhengxin.ledger.notes import TreeHead, checkpoint_text, sign, verifier_key
from zhengxin.ledger.sealing import PayloadWrong
from zhengxin.ledger.storing import standing_back
from zhengxin.ledger.tree import head
from zhengxin.ledger.vault import keyring
from zhengxin.ledger.vault.enums import KeyKind
from zhengxin.ledger.vault.models import Key
from zhengxin.ledger.vault.providers import (
    LENGTH,
    FileKeeper,
    Provider,
    RawKeeper,
    provider,
    suite,
)
from zhengxin.ledger.vault.scrubbing import scrub
from zhengxin.ledger.vault.types import Rotated
from zhengxin.ledger.vault.wrapping import COLUMNS, FIRST, Opener, wrap

# Secrets wrapped anew in one short transaction.
CHUNK = 2_500


class WhereTo(Refused):
    """A master key that cannot be replaced in its place."""

    def __init__(self, keeper: str) -> None:
        super().__init__(
            _("没有轮换主密钥：{keeper}。").format(keeper=keeper),
            _("程序不能在原处放新的主密钥。"),
            _("请用 --to 指明新的保管方式，例如 --to file:/另一个文件夹/master.key。"),
        )


class SecretDamaged(Refused):
    """A secret that its epoch's key does not open."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(
            _("重新包裹在第{id}条记录处停下。").format(id=entry_id),
            _("该条的密钥已被改动，原有包裹打不开。"),
            _("请运行 zhengxin ledger verify --payloads 查明，恢复密钥库的备份后再试。"),
        )


def rotate_master(*, to: str | None, at: datetime, actor: Actor) -> Rotated:
    """Wrap every key by a new master key; no secret and no entry is touched.

    to: another provider (see providers); None: a new key in the place of the old one. A new key
    file is written before the store turns to it. Raises WhereTo, KeyMissing, KeyWrong, ProviderFailed.
    """
    keyring.check()
    old = provider()
    before = old.describe()
    new = _new_keeper(old, to)
    with transaction.atomic(using="keys"):
        keyring.alone()
        rows = list(Key.objects.filter(wrapped__isnull=False))
        for row in rows:
            again = keyring.wrapped_row(
                new, KeyKind(row.kind), row.number, keyring.unwrapped(old, row), row.suite
            )
            row.wrapped, row.wrapped_by, row.wrapped_at = again.wrapped, again.wrapped_by, at
            row.save(using="keys", update_fields=["wrapped", "wrapped_by", "wrapped_at"])
    if isinstance(old, FileKeeper) and isinstance(new, FileKeeper) and new.path == old.coming:
        old.settle()
        new = old
    scrub("vault_key")
    for row in Key.objects.filter(wrapped__isnull=False):
        keyring.unwrapped(new, row)
    return Rotated(before, new.describe(), len(rows))


def _new_keeper(old: Provider, to: str | None) -> Provider:
    target = provider(to) if to else old
    if isinstance(target, FileKeeper):
        if isinstance(old, FileKeeper) and target.path == old.path:
            try:
                return old.successor()
            except OSError:
                raise WhereTo(old.describe()) from None
        target.make()
    elif to is None and isinstance(old, RawKeeper):
        raise WhereTo(old.describe())
    return target


def rotate_epoch(*, at: datetime, actor: Actor) -> int:
    """Open a new epoch, with the ciphers now set: what enters from now on rests on new keys.

    Returns its number. What is there stays readable under its own epoch; see `rewrap`.
    """
    keyring.check()
    keeper, used_with = provider(), suite().name
    with transaction.atomic(using="keys"):
        keyring.alone()
        newest = Key.objects.filter(kind=KeyKind.WRAPPING).order_by("-number")[0].number
        for kind in (KeyKind.WRAPPING, KeyKind.DERIVING):
            row = keyring.wrapped_row(
                keeper, kind, newest + 1, random.token_bytes(LENGTH), used_with
            )
            row.made_at = row.wrapped_at = at
            row.save(using="keys")
    return newest + 1


def rewrap(*, progress: Callable[[int], None], at: datetime, actor: Actor) -> int:
    """Wrap every secret of earlier epochs, and those not wrapped yet, by the newest epoch's key.

    Then the earlier wrapping keys are destroyed: an old copy of them opens nothing of today's
    store. Contents are not touched. progress gets the number done. Returns it. Broken off, the
    next call goes on. Raises SecretDamaged.
    """
    keyring.check()
    done = 0
    with standing_back():
        while True:
            last = 0
            while count_and_last := _rewrap_chunk(last):
                done, last = done + count_and_last[0], count_and_last[1]
                progress(done)
            if _destroy_earlier(at):
                break
    scrub("vault_secret", "vault_key")
    return done


def _rewrap_chunk(after: int) -> tuple[int, int] | None:
    """The next secrets with an entry id above `after`: how many, and the last one's entry id."""
    keys = connections["keys"]
    with transaction.atomic(using="keys"), keys.cursor() as cursor:
        newest = Key.objects.filter(kind=KeyKind.WRAPPING).order_by("-number")[0].number
        cursor.execute(
            f"SELECT entry_id, {COLUMNS} FROM vault_secret WHERE entry_id > %s AND secret IS NOT NULL "
            "AND (epoch IS NULL OR epoch < %s) ORDER BY entry_id LIMIT %s"
            + (" FOR UPDATE" if keys.vendor == "postgresql" else ""),
            [after, newest, CHUNK],
        )
        rows = cursor.fetchall()
        if not rows:
            return None
        opener = Opener()
        plain = []
        for entry_id, wrapped, epoch, origin in rows:
            try:
                plain.append((entry_id, opener.secret(entry_id, wrapped, epoch), origin or FIRST))
            except PayloadWrong:
                raise SecretDamaged(entry_id) from None
        again = wrap(plain)
        for (entry_id, secret, _origin), (_id, wrapped, _why, epoch, _same) in zip(
            plain, again, strict=True
        ):
            if opener.secret(entry_id, wrapped, epoch) != secret:
                raise SecretDamaged(entry_id)
        cursor.executemany(
            "UPDATE vault_secret SET secret = %s, epoch = %s, origin = %s WHERE entry_id = %s",
            [
                (wrapped, epoch, origin, entry_id)
                for entry_id, wrapped, _why, epoch, origin in again
            ],
        )
    return len(rows), rows[-1][0]


def _destroy_earlier(at: datetime) -> bool:
    """Destroy the wrapping keys of all epochs but the newest; False when somebody still wrote under one."""
    with transaction.atomic(using="keys"):
        keyring.alone()
        held = Key.objects.filter(kind=KeyKind.WRAPPING, wrapped__isnull=False)
        *earlier, newest = held.order_by("number").select_for_update()
        with connections["keys"].cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM vault_secret WHERE secret IS NOT NULL "
                "AND (epoch IS NULL OR epoch < %s) LIMIT 1",
                [newest.number],
            )
            if cursor.fetchone():
                return False
        Key.objects.filter(pk__in=[row.pk for row in earlier]).update(wrapped=None, wrapped_at=at)
    return True


def rotate_signing(*, at: datetime, actor: Actor) -> str:
    """A new key signs checkpoints from now on; the old one vouches for it once and is destroyed.

    Both sign the tree as it stands, and a note that is this checkpoint with one line more, naming the
    new key: so who trusts the old key can come to trust the new one. Returns the new verifier line.
    Old checkpoints go on being checked by the key of their time.
    """
    keyring.check()
    current = signers()[-1]
    held = Key.objects.filter(kind=KeyKind.SIGNING, wrapped__isnull=False)
    if held.filter(number__lt=current.number).exists():
        # The last rotation was broken off just before its end.
        _destroy_signing(current.number, at)
        return verifier_key(log_name(), current.public)
    coming = current.number + 1
    with transaction.atomic(using="keys"):
        keyring.alone()
        if not Key.objects.filter(kind=KeyKind.SIGNING, number=coming).exists():
            fresh = random.token_bytes(LENGTH)
            keyring.wrapped_row(provider(), KeyKind.SIGNING, coming, fresh, "ed25519").save(
                using="keys"
            )
    new, old = signing_key(coming), signing_key(current.number)
    public, name = new.public_key().public_bytes_raw(), log_name()
    line = verifier_key(name, public)
    with transaction.atomic():
        Verifier.objects.get_or_create(number=current.number, defaults={"public": current.public})
        now = head()
        text = checkpoint_text(TreeHead(name, now.size, now.root))
        Verifier.objects.create(
            number=coming,
            public=public,
            from_at=at,
            announcement=sign(f"{text}key {line}\n", name, old, new),
        )
        Checkpoint.objects.create(
            size=now.size, root=now.root, note=sign(text, name, new, old), signed_at=at
        )
    _destroy_signing(coming, at)
    return line


def _destroy_signing(before: int, at: datetime) -> None:
    Key.objects.filter(kind=KeyKind.SIGNING, number__lt=before, wrapped__isnull=False).update(
        wrapped=None, wrapped_at=at
    )
    scrub("vault_key")
