"""The two sets of ciphers that can be chosen: international (AES, SHA-256) and Chinese (SM4, SM3). Pure.

AES-256-GCM: NIST SP 800-38D. SM4: GB/T 32907-2016, in the mode of GCM as RFC 8998 names it. SM3:
GB/T 32905-2016. The Merkle tree is not part of a suite, see docs/decisions/0013-key-custody.md.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

_TAG = 16


class Aead(Protocol):
    """A cipher under one key that also protects against change."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The ciphertext with 16 bytes more."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The plaintext. Raises InvalidTag."""


class Sm4Gcm:
    """SM4 in GCM with the interface of AESGCM. Keys: the first 16 of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = SM4(key[:16])

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The ciphertext and its tag."""
        run = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        run.authenticate_additional_data(associated_data or b"")
        return run.update(data) + run.finalize() + run.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The plaintext. Raises InvalidTag."""
        if len(data) < _TAG:
            raise InvalidTag
        run = Cipher(self._cipher, modes.GCM(nonce, data[-_TAG:])).decryptor()
        run.authenticate_additional_data(associated_data or b"")
        return run.update(data[:-_TAG]) + run.finalize()


def _hmac_sha256(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _hmac_sm3(key: bytes, message: bytes) -> bytes:
    run = HMAC(key, SM3())
    run.update(message)
    return run.finalize()


@dataclass(frozen=True, slots=True)
class Suite:
    """A cipher (made from a 32-byte key) and a keyed digest of 32 bytes."""

    name: str
    cipher: Callable[[bytes], Aead]
    mac: Callable[[bytes, bytes], bytes]


AES = Suite("aes-256-gcm", AESGCM, _hmac_sha256)
SM = Suite("sm4-gcm", Sm4Gcm, _hmac_sm3)
SUITES = {suite.name: suite for suite in (AES, SM)}
