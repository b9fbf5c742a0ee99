"""A measure of the invented county: a judgment that a town did not honour, and the town on the defaulter list."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from zhengxin import journey
from zhengxin.archive import queries as archive
from zhengxin.demo.acts import signs
from zhengxin.demo.year import DEBTOR
from zhengxin.journey import imposing_sheets, owing
from zhengxin.journey.showing import duty_sheet
from zhengxin.kernel.actor import Actor, Role
from zhengxin.sanctions import queries as sanctions
from zhengxin.sanctions.enums import Factor
from zhengxin.sanctions.models import Case, Execution, Measure
from zhengxin.subjects import queries as subjects

REPLY_DAYS = "parameters/sanction_reply_days@2018-01-01"
ON_LIST, JUDGED = "judgment_defaulter", "judgment"
PROPOSED = ("rectification_by_date", "loss_of_honours", "circulated_criticism")
OFFICE, AWARDING = "县发改局", "县人社局"
Holder = Callable[[Role, int | None, date], Actor]


@dataclass(frozen=True, slots=True)
class _Story:
    """Who acts, and the county's day."""

    today: date
    holder: Holder

    def unit(self, name: str) -> int:
        found = subjects.unit_by_name(name, self.today)
        if found is None:
            raise LookupError(f"no unit {name} in the register")
        return found.id

    def officer(self, at: datetime) -> Actor:
        return self.holder(Role.CREDIT_OFFICER, None, timezone.localdate(at))

    def reviewer(self, at: datetime) -> Actor:
        return self.holder(Role.REVIEWER, None, timezone.localdate(at))

    def of(self, unit: str, role: Role, at: datetime) -> Actor:
        return self.holder(role, self.unit(unit), timezone.localdate(at))

    def case(self) -> Case | None:
        """The one on the judgment; a small county has none."""
        return Case.objects.filter(entry_kind=JUDGED).first()


def _confirm(story: _Story, at: datetime) -> None:
    signs(
        journey.confirm_law_value,
        imposing_sheets.law_sheet(REPLY_DAYS),
        at=at,
        actor=story.reviewer(at),
        address=REPLY_DAYS,
        words="示例县惩戒办理规则（虚构）第三条",
    )


def _turn(story: _Story, at: datetime) -> None:
    journey.turn_sanctions(at=at, actor=Actor.system("示例县建造"))


def _propose(story: _Story, at: datetime) -> None:
    town = story.unit(DEBTOR)
    entry_id = next(iter(archive.standing_of({town}, kind=JUDGED)), None)
    if entry_id is None:
        return
    found = {
        each.measure: each.address
        for each in reversed(sanctions.own_steps_on(timezone.localdate(at)))
    }
    journey.propose_sanction(
        unit_id=town,
        entry_id=entry_id,
        measures=[found[code] for code in PROPOSED],
        facts="判决生效后，应付的工程款至今没有付清，有裁判文书和收款方的说明（虚构）。",
        at=at,
        actor=story.officer(at),
    )


def _notice(case: Case, story: _Story, at: datetime) -> None:
    journey.notice_sanction(case_id=case.pk, at=at, actor=story.officer(at))


def _reply(case: Case, story: _Story, at: datetime) -> None:
    journey.reply_to_sanction(
        case_id=case.pk,
        words="镇里财力紧张，已列入年底支付计划；通报会影响招商，请从轻（虚构）。",
        files=[],
        at=at,
        actor=story.of(DEBTOR, Role.LEADER, at),
    )


def _hear(case: Case, story: _Story, at: datetime) -> None:
    journey.hear_reply(
        case_id=case.pk,
        words="支付计划属实，款项还没有付；影响招商不是从轻的理由（虚构）。",
        at=at,
        actor=story.officer(at),
    )


def _decide(case: Case, story: _Story, at: datetime) -> None:
    due = (timezone.localdate(at) + timedelta(days=60)).isoformat()
    signs(
        journey.decide_sanction,
        imposing_sheets.decision_sheet(case.pk),
        at=at,
        actor=story.of(OFFICE, Role.LEADER, at),
        case_id=case.pk,
        kept=[
            [each.pk, due if each.code == PROPOSED[0] else ""]
            for each in case.measures.order_by("id")
        ],
        reasons="判决确定的义务没有履行，事实清楚，依据充分（虚构）。",
        answer="支付计划已核对，付清以后可以申请提前解除；其余不采纳（虚构）。",
        factors=[[each.value, False, "", ""] for each in Factor],
        executing=[story.unit(AWARDING)],
    )


def _serve(case: Case, story: _Story, at: datetime) -> None:
    journey.serve_decision(case_id=case.pk, at=at, actor=story.officer(at))


def _apply(case: Case, story: _Story, at: datetime) -> None:
    carried = Execution.objects.filter(measure__case=case, measure__code=PROPOSED[1]).get()
    owing.report_duty(
        duty_id=carried.apply_duty_id,
        words="本年评优名单已退出，见退出通知（虚构）。",
        files=[],
        at=at,
        actor=story.of(AWARDING, Role.CLERK, at),
    )
    signs(
        owing.verify_duty,
        duty_sheet("duty_verified", carried.apply_duty_id),
        at=at,
        actor=story.officer(at),
        duty_id=carried.apply_duty_id,
        because="看过退出通知（虚构）。",
    )


def _circulate(case: Case, story: _Story, at: datetime) -> None:
    measure = Measure.objects.get(case=case, code=PROPOSED[2])
    signs(
        journey.circulate_criticism,
        imposing_sheets.circulation_sheet(measure.pk),
        at=at,
        actor=story.reviewer(at),
        measure_id=measure.pk,
        words="青石镇未按生效判决付清工程款，责令限期整改（虚构）。",
        until_on=timezone.localdate(at) + timedelta(days=180),
    )


def _of_case(act: Callable[[Case, _Story, datetime], None]) -> Callable[[_Story, datetime], None]:
    def do(story: _Story, at: datetime) -> None:
        case = story.case()
        if case is not None:
            act(case, story, at)

    return do


_ACTS: tuple[tuple[int, str, Callable[[_Story, datetime], object]], ...] = (
    (-30, "确认法律值", _confirm),
    (-29, "提出惩戒", _propose),
    (-28, "惩戒事先告知", _of_case(_notice)),
    (-26, "对惩戒陈述", _of_case(_reply)),
    (-24, "听取陈述", _of_case(_hear)),
    (-16, "决定惩戒", _of_case(_decide)),
    (-15, "送达惩戒决定", _of_case(_serve)),
    (-10, "确认已执行", _of_case(_apply)),
    (-8, "准予公开通报", _of_case(_circulate)),
    (-6, "列出待研判", _turn),
)


def events(today: date, holder: Holder) -> Iterator[tuple[datetime, Callable[[], object], str]]:
    """Every act with its moment, each whole or not at all. holder: who holds a role (at a unit) on a day."""
    story, zone = _Story(today, holder), timezone.get_current_timezone()
    for days, name, act in _ACTS:
        at = datetime.combine(today + timedelta(days=days), time(16), zone)
        yield at, _whole(act, story, at), name


def _whole(
    act: Callable[[_Story, datetime], object], story: _Story, at: datetime
) -> Callable[[], object]:
    def do() -> object:
        with transaction.atomic():
            return act(story, at)

    return do
