"""Verbs of a submission: receive, check, prepare, and each step of its state. The only writers of intake."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.intake import child, forgetting, keeping
from zhengxin.intake.enums import TRANSITIONS, SubmissionState, WaitingState
from zhengxin.intake.folders import (
    ground_of,
    keep_reading,
    reading_of,
    the_source,
    upload_of,
    with_spellings,
)
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.intake.preparing import prepare_records
from zhengxin.intake.types import Prepared
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.leaks import mask_id_numbers
from zhengxin.kernel.refused import AlreadyDone, NotAllowed, Refused
from zhengxin.ledger.models import Entry
from zhengxin.subjects.queries import may_send
from zhengxin.subjects.types import Establish

# Tables that lose words when something is erased.
ERASABLE = ["intake_submission", "intake_waitingrecord"]
_CHUNK = 1 << 20
# Names the lock under which submissions get their numbers on PostgreSQL.
_NUMBERING = 20_260_402


class MoveRefused(Refused):
    """A submission cannot go from the state it is in to the one asked for."""


class NothingToMend(Refused):
    """The submission to be mended is not the sender's, or of another source."""


def receive(
    *,
    upload: BinaryIO | Path,
    filename: str,
    source: str,
    unit_id: int,
    at: datetime,
    actor: Actor,
    mends: int | None = None,
) -> Submission:
    """Keep the bytes under a number. The same bytes of the same unit and source are the same submission,
    told by its earlier received_at. mends: id of the submission whose faulty rows come back mended.

    Raises SourceUnknown, NotAllowed (no power to send this source), NothingToMend.
    """
    described = the_source(source)
    on = timezone.localtime(at).date()
    allowed = may_send(unit_id, source, on)
    if not allowed:
        raise NotAllowed(
            _("没有接收：这个单位不能报送“%(title)s”。") % {"title": described.title},
            allowed.because,
            _("请由有权责的单位报送；权责有变化的，请联系县发改局登记。"),
        )
    report: dict[str, Any] = {}
    if mends is not None:
        mended = _mended(mends, source, unit_id)
        report |= {"mends": mended.number, "mends_id": mended.pk}
    with _kept(upload) as (path, size, sha256), transaction.atomic():
        _take_turn()
        found = (
            Submission.objects.filter(source=source, unit_id=unit_id, sha256=sha256)
            .exclude(state=SubmissionState.WITHDRAWN)
            .first()
        )
        if found is not None:
            return found
        made = Submission.objects.create(
            number=f"{on:%m%d}-{Submission.objects.filter(received_on=on).count() + 1:04d}",
            source=source,
            unit_id=unit_id,
            account_id=actor.account_id,
            sender=actor.name[:100],
            filename=mask_id_numbers(Path(filename).name)[-255:],
            size=size,
            sha256=sha256,
            received_at=at,
            received_on=on,
            state=SubmissionState.RECEIVED,
            report=report,
        )
        shutil.move(path, upload_of(made.pk))
    return made


def _mended(submission_id: int, source: str, unit_id: int) -> Submission:
    row = Submission.objects.filter(pk=submission_id, source=source, unit_id=unit_id).first()
    if row is None:
        raise NothingToMend(
            _("没有接收：找不到要改正的批次。"),
            _("它不属于这个单位，或不是这个来源。"),
            _("请从原批次的回执上传改好的文件。"),
        )
    return row


def _take_turn() -> None:
    """One number at a time: SQLite writes one by one anyway, PostgreSQL waits for this lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as statement:
            statement.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING])


@contextmanager
def _kept(upload: BinaryIO | Path) -> Iterator[tuple[Path, int, str]]:
    """The bytes in a private file of the store, with their size and SHA-256; removed unless moved away."""
    store = Path(settings.SUBMISSIONS_DIR)
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=store, prefix=".incoming-", delete=False) as kept:
        path = Path(kept.name)
        try:
            with upload.open("rb") if isinstance(upload, Path) else nullcontext(upload) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    kept.write(chunk)
        except BaseException:
            path.unlink()
            raise
    try:
        yield path, size, digest.hexdigest()
    finally:
        path.unlink(missing_ok=True)


def check(*, submission_id: int, at: datetime, actor: Actor) -> Submission:
    """Read and check every row; the submission becomes CHECKED, or REFUSED when no row can be read."""
    submission = Submission.objects.get(pk=submission_id)
    _insist(submission, SubmissionState.CHECKED)
    ground = with_spellings(ground_of(submission))
    report = dict(submission.report)
    try:
        reading, checked = child.check(ground)
    except Refused as refused:
        report["refusal"] = _masked([refused.what, refused.why, refused.remedy])
        _move(submission, SubmissionState.REFUSED, report=report, checked_at=at, finished_at=at)
        return submission
    keep_reading(ground.folder, reading)
    report["checked"] = asdict(checked)
    report["reading"] = {
        "headers": _masked(reading.headers),
        "fields": list(reading.fields),
        "unknown": _masked(reading.unread),
        "ignored": _masked(reading.ignored),
        "absent": list(reading.absent),
        "encoding": reading.encoding,
        "sheet": reading.sheet,
    }
    _move(
        submission,
        SubmissionState.CHECKED,
        report=report,
        checked_at=at,
        rows_read=checked.rows,
        records=checked.records,
        refused=checked.refused,
        admitted=checked.records - checked.refused,
        waiting=0,
        superseding=0,
    )
    return submission


def _masked(texts: Iterable[str]) -> list[str]:
    """What the receipt repeats of the file's own words, without identity numbers: others read it too."""
    return [mask_id_numbers(text) for text in texts]


