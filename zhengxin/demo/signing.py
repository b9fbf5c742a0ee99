"""Invented officials sign with their invented app, one code after another."""

from datetime import UTC, datetime

from zhengxin.accounts.models import Factor
from zhengxin.accounts.proofs import STEP
from zhengxin.accounts.queries import invented_codes
from zhengxin.accounts.types import Proof, Signed
from zhengxin.journey.showing import Sheet
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import sha256_hex


def free_moment(actor: Actor, at: datetime) -> datetime:
    """`at`, or later, when the official's app shows a code that was not used yet."""
    used = Factor.objects.filter(account_id=actor.account_id or 0, invented=True).values_list(
        "last_step", flat=True
    )
    return max([at, *(datetime.fromtimestamp((step + 1) * STEP, UTC) for step in used)])


def signed_by(actor: Actor, sheet: Sheet, at: datetime, nonce: str = "") -> Signed:
    """The official has seen the sheet and gives the code of this moment."""
    said = nonce or sha256_hex(f"{actor.account_id} {at.isoformat()}".encode())[:32]
    code = invented_codes(at, actor.account_id).get(actor.account_id or 0, "")
    return Signed(sheet.digest, said, Proof(code=code))
