"""A key for the kept files of every submission; it may only be erased, like an entry's secret."""

from django.db import migrations, models

from zhengxin.audit.triggers import append_only

ERASING = "NEW.secret IS NULL AND OLD.secret IS NOT NULL AND NEW.id = OLD.id"


class Migration(migrations.Migration):

    dependencies = [
        ('vault', '0003_wrapped'),
    ]

    operations = [
        migrations.CreateModel(
            name='FileKey',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('submission_id', models.BigIntegerField(db_index=True)),
                ('secret', models.BinaryField(max_length=32, null=True)),
                ('erased_at', models.DateTimeField(null=True)),
            ],
        ),
        *append_only("vault_filekey", allow_update_when=ERASING),
    ]
