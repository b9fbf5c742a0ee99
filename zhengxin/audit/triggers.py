"""Append-only tables: the database itself refuses to change or remove a row, on both engines.

Django rebuilds a SQLite table when a column changes and drops its triggers with it: a migration
that alters a guarded table must end with `append_only(table)` again.
"""

from typing import Any

from django.db import router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

_REFUSALS = {
    "update": "不可修改：表 {table} 中的内容只能新增，更正请另行追加。",
    "delete": "不可删除：表 {table} 中的内容只能新增。",
    "truncate": "不可清空：表 {table} 中的内容只能新增。",
}


class AppendOnly(RunPython):
    """The operation that guards a table; it says which, so that a check can ask whether the guard still stands."""

    def __init__(self, table: str, allowed: str | None) -> None:
        super().__init__(
            lambda apps, editor: _run(editor, _create(editor, table, allowed)),
            lambda apps, editor: _run(editor, _drop(editor, table)),
        )
        self.table = table
        self._allowed = allowed

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Without the models of the state: to render them all for every trigger is what made a new home slow."""
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            _run(schema_editor, _create(schema_editor, self.table, self._allowed))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Likewise."""
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            _run(schema_editor, _drop(schema_editor, self.table))


def append_only(table: str, allow_update_when: str | None = None) -> list[AppendOnly]:
    """Migration operations that make `table` refuse UPDATE and DELETE (PostgreSQL: also TRUNCATE).

    allow_update_when: an SQL condition over OLD and NEW in words both engines know; an update for
    which it is true passes. A refusal is an IntegrityError that carries a Chinese sentence.
    """
    return [AppendOnly(table, allow_update_when)]


def _run(editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    for statement in statements:
        editor.execute(statement, params=None)


def _create(editor: Any, table: str, allowed: str | None) -> list[str]:
    if editor.connection.vendor == "sqlite":
        condition = f"WHEN (({allowed}) IS NOT TRUE)" if allowed else ""
        return [
            *_drop(editor, table),
            *(
                f'CREATE TRIGGER "{table}_no_{verb}" BEFORE {verb.upper()} ON "{table}" FOR EACH ROW '
                f"{condition if verb == 'update' else ''} BEGIN "
                f"SELECT RAISE(ABORT, '{_REFUSALS[verb].format(table=table)}'); END"
                for verb in ("update", "delete")
            ),
        ]
    statements = _drop(editor, table)
    for verb, refusal in _REFUSALS.items():
        each = "STATEMENT" if verb == "truncate" else "ROW"
        # In the function, not in WHEN, where PostgreSQL allows no look at another table.
        passing = (
            f"IF ({allowed}) THEN RETURN NEW; END IF; " if allowed and verb == "update" else ""
        )
        statements += [
            f'CREATE FUNCTION "{table}_no_{verb}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
            f"{passing}RAISE EXCEPTION '{refusal.format(table=table)}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f'CREATE TRIGGER "{table}_no_{verb}" BEFORE {verb.upper()} ON "{table}" '
            f'FOR EACH {each} EXECUTE FUNCTION "{table}_no_{verb}"()',
        ]
    return statements


def _drop(editor: Any, table: str) -> list[str]:
    if editor.connection.vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{table}_no_{verb}"' for verb in ("update", "delete")]
    statements = []
    for verb in _REFUSALS:
        statements += [
            f'DROP TRIGGER IF EXISTS "{table}_no_{verb}" ON "{table}"',
            f'DROP FUNCTION IF EXISTS "{table}_no_{verb}"()',
        ]
    return statements
