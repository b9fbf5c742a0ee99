"""Checks over several cells of a row, by the names a source description uses."""

from collections.abc import Callable, Iterator
from functools import reduce
from operator import and_, or_

import ibis
from ibis.expr import types as ir

from zhengxin.intake.types import AMOUNT_SUFFIX, DATE_SUFFIX, ODD_SUFFIX, RowRule, Source
from zhengxin.kernel import uscc

_INDIVIDUAL = uscc.PartyCategory.INDIVIDUAL_BUSINESS.label
_PERSON = uscc.PartyCategory.NATURAL_PERSON.label
Found = tuple[str, ir.BooleanValue]


def row_checks(
    source: Source, clean: ir.Table
) -> Iterator[tuple[int, RowRule, str, ir.BooleanValue]]:
    """For each row rule of the source: its place, itself, the column to point at, where it may be broken."""
    for place, rule in enumerate(source.rules):
        if rule.rule not in _BUILDERS:  # asked of the register (organs.py), not of the row
            continue
        field, suspect = _BUILDERS[rule.rule](source, rule, clean)
        yield place, rule, field, suspect


def _filler(source: Source, rule: RowRule, clean: ir.Table) -> Found:
    """17 zeros and X stand for an individual business without a code: then its old number is needed."""
    code = source.by_role["party_code"].field
    alone = clean[rule.options["registration"]].isnull()
    if "party_category" in source.by_role:
        category = clean[source.by_role["party_category"].field]
        alone = alone | (category != _INDIVIDUAL)
    return code, (clean[code] == uscc.FILLER) & alone.fill_null(True)


def _prefix(source: Source, _rule: RowRule, clean: ir.Table) -> Found:
    """92 codes are individual businesses', and only theirs."""
    code = source.by_role["party_code"].field
    category = clean[source.by_role["party_category"].field]
    individual = clean[code].startswith("92")
    differs = individual != (category == _INDIVIDUAL)
    return code, clean[code].notnull() & (clean[code] != uscc.FILLER) & differs & (
        category != _PERSON
    )


def _person(source: Source, _rule: RowRule, clean: ir.Table) -> Found:
    code = source.by_role["party_code"].field
    category = clean[source.by_role["party_category"].field]
    return code, clean[code].notnull() & (category == _PERSON)


def _order(source: Source, _rule: RowRule, clean: ir.Table) -> Found:
    start = source.by_role["valid_from"].field
    end = source.by_role["valid_to"].field
    return start, clean[start + DATE_SUFFIX] > clean[end + DATE_SUFFIX]


def _pattern(source: Source, rule: RowRule, clean: ir.Table) -> Found:
    hits = [
        clean[field + ODD_SUFFIX].ifelse(
            clean[field].re_search(rule.options["pattern"]), ibis.literal(False)
        )
        for field in rule.options["fields"]
    ]
    return "", reduce(or_, hits)


def _amount(source: Source, rule: RowRule, clean: ir.Table) -> Found:
    field = rule.options["field"]
    return field, clean[field + AMOUNT_SUFFIX] > rule.options["above"]


def _one_of(source: Source, rule: RowRule, clean: ir.Table) -> Found:
    fields = rule.options["fields"]
    return fields[0], reduce(and_, [clean[field].isnull() for field in fields])


_BUILDERS: dict[str, Callable[[Source, RowRule, ir.Table], Found]] = {
    "filler_needs_registration_number": _filler,
    "code_prefix_fits_category": _prefix,
    "person_has_no_code": _person,
    "valid_from_before_to": _order,
    "pattern_refused": _pattern,
    "amount_plausible": _amount,
    "one_of": _one_of,
}
