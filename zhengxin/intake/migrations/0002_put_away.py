from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='submission',
            name='put_away_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['batch_id'], name='submission_batch'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(condition=models.Q(('put_away_at__isnull', True)), fields=['id'], name='submission_lying_open'),
        ),
    ]
