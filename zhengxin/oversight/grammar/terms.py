"""Time phrases into terms: 每季度, 2025年底前, 3月31日前, 七天, 15个工作日内, 长期."""

import re
from collections.abc import Callable
from datetime import date

from zhengxin.oversight.grammar.numerals import number_of
from zhengxin.oversight.types import Term, TermKind, TermUnit

_N = r"[0-9０-９一二三四五六七八九十百两〇零]{1,4}"
_YEAR = r"(?P<year>[12２１][0-9０-９]{3}|二[〇零][一二三四五六七八九〇零]{2})年"
_OWN_YEAR = r"(?:今年|当年|本年度?)"
_MONTH = rf"(?P<month>{_N})月"
_TEN = r"(?:(?P<ten>[上中下])旬)?"
_DAY = rf"(?P<day>{_N})[日号]"
_END = r"(?:底|末|份)?(?:之前|以前|前|内|止|为止|完成)"
_PERIODS = {
    "日": (1, TermUnit.CALENDAR_DAYS),
    "天": (1, TermUnit.CALENDAR_DAYS),
    "周": (1, TermUnit.WEEKS),
    "月": (1, TermUnit.MONTHS),
    "个月": (1, TermUnit.MONTHS),
    "季度": (1, TermUnit.QUARTERS),
    "季": (1, TermUnit.QUARTERS),
    "半年": (1, TermUnit.HALF_YEARS),
    "年": (1, TermUnit.YEARS),
    "年度": (1, TermUnit.YEARS),
}
_COUNTED = {
    "个工作日": TermUnit.WORKING_DAYS,
    "工作日": TermUnit.WORKING_DAYS,
    "个自然日": TermUnit.CALENDAR_DAYS,
    "日": TermUnit.CALENDAR_DAYS,
    "天": TermUnit.CALENDAR_DAYS,
    "周": TermUnit.WEEKS,
    "个月": TermUnit.MONTHS,
    "个季度": TermUnit.QUARTERS,
    "年": TermUnit.YEARS,
}
_ONGOING = r"长期(?:坚持|推进|实施|任务|有效|执行|开展)?|持续(?:推进|实施|开展|坚持)|常态化(?:推进|开展|实施)?|全年(?:推进|实施|开展)?"


def _every(match: re.Match[str]) -> Term | None:
    count, unit = _PERIODS[match["period"]]
    month, day = match["month"], match["day"]
    return Term(
        TermKind.EVERY,
        match[0],
        month=number_of(month) if month else None,
        day=number_of(day) if day else None,
        count=number_of(match["n"]) if match["n"] else count,
        unit=unit,
    )


def _by(match: re.Match[str]) -> Term | None:
    found = match.groupdict()
    year = number_of(found["year"]) if found.get("year") else None
    month = number_of(found["month"]) if found.get("month") else None
    day = number_of(found["day"]) if found.get("day") else None
    half = {"上": 6, "下": 12}.get(found.get("half") or "")
    quarter = number_of(found["quarter"]) if found.get("quarter") else None
    # 上旬 ends with the 10th, 中旬 with the 20th, 下旬 with the month.
    day = day or {"上": 10, "中": 20}.get(found.get("ten") or "")
    month = month or half or (quarter and quarter * 3)
    if (month and not 1 <= month <= 12) or (quarter and quarter > 4):
        return None
    if day:
        try:
            date(year or 2000, month or 1, day)
        except ValueError:
            return None
    return Term(TermKind.BY, match[0], year=year, month=month or None, day=day)


def _within(match: re.Match[str]) -> Term | None:
    count = number_of(match["n"])
    unit = _COUNTED[match["unit"]]
    if not count or (unit is TermUnit.YEARS and count > 20):
        return None
    return Term(TermKind.WITHIN, match[0], count=count, unit=unit)


def _half_year(match: re.Match[str]) -> Term | None:
    return Term(TermKind.WITHIN, match[0], count=6, unit=TermUnit.MONTHS)


def _ongoing(match: re.Match[str]) -> Term | None:
    return Term(TermKind.ONGOING, match[0])


