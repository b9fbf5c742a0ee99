"""Lines of a document into a plan: one walk that keeps the heading it is under and the text so far."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zhengxin.kernel.say import say
from zhengxin.oversight.grammar.clauses import Clause, Form, clauses_of, units_only
from zhengxin.oversight.grammar.headings import Mark, Numbering, mark_of, title_of
from zhengxin.oversight.grammar.lines import paragraphs
from zhengxin.oversight.grammar.linting import findings_of
from zhengxin.oversight.grammar.numerals import number_of
from zhengxin.oversight.grammar.phrases import Said, labels
from zhengxin.oversight.grammar.standing import bearing, rules_of
from zhengxin.oversight.grammar.tables import (
    Columns,
    Row,
    as_labels,
    columns_of,
    row_of,
    whole_cards,
    whole_rows,
)
from zhengxin.oversight.grammar.terms import terms_of
from zhengxin.oversight.grammar.titles import find_title, is_plan, signed_on
from zhengxin.oversight.types import Finding, FindingKind, Plan, Role, Rule, Section, Task

_MORE = re.compile(r"(?:工作|具体|完成|质量|有关)?(?:要求|标准|成效|备注|说明)[：:]")
# Forms that other texts have too count from so many on.
_OFTEN = 3


@dataclass(slots=True)
class _Draft:
    """A task while its clause may still go on in the next line."""

    section: Section | None
    text: str
    clause: str
    line: int
    said: Said
    form: Form
    alone: bool = False
    number: int | None = None


class _Walk:
    """Goes through the paragraphs once."""

    def __init__(self, lines: Sequence[str], begin: int) -> None:
        self.lines = lines
        self.begin = begin
        self.sections: list[Section] = []
        self.drafts: list[_Draft] = []
        self.rules: list[Rule] = []
        self.from_table: list[int] = []
        self._under: list[Section] = []
        self._text: list[str] = []
        self._columns: Columns | None = None
        self._open: _Draft | None = None
        self._headed: _Draft | None = None
        marks = [mark for line in lines[begin:] if (mark := mark_of(line)) is not None]
        self._numbering = Numbering(marks)

    def run(self) -> None:
        """Reads every paragraph."""
        for place, line in enumerate(self.lines):
            self.rules += rules_of(line, place)
            if "\t" in line and self._table(place, line):
                continue
            if "\t" not in line:
                self._columns = None
            self._paragraph(place, as_labels(line) if "\t" in line else line)
        self._describe(self._text[:1])

    def _describe(self, paragraphs: list[str]) -> None:
        """What stands below a heading that carries its clause itself is what the task is about."""
        if self._headed is not None and paragraphs:
            self._headed.text = "\n".join([self._headed.text, *paragraphs])
        self._headed = None

    def _table(self, place: int, line: str) -> bool:
        columns = columns_of(line)
        if columns is not None:
            self._columns = columns
            return True
        if self._columns is None:
            return False
        filled = [cell.strip() for cell in line.split("\t") if cell.strip()]
        if len(filled) == 1:
            # A row that is one heading over the rows below it.
            self._paragraph(place, filled[0])
            return True
        row = row_of(line, self._columns)
        if (
            row is not None
            and not row.said.units
            and number_of(row.number)
            and not row.number.isdigit()
        ):
            # 一 | 经济发展: a heading in two cells.
            self._paragraph(place, f"{row.number}、{row.text}")
        elif row is not None:
            self._row(place, row)
        return True

    def _row(self, place: int, row: Row) -> None:
        self.from_table.append(place)
        number = int(row.number) if row.number.isdigit() else None
        self.drafts.append(
            _Draft(self._here(), row.text, row.clause, place, row.said, Form.PLAIN, number=number)
        )
        self._open = None

    def _paragraph(self, place: int, line: str) -> None:
        found = clauses_of(line)
        if self._takes_value(line, found):
            return
        mark = mark_of(line)
        if mark is not None and place >= self.begin and not (found and found[0].alone):
            self._heading(place, mark, found, line)
        if not found:
            announced = labels(line)
            if self._open is not None and announced and announced[0][0] == 0:
                # Who leads in person, between the lines that name the units.
                self._open.clause += "\n" + line
                return
            if self._adds_to_last(line):
                return
            self._open = None
            # Who answers in person is no part of what is to be done, and the task is made public.
            if not announced or announced[0][0] or {kind for *_, kind in announced} != {"people"}:
                self._text.append(line)
            return
        begin = 0
        for clause in found:
            self._clause(place, line, begin, clause)
            begin = clause.end
        rest = line[begin:].strip(" 。；;")
        if rest:
            self._text.append(rest)
            self._open = None

    def _adds_to_last(self, line: str) -> bool:
        """工作要求：6月底前开工 below the lines that name the units is still of that task."""
        last = self.drafts[-1] if self.drafts else None
        if last is None or not last.alone or self._text or last.section is not self._here():
            return False
        if _MORE.match(line) is None:
            return False
        last.text += "\n" + line
        return True

    def _heading(self, place: int, mark: Mark, found: list[Clause], line: str) -> None:
        if not self._numbering.accepts(mark):
            return
        level = self._numbering.level(mark)
        end = found[0].start if found else len(line)
        offset = len(line) - len(mark.rest)
        title = title_of(line[offset:end] if end > offset else mark.rest)
        self._under = [above for above in self._under if above.level < level]
        path = "".join(above.number for above in self._under) + mark.shown
        self._describe(self._text)
        section = Section(level, mark.shown, title, path, place)
        self._under.append(section)
        self.sections.append(section)
        self._text, self._open = [], None

    def _clause(self, place: int, line: str, begin: int, clause: Clause) -> None:
        before = line[begin : clause.start].strip()
        if clause.alone and self._open is not None and self._goes_on(clause):
            self._open.said.join(clause.said)
            self._open.clause += "\n" + line[clause.start : clause.end]
            return
        if before:
            self._text.append(before)
        if not clause.said.named and clause.form is not Form.BARE:
            self._time(clause, place)
            return
        draft = _Draft(
            section=self._here(),
            text="\n".join(self._text),
            clause=line[clause.start : clause.end],
            line=place,
            said=clause.said,
            form=clause.form,
            alone=clause.alone,
        )
        self.drafts.append(draft)
        here = draft.section
        title_only = here is not None and here.line == place and "。" not in draft.text
        self._headed = draft if title_only and not clause.alone else None
        self._text, self._open = [], draft if clause.alone or clause.end >= len(line) - 1 else None

    def _time(self, clause: Clause, place: int) -> None:
        """A term on a line of its own belongs to the clause above it under the same heading; else it waits."""
        last = self._open or (self.drafts[-1] if self.drafts else None)
        if last is not None and last.alone and last.section is self._here():
            last.said.join(clause.said)
        else:
            self._text.append(self.lines[place])

    def _goes_on(self, clause: Clause) -> bool:
        assert self._open is not None
        again = set(clause.said.heads) & set(self._open.said.heads)
        return not again and (self._open.alone or not clause.said.units)

    def _takes_value(self, line: str, found: list[Clause]) -> bool:
        """A label that ended its line takes the names of the next one."""
        if self._open is None or self._open.said.units or found or not self._open.alone:
            return False
        names = units_only(line)
        announced = labels(self._open.clause)
        roles = [kind for _, _, kind in announced if isinstance(kind, Role)]
        if not names or len(roles) != 1:
            return False
        self._open.said.add(roles[0], line)
        self._open.clause += "\n" + line
        return True

    def _here(self) -> Section | None:
        return self._under[-1] if self._under else None


def read_lines(raw: Sequence[str]) -> Plan:
    """The plan that these lines of a document hold; one without tasks says so in its findings."""
    lines = whole_cards(whole_rows(paragraphs(raw)))
    title, begin = find_title(lines)
    walk = _Walk(lines, begin)
    walk.run()
    drafts = _counted(walk.drafts)
    if len(drafts) == 1 and not is_plan(title) and _only_handled(drafts[0].said):
        drafts = []
    rules = tuple(walk.rules)
    numbers = _numbers(drafts)
    tasks = tuple(
        _task(draft, number, rules) for draft, number in zip(drafts, numbers, strict=True)
    )
    signed = signed_on(lines)
    plan = Plan(
        title=title,
        dated=signed[0] if signed else None,
        sections=tuple(walk.sections),
        tasks=tasks,
        rules=rules,
        findings=(),
    )
    findings = findings_of(plan, lines, begin, walk.from_table)
    return replace(plan, findings=(*findings, *_unread(walk.drafts, drafts, tasks)))


def _unread(every: list[_Draft], kept: list[_Draft], tasks: tuple[Task, ...]) -> Iterator[Finding]:
    """What a plan with tasks says of times and units without our having taken it: a person decides."""
    for draft, task in zip(kept, tasks, strict=True):
        for words in dict.fromkeys(draft.said.odd):
            told = say("时限“{words}”没有读出期限；要按期办的，请改期限。", words=words[:40])
            yield Finding(FindingKind.UNREAD, say("任务{n}", n=task.number), told)
    if not kept:
        return
    if more := [str(task.number) for task in tasks if task.and_others]:
        told = say("单位名单以“等”结尾，还有谁没有写；要加的，请增加单位。")
        yield Finding(FindingKind.UNREAD, say("任务{n}", n="、".join(more)), told)
    for draft in every:
        if draft.form is Form.SENTENCE and draft not in kept:
            told = say(
                "“{clause}”像是写了单位，但写法和这份方案的其他任务不同，没有读成任务；"
                "是任务的，请改成（责任单位：…）后重新上传。",
                clause=draft.clause[:60],
            )
            yield Finding(FindingKind.UNREAD, say("第{n}段", n=draft.line + 1), told)


def _counted(drafts: list[_Draft]) -> list[_Draft]:
    """Without forms that this text uses too rarely for them to be its way of naming duties."""
    forms = Counter(draft.form for draft in drafts)
    kept = {Form.PLAIN}
    for form in (Form.SENTENCE, Form.BARE):
        rivals = sum(forms[other] for other in forms if other > form)
        if forms[form] >= _OFTEN and forms[form] * 4 >= rivals:
            kept.add(form)
    return [draft for draft in drafts if draft.form in kept]


def _only_handled(said: Said) -> bool:
    """承办单位 under a letter says who wrote it, not who owes what."""
    return bool(said.heads) and all(
        head[:2] in ("承办", "主办", "协办", "会办") for head in said.heads
    )


def _numbers(drafts: list[_Draft]) -> list[int]:
    """The items' own numbers where each clause has one and they run through; else 1, 2, 3."""
    own = [_own_number(draft) for draft in drafts]
    plain = [number for number in own if number is not None]
    running = len(plain) == len(own) and all(a < b for a, b in itertools.pairwise(plain))
    return plain if running else list(range(1, len(drafts) + 1))


def _own_number(draft: _Draft) -> int | None:
    if draft.number is not None:
        return draft.number
    mark = mark_of(f"{draft.section.number}、" if draft.section else "")
    return mark.value if mark is not None else None


def _task(draft: _Draft, number: int, rules: tuple[Rule, ...]) -> Task:
    said = draft.said
    names = tuple(name for _, name in said.units)
    return Task(
        number=number,
        section=draft.section.path if draft.section else "",
        text=draft.text,
        clause=draft.clause,
        line=draft.line,
        lead_units=said.of(Role.LEAD),
        supporting_units=said.of(Role.SUPPORTING),
        responsible_units=said.of(Role.RESPONSIBLE),
        and_others=said.others,
        rules=bearing(rules, draft.line, names),
        terms=tuple(dict.fromkeys((*terms_of(draft.text), *said.terms))),
    )
