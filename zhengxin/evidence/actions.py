"""The one verb of evidence: keep."""

import os
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from zhengxin.evidence.models import Content, Piece
from zhengxin.evidence.queries import NONCE, key, line
from zhengxin.evidence.rules import MOST_PIECES, EvidenceRefused, kind_of, shown_name
from zhengxin.evidence.types import PieceLine, Sent
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import sha256_hex
from zhengxin.kernel.say import say


def keep(*, sent: Sequence[Sent], at: datetime, actor: Actor) -> list[PieceLine]:
    """Keeps all of these files or none. Raises EvidenceRefused."""
    if len(sent) > MOST_PIECES:
        raise EvidenceRefused(
            say("没有收下：一次有{n}个文件。", n=len(sent)),
            say("一次最多{n}个。", n=MOST_PIECES),
            say("请分几次提交，或者合成一个PDF。"),
        )
    # The name first: what is said of a file of a wrong kind repeats it.
    names = [shown_name(each.name) for each in sent]
    kinds = [kind_of(each.name, each.content) for each in sent]
    found = []
    with transaction.atomic():
        for each, kind, name in zip(sent, kinds, names, strict=True):
            piece = Piece.objects.create(
                digest=sha256_hex(each.content),
                name=name,
                kind=kind,
                size=len(each.content),
                unit_id=actor.unit_id,
                account_id=actor.account_id,
                kept_at=at,
            )
            nonce = os.urandom(NONCE)
            sealed = AESGCM(key()).encrypt(nonce, each.content, piece.digest.encode())
            Content.objects.create(piece=piece, sealed=nonce + sealed)
            found.append(line(piece))
    return found
