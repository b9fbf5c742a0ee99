"""From the list to the last confirmation; what is refused on the way."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.sanctions.conftest import FACTS, Office
from zhengxin import journey
from zhengxin.duties.models import Duty
from zhengxin.evidence.types import Sent
from zhengxin.journey import imposing_deciding, owing
from zhengxin.journey import imposing_sheets as sheets
from zhengxin.journey.facts import keep_fact
from zhengxin.journey.showing import duty_sheet
from zhengxin.kernel.refused import AlreadyDone, NotAllowed
from zhengxin.ledger.enums import Act
from zhengxin.ledger.models import Entry
from zhengxin.publication.board import queries as board
from zhengxin.sanctions import queries as sanctions
from zhengxin.sanctions.models import Case, Execution, Measure
from zhengxin.sanctions.public import published
from zhengxin.sanctions.rules import NotThus, Unlawful

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def settle(office: Office, duty_id: int, reporter: str) -> None:
    owing.report_duty(duty_id=duty_id, words="已经照办", files=[], **office.acts(reporter))
    actor = office.actor("xinyong")
    signed = office.signs(actor, duty_sheet("duty_verified", duty_id))
    owing.verify_duty(duty_id=duty_id, because="看过材料", **signed)


def test_from_the_list_to_the_last_confirmation(office: Office) -> None:
    entry_id = office.listed()
    assert journey.turn_sanctions(**office.acts("xinyong")) == 1
    assert journey.turn_sanctions(**office.acts("xinyong")) == 0
    case = Case.objects.get()
    assert (case.state, case.unit_id) == ("to_look_at", office.unit_id)
    assert office.proposes(entry_id).pk == case.pk
    office.confirms()
    reply_by = journey.notice_sanction(case_id=case.pk, **office.acts("xinyong"))
    assert reply_by == date(2026, 11, 9)
    journey.reply_to_sanction(
        case_id=case.pk,
        words="财政已经安排，十二月付清。",
        files=[Sent("计划.txt", b"a")],
        **office.acts("jingban"),
    )
    office.later(10)
    case.refresh_from_db()
    with pytest.raises(NotThus, match="还没有听取"):
        office.decides(case, "loss_of_honours")
    journey.hear_reply(case_id=case.pk, words="计划属实，款项未到账。", **office.acts("fuhe"))
    case.refresh_from_db()
    office.decides(case, "rectification_by_date", "loss_of_honours")
    assert case.state == "decided"
    journey.serve_decision(case_id=case.pk, **office.acts("xinyong"))
    honours = Measure.objects.get(code="loss_of_honours")
    assert (honours.state, honours.until_on) == ("in_force", date(2026, 12, 31))
    carried = Execution.objects.get()
    settle(office, carried.apply_duty_id, "shichang")
    rectify = Measure.objects.get(code="rectification_by_date")
    settle(office, rectify.duty_id or 0, "jingban")
    assert journey.turn_sanctions(**office.acts("xinyong")) == 1
    rectify.refresh_from_db()
    assert rectify.state == "ended"
    office.now = datetime(2026, 12, 31, 20, 0, tzinfo=timezone.get_default_timezone())
    assert journey.turn_sanctions(**office.acts("xinyong")) == 0
    office.later(1)
    assert journey.turn_sanctions(**office.acts("xinyong")) == 1
    carried.refresh_from_db()
    assert Duty.objects.get(pk=carried.lift_duty_id).running
    settle(office, carried.lift_duty_id or 0, "shichang")
    case.refresh_from_db()
    assert case.state == "ended"
    assert case.replies.get().files[0]["name"] == "计划.txt"
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {
        Act.SANCTION_OPENED,
        Act.SANCTION_REPLIED,
        Act.SANCTION_DECIDED,
        Act.SANCTION_ENDED,
    } <= kinds
    # The list's record is known: no second case by itself.
    assert journey.turn_sanctions(**office.acts("xinyong")) == 0
    assert published(office.today) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"measures": ["flogging|nowhere"]}, "不在清单里"),
        ({"measures": []}, "没有选措施"),
        ({"facts": "不付钱"}, "事实写得太少"),
    ],
)
def test_a_proposal_that_is_refused(office: Office, changes: dict[str, Any], why: str) -> None:
    entry_id = office.listed()
    with pytest.raises(Unlawful, match=why):
        office.proposes(entry_id, **changes)


def test_another_bodys_measure_an_officials_and_the_day_before_the_basis(office: Office) -> None:
    entry_id = office.listed()
    with pytest.raises(Unlawful, match="不由信用办决定"):
        office.proposes(entry_id, "principal_held_responsible")
    with pytest.raises(Unlawful, match="不是对单位的措施"):
        office.proposes(entry_id, "merit_award_limit")
    both = [
        each.address
        for each in sanctions.own_steps_on(office.today)
        if each.measure == "loss_of_honours"
    ]
    with pytest.raises(Unlawful, match="只凭一条"):
        office.proposes(entry_id, measures=both)
    today = both
    office.now = datetime(2016, 12, 21, 9, 0, tzinfo=timezone.get_default_timezone())
    with pytest.raises(Unlawful, match="没有有效的依据"):
        journey.propose_sanction(
            unit_id=office.unit_id,
            entry_id=entry_id,
            measures=today[:1],
            facts=FACTS,
            at=office.now,
            actor=office_actor(office),
        )


def office_actor(office: Office) -> Any:
    later, office.now = (
        office.now,
        datetime(2026, 11, 2, 9, 0, tzinfo=timezone.get_default_timezone()),
    )
    actor = office.actor("xinyong")
    office.now = later
    return actor


def test_the_record_must_stand_be_adverse_about_the_unit_and_recorded_by_another(
    office: Office,
) -> None:
    with pytest.raises(Unlawful, match="不是失信记录"):
        office.proposes(office.listed("honour"))
    with pytest.raises(Unlawful, match="不是这个单位"):
        office.proposes(office.listed(subject_id=office.county.units["县发改局"]))
    own = office.county.units["县发改局"]
    with pytest.raises(Unlawful, match="不能对自己"):
        office.proposes(office.listed(subject_id=own, true_on=date(2026, 8, 1)), unit_id=own)
    graded = office.listed()
    keep_fact(
        kind="grading",
        unit_id=office.unit_id,
        content={"grade": "general", "because": "定级"},
        about_id=graded,
        **office.acts("xinyong"),
    )
    with pytest.raises(Unlawful, match="是您录入"):
        office.proposes(graded)
    sealed = office.listed("penalty", trait="public_order")
    with pytest.raises(Unlawful, match="封存"):
        office.proposes(sealed)
    for act, content, why in (
        (Act.OBJECTION_LODGED, {"objection": 1}, "有人提出异议"),
        (Act.REPAIR_GRANTED, {"because": "已改正"}, "已经修复"),
    ):
        marked = office.listed("penalty")
        keep_fact(
            kind=act,
            unit_id=office.unit_id,
            content=content,
            about_id=marked,
            **office.acts("fuhe"),
        )
        journey.follow(at=office.now)
        with pytest.raises(Unlawful, match=why):
            office.proposes(marked)
    first = office.listed()
    case = office.proposes(first)
    office.listed(about_id=first)
    # The corrected record's case is dropped; the other four on the list are opened.
    assert journey.turn_sanctions(**office.acts("xinyong")) == 5
    case.refresh_from_db()
    assert case.state == "dropped"
    assert "更正" in case.because


def test_a_value_from_memory_carries_nothing_until_it_is_confirmed(office: Office) -> None:
    case = office.proposes(office.listed())
    with pytest.raises(Unlawful, match="还没有人核对过原文"):
        journey.notice_sanction(case_id=case.pk, **office.acts("xinyong"))
    with pytest.raises(NotAllowed):
        office.confirms(username="xinyong")
    office.confirms()
    with pytest.raises(AlreadyDone):
        office.confirms()
    assert journey.notice_sanction(case_id=case.pk, **office.acts("xinyong"))


def test_a_changed_value_needs_another_confirmation(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    import shutil

    from zhengxin.rulebook import queries as rulebook

    office.confirms()
    shutil.copytree(rulebook.law_folder(), tmp_path / "law")
    file = tmp_path / "law" / "parameters" / "sanctions.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 5", "value: 4"), "utf-8")
    monkeypatch.setenv(rulebook.LAW_VARIABLE, str(tmp_path / "law"))
    with pytest.raises(Unlawful, match="还没有人核对"):
        sanctions.reply_period(office.today)


def test_the_period_is_not_shortened_and_the_decision_is_never_heavier(office: Office) -> None:
    case = office.noticed("circulated_criticism")
    with pytest.raises(NotThus, match="陈述期还没有过"):
        office.decides(case, "circulated_criticism")
    office.later(7)
    with pytest.raises(NotThus, match="陈述期还没有过"):
        office.decides(case, "circulated_criticism")
    office.later(1)
    with pytest.raises(NotThus, match="不能陈述"):
        journey.reply_to_sanction(case_id=case.pk, words="来晚了", files=[], **office.acts("fuze"))
    other = Measure.objects.create(
        case=office.proposes(office.listed(true_on=date(2026, 9, 1)), "loss_of_honours"),
        code="x",
        name="x",
        basis="x",
        address="x",
        ends="done",
        state="proposed",
    )
    with pytest.raises(Unlawful, match="不能重于"):
        office.decides(case, kept=[[other.pk, ""]])
    office.decides(case)
    assert case.state == "not_imposed"
    assert case.measures.get().state == "left_out"


def test_factors_have_proof_reply_has_answer_executors_are_named(office: Office) -> None:
    case = office.noticed("loss_of_honours")
    journey.reply_to_sanction(case_id=case.pk, words="已经付清", files=[], **office.acts("fuze"))
    journey.hear_reply(case_id=case.pk, words="核对银行回单", **office.acts("xinyong"))
    office.later(10)
    case.refresh_from_db()
    with pytest.raises(Unlawful, match="没有回应"):
        office.decides(case, "loss_of_honours", answer="")
    with pytest.raises(Unlawful, match="证据和理由"):
        office.decides(case, factors=[["made_good", True, "", "付了"]])
    with pytest.raises(Unlawful, match="哪些单位执行"):
        office.decides(case, "loss_of_honours", executing=[])
    office.decides(case, factors=[["made_good", True, "银行回单", "列入以后三天付清"]])
    assert case.factors[0]["proof"] == "银行回单"


def test_three_persons(office: Office) -> None:
    """Who recorded, who proposed and who decided are three."""
    case = office.proposes(office.listed(), "loss_of_honours")
    Case.objects.update(recorder_ids=[office.county.accounts["juzhang"].pk])
    office.confirms()
    journey.notice_sanction(case_id=case.pk, **office.acts("xinyong"))
    office.later(10)
    case.refresh_from_db()
    with pytest.raises(Unlawful, match="是您录入"):
        office.decides(case, "loss_of_honours")
    Case.objects.update(recorder_ids=[], proposer_id=office.county.accounts["juzhang"].pk)
    case.refresh_from_db()
    with pytest.raises(Unlawful, match="您提出的"):
        office.decides(case, "loss_of_honours")


def test_lifted_early_by_a_signature_and_shown_by_a_second_person(office: Office) -> None:
    case = office.in_force("circulated_criticism", "loss_of_honours")
    criticism = case.measures.get(code="circulated_criticism")
    honours = case.measures.get(code="loss_of_honours")
    until = office.today + timedelta(days=90)
    said = {"words": "欠付工程款，被列入名单。", "until_on": until}
    sheet = sheets.circulation_sheet(criticism.pk)
    with pytest.raises(NotAllowed):
        journey.circulate_criticism(
            measure_id=criticism.pk, **said, **office.signs(office.actor("juzhang"), sheet)
        )
    other = office.signs(office.actor("fuhe"), sheets.circulation_sheet(honours.pk))
    with pytest.raises(NotThus):
        journey.circulate_criticism(measure_id=honours.pk, **said, **other)
    assert published(office.today) == []
    journey.circulate_criticism(
        measure_id=criticism.pk, **said, **office.signs(office.actor("fuhe"), sheet)
    )
    [shown] = published(office.today)
    assert shown.words == said["words"]
    assert [row["words"] for row in board.story("criticisms")] == [said["words"]]
    assert published(until + timedelta(days=1)) == []
    for measure in (criticism, honours):
        journey.lift_measure(
            measure_id=measure.pk,
            because="已经付清，名单撤销。",
            **office.signs(office.actor("juzhang"), sheets.lifting_sheet(measure.pk)),
        )
    assert published(office.today) == []
    assert board.story("criticisms") == []
    case.refresh_from_db()
    assert case.state == "ended"
    assert Execution.objects.filter(lift_duty_id__isnull=False).count() == 2


def test_a_criticism_ends_when_it_was_circulated_and_is_shown_no_more(office: Office) -> None:
    case = office.in_force("circulated_criticism")
    criticism = case.measures.get()
    until = office.today + timedelta(days=20)
    journey.circulate_criticism(
        measure_id=criticism.pk,
        words="欠付工程款",
        until_on=until,
        **office.signs(office.actor("fuhe"), sheets.circulation_sheet(criticism.pk)),
    )
    assert journey.turn_sanctions(**office.acts("xinyong")) == 0
    settle(office, criticism.executions.get().apply_duty_id, "shichang")
    office.later(20)
    assert journey.turn_sanctions(**office.acts("xinyong")) == 0
    office.later(1)
    assert journey.turn_sanctions(**office.acts("xinyong")) == 1
    case.refresh_from_db()
    assert case.state == "ended"


def test_what_rests_on_a_record_that_fell_ends_with_it(office: Office) -> None:
    case = office.in_force("loss_of_honours")
    ended = imposing_deciding.end_all_with(
        entry_id=case.entry_id, because="准予修复", **office.acts("fuhe")
    )
    assert ended == 1
    case.refresh_from_db()
    assert case.state == "ended"


def test_referred_and_answered(office: Office) -> None:
    entry_id = office.listed()
    said = {
        "unit_id": office.unit_id,
        "entry_id": entry_id,
        "situation": "滥用行政权力限制竞争",
        "referred_to": "省市场监管部门",
        "basis": "辽宁省政务严重失信行为联合惩戒实施办法（试行）（待核实）",
        "words": "执行裁定书、合同",
    }
    with pytest.raises(NotAllowed):
        journey.refer_unit(
            **said, **office.signs(office.actor("fuze"), sheets.referral_sheet("00"))
        )
    number = journey.refer_unit(
        **said, **office.signs(office.actor("xinyong"), sheets.referral_sheet("00"))
    )
    answer = {"referral_id": number, "answer": "不予认定", "files": [Sent("答复.txt", b"a")]}
    with pytest.raises(NotThus):
        journey.answer_referral(
            **answer, answered_on=office.today + timedelta(days=1), **office.acts("xinyong")
        )
    journey.answer_referral(**answer, answered_on=office.today, **office.acts("xinyong"))
    with pytest.raises(AlreadyDone):
        journey.answer_referral(**answer, answered_on=office.today, **office.acts("xinyong"))
