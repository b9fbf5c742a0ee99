"""Tries of deliveries can only be added."""

from django.db import migrations

from zhengxin.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("officials_messages", "0001_messages")]

    operations = [*append_only("officials_messages_attempt")]
