"""The database itself keeps ledger and audit append-only."""

import pytest
from django.apps import apps
from django.db import connections
from django.db.models import Model

from zhengxin.accounts.models import Signature

# Where a follower stands moves; everything else of these rooms only grows.
MUTABLE = {"FollowerCursor"}
GUARDED = [
    (alias, model)
    for label, alias in (
        ("ledger", "default"),
        ("audit", "default"),
        ("vault", "keys"),
        ("witnesses", "default"),
    )
    for model in apps.get_app_config(label).get_models()
    if model.__name__ not in MUTABLE
] + [("default", Signature)]


def triggers(alias: str, table: str) -> set[str]:
    """Names of the triggers on a table."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
            )
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid "
                "WHERE NOT tgisinternal AND c.relname = %s",
                [table],
            )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(databases=["default", "keys"])
@pytest.mark.parametrize(
    ("alias", "model"), GUARDED, ids=lambda each: getattr(each, "__name__", each)
)
def test_every_table_of_ledger_and_audit_refuses_change(alias: str, model: type[Model]) -> None:
    table = model._meta.db_table
    verbs = ["update", "delete"]
    if connections[alias].vendor == "postgresql":
        verbs.append("truncate")
    assert {f"{table}_no_{verb}" for verb in verbs} <= triggers(alias, table)


@pytest.mark.django_db(databases=["default", "keys"])
def test_sqlite_cannot_slip_through_replace() -> None:
    for alias in ("default", "keys"):
        if connections[alias].vendor != "sqlite":
            continue
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers")
            assert cursor.fetchone() == (1,)
            cursor.execute("PRAGMA foreign_keys")
            assert cursor.fetchone() == (1,)