# The first that fits at a place wins, so the longer ones come first.
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Term | None]], ...] = (
    (
        re.compile(
            rf"[每逐](?P<n>[两二三四五六])?(?:个)?(?P<period>季度?|半年|年度?|月|周|日|天)"
            rf"(?![度个]?[一-鿿]?均)(?:的?{_MONTH})?(?:{_DAY})?(?:底|末)?(?:之前|以前|前)?"
        ),
        _every,
    ),
    (
        re.compile(
            r"(?P<n>)(?P<period>季|月|年|周)(?P<month>)(?P<day>)(?:度)?(?:报送|通报|调度)制?"
        ),
        _every,
    ),
    (
        re.compile(
            r"按(?P<n>)(?P<period>季度|季|半年|月|年度|年|周)(?P<month>)(?P<day>)"
            r"(?=推进|开展|实施|报|通报|调度|更新|公开|公示|汇总|$)"
        ),
        _every,
    ),
    (re.compile(rf"(?:{_YEAR}|{_OWN_YEAR})?{_MONTH}{_DAY}(?:之前|以前|前|止|为止)"), _by),
    (re.compile(rf"(?:{_YEAR}|{_OWN_YEAR}){_MONTH}(?:份)?{_TEN}{_END}"), _by),
    (re.compile(rf"{_MONTH}(?:份)?{_TEN}(?:底|末)?(?:之前|以前|前)"), _by),
    (re.compile(rf"{_YEAR}(?P<half>上|下)半年(?:之前|以前|前|内|底前|完成)?"), _by),
    (
        re.compile(
            rf"(?:{_YEAR}|{_OWN_YEAR})?第?(?P<quarter>[一二三四1-4])季度(?:末|底)?(?:之前|以前|前|内|完成)"
        ),
        _by,
    ),
    (re.compile(rf"(?:{_YEAR}|{_OWN_YEAR})(?:年?底|末)?(?:之前|以前|前|内|止|完成)"), _by),
    (re.compile(rf"(?:到|至|截至){_YEAR}(?:{_MONTH})?(?:{_DAY})?(?:底|末)?"), _by),
    (
        re.compile(
            r"(?:今|当|本)?年(?:底|末)(?:之前|以前|前)|(?<![一-鿿0-9])年内|(?:今|当|本)年内"
        ),
        _by,
    ),
    (
        re.compile(
            rf"(?P<n>{_N})(?P<unit>个工作日|工作日|个自然日|天|日|周|个月|个季度|年)(?:之内|以内|内)"
        ),
        _within,
    ),
    (re.compile(rf"(?P<n>{_N})(?P<unit>个工作日|工作日|天)(?=[“\"「『]?双公示)"), _within),
    (re.compile(r"半年(?:之内|以内|内)"), _half_year),
    (re.compile(_ONGOING), _ongoing),
)
_ONLY = re.compile(
    r"(?:于|在|自|应|须|需|并|要|务必|力争|全部|取得(?:明显|阶段性)?(?:成效|进展)|按时|完成|时限|时间|为|"
    r"落实到位|推进|实施|见效|到位|启动|出台|报送|建成|达标|制定|印发|长期|坚持|持续|[:：。，,；;、\s]|(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?|[-—－~至])*"
)
# A time by itself is short.
_LONGEST = 60
_TAIL = r"(?:年?[底末])?(?:之前|以前|前|内|止)?(?:完成)?"
_NUMBERED = r"(?P<year>20\d\d)[./-](?P<month>\d{1,2})(?:[./-](?P<day>\d{1,2}))?"
# What a field that holds nothing but a time may say besides. Of a span the end counts.
_FIELDS = tuple(
    re.compile(pattern + _TAIL)
    for pattern in (
        _NUMBERED,
        rf"(?:{_YEAR}|{_OWN_YEAR})?{_MONTH}(?:份)?(?:{_TEN}|{_DAY})",
        rf"(?:{_YEAR}|{_OWN_YEAR})",
        rf"(?:{_YEAR}|{_OWN_YEAR})?第?(?P<quarter>[一二三四1-4])季度",
        rf"(?:{_YEAR}|{_OWN_YEAR})?(?P<half>上|下)半年",
        rf"(?:{_YEAR}|{_OWN_YEAR})?\d{{1,2}}月?(?:\d{{1,2}}日)?[-—－–~～至到]+{_MONTH}(?:{_DAY})?",
        r"年[底末]",
    )
)
_DATE = re.compile(rf"{_YEAR}{_MONTH}{_DAY}")


def terms_of(text: str) -> tuple[Term, ...]:
    """Every time phrase of a text, in its order; one that stands within another is left out."""
    found: list[tuple[int, int, Term]] = []
    for pattern, make in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < far and near < end for near, far, _ in found):
                continue
            term = make(match)
            if term is not None:
                found.append((start, end, term))
    return tuple(term for _, _, term in sorted(found, key=lambda each: each[0]))


def deadline_of(text: str) -> tuple[Term, ...]:
    """The terms of a field that holds nothing but a time: there a bare 2025年12月 or 2025.12.31 is a term as well."""
    found = terms_of(text)
    if found:
        return found
    for pattern in _FIELDS:
        match = pattern.fullmatch(text.strip(" 　。；;"))
        term = _by(match) if match else None
        if term is not None:
            return (term,)
    return ()


def is_time(text: str) -> bool:
    """Whether a piece of a clause says when, and nothing else."""
    if len(text) > _LONGEST:
        return False
    found = deadline_of(text)
    rest = text
    for term in found:
        rest = rest.replace(term.text, "", 1)
    return bool(found) and _ONLY.fullmatch(rest) is not None


def dates_of(text: str) -> tuple[date, ...]:
    """Every full date of a text; impossible ones are left out."""
    found = []
    for match in _DATE.finditer(text):
        term = _by(match)
        if term is not None and term.year and term.month and term.day:
            found.append(date(term.year, term.month, term.day))
    return tuple(found)
