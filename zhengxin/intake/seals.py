"""Documents that the law sealed in one of their arrivals: they stay so, whatever words they come in again."""

from collections.abc import Collection, Mapping, Sequence

from zhengxin.intake.models import WaitingRecord
from zhengxin.ledger.queries import find_arrivals
from zhengxin.ledger.types import KeyMatch
from zhengxin.publication.queries import lifted_keys, with_seal

SEAL = with_seal("")


def bears_seal(trait: str) -> bool:
    """Whether a record of these traits is sealed by law."""
    return SEAL in trait.split(";")


def sealed_documents(
    keys: Collection[int], arrived: Mapping[int, Sequence[KeyMatch]] | None = None
) -> set[int]:
    """Those of these natural keys under which a sealed record ever entered (withdrawn since or not) or waited, but
    for documents whose seal a person lifted.

    arrived: what the ledger has under them, where the caller has asked already.
    """
    if arrived is None:
        arrived = find_arrivals(list(keys))
    found = {k for k, matches in arrived.items() if any(bears_seal(m.trait) for m in matches)}
    waited = WaitingRecord.objects.filter(sealed=True)
    if waited.exists():
        here = waited.filter(key__in=keys).values_list("key", flat=True)
        found |= {key for key in here if key is not None}
    return found - lifted_keys(found) if found else found
