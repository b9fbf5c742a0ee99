"""A unit is ordered to explain and rectify; the leading group's issues, also those raised again."""

from datetime import date

import pytest

from zhengxin import journey
from zhengxin.duties.models import Duty, Supporter
from zhengxin.evidence.types import Sent
from zhengxin.journey import owing
from zhengxin.journey import rectifying as sheets
from zhengxin.journey.owing import DutyNotThus
from zhengxin.journey.reasons import NoReason, NumberInReason
from zhengxin.journey.showing import duty_sheet
from zhengxin.kernel.refused import NotAllowed
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.queries import EntryMissing
from zhengxin.oversight.rectifying import queries as rectifying
from zhengxin.oversight.rectifying.models import Explanation, Issue, Order
from zhengxin.oversight.rectifying.public import published
from zhengxin.oversight.rectifying.rules import NotThus, OrderUnsound

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
EXPLAIN, RECTIFY = date(2026, 11, 10), date(2026, 11, 30)


def ordered(office, username="xinyong", **changes):
    return office.orders(username, **changes)


def explains(office, order, username="jingban", **changes):
    said = {"why": "预算调整", "plan": "11月底前拨付", "files": []} | changes
    return journey.explain(order_id=order.pk, **said, at=office.now, actor=office.actor(username))


def test_an_order_opens_what_it_asks_for_each_with_its_day(office):
    order = ordered(office)
    [stand] = rectifying.stands([order])
    assert (stand.explain.kind, stand.explain.due_on) == ("written_explanation", EXPLAIN)
    assert (stand.rectify.kind, stand.rectify.due_on) == ("rectification", RECTIFY)
    assert {each.to_id for each in stand.duties} == {office.county.units["县发改局"]}
    assert ledger.payload(order.entry_id).open["cause"] == order.cause
    only = ordered(office, explain_by=None)
    [stand] = rectifying.stands([only])
    assert stand.explain is None
    with pytest.raises(NotThus, match="没有要求书面说明"):
        explains(office, only)


def test_it_may_be_about_an_entry_of_the_ledger(office):
    earlier = ordered(office)
    order = ordered(office, about_id=earlier.entry_id)
    assert ledger.entries_about(earlier.entry_id)[-1] == order.entry_id
    with pytest.raises(EntryMissing):
        ordered(office, about_id=999_999)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"explain_by": None, "rectify_by": None}, "既没有要求"),
        ({"explain_by": date(2026, 11, 2)}, "期限要在今天以后"),
    ],
)
def test_an_unsound_order_is_told_what_is_wrong(office, changes, why):
    with pytest.raises(OrderUnsound, match=why):
        ordered(office, **changes)
    with pytest.raises(OrderUnsound, match="本单位"):
        ordered(office, unit_id=office.county.units["县发改局"])
    assert not Duty.objects.exists()


def test_a_leader_orders_only_while_the_unit_is_designated(office):
    other = office.county.units["县市场监管局"]
    with pytest.raises(NotAllowed, match="指定"):
        ordered(office, "fuze", unit_id=other)
    office.designated(unit_id=office.county.units["县住建局"])
    assert ordered(office, "fuze", unit_id=other).orderer_id == office.county.units["县住建局"]
    with pytest.raises(NumberInReason):
        ordered(office, title="证号110101199003070073的事")


def test_the_unit_explains_is_sent_back_explains_again_and_is_accepted(office):
    order = ordered(office)
    with pytest.raises(NotAllowed):
        explains(office, order, "shichang")
    with pytest.raises(NoReason):
        explains(office, order, plan=" ")
    letter = Sent("说明.pdf", b"%PDF-1.7 x")
    explains(office, order, files=[letter])
    with pytest.raises(DutyNotThus):
        explains(office, order)
    duty_id = order.explain_duty_id
    owing.return_duty(
        duty_id=duty_id, because="没有写原因", at=office.now, actor=office.actor("xinyong")
    )
    explains(office, order, why="主管人员没有跟进")
    officer = office.actor("xinyong")
    sheet = duty_sheet("duty_verified", duty_id)
    owing.verify_duty(duty_id=duty_id, because="原因清楚", **office.signs(officer, sheet))
    assert Duty.objects.get(pk=duty_id).state == "on_time"
    kept = Explanation.objects.filter(order=order).order_by("id")
    assert [each.why for each in kept] == ["预算调整", "主管人员没有跟进"]
    assert kept[0].files[0]["name"] == "说明.pdf"
    rows = Order.objects.all()
    assert list(rectifying.running(rows, over=False)) == [order]
    assert list(rectifying.running(rows, over=True)) == []


