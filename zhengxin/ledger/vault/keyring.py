"""The few keys that everything rests on: made or adopted once, kept wrapped, opened when needed.

What was opened stays in the memory of the process, so the master key's keeper is asked once a key.
"""

import secrets
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from zhengxin.ledger.models import Batch
from zhengxin.ledger.vault.enums import KeyKind
from zhengxin.ledger.vault.models import Key, Secret
from zhengxin.ledger.vault.providers import (
    LENGTH,
    FileKeeper,
    NotOurs,
    Provider,
    provider,
    suite,
)
from zhengxin.ledger.vault.refusals import KeyDestroyed, KeyMissing, KeyWrong
from zhengxin.ledger.vault.suites import AES

# In clear on disk before keys were wrapped; the old master key goes on as the first deriving key.
_OLD = {
    KeyKind.DERIVING: "master.key",
    KeyKind.PEPPER: "pepper.key",
    KeyKind.SIGNING: "log.ed25519",
}
_opened: dict[tuple[str, int, bytes], bytes] = {}


def digest(key: bytes) -> bytes:
    """By which the program knows a key again."""
    return sha256(b"zhengxin-key-digest\0" + key).digest()[:16]


def key(kind: KeyKind, number: int | None = None) -> bytes:
    """The newest key of a kind, or the one of this number. Raises Refused."""
    found = Key.objects.filter(kind=kind).order_by("-number")
    if number is not None:
        found = found.filter(number=number)
    row = found.first()
    if row is None:
        ensure()
        row = found.first()
    if row is None:
        raise KeyDestroyed(f"{kind.label} {number or ''}")
    return opened(row)


def made(kind: KeyKind, used_with: str) -> bytes:
    """The key of a kind that key stores of before did not have: made when it is first asked for."""
    if not Key.objects.filter(kind=kind).exists():
        ensure()
        with transaction.atomic(using="keys"):
            alone()
            if not Key.objects.filter(kind=kind).exists():
                fresh = secrets.token_bytes(LENGTH)
                wrapped_row(provider(), kind, 1, fresh, used_with).save(using="keys")
    return key(kind)


def opened(row: Key) -> bytes:
    """The key in this row. Raises KeyMissing, KeyWrong, KeyDestroyed."""
    place = (row.kind, row.number, bytes(row.digest))
    if place not in _opened:
        try:
            _opened[place] = unwrapped(provider(), row)
        except KeyWrong:
            # Perhaps the master key was rotated between two glances.
            row.refresh_from_db(using="keys")
            _opened[place] = unwrapped(provider(), row)
    return _opened[place]


def forget() -> None:
    """Out of this process's memory: the next use asks the keeper again."""
    _opened.clear()


def unwrapped(keeper: Provider, row: Key) -> bytes:
    """The key in this row by this keeper's master key. Raises KeyWrong, KeyDestroyed."""
    if row.wrapped is None:
        raise KeyDestroyed(f"{KeyKind(row.kind).label} {row.number}")
    try:
        plain = keeper.unwrap(bytes(row.wrapped))
    except NotOurs:
        plain = b""
    except KeyMissing as missing:
        raise KeyMissing(missing.name, row.wrapped_by) from None
    if digest(plain) != bytes(row.digest):
        raise KeyWrong(keeper.describe(), row.wrapped_by)
    return plain


def wrapped_row(keeper: Provider, kind: KeyKind, number: int, plain: bytes, used_with: str) -> Key:
    """A row, not yet saved, with this key wrapped, after trying that it comes out again."""
    row = Key(
        kind=kind,
        number=number,
        suite=used_with,
        wrapped=keeper.wrap(plain),
        digest=digest(plain),
        wrapped_by=keeper.describe()[:200],
    )
    unwrapped(keeper, row)
    return row


def check() -> None:
    """Raises Refused unless the master key at hand is there, private and the right one for this store."""
    ensure()
    unwrapped(provider(), Key.objects.get(kind=KeyKind.PEPPER))
    _tidy()


def ensure() -> None:
    """The keys exist: adopted from the files of before, or made new where nothing rests on any yet.

    Raises KeyMissing when content rests on keys that are gone.
    """
    if Key.objects.exists():
        return
    keeper = provider()
    folder = Path(settings.KEYS_DIR)
    before = Batch.objects.exists() or Secret.objects.exists()
    if before or (folder / "pepper.key").exists():
        plain = {kind: FileKeeper(folder / name).key() for kind, name in _OLD.items()}
        used_with = AES.name
    else:
        plain = {kind: secrets.token_bytes(LENGTH) for kind in _OLD}
        used_with = suite().name
    if isinstance(keeper, FileKeeper):
        keeper.make()
    with transaction.atomic(using="keys"):
        alone()
        if Key.objects.exists():
            return
        fresh = secrets.token_bytes(LENGTH)
        Key.objects.bulk_create(
            [
                wrapped_row(keeper, KeyKind.WRAPPING, 1, fresh, suite().name),
                wrapped_row(keeper, KeyKind.DERIVING, 1, plain[KeyKind.DERIVING], used_with),
                wrapped_row(keeper, KeyKind.PEPPER, 1, plain[KeyKind.PEPPER], "sha256"),
                wrapped_row(keeper, KeyKind.SIGNING, 1, plain[KeyKind.SIGNING], "ed25519"),
            ]
        )
        transaction.on_commit(_tidy, using="keys")


def alone() -> None:
    """Inside a transaction on the keys: nobody else makes or rotates keys until its end.

    On SQLite the write transaction itself is the lock.
    """
    if connections["keys"].vendor == "postgresql":
        with connections["keys"].cursor() as cursor:
            cursor.execute("LOCK TABLE vault_key IN SHARE ROW EXCLUSIVE MODE")


def _tidy() -> None:
    """Remove files of before whose keys are now held wrapped."""
    keeper = provider()
    for kind, name in _OLD.items():
        path = Path(settings.KEYS_DIR) / name
        if not path.exists() or (isinstance(keeper, FileKeeper) and keeper.path == path):
            continue
        held = Key.objects.filter(kind=kind, number=1).first()
        try:
            there = FileKeeper(path).key()
        except KeyMissing:
            continue
        if held is not None and bytes(held.digest) == digest(there):
            path.unlink(missing_ok=True)
