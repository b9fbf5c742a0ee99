"""A decision is signed: first the second factor, then, in the act's transaction, what is shown once more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhengxin.accounts import permissions
from zhengxin.accounts.locking import Locked
from zhengxin.accounts.models import Signature
from zhengxin.accounts.proofs import FactorRefused, prove
from zhengxin.accounts.queries import passkey_question
from zhengxin.accounts.signatures import (
    ContentChanged,
    keep_signature,
    said_digest,
    statement_digest,
)
from zhengxin.accounts.types import Compared, OnPaper, Proven, Signed, Site
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.showing import Sheet
from zhengxin.kernel.actor import Actor

Showing = Callable[[], Sheet]


@dataclass(frozen=True, slots=True)
class Pen:
    """A second factor that was proven for one statement; `sign` writes it down."""

    showing: Showing
    said: Mapping[str, Any]
    signed: Signed
    proven: Proven
    at: datetime
    actor: Actor

    def sign(self) -> Signature:
        """The signature, in the transaction of the act. Raises ContentChanged when something else stands now."""
        sheet = self.showing()
        if sheet.digest != self.signed.shown:
            raise ContentChanged
        return keep_signature(
            act=sheet.act,
            object_kind=sheet.object_kind,
            object_id=sheet.object_id,
            after=sheet.after,
            shown=sheet.digest,
            said=said_digest(self.said),
            nonce=self.signed.nonce,
            digest=_statement(sheet, self.said, self.signed.nonce, self.actor),
            proven=self.proven,
            at=self.at,
            actor=self.actor,
        )


class WouldSign(Exception):
    """Every check before the signature passed; the person signs by hand. Caught in papering."""

    def __init__(self, sheet: Sheet, statement: str) -> None:
        super().__init__(sheet.act)
        self.sheet, self.statement = sheet, statement


def _statement(sheet: Sheet, said: Mapping[str, Any], nonce: str, actor: Actor) -> str:
    return statement_digest(
        account_id=actor.account_id or 0,
        act=sheet.act,
        object_kind=sheet.object_kind,
        object_id=sheet.object_id,
        after=sheet.after,
        shown=sheet.digest,
        said=said_digest(said),
        nonce=nonce,
    )


def take_pen(
    *, showing: Showing, said: Mapping[str, Any], signed: Signed, at: datetime, actor: Actor
) -> Pen:
    """Proves the second factor of whoever decides, over what was shown and what is said.

    Before the act's transaction, so that a failure is counted whatever becomes of the act.
    A decision on paper was proven when the second person compared. Raises NotAllowed, ContentChanged,
    FactorRefused, Locked, WouldSign.
    """
    permissions.check_sign(actor)
    sheet = showing()
    if sheet.digest != signed.shown:
        raise ContentChanged
    statement = _statement(sheet, said, signed.nonce, actor)
    if isinstance(signed.proof, OnPaper):
        raise WouldSign(sheet, statement)
    if isinstance(signed.proof, Compared):
        if signed.proof.statement != statement:
            raise ContentChanged
        return Pen(showing, said, signed, signed.proof.proven, at, actor)
    try:
        proven = prove(
            account_id=actor.account_id or 0,
            proof=signed.proof,
            challenge=bytes.fromhex(statement),
            at=at,
            actor=actor,
        )
    except (FactorRefused, Locked) as refused:
        audit.record(
            act="signature.refuse",
            object_kind=sheet.object_kind,
            object_id=sheet.object_id,
            outcome=Outcome.REFUSED,
            at=at,
            actor=actor,
            signs=sheet.act,
            why=refused.what,
        )
        raise
    return Pen(showing, said, signed, proven, at, actor)


def signing_question(
    *, sheet: Sheet, said: Mapping[str, Any], nonce: str, site: Site, at: datetime, actor: Actor
) -> dict[str, Any]:
    """What a browser needs to have a passkey sign this statement: the challenge is its digest."""
    permissions.check_sign(actor)
    return passkey_question(
        account_id=actor.account_id or 0,
        site=site,
        challenge=bytes.fromhex(_statement(sheet, said, nonce, actor)),
    )


def traces(signature: Signature) -> dict[str, Any]:
    """What an act carries of its signature, in the ledger and in the audit log."""
    return {"signature": str(signature.pk), "signed": signature.digest}
