"""An inspection, two orders and an issue of the invented county, each where somebody can go on from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from zhengxin import journey
from zhengxin.demo.acts import signs
from zhengxin.journey import inspecting_sheets, owing, rectifying
from zhengxin.journey.showing import duty_sheet
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.digests import sha256_hex
from zhengxin.oversight.inspections.enums import SeedKind, Verdict
from zhengxin.oversight.inspections.models import Campaign, Case, Designation, Finding
from zhengxin.oversight.rectifying.models import Issue, Order
from zhengxin.subjects import queries as subjects

# Drawn with it: the construction, water and law-enforcement offices.
SEED = "01 10 12 14 18 20 11"
ITEMS = [
    ["对企业作出的书面承诺是否按期兑现", "国发〔2016〕76号"],
    ["因法定事由变更承诺的，是否说明理由并补偿", "国发〔2016〕76号"],
    ["服务承诺和办事期限是否公开、是否做到", "本县工作方案（虚构）"],
]
BUILDING, WATER, ENFORCING, TRAFFIC = "县住建局", "县水利局", "县综合执法局", "县交通局"
OFFICE = "县发改局"

Holder = Callable[[Role, int | None, date], Actor]


@dataclass(frozen=True, slots=True)
class _Act:
    """One moment of the story: in how many days from the county's day, and what is done then."""

    days: int
    name: str
    do: Callable[["_Story", datetime], object]


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

    def credit(self, at: datetime) -> Actor:
        return self.holder(Role.CREDIT_OFFICER, None, timezone.localdate(at))

    def reviewer(self, at: datetime) -> Actor:
        return self.holder(Role.REVIEWER, None, timezone.localdate(at))

    def clerk(self, unit: str, at: datetime) -> Actor:
        return self.holder(Role.CLERK, self.unit(unit), timezone.localdate(at))

    def leader(self, unit: str, at: datetime) -> Actor:
        return self.holder(Role.LEADER, self.unit(unit), timezone.localdate(at))

    def case(self, unit: str) -> Case:
        return Case.objects.get(campaign__seed=SEED, unit_id=self.unit(unit))


def _nonce(words: str) -> str:
    return sha256_hex(words.encode())[:32]


def _designate(story: _Story, at: datetime) -> None:
    nonce = _nonce("designation")
    sheet = inspecting_sheets.new_designation_sheet(nonce)
    verb = journey.designate_inspection
    signs(
        verb,
        sheet,
        at=at,
        actor=story.reviewer(at),
        nonce=nonce,
        unit_id=story.unit(OFFICE),
        matter="政府承诺兑现和服务承诺公开情况",
        scope="县政府各部门",
        document="示政发〔2026〕11号（虚构）",
        from_on=at.date(),
        until_on=at.date() + timedelta(days=240),
    )


def _plan(story: _Story, at: datetime) -> None:
    nonce = _nonce("inspection")
    sheet = inspecting_sheets.new_inspection_sheet(nonce)
    signs(
        journey.plan_inspection,
        sheet,
        at=at,
        actor=story.credit(at),
        nonce=nonce,
        designation_id=Designation.objects.latest("id").pk,
        title="政府承诺兑现专项督查（虚构）",
        basis="示政办发〔2026〕27号督查方案（虚构）",
        from_on=at.date(),
        until_on=at.date() + timedelta(days=120),
        items=ITEMS,
        kinds=["department"],
        n=3,
        per_kind=False,
        seed_kind=SeedKind.PUBLIC.value,
        seed_named="制定后第三天公布的示例县公益彩票开奖号码（虚构），红球从小到大，再写蓝球",
        seed_on=at.date() + timedelta(days=3),
        review_unit_id=story.unit(OFFICE),
    )


def _draw(story: _Story, at: datetime) -> None:
    journey.draw_inspection(
        campaign_id=Campaign.objects.latest("id").pk,
        seed=SEED,
        seed_source="示例县公益彩票公告（虚构）",
        at=at,
        actor=story.credit(at),
    )


