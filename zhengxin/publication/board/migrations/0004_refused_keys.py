"""A key that was refused leaves a line, too; whose it was may be unknown."""

from django.db import migrations, models

from zhengxin.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("board", "0003_recipient_keys")]

    operations = [
        migrations.AlterField("boardtaking", "recipient_id", models.BigIntegerField(null=True)),
        *append_only("board_boardtaking"),
    ]
