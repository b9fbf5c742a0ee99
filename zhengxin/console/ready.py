"""Wakes Django and brings the three stores up to date; commands call it first."""

import os
from datetime import datetime
from functools import cache

import django
from django.utils import timezone

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
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from zhengxin.config.schemas import ensure_schemas

    ensure_schemas()
    for alias in STORES:
        executor = MigrationExecutor(connections[alias])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", database=alias, verbosity=0, interactive=False)
    if not keyless:
        from zhengxin.ledger.vault import keyring

        keyring.check()


def now() -> datetime:
    """The one place where commands look at the clock."""
    return timezone.now()
