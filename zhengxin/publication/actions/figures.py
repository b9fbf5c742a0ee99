"""Figures of the home and unit pages, and the words pages need, computed when the board is filled."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min

from zhengxin.duties.enums import DutyState
from zhengxin.duties.queries import by_week, days_due, unit_figures
from zhengxin.publication.board.models import BoardFigure
from zhengxin.publication.enums import NoticeState, WithholdReason
from zhengxin.publication.models import Notice
from zhengxin.rulebook import queries as rulebook
from zhengxin.rulebook.types import DisplayRule
from zhengxin.subjects.models import Unit

WEEKS = 12
# Not grounds for withholding: the entry was replaced or taken back.
_GONE = (WithholdReason.SUPERSEDED, WithholdReason.WITHDRAWN)
_GROUNDS = ("privacy", "trade_secret", "state_secret")


def put_figures(*, day: date, at: datetime) -> None:
    """Compute every figure for `day` and put it on the board."""
    found: dict[str, Any] = {
        "totals": {"published": Notice.objects.filter(on_board=True).count()},
        "home": home_figures(day),
        "units": unit_rows(day),
        "withheld": withheld_rows(day),
        **words(day),
    }
    BoardFigure.objects.using("board").bulk_create(
        [BoardFigure(name=name, value=value, computed_at=at) for name, value in found.items()],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["value", "computed_at"],
    )


def home_figures(day: date) -> dict[str, Any]:
    """Duties that fell due in the last full week, day by day, and in the week before it."""
    monday = day - timedelta(days=day.weekday() + 7)
    sunday = monday + timedelta(days=6)
    days: dict[date, list[int]] = {}
    late_units = set()
    for unit, due, state, n in days_due(monday, sunday):
        late = state == DutyState.LATE
        days.setdefault(due, [0, 0])[late] += n
        if late:
            late_units.add(unit)
    before = by_week(monday - timedelta(days=7), monday - timedelta(days=1))
    return {
        "from": monday.isoformat(),
        "to": sunday.isoformat(),
        "on_time": sum(pair[0] for pair in days.values()),
        "late": sum(pair[1] for pair in days.values()),
        "late_units": len(late_units),
        "days": [[due.isoformat(), *pair] for due, pair in sorted(days.items())],
        "before_on_time": sum(week.on_time for week in before),
        "before_late": sum(week.late for week in before),
    }


def unit_rows(day: date) -> dict[str, Any]:
    """Per unit: the twelve full weeks before `day`, what is published, what is withheld."""
    end = day - timedelta(days=day.weekday() + 1)
    start = end - timedelta(days=7 * WEEKS - 1)
    mondays = [start + timedelta(days=7 * week) for week in range(WEEKS)]
    weeks = {(week.unit_id, week.monday): week for week in by_week(start, end)}
    totals = unit_figures(since=start, until=day)
    published: dict[int, dict[str, int]] = {}
    counted = Notice.objects.filter(on_board=True).values_list("unit_id", "kind")
    for unit, kind, n in counted.annotate(n=Count("entry_id")).order_by("unit_id", "kind"):
        published.setdefault(unit, {})[kind] = n
    withheld: dict[int, dict[str, int]] = {}
    reviews: dict[int, dict[str, str]] = {}
    for unit, reason, n, review_on in _not_shown("unit_id"):
        withheld.setdefault(unit, {})[reason] = n
        if review_on is not None:
            reviews.setdefault(unit, {})[reason] = review_on.isoformat()
    rows = {}
    for unit in Unit.objects.order_by("pk").values_list("pk", flat=True):
        total = totals.get(unit)
        rows[str(unit)] = {
            "weeks": [
                [
                    monday.isoformat(),
                    weeks[unit, monday].on_time if (unit, monday) in weeks else 0,
                    weeks[unit, monday].late if (unit, monday) in weeks else 0,
                ]
                for monday in mondays
            ],
            "missing": total.missing if total else 0,
            "waiting": total.waiting if total else 0,
            "counts": published.get(unit, {}),
            "withheld": withheld.get(unit, {}),
            "reviews": reviews.get(unit, {}),
        }
    return rows


def withheld_rows(day: date) -> list[dict[str, Any]]:
    """How many entries are not shown, by ground, with the article it rests on and the next review."""
    sums: dict[str, int] = {}
    reviews: dict[str, date] = {}
    for _, reason, n, review_on in _not_shown("kind"):
        sums[reason] = sums.get(reason, 0) + n
        if review_on is not None:
            reviews[reason] = min(reviews.get(reason, review_on), review_on)
    articles = _articles(day)
    return [
        {
            "reason": reason,
            "label": str(WithholdReason(reason).label),
            "article": articles.get(reason, ""),
            "n": n,
            "review_on": reviews[reason].isoformat() if reason in reviews else None,
        }
        for reason, n in sorted(sums.items(), key=lambda pair: -pair[1])
    ]


def _not_shown(by: str) -> list[tuple[Any, str, int, date | None]]:
    """By the column `by` and ground: how many entries, and the earliest day one is looked at again."""
    hidden = (NoticeState.WITHHELD, NoticeState.ENDED, NoticeState.UNGRADED)
    rows = (
        Notice.objects.filter(state__in=hidden)
        .exclude(withheld__in=_GONE)
        .values_list(by, "withheld")
        .annotate(n=Count("entry_id"), review=Min("review_on"))
        .order_by(by, "withheld")
    )
    sums: dict[tuple[Any, str], tuple[int, date | None]] = {}
    for key, reason, n, review in rows:
        told = public_ground(reason)
        # A day of review would say of one that it is such a record.
        again = review if told == reason else None
        before, earliest = sums.get((key, told), (0, None))
        days = [each for each in (earliest, again) if each is not None]
        sums[key, told] = (before + n, min(days) if days else None)
    return [(key, told, n, review) for (key, told), (n, review) in sums.items()]


def public_ground(reason: str) -> str:
    """What the public is told of a ground: that something is a state secret is not said."""
    if reason == WithholdReason.STATE_SECRET:
        return WithholdReason.NEVER.value
    return reason or WithholdReason.UNGRADED.value


def words(day: date) -> dict[str, Any]:
    """Names of kinds and fields, the articles of rules and grounds, where to object."""
    kinds = rulebook.record_kinds()
    return {
        "kinds": {kind.code: kind.name for kind in kinds},
        "fields": {kind.code: [[f.code, f.label] for f in kind.fields] for kind in kinds},
        "articles": _articles(day),
        "objection": _parameter("objection_desk", day),
        "repair": _repair(day),
        "rules": _rules(),
        "rules_in_force": [
            {
                "kind_label": rulebook.record_kind(rule.record_kind).name,
                "grade_label": rule.grade.label if rule.grade else "",
                "text": rule.rule,
                "article": rule.citation.text,
            }
            for rule in rulebook.law().display_rules
            if rule.citation.in_force_on(day)
        ],
    }


def _repair(day: date) -> dict[str, list[str]]:
    """What the law says of repair on that day: each sentence with its document and article."""
    found = {}
    for name in ("conditions", "materials", "desk", "effect"):
        try:
            parameter = rulebook.parameter(f"repair_{name}", day)
        except rulebook.NoRule:
            continue
        found[name] = [str(parameter.value), parameter.citation.text]
    return found


def _parameter(name: str, day: date) -> str:
    try:
        return str(rulebook.parameter(name, day).value)
    except rulebook.NoRule:
        return ""


def _articles(day: date) -> dict[str, str]:
    found = {
        item.reason: item.citation.text
        for item in rulebook.law().withholdings
        if item.citation.in_force_on(day)
    }
    for ground in _GROUNDS:
        for parameter in rulebook.law().parameters:
            if parameter.name == f"ground_{ground}" and parameter.citation.in_force_on(day):
                found[ground] = parameter.citation.text
    if "conditions" in (said := _repair(day)):
        found["repaired"] = said["conditions"][1]
    found["minor"] = "；".join(
        dict.fromkeys(
            rule.citation.text
            for rule in rulebook.law().display_rules
            if rule.citation.in_force_on(day)
            and rule.mode == "window"
            and not rule.displayed_by_default
        )
    )
    return found


def _rules() -> dict[str, dict[str, str]]:
    """By address: the sentence and the articles of every rule, alone and as shortened."""
    found: dict[str, dict[str, str]] = {}
    for rule in rulebook.law().display_rules:
        place = _place(rule)
        found[place] = {"text": rule.rule, "article": rule.citation.text}
        full = rulebook.display_rule(rule.record_kind, rule.grade, rule.citation.in_force_from)
        later = full.shortened_by
        if later is not None and full.transition is not None:
            articles = (rule.citation.text, later.citation.text, full.transition.text)
            found[f"{place}+{full.shortened_on}"] = {
                "text": rule.rule + later.rule,
                "article": "；".join(dict.fromkeys(articles)),
            }
    return found


def _place(rule: DisplayRule) -> str:
    grade = rule.grade.value if rule.grade else "-"
    return f"{rule.record_kind}/{grade}/{rule.citation.in_force_from}"
