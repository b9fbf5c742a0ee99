"""What the county may not find on itself is referred with its evidence; the answer is kept beside it."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.types import Signed
from zhengxin.evidence.types import Sent
from zhengxin.journey.facts import insist_free_of_numbers, keep_fact
from zhengxin.journey.following import follow
from zhengxin.journey.imposing import ground_of, office_id
from zhengxin.journey.imposing_sheets import referral_sheet
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.ledger.enums import Act
from zhengxin.sanctions import actions, checks, permissions
from zhengxin.sanctions import queries as sanctions
from zhengxin.subjects import queries as subjects


@signable
def refer_unit(
    *,
    unit_id: int,
    entry_id: int,
    situation: str,
    referred_to: str,
    basis: str,
    words: str,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """Refers a unit's conduct to whoever may find on it, resting on a record; returns the referral's number.

    Raises NotAllowed, EntryMissing, Unlawful.
    """
    permissions.check_propose(actor, office_id=office_id(at))
    insist_on_reason(words)
    insist_free_of_numbers(situation, referred_to, basis)
    target = subjects.lineage(subjects.unit(unit_id).id, timezone.localdate(at))
    checks.insist_ground(ground=ground_of(entry_id), target=target)
    said = {
        "unit_id": unit_id,
        "entry_id": entry_id,
        "situation": situation,
        "referred_to": referred_to,
        "basis": basis,
        "words": words,
    }
    pen = take_pen(
        showing=partial(referral_sheet, signed.nonce), said=said, signed=signed, at=at, actor=actor
    )
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.SANCTION_REFERRED,
            unit_id=unit_id,
            content={**said, **traces(pen.sign())},
            about_id=entry_id,
            at=at,
            actor=actor,
        )
        row = actions.refer(
            unit_id=unit_id,
            entry_id=entry_id,
            situation=situation,
            referred_to=referred_to,
            basis=basis,
            words=words,
            files=[],
            fact_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return row.pk


def answer_referral(
    *,
    referral_id: int,
    answered_on: date,
    answer: str,
    files: Sequence[Sent],
    at: datetime,
    actor: Actor,
) -> None:
    """What came back, with the document. Raises NotAllowed, NotThus, AlreadyDone."""
    permissions.check_propose(actor, office_id=office_id(at))
    insist_on_reason(answer)
    referral = sanctions.referral(referral_id)
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.REFERRAL_ANSWERED,
            unit_id=referral.unit_id,
            content={"answer": answer, "answered_on": answered_on.isoformat()},
            about_id=referral.fact_id,
            files=files,
            at=at,
            actor=actor,
        )
        actions.put_answer(
            referral=referral,
            answered_on=answered_on,
            answer=answer,
            files=kept.files,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
