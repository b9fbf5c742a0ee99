"""Who downloads adverse entries, known by the digest of a key."""

from zhengxin.kernel.digests import sha256_hex
from zhengxin.publication.board.models import Recipient


def key_digest(key: str) -> str:
    """What is kept of a recipient's key."""
    return sha256_hex(key.strip().encode())


def recipient(key: str) -> Recipient | None:
    """The registered recipient with this key whose registration has not ended."""
    found = Recipient.objects.using("board").filter(key_digest=key_digest(key), ended_at=None)
    return found.first()
