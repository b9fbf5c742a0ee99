"""Signatures can only grow."""

from django.db import migrations

from zhengxin.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_factors_and_signatures")]

    operations = [*append_only("accounts_signature")]
