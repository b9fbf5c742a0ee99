"""Wakes Django and brings the three stores up to date; commands call it first."""

import os
import pwd
from datetime import date, datetime
from functools import cache
from pathlib import Path
from pkgutil import iter_modules

import django
from django.utils import timezone

from zhengxin.config.homes import home
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

STORES = ("default", "keys", "board")


@cache
def wake() -> None:
    """Sets Django up once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengxin.config.settings")
    django.setup()


def ready(*, keyless: bool = False) -> None:
    """Django is up, every store has its tables, and the master key is the right one.

    keyless: for what must run without the master key. Raises Refused.
    """
    wake()
    _insist_restored()
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder

    from zhengxin.config.schemas import ensure_schemas, migrate_new

    ensure_schemas()
    # A home of its own: where the main store has tables, one that lost another is not given an empty one.
    if not MigrationRecorder(connections["default"]).applied_migrations():
        for alias in STORES[1:]:
            migrate_new(alias)
    for alias in STORES:
        if not _migrations() <= set(MigrationRecorder(connections[alias]).applied_migrations()):
            _insist_not_lived_in()
            call_command("migrate", database=alias, verbosity=0, interactive=False)
    if not keyless:
        from zhengxin.ledger.vault import keyring

        keyring.check()


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """App and name of every migration there is, told by their files: to load them all takes longer than most commands."""
    from django.apps import apps

    return frozenset(
        (app.label, module.name)
        for app in apps.get_app_configs()
        for module in iter_modules([str(Path(app.path) / "migrations")])
        if not module.name.startswith("_")
    )


def half_restored() -> bool:
    """Whether a backup is being restored into this home, or was until something broke off."""
    return (home() / ".restoring").exists()


def _insist_restored() -> None:
    """A home that is only half there must not be taken for an empty one."""
    if half_restored():
        raise Refused(
            say("没有办理：这个文件夹正在恢复备份，或者恢复到一半停了。"),
            "",
            say("请等它办完；停了的，再运行一次zhengxin restore。"),
        )


def _insist_not_lived_in() -> None:
    """A real county's tables are made new on purpose, with a rehearsal and a way back."""
    from zhengxin.safekeeping.upgrading import lived_in

    if lived_in():
        raise Refused(
            say("没有办理：程序换新了，表还没有更新。"),
            say("真实的县不自动更新：先在副本上演练，再更新，还能退回。"),
            say("请停止服务，运行zhengxin upgrade，再启动。"),
        )


def now() -> datetime:
    """The one place where commands look at the clock."""
    return timezone.now()


def county_day(at: datetime) -> date:
    """The day it is in the county at that moment: the machine's clock may well show another."""
    return timezone.localdate(at)


def at_shell() -> Actor:
    """Whoever typed the command, by the name of the machine's account: the audit log says which."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        # A container may run under a number without a name.
        name = str(os.getuid())
    return Actor.system(say("命令行 {name}", name=name))
