"""The database itself refuses to change what was recorded."""

import pytest
from django.db import IntegrityError, connections, transaction

ROWS = {
    "ledger_batch": "(id, digest, first_id, n, known_at, reserved_at, actor_name) VALUES "
    "(1, 'd', 1, 1, '2026-01-01', '2026-01-01', 'a')",
    "ledger_entry": "(id, batch_id, kind, known_at, trait, commitment, leaf) VALUES "
    "(1, 1, 'penalty', '2026-01-01', '', '', '')",
    "ledger_payload": "(entry_id, ciphertext) VALUES (1, '')",
    "ledger_seal": "(batch_id, base, n, first_id, root, frontier, sealed_at) VALUES "
    "(1, 0, 1, 1, '', '', '2026-01-01')",
    "ledger_node": "(id, level, index, hash) VALUES (1, 1, 0, '')",
    "ledger_logname": "(number, name, named_at) VALUES (1, 'zhengxin/990121/0', '2026-01-01')",
    "ledger_checkpoint": "(id, size, root, note, signed_at) VALUES (1, 1, '', '', '2026-01-01')",
}
FIRST_COLUMN = {table: row[1:].split(",")[0].rstrip(")") for table, row in ROWS.items()}


def refused(alias, statement):
    with (
        pytest.raises(IntegrityError, match=r"不可(修改|删除|清空)"),
        transaction.atomic(using=alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(ROWS))
def test_ledger_tables_take_rows_and_keep_them(table):
    columns = ROWS[table].replace("index", '"index"')
    with connections["default"].cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} {columns}")
    key = FIRST_COLUMN[table]
    refused("default", f"UPDATE {table} SET {key} = {key}")
    refused("default", f"DELETE FROM {table}")
    if connections["default"].vendor == "sqlite":
        refused("default", f"INSERT OR REPLACE INTO {table} {columns}")
    else:
        refused("default", f"TRUNCATE {table}")


@pytest.mark.django_db(databases=["keys"])
def test_a_secret_can_only_be_erased_and_only_once():
    with connections["keys"].cursor() as cursor:
        cursor.execute("INSERT INTO vault_secret VALUES (1, 'abc', NULL, '', 1, 1)")
        cursor.execute("INSERT INTO vault_secret VALUES (2, 'abc', NULL, '', NULL, NULL)")
    refused("keys", "DELETE FROM vault_secret")
    refused("keys", "UPDATE vault_secret SET secret = 'x'")
    refused("keys", "UPDATE vault_secret SET entry_id = 5, secret = NULL WHERE entry_id = 1")
    refused("keys", "UPDATE vault_secret SET erased_because = 'x'")
    with connections["keys"].cursor() as cursor:
        cursor.execute("UPDATE vault_secret SET secret = NULL, erased_because = 'y'")
    refused("keys", "UPDATE vault_secret SET secret = NULL")
    refused("keys", "UPDATE vault_secret SET secret = 'x'")


@pytest.mark.django_db(databases=["keys"])
def test_a_secret_can_only_be_wrapped_anew_forwards():
    with connections["keys"].cursor() as cursor:
        cursor.execute("INSERT INTO vault_secret VALUES (1, 'abc', NULL, '', 2, 1)")
        cursor.execute("INSERT INTO vault_secret VALUES (2, 'abc', NULL, '', NULL, NULL)")
    refused("keys", "UPDATE vault_secret SET secret = 'x', epoch = 2, origin = 2")
    refused(
        "keys", "UPDATE vault_secret SET secret = 'x', epoch = 1, origin = 1 WHERE entry_id = 1"
    )
    refused(
        "keys", "UPDATE vault_secret SET secret = 'x', epoch = 3, origin = 1, erased_because = 'y'"
    )
    with connections["keys"].cursor() as cursor:
        cursor.execute("UPDATE vault_secret SET secret = 'x', epoch = 3, origin = 1")
        cursor.execute("UPDATE vault_secret SET secret = NULL")
    refused("keys", "UPDATE vault_secret SET secret = 'x', epoch = 4, origin = 1")


@pytest.mark.django_db(databases=["keys"])
def test_a_key_can_only_be_wrapped_anew_or_destroyed():
    now = "CURRENT_TIMESTAMP"
    with connections["keys"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO vault_key (kind, number, suite, wrapped, digest, made_at, wrapped_at, wrapped_by) "
            f"VALUES ('wrapping', 1, 'sm4-gcm', 'abc', 'def', {now}, {now}, 'file')"
        )
    for change in ("kind = 'pepper'", "number = 2", "suite = 'none'", "digest = 'x'"):
        refused("keys", f"UPDATE vault_key SET {change}")
    refused("keys", "DELETE FROM vault_key")
    with connections["keys"].cursor() as cursor:
        cursor.execute("UPDATE vault_key SET wrapped = 'xyz', wrapped_by = 'other'")
        cursor.execute("UPDATE vault_key SET wrapped = NULL")
    refused("keys", "UPDATE vault_key SET wrapped = 'xyz'")
