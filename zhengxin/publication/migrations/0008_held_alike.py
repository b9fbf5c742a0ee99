from django.db import migrations, models

# What persons withheld is on the ledger: the table is filled from it anew.
REFILL = (
    "INSERT INTO publication_held (entry_id, key, act_id, unit_id, kind, subject_id, true_on) "
    "SELECT e.id, e.key, MIN(a.id), e.unit_id, e.kind, e.subject_id, e.true_on "
    "FROM ledger_entry a JOIN ledger_entry e ON e.id = a.about_id WHERE a.kind = 'withholding' "
    "GROUP BY e.id, e.key, e.unit_id, e.kind, e.subject_id, e.true_on"
)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_initial"),
        ("publication", "0007_held"),
    ]

    operations = [
        migrations.DeleteModel(name="Held"),
        migrations.CreateModel(
            name="Held",
            fields=[
                ("entry_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.BigIntegerField(null=True)),
                ("act_id", models.BigIntegerField()),
                ("unit_id", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=32)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("true_on", models.DateField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit_id", "kind", "true_on"], name="held_alike")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("withheld", "review")),
                fields=["entry_id"],
                name="notice_under_review",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="withheld",
            field=models.CharField(
                blank=True,
                choices=[
                    ("natural_person", "自然人的记录不公开"),
                    ("public_order", "治安管理处罚记录封存"),
                    ("minor", "轻微失信原则上不公示"),
                    ("period_over", "公示期已满"),
                    ("superseded", "已更正"),
                    ("withdrawn", "已撤回"),
                    ("no_date", "没有决定日期，无法计算公示期"),
                    ("no_rule", "没有公示依据"),
                    ("never", "依规定不在本平台公示"),
                    ("not_released", "文字内容尚未经人工审核"),
                    ("state_secret", "国家秘密"),
                    ("trade_secret", "商业秘密"),
                    ("privacy", "个人隐私"),
                    ("id_number", "公开字段中发现个人的号码或姓名"),
                    ("erased", "内容已依法删除"),
                    ("ungraded", "待认定单位定级"),
                    ("review", "待复核"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunSQL(REFILL, migrations.RunSQL.noop),
    ]
