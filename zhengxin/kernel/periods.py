"""Periods of months and years, and their last day.

Counted as 民法典 arts. 201-202 count: the first day is excluded, the last day is the corresponding
day of the month in which the period ends, or that month's end where no such day exists.
"""

import re
from calendar import monthrange
from datetime import date

from zhengxin.kernel.say import say

_CODE = re.compile(r"(\d{4})(?:Q([1-4])|M(\d\d)|H([12]))?")


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` months after `day` (before it, if negative)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """The corresponding day `years` years after `day`; 29 February falls back to the 28th."""
    return add_months(day, years * 12)


def period_name(code: str) -> str:
    """2026年第三季度 of 2026Q3, 2026年11月 of 2026M11, 2026年下半年 of 2026H2, 2026年 of 2026; other text as it is."""
    found = _CODE.fullmatch(code)
    if found is None:
        return code
    year, quarter, month, half = found.groups()
    if quarter:
        return say("{y}年第{n}季度", y=year, n="一二三四"[int(quarter) - 1])
    if month:
        return say("{y}年{m}月", y=year, m=int(month))
    if half:
        return say("{y}年上半年", y=year) if half == "1" else say("{y}年下半年", y=year)
    return say("{y}年", y=year)
