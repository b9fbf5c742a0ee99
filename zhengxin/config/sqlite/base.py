"""Django's SQLite backend for many writers."""

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite with IMMEDIATE transactions."""
