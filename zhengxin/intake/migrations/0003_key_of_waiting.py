from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0002_put_away'),
    ]

    operations = [
        migrations.AddField(
            model_name='waitingrecord',
            name='key',
            field=models.BigIntegerField(null=True),
        ),
    ]
