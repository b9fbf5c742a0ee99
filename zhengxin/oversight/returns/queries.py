"""Reads of quarterly returns: what is owed, a unit's sheet, one return with its versions, the lists behind figures."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from zhengxin.duties.enums import DutyState
from zhengxin.duties.models import Duty
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger
from zhengxin.oversight.enums import PlanState
from zhengxin.oversight.models import MandateUnit
from zhengxin.oversight.returns import rules
from zhengxin.oversight.returns.enums import (
    EDITABLE,
    SIGNINGS,
    ReturnKind,
    ReturnState,
    Stage,
    StepAct,
)
from zhengxin.oversight.returns.figures import Scope, figure
from zhengxin.oversight.returns.models import Listing, QuarterlyReturn, Step
from zhengxin.oversight.returns.readings import figures_of, words_of, words_signed
from zhengxin.oversight.returns.types import (
    Compared,
    FigureRow,
    Quarter,
    ReturnOwed,
    Taken,
    Verdict,
    Version,
)
from zhengxin.subjects import queries as subjects

_SETTLINGS = (StepAct.RETURNED, StepAct.ACCEPTED, StepAct.REOPENED)


class NoSuchReturn(Refused):
    """No return, or nothing of it, has this number."""


class QuarterNotOver(Refused):
    """Returns of a quarter are owed when it is over."""


def quarter_to_open(text: str, on: date) -> Quarter:
    """The quarter of this name, or the last one that is over. Raises QuarterNotOver, NoSuchReturn."""
    if not text:
        return Quarter.of(on).after(-1)
    found = Quarter.read(text)
    if found is None:
        raise NoSuchReturn(say("没有“{text}”这个季度。", text=text), "", say("请写成2026Q3这样。"))
    if found.last_day >= on:
        raise QuarterNotOver(
            say("没有办理：{quarter}还没有结束。", quarter=str(found)),
            say("季度报送在季度结束后才产生。"),
            say("请在{day}以后办理。", day=found.last_day.isoformat()),
        )
    return found


def owed(quarter: Quarter) -> list[ReturnOwed]:
    """What is owed for a quarter and was not opened yet: of every mandate that was in force in it, each leading unit.

    A unit that was followed by another by the quarter's end does not owe it; the other does. One that was closed
    by then and that nobody followed owes nothing any more.
    """
    zone = timezone.get_current_timezone()
    begin = datetime.combine(quarter.first_day, time.min, zone)
    end = datetime.combine(quarter.last_day + timedelta(days=1), time.min, zone)
    in_force = Q(mandate__plan__state=PlanState.CONFIRMED) | Q(
        mandate__plan__state=PlanState.ENDED, mandate__plan__closed_at__gte=begin
    )
    leading = MandateUnit.objects.filter(
        in_force, leads=True, mandate__plan__confirmed_at__lt=end
    ).order_by("mandate__plan_id", "mandate__number", "id")
    now = subjects.bearers_now(quarter.last_day)
    gone = subjects.closed_by(quarter.last_day)
    # A succession may be confirmed after they were opened: what the old unit has stands for the new one.
    opened = {
        (mandate_id, now.get(unit_id, unit_id))
        for mandate_id, unit_id in QuarterlyReturn.objects.filter(quarter=str(quarter)).values_list(
            "mandate_id", "unit_id"
        )
    }
    found: dict[tuple[int, int], ReturnOwed] = {}
    for mandate_id, entry_id, text, unit_id in leading.values_list(
        "mandate_id", "mandate__entry_id", "mandate__text", "unit_id"
    ):
        key = (mandate_id, now.get(unit_id, unit_id))
        if key not in opened and key[1] not in gone:
            found.setdefault(key, ReturnOwed(mandate_id, entry_id, key[1], quarter, text))
    return list(found.values())


def returns() -> QuerySet[QuarterlyReturn]:
    """Every return with its mandate."""
    return QuarterlyReturn.objects.select_related("mandate__plan")


def one(return_id: int) -> QuarterlyReturn:
    """One return. Raises NoSuchReturn."""
    found = returns().filter(pk=return_id).first()
    if found is None:
        raise NoSuchReturn(
            say("没有找到这份季度报送。"), say("编号有误。"), say("请从季度报送里打开。")
        )
    return found


def sheet(unit_id: int, quarter: Quarter, *, on: date) -> list[QuarterlyReturn]:
    """Everything a unit owes for a quarter by plan and number, each with `late` and `due_on`."""
    rows = with_lateness(returns().filter(unit_id=unit_id, quarter=str(quarter)), on)
    return list(
        rows.annotate(
            due_on=Duty.objects.filter(pk=_current()).values("due_on")[:1],
            duty_state=Duty.objects.filter(pk=_current()).values("state")[:1],
        ).order_by("mandate__plan_id", "mandate__number")
    )


def _current() -> Any:
    """The duty that runs: of the first version, or of the one owed since it was reopened."""
    return Coalesce(OuterRef("again_id"), OuterRef("duty_id"))


def with_lateness(rows: QuerySet[QuarterlyReturn], on: date) -> QuerySet[QuarterlyReturn]:
    """Adds `late`: reported after its day, or still out after it; also when another day was set since."""
    duty = Duty.objects.filter(pk=OuterRef("duty_id"))
    came = Q(reported_on__gt=F("due_on")) | Q(late_on__isnull=False)
    out = Q(reported_on=None, due_on__lt=on) & ~Q(state=DutyState.CHANGED)
    # The model names it; the checker of types would take a keyword for a second definition.
    return rows.annotate(**{"late": Exists(duty.filter(came | out))})


def duty_of(row: QuarterlyReturn) -> int:
    """The duty that its next act is about."""
    return row.again_id or row.duty_id or 0


def scope(row: QuarterlyReturn, on: date) -> Scope:
    """Whose figures a return has."""
    quarter = Quarter.read(row.quarter)
    assert quarter is not None
    units = subjects.lineage(row.unit_id, on)
    return Scope(units, quarter, row.mandate_id, row.mandate.entry_id)


def ready(row: QuarterlyReturn) -> Verdict:
    """Whether the draft can be signed."""
    return rules.ready(words_of(row))


def looks_odd(row: QuarterlyReturn) -> str:
    """A sentence about what does not go together in a draft; "" for nothing."""
    return rules.zero_contradicts(row.kind, figures_of(row.figures))


def to_sign(rows: Iterable[QuarterlyReturn]) -> list[QuarterlyReturn]:
    """Those of a sheet that are written and not signed."""
    return [row for row in rows if row.stage in EDITABLE and ready(row).ok]


def waiting(rows: Iterable[QuarterlyReturn]) -> list[QuarterlyReturn]:
    """Those of a sheet that wait for the office."""
    return [row for row in rows if row.stage == Stage.SIGNED]


def last_signed(row: QuarterlyReturn) -> int | None:
    """The entry of the version that was signed last; None before the first."""
    ids = row.steps.filter(act__in=SIGNINGS).order_by("-id").values_list("entry_id", flat=True)
    return ids.first()


def last_done(rows: Iterable[QuarterlyReturn]) -> str:
    """Who did what last about these returns, as a sentence; "" where nothing was done."""
    step = (
        Step.objects.filter(quarterly_return__in=[row.pk for row in rows]).order_by("-id").first()
    )
    if step is None:
        return ""
    at = timezone.localtime(step.at)
    told = f"{at.month}月{at.day}日{at.hour}:{at.minute:02d}"
    return say("{who}{at}办过：{act}。", who=step.by_name, at=told, act=step.get_act_display())


def versions(rows: Collection[QuarterlyReturn]) -> dict[int, list[Version]]:
    """Of each return the versions that were signed, newest first, as the ledger has them."""
    steps = list(Step.objects.filter(quarterly_return__in=[row.pk for row in rows]).order_by("id"))
    contents = ledger.payloads(step.entry_id for step in steps)
    opens = {entry_id: content.open for entry_id, content in contents.items()}
    found: dict[int, list[Version]] = {row.pk: [] for row in rows}
    settled: dict[tuple[int, int], Step] = {}
    for step in steps:
        if step.act in _SETTLINGS:
            settled[step.quarterly_return_id, step.version] = step
    for step in reversed(steps):
        if step.act in SIGNINGS:
            after = settled.get((step.quarterly_return_id, step.version))
            found[step.quarterly_return_id].append(_version(step, after, opens))
    return found


def _version(step: Step, after: Step | None, opens: Mapping[int, Mapping[str, Any]]) -> Version:
    zero = step.act == StepAct.ZERO_SIGNED
    kept = opens.get(step.entry_id, {}).get("words", {})
    return Version(
        number=step.version,
        state=ReturnState.ZERO if zero else ReturnState.REPORTED,
        entry_id=step.entry_id,
        signed_at=step.at,
        signed_by=step.by_name,
        as_of=step.as_of or step.at,
        words=words_signed(ReturnKind.ZERO if zero else ReturnKind.REPORT, kept),
        figures=figures_of(step.figures),
        pieces=tuple(step.pieces),
        settled=after.act if after else "",
        settled_at=after.at if after else None,
        settled_by=after.by_name if after else "",
        settled_because=str(opens.get(after.entry_id, {}).get("because", "")) if after else "",
    )


def standing(row: QuarterlyReturn, signed: Sequence[Version]) -> Version | None:
    """Of a return's versions the one that stands: the newest that was not given back; None while it is missing."""
    if row.state == ReturnState.MISSING:
        return None
    return next((each for each in signed if each.settled != StepAct.RETURNED), None)


