"""Secrets of entries under the keys of their epochs: wrapped when written, opened when read.

Wrapped: nonce (12 random bytes), ciphertext (32), tag (16), bound to the entry's number. An epoch may
hold 2**32 secrets (NIST SP 800-38D, 8.3: random nonces under one key).
"""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from django.db import connections

from zhengxin.ledger.sealing import PayloadWrong, Sealing
from zhengxin.ledger.vault import keyring
from zhengxin.ledger.vault.enums import KeyKind
from zhengxin.ledger.vault.models import Key
from zhengxin.ledger.vault.refusals import KeyDestroyed
from zhengxin.ledger.vault.suites import SUITES, Aead

_NONCE = 12
FIRST = 1
# (entry id, wrapped secret, no reason for erasing, epoch, origin): a row of the store.
Wrapped = tuple[int, bytes, str, int, int]
# The columns of a secret, in the order that Opener.secret takes them.
COLUMNS = "secret, epoch, origin"

_NEWEST = (
    "SELECT number FROM vault_key WHERE kind = 'wrapping' AND wrapped IS NOT NULL "
    "ORDER BY number DESC LIMIT 1"
)


class Opener:
    """The epochs' keys, opened once for many entries."""

    def __init__(self) -> None:
        found = Key.objects.filter(kind__in=(KeyKind.WRAPPING, KeyKind.DERIVING))
        if not found:
            keyring.ensure()
            found = found.all()
        self._rows = {(row.kind, row.number): row for row in found}
        self._ciphers: dict[int, Aead] = {}
        self._sealings: dict[int, Sealing] = {}

    def cipher(self, epoch: int) -> Aead:
        """What wraps the secrets of an epoch. Raises KeyDestroyed."""
        if epoch not in self._ciphers:
            row = self._row(KeyKind.WRAPPING, epoch)
            self._ciphers[epoch] = SUITES[row.suite].cipher(keyring.opened(row))
        return self._ciphers[epoch]

    def sealing(self, origin: int | None) -> Sealing:
        """How contents that were encrypted in this epoch are read. Raises KeyDestroyed."""
        number = origin or FIRST
        if number not in self._sealings:
            row = self._row(KeyKind.DERIVING, number)
            self._sealings[number] = Sealing(number, SUITES[row.suite], keyring.opened(row))
        return self._sealings[number]

    def newest(self) -> Sealing:
        """How contents are encrypted now."""
        return self.sealing(max(n for kind, n in self._rows if kind == KeyKind.DERIVING))

    def secret(self, entry_id: int, wrapped: bytes | memoryview, epoch: int | None) -> bytes:
        """The secret of an entry. Raises PayloadWrong when it was changed."""
        value = bytes(wrapped)
        if epoch is None:
            return value
        try:
            return self.cipher(epoch).decrypt(
                value[:_NONCE], value[_NONCE:], entry_id.to_bytes(8, "big")
            )
        except (InvalidTag, ValueError):
            raise PayloadWrong(f"secret of entry {entry_id}") from None

    def _row(self, kind: KeyKind, number: int) -> Key:
        if (kind, number) not in self._rows:
            raise KeyDestroyed(f"{kind.label} {number}")
        return self._rows[kind, number]


def wrap(secrets: Sequence[tuple[int, bytes, int]]) -> list[Wrapped]:
    """Secrets (entry id, 32 bytes, origin) under the newest epoch.

    Inside the transaction on the keys that stores them: until its end the epoch's key is not destroyed.
    """
    epoch = _newest_held()
    encrypt = Opener().cipher(epoch).encrypt
    nonces = os.urandom(_NONCE * len(secrets))
    wrapped: list[Wrapped] = []
    place = 0
    for entry_id, secret, origin in secrets:
        nonce = nonces[place : place + _NONCE]
        place += _NONCE
        sealed = encrypt(nonce, secret, entry_id.to_bytes(8, "big"))
        wrapped.append((entry_id, nonce + sealed, "", epoch, origin))
    return wrapped


def _newest_held() -> int:
    """The newest epoch, held against destruction; one that was destroyed while we waited is passed over."""
    keys = connections["keys"]
    statement = _NEWEST + (" FOR SHARE" if keys.vendor == "postgresql" else "")
    for _ in range(3):
        with keys.cursor() as cursor:
            cursor.execute(statement)
            if found := cursor.fetchone():
                return int(found[0])
    raise KeyDestroyed(str(KeyKind.WRAPPING.label))
