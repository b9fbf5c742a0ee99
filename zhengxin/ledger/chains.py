"""Entries that bear the content of one record: what it corrected, what corrected it, and its other arrivals."""

from collections.abc import Iterable

from django.db.models import Q

from zhengxin.ledger.enums import Act
from zhengxin.ledger.models import Entry
from zhengxin.ledger.tree import sealed_entries
from zhengxin.ledger.vault.models import Secret

_AT_ONCE = 500


def chain_of(entries: Iterable[Entry]) -> list[Entry]:
    """These records with all that are tied to them, by correction or by the same natural key, oldest first.

    A withdrawn arrival of the same document is among them: its content is in the ledger still.
    """
    found = {each.id: each for each in entries}
    fresh = list(found.values())
    while fresh:
        ids = [each.id for each in fresh]
        above = [each.about_id for each in fresh if each.about_id is not None]
        keys = [each.key for each in fresh if each.key is not None]
        tied = sealed_entries().filter(Q(id__in=above) | Q(about_id__in=ids) | Q(key__in=keys))
        fresh = [each for each in tied.exclude(kind__in=Act.values) if each.id not in found]
        found |= {each.id: each for each in fresh}
    return [found[pk] for pk in sorted(found)]


def readable(entry_ids: Iterable[int]) -> set[int]:
    """Those of these entries whose content was not erased, sealed or not."""
    ids, found = sorted(set(entry_ids)), set[int]()
    for start in range(0, len(ids), _AT_ONCE):
        kept = Secret.objects.filter(
            entry_id__in=ids[start : start + _AT_ONCE], secret__isnull=False
        )
        found.update(kept.values_list("entry_id", flat=True))
    return found
