"""The master key in the hands of people: given out as shares, taken back from shares."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from zhengxin.kernel.refused import Refused
from zhengxin.ledger.vault import keyring
from zhengxin.ledger.vault.enums import KeyKind
from zhengxin.ledger.vault.models import Key
from zhengxin.ledger.vault.providers import (
    FileKeeper,
    GivenKeeper,
    RawKeeper,
    provider,
    write_key,
)
from zhengxin.ledger.vault.refusals import KeyDestroyed, NoRawKey
from zhengxin.ledger.vault.shares import Share, combine


class OtherKeyThere(Refused):
    """A key file stands where the key of these shares would be written."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("没有写入主密钥：{name}已经存在，但与分片合成的不是同一个。").format(name=name),
            _("分片合成的主密钥能打开本库，原有文件不能。"),
            _("请先把原有文件改名保存，再运行一次。"),
        )


class NotAFile(Refused):
    """A verb about the master key's file where there is none."""

    def __init__(self) -> None:
        super().__init__(
            _("没有写入或删除主密钥文件。"),
            _("现在的设置不用密钥文件（ZHENGXIN_KEY_PROVIDER）。"),
            _("只核对分片，加 --check。"),
        )


def raw_key() -> bytes:
    """The master key itself, tried against the store. Raises Refused, NoRawKey."""
    keyring.check()
    keeper = provider()
    if not isinstance(keeper, RawKeeper):
        raise NoRawKey(keeper.describe())
    return keeper.key()


def key_of(shares: Sequence[Share]) -> bytes:
    """The master key from shares, if it is the one this store is wrapped by.

    Raises ShareWrong, KeyWrong; KeyDestroyed when there is no store to try it against.
    """
    key = combine(shares)
    row = Key.objects.filter(kind=KeyKind.PEPPER).first()
    if row is None:
        raise KeyDestroyed(str(KeyKind.PEPPER.label))
    keyring.unwrapped(GivenKeeper(key), row)
    return key


def restore(key: bytes) -> str:
    """Write the key to its file; again is harmless. Returns where. Raises OtherKeyThere, NotAFile."""
    keeper = _file()
    write_key(keeper.path, key)
    if keeper.key() != key:
        raise OtherKeyThere(str(keeper.path))
    return str(keeper.path)


def take_off_disk(key: bytes) -> str:
    """Delete the file of the key that the shares gave. Returns where it was. Raises NotAFile, OtherKeyThere."""
    keeper = _file()
    if keeper.path.exists() and keeper.key() != key:
        raise OtherKeyThere(str(keeper.path))
    keeper.path.unlink(missing_ok=True)
    return str(keeper.path)


def _file() -> FileKeeper:
    keeper = provider()
    if not isinstance(keeper, FileKeeper):
        raise NotAFile
    return keeper
