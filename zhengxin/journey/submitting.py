"""A department's file on its way: received, checked, attributed, staged, sealed, followed; resumed or withdrawn."""

import fcntl
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts.permissions import check_submit
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.intake import actions as intake
from zhengxin.intake import queries as intake_queries
from zhengxin.intake.child import WorkFailed
from zhengxin.intake.enums import SubmissionState
from zhengxin.intake.models import Submission
from zhengxin.intake.queries import SETTLED
from zhengxin.journey.acting import revocations
from zhengxin.journey.already import naming_who
from zhengxin.journey.arriving import doubt_shown, note_earlier_reports, take_off_doubted
from zhengxin.journey.following import follow, followed_up_to
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.telling import tell_deciders
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import sha256_hex
from zhengxin.kernel.refused import Refused
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.chunks import StagingStopped
from zhengxin.ledger.overtaking import Overtaken
from zhengxin.ledger.types import Draft
from zhengxin.subjects import actions as subjects

# Up to this many bytes a file is taken through to its end while the sender waits.
AT_ONCE = 5 * 1024 * 1024
# A page folds a backlog of up to this many entries before it answers; a longer one is the worker's.
PATIENCE = 5_000
# What nobody wrote to for so long, nobody will.
LEFT_FOR_DEAD = timedelta(hours=1)
log = logging.getLogger(__name__)


class Interrupted(Refused):
    """A process that worked on a submission ended in the middle; nothing is lost, it goes on from there."""

    def __init__(self, number: str) -> None:
        super().__init__(
            _("批次%(number)s没有办完：办理中途停了。") % {"number": number},
            _("文件已经收下，办到哪里都有记录，不会重复入账。"),
            _("不必重报，后台会接着办；没有开后台的，运行 zhengxin worker --once。"),
        )


def submit(
    *,
    upload: BinaryIO | Path,
    filename: str,
    source: str,
    unit_id: int,
    at: datetime,
    actor: Actor,
    mends: int | None = None,
    wait: bool = False,
) -> Submission:
    """Receives a file. Small ones (or with `wait`, any) are admitted before this returns; the rest by the worker.

    Raises Refused when the actor or the unit may not send this source, Interrupted (with `wait`) when it
    was received but not taken to its end. A file that cannot be read is no exception: the submission
    comes back refused, with its receipt; so does one that was withdrawn meanwhile.
    """
    check_submit(actor, unit_id=unit_id)
    submission = intake.receive(
        upload=upload,
        filename=filename,
        source=source,
        unit_id=unit_id,
        at=at,
        actor=actor,
        mends=mends,
    )
    audit.record(
        act="submission.receive",
        object_kind="submission",
        object_id=submission.id,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        source=source,
        sha256=submission.sha256,
    )
    if wait or submission.size <= AT_ONCE:
        try:
            advance(
                submission_id=submission.id,
                at=at,
                actor=actor,
                patience=None if wait else PATIENCE,
                wait=wait,
            )
        except Interrupted:
            # Whoever waits at a page sees the receipt, which says so; the worker goes on.
            if wait:
                raise
        submission.refresh_from_db()
    return submission


def submit_form(
    *, source: str, values: dict[str, str], unit_id: int, at: datetime, actor: Actor
) -> Submission:
    """One row entered by hand, kept as a one-row file and taken the same way."""
    upload, filename = intake_queries.form_file(source, values)
    return submit(
        upload=upload, filename=filename, source=source, unit_id=unit_id, at=at, actor=actor
    )


def resume(*, at: datetime, actor: Actor) -> int:
    """Takes every unfinished submission to its end, oldest first; returns how many moved.

    One that cannot be taken further does not stop the others: it is noted and tried again later.
    """
    moved = 0
    for submission_id in intake_queries.unfinished(at):
        try:
            moved += advance(submission_id=submission_id, at=at, actor=actor)
        except Interrupted:
            continue
        except Exception:
            log.exception("submission %s", submission_id)
            intake.note_interruption(submission_id=submission_id, at=at, actor=actor)
    return moved


def put_away_left(*, at: datetime, actor: Actor) -> bool:
    """Seals the files of settled submissions that were left lying; False while some are in other hands or fail."""
    complete = True
    for submission_id in intake_queries.lying_open():
        with claim(submission_id) as mine:
            complete = mine and put_away(submission_id, at=at, actor=actor) and complete
    return complete


def sweep(*, at: datetime, actor: Actor) -> None:
    """Removes files that killed processes left half read or half written. When the worker begins."""
    intake.sweep(before=at - LEFT_FOR_DEAD, at=at, actor=actor)


@contextmanager
def claim(submission_id: int, *, wait: bool = False) -> Iterator[bool]:
    """One process at a time works on a submission; the claim dies with the process. wait: until it is free."""
    folder = settings.SUBMISSIONS_DIR / str(submission_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "claim").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def advance(
    *,
    submission_id: int,
    at: datetime,
    actor: Actor,
    patience: int | None = None,
    wait: bool = False,
) -> bool:
    """Takes one submission from wherever it stands to its end; False if another process holds it (with `wait`, what
    that one leaves undone is done here).

    Ends calmly where a withdrawal overtakes it. Raises Interrupted when a process at work ended.
    """
    with claim(submission_id, wait=wait) as mine:
        if not mine:
            return False
        submission = Submission.objects.get(id=submission_id)
        begun = submission.state
        while (step := STEPS.get(SubmissionState(submission.state))) is not None:
            before = submission.state
            try:
                step(submission, at, actor, patience)
            except (Refused, StagingStopped, WorkFailed) as stopped:
                submission.refresh_from_db()
                if submission.state == SubmissionState.WITHDRAWN:
                    break
                if isinstance(stopped, Refused):
                    raise
                log.exception("submission %s stopped at %s", submission_id, before)
                intake.note_interruption(submission_id=submission_id, at=at, actor=actor)
                raise Interrupted(submission.number) from stopped
            submission.refresh_from_db()
            if submission.state == before:
                break
        if submission.state in SETTLED:
            put_away(submission_id, at=at, actor=actor)
        return submission.state != begun


