"""A secret may only be erased: set to NULL once, with its time and reason."""

from django.db import migrations

from zhengxin.audit.triggers import append_only

ERASING = "NEW.secret IS NULL AND OLD.secret IS NOT NULL AND NEW.entry_id = OLD.entry_id"


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]
    operations = append_only("vault_secret", allow_update_when=ERASING)
