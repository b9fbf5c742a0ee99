"""Periods of months and years, and their last day.

Counted as 民法典 arts. 201-202 count: the first day is excluded, the last day is the corresponding
day of the month in which the period ends, or that month's end where no such day exists.
"""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` months after `day` (before it, if negative)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """The corresponding day `years` years after `day`; 29 February falls back to the 28th."""
    return add_months(day, years * 12)
