"""Reads of the vault: how the keys are kept."""

from django.db import connections

from zhengxin.kernel.refused import Refused
from zhengxin.ledger.vault import keyring
from zhengxin.ledger.vault.enums import KeyKind
from zhengxin.ledger.vault.models import Key, Secret
from zhengxin.ledger.vault.providers import provider
from zhengxin.ledger.vault.types import Epoch, Status


def bare() -> bool:
    """Whether secrets from before still stand unwrapped."""
    return Secret.objects.filter(epoch__isnull=True, secret__isnull=False).exists()


def trouble() -> Refused | None:
    """Why the keys cannot be opened; None when they can, or none was made yet. Makes none."""
    pepper = Key.objects.filter(kind=KeyKind.PEPPER).first()
    if pepper is None:
        return None
    try:
        keyring.unwrapped(provider(), pepper)
    except Refused as refused:
        return refused
    return None


def status() -> Status | None:
    """How the keys are kept; None before the first was made. Counts every secret. Raises Refused."""
    keys = {(key.kind, key.number): key for key in Key.objects.order_by("number")}
    if not keys:
        return None
    with connections["keys"].cursor() as cursor:
        cursor.execute(
            "SELECT epoch, count(*) FROM vault_secret WHERE secret IS NOT NULL GROUP BY epoch"
        )
        counted = dict(cursor.fetchall())
    newest = max(keys.values(), key=lambda key: key.wrapped_at if key.wrapped else key.made_at)
    return Status(
        keeper=provider().describe(),
        wrapped_by=newest.wrapped_by,
        wrapped_at=newest.wrapped_at,
        epochs=tuple(
            Epoch(
                number,
                key.made_at,
                key.suite,
                keys[KeyKind.DERIVING, number].suite,
                key.wrapped is not None,
                counted.get(number, 0),
            )
            for (kind, number), key in keys.items()
            if kind == KeyKind.WRAPPING
        ),
        bare=counted.get(None, 0),
    )