def standing_signings(steps: QuerySet[Step]) -> dict[int, Step]:
    """Of each return, by its id, the signing of the newest version that was not given back."""
    kept = list(steps.order_by("id"))
    back = {
        (step.quarterly_return_id, step.version) for step in kept if step.act == StepAct.RETURNED
    }
    return {
        step.quarterly_return_id: step
        for step in kept
        if step.act in SIGNINGS and (step.quarterly_return_id, step.version) not in back
    }


def compared(rows: Collection[QuarterlyReturn]) -> dict[int, list[Compared]]:
    """The figures of each return beside those of the quarter before, as they were signed then."""
    if not rows:
        return {}
    quarter = Quarter.read(next(iter(rows)).quarter)
    assert quarter is not None
    earlier = _quarter_before(rows, quarter)
    standing = standing_signings(
        Step.objects.filter(quarterly_return__in=[each.pk for each in earlier.values()])
    )
    before = {
        pk: {each.code: each.n for each in figures_of(step.figures)}
        for pk, step in standing.items()
    }
    return {
        row.pk: [
            _beside(each, earlier.get((row.unit_id, row.mandate_id)), before)
            for each in figures_of(row.figures)
        ]
        for row in rows
    }


def _quarter_before(
    rows: Collection[QuarterlyReturn], quarter: Quarter
) -> dict[tuple[int, int], QuarterlyReturn]:
    """By unit and mandate the one return of the quarter before: the unit's own, or that of the one unit it followed.

    Where two were merged that both led the mandate, neither compares.
    """
    now = subjects.bearers_now(quarter.last_day)
    units = {row.unit_id for row in rows}
    followed = {old for old, new in now.items() if new in units}
    found: dict[tuple[int, int], list[QuarterlyReturn]] = {}
    for each in QuarterlyReturn.objects.filter(
        quarter=str(quarter.after(-1)),
        unit__in=units | followed,
        mandate__in={row.mandate_id for row in rows},
    ):
        key = (now.get(each.unit_id, each.unit_id), each.mandate_id)
        found.setdefault(key, []).append(each)
    return {key: each[0] for key, each in found.items() if len(each) == 1}


