"""Reads of intake: sources, receipts, faults, the waiting list, how good each source is."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.intake.checking import fault_files
from zhengxin.intake.child import as_checked
from zhengxin.intake.decided import decided_alike as decided_alike
from zhengxin.intake.decided import decided_entries as decided_entries
from zhengxin.intake.decided import handlers_of as handlers_of
from zhengxin.intake.decided import recorders as recorders
from zhengxin.intake.decided import senders as senders
from zhengxin.intake.decided import waiting_reports as waiting_reports
from zhengxin.intake.decided import waiting_sealed as waiting_sealed
from zhengxin.intake.decided import written_mention as written_mention
from zhengxin.intake.drafting import DRAFTS, WAITING
from zhengxin.intake.enums import SubmissionState, WaitingState
from zhengxin.intake.explaining import explain_sealed
from zhengxin.intake.folders import (
    all_sources,
    folder_of,
    reading_in,
    the_source,
)
from zhengxin.intake.forgetting import borne_alone as borne_alone
from zhengxin.intake.forgetting import find_struck as find_struck
from zhengxin.intake.forgetting import sent_with as sent_with
from zhengxin.intake.forgetting import submissions_bearing as submissions_bearing
from zhengxin.intake.forgetting import waiting_of as waiting_of
from zhengxin.intake.keeping import opened
from zhengxin.intake.marking import write_marked_workbook
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.intake.seals import sealed_documents as sealed_documents
from zhengxin.intake.templates import template_bytes
from zhengxin.intake.types import (
    Disclosure,
    Fault,
    FaultKind,
    FaultPage,
    Interruption,
    Quality,
    Receipt,
    Refusal,
    Severity,
    Source,
)
from zhengxin.kernel.refused import Refused
from zhengxin.lake.queries import one, rows
from zhengxin.lake.sql import parquet
from zhengxin.ledger.types import Draft
from zhengxin.subjects.queries import sources_of

PAGE = 50
# So many times what stopped is tried again without a pause.
_AT_ONCE = 2
# States on which the worker has something to do.
# Not yet read, no rows at all, or at least one row that was not handed back.
_SAID_SOMETHING = Q(records__isnull=True) | Q(records=0) | Q(records__gt=F("refused"))

UNFINISHED = (
    SubmissionState.RECEIVED,
    SubmissionState.CHECKED,
    SubmissionState.STAGED,
    SubmissionState.SEALED,
)
# States after which no row moves any more.
SETTLED = (SubmissionState.FOLLOWED, SubmissionState.REFUSED, SubmissionState.WITHDRAWN)


class NotThere(Refused):
    """A submission, waiting record or file of one does not exist."""


def sources() -> list[Source]:
    """Every source in force, by name."""
    return [source for _name, source in sorted(all_sources().items())]


def source(name: str) -> Source:
    """One source. Raises SourceUnknown."""
    return the_source(name)


def submission(submission_id: int) -> Submission:
    """One submission. Raises NotThere."""
    found = Submission.objects.filter(pk=submission_id).first()
    if found is None:
        raise NotThere(_("没有这一批报送。"), "", _("请从报送列表中打开。"))
    return found


def submission_by_number(number: str) -> Submission:
    """The submission with this number; of several (numbers begin anew each year) the newest. Raises NotThere."""
    row = Submission.objects.filter(number=number).order_by("-id").first()
    if row is None:
        raise NotThere(
            _("没有批次%(number)s。") % {"number": number}, "", _("请核对回执上的批次号。")
        )
    return row


def submissions(
    *,
    unit_ids: Iterable[int] | None = None,
    source: str = "",
    state: str = "",
    unit_id: str | int = "",
) -> QuerySet[Submission]:
    """Submissions of these units (None: of all), newest first, narrowed by what is not empty."""
    found = Submission.objects.order_by("-id")
    if unit_ids is not None:
        found = found.filter(unit_id__in=set(unit_ids))
    if source:
        found = found.filter(source=source)
    if state in SubmissionState.values:
        found = found.filter(state=state)
    if str(unit_id).isdecimal():
        found = found.filter(unit_id=int(unit_id))
    return found


def batches(submission_ids: Iterable[int]) -> dict[int, int]:
    """By submission, the block of ledger entries that it became; those without one are left out."""
    found = Submission.objects.filter(id__in=list(submission_ids), batch_id__isnull=False)
    return {pk: batch for pk, batch in found.values_list("id", "batch_id") if batch is not None}


def mended(submission_ids: Iterable[int]) -> dict[int, Submission]:
    """By id, the newest submission in which the faulty rows of each came back; one withdrawn does not count."""
    found = Submission.objects.filter(report__mends_id__in=list(submission_ids))
    rows = found.exclude(state=SubmissionState.WITHDRAWN).order_by("id")
    return {row.report["mends_id"]: row for row in rows}


def unfinished(at: datetime) -> list[int]:
    """Ids of submissions on their way, oldest first; one that stopped again and again is left to rest."""
    rows = Submission.objects.filter(state__in=UNFINISHED).order_by("id")
    return [row.pk for row in rows if not _rests(interruption(row), at)]


def interruption(submission: Submission) -> Interruption | None:
    """How the step at which a submission stands was broken off; None when it was not."""
    note = submission.report.get("interrupted")
    if note is None or note["state"] != submission.state:
        return None
    return Interruption(datetime.fromisoformat(note["at"]), note["times"])


def _rests(stopped: Interruption | None, at: datetime) -> bool:
    """Whether it is too early to try again: twice at once, then after one minute, two, four, to an hour."""
    if stopped is None or stopped.times <= _AT_ONCE:
        return False
    minutes = min(60, 2 ** min(stopped.times - _AT_ONCE - 1, 6))
    return at < stopped.at + timedelta(minutes=minutes)


def lying_open(*, before: datetime | None = None) -> list[int]:
    """Settled submissions whose files are not put away yet; with `before`, every one received until then, settled or not."""
    left = Submission.objects.filter(put_away_at__isnull=True).order_by("id")
    left = (
        left.filter(state__in=SETTLED) if before is None else left.filter(received_at__lte=before)
    )
    return list(left.values_list("id", flat=True))


def drafts_path(submission_id: int) -> Path:
    """The drafts of a prepared submission."""
    return folder_of(submission_id) / DRAFTS


def receipt(submission_id: int) -> Receipt:
    """All that the sender is told. Raises NotThere."""
    row = submission(submission_id)
    described = all_sources().get(row.source)
    report: Mapping[str, Any] = row.report
    reading: Mapping[str, Any] = report.get("reading", {})
    checked = as_checked(report["checked"]) if "checked" in report else None
    kinds = checked.kinds if checked else ()
    if "kinds" in report:
        kinds = tuple(
            FaultKind(k["code"], k["label"], Severity(k["severity"]), k["count"])
            for k in report["kinds"]
        )
    headers = dict(zip(reading.get("fields", ()), reading.get("headers", ()), strict=False))
    headers.pop("", None)
    return Receipt(
        submission_id=row.pk,
        number=row.number,
        source=row.source,
        source_title=described.title if described else row.source,
        edition=described.edition if described else "",
        unit_id=row.unit_id,
        sender=row.sender,
        filename=row.filename,
        size=row.size,
        sha256=row.sha256,
        received_at=row.received_at,
        state=row.state,
        state_label=str(row.get_state_display()),
        progress=row.progress,
        rows=row.rows_read or 0,
        records=row.records or 0,
        admitted=row.admitted or 0,
        waiting=row.waiting or 0,
        refused=row.refused or 0,
        superseding=row.superseding or 0,
        kinds=tuple(sorted(kinds, key=lambda kind: list(Severity).index(kind.severity))),
        fault_count=sum(kind.count for kind in kinds),
        warnings=(checked.warnings if checked else ())
        + ((explain_sealed(report["sealed"]),) if report.get("sealed") else ()),
        columns_in_file=len(reading.get("headers", ())),
        columns_expected=len(described.columns) if described else 0,
        columns_read=tuple(headers.values()),
        columns_ignored=tuple(reading.get("ignored", ())),
        columns_unknown=tuple(reading.get("unknown", ())),
        columns_absent=tuple(reading.get("absent", ())),
        refusal=Refusal(*report["refusal"]) if "refusal" in report else None,
        mends=str(report.get("mends", "")),
        withdrawn_because=row.withdrawn_because,
        batch_id=row.batch_id,
    )


def faults(submission_id: int, page: int = 1, kind: str = "", *, size: int = PAGE) -> FaultPage:
    """Faults, refusals first, then what waits, then what is only remarked; each in row order. kind: a severity (refuse, wait, warn), a fault code, or "" for all."""
    with opened(submission_id, "faults-") as place:
        return _faults(fault_files(place), page, kind, size)


_GRAVEST_FIRST = (
    "CASE severity "
    + " ".join(f"WHEN '{s.value}' THEN {n}" for n, s in enumerate(Severity))
    + " END"
)


def _faults(files: list[Path], page: int, kind: str, size: int) -> FaultPage:
    if not files:
        return FaultPage((), 1, 1, 0)
    where = ""
    if kind and kind.replace("_", "").isalpha() and kind.isascii():
        where = f"WHERE {'severity' if kind in set(Severity) else 'code'} = '{kind}'"
    total = int(one(f"SELECT count(*) FROM {parquet(files)} {where}")[0])
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    sql = (
        "SELECT row_number, place, header, value, code, because, remedy, severity "
        f"FROM {parquet(files)} {where} ORDER BY {_GRAVEST_FIRST}, row_number, place, code "
        f"LIMIT {size} OFFSET {(page - 1) * size}"
    )
    found = tuple(
        Fault(number, place, header, value, code, because, remedy, Severity(severity))
        for batch in rows(sql)
        for number, place, header, value, code, because, remedy, severity in batch
    )
    return FaultPage(found, page, pages, total)


def marked_workbook(submission_id: int) -> BinaryIO:
    """The sender's faulty rows with the faults in the cells, written for this reading alone. Raises NotThere."""
    row = submission(submission_id)
    with opened(submission_id) as place, TemporaryDirectory(dir=place) as scratch:
        files = fault_files(place)
        if not files:
            raise NotThere(_("这一批没有标注工作簿。"), _("没有需要改的行。"))
        path = Path(scratch) / "marked.xlsx"
        write_marked_workbook(path, the_source(row.source), reading_in(place), files, row.number)
        return path.open("rb")


