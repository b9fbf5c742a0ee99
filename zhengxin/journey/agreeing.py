"""Sharing agreements between units, and recipients of adverse entries outside."""

from datetime import date, datetime
from functools import partial

from django.db import transaction

from zhengxin.accounts import permissions
from zhengxin.accounts.types import Signed
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.already import naming_who
from zhengxin.journey.papering import signable
from zhengxin.journey.showing import agreement_sheet, new_agreement_sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import AlreadyDone
from zhengxin.kernel.say import say
from zhengxin.publication import actions as publication
from zhengxin.subjects import actions as subjects


@signable
def make_agreement(
    *,
    owner_id: int,
    reader_id: int,
    fields: list[str],
    basis: str,
    purpose: str,
    valid_from: date,
    expires_on: date,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """Lets officials of `reader_id` look up subjects of `owner_id` under these terms; returns its id."""
    permissions.check_make_agreement(actor)
    pen = take_pen(
        showing=partial(new_agreement_sheet, signed.nonce),
        said={
            "owner_id": owner_id,
            "reader_id": reader_id,
            "fields": fields,
            "basis": basis,
            "purpose": purpose,
            "valid_from": valid_from,
            "expires_on": expires_on,
        },
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        signature = pen.sign()
        agreement = subjects.make_agreement(
            owner_id=owner_id,
            reader_id=reader_id,
            fields=fields,
            basis=basis,
            purpose=purpose,
            valid_from=valid_from,
            expires_on=expires_on,
            at=at,
            actor=actor,
        )
        audit.record(
            act="agreement.make",
            object_kind="agreement",
            object_id=agreement.id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            owner=owner_id,
            reader=reader_id,
            **traces(signature),
        )
    return agreement.id


@signable
def end_agreement(*, agreement_id: int, signed: Signed, at: datetime, actor: Actor) -> None:
    """Ends an agreement from now on. Raises AlreadyDone."""
    permissions.check_make_agreement(actor)
    pen = take_pen(
        showing=partial(agreement_sheet, agreement_id),
        said={},
        signed=signed,
        at=at,
        actor=actor,
    )
    with naming_who("agreement.end", "agreement", agreement_id), transaction.atomic():
        signature = pen.sign()
        row = subjects.end_agreement(agreement_id=agreement_id, at=at, actor=actor)
        if row.ended_at != at:
            raise AlreadyDone(say("共享协议没有再终止一次。"), say("它已经终止。"))
        audit.record(
            act="agreement.end",
            object_kind="agreement",
            object_id=agreement_id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            **traces(signature),
        )


def register_recipient(*, name: str, contact: str, purpose: str, at: datetime, actor: Actor) -> str:
    """Registers who downloads adverse entries, so that corrections can follow; returns the key, shown once."""
    permissions.check_register_recipient(actor)
    key = publication.register_recipient(
        name=name, contact=contact, purpose=purpose, at=at, actor=actor
    )
    audit.record(
        act="recipient.register",
        object_kind="recipient",
        object_id=key[:9],
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        name=name,
    )
    return key


def end_recipient(*, recipient_id: int, at: datetime, actor: Actor) -> None:
    """Ends a recipient's key. Raises AlreadyDone."""
    permissions.check_register_recipient(actor)
    with naming_who("recipient.end", "recipient", recipient_id):
        if not publication.end_recipient(recipient_id=recipient_id, at=at, actor=actor):
            raise AlreadyDone(say("取用密钥没有再停用一次。"), say("它已经停用。"))
    audit.record(
        act="recipient.end",
        object_kind="recipient",
        object_id=recipient_id,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
    )