def put_away(submission_id: int, *, at: datetime, actor: Actor) -> bool:
    """Seals the files of a settled submission whose claim the caller holds; False where that has to be tried again."""
    try:
        intake.put_away(submission_id=submission_id, at=at, actor=actor)
    except Exception:
        # The records are in and the receipt is ready: the worker seals the files when it can.
        log.exception("submission %s not put away", submission_id)
        return False
    return True


def _establish(at: datetime, actor: Actor) -> subjects.Establish:
    """New subjects for valid codes nobody has used before."""

    def establish(mentions: Sequence[subjects.Mention]) -> dict[str, int]:
        return subjects.establish(mentions=mentions, at=at, actor=actor)

    return establish


def _check(submission: Submission, at: datetime, actor: Actor, patience: int | None) -> None:
    intake.check(submission_id=submission.id, at=at, actor=actor)


def _stage(submission: Submission, at: datetime, actor: Actor, patience: int | None) -> None:
    seen = ledger_queries.size()
    prepared = intake.prepare(
        submission_id=submission.id, establish=_establish(at, actor), at=at, actor=actor
    )
    if prepared.admitted == 0:
        doubt_shown(submission_id=submission.id, at=at, actor=actor)
        follow(at=at, at_most=patience)
        take_off_doubted(submission_id=submission.id, at=at, actor=actor)
        intake.mark_followed(submission_id=submission.id, at=at, actor=actor)
        return
    # Compared anew, the drafts are another batch: one that was reserved before a crash stays empty.
    attempt = f"{prepared.digest}/{seen}/{prepared.admitted}"
    batch = ledger.reserve(
        digest=sha256_hex(attempt.encode()),
        unit_id=submission.unit_id,
        n=prepared.admitted,
        seen=seen,
        known_at=submission.received_at,
        at=at,
        actor=actor,
    )
    intake.mark_staged(submission_id=submission.id, batch_id=batch.id, at=at, actor=actor)


def _seal(submission: Submission, at: datetime, actor: Actor, patience: int | None) -> None:
    assert submission.batch_id is not None

    def progress(done: int, n: int) -> None:
        intake.note_progress(submission_id=submission.id, done=done)

    ledger.stage(
        batch_id=submission.batch_id,
        drafts_path=intake_queries.drafts_path(submission.id),
        progress=progress,
        at=at,
        actor=actor,
    )
    try:
        ledger.seal(batch_id=submission.batch_id, at=at, actor=actor)
    except Overtaken as overtaken:
        ledger.abandon(
            batch_id=submission.batch_id, because=str(overtaken)[:200], at=at, actor=actor
        )
        intake.mark_unstaged(submission_id=submission.id, at=at, actor=actor)
        return
    note_earlier_reports(
        unit_id=submission.unit_id,
        batch_ids={submission.batch_id},
        before=submission.received_at,
        at=at,
        actor=actor,
    )
    doubt_shown(submission_id=submission.id, at=at, actor=actor)
    intake.mark_sealed(submission_id=submission.id, at=at, actor=actor)
    audit.record(
        act="submission.admit",
        object_kind="submission",
        object_id=submission.id,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        batch=submission.batch_id,
    )


def _follow(submission: Submission, at: datetime, actor: Actor, patience: int | None) -> None:
    assert submission.batch_id is not None
    follow(at=at, at_most=patience)
    seal = ledger_queries.seal(submission.batch_id)
    if seal is not None and followed_up_to() >= seal.base + seal.n:
        take_off_doubted(submission_id=submission.id, at=at, actor=actor)
        tell_deciders(submission=submission, at=at, actor=actor)
        intake.mark_followed(submission_id=submission.id, at=at, actor=actor)


STEPS = {
    SubmissionState.RECEIVED: _check,
    SubmissionState.CHECKED: _stage,
    SubmissionState.STAGED: _seal,
    SubmissionState.SEALED: _follow,
}


def withdraw(*, submission_id: int, because: str, at: datetime, actor: Actor) -> Submission:
    """Takes a wrong upload back: unsealed rows never enter, sealed ones get a withdrawal act on the ledger."""
    insist_on_reason(because)
    with naming_who("submission.withdraw", "submission", submission_id), transaction.atomic():
        submission = intake.withdraw(
            submission_id=submission_id, because=because, at=at, actor=actor
        )
        check_submit(actor, unit_id=submission.unit_id)
        decided = intake_queries.decided_entries(submission_id)
        drafts = list(revocations(decided, because=because, at=at, actor=actor))
        if submission.batch_id is not None:
            if ledger_queries.seal(submission.batch_id) is None:
                ledger.abandon(batch_id=submission.batch_id, because=because, at=at, actor=actor)
            else:
                drafts.append(
                    Draft(
                        kind="withdrawal",
                        subject_id=None,
                        unit_id=submission.unit_id,
                        true_on=timezone.localdate(at),
                        known_at=at,
                        open={"because": because},
                        text={},
                        closed={},
                        about_id=submission.batch_id,
                    )
                )
        if drafts:
            ledger.append(drafts=drafts, at=at, actor=actor)
        audit.record(
            act="submission.withdraw",
            object_kind="submission",
            object_id=submission_id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            because=because,
        )
    follow(at=at, at_most=PATIENCE)
    return submission