def test_the_outcome_is_public_without_persons_unless_withheld_on_a_ground(office):
    order = ordered(office)
    explains(office, order)
    [shown] = published(office.today)
    assert (shown.unit, shown.title) == ("示例县住房和城乡建设局", "两户企业的奖补资金没有兑现")
    assert [(each.kind, each.due_on, each.done_on) for each in shown.steps] == [
        ("written_explanation", EXPLAIN, None),
        ("rectification", RECTIFY, None),
    ]
    [later] = published(date(2026, 12, 3))
    assert [each.overdue_days for each in shown.steps] == [0, 0]
    assert [each.overdue_days for each in later.steps] == [0, 3]
    assert "许知" not in str(shown)
    assert order.cause not in str(shown)

    def withhold(username):
        return journey.withhold_order(
            order_id=order.pk,
            reason="trade_secret",
            because="涉及未公开的投资协议",
            review_on=date(2027, 5, 4),
            **office.signs(office.actor(username), sheets.order_sheet(order.pk)),
        )

    with pytest.raises(NotAllowed):
        withhold("xinyong")
    withhold("fuhe")
    [shown] = published(office.today)
    assert (shown.title, shown.basis, shown.steps) == ("", "", ())
    assert shown.withheld == "商业秘密"
    with pytest.raises(NotThus, match="已经不公开"):
        withhold("fuhe")


def raised(office, username="fuze", **changes):
    said = {"question": "历史欠款的资金来源", "words": "涉及三个单位", "repeats_id": None}
    number = journey.raise_issue(**(said | changes), at=office.now, actor=office.actor(username))
    return Issue.objects.get(pk=number)


def decides(office, issue, username="xinyong", **changes):
    said = {
        "met_on": office.today,
        "decision": "由县住建局牵头列出清单",
        "lead_id": office.county.units["县住建局"],
        "supporter_ids": [office.county.units["县市场监管局"]],
        "due_on": RECTIFY,
    }
    return journey.decide_issue(
        issue_id=issue.pk,
        **(said | changes),
        **office.signs(office.actor(username), sheets.issue_sheet(issue.pk)),
    )


def test_an_issue_is_raised_decided_and_owed(office):
    with pytest.raises(NotAllowed):
        raised(office, "jingban")
    issue = raised(office)
    with pytest.raises(NotAllowed, match="信用办"):
        decides(office, issue, "fuhe")
    with pytest.raises(NotThus, match="会议日期"):
        decides(office, issue, met_on=date(2026, 11, 3))
    with pytest.raises(NotThus, match="办结期限"):
        decides(office, issue, due_on=office.today)
    duty = Duty.objects.get(pk=decides(office, issue))
    assert (duty.kind, duty.due_on, duty.to_id) == ("issue_action", RECTIFY, None)
    assert list(Supporter.objects.filter(duty=duty).values_list("unit_id", flat=True)) == [
        office.county.units["县市场监管局"]
    ]
    with pytest.raises(NotThus, match="已经议定"):
        decides(office, issue)
    assert rectifying.duties_of(Issue.objects.all()) == {issue.pk: duty}


def test_the_same_question_again_counts_from_the_first(office):
    first = raised(office)
    again = raised(office, repeats_id=first.pk)
    third = raised(office, "xinyong", repeats_id=again.pk)
    assert [each.nth for each in (first, again, third)] == [1, 2, 3]
    assert third.first_id == first.pk
    assert rectifying.times(again) == [first, again, third]
    assert ledger.entry(third.entry_id).about_id == again.entry_id
