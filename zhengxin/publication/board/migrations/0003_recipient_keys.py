"""The board keeps a recipient's key only; name, contact and purpose go to the main store. What
recipients take leaves a line that cannot be changed."""

from typing import Any

from django.db import connections, migrations, models

from zhengxin.audit.triggers import append_only

_COLUMNS = "id, name, contact, purpose, key_digest, registered_at, ended_at"


def _hand_over(apps: Any, editor: Any) -> None:
    """Into publication_recipient, which the main store's own migration made before."""
    with editor.connection.cursor() as board:
        board.execute(f"SELECT {_COLUMNS} FROM board_recipient ORDER BY id")
        rows = board.fetchall()
    if not rows:
        return
    main = connections["default"]
    places = ", ".join(["%s"] * 7)
    with main.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO publication_recipient ({_COLUMNS}) VALUES ({places}) "
            "ON CONFLICT (id) DO NOTHING",
            rows,
        )
        if main.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('publication_recipient', 'id'), "
                "(SELECT max(id) FROM publication_recipient))"
            )


class Migration(migrations.Migration):
    dependencies = [("board", "0002_year")]

    operations = [
        migrations.RunPython(_hand_over),
        migrations.RenameModel("Recipient", "RecipientKey"),
        migrations.RemoveField("recipientkey", "name"),
        migrations.RemoveField("recipientkey", "contact"),
        migrations.RemoveField("recipientkey", "purpose"),
        migrations.RemoveField("recipientkey", "registered_at"),
        migrations.CreateModel(
            name="BoardTaking",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("recipient_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("asked", models.CharField(max_length=8)),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField()),
                ("n", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["recipient_id", "id"], name="board_taking")],
            },
        ),
        *append_only("board_boardtaking"),
    ]
