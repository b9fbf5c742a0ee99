"""A penalty may be of every kind at once: its trait is longer than PostgreSQL took. SQLite asks no length.

There the table is left alone: to alter it is to write it anew, without its triggers.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def _widen(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE ledger_entry ALTER COLUMN trait TYPE varchar(400)")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_log_name")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(_widen, migrations.RunPython.noop)],
            state_operations=[
                migrations.AlterField("entry", "trait", models.CharField(max_length=400, blank=True))
            ],
        )
    ]
