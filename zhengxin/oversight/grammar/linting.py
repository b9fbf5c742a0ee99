"""What is odd about the text of a plan: dates, short windows, clauses without a unit, two spellings."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from zhengxin.kernel.say import say
from zhengxin.oversight.grammar.spellings import same_units
from zhengxin.oversight.grammar.terms import terms_of
from zhengxin.oversight.grammar.titles import signed_on
from zhengxin.oversight.types import Finding, FindingKind, Plan, Section, TermKind

# No law sets how long a unit has for an opinion; in less than a week no draft passes a leader's desk.
_SHORT_DAYS = 7
_CITED = re.compile(
    r"(?P<agency>[一-鿿]{1,8})[〔\[（(](?P<year>20\d\d)[〕\]）)](?P<number>\d{1,4})号"
)
# The number that stands under the title is the document's own.
_OWN = re.compile(r"[一-鿿\s]{1,20}[〔\[（(]20\d\d[〕\]）)]\s?\d{1,4}\s?号")
# In January an office has not yet issued more documents than this a day.
_EARLY_DAYS, _PER_DAY = 31, 3
_ASKED = re.compile(r"报送|反馈|送至|报至|意见|上报|报到|提交")
_EVIDENT = 3


def findings_of(
    plan: Plan, lines: Sequence[str], begin: int, from_table: Sequence[int]
) -> tuple[Finding, ...]:
    """Every finding of the text alone; names that the register lacks are found when units are resolved."""
    found = list(_of_dates(lines, begin))
    found += _without_unit(plan)
    found += _spellings(plan)
    if from_table:
        found.append(
            Finding(
                FindingKind.READ_FROM_TABLE,
                _line(from_table[0]),
                say("有{n}项任务是从表格里逐行读出的；请对照原表核对各列。", n=len(from_table)),
            )
        )
    if not plan.tasks:
        found.append(
            Finding(
                FindingKind.NO_TASKS,
                say("全文"),
                say(
                    "没有找到任务分工：没有一处写明牵头、责任或配合单位，这可能不是工作方案。"
                    "请核对文件；确是方案的，请在各条末尾写明单位，如（牵头单位：县财政局；配合单位：县审计局）。"
                ),
            )
        )
    return tuple(found)


def _line(place: int) -> str:
    return say("第{n}段", n=place + 1)


def _of_dates(lines: Sequence[str], begin: int) -> list[Finding]:
    """The notice (or the plan itself) against the documents it cites and the answers it asks for."""
    parts = [(say("通知"), lines[:begin], 0)] if begin else []
    parts.append((say("方案"), lines[begin:], begin))
    found: list[Finding] = []
    for where, part, _ in parts:
        signed = signed_on(part)
        if signed is None:
            continue
        day, place = signed
        before = part[: place + 1]
        # A plan without a day of its own is as old as the notice that sends it.
        cited = lines if where != say("方案") and signed_on(lines[begin:]) is None else before
        found += _cited_too_early(where, day, "\n".join(cited))
        for line in before:
            found += _deadlines(where, day, line)
    return found


def _cited_too_early(where: str, day: date, text: str) -> list[Finding]:
    """A document cannot rest on one of a later year, nor on the 35th of a year that is two days old."""
    later: dict[str, None] = {}
    early: dict[str, None] = {}
    passed = day.timetuple().tm_yday
    cited = [line for line in text.splitlines() if not _OWN.fullmatch(line)]
    for match in _CITED.finditer("\n".join(cited)):
        shown = match[0]
        for cut in ("印发", "根据", "依据", "按照", "落实"):
            shown = shown.rsplit(cut, 1)[-1]
        if int(match["year"]) > day.year:
            later[shown] = None
        elif (
            int(match["year"]) == day.year
            and passed <= _EARLY_DAYS
            and int(match["number"]) > _PER_DAY * passed
        ):
            early[shown] = None
    found = []
    if later:
        found.append(
            Finding(
                FindingKind.CONTRADICTING_DATES,
                where,
                say(
                    "落款日期{day}，引用的{cited}却是以后年份的文件；落款的年份可能写错，请核对。",
                    day=_day(day),
                    cited="、".join(later),
                ),
            )
        )
    if early:
        found.append(
            Finding(
                FindingKind.CONTRADICTING_DATES,
                where,
                say(
                    "落款日期{day}，当年才过{n}天，引用的{cited}不会已经印发；落款的年份可能写错，"
                    "应为{next}年，请核对。",
                    day=_day(day),
                    n=passed,
                    cited="、".join(early),
                    next=day.year + 1,
                ),
            )
        )
    return found


def _deadlines(where: str, day: date, line: str) -> list[Finding]:
    found = []
    for term in terms_of(line):
        if term.kind is not TermKind.BY or not (term.month and term.day):
            continue
        due = term.due_on(day.year)
        if due is None:
            continue
        if due < day and term.year is None and (day - due).days > 180:
            due = term.due_on(day.year + 1) or due
        days = (due - day).days
        if days < 0:
            found.append(
                Finding(
                    FindingKind.CONTRADICTING_DATES,
                    where,
                    say(
                        "落款日期{day}，期限“{term}”却在这以前；请核对两处日期。",
                        day=_day(day),
                        term=term.text,
                    ),
                )
            )
        elif days < _SHORT_DAYS and _ASKED.search(line):
            found.append(
                Finding(
                    FindingKind.SHORT_WINDOW,
                    where,
                    say(
                        "落款日期{day}，要求{term}答复：只有{n}天，请核对期限是否够用。",
                        day=_day(day),
                        term=term.text,
                        n=days,
                    ),
                )
            )
    return found


def _without_unit(plan: Plan) -> list[Finding]:
    """Clauses that name nobody, and items without a clause among brothers that have one."""
    found = []
    for task in plan.tasks:
        where = task.section or _line(task.line)
        if not task.units:
            found.append(
                Finding(
                    FindingKind.NO_RESPONSIBLE_UNIT,
                    where,
                    say("“{clause}”没有写单位；请补上责任单位。", clause=task.clause[:40]),
                )
            )
        elif not task.lead_units and not task.responsible_units:
            found.append(
                Finding(
                    FindingKind.NO_RESPONSIBLE_UNIT,
                    where,
                    say("这一条只有配合单位，没有牵头或责任单位；请补上。"),
                )
            )
    return found + [
        Finding(
            FindingKind.NO_RESPONSIBLE_UNIT,
            section.path,
            say(
                "“{title}”没有写责任单位，同一节的其他条都写了；请核对是否漏写。",
                title=section.title[:30],
            ),
        )
        for section in _forgotten(plan)
    ]


def _forgotten(plan: Plan) -> list[Section]:
    parents: dict[str, str] = {}
    stack: list[Section] = []
    for section in plan.sections:
        stack = [above for above in stack if above.level < section.level]
        parents[section.path] = stack[-1].path if stack else ""
        stack.append(section)
    bearing = {task.section for task in plan.tasks}
    covered = set(bearing)
    for path in bearing:
        while (path := parents.get(path, "")) and path not in covered:
            covered.add(path)
    brothers: dict[tuple[str, int], list[Section]] = defaultdict(list)
    for section in plan.sections:
        brothers[parents[section.path], section.level].append(section)
    found = []
    for family in brothers.values():
        having = [each for each in family if each.path in bearing]
        lacking = [each for each in family if each.path not in covered]
        # Whole parts (总体要求) may go without; one item among several that do not may not.
        if len(having) >= _EVIDENT and len(having) > 2 * len(lacking):
            found += lacking
    return found


def _spellings(plan: Plan) -> list[Finding]:
    return [
        Finding(
            FindingKind.TWO_SPELLINGS,
            say("单位名称"),
            say(
                "{names}应是同一单位的不同写法；请统一。",
                names="、".join(f"“{name}”" for name in group),
            ),
        )
        for group in same_units(plan.unit_names)
    ]


def _day(value: date) -> str:
    return say("{y}年{m}月{d}日", y=value.year, m=value.month, d=value.day)
