"""The database itself keeps the ledger append-only."""

from django.db import migrations

from zhengxin.audit.triggers import append_only

TABLES = (
    "ledger_batch",
    "ledger_entry",
    "ledger_payload",
    "ledger_seal",
    "ledger_node",
    "ledger_checkpoint",
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [operation for table in TABLES for operation in append_only(table)]
