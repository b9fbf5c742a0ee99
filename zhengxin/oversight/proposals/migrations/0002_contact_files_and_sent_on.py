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
        migrations.AddIndex(
            model_name="handling",
            index=models.Index(fields=["sent_on"], name="proposal_sent_on"),
        ),
        *append_only("proposals_contact"),
    ]
