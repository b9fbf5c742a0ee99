"""A file under a key of its own: AES-256-GCM, piece by piece, so that any size passes. Pure bytes.

The number of a piece and whether it is the last are its nonce: none can be moved, left out or cut off. A key
seals each name once.
"""

import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_PIECE = 1 << 20
_TAG = 16


class SealBroken(ValueError):
    """A sealed file that was changed, or is another one's."""


def seal(plain: Path, sealed: Path, *, key: bytes, name: str) -> None:
    """Write `plain` to `sealed`, safe on disk when this returns."""
    cipher = _cipher(key, name)
    with plain.open("rb") as source, sealed.open("wb") as target:
        number, piece = 0, source.read(_PIECE)
        while piece or number == 0:
            after = source.read(_PIECE)
            target.write(cipher.encrypt(_nonce(number, last=not after), piece, None))
            number, piece = number + 1, after
        target.flush()
        os.fsync(target.fileno())


def unseal(sealed: Path, plain: Path, *, key: bytes, name: str) -> None:
    """Write what was sealed to `plain`. Raises SealBroken."""
    cipher = _cipher(key, name)
    with sealed.open("rb") as source, plain.open("wb") as target:
        number, piece = 0, source.read(_PIECE + _TAG)
        while piece or number == 0:
            after = source.read(_PIECE + _TAG)
            try:
                target.write(cipher.decrypt(_nonce(number, last=not after), piece, None))
            except InvalidTag:
                raise SealBroken(sealed.name) from None
            number, piece = number + 1, after


def _cipher(key: bytes, name: str) -> AESGCM:
    return AESGCM(hmac.digest(key, name.encode(), "sha256"))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((last,))
