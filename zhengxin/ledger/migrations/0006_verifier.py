"""Public keys of the log that were in force one after the other."""

from django.db import migrations, models

from zhengxin.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_no_subject_index")]

    operations = [
        migrations.CreateModel(
            name="Verifier",
            fields=[
                ("number", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("public", models.BinaryField(max_length=32)),
                ("from_at", models.DateTimeField(null=True)),
            ],
        ),
        *append_only("ledger_verifier"),
    ]
