from django.db import migrations, models

from zhengxin.audit.triggers import append_only


class Migration(migrations.Migration):

    dependencies = [
        ("proposals", "0001_proposals"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="files",
            field=models.JSONField(default=list),
        ),
        *append_only("proposals_contact"),
    ]
