"""What is said when keys are missing, wrong or carelessly kept."""

from django.utils.translation import gettext as _

from zhengxin.kernel.refused import Refused


class KeyMissing(Refused):
    """A key is gone although content already rests on it."""

    def __init__(self, name: str, wanted: str = "") -> None:
        self.name = name
        super().__init__(
            _("没有找到主密钥：{name}。").format(name=name),
            _("已有内容的库不能另造密钥代替；本库的密钥由“{wanted}”包裹。").format(wanted=wanted)
            if wanted
            else _("已有内容的库不能另造密钥代替。"),
            _(
                "请从备份恢复该文件，或由保管人运行 zhengxin keys combine 合成；"
                "不留密钥文件的，用 zhengxin keys unlock 启动；密钥改放别处的，请核对 ZHENGXIN_KEY_PROVIDER。"
            ),
        )


class KeyWrong(Refused):
    """A master key that does not open what is wrapped here."""

    def __init__(self, given: str, wanted: str) -> None:
        super().__init__(
            _("主密钥与本库不符，没有执行。"),
            _("现在给出的是：{given}；本库的密钥由“{wanted}”包裹。").format(
                given=given, wanted=wanted
            ),
            _(
                "请放回指纹相符的主密钥，或由保管人运行 zhengxin keys combine 合成；"
                "库是从轮换前的备份恢复的，要用当时的主密钥。请勿删除或新造密钥文件。"
            ),
        )


class KeyMalformed(Refused):
    """A master key that is not 64 hexadecimal digits."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("主密钥无法读取：{name}。").format(name=name),
            _("主密钥应是64位十六进制数，文件可能已损坏或没有读取权限。"),
            _("请从备份恢复，或由保管人运行 zhengxin keys combine 合成。"),
        )


class KeyExposed(Refused):
    """A key file that others on this machine can read."""

    def __init__(self, name: str, mode: int) -> None:
        super().__init__(
            _("密钥文件 {name} 的权限是{mode}，没有读取。").format(name=name, mode=f"{mode:03o}"),
            _("本机其他用户可以读到它。"),
            _(
                "请运行 chmod 600 {name}；曾被他人读过的，随后运行 zhengxin keys rotate-master。"
            ).format(name=name),
        )


class ProviderFailed(Refused):
    """The outside keeper of the master key did not answer as it should."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            _("主密钥的保管方没有给出结果：{name}。").format(name=name),
            why,
            _("请检查密码设备或外部程序后重试；设置见 ZHENGXIN_KEY_PROVIDER。"),
        )


class ProviderUnknown(Refused):
    """A setting that names no keeper of the master key."""

    def __init__(self, spec: str) -> None:
        super().__init__(
            _("没有名为“{spec}”的主密钥保管方式。").format(spec=spec),
            _("可以写 file、environment、command 或一个 Python 类的完整路径。"),
            _("请改正 ZHENGXIN_KEY_PROVIDER，写法见 docs/how-to/keys.md。"),
        )


class SuiteUnknown(Refused):
    """A setting that names no ciphers."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("没有名为“{name}”的密码算法组。").format(name=name),
            _("可以写 aes-256-gcm 或 sm4-gcm。"),
            _("请改正 ZHENGXIN_KEY_SUITE。"),
        )


class NoRawKey(Refused):
    """The master key lies in a device that does not give it out."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("主密钥不能拆分或取出：{name}。").format(name=name),
            _("密钥在外部装置中，程序拿不到。"),
            _("请按该装置自己的办法备份和分管。"),
        )


class KeyDestroyed(Refused):
    """A key that was destroyed when it was no longer needed, yet something still names it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("密钥“{name}”已经销毁或不存在。").format(name=name),
            _("密钥库可能不完整，或与主库不是同一时间的备份。"),
            _("请恢复同一时间的两个库，再运行 zhengxin ledger verify --payloads 核验。"),
        )
