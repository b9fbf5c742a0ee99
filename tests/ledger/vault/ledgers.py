"""Small ledgers for tests of the vault, and one as it was before keys were wrapped."""

import secrets
from pathlib import Path

from django.conf import settings
from django.db import connections

from tests.ledger.conftest import ACTOR, AT, draft
from tests.stores import triggers_aside
from zhengxin.ledger import actions, queries
from zhengxin.ledger.vault import keyring
from zhengxin.ledger.vault.enums import KeyKind
from zhengxin.ledger.vault.models import Key, Secret
from zhengxin.ledger.vault.wrapping import Opener


def enter(n: int, first: int = 1) -> list[int]:
    """n entries of one batch."""
    return actions.append(
        drafts=[draft(number) for number in range(first, first + n)], at=AT, actor=ACTOR
    )


def holds(n: int) -> None:
    """The whole ledger of n entries verifies with its contents."""
    report = queries.verify(payloads=True)
    assert report.problems == ()
    assert (report.size, report.payloads + report.erased) == (n, n)


def leaves() -> list[bytes]:
    """What may never change: every leaf and every ciphertext, in order."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT leaf, ciphertext FROM ledger_entry JOIN ledger_payload ON id = entry_id ORDER BY id"
        )
        return [bytes(leaf) + bytes(cipher) for leaf, cipher in cursor.fetchall()]


def as_before(n: int) -> dict[str, str]:
    """A ledger of n entries as the program of before kept it: secrets bare, three key files in clear.

    Returns the files' contents by name.
    """
    folder = Path(settings.KEYS_DIR)
    folder.mkdir(mode=0o700, exist_ok=True)
    files = {
        name: secrets.token_hex(32) + "\n" for name in ("master.key", "pepper.key", "log.ed25519")
    }
    lay(files)
    enter(n)
    actions.sign_checkpoint(at=AT, actor=ACTOR)
    opener = Opener()
    with triggers_aside("keys"), connections["keys"].cursor() as cursor:
        for row in Secret.objects.all():
            bare = opener.secret(row.entry_id, row.secret or b"", row.epoch)
            cursor.execute(
                "UPDATE vault_secret SET secret = %s, epoch = NULL, origin = NULL WHERE entry_id = %s",
                [bare, row.entry_id],
            )
        cursor.execute("DELETE FROM vault_key")
    keyring.forget()
    lay(files)
    return files


def lay(files: dict[str, str]) -> None:
    """Write these key files."""
    for name, content in files.items():
        path = Path(settings.KEYS_DIR) / name
        path.write_text(content)
        path.chmod(0o600)


def held(kind: KeyKind) -> dict[int, bool]:
    """Numbers of the keys of a kind, and whether each still exists."""
    return {row.number: row.wrapped is not None for row in Key.objects.filter(kind=kind)}
