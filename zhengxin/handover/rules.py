"""What must go up, when it is tried again, when somebody is called, and what an answer means. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from zhengxin.handover.types import (
    AnswerRow,
    Known,
    Operation,
    Standing,
    Template,
    TemplateField,
    Version,
    Wanted,
)
from zhengxin.kernel.say import say

# Pauses between attempts double from the first to the longest; there is no last attempt.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
_DOUBLINGS = 6
# Characters that neither XML nor a workbook may hold.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def wanted(versions: Sequence[Version], known: Known) -> Wanted:
    """What the peer should be told next of one record. versions: its line of corrections, oldest first.

    The newest version that stands counts. A record that may be given to nobody, need not be
    reported or stands no longer is revoked where the peer holds it, and else stays here.
    """
    standing = [version for version in versions if version.stands]
    tip = standing[-1] if standing else versions[-1]
    if tip.came:
        held = known.entry_id is not None
        because = say("由对方下发，不回报。")
        return Wanted(tip.entry_id, tip.unit_id, tip.kind, None, because, exempt=not held)
    because = _withheld(tip)
    if because:
        told = known.entry_id is not None
        operation = Operation.REVOKE if told else None
        return Wanted(tip.entry_id, tip.unit_id, tip.kind, operation, because, exempt=not told)
    if tip.repaired and known.entry_id is None:
        because = say("已修复，不再报送。")
        return Wanted(tip.entry_id, tip.unit_id, tip.kind, None, because, exempt=True)
    return Wanted(tip.entry_id, tip.unit_id, tip.kind, *_told_next(tip, known))


def _withheld(tip: Version) -> str:
    if tip.sealed:
        return tip.sealed
    if not tip.must_report:
        return say("依规定不报送。")
    return "" if tip.stands else say("已撤回或撤销。")


def _told_next(tip: Version, known: Known) -> tuple[Operation | None, str]:
    if known.entry_id is None:
        return Operation.NEW, ""
    if known.entry_id != tip.entry_id:
        return Operation.CORRECT, say("上报以后有更正。")
    if tip.over and not known.over:
        because = say("已修复，停止共享使用。") if tip.repaired else say("公示已终止。")
        return Operation.REPAIR, because
    if known.over and not tip.over:
        return Operation.CORRECT, say("恢复公示。")
    if tip.disputed != known.disputed:
        because = say("异议处理中，须标注。") if tip.disputed else say("异议处理完毕，取消标注。")
        return Operation.CORRECT, because
    return None, ""


def state_after(
    want: Wanted, *, last: str, last_line: tuple[int, str] | None
) -> tuple[Standing, str]:
    """The state of a record and the reason, from what is wanted and how the last line stands.

    last: the state that the last line gave it, "" when nothing was ever packed; last_line: its
    entry and operation. What the peer rejected does not go again by itself: the same words would
    be rejected again. A correction, or a person, sends it again.
    """
    if want.exempt:
        return Standing.EXEMPT, want.because
    if want.operation is not None:
        answered = last in (Standing.REJECTED, Standing.CONTRADICTED)
        if answered and last_line == (want.entry_id, want.operation.value):
            return Standing(last), ""
        return Standing.DUE, want.because
    return Standing(last), ""


def row_faults(template: Template, values: Mapping[str, str]) -> list[str]:
    """Why a row does not meet the template, a sentence for each fault; empty when it does."""
    found = []
    for field in template.fields:
        value = values.get(field.code, "")
        if fault := _fault(field, value, values):
            found.append(fault)
    return found


def _fault(field: TemplateField, value: str, values: Mapping[str, str]) -> str:
    if not value:
        needed = field.required or (
            field.when is not None and values.get(field.when[0], "") in field.when[1]
        )
        return say("缺少{header}。", header=field.header) if needed else ""
    if _CONTROL.search(value):
        return say("{header}里有看不见的控制字符。", header=field.header)
    if field.length and len(value) > field.length:
        told = {"header": field.header, "n": len(value), "most": field.length}
        return say("{header}有{n}个字，最多{most}个。", **told)
    if field.choices and value not in field.choices:
        return say("{header}“{value}”不在代码表里。", header=field.header, value=value[:40])
    if field.is_date and not _is_day(value):
        return say("{header}“{value}”不是日期。", header=field.header, value=value[:40])
    return ""


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == 10


def next_try(failures: int, last_at: datetime | None) -> datetime | None:
    """When a delivery may be tried again after so many failures in a row; None: at once."""
    if not failures or last_at is None:
        return None
    pause: timedelta = FIRST_PAUSE * 2 ** min(failures - 1, _DOUBLINGS)
    return last_at + min(pause, LONGEST_PAUSE)


def overdue(since: datetime, at: datetime, *, hours: int) -> bool:
    """Whether something has waited for so many hours and somebody must be called."""
    return at - since >= timedelta(hours=hours)


def unanswered_before(at: datetime, *, days: int) -> datetime:
    """What was delivered before this moment and not answered counts as never confirmed."""
    return at - timedelta(days=days)


def export_due(last_at: datetime | None, at: datetime, *, every_minutes: int) -> bool:
    """Whether a scheduled peer's next dispatch may be packed; never for one that goes by hand."""
    if not every_minutes:
        return False
    return last_at is None or at - last_at >= timedelta(minutes=every_minutes)


def repeated(earlier: Collection[bool], accepted: bool) -> bool:
    """Whether the peer said the same of this line before."""
    return accepted in earlier


def state_of_answers(verdicts: Collection[bool]) -> Standing:
    """How a line stands after everything the peer said of it; contradictions are shown, not resolved."""
    if len(set(verdicts)) > 1:
        return Standing.CONTRADICTED
    return Standing.ACCEPTED if True in verdicts else Standing.REJECTED


def place_of(
    answer: AnswerRow, files: Sequence[str], rows: Mapping[tuple[int, int], int]
) -> int | None:
    """The line an answer names by file and row; None when it cannot be told without guessing.

    files: names of the data files in their order; rows: (place of the file, row) to line.
    """
    if answer.row is None:
        return None
    if answer.file:
        place = files.index(answer.file) if answer.file in files else -1
    else:
        place = 0 if len(files) == 1 else -1
    return rows.get((place, answer.row))