def prepare(*, submission_id: int, establish: Establish, at: datetime, actor: Actor) -> Prepared:
    """Attribute and compare with the ledger, and write the drafts; may be repeated until they are staged.

    establish: makes subjects for valid codes nobody has used before.
    """
    submission = Submission.objects.get(pk=submission_id)
    _insist(submission, SubmissionState.STAGED)
    prepared, kinds = prepare_records(
        submission, ground_of(submission), reading_of(submission_id), establish
    )
    report = dict(submission.report)
    report["kinds"] = [asdict(kind) for kind in kinds]
    report["sealed"] = prepared.sealed
    Submission.objects.filter(pk=submission_id).update(
        report=report,
        admitted=prepared.admitted,
        waiting=prepared.waiting,
        refused=prepared.refused,
        superseding=prepared.superseding,
    )
    return prepared


def mark_staged(*, submission_id: int, batch_id: int, at: datetime, actor: Actor) -> None:
    """Its batch is reserved: the drafts are going into the ledger."""
    _step(submission_id, SubmissionState.STAGED, batch_id=batch_id, progress=0)


def mark_unstaged(*, submission_id: int, at: datetime, actor: Actor) -> None:
    """Another file brought the same record first: the drafts are compared with the ledger once more."""
    _step(submission_id, SubmissionState.CHECKED, batch_id=None, progress=0)


def note_progress(*, submission_id: int, done: int) -> None:
    """How many drafts are in by now."""
    Submission.objects.filter(pk=submission_id).update(progress=done)


def note_interruption(*, submission_id: int, at: datetime, actor: Actor) -> None:
    """The work on it ended before its end; it stays where it stands, and the receipt says so."""
    with transaction.atomic():
        submission = Submission.objects.get(pk=submission_id)
        before = submission.report.get("interrupted", {})
        again = before.get("state") == submission.state
        note = {
            "state": submission.state,
            "at": at.isoformat(),
            "times": (before["times"] if again else 0) + 1,
        }
        Submission.objects.filter(pk=submission_id).update(
            report={**submission.report, "interrupted": note}
        )


def mark_sealed(*, submission_id: int, at: datetime, actor: Actor) -> None:
    """Its batch is sealed: the entries exist."""
    _step(submission_id, SubmissionState.SEALED)


def mark_followed(*, submission_id: int, at: datetime, actor: Actor) -> None:
    """Every follower has seen its entries, or it had none."""
    _step(submission_id, SubmissionState.FOLLOWED, finished_at=at)


def withdraw(*, submission_id: int, because: str, at: datetime, actor: Actor) -> Submission:
    """Take a wrong upload back; its waiting records are dropped. The ledger's part is journey's. Raises AlreadyDone."""
    with transaction.atomic():
        submission = Submission.objects.get(pk=submission_id)
        if submission.state == SubmissionState.WITHDRAWN:
            raise AlreadyDone(_("没有再撤回一次。"), _("这一批已经撤回。"))
        _move(
            submission,
            SubmissionState.WITHDRAWN,
            withdrawn_at=at,
            withdrawn_because=because[:400],
        )
        WaitingRecord.objects.filter(
            submission_id=submission_id, state=WaitingState.WAITING
        ).update(state=WaitingState.DROPPED, decided_at=at)
    return submission


