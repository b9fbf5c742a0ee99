from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("proposals", "0002_contact_files_and_sent_on"),
    ]

    operations = [
        migrations.AddField(
            model_name="cohandler",
            name="duty_id",
            field=models.BigIntegerField(db_index=True, null=True),
        ),
    ]
