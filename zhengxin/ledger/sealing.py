"""Encryption of payloads: one key an entry, derived from its erasable secret. Pure."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag

from zhengxin.ledger.vault.suites import Aead, Suite

# Every key encrypts exactly one payload, so one fixed nonce is safe.
_NONCE = bytes(12)


class PayloadWrong(ValueError):
    """A ciphertext or secret that does not belong to this entry or these keys."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """How the contents of one epoch are encrypted: its number, ciphers, and deriving key (32 bytes)."""

    origin: int
    suite: Suite
    deriving: bytes


def _cipher(sealing: Sealing, secret: bytes) -> Aead:
    return sealing.suite.cipher(sealing.suite.mac(sealing.deriving, secret + b"key"))


def encrypt(sealing: Sealing, secret: bytes, entry_id: int, plain: bytes) -> bytes:
    """The ciphertext of `plain` for this entry: same length plus 16 bytes."""
    return _cipher(sealing, secret).encrypt(_NONCE, plain, entry_id.to_bytes(8, "big"))


def decrypt(sealing: Sealing, secret: bytes, entry_id: int, ciphertext: bytes) -> bytes:
    """The payload again. Raises PayloadWrong when anything was changed."""
    try:
        return _cipher(sealing, secret).decrypt(_NONCE, ciphertext, entry_id.to_bytes(8, "big"))
    except InvalidTag:
        raise PayloadWrong(f"payload of entry {entry_id}") from None


def payload_bytes(open_json: bytes, text_json: bytes, closed_json: bytes) -> bytes:
    """Canonical JSON of {"closed", "open", "text"} from three canonical parts."""
    return b'{"closed":%b,"open":%b,"text":%b}' % (closed_json, open_json, text_json)