def settle_waiting(
    *, waiting_id: int, entry_id: int | None, judgement_id: int | None, at: datetime, actor: Actor
) -> None:
    """A person decided: the record became an entry, or (None) does not enter. The receipt's sum stays whole."""
    state = WaitingState.DROPPED if entry_id is None else WaitingState.ADMITTED
    with transaction.atomic():
        settled = WaitingRecord.objects.filter(pk=waiting_id, state=WaitingState.WAITING).update(
            state=state, entry_id=entry_id, judgement_id=judgement_id, decided_at=at
        )
        if not settled:
            raise MoveRefused(
                _("没有办理：这条记录已经有人判断过。"), "", _("请回到列表查看最新的状态。")
            )
        column = "refused" if entry_id is None else "admitted"
        Submission.objects.filter(waiting_records=waiting_id).update(
            **{"waiting": F("waiting") - 1, column: F(column) + 1}
        )


def resettle_waiting(
    *, waiting_id: int, entry_id: int | None, judgement_id: int, at: datetime, actor: Actor
) -> None:
    """A later judgement: the record is now this entry, or (None) no longer any.

    What was an entry once keeps its number, so that yet another judgement finds it.
    """
    state = WaitingState.DROPPED if entry_id is None else WaitingState.ADMITTED
    with transaction.atomic():
        row = WaitingRecord.objects.select_for_update().get(pk=waiting_id)
        WaitingRecord.objects.filter(pk=waiting_id).update(
            state=state,
            entry_id=row.entry_id if entry_id is None else entry_id,
            judgement_id=judgement_id,
            decided_at=at,
        )
        if state != row.state:
            change = 1 if state == WaitingState.ADMITTED else -1
            Submission.objects.filter(pk=row.submission_id).update(
                admitted=F("admitted") + change, refused=F("refused") - change
            )


def drop_waiting(*, waiting_id: int, at: datetime, actor: Actor) -> None:
    """The record does not enter."""
    settle_waiting(waiting_id=waiting_id, entry_id=None, judgement_id=None, at=at, actor=actor)


def put_away(*, submission_id: int, at: datetime, actor: Actor) -> None:
    """Seal what stays of a settled submission and remove the rest. The caller holds its claim; again is harmless."""
    submission = Submission.objects.get(pk=submission_id)
    keeping.put_away(submission, at=at)
    Submission.objects.filter(pk=submission_id).update(put_away_at=at)


def strike_rows(
    *, submission_id: int, struck: forgetting.Struck, at: datetime, actor: Actor
) -> None:
    """Take the rows of erased entries out of the files kept. The caller holds the claim; again is harmless."""
    forgetting.strike_rows(submission_id, struck, at=at)


def forget_waiting(
    *,
    entries: Sequence[Entry],
    struck: Mapping[int, forgetting.Struck],
    names: Iterable[str],
    at: datetime,
    actor: Actor,
) -> None:
    """Empty what the list of waiting records, and the names of files, say of erased entries; again is harmless.

    A copy of the record that waited still is dropped.
    """
    with transaction.atomic():
        waiting = forgetting.waiting_of(entries, struck)
        for row in waiting:
            if forgetting.waits(row):
                drop_waiting(waiting_id=row.pk, at=at, actor=actor)
        forgetting.blank_waiting(waiting)
        forgetting.blank_filenames(struck, names)


def sweep(*, before: datetime, at: datetime, actor: Actor) -> None:
    """Remove files that killed processes left; what an arriving upload wrote after `before` is left alone."""
    keeping.sweep(before=before)


def _step(submission_id: int, state: SubmissionState, **changed: Any) -> None:
    _move(Submission.objects.get(pk=submission_id), state, **changed)


def _insist(submission: Submission, state: SubmissionState) -> None:
    now = SubmissionState(submission.state)
    if state not in TRANSITIONS[now]:
        raise MoveRefused(
            _("批次%(number)s不能转为“%(state)s”。")
            % {"number": submission.number, "state": state.label},
            _("它现在的状态是“%(now)s”。") % {"now": now.label},
            _("请刷新页面查看最新的状态。"),
        )


def _move(submission: Submission, state: SubmissionState, **changed: Any) -> None:
    """Change the state by the table; of two processes the first one wins."""
    _insist(submission, state)
    moved = Submission.objects.filter(pk=submission.pk, state=submission.state).update(
        state=state, **changed
    )
    if not moved:
        submission.refresh_from_db()
        _insist(submission, state)
        raise MoveRefused(
            _("批次%(number)s正在由另一个进程办理。") % {"number": submission.number},
            "",
            _("请过一会儿刷新页面。"),
        )
    submission.refresh_from_db()
