"""A receipt as the command line prints it: sentences for people, JSON for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from zhengxin.duties.types import Arrivals
from zhengxin.intake import queries as intake
from zhengxin.intake.types import Fault, Receipt

# Faults printed for people; all of them are in the JSON and in the marked workbook.
FEW = 20
_AT_ONCE = 5_000


def as_json(receipt: Receipt, arrivals: Arrivals | None) -> dict[str, Any]:
    """Every field of the receipt, how its rows arrived (null until they are counted) and every fault."""
    faults = [asdict(fault) for fault in _faults(receipt.submission_id)]
    moment = receipt.received_at.isoformat(timespec="seconds")
    timeliness = (
        None
        if arrivals is None
        else {
            **asdict(arrivals.totals),
            "calendars_missing": dict(arrivals.lacking),
            "before_any_limit": arrivals.before,
        }
    )
    return {
        **asdict(receipt),
        "read": receipt.read,
        "received_at": moment,
        "timeliness": timeliness,
        "faults": faults,
    }


def _faults(submission_id: int) -> Iterator[Fault]:
    number, pages = 1, 1
    while number <= pages:
        found = intake.faults(submission_id, number, size=_AT_ONCE)
        yield from found.faults
        number, pages = number + 1, found.pages


def _quoted(value: str) -> str:
    return f"“{value}”" if value else ""


def as_text(receipt: Receipt, arrivals: Arrivals | None, *, unit: str, behalf: bool) -> str:
    """Who sends, what was read, admitted, waits and was refused, what was late, the first faults with their remedies.

    unit: the name of the unit that sends; behalf: it has no power of its own to send this source.
    """
    lines = [
        f"批次{receipt.number}　{receipt.source_title}　{receipt.filename}　{receipt.state_label}",
        f"由{unit}代报。" if behalf else f"报送单位：{unit}。",
    ]
    if receipt.refusal is not None:
        told = receipt.refusal
        return "\n".join([*lines, told.what + told.why + told.remedy])
    lines.append(
        f"{receipt.read}：入账{receipt.admitted:,}条，待判断{receipt.waiting:,}条，"
        f"退回{receipt.refused:,}条；其中更正旧记录{receipt.superseding:,}条。"
    )
    lines += arrivals.sentences if arrivals else ()
    for label, columns in (
        ("没有读入的列", (*receipt.columns_unknown, *receipt.columns_ignored)),
        ("文件里没有的列", receipt.columns_absent),
    ):
        if columns:
            lines.append(f"{label}：{'、'.join(columns)}。")
    lines += receipt.warnings
    lines += [f"{kind.label}：{kind.count:,}处" for kind in receipt.kinds]
    first = intake.faults(receipt.submission_id, size=FEW)
    lines += [
        f"第{each.row_number}行 {each.header}{_quoted(each.value)}：{each.because}{each.remedy}"
        for each in first.faults
    ]
    if first.total > FEW:
        lines.append(f"共{first.total:,}处问题，只列出前{FEW}处；全部见工作台的回执，或加 --json。")
    return "\n".join(lines)