def _find(story: _Story, at: datetime) -> None:
    found = (
        (BUILDING, Verdict.PROBLEM, "三户企业的配套承诺逾期两个月没有兑现。", 25),
        (BUILDING, Verdict.NOT_APPLICABLE, "本年没有变更过承诺。", None),
        (BUILDING, Verdict.CONFORM, "现场抽查五个事项，公开内容与办理期限一致。", None),
        (WATER, Verdict.CONFORM, "查阅承诺台账，到期的都已兑现。", None),
        (WATER, Verdict.PROBLEM, "变更一项供水承诺，没有书面说明理由。", 80),
        (WATER, Verdict.NOT_INSPECTED, "窗口当天停办业务，没有查成。", None),
        (ENFORCING, Verdict.CONFORM, "查阅承诺台账，到期的都已兑现。", None),
        (ENFORCING, Verdict.NOT_APPLICABLE, "本年没有变更过承诺。", None),
        (ENFORCING, Verdict.CONFORM, "公示栏和网站内容一致。", None),
    )
    numbers: dict[str, int] = {}
    for unit, verdict, words, days in found:
        numbers[unit] = numbers.get(unit, 0) + 1
        journey.record_finding(
            case_id=story.case(unit).pk,
            number=numbers[unit],
            verdict=verdict.value,
            words=words,
            due_on=at.date() + timedelta(days=days) if days else None,
            files=[],
            at=at,
            actor=story.credit(at),
        )


def _rectified(story: _Story) -> Finding:
    return Finding.objects.get(case=story.case(BUILDING), verdict=Verdict.PROBLEM)


def _report(story: _Story, at: datetime) -> None:
    owing.report_duty(
        duty_id=_rectified(story).duty_id or 0,
        words="三户企业的配套已全部接通，回访记录附后。",
        files=[],
        at=at,
        actor=story.clerk(BUILDING, at),
    )


def _recheck(story: _Story, at: datetime) -> None:
    journey.recheck_finding(
        finding_id=_rectified(story).pk,
        resolved=True,
        words="到三户企业现场看过，已经兑现。",
        due_on=None,
        files=[],
        at=at,
        actor=story.credit(at),
    )


def _conclude(story: _Story, at: datetime) -> None:
    words = {
        BUILDING: "三项承诺逾期兑现，经督查已整改到位；其余符合要求。",
        ENFORCING: "没有发现问题。",
    }
    for unit, conclusion in words.items():
        case = story.case(unit)
        sheet = inspecting_sheets.conclusion_sheet(case.pk)
        signs(
            journey.conclude_inspection,
            sheet,
            at=at,
            actor=story.credit(at),
            case_id=case.pk,
            conclusion=conclusion,
        )


def _receive(story: _Story, at: datetime) -> None:
    journey.receive_conclusion(
        case_id=story.case(BUILDING).pk,
        received_on=at.date(),
        how="本单位在系统里签收",
        at=at,
        actor=story.clerk(BUILDING, at),
    )


def _apply(story: _Story, at: datetime) -> None:
    journey.apply_for_review(
        case_id=story.case(BUILDING).pk,
        grounds="其中一户的延期经企业书面同意，不应认定为逾期。",
        files=[],
        at=at,
        actor=story.leader(BUILDING, at),
    )


def _order(
    story: _Story, at: datetime, unit: str, title: str, cause: str, explain: int, rectify: int
) -> None:
    nonce = _nonce(title)
    sheet = rectifying.new_order_sheet(nonce)
    signs(
        journey.order_rectification,
        sheet,
        at=at,
        actor=story.credit(at),
        nonce=nonce,
        unit_id=story.unit(unit),
        title=title,
        cause=cause,
        about_id=None,
        basis="国发〔2016〕76号",
        explain_by=at.date() + timedelta(days=explain) if explain else None,
        rectify_by=at.date() + timedelta(days=rectify),
    )


def _order_traffic(story: _Story, at: datetime) -> None:
    _order(
        story,
        at,
        TRAFFIC,
        "道路养护合同款没有按约支付（虚构）",
        "合同约定验收后三个月付清，已逾期四个月。",
        10,
        40,
    )


