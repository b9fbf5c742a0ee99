"""Decisions of named persons: whose record it is, which grade, which text may be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts import papers, permissions
from zhengxin.accounts.enums import PaperState
from zhengxin.accounts.types import Signed
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.handover import actions as handover
from zhengxin.intake import actions as intake
from zhengxin.intake import queries as intake_queries
from zhengxin.intake.models import WaitingRecord
from zhengxin.journey.acting import act_about
from zhengxin.journey.already import naming_who
from zhengxin.journey.arriving import note_earlier_reports
from zhengxin.journey.following import follow
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.showing import entry_sheet, mention_sheet, seal_sheet, succession_sheet
from zhengxin.journey.signing import Showing, take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import AlreadyDone, Refused
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.enums import Act
from zhengxin.ledger.types import Draft
from zhengxin.publication import checks as publication
from zhengxin.publication import permissions as sealing
from zhengxin.publication import queries as publication_queries
from zhengxin.publication.enums import WithholdReason
from zhengxin.subjects import actions as subjects
from zhengxin.subjects import queries as subject_queries
from zhengxin.subjects.types import own_key


class NoBasis(Refused):
    """A seal that the law set is lifted on a stated ground."""


@signable
def decide_attribution(
    *,
    waiting_id: int,
    choice: int | str,
    because: str,
    signed: Signed,
    at: datetime,
    actor: Actor,
    whole_mention: bool = True,
) -> int:
    """Says whose a waiting record is: a subject's id, "new", "person" or "drop"; returns how many were settled.

    With `whole_mention` every waiting record of the same name and code is settled alike; but a natural person
    whom nothing but the name tells from others is said of this one record only. Raises IdentifierTaken.
    """
    permissions.check_decide_attribution(actor)
    insist_on_reason(because)
    pen = take_pen(
        showing=partial(mention_sheet, waiting_id, whole_mention=whole_mention),
        said={"choice": str(choice), "because": because},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        signature = pen.sign()
        rows = intake_queries.waiting_alike(waiting_id, whole_mention=whole_mention)
        first = rows[0]
        subject_id = chosen_subject(first, choice, at=at, actor=actor)
        key = first.mention
        if subject_queries.stands_alone(key, subject_id):
            rows, key = rows[:1], own_key(key, first.pk)
        judgement = subjects.decide(
            mention=key,
            mention_text=first.mention_text,
            subject_id=subject_id,
            because=because,
            at=at,
            actor=actor,
        )
        entry_ids: list[int | None] = [None] * len(rows)
        if subject_id is not None:
            entry_ids = [
                _admit(row, intake_queries.waiting_draft(row.id, subject_id), at=at, actor=actor)
                for row in rows
            ]
        for row, entry_id in zip(rows, entry_ids, strict=True):
            intake.settle_waiting(
                waiting_id=row.id,
                entry_id=entry_id,
                judgement_id=judgement.id,
                at=at,
                actor=actor,
            )
        _note_earlier(rows, entry_ids, at=at, actor=actor)
        audit.record(
            act="attribution.decide",
            object_kind="judgement",
            object_id=judgement.id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            subject_id=subject_id,
            records=len(rows),
            because=because,
            **traces(signature),
        )
    follow(at=at, at_most=PATIENCE)
    return len(rows)


def _note_earlier(
    rows: Sequence[WaitingRecord], entry_ids: Sequence[int | None], *, at: datetime, actor: Actor
) -> None:
    """What entered just now may have been reported earlier still, in a row that waits under another name."""
    for row, entry_id in zip(rows, entry_ids, strict=True):
        if entry_id is not None:
            note_earlier_reports(
                unit_id=row.submission.unit_id,
                batch_ids={ledger_queries.entry(entry_id).batch_id},
                before=row.submission.received_at,
                at=at,
                actor=actor,
            )


def _admit(row: WaitingRecord, draft: Draft, *, at: datetime, actor: Actor) -> int | None:
    """Enters one waiting record; None when the ledger has it already, word for word.

    While it waited, the same document may have come in: then this one corrects it, as a file's row would. Not
    where that one was sent later: it was mended since, and this one is what was mended.
    """
    arrived = ledger_queries.find_arrivals([draft.key] if draft.key else [])
    standing = [match for match in arrived.get(draft.key or 0, []) if match.standing]
    if draft.key in intake_queries.sealed_documents([draft.key] if draft.key else [], arrived):
        draft = replace(draft, trait=publication_queries.with_seal(draft.trait))
    if standing and standing[0].content == draft.content:
        return None
    if standing:
        newest = ledger_queries.entry(standing[0].entry_id)
        if max(intake_queries.sent_with([newest]), default=0) > row.submission_id:
            return None
        draft = replace(draft, about_id=standing[0].entry_id)
    [entry_id] = ledger.append(drafts=[draft], at=at, actor=actor)
    return entry_id


def chosen_subject(
    row: WaitingRecord, choice: int | str, *, at: datetime, actor: Actor
) -> int | None:
    """The subject an official chose for a mention.

    "new" enters one in the register under the name and code written, "person" a natural person of
    that name, "drop" is nobody.
    """
    if choice == "drop":
        return None
    if choice in ("new", "person"):
        return subjects.establish_by_judgement(
            mention=row.mention,
            mention_text=row.mention_text,
            person=choice == "person",
            at=at,
            actor=actor,
        )
    return int(choice)


@signable
def confirm_succession(*, succession_id: int, signed: Signed, at: datetime, actor: Actor) -> None:
    """A named official confirms which unit followed which. Raises AlreadyDone."""
    permissions.check_decide_attribution(actor)
    pen = take_pen(
        showing=partial(succession_sheet, succession_id),
        said={},
        signed=signed,
        at=at,
        actor=actor,
    )
    with naming_who("succession.confirm", "succession", succession_id), transaction.atomic():
        signature = pen.sign()
        row = subjects.confirm_succession(succession_id=succession_id, at=at, actor=actor)
        if row.confirmed_at != at:
            raise AlreadyDone(say("沿革没有再确认一次。"), say("它已经确认。"))
        audit.record(
            act="succession.confirm",
            object_kind="succession",
            object_id=succession_id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            **traces(signature),
        )


def _append_act(
    *,
    kind: str,
    entry_id: int,
    content: Mapping[str, Any],
    signed: Signed,
    at: datetime,
    actor: Actor,
    showing: Showing | None = None,
) -> int:
    """Signs and appends an act about an entry, writes the audit line, lets the followers see it.

    showing: what is signed, the record with its facts where nothing is given.
    """
    pen = take_pen(
        showing=showing or partial(entry_sheet, kind, entry_id),
        said=content,
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        content = {**content, **traces(pen.sign())}
        target = ledger_queries.entry(entry_id)
        [act_id] = ledger.append(
            drafts=[act_about(target, kind=kind, content=content, at=at, actor=actor)],
            at=at,
            actor=actor,
        )
        audit.record(
            act=kind,
            object_kind="entry",
            object_id=entry_id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            subject_id=target.subject_id,
            **content,
        )
    follow(at=at, at_most=PATIENCE)
    return act_id


@signable
def grade(
    *, entry_id: int, grade: str, because: str, signed: Signed, at: datetime, actor: Actor
) -> int:
    """A named official grades an ungraded breach; returns the act's entry id."""
    permissions.check_grade(actor)
    insist_on_reason(because)
    publication.check_gradable(entry_id, grade)
    content = {"grade": grade, "because": because}
    return _append_act(
        kind="grading", entry_id=entry_id, content=content, signed=signed, at=at, actor=actor
    )


