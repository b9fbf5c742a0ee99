from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('entry_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('act_id', models.BigIntegerField()),
                ('decided_at', models.DateTimeField()),
                ('forgotten_at', models.DateTimeField(null=True)),
                ('cleaned_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('cleaned_at__isnull', True)), fields=['entry_id'], name='erasure_pending')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('on', models.CharField(choices=[('entry', '一条记录'), ('subject', '一个主体的全部记录'), ('submission', '一批报送的全部记录')], max_length=12)),
                ('target_id', models.BigIntegerField()),
                ('legal_basis', models.CharField(max_length=200)),
                ('because', models.CharField(max_length=400)),
                ('placed_at', models.DateTimeField()),
                ('placed_by', models.BigIntegerField()),
                ('placed_by_name', models.CharField(max_length=100)),
                ('begins_on', models.DateField()),
                ('until', models.DateField(null=True)),
                ('act_id', models.BigIntegerField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.BigIntegerField(null=True)),
                ('lifted_by_name', models.CharField(blank=True, max_length=100)),
                ('lifted_because', models.CharField(blank=True, max_length=400)),
                ('lift_act_id', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['on', 'target_id'], name='hold_target'), models.Index(fields=['lifted_at', '-id'], name='hold_standing')],
                'constraints': [models.CheckConstraint(condition=models.Q(('lifted_by__isnull', True), models.Q(('lifted_by', models.F('placed_by')), _negated=True), _connector='OR'), name='hold_lifted_by_another', violation_error_message='保全由另一人解除。'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('begins_on')), _connector='OR'), name='hold_in_order', violation_error_message='保全的结束日期早于开始日期。')],
            },
        ),
    ]
