"""The database itself keeps cosignatures and sendings append-only."""

from django.db import migrations

from zhengxin.audit.triggers import append_only

TABLES = ("witnesses_cosignature", "witnesses_sending")


class Migration(migrations.Migration):
    dependencies = [("witnesses", "0001_initial")]
    operations = [operation for table in TABLES for operation in append_only(table)]