@signable
def release_text(
    *,
    entry_id: int,
    fields: list[str],
    because: str,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """A second person releases free text for the public; refused when it holds an ID number."""
    permissions.check_release(actor)
    insist_on_reason(because)
    publication.check_releasable(entry_id, fields)
    content = {"fields": sorted(fields), "because": because}
    return _append_act(
        kind="text_release", entry_id=entry_id, content=content, signed=signed, at=at, actor=actor
    )


@signable
def withhold(
    *,
    entry_id: int,
    reason: str,
    because: str,
    review_on: date | None,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """Takes an entry off the board for a stated ground, with the day it is looked at again.

    Without a ground it says that a record which waits for a review may be shown.
    """
    permissions.check_release(actor)
    insist_on_reason(because)
    publication.check_withholdable(entry_id, reason, review_on, timezone.localdate(at))
    content = {
        "reason": reason,
        "because": because,
        "review_on": review_on.isoformat() if review_on else "",
    }
    act_id = _append_act(
        kind="withholding", entry_id=entry_id, content=content, signed=signed, at=at, actor=actor
    )
    if reason == WithholdReason.STATE_SECRET:
        _call_back(entry_id, at=at, actor=actor)
    return act_id


def _call_back(entry_id: int, *, at: datetime, actor: Actor) -> None:
    """A state secret leaves what waits to be sent upwards, and the papers on which it is printed."""
    chain = ledger_queries.chain_of([ledger_queries.entry(entry_id)])
    handover.void_waiting(entry_ids=[each.id for each in chain], at=at, actor=actor)
    for paper in papers.naming([each.id for each in chain]):
        among = (PaperState.PRINTED, PaperState.SCANNED)
        papers.settle(paper_id=paper.pk, state=PaperState.STALE, at=at, actor=actor, among=among)


@signable
def lift_seal(
    *, entry_id: int, basis: str, because: str, signed: Signed, at: datetime, actor: Actor
) -> int:
    """A reviewer finds that a document was sealed by mistake; returns the act's entry id.

    From then on the law judges every arrival of it by what else it says: this one, what corrects it, and what comes
    under the same natural key. Raises NotAllowed, NotSealed, NoBasis.
    """
    sealing.check_lift_seal(actor, recorded_by=recorders(entry_id))
    if len(basis.strip()) < 2:
        raise NoBasis(
            say("没有解除：缺少依据。"),
            say("封存是法律规定的，解除要写明依据。"),
            say("请写明这份文书实际依据的法律、条款和核对的文书原件。"),
        )
    insist_on_reason(basis)
    insist_on_reason(because)
    publication.check_sealed(entry_id)
    content: Mapping[str, Any] = {"basis": basis, "because": because}
    return _append_act(
        kind=Act.SEAL_LIFTED,
        entry_id=entry_id,
        content=content,
        signed=signed,
        at=at,
        actor=actor,
        showing=partial(seal_sheet, entry_id),
    )


def recorders(entry_id: int) -> set[int]:
    """The accounts that sent any arrival of this record's document, or decided that it enters."""
    return intake_queries.recorders(publication_queries.arrivals([entry_id]))
