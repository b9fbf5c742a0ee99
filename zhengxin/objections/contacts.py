"""Who objects and how to reach them, at rest; and the digest by which an objector is known again."""

import json
import os
from dataclasses import asdict

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhengxin.accounts.sealing import stored_digest
from zhengxin.kernel.names import fold_name
from zhengxin.ledger.vault import keyring
from zhengxin.ledger.vault.enums import KeyKind
from zhengxin.objections.enums import ObjectorKind
from zhengxin.objections.models import Objection
from zhengxin.objections.types import Objector

_NONCE = 12


def _key() -> bytes:
    return keyring.made(KeyKind.CONTACT, "aes-256-gcm")


def seal(objector: Objector, about: str) -> bytes:
    """Encrypted for the objection whose code has the digest `about`."""
    nonce = os.urandom(_NONCE)
    plain = json.dumps(asdict(objector), ensure_ascii=False).encode()
    return nonce + AESGCM(_key()).encrypt(nonce, plain, about.encode())


def objector_of(row: Objection) -> Objector:
    """Who objects. For whoever handles the case; the caller asked."""
    sealed = bytes(row.contact)
    plain = AESGCM(_key()).decrypt(sealed[:_NONCE], sealed[_NONCE:], row.code_digest.encode())
    return Objector(**json.loads(plain))


def objector_key(objector: Objector) -> str:
    """The same objector gives the same digest: a unit by its number, others by name and code, or name and phone."""
    if objector.kind == ObjectorKind.UNIT:
        return stored_digest(f"objector unit {objector.unit_id}")
    told_apart = objector.code.strip().upper() or "".join(filter(str.isdigit, objector.phone))
    return stored_digest(f"objector {fold_name(objector.name)} {told_apart}")
