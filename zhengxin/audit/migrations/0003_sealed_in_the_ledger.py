"""Lines are sealed in blocks whose roots enter the ledger; past their term they lose their content."""

import django.db.models.expressions
from django.db import migrations, models

from zhengxin.audit.triggers import append_only

# One update passes: the content goes, all of it, under a disposal that covers the line.
DISPOSING = """
OLD.disposal_id IS NULL AND NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.outcome = OLD.outcome
AND NEW.account_id IS NULL AND NEW.actor_name = '' AND NEW.unit_id IS NULL AND NEW.act = ''
AND NEW.object_kind = '' AND NEW.object_id = '' AND NEW.subject_id IS NULL
AND NEW.purpose = '' AND NEW.detail = '{}' AND NEW.salt IS NULL
AND EXISTS (SELECT 1 FROM audit_auditdisposal d
    WHERE d.number = NEW.disposal_id AND OLD.id <= d.last_id
    AND OLD.at < CASE WHEN OLD.outcome = 'read' THEN d.reads_before
                      WHEN OLD.subject_id IS NOT NULL THEN d.subjects_before
                      ELSE d.others_before END)
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.AddField("auditline", "salt", models.BinaryField(max_length=16, null=True)),
        migrations.AddField("auditline", "disposal_id", models.BigIntegerField(null=True)),
        migrations.RemoveIndex("auditline", "audit_at"),
        migrations.AddIndex(
            "auditline", models.Index(fields=["at", "id"], name="audit_moment")
        ),
        migrations.AddIndex(
            "auditline", models.Index(fields=["act", "id"], name="audit_act")
        ),
        migrations.AddIndex(
            "auditline", models.Index(fields=["actor_name", "id"], name="audit_actor")
        ),
        migrations.AddIndex(
            "auditline",
            models.Index(fields=["object_kind", "object_id", "id"], name="audit_object"),
        ),
        migrations.AddIndex(
            "auditline", models.Index(fields=["outcome", "id"], name="audit_outcome")
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first_id", models.BigIntegerField(unique=True)),
                ("last_id", models.BigIntegerField(unique=True)),
                ("n", models.BigIntegerField()),
                ("runs", models.JSONField()),
                ("leaves", models.BinaryField()),
                ("root", models.BinaryField(max_length=32)),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("sealed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="AuditDisposal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("account_id", models.BigIntegerField()),
                ("actor_name", models.CharField(max_length=100)),
                ("reads_before", models.DateTimeField()),
                ("subjects_before", models.DateTimeField()),
                ("others_before", models.DateTimeField()),
                ("last_id", models.BigIntegerField()),
                ("n", models.BigIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("entry_id", models.BigIntegerField(unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="audit_disposal_terms",
                        condition=models.Q(
                            reads_before__lte=django.db.models.expressions.F("subjects_before")
                        )
                        & models.Q(
                            subjects_before__lte=django.db.models.expressions.F("others_before")
                        )
                        & models.Q(others_before__lt=django.db.models.expressions.F("at")),
                        violation_error_message="查询记录的保存期不短于其他记录，未到期的不能清除。",
                    )
                ]
            },
        ),
        *append_only("audit_auditline", allow_update_when=DISPOSING),
        *append_only("audit_auditseal"),
        *append_only("audit_auditdisposal"),
    ]