def _order_water(story: _Story, at: datetime) -> None:
    _order(
        story,
        at,
        WATER,
        "水利工程中标公告逾期未公开（虚构）",
        "两个项目的中标结果超过规定期限没有公开。",
        0,
        15,
    )


def _explain(story: _Story, at: datetime) -> None:
    journey.explain(
        order_id=Order.objects.get(unit_id=story.unit(TRAFFIC)).pk,
        why="年初预算没有列足，财政结算推迟。",
        plan="养护科负责，下月底前分两笔付清。",
        files=[],
        at=at,
        actor=story.clerk(TRAFFIC, at),
    )


def _accept(story: _Story, at: datetime) -> None:
    duty_id = Order.objects.get(unit_id=story.unit(TRAFFIC)).explain_duty_id or 0
    sheet = duty_sheet("duty_verified", duty_id)
    signs(
        owing.verify_duty,
        sheet,
        at=at,
        actor=story.credit(at),
        duty_id=duty_id,
        because="原因和打算写得清楚。",
    )


def _paid(story: _Story, at: datetime) -> None:
    owing.report_duty(
        duty_id=Order.objects.get(unit_id=story.unit(TRAFFIC)).rectify_duty_id or 0,
        words="合同款已付清，付款凭证已交财务存档。",
        files=[],
        at=at,
        actor=story.clerk(TRAFFIC, at),
    )


def _raise(story: _Story, at: datetime) -> None:
    journey.raise_issue(
        question="历史遗留的企业配套承诺由谁出资（虚构）",
        words="承诺时的单位已合并，三个部门都没有预算。建议明确牵头单位和资金来源。",
        repeats_id=None,
        at=at,
        actor=story.leader(BUILDING, at),
    )


def _decide(story: _Story, at: datetime) -> None:
    issue = Issue.objects.latest("id")
    sheet = rectifying.issue_sheet(issue.pk)
    signs(
        journey.decide_issue,
        sheet,
        at=at,
        actor=story.credit(at),
        issue_id=issue.pk,
        met_on=at.date(),
        decision="由县住建局牵头核实清单，县财政局商定资金来源，报领导小组。",
        lead_id=story.unit(BUILDING),
        supporter_ids=[story.unit("县财政局")],
        due_on=at.date() + timedelta(days=60),
    )


def _raise_again(story: _Story, at: datetime) -> None:
    journey.raise_issue(
        question="历史遗留的企业配套承诺由谁出资（虚构）",
        words="清单已核实，资金来源仍没有定。",
        repeats_id=Issue.objects.latest("id").pk,
        at=at,
        actor=story.credit(at),
    )


_ACTS = (
    _Act(-76, "登记督查指定", _designate),
    _Act(-74, "制定督查", _plan),
    _Act(-70, "抽取督查单位", _draw),
    _Act(-62, "督查检查", _find),
    _Act(-58, "提出议题", _raise),
    _Act(-50, "责令说明整改", _order_traffic),
    _Act(-45, "议定议题", _decide),
    _Act(-43, "提交书面说明", _explain),
    _Act(-42, "报告整改", _report),
    _Act(-41, "核实书面说明", _accept),
    _Act(-40, "复查整改", _recheck),
    _Act(-33, "作出督查结论", _conclude),
    _Act(-31, "签收督查结论", _receive),
    _Act(-24, "责令整改", _order_water),
    _Act(-20, "报告付款", _paid),
    _Act(-17, "申请复核", _apply),
    _Act(-13, "再次提出议题", _raise_again),
)


def events(today: date, holder: Holder) -> Iterator[tuple[datetime, Callable[[], object], str]]:
    """Every act with its moment, each whole or not at all. holder: who holds a role (at a unit) on a day."""
    story, zone = _Story(today, holder), timezone.get_current_timezone()
    for act in _ACTS:
        at = datetime.combine(today + timedelta(days=act.days), time(15), zone)
        yield at, _whole(act, story, at), act.name


def _whole(act: _Act, story: _Story, at: datetime) -> Callable[[], object]:
    def do() -> object:
        with transaction.atomic():
            return act.do(story, at)

    return do
