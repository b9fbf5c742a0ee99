"""Which store a model lives in: the key store, the board, or the main database."""

from typing import Any

STORES = {"vault": "keys", "board": "board"}


class StoreRouter:
    """Sends each app to its own database and keeps migrations there."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return STORES.get(model._meta.app_label, "default")

    db_for_write = db_for_read

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return self.db_for_read(type(first)) == self.db_for_read(type(second))

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return STORES.get(app_label, "default") == db
