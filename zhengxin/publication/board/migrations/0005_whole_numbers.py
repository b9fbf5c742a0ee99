from django.db import migrations

from zhengxin.publication.board.spelling import grams, number_parts

AT_ONCE = 2000


def find_whole_numbers(apps, schema_editor):
    """Document numbers without a serial in parts become prefixes of their own, so that a search finds them."""
    items, prefixes, pairs = (
        apps.get_model('board', name).objects.using(schema_editor.connection.alias)
        for name in ('BoardItem', 'BoardPrefix', 'BoardGram')
    )
    last = 0
    while True:
        odd = items.filter(entry_id__gt=last, document_serial=None).exclude(document_number='')
        some = list(odd.order_by('entry_id').only('entry_id', 'document_number', 'prefix_id')[:AT_ONCE])
        if not some:
            return
        for item in some:
            prefix, made = prefixes.get_or_create(text=number_parts(item.document_number)[0])
            item.prefix_id = prefix.pk
            if made:
                model = pairs.model
                pairs.bulk_create(
                    [model(of='prefix', gram=gram, ref_id=prefix.pk) for gram in sorted(grams([prefix.text]))],
                    ignore_conflicts=True,
                )
        items.bulk_update(some, ['prefix_id'])
        last = some[-1].entry_id


class Migration(migrations.Migration):

    dependencies = [
        ('board', '0004_refused_keys'),
    ]

    operations = [
        migrations.RunPython(find_whole_numbers, migrations.RunPython.noop),
    ]
