"""The audit log can only grow."""

from django.db import migrations

from zhengxin.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [*append_only("audit_auditline")]
