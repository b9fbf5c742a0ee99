"""Secrets are wrapped by the key of an epoch, and the few keys are kept wrapped by the master key."""

import django.db.models.functions.datetime
from django.db import migrations, models

from zhengxin.audit.triggers import append_only

SAME = "NEW.entry_id = OLD.entry_id AND OLD.secret IS NOT NULL"
SECRET = (
    f"{SAME} AND (NEW.secret IS NULL OR (NEW.erased_at IS NULL AND NEW.erased_because = OLD.erased_because "
    "AND NEW.epoch > COALESCE(OLD.epoch, 0) AND NEW.origin = COALESCE(OLD.origin, 1)))"
)
KEY = (
    "NEW.id = OLD.id AND NEW.kind = OLD.kind AND NEW.number = OLD.number AND NEW.suite = OLD.suite "
    "AND NEW.digest = OLD.digest AND NEW.made_at = OLD.made_at AND OLD.wrapped IS NOT NULL"
)


class Migration(migrations.Migration):
    dependencies = [("vault", "0002_append_only")]

    operations = [
        migrations.AddField("secret", "epoch", models.SmallIntegerField(null=True)),
        migrations.AddField("secret", "origin", models.SmallIntegerField(null=True)),
        # The column has no length in either database: nothing to write again.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "secret", "secret", models.BinaryField(max_length=60, null=True)
                )
            ]
        ),
        migrations.AddIndex(
            "secret",
            models.Index(
                condition=models.Q(("epoch__isnull", True), ("secret__isnull", False)),
                fields=["entry_id"],
                name="secret_bare",
            ),
        ),
        *append_only("vault_secret", allow_update_when=SECRET),
        migrations.CreateModel(
            name="Key",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("wrapping", "包裹密钥"),
                            ("deriving", "派生密钥"),
                            ("pepper", "证号摘要密钥"),
                            ("signing", "检查点签名密钥"),
                        ],
                        max_length=16,
                    ),
                ),
                ("number", models.SmallIntegerField()),
                ("suite", models.CharField(max_length=16)),
                ("wrapped", models.BinaryField(null=True)),
                ("digest", models.BinaryField(max_length=16)),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "wrapped_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("wrapped_by", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "number"), name="key_of_a_kind")
                ]
            },
        ),
        *append_only("vault_key", allow_update_when=KEY),
    ]
