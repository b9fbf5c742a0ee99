"""From the files of a law folder to typed rules."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from zhengxin.kernel.say import say
from zhengxin.kernel.workdays import SATURDAY, Calendar, CalendarYear
from zhengxin.rulebook.blocks import Block, LawUnreadable
from zhengxin.rulebook.enums import (
    CalendarStatus,
    CountedFrom,
    DisplayMode,
    Grade,
    LimitUnit,
    ReportException,
    WithheldEffect,
    WithheldFor,
)
from zhengxin.rulebook.measures import read_measures
from zhengxin.rulebook.rules import fold_penalty_word
from zhengxin.rulebook.types import (
    CalendarSource,
    Citation,
    DisplayRule,
    DutyKind,
    DutyLimit,
    DutyTerm,
    GradeTable,
    Law,
    Parameter,
    PenaltyKind,
    RecordField,
    RecordKind,
    Withholding,
)


def read_law(folder: Path) -> Law:
    """Read and check every file of `folder`. Raises LawUnreadable with file and line."""
    years, sources = _calendar(folder / "calendar")
    kinds, words = _penalty_kinds(folder / "penalty_kinds.yaml")
    display, withheld, grades = _publication(folder / "publication", frozenset(kinds))
    records = {kind.code: kind for kind in map(_record_kind, _files(folder / "records"))}
    terms, duties = _duties(folder / "duties", records)
    return Law(
        calendar=Calendar(years),
        calendar_sources=sources,
        record_kinds=records,
        duty_terms=terms,
        duty_kinds=duties,
        display_rules=display,
        withholdings=withheld,
        grade_tables=grades,
        penalty_kinds=kinds,
        penalty_words=words,
        parameters=_parameters(folder / "parameters"),
        measures=read_measures(_files(folder / "measures")),
    )


def _files(folder: Path) -> Iterator[Block]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise LawUnreadable(folder, 1, say("文件夹里没有规则文件。"))
    for path in paths:
        yield Block.read(path)


def _calendar(folder: Path) -> tuple[list[CalendarYear], dict[int, CalendarSource]]:
    years: list[CalendarYear] = []
    sources: dict[int, CalendarSource] = {}
    for file in _files(folder):
        year = file.number("year")
        if file.path.stem != str(year):
            raise file.wrong("year", say("年份与文件名不一致。"))
        off, worked = file.days("days_off"), file.days("make_up_days")
        if any(day.year != year or day.weekday() >= SATURDAY for day in off):
            raise file.wrong("days_off", say("放假日只写本年的周一至周五。"))
        if any(day.year != year or day.weekday() < SATURDAY for day in worked):
            raise file.wrong("make_up_days", say("上班日只写本年的周六和周日。"))
        if not off:
            raise file.wrong("days_off", say("没有放假日：通知发布前不要建立本年文件。"))
        number = file.text("number") if file.has("number") else ""
        if file.has("number_status"):
            file.text("number_status")
        sources[year] = CalendarSource(
            year=year,
            status=file.one_of("status", CalendarStatus),
            document=file.text("document"),
            number=number,
            source=file.text("source"),
        )
        years.append(CalendarYear(year, frozenset(off), frozenset(worked)))
        file.close()
    return years, sources


def _penalty_kinds(path: Path) -> tuple[dict[str, PenaltyKind], dict[str, tuple[str, ...]]]:
    file = Block.read(path)
    file.citation()
    kinds: dict[str, PenaltyKind] = {}
    words: dict[str, tuple[str, ...]] = {}

    def add(block: Block, word: str, codes: tuple[str, ...]) -> None:
        folded = fold_penalty_word(word)
        if words.setdefault(folded, codes) != codes:
            raise LawUnreadable(block.path, block.line, say("“{word}”对应了两种处罚。", word=word))

    for block in file.blocks("kinds"):
        kind = PenaltyKind(block.text("code"), block.text("name"))
        if kind.code in kinds:
            raise block.wrong("code", say("“{name}”写了两次。", name=kind.code))
        kinds[kind.code] = kind
        for word in (kind.name, *block.words("words")):
            add(block, word, (kind.code,))
        block.close()
    for block in file.blocks("combined_words"):
        codes = block.words("codes")
        if not codes or not set(codes) <= set(kinds):
            raise block.wrong("codes", say("有不认识的处罚种类。"))
        add(block, block.text("word"), codes)
        block.close()
    file.close()
    return kinds, words


def _record_kind(file: Block) -> RecordKind:
    catalogue, report = file.block("catalogue"), file.block("report")
    exceptions = report.words("except")
    if not set(exceptions) <= set(ReportException):
        raise report.wrong("except", say("有不认识的例外。"))
    kind = RecordKind(
        code=file.text("code"),
        name=file.text("name"),
        adverse=file.flag("adverse"),
        duties=file.words("duties"),
        title_roles=file.words("title_roles"),
        catalogue_class=catalogue.text("class"),
        catalogue=catalogue.citation(),
        must_report=report.flag("required"),
        report_exceptions=frozenset(map(ReportException, exceptions)),
        report_rule=report.text("rule"),
        report=report.citation(),
        fields=tuple(map(_record_field, file.blocks("fields") if "fields" in file else ())),
    )
    if file.path.stem != kind.code:
        raise file.wrong("code", say("代码与文件名不一致。"))
    for block in (catalogue, report, file):
        block.close()
    return kind


def _record_field(block: Block) -> RecordField:
    field = RecordField(
        code=block.text("code"),
        label=block.text("label"),
        role=block.text("role") if "role" in block else "",
        hidden=block.text("hidden") if "hidden" in block else "",
    )
    block.close()
    return field


def _duties(
    folder: Path, records: dict[str, RecordKind]
) -> tuple[tuple[DutyTerm, ...], dict[str, DutyKind]]:
    terms: list[DutyTerm] = []
    kinds: dict[str, DutyKind] = {}
    for file in _files(folder):
        if "terms" in file:
            terms += _duty_terms(file, records)
            continue
        for block in file.blocks("duties"):
            kind = _duty_kind(block)
            if kinds.setdefault(kind.code, kind) is not kind:
                raise block.wrong("duty", say("“{name}”写了两次。", name=kind.code))
        file.close()
    return tuple(terms), kinds


def _duty_kind(block: Block) -> DutyKind:
    limits: list[DutyLimit] = []
    for each in block.blocks("limits"):
        unit = each.one_of("unit", LimitUnit)
        limit = DutyLimit(
            case=str(each.plain("case") or ""),
            unit=unit,
            count=0 if unit is LimitUnit.SET else each.number("count"),
            rule=each.text("rule"),
            citation=each.citation(),
        )
        each.close()
        same = [other.citation for other in limits if other.case == limit.case]
        _no_overlap(each, [*same, limit.citation])
        limits.append(limit)
    kind = DutyKind(block.text("duty"), block.text("name"), tuple(limits))
    block.close()
    return kind


def _duty_terms(file: Block, records: dict[str, RecordKind]) -> Iterator[DutyTerm]:
    duty, name = file.text("duty"), file.text("name")
    for block in file.blocks("terms"):
        kinds = block.words("kinds")
        for kind in kinds:
            if kind not in records or duty not in records[kind].duties:
                raise block.wrong("kinds", say("“{kind}”没有登记这项时限。", kind=kind))
        yield DutyTerm(
            duty=duty,
            name=name,
            record_kinds=frozenset(kinds),
            unit_traits=frozenset(block.words("units")),
            working_days=block.number("working_days"),
            counted_from=block.one_of("counted_from", CountedFrom),
            rule=block.text("rule"),
            citation=block.citation(),
        )
        block.close()
    file.close()


def _publication(
    folder: Path, penalty_kinds: frozenset[str]
) -> tuple[tuple[DisplayRule, ...], tuple[Withholding, ...], tuple[GradeTable, ...]]:
    display: list[DisplayRule] = []
    withheld: list[Withholding] = []
    grades: list[GradeTable] = []
    for file in _files(folder):
        for block in file.blocks("display") if "display" in file else ():
            display.extend(_display_rules(block, display))
        for block in file.blocks("withheld") if "withheld" in file else ():
            withheld.append(_withholding(block))
        for block in file.blocks("grades") if "grades" in file else ():
            grades.append(_grade_table(block, penalty_kinds))
            _no_overlap(block, [table.citation for table in grades])
        file.close()
    return tuple(display), tuple(withheld), tuple(grades)


def _display_rules(block: Block, earlier: list[DisplayRule]) -> list[DisplayRule]:
    mode = block.one_of("mode", DisplayMode)
    window = mode is DisplayMode.WINDOW
    grade = block.one_of("grade", Grade) if block.has("grade") else None
    rules = [
        DisplayRule(
            record_kind=kind,
            grade=grade,
            mode=mode,
            displayed_by_default=block.flag("displayed_by_default"),
            minimum_months=block.number("minimum_months") if window else None,
            maximum_months=block.number("maximum_months") if window else None,
            counted_from=block.one_of("counted_from", CountedFrom) if window else None,
            removal_working_days=(
                block.number("removal_working_days") if mode is DisplayMode.WHILE_LISTED else None
            ),
            rule=block.text("rule"),
            citation=block.citation(),
        )
        for kind in block.words("kinds")
    ]
    block.close()
    for rule in rules:
        alike = [
            r.citation for r in earlier if (r.record_kind, r.grade) == (rule.record_kind, grade)
        ]
        _no_overlap(block, [*alike, rule.citation])
    return rules


def _no_overlap(block: Block, citations: list[Citation]) -> None:
    for one, other in combinations(citations, 2):
        if one.in_force_on(other.in_force_from) or other.in_force_on(one.in_force_from):
            raise block.wrong("from", say("与另一条同类规则的施行期间重叠。"))


def _withholding(block: Block) -> Withholding:
    found = Withholding(
        reason=block.text("reason"),
        effect=block.one_of("effect", WithheldEffect),
        applies_to=block.one_of("applies_to", WithheldFor),
        words=block.words("words"),
        rule=block.text("rule"),
        citation=block.citation(),
    )
    block.close()
    return found


def _grade_table(block: Block, penalty_kinds: frozenset[str]) -> GradeTable:
    grades: dict[str, Grade] = {}
    for grade in Grade:
        for kind in block.words(grade.value):
            if kind in grades:
                raise block.wrong(grade.value, say("“{kind}”写了两次。", kind=kind))
            grades[kind] = grade
    reasons = block.block("undetermined")
    undetermined = {kind: reasons.text(kind) for kind in reasons}
    table = GradeTable(grades, undetermined, block.citation())
    placed = set(grades) | set(undetermined)
    if placed != penalty_kinds or set(grades) & set(undetermined):
        odd = "、".join(sorted((placed ^ penalty_kinds) | (set(grades) & set(undetermined))))
        raise LawUnreadable(block.path, block.line, say("处罚种类没有逐一定档：{odd}。", odd=odd))
    block.close()
    return table


def _parameters(folder: Path) -> tuple[Parameter, ...]:
    found: list[Parameter] = []
    for file in _files(folder):
        for block in file.blocks("parameters"):
            parameter = Parameter(
                name=block.text("name"),
                value=block.plain("value"),
                meaning=block.text("meaning"),
                citation=block.citation(),
            )
            block.close()
            alike = [other.citation for other in found if other.name == parameter.name]
            _no_overlap(block, [*alike, parameter.citation])
            found.append(parameter)
        file.close()
    return tuple(found)
