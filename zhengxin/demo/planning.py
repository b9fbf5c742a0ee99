"""The invented county's work plans: one compiled, confirmed and filed for by units; one left to be checked.

The texts are written for this demonstration and say so.
"""

from datetime import date, datetime, timedelta

from zhengxin import journey
from zhengxin.demo.acts import Officers, signs
from zhengxin.journey.showing import plan_sheet
from zhengxin.oversight import queries as plans
from zhengxin.oversight.enums import AmendmentKind, PlanState
from zhengxin.oversight.models import Plan
from zhengxin.oversight.types import Change
from zhengxin.subjects import queries as subjects

FIRST = """示例县政务诚信建设工作方案（虚构）

为了演示，本方案的全部内容都是虚构的，不是任何地方的文件。各单位要把说过的话、签过的约、公开过的承诺一件一件兑现。

一、总体安排
（一）工作目标。用一年时间，让群众和企业看得到政府答应的事办没办、什么时候办。
（二）适用范围。本方案适用于各镇街农牧场（含开发园区管委会，下同）和县直各单位。

二、主要任务
（一）管好承诺
1.建立承诺台账。把会议纪要、招商协议、为民实事里的承诺逐条登记，写明承办人和完成时间，{year}年底前建成。（牵头单位：县政府办公室；配合单位：县发改局、县司法局）
2.清理到期没有兑现的合同。逐份核对政府采购、工程、租赁合同，能付的付清，不能付的说明原因和日期，{year}年底前办结。（牵头单位：县财政局、县住建局；配合单位：县交通局、县水利局）
3.兑现招商政策。招商时答应的用地、奖补、配套，不因换届和人员变动不认。（牵头单位：县商务局；配合单位：县自然资源局、县财政局、各镇街农牧场）
（二）管好窗口
4.公开办事时限。窗口摆出每个事项的承诺时限，超时的自动提醒。（牵头单位：县营商局；配合单位：各有关部门和单位）
5.回应热线。群众来电反映的失信问题，七天内答复办理情况。（责任单位：县政务公开办公室、县营商局）
6.方便残疾人和老年人办事。窗口配好放大镜、手语视频和代办员，{next}年6月底前到位。（牵头单位：县民政局；配合单位：县卫健局、县大数据中心）
（三）管好信息
7.报准信用信息。行政许可、行政处罚作出后按规定时限归集，{next}年3月底前把以前的差错清完。（牵头单位：县发改局、县市场监管局；配合单位：县综合执法局）
8.建好诚信档案。公务员的奖励、处分、年度考核按规定记入档案。（牵头单位：县委组织部、县人社局；配合单位：县监委）
9.做好诚信教育。把诚信课列入新录用人员培训，每年至少一次。（牵头单位：县委党校、县委组织部；配合单位：县人社局）
（四）管好监督
10.开展督查。对群众反映多、兑现慢的单位，每半年督查一次，结果公开。（牵头单位：县委县政府督查室；配合单位：县发改局）
11.办好建议提案。把办理情况作为单位诚信的重要内容，答应代表委员的事列入台账。（责任单位：各镇街农牧场、县政府办公室）

三、组织保障
12.按时报送。各单位每季度把工作开展情况报送县政务公开办公室，没有进展的也要说明。（牵头单位：各镇街农牧场；配合单位：县发改局、县财政局）

示例县人民政府办公室
{year}年{month}月{day}日
"""
SECOND = """示例县窗口服务诚信承诺实施方案（虚构）

为了演示，本方案的全部内容都是虚构的，不是任何地方的文件。

一、主要任务
（一）说清楚
1.公布承诺。每个窗口公布办理时限、收费和监督电话。（牵头单位：县营商局；配合单位：各有关部门和单位）
（二）办到位
2.减少跑动。同一材料只交一次，{next}年3月底前完成。（牵头单位：县营商局、县数据发展局；配合单位：各镇）
3.当面道歉。承诺没有做到的，窗口负责人当面说明并道歉。（责任单位：县营商局、县市场监管局）

示例县人民政府办公室
{year}年{month}月{day}日
"""
CHOSEN = {"各有关部门和单位": ("县市场监管局", "县公安局", "县人社局", "县自然资源局", "县住建局")}
PUT_OFF = {"县大数据中心": "该中心正在组建，还没有登记，挂牌后再定。"}
FILING = ("县商务局", "县交通局", "柳湾镇")
FILED = """{unit}落实政务诚信建设任务的实施方案（虚构）

一、任务和分工。由办公室牵头，各股室按月报进度。
二、时间安排。先清理，再兑现，最后公开。
三、检查。每季度自查一次，结果报县政务公开办公室。
"""


def _dated(text: str, on: date) -> bytes:
    told = text.format(year=on.year, next=on.year + 1, month=on.month, day=on.day)
    return told.encode()


def compile_plan(*, at: datetime, officers: Officers) -> None:
    """The credit office sends the plan and settles what the reading left open; the reviewer confirms."""
    credit, review = officers.credit(at.date()), officers.review(at.date())
    plan_id, _new = journey.send_plan(
        content=_dated(FIRST, at.date() - timedelta(days=3)),
        filename="示例县政务诚信建设工作方案.txt",
        at=at,
        actor=credit,
    )
    for name, units in CHOSEN.items():
        found = (subjects.unit_by_name(unit, at.date()) for unit in units)
        ids = tuple(unit.id for unit in found if unit is not None)
        because = "与起草单位核对，指设有办事窗口的这几个单位。"
        change = Change(AmendmentKind.CHOOSE, because, name=name, unit_ids=ids)
        journey.amend_plan(plan_id=plan_id, change=change, at=at, actor=credit)
    for name, because in PUT_OFF.items():
        change = Change(AmendmentKind.SUSPEND, because, name=name)
        journey.amend_plan(plan_id=plan_id, change=change, at=at, actor=credit)
    signs(
        journey.confirm_plan,
        plan_sheet(plan_id, at.date()),
        plan_id=plan_id,
        replaces=None,
        at=at,
        actor=review,
    )


def file_implementing(*, at: datetime, officers: Officers) -> None:
    """Some units file how they do their tasks."""
    plan = Plan.objects.filter(state=PlanState.CONFIRMED).earliest("id")
    for name in FILING:
        unit = subjects.unit_by_name(name, at.date())
        assert unit is not None
        journey.file_implementing_plan(
            plan_id=plan.pk,
            parts=[part.pk for part in plans.own_parts(plan.pk, [unit.id])],
            title=f"{name}落实政务诚信建设任务的实施方案（虚构）",
            filename=f"{name}实施方案.txt",
            content=FILED.format(unit=name).encode(),
            at=at,
            actor=officers.clerk(unit.id, at.date()),
        )


def send_second(*, at: datetime, officers: Officers) -> None:
    """Another plan is sent and left to be checked: a unit nobody knows, a group to choose from."""
    journey.send_plan(
        content=_dated(SECOND, at.date() - timedelta(days=1)),
        filename="示例县窗口服务诚信承诺实施方案.txt",
        at=at,
        actor=officers.credit(at.date()),
    )
