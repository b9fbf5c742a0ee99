"""The key that signs dispatches: an Ed25519 key in a file, made at first use."""

import os
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext as _

from zhengxin.handover.models import Dispatch
from zhengxin.handover.types import Peer
from zhengxin.kernel.refused import Refused
from zhengxin.ledger.notes import verifier_key

_FILE = "exchange.ed25519"
SIGNER = "zhengxin/exchange"


class SigningKeyMissing(Refused):
    """The key is gone although peers already check signatures by it."""


def signing_key(peer: Peer) -> Ed25519PrivateKey:
    """The key of the description, or the house's own one. Raises SigningKeyMissing."""
    path = Path(settings.KEYS_DIR) / _FILE
    if peer.signing_key:
        path = Path(settings.ZHENGXIN_HOME) / peer.signing_key
    if not path.exists():
        if peer.signing_key or Dispatch.objects.exists():
            raise SigningKeyMissing(
                _("签名密钥文件 {name} 不存在。").format(name=path.name),
                _("对方按原来的公钥核对签名，不能另造一把代替。"),
                _("请从备份恢复该文件；确实丢失的，先与对方约定新公钥，再把新密钥放在原处。"),
            )
        _make(path)
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))


def public_line(peer: Peer) -> str:
    """The line by which the peer checks our signatures."""
    return verifier_key(SIGNER, signing_key(peer).public_key().public_bytes_raw())


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        fresh.unlink()
    place = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(place, "w") as stream:
        stream.write(Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    # Of two makers the first one wins.
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
