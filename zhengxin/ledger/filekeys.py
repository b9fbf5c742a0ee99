"""One erasable key for the kept files of a submission, in the key store beside the entries' secrets."""

import hmac
import secrets as random
from datetime import datetime

from django.utils.translation import gettext as _

from zhengxin.kernel.refused import Refused
from zhengxin.ledger.keys import pepper
from zhengxin.ledger.vault.models import FileKey


class FilesErased(Refused):
    """The key of a submission's files was destroyed."""

    def __init__(self) -> None:
        super().__init__(
            _("这一批报送的文件打不开。"),
            _("文件的密钥已经销毁。"),
            _("需要原表的，请报送单位提供。"),
        )


def make_file_key(submission_id: int) -> tuple[int, bytes]:
    """The number of a fresh key and its 32 bytes."""
    secret = random.token_bytes(32)
    made = FileKey.objects.create(submission_id=submission_id, secret=secret)
    return made.pk, _derived(secret)


def file_key(key_id: int) -> bytes:
    """The 32 bytes of a key. Raises FilesErased."""
    found = FileKey.objects.filter(pk=key_id, secret__isnull=False).first()
    if found is None or found.secret is None:
        raise FilesErased
    return _derived(bytes(found.secret))


def destroy_file_keys(submission_id: int, *, keep: int, at: datetime) -> None:
    """Destroy every key of the submission but this one; again is harmless."""
    left = FileKey.objects.filter(submission_id=submission_id, secret__isnull=False)
    left.exclude(pk__in=[keep]).update(secret=None, erased_at=at)


def _derived(secret: bytes) -> bytes:
    # The pepper stays as long as the register does, whatever the epochs of the secrets.
    return hmac.digest(pepper(), secret + b"file", "sha256")