def _beside(
    taken: Taken, earlier: QuarterlyReturn | None, signed: Mapping[int, Mapping[str, int]]
) -> Compared:
    if earlier is None:
        return Compared(taken, None, say("不适用"))
    if earlier.state == ReturnState.MISSING:
        return Compared(taken, None, str(ReturnState.MISSING.label))
    before = signed[earlier.pk].get(taken.code)
    return Compared(taken, before, "" if before is not None else say("没有统计"))


def kept_figures(row: QuarterlyReturn, version: int | None) -> list[tuple[Taken, datetime]]:
    """The figures of a draft (None), or of a signed version, each with the moment it was taken."""
    if version is None:
        return [(each, row.as_of) for each in figures_of(row.figures)]
    step = row.steps.filter(act__in=SIGNINGS, version=version).first()
    if step is None:
        return []
    return [(each, step.as_of or step.at) for each in figures_of(step.figures)]


def figure_ids(taken: Taken) -> list[int]:
    """The ids of the rows that were counted, exactly as many as the figure says. Raises NoSuchReturn."""
    kept = Listing.objects.filter(pk=taken.digest).first()
    if kept is None:
        raise NoSuchReturn(say("没有找到这份清单。"), "", say("请从季度报送里打开。"))
    return list(kept.ids)


def figure_rows(code: str, ids: Sequence[int]) -> list[FigureRow]:
    """These rows behind a figure, one for each id, whatever became of it since."""
    registered = figure(code)
    if registered is None:
        return [FigureRow(number, say("第{n}号", n=number), "") for number in ids]
    return registered.listed(ids)


def holds_piece(row: QuarterlyReturn, piece_id: int) -> bool:
    """Whether a piece of evidence belongs to a return: to its draft, to a version, or to the list of a figure."""
    steps = list(row.steps.filter(act__in=SIGNINGS))
    if piece_id in row.pieces or any(piece_id in step.pieces for step in steps):
        return True
    kept = [*row.figures, *(each for step in steps for each in step.figures)]
    digests = {each.digest for each in figures_of(kept) if each.code == "evidence"}
    return any(piece_id in each.ids for each in Listing.objects.filter(pk__in=digests))


def sheets(*stages: Stage, units: Collection[int] | None = None) -> list[tuple[int, str, int]]:
    """Unit, quarter and number of the returns that stand at these stages, oldest quarter first. units: of these only."""
    rows = QuarterlyReturn.objects.filter(stage__in=stages)
    if units is not None:
        rows = rows.filter(unit_id__in=list(units))
    counted = rows.values_list("unit_id", "quarter").annotate(n=Count("id"))
    return [(unit, quarter, n) for unit, quarter, n in counted.order_by("quarter", "unit_id")]
