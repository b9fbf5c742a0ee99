"""Two files that bring the same record at the same time: the second to be sealed compares again."""

from django.db import connection
from django.utils.translation import gettext as _

from zhengxin.kernel.refused import Refused
from zhengxin.ledger.models import Batch, Seal

_SAME_KEY = """
SELECT 1 FROM ledger_entry AS theirs CROSS JOIN ledger_entry AS ours
WHERE theirs.id BETWEEN %s AND %s AND theirs.key IS NOT NULL
  AND ours.key = theirs.key AND ours.id BETWEEN %s AND %s LIMIT 1
"""


class Overtaken(Refused):
    """Since the drafts were compared with the ledger, one of the same natural keys was sealed."""


def refuse_overtaken(batch: Batch, *, since: int | None) -> None:
    """Raises Overtaken when a batch sealed at position `since` or later shares a natural key with this one."""
    if since is None:
        return
    ours = (batch.first_id, batch.first_id + batch.n - 1)
    newer = Seal.objects.filter(base__gte=since).exclude(pk=batch.pk)
    for first_id, n in newer.values_list("first_id", "n"):
        with connection.cursor() as cursor:
            cursor.execute(_SAME_KEY, [first_id, first_id + n - 1, *ours])
            if cursor.fetchone():
                raise Overtaken(
                    _("同一条记录刚由另一份文件入账。"),
                    _("两份文件同时报送了相同的文书。"),
                    _("本批会自动重新比对后再入账。"),
                )
