"""The name of the log, fixed when a county is opened; what each key said of the next one."""

from django.db import migrations, models

from zhengxin.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_verifier")]

    operations = [
        migrations.CreateModel(
            name="LogName",
            fields=[
                ("number", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("named_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number", 1)),
                        name="log_name_once",
                        violation_error_message="登记簿只有一个名称，定了不能再改。",
                    )
                ],
            },
        ),
        *append_only("ledger_logname"),
        migrations.AddField("verifier", "announcement", models.TextField(null=True)),
    ]
