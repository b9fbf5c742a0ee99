"""In time or late: what the duties say of the rows of one submission, and which of them had come in before."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from zhengxin.archive import queries as archive
from zhengxin.duties import queries as duties
from zhengxin.duties.types import Arrivals
from zhengxin.intake import queries as intake_queries
from zhengxin.intake.enums import SubmissionState
from zhengxin.intake.models import Submission
from zhengxin.journey.acting import act_about
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.enums import Act
from zhengxin.publication import actions as publication_actions
from zhengxin.publication import queries as publication
from zhengxin.subjects import queries as subjects


def arrivals_of(*, submission_id: int) -> Arrivals | None:
    """How a submission's records arrived, by the double-publicity clock; None until it is done with."""
    submission = Submission.objects.get(id=submission_id)
    if submission.state != SubmissionState.FOLLOWED:
        return None
    return duties.arrivals(_span(submission), intake_queries.decided_entries(submission_id))


def corrected_since(*, submission_id: int) -> int:
    """How many of a submission's records were corrected by what was sent later; none once it is withdrawn."""
    submission = Submission.objects.get(id=submission_id)
    if submission.state != SubmissionState.FOLLOWED:
        return 0
    span = _span(submission) or (0, 0)
    return archive.corrected(span, intake_queries.decided_entries(submission_id))


def _span(submission: Submission) -> tuple[int, int] | None:
    """The first and last entry that came in with a submission's file."""
    seal = None if submission.batch_id is None else ledger_queries.seal(submission.batch_id)
    return None if seal is None else (seal.first_id, seal.first_id + seal.n - 1)


def note_earlier_reports(
    *, unit_id: int, batch_ids: Collection[int], before: datetime, at: datetime, actor: Actor
) -> None:
    """Says on the ledger of records of these batches that they had come in before, in rows that wait for a person still.

    before: when these came in. Again is harmless. Whose the waiting row is stays open; that its document was reported does not.
    """
    # The unit that collects for all may have sent the one of them, or the other.
    office = subjects.credit_office(timezone.localdate(at))
    units = {unit_id, *([office.id] if office else [])}
    every = office is not None and office.id == unit_id
    rows = intake_queries.waiting_reports(None if every else units, before)
    known = ledger_queries.find_keys([row.key for row in rows if row.key is not None])
    drafts = []
    for row in rows:
        newest = known.get(row.key or 0, [])[:1]
        if not newest or newest[0].batch_id not in batch_ids:
            continue
        came = row.submission.received_at
        about = ledger_queries.entries(ledger_queries.entries_about(newest[0].entry_id))
        if about.filter(kind=Act.EARLIER_REPORT, known_at=came).exists():
            continue
        told = {"submission": row.submission.number, "row": str(row.row_number)}
        entry = ledger_queries.entry(newest[0].entry_id)
        act = act_about(entry, kind=Act.EARLIER_REPORT, content=told, at=at, actor=actor)
        drafts.append(replace(act, known_at=came, true_on=timezone.localdate(came)))
    if drafts:
        ledger.append(drafts=drafts, at=at, actor=actor)


def doubt_shown(*, submission_id: int, at: datetime, actor: Actor) -> None:
    """Says on the ledger of records that stand that a sealed row of the same document came to wait with this submission.

    Once that is followed they leave the board until a person says whether they may be shown. Again is harmless.
    """
    rows = intake_queries.waiting_sealed(submission_id)
    keys = {row.key for row in rows if row.key is not None}
    known = ledger_queries.find_keys(sorted(keys - publication.lifted_keys(keys))) if keys else {}
    drafts = []
    for row in rows:
        newest = known.get(row.key or 0, [])[:1]
        if not newest:
            continue
        about = ledger_queries.entries(ledger_queries.entries_about(newest[0].entry_id))
        before = about.filter(kind=Act.SEAL_DOUBTED).values_list("id", flat=True)
        told = {"submission": row.submission.number, "row": str(row.row_number)}
        if told in [content.open for content in ledger_queries.payloads(before).values()]:
            continue
        entry = ledger_queries.entry(newest[0].entry_id)
        draft = act_about(entry, kind=Act.SEAL_DOUBTED, content=told, at=at, actor=actor)
        drafts.append(draft)
    if drafts:
        ledger.append(drafts=drafts, at=at, actor=actor)


def take_off_doubted(*, submission_id: int, at: datetime, actor: Actor) -> None:
    """What a sealed row of this submission put in doubt leaves the board now, once it was followed. Again is harmless."""
    if not (intake_queries.waiting_sealed(submission_id) and publication.leaving()):
        return
    source = intake_queries.source(Submission.objects.get(id=submission_id).source)
    publication_actions.take_off(kinds={source.record_kind}, at=at, actor=actor)
