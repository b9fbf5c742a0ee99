"""The three keys outside the database: they encrypt payloads, sign checkpoints, hash identifiers."""

import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext as _

from zhengxin.kernel.refused import Refused
from zhengxin.ledger.models import Batch

LOG_NAME = "zhengxin/ledger"
# Made together at first use, so that a missing one always means a loss.
_NAMES = ("master.key", "pepper.key", "log.ed25519")


class KeyMissing(Refused):
    """A key file is gone although the ledger already rests on it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("账本密钥文件 {name} 不存在。").format(name=path.name),
            _("账本中已有内容，不能另造密钥代替。"),
            _("请从备份恢复该文件后重试。"),
        )


def master_key() -> bytes:
    """32 bytes from which, with an entry's secret, its data key is derived."""
    return _key("master.key")


def pepper() -> bytes:
    """32 bytes that key the hashes of identity numbers and natural keys."""
    return _key("pepper.key")


def signing_key() -> Ed25519PrivateKey:
    """The key that signs checkpoints."""
    return Ed25519PrivateKey.from_private_bytes(_key("log.ed25519"))


def missing() -> list[str]:
    """Names of key files that are gone although the ledger rests on them; all there before the first entry."""
    folder = Path(settings.KEYS_DIR)
    gone = [name for name in _NAMES if not (folder / name).exists()]
    return gone if gone and Batch.objects.exists() else []


def _key(name: str) -> bytes:
    path = Path(settings.KEYS_DIR) / name
    if not path.exists():
        if Batch.objects.exists():
            raise KeyMissing(path)
        for each in _NAMES:
            _make(path.with_name(each))
    return _read(path, path.stat().st_ino)


def _make(path: Path) -> None:
    """Write a fresh key whole or not at all; of two makers the first one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    place = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(place, "w") as stream:
        stream.write(secrets.token_hex(32) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


@lru_cache(maxsize=16)
def _read(path: Path, inode: int) -> bytes:
    return bytes.fromhex(path.read_text().strip())
