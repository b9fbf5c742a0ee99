"""The accounts that stand in the register of the invented county, and the second factors that go with them."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts.actions import give_post, open_account
from zhengxin.accounts.enums import FactorKind
from zhengxin.accounts.factor_queries import invented_secret
from zhengxin.accounts.models import Account, Factor
from zhengxin.accounts.reading import NotInvented as NotInvented
from zhengxin.accounts.reading import read_accounts as read_accounts
from zhengxin.accounts.rules import needs_factor
from zhengxin.accounts.sealing import seal
from zhengxin.accounts.types import InventedAccount
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import Refused
from zhengxin.subjects.queries import unit_by_name


def _hashed(accounts: list[InventedAccount]) -> list[str]:
    """Each password with a salt of its own; slow on purpose, so every core takes its share."""
    for each in accounts:
        validate_password(each.password)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return list(pool.map(make_password, (each.password for each in accounts)))


def open_invented_accounts(
    *, register: Path, from_on: date, at: datetime, actor: Actor
) -> list[Account]:
    """Open the register's accounts with their posts from a day on; those that exist stay as they are."""
    present = set(Account.objects.values_list("username", flat=True))
    missing = [each for each in read_accounts(register) if each.username not in present]
    opened: list[Account] = []
    for each, hashed in zip(missing, _hashed(missing), strict=True):
        unit = unit_by_name(each.unit, timezone.localdate(at))
        if unit is None:
            raise Refused(
                _("账号没有导入。"),
                _("登记册中没有单位“%(unit)s”。") % {"unit": each.unit},
                _("请核对登记册。"),
            )
        with transaction.atomic():
            account = open_account(
                username=each.username,
                name=each.name,
                password=None,
                invented=True,
                at=at,
                actor=actor,
            )
            account.password, account.password_set_at = hashed, at
            account.save(update_fields=["password", "password_set_at"])
            if needs_factor([Role(each.role)]):
                Factor.objects.create(
                    account=account,
                    kind=FactorKind.TOTP,
                    name=_("示例验证器"),
                    secret=seal(invented_secret(each.username).encode(), about=f"{account.pk}"),
                    invented=True,
                    created_at=at,
                    confirmed_at=at,
                )
            give_post(
                account_id=account.pk,
                unit_id=unit.id,
                role=each.role,
                from_on=from_on,
                at=at,
                actor=actor,
            )
        opened.append(account)
    return opened
