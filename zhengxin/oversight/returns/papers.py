"""What a unit's return and the county's summary say as papers, and the matrix as a workbook."""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import xlsxwriter
from django.utils import timezone

from zhengxin.kernel.periods import period_name
from zhengxin.kernel.say import say
from zhengxin.oversight.returns.enums import ReturnState
from zhengxin.oversight.returns.letterhead import Heading, Letter, Table, docx
from zhengxin.oversight.returns.models import QuarterlyReturn
from zhengxin.oversight.returns.types import Counts, Matrix, Quarter, Version

Body = Iterator[str | Heading | Table]


def quarter_words(quarter: Quarter) -> str:
    """2026年第三季度."""
    return period_name(str(quarter))


def _day(on: date) -> str:
    return say("{y}年{m}月{d}日", y=on.year, m=on.month, d=on.day)


def unit_paper(
    *,
    unit: str,
    office: str,
    quarter: Quarter,
    number: str,
    standing: Sequence[tuple[QuarterlyReturn, Version | None]],
    files: Mapping[int, str],
) -> bytes:
    """One unit's returns of a quarter, each with the version that stands (None says so). files: names by piece."""
    days = [version.signed_at for _, version in standing if version]
    return docx(
        Letter(
            office=unit,
            number=number,
            title=say("关于{quarter}工作开展情况的报告", quarter=quarter_words(quarter)),
            addressee=office,
            body=tuple(_unit_body(standing, quarter, files)),
            signature=unit,
            dated=timezone.localdate(max(days)) if days else None,
            year=quarter.after(1).year,
        )
    )


def _unit_body(
    standing: Sequence[tuple[QuarterlyReturn, Version | None]],
    quarter: Quarter,
    files: Mapping[int, str],
) -> Body:
    yield say(
        "现将{quarter}牵头任务的工作开展情况报告如下。共{n}项任务：{told}。",
        quarter=quarter_words(quarter),
        n=len(standing),
        told=_told(_counts(row for row, _ in standing)),
    )
    for row, version in standing:
        yield Heading(
            say("任务{n}（{state}）", n=row.mandate.number, state=ReturnState(row.state).label)
        )
        yield row.mandate.text
        if version is None:
            yield say("本季度没有报送。")
            continue
        yield from _version_body(version, files)
    signed = [version for _, version in standing if version]
    if signed:
        yield Heading(say("本单位的数字"))
        yield from _figures(max(signed, key=lambda each: each.as_of), of_mandate=False)


def _version_body(version: Version, files: Mapping[int, str]) -> Body:
    words = version.words
    if version.state == ReturnState.ZERO:
        yield say("本季度确无工作开展。理由：{because}", because=words.zero_because)
    for label, text in (
        (say("工作开展情况："), words.work),
        (say("存在问题："), words.problems),
        (say("下步打算："), words.next_steps),
    ):
        if text and version.state != ReturnState.ZERO:
            yield label + text
    yield from _figures(version, of_mandate=True)
    if version.pieces:
        names = say("、").join(files.get(piece, str(piece)) for piece in version.pieces)
        yield say("佐证材料{n}份：{names}。", n=len(version.pieces), names=names)


def _figures(version: Version, *, of_mandate: bool) -> Body:
    """The figures of a version that are about its mandate, or those about the whole unit."""
    at = timezone.localtime(version.as_of)
    chosen = [each for each in version.figures if each.of_mandate is of_mandate]
    yield say(
        "登记簿中的数字，取数时间{day}{at}：",
        day=_day(timezone.localdate(version.as_of)),
        at=f"{at:%H:%M}",
    )
    rows = [(each.label, f"{each.n}{each.unit}") for each in chosen]
    yield Table([(say("数字"), say("数量")), *rows])


def _counts(rows: Iterator[QuarterlyReturn]) -> Counts:
    states = [row.state for row in rows]
    return Counts(
        *(
            states.count(each)
            for each in (ReturnState.REPORTED, ReturnState.ZERO, ReturnState.MISSING)
        )
    )


def _told(counts: Counts) -> str:
    return say(
        "已报{reported}项，确认为零{zero}项，未报{missing}项",
        reported=counts.reported,
        zero=counts.zero,
        missing=counts.missing,
    )


def county_paper(*, office: str, quarter: Quarter, number: str, matrix: Matrix, on: date) -> bytes:
    """The county's summary of one quarter, the last of the matrix."""
    place = matrix.quarters.index(quarter)
    cells = [(row.unit, row.cells[place]) for row in matrix.rows]
    counted = [(unit, counts) for unit, counts in cells if counts is not None]
    return docx(
        Letter(
            office=office,
            number=number,
            title=say("关于{quarter}工作报送情况的通报", quarter=quarter_words(quarter)),
            addressee=say("各有关单位"),
            body=tuple(_county_body(counted, matrix.columns[place], quarter, on)),
            signature=office,
            dated=on,
            year=on.year,
        )
    )


def _county_body(
    counted: Sequence[tuple[str, Counts]], total: Counts, quarter: Quarter, on: date
) -> Body:
    yield say(
        "截至{on}，{quarter}应报{n}项：{told}；其中迟报或逾期未报{late}项。",
        on=_day(on),
        quarter=quarter_words(quarter),
        n=total.owed,
        told=_told(total),
        late=total.late,
    )
    yield Heading(say("一、各单位报送情况"))
    head = (say("单位"), say("应报"), *_labels(), say("其中迟"))
    yield Table(
        [
            head,
            *((unit, *_cells(counts)) for unit, counts in counted),
            (say("合计"), *_cells(total)),
        ]
    )
    yield Heading(say("二、未报单位"))
    missing = [f"{unit}{counts.missing}" for unit, counts in counted if counts.missing]
    if missing:
        yield say("{units}。", units=say("、").join(say("{each}项", each=each) for each in missing))
    else:
        yield say("没有未报的单位。")


def _labels() -> tuple[str, ...]:
    states = (ReturnState.REPORTED, ReturnState.ZERO, ReturnState.MISSING)
    return tuple(str(each.label) for each in states)


def _cells(counts: Counts) -> tuple[str, ...]:
    told = (counts.owed, counts.reported, counts.zero, counts.missing, counts.late)
    return tuple(map(str, told))


def workbook(matrix: Matrix) -> bytes:
    """The matrix: a row for each unit and quarter with its counts, and one of totals."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet, bold = book.add_worksheet(say("季度报送")), book.add_format({"bold": True})
        head = (say("单位"), say("季度"), say("应报"), *_labels(), say("其中迟"))
        sheet.write_row(0, 0, head, bold)
        lines = [
            (row.unit, str(quarter), counts)
            for row in matrix.rows
            for quarter, counts in zip(matrix.quarters, row.cells, strict=True)
            if counts is not None
        ]
        for place, (unit, quarter, counts) in enumerate(lines, start=1):
            sheet.write_string(place, 0, unit)
            sheet.write_string(place, 1, quarter)
            sheet.write_row(place, 2, _numbers(counts))
        last = len(lines) + 1
        sheet.write_row(last, 0, (say("合计"), "", *_numbers(matrix.total)), bold)
        sheet.set_column(0, 0, 36)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last - 1, 1), len(head) - 1)
    return made.getvalue()


def _numbers(counts: Counts) -> tuple[int, ...]:
    return (counts.owed, counts.reported, counts.zero, counts.missing, counts.late)
