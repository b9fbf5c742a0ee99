"""Who downloads adverse entries, known by the digest of a key."""

from zhengxin.kernel.digests import sha256_hex
from zhengxin.publication.board.models import RecipientKey


def key_digest(key: str) -> str:
    """What is kept of a recipient's key."""
    return sha256_hex(key.strip().encode())


def recipient(key: str) -> RecipientKey | None:
    """The registered key, if its registration has not ended."""
    found = RecipientKey.objects.using("board").filter(key_digest=key_digest(key), ended_at=None)
    return found.first()


def holder(key: str) -> int | None:
    """Whose key this is or was, None when it is nobody's."""
    found = RecipientKey.objects.using("board").filter(key_digest=key_digest(key))
    return found.values_list("id", flat=True).first()
