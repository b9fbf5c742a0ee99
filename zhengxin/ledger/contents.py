"""Checking the encrypted contents against the commitments."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zhengxin.kernel.digests import canonical_json
from zhengxin.ledger.commitments import commitment, group_bytes, group_digests
from zhengxin.ledger.sealing import PayloadWrong, decrypt
from zhengxin.ledger.storing import present
from zhengxin.ledger.vault.refusals import KeyDestroyed
from zhengxin.ledger.vault.wrapping import COLUMNS, Opener

if TYPE_CHECKING:
    from zhengxin.ledger.verification import Findings


def check_contents(rows: Sequence[tuple[Any, ...]], findings: "Findings") -> None:
    """Decrypt the payloads of these entry rows and recompute their commitments.

    rows: id first, commitment ninth, key and content last, in the order of ids without gaps of
    other batches. An erased secret leaves nothing to check.
    """
    if not rows:
        return
    span = (rows[0][0], rows[-1][0])
    secrets = {row[0]: row[1:] for row in present("vault_secret", "keys", COLUMNS, *span)}
    ciphers = dict(present("ledger_payload", "default", "ciphertext", *span))
    opener = Opener()
    for row in rows:
        entry_id = row[0]
        if entry_id not in secrets:
            findings.add("vault_secret", entry_id, _("密钥缺失，且没有删除记录。"))
            continue
        if entry_id not in ciphers:
            findings.add("ledger_payload", entry_id, _("内容缺失。"))
            continue
        wrapped, epoch, origin = secrets[entry_id]
        if wrapped is None:
            findings.erased += 1
            continue
        findings.payloads += 1
        try:
            secret = opener.secret(entry_id, wrapped, epoch)
        except (PayloadWrong, KeyDestroyed):
            findings.add("vault_secret.secret", entry_id, _("密钥已被改动，无法打开。"))
            continue
        try:
            plain = decrypt(opener.sealing(origin), secret, entry_id, bytes(ciphers[entry_id]))
        except PayloadWrong:
            findings.add(
                "ledger_payload.ciphertext", entry_id, _("密文或其密钥已被改动，无法解密。")
            )
            continue
        content = json.loads(plain)
        groups = group_bytes(
            canonical_json(content["open"]),
            content["text"],
            canonical_json(content["closed"]),
            row[-2],
            row[-1],
        )
        if commitment(group_digests(secret, groups)) != bytes(row[8]):
            findings.add(
                "ledger_entry.commitment", entry_id, _("与内容、key、content 列重算的承诺值不符。")
            )
