"""On PostgreSQL each store is a schema of its own, which must exist before its tables."""

from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor

from zhengxin.config.homes import STORE_SCHEMAS


def ensure_schemas(*aliases: str) -> None:
    """Create the schemas of these stores (default: all) where they are missing. SQLite needs none."""
    for alias in aliases or STORE_SCHEMAS:
        connection = connections[alias]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                name = connection.ops.quote_name(STORE_SCHEMAS[alias])
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")


def migrate_new(alias: str) -> None:
    """The tables of a store that has none yet, by the migrations of its own rooms alone.

    The others' do nothing in it: they are noted as done, not gone through one by one, which took most of the time.
    """
    connection = connections[alias]
    executor = MigrationExecutor(connection)
    if executor.loader.applied_migrations:
        return
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    own = [step for step in plan if router.allow_migrate(alias, step[0].app_label)]
    executor.migrate([], plan=own)
    for migration, _backwards in plan:
        if not router.allow_migrate(alias, migration.app_label):
            executor.recorder.record_applied(migration.app_label, migration.name)
