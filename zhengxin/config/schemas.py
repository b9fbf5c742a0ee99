"""On PostgreSQL each store is a schema of its own, which must exist before its tables."""

from django.db import connections

from zhengxin.config.homes import STORE_SCHEMAS


def ensure_schemas(*aliases: str) -> None:
    """Create the schemas of these stores (default: all) where they are missing. SQLite needs none."""
    for alias in aliases or STORE_SCHEMAS:
        connection = connections[alias]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                name = connection.ops.quote_name(STORE_SCHEMAS[alias])
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")
