"""Signatures: one's own account and second factor over the digest of exactly what was shown and said."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengxin.accounts.enums import FactorKind
from zhengxin.accounts.models import Signature
from zhengxin.accounts.permissions import check_sign
from zhengxin.accounts.types import Proven
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import canonical_json, sha256_hex
from zhengxin.kernel.refused import Refused


class ContentChanged(Refused):
    """What the page showed is not what stands now."""

    def __init__(self) -> None:
        super().__init__(
            _("内容已变，请再看一遍。"),
            _("您看的时候，别人办理了同一件事，或者记录有了更正。签署只对看过的内容有效。"),
            _("请回到上一页重新打开，核对后再签署。"),
        )


def last_signature(object_kind: str, object_id: str) -> int:
    """The id of the newest signature on an object, 0 when there is none."""
    found = Signature.objects.filter(object_kind=object_kind, object_id=object_id).order_by(
        "-after"
    )
    return found.values_list("id", flat=True).first() or 0


def said_digest(said: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of what a person decided; days as 2026-11-23."""
    return sha256_hex(
        canonical_json({k: v.isoformat() if isinstance(v, date) else v for k, v in said.items()})
    )


def statement_digest(
    *,
    account_id: int,
    act: str,
    object_kind: str,
    object_id: str,
    after: int,
    shown: str,
    said: str,
    nonce: str,
) -> str:
    """What is signed: SHA-256 of the canonical JSON of these values, 64 hexadecimal digits."""
    return sha256_hex(
        canonical_json(
            {
                "signs": "zhengxin 1",
                "account": account_id,
                "act": act,
                "object": [object_kind, object_id],
                "after": after,
                "shown": shown,
                "said": said,
                "nonce": nonce,
            }
        )
    )


def keep_signature(
    *,
    act: str,
    object_kind: str,
    object_id: str,
    after: int,
    shown: str,
    said: str,
    nonce: str,
    digest: str,
    proven: Proven,
    at: datetime,
    actor: Actor,
) -> Signature:
    """Writes a signature down in the transaction of its act. Raises NotAllowed, ContentChanged."""
    check_sign(actor)
    try:
        with transaction.atomic():
            return Signature.objects.create(
                account_id=actor.account_id or 0,
                act=act,
                object_kind=object_kind,
                object_id=object_id,
                after=after,
                shown=shown,
                said=said,
                nonce=nonce,
                digest=digest,
                factor_kind=proven.kind,
                factor_id=proven.factor_id,
                assertion=proven.assertion,
                public_key=proven.public_key,
                rp_id=proven.rp_id,
                at=at,
            )
    except IntegrityError as taken:
        raise ContentChanged from taken


def verify(signature: Signature) -> bool:
    """True when the digest follows from the row, and a passkey's answer signs it under the kept public key.

    Of a paper the passkey is the second person's. A code leaves nothing that others could verify: then only
    the digest is checked.
    """
    digest = statement_digest(
        account_id=signature.account_id,
        act=signature.act,
        object_kind=signature.object_kind,
        object_id=signature.object_id,
        after=signature.after,
        shown=signature.shown,
        said=signature.said,
        nonce=signature.nonce,
    )
    if digest != signature.digest:
        return False
    answer, challenge = signature.assertion, digest
    if signature.factor_kind == FactorKind.PAPER:
        paper = dict(answer or {})
        answer = paper.get("answer")
        challenge = comparison_digest(
            digest, paper.get("paper"), paper.get("compared_by"), paper.get("scan")
        )
    if not answer:
        return signature.factor_kind != FactorKind.PASSKEY
    return _answers(dict(answer), challenge, signature)


def comparison_digest(statement: str, paper: object, compared_by: object, scan: object) -> str:
    """What a second person signs: that the scan of this paper bears this statement. 64 hexadecimal digits."""
    return sha256_hex(
        canonical_json(
            {"compares": statement, "scan": scan, "paper": paper, "account": compared_by}
        )
    )


def _answers(answer: dict[str, Any], challenge: str, signature: Signature) -> bool:
    """Whether a passkey's answer is one to this challenge, under the key kept beside it."""
    # Loaded where it is used: every command would wait for it.
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        client = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        verify_authentication_response(
            credential={**answer, "rawId": answer["id"]},
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=signature.rp_id,
            expected_origin=client["origin"],
            credential_public_key=bytes(signature.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, LookupError, TypeError):
        return False
    return True
