"""What may be shown of a record, from when until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from zhengxin.kernel.say import say
from zhengxin.publication.types import Verdict
from zhengxin.rulebook.enums import DisplayMode, Grade
from zhengxin.rulebook.types import DisplayRule, GradeVerdict, RecordKind, Withholding

UNGRADED = "ungraded"
SCHEDULED = "scheduled"
ENDED = "ended"
WITHHELD = "withheld"
# Traits of entries, beside penalty kinds.
PUBLIC_ORDER = "public_order"
DELISTED = "delisted"
_DETENTION = "detention"
_PUBLIC_ORDER_BASIS = "治安管理处罚法"


class LawBook(Protocol):
    """The questions this room asks the law; rulebook.queries answers them."""

    def display_rule(self, kind: str, grade: str | None, document_on: date) -> DisplayRule | None:
        """The display rule, None where the law has none."""

    def penalty_grade(self, kinds: Iterable[str], on: date) -> GradeVerdict | None:
        """The grade the law gives by itself, None where no table is in force."""

    def withholdings(
        self, on: date, *, natural_person: bool, legal_basis: str
    ) -> tuple[Withholding, ...]:
        """Why an entry is never shown."""


@dataclass(frozen=True, slots=True)
class Case:
    """One record as the rules see it. document_on: the day of its document, None if not stated.

    trait: codes joined by ";"; given_grade: a person's grade, "" where none was given.
    """

    kind: RecordKind
    trait: str
    natural_person: bool
    document_on: date | None
    arrived_on: date
    given_grade: str = ""


def address(rule: DisplayRule, document_on: date) -> str:
    """Where a rule stands: kind/grade/first day in force, and "+" the later rule that shortens it."""
    grade = rule.grade.value if rule.grade else "-"
    place = f"{rule.record_kind}/{grade}/{rule.citation.in_force_from}"
    shortened = len(rule.citations(document_on)) > 1
    return f"{place}+{rule.shortened_on}" if shortened else place


def judge(case: Case, law: LawBook) -> Verdict:
    """The standing of one record towards the public.

    Natural persons' records are never shown (个人信息保护法 art. 25), public-order penalties are
    sealed on arrival (治安管理处罚法 art. 136), minor breaches are not shown by default, ungraded
    ones wait, records without a document day have no period. A period counts from the document.
    """
    traits = frozenset(filter(None, case.trait.split(";")))
    asked_on = case.document_on or case.arrived_on
    sealed = _withheld(case, traits, law)
    if sealed is not None:
        return _verdict(case, "", state=WITHHELD, withheld=sealed[0], because=sealed[1])
    plain = law.display_rule(case.kind.code, None, asked_on)
    if plain is not None and plain.grade is None:
        return _by_rule(case, plain, "", plain.rule)
    grade, because = case.given_grade, say("由认定单位定档。")
    if not grade:
        found = law.penalty_grade(sorted(traits), asked_on)
        if found is not None and found.grade is not None and _DETENTION in traits:
            because = say("含行政拘留，多依治安管理处罚法，应否封存由人认定。")
            return _verdict(case, "", state=UNGRADED, because=because)
        if found is None or found.grade is None:
            because = found.because if found else say("没有可用的分档规则。")
            return _verdict(case, "", state=UNGRADED, because=because + say("请认定单位定档。"))
        grade, because = found.grade.value, found.because
    rule = law.display_rule(case.kind.code, grade, asked_on)
    if rule is None:
        because = say("规则库没有这一天这一档的公示规则。")
        return _verdict(case, grade, state=WITHHELD, withheld="no_rule", because=because)
    return _by_rule(case, rule, grade, because + rule.rule)


def _withheld(case: Case, traits: frozenset[str], law: LawBook) -> tuple[str, str] | None:
    public_order = PUBLIC_ORDER in traits
    found = law.withholdings(
        case.arrived_on,
        natural_person=case.natural_person,
        legal_basis=_PUBLIC_ORDER_BASIS if public_order else "",
    )
    by_reason = {item.reason: item.rule for item in found}
    if public_order:
        return PUBLIC_ORDER, by_reason.get(PUBLIC_ORDER, say("治安管理处罚记录封存，不公示。"))
    if case.natural_person:
        return "natural_person", by_reason.get("natural_person", say("自然人的记录不公示。"))
    return next(iter(by_reason.items()), None)


def _by_rule(case: Case, rule: DisplayRule, grade: str, because: str) -> Verdict:
    place = address(rule, case.document_on or case.arrived_on)
    if rule.mode is DisplayMode.NEVER:
        return _verdict(
            case, grade, state=WITHHELD, withheld="never", rule=place, because=rule.rule
        )
    if not rule.displayed_by_default:
        return _verdict(
            case,
            grade,
            state=WITHHELD,
            withheld=Grade.MINOR.value if grade == Grade.MINOR else "never",
            rule=place,
            because=because,
        )
    if rule.mode is DisplayMode.WHILE_LISTED and DELISTED in case.trait.split(";"):
        because = say("已从名单移出，不再公示。")
        return _verdict(
            case, grade, state=ENDED, withheld="period_over", rule=place, because=because
        )
    if rule.mode is not DisplayMode.WINDOW:
        return _verdict(case, grade, state=SCHEDULED, rule=place, shown=True, because=because)
    if case.document_on is None:
        because = say("没有填写决定日期，公示期无从起算，暂不公示。")
        return _verdict(
            case, grade, state=WITHHELD, withheld="no_date", rule=place, because=because
        )
    last = rule.last_day(case.document_on)
    over = last is not None and last < case.arrived_on
    return _verdict(
        case,
        grade,
        state=ENDED if over else SCHEDULED,
        withheld="period_over" if over else "",
        rule=place,
        shown=not over,
        display_to=last,
        repair_from=rule.repairable_from(case.document_on),
        because=because,
    )


def _verdict(
    case: Case,
    grade: str,
    *,
    state: str,
    because: str,
    withheld: str = "",
    rule: str = "",
    shown: bool = False,
    display_to: date | None = None,
    repair_from: date | None = None,
) -> Verdict:
    exceptions = {item.value for item in case.kind.report_exceptions}
    return Verdict(
        adverse=case.kind.adverse,
        must_report=case.kind.must_report and exceptions.isdisjoint(case.trait.split(";")),
        may_publish=shown,
        grade=grade,
        state=state,
        withheld=withheld,
        display_from=case.arrived_on if shown else None,
        display_to=display_to,
        repair_from=repair_from,
        rule=rule,
        because=because,
    )
