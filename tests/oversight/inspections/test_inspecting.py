"""An inspection from the designation to the review of its conclusion."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.utils import timezone

from zhengxin import journey
from zhengxin.duties.models import Duty
from zhengxin.evidence.types import Sent
from zhengxin.journey import inspecting_sheets as sheets
from zhengxin.journey import owing
from zhengxin.journey.reasons import NumberInReason
from zhengxin.kernel.actor import Principal, Role
from zhengxin.kernel.refused import NotAllowed
from zhengxin.ledger import actions as ledger_actions
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.enums import Act
from zhengxin.messages.models import Message
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.inspections.models import Case, Finding
from zhengxin.oversight.inspections.public import published
from zhengxin.oversight.inspections.rules import NotDesignated, NotThus, TooLate

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
NUMBER = "110101199003070073"


def test_only_a_designated_unit_may_plan_and_the_article_is_named(office, county):
    leader = office.actor("fuze")
    number = office.designated()
    with pytest.raises(NotDesignated, match="第七条"):
        office.planned(number, actor=leader)
    with pytest.raises(NotDesignated, match="2026-11-01至2026-12-31"):
        office.planned(number, until_on=date(2027, 1, 4))
    with pytest.raises(NotAllowed, match="负责人制定"):
        office.planned(number, actor=office.actor("fuze", role=Role.CLERK))
    with pytest.raises(NotAllowed, match="不能登记督查指定"):
        journey.designate_inspection(
            unit_id=county.units["县住建局"],
            matter="甲",
            scope="乙",
            document="丙",
            from_on=date(2026, 11, 1),
            until_on=date(2026, 11, 2),
            **office.signs(leader, sheets.new_designation_sheet("00")),
        )


def test_the_population_is_frozen_without_who_inspects_and_drawn_by_the_published_rule(office):
    campaign = office.planned(office.designated())
    assert [code for _id, code, _name, _kind in campaign.population] == ["ZX-T01", "ZX-T02"]
    entry = ledger.payload(campaign.plan_entry_id)
    assert entry.open["population"] == ["ZX-T01", "ZX-T02"]
    draw = {"seed": "01 02", "seed_source": "公告", "at": office.now, "campaign_id": campaign.pk}
    with pytest.raises(NotThus, match="2026-11-03才产生"):
        journey.draw_inspection(**draw, actor=office.actor("xinyong"))
    office.later(1)
    draw["at"] = office.now
    with pytest.raises(NotAllowed):
        journey.draw_inspection(**draw, actor=office.actor("fuze"))
    codes = journey.draw_inspection(**draw, actor=office.actor("xinyong"))
    campaign.refresh_from_db()
    assert codes == [each.code for each in inspections.drawn(campaign)]
    assert [case.digest for case in inspections.cases_of(campaign.pk)] == [
        each.digest for each in inspections.drawn(campaign)
    ]
    with pytest.raises(NotThus, match="许知"):
        journey.draw_inspection(**draw | {"seed": "09"}, actor=office.actor("xinyong"))
    campaign.refresh_from_db()
    assert campaign.seed == "01 02"


def test_a_checkpoint_of_a_stated_day_is_the_seed_and_comes_by_itself(office):
    campaign = office.planned(office.designated(), seed_kind="checkpoint", n=1)
    office.later(1)
    draw = {"campaign_id": campaign.pk, "seed": "mine", "seed_source": "", "at": office.now}
    with pytest.raises(NotThus, match="还没有签署过检查点"):
        journey.draw_inspection(**draw, actor=office.actor("xinyong"))
    signed = ledger_actions.sign_checkpoint(at=office.now, actor=office.actor("xinyong"))
    office.designated(document="示政发〔2026〕4号")
    ledger_actions.sign_checkpoint(at=office.now, actor=office.actor("xinyong"))
    journey.draw_inspection(**draw, actor=office.actor("xinyong"))
    campaign.refresh_from_db()
    assert campaign.seed == bytes(signed.root).hex()
    assert f"第{signed.size}条" in campaign.seed_source


def test_four_findings_are_never_mixed_and_a_problem_opens_a_dated_duty(office, county):
    campaign, case = office.drawn()
    office.finds(case, 1, "not_inspected", words="当天停电，没有查成")
    with pytest.raises(NotThus, match="整改期限"):
        office.finds(case, 2, "problem")
    photo = Sent("现场.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    office.finds(case, 2, "problem", due_on=date(2026, 11, 20), files=[photo])
    found = Finding.objects.get(item__number=2)
    duty = Duty.objects.get(pk=found.duty_id)
    assert (duty.kind, duty.bearer_id) == ("rectification", county.units["县住建局"])
    assert (duty.due_on, duty.to_id) == (date(2026, 11, 20), campaign.unit_id)
    assert found.files[0]["name"] == "现场.png"
    assert ledger.payload(found.entry_id).open["verdict"] == "problem"
    counts = inspections.counts([case], 2)[case.pk]
    assert counts.by_verdict == {"not_inspected": 1, "problem": 1}
    assert (counts.open, counts.running, counts.settled) == (0, 1, 0)
    # What was not inspected may be inspected later; a problem stays one.
    office.finds(case, 1, "conform")
    with pytest.raises(NotThus, match="已记为有问题"):
        office.finds(case, 2, "conform")
    assert inspections.counts([case], 2)[case.pk].by_verdict == {"conform": 1, "problem": 1}
    with pytest.raises(NumberInReason):
        office.finds(case, 1, "conform", words=f"经办人{NUMBER}")
    with pytest.raises(NotAllowed):
        office.finds(case, 1, "conform", actor=office.actor("jingban"))


def test_nobody_inspects_after_the_designation_ended(office):
    _campaign, case = office.drawn()
    office.now = datetime(2027, 1, 4, 9, tzinfo=timezone.get_default_timezone())
    with pytest.raises(NotDesignated, match="至2026-12-31，今天是2027-01-04"):
        office.finds(case, 1, "conform")


def test_what_is_found_falls_in_the_days_of_the_inspection_itself(office):
    _campaign, case = office.drawn(from_on=date(2026, 11, 9))
    with pytest.raises(NotThus, match="从2026-11-09开始"):
        office.finds(case, 1, "conform")
    office.now = datetime(2026, 12, 18, 9, tzinfo=timezone.get_default_timezone())
    office.finds(case, 1, "conform")
    # The designation still lasts until the end of the year.
    office.later(1)
    with pytest.raises(NotThus, match="到2026-12-18为止"):
        office.finds(case, 2, "conform")
    office.finds(case, 2, "not_inspected", words="没有来得及查")


def test_not_resolved_is_owed_again_by_a_new_day_and_resolved_ends_it(office):
    _campaign, case = office.drawn()
    number = office.finds(case, 2, "problem", due_on=date(2026, 11, 20))
    duty_id = Finding.objects.get(pk=number).duty_id

    def look(resolved, due_on, actor=None):
        return journey.recheck_finding(
            finding_id=number,
            resolved=resolved,
            words="到现场看过",
            due_on=due_on,
            files=[],
            at=office.now,
            actor=actor or office.actor("xinyong"),
        )

    with pytest.raises(owing.DutyNotThus):
        look(True, None)
    report = {"duty_id": duty_id, "words": "已兑现三户", "files": [], "at": office.now}
    owing.report_duty(**report, actor=office.actor("jingban"))
    with pytest.raises(NotThus):
        look(False, date(2026, 11, 20))
    look(False, date(2026, 12, 4))
    duty = Duty.objects.get(pk=duty_id)
    assert (duty.state, duty.due_on) == ("open", date(2026, 12, 4))
    office.finds(case, 1, "not_applicable")
    with pytest.raises(NotThus, match="1个问题没有整改到位"):
        office.concludes(case)
    owing.report_duty(**report, actor=office.actor("jingban"))
    with pytest.raises(NotAllowed):
        look(True, None, actor=office.actor("fuze"))
    look(True, None)
    assert Duty.objects.get(pk=duty_id).state == "on_time"
    assert Duty.objects.get(pk=duty_id).late_on is None
    assert [each.resolved for each in Finding.objects.get(pk=number).rechecks.order_by("id")] == [
        False,
        True,
    ]


def test_a_late_first_report_stays_late_though_the_new_day_is_met(office, signed_in):
    _campaign, case = office.drawn()
    number = office.finds(case, 2, "problem", due_on=date(2026, 11, 20))
    duty_id = Finding.objects.get(pk=number).duty_id
    office.later(20)
    report = {
        "duty_id": duty_id,
        "words": "已兑现三户",
        "files": [],
        "actor": office.actor("jingban"),
    }
    look = {"finding_id": number, "words": "看过", "files": [], "actor": office.actor("xinyong")}
    owing.report_duty(**report, at=office.now)
    journey.recheck_finding(**look, resolved=False, due_on=date(2026, 12, 11), at=office.now)
    duty = Duty.objects.get(pk=duty_id)
    assert (duty.state, duty.late_on) == ("open", date(2026, 11, 24))
    page = signed_in("jingban").get("/desk/duties/?state=open").content.decode()
    assert "11月24日已经逾期，还没有办结" in page
    owing.report_duty(**report, at=office.now)
    journey.recheck_finding(**look, resolved=True, due_on=None, at=office.now)
    duty.refresh_from_db()
    assert (duty.state, duty.late_on) == ("late", date(2026, 11, 24))
    page = signed_in("jingban").get(f"/desk/duties/{duty_id}/").content.decode()
    assert "已经逾期，后来另定的期限不改变" in page


def concluded(office):
    campaign, case = office.drawn()
    for number in (1, 2):
        office.finds(case, number, "conform")
    office.concludes(case)
    case.refresh_from_db()
    return campaign, case


def test_a_conclusion_is_signed_once_and_carries_what_was_found(office):
    _campaign, case = concluded(office)
    said = ledger.payload(case.conclusion_entry_id).open
    assert said["signature"]
    assert [each["verdict"] for each in said["findings"]] == ["conform", "conform"]
    with pytest.raises(NotThus, match="已出结论"):
        office.concludes(case)
    with pytest.raises(NotThus):
        office.finds(case, 1, "conform")


def test_thirty_days_are_counted_from_the_receipt_and_after_them_it_is_too_late(office):
    _campaign, case = concluded(office)
    assert inspections.review_window(case) is None
    journey.receive_conclusion(
        case_id=case.pk,
        received_on=date(2026, 11, 4),
        how="本单位签收",
        at=office.now,
        actor=office.actor("jingban"),
    )
    case.refresh_from_db()
    # 4 November and 30 days is 4 December, a Friday.
    assert inspections.review_window(case).until == date(2026, 12, 4)
    apply = {"case_id": case.pk, "grounds": "第2项认定有误", "files": []}
    late = office.now.replace(month=12, day=5)
    with pytest.raises(TooLate, match="2026-12-04"):
        journey.apply_for_review(**apply, at=late, actor=office.actor("fuze"))
    with pytest.raises(NotAllowed):
        journey.apply_for_review(**apply, at=office.now, actor=office.actor("jingban"))
    last = office.now.replace(month=12, day=4)
    duty_id = journey.apply_for_review(**apply, at=last, actor=office.actor("fuze"))
    duty = Duty.objects.get(pk=duty_id)
    assert (duty.kind, duty.bearer_id) == ("inspection_review", case.campaign.review_unit_id)
    with pytest.raises(NotThus, match="周远山"):
        journey.apply_for_review(**apply, at=last, actor=office.actor("fuze"))


def test_the_unit_is_told_that_a_conclusion_and_a_decision_are_there_and_not_what_they_say(office):
    _campaign, case = concluded(office)
    unit = {office.county.accounts[name].pk for name in ("jingban", "fuze")}
    told = Message.objects.filter(kind="inspection_served")
    assert {each.account_id for each in told} == unit
    assert {each.link for each in told} == {f"/desk/inspections/units/{case.pk}/"}
    assert not any("兑现" in each.subject + each.text for each in told)
    journey.apply_for_review(
        case_id=case.pk, grounds="认定有误", files=[], at=office.now, actor=office.actor("fuze")
    )
    journey.decide_review(
        case_id=case.pk,
        outcome="revoked",
        decision="事实不清",
        **office.signs(office.actor("fuhe"), sheets.review_sheet(case.pk)),
    )
    assert [each.subject for each in told.order_by("id")][2:] == ["复核已有决定。"] * 2


def test_a_review_is_decided_by_nobody_who_inspected(office):
    _campaign, case = concluded(office)
    journey.apply_for_review(
        case_id=case.pk, grounds="认定有误", files=[], at=office.now, actor=office.actor("fuze")
    )

    def decide(actor):
        sheet = sheets.review_sheet(case.pk)
        return journey.decide_review(
            case_id=case.pk,
            outcome="changed",
            decision="第2项改为不适用",
            **office.signs(actor, sheet),
        )

    with pytest.raises(NotAllowed, match="回避"):
        decide(office.actor("xinyong"))
    behind = Principal(office.county.accounts["xinyong"].pk, "许知")
    with pytest.raises(NotAllowed, match="回避"):
        decide(replace(office.actor("fuhe"), on_behalf_of=behind))
    with pytest.raises(NotAllowed, match="复核单位"):
        decide(office.actor("fuze"))
    decide(office.actor("fuhe"))
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("reviewed", "changed")
    assert Duty.objects.get(pk=case.review_duty_id).state == "on_time"
    with pytest.raises(NotThus, match="复核已决定"):
        decide(office.actor("fuhe"))


def test_whoever_verified_a_report_elsewhere_took_part_too(office):
    _campaign, case = office.drawn()
    number = office.finds(case, 2, "problem", due_on=date(2026, 11, 20))
    duty_id = Finding.objects.get(pk=number).duty_id
    owing.report_duty(
        duty_id=duty_id, words="已办", files=[], at=office.now, actor=office.actor("jingban")
    )
    other = office.actor("fuhe")
    owing.return_duty(duty_id=duty_id, because="缺照片", at=office.now, actor=other)
    assert inspections.inspectors(case.pk) == {
        office.county.accounts["xinyong"].pk,
        other.account_id,
    }


def test_a_campaign_closes_when_every_unit_has_its_conclusion(office):
    campaign, case = concluded(office)

    def close():
        actor = office.actor("xinyong")
        return journey.close_inspection(
            campaign_id=campaign.pk,
            summary="两个单位均已兑现",
            **office.signs(actor, sheets.closing_sheet(campaign.pk)),
        )

    with pytest.raises(NotThus, match="1个单位没有出结论"):
        close()
    other = Case.objects.exclude(pk=case.pk).get()
    for number in (1, 2):
        office.finds(other, number, "conform")
    office.concludes(other)
    entry = ledger.entry(close())
    assert entry.kind == Act.INSPECTION_CLOSED
    campaign.refresh_from_db()
    assert campaign.state == "closed"


def test_what_is_public_is_the_draw_and_figures_not_words(office):
    _campaign, case = concluded(office)
    [shown] = published(office.today)
    assert shown.sampling.seed == "03 07 12 21 29 30 08"
    assert [each.code for each in shown.sampling.population] == ["ZX-T01", "ZX-T02"]
    found = {each.unit: dict(each.found) for each in shown.cases}
    assert found == {"示例县住房和城乡建设局": {"conform": 2}, "示例县市场监督管理局": {}}
    assert "许知" not in str(shown)
    assert published(date(2026, 11, 1)) == []
    journey.apply_for_review(
        case_id=case.pk, grounds="认定有误", files=[], at=office.now, actor=office.actor("fuze")
    )
    [shown] = published(office.today)
    assert [dict(each.found) for each in shown.cases] == [{}, {}]


def test_rebuilding_the_duties_changes_nothing(office):
    _campaign, case = office.drawn()
    office.finds(case, 2, "problem", due_on=date(2026, 11, 20))
    before = list(Duty.objects.order_by("id").values())
    journey.rebuild(name="all", at=office.now, actor=office.actor("xinyong"))
    assert list(Duty.objects.order_by("id").values()) == before
