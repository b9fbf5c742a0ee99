"""Letters that only the house can open, and the codes by which their senders ask what became of them.

A letter is sealed to a public key by whoever has nothing else: X25519 with a key of its own, HKDF-SHA256, AES-256-GCM.
"""

import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zhengxin.kernel.digests import sha256_hex

# No characters that are taken for one another.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 16
_KEY, _NONCE = 32, 12
_INFO = b"zhengxin letter 1"


class LetterUnreadable(ValueError):
    """It was not sealed to this key, or was changed."""


def public_key(private: bytes) -> bytes:
    """The 32 bytes to which letters are sealed."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(public: bytes, content: bytes) -> bytes:
    """The letter: 32 bytes of its own public key, 12 of nonce, the ciphertext with its tag."""
    own, nonce = X25519PrivateKey.generate(), os.urandom(_NONCE)
    shared = own.exchange(X25519PublicKey.from_public_bytes(public))
    head = own.public_key().public_bytes_raw()
    return head + nonce + AESGCM(_key(shared, head, public)).encrypt(nonce, content, head)


def unseal(private: bytes, letter: bytes) -> bytes:
    """What was sealed to this key. Raises LetterUnreadable."""
    head, nonce, sealed = letter[:_KEY], letter[_KEY : _KEY + _NONCE], letter[_KEY + _NONCE :]
    try:
        theirs = X25519PublicKey.from_public_bytes(head)
        shared = X25519PrivateKey.from_private_bytes(private).exchange(theirs)
        return AESGCM(_key(shared, head, public_key(private))).decrypt(nonce, sealed, head)
    except (InvalidTag, ValueError) as fault:
        raise LetterUnreadable("not sealed to this key") from fault


def _key(shared: bytes, head: bytes, public: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=head + public, info=_INFO).derive(shared)


def new_code() -> str:
    """A code that nobody guesses, also not from its digest: 79 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def code_digest(code: str) -> str:
    """What is kept of a code, 64 hexadecimal digits; spaces, hyphens and letter case do not count."""
    kept = "".join(char for char in code.upper() if char in ALPHABET)
    return sha256_hex(f"zhengxin code {kept}".encode())
