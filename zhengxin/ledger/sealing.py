"""Encryption of payloads: AES-256-GCM, one key an entry, derived from its erasable secret. Pure."""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# Every key encrypts exactly one payload, so one fixed nonce is safe.
_NONCE = bytes(12)


class PayloadWrong(ValueError):
    """A ciphertext that does not belong to this entry, this secret or this master key."""


def _cipher(master: bytes, secret: bytes) -> AESGCM:
    return AESGCM(hmac.digest(master, secret + b"key", "sha256"))


def encrypt(master: bytes, secret: bytes, entry_id: int, plain: bytes) -> bytes:
    """The ciphertext of `plain` for this entry: same length plus 16 bytes."""
    return _cipher(master, secret).encrypt(_NONCE, plain, entry_id.to_bytes(8, "big"))


def decrypt(master: bytes, secret: bytes, entry_id: int, ciphertext: bytes) -> bytes:
    """The payload again. Raises PayloadWrong when anything was changed."""
    try:
        return _cipher(master, secret).decrypt(_NONCE, ciphertext, entry_id.to_bytes(8, "big"))
    except InvalidTag:
        raise PayloadWrong(f"payload of entry {entry_id}") from None


def payload_bytes(open_json: bytes, text_json: bytes, closed_json: bytes) -> bytes:
    """Canonical JSON of {"closed", "open", "text"} from three canonical parts."""
    return b'{"closed":%b,"open":%b,"text":%b}' % (closed_json, open_json, text_json)
