from typing import Any

from django.db import migrations

from zhengxin.subjects.types import without_number


def rekey(apps: Any, schema_editor: Any) -> None:
    """Keys written before bear no number of a person either, so that decisions about them are found."""
    rows = apps.get_model("subjects", "Judgement").objects.using(schema_editor.connection.alias)
    for pk, key in rows.values_list("pk", "mention").iterator(chunk_size=5000):
        if (bare := without_number(key)) != key:
            rows.filter(pk=pk).update(mention=bare)


class Migration(migrations.Migration):
    dependencies = [("subjects", "0001_initial")]

    operations = [migrations.RunPython(rekey, migrations.RunPython.noop)]