def template_workbook(name: str) -> bytes:
    """The Excel template of a source, generated from its description."""
    return template_bytes(the_source(name))


def form_file(source: str, values: Mapping[str, str]) -> tuple[BinaryIO, str]:
    """One row entered by hand (field code to text) as a CSV file, and its name."""
    described = the_source(source)
    columns = [c for c in described.columns if c.disclosure is not Disclosure.IGNORED]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.header for column in columns])
    cells = [values.get(column.field, "") for column in columns]
    writer.writerow([" ".join(cell.split("\x00")) for cell in cells])
    name = _("{title}_表单填写.csv").format(title=described.title)
    return io.BytesIO(text.getvalue().encode("utf-8")), name


def waiting(unit_ids: Iterable[int] | None = None) -> QuerySet[WaitingRecord]:
    """Records that wait for a person, of these units (None: of all), oldest first."""
    found = WaitingRecord.objects.filter(state=WaitingState.WAITING).order_by("id")
    if unit_ids is not None:
        found = found.filter(submission__unit_id__in=set(unit_ids))
    return found


def waiting_alike(waiting_id: int, *, whole_mention: bool = True) -> list[WaitingRecord]:
    """A waiting record first and, with `whole_mention`, all that wait under the same name and code. Raises NotThere."""
    first = WaitingRecord.objects.filter(pk=waiting_id, state=WaitingState.WAITING).first()
    if first is None:
        raise NotThere(
            _("没有找到等待判断的记录。"), _("可能已经有人判断过。"), _("请回到列表查看。")
        )
    if not whole_mention:
        return [first]
    alike = WaitingRecord.objects.filter(state=WaitingState.WAITING, mention=first.mention)
    return [first, *alike.exclude(pk=first.pk).order_by("id")]


