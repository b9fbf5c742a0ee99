"""The accounts that stand in the register of the invented county, as they are written there."""

from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from zhengxin.accounts.types import InventedAccount
from zhengxin.kernel.actor import Role
from zhengxin.kernel.refused import Refused


class NotInvented(Refused):
    """Only the register of an invented county may carry accounts and passwords."""


def read_accounts(register: Path) -> list[InventedAccount]:
    """The accounts named in a register. Raises NotInvented when the county is a real one."""
    content = yaml.safe_load(register.read_text(encoding="utf-8"))
    accounts = content.get("accounts") or []
    if accounts and content["county"].get("invented") is not True:
        raise NotInvented(
            _("账号没有导入。"),
            _("真实县的登记册不能带账号和密码。"),
            _("请删去登记册中的账号，用命令行逐个开通。"),
        )
    return [
        InventedAccount(
            username=each["username"],
            name=each["name"],
            password=each["password"],
            unit=each["unit"],
            role=each["role"],
            role_label=Role(each["role"]).label,
        )
        for each in accounts
    ]
