"""The ledger's keys by their use: hashing identifiers and signing checkpoints."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zhengxin.ledger.models import LogName, Verifier
from zhengxin.ledger.types import Signer
from zhengxin.ledger.vault import keyring
from zhengxin.ledger.vault.enums import KeyKind

# What every log was called before each had a name of its own; one that had signed by then keeps it.
FIRST_NAME = "zhengxin/ledger"


def log_name() -> str:
    """What the log is called: the origin of its checkpoints and the name of its keys."""
    return LogName.objects.values_list("name", flat=True).first() or FIRST_NAME


def pepper() -> bytes:
    """32 bytes that key the hashes of identity numbers and natural keys."""
    return keyring.key(KeyKind.PEPPER)


def signing_key(number: int | None = None) -> Ed25519PrivateKey:
    """The key that signs checkpoints now, or the one of this number."""
    if number is None:
        number = Verifier.objects.order_by("-number").values_list("number", flat=True).first() or 1
    return Ed25519PrivateKey.from_private_bytes(keyring.key(KeyKind.SIGNING, number))


def signers() -> list[Signer]:
    """Every public key that ever checked checkpoints, oldest first."""
    rows = list(Verifier.objects.order_by("number"))
    if not rows:
        return [Signer(1, signing_key().public_key().public_bytes_raw(), None, None)]
    ends = [*(row.from_at for row in rows[1:]), None]
    return [
        Signer(row.number, bytes(row.public), row.from_at, end)
        for row, end in zip(rows, ends, strict=True)
    ]