def waiting_draft(waiting_id: int, subject_id: int) -> Draft:
    """The draft of a waiting record, now that a person said whose it is. Raises NotThere."""
    row = WaitingRecord.objects.select_related("submission").filter(pk=waiting_id).first()
    if row is None:
        raise NotThere(_("没有找到等待判断的记录。"), "", _("请回到列表查看。"))
    with opened(row.submission_id, WAITING) as place:
        kind, unit_id, true_on, key, content, about_id, trait, shown, text, closed = one(
            "SELECT kind, unit_id, true_on, key, content, about_id, trait, open_json, text_json, "
            f"closed_json FROM {parquet(place / WAITING)} WHERE seq = {int(row.seq)}"
        )
    return Draft(
        kind=kind,
        subject_id=subject_id,
        unit_id=unit_id,
        true_on=true_on,
        known_at=row.submission.received_at,
        open=json.loads(shown),
        text=json.loads(text),
        closed=json.loads(closed),
        key=key,
        content=content,
        about_id=about_id,
        trait=trait,
    )


def quality(
    *, unit_ids: Iterable[int], since: datetime, today: date | None = None
) -> list[Quality]:
    """For every source that a unit has the power to send, and every one it sent: how well since then.

    Silent: nothing came within the source's expected rhythm after the last receipt (or after `since`). A table
    without rows says zero and counts; one whose rows were all handed back says nothing and does not.
    """
    day = today or timezone.localdate()
    sent: dict[tuple[int, str], dict[str, Any]] = {}
    units = list(dict.fromkeys(unit_ids))
    done = Submission.objects.filter(unit_id__in=units).exclude(
        state__in=(SubmissionState.WITHDRAWN, SubmissionState.REFUSED)
    )
    for last in done.values("unit_id", "source").annotate(
        last=Max("received_at", filter=_SAID_SOMETHING)
    ):
        sent[last["unit_id"], last["source"]] = {"last": last["last"]}
    recent = done.filter(received_at__gte=since).values("unit_id", "source")
    for row in recent.annotate(many=Count("id"), all=Sum("records"), bad=Sum("refused")):
        sent[row["unit_id"], row["source"]] |= row
    described = all_sources()
    found: list[Quality] = []
    for unit_id in units:
        names = {name for unit, name in sent if unit == unit_id} | set(sources_of(unit_id, day))
        for name in sorted(names & set(described)):
            found.append(
                _quality(described[name], unit_id, sent.get((unit_id, name), {}), since, day)
            )
    return found


def _quality(
    described: Source, unit_id: int, sums: Mapping[str, Any], since: datetime, today: date
) -> Quality:
    records = sums.get("all") or 0
    sound = records - (sums.get("bad") or 0)
    last = sums.get("last")
    start = timezone.localtime(last or since).date()
    expected = start + timedelta(days=described.rhythm_days)
    return Quality(
        source=described.name,
        source_title=described.title,
        unit_id=unit_id,
        submissions=sums.get("many", 0),
        records=records,
        sound=sound,
        rate=sound / records if records else None,
        last_received_at=last,
        expected_by=expected,
        silent=today > expected,
    )
