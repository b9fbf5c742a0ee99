from django.db import migrations
from django.utils import timezone


def passwords_begin_now(apps, editor):
    """When the passwords of before were set is not known: their time begins with this step."""
    accounts = apps.get_model("accounts", "Account").objects
    accounts.exclude(password__startswith="!").update(password_set_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_sessions_and_delegations'),
    ]

    operations = [
        migrations.RunPython(passwords_begin_now, migrations.RunPython.noop),
    ]
