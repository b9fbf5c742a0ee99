"""Second factors rest on a key of the store."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0004_file_keys")]

    operations = [
        migrations.AlterField(
            model_name="key",
            name="kind",
            field=models.CharField(
                choices=[
                    ("wrapping", "包裹密钥"),
                    ("deriving", "派生密钥"),
                    ("pepper", "证号摘要密钥"),
                    ("factor", "第二因子密钥"),
                    ("signing", "检查点签名密钥"),
                ],
                max_length=16,
            ),
        ),
    ]
