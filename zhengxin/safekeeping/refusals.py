"""Why a backup is not made or not restored."""

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say


class BackupRefused(Refused):
    """A backup that cannot be made."""


class RestoreRefused(Refused):
    """A backup that cannot be restored; nothing was changed."""


class Damaged(RestoreRefused):
    """Bytes that are not those that were backed up."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            say("没有恢复：{name}不完整或被改过。", name=name),
            why,
            say("请换另一份介质上的同一份备份，或更早的一份。"),
        )


class WrongIdentity(RestoreRefused):
    """The identity does not open the archive."""

    def __init__(self) -> None:
        super().__init__(
            say("没有恢复：备份私钥打不开这份备份。"),
            say("这份备份不是加密给这个私钥的。"),
            say("请核对私钥文件；换过私钥的，用备份那时的私钥。"),
        )
