"""An objection from its lodging to its last receipt: who may do what, when, and what is owed meanwhile."""

from dataclasses import replace

import pytest

from tests.desk.conftest import POSTS, SYSTEM
from tests.desk.rows import penalty
from tests.objections.conftest import FIRM, Counter
from zhengxin import journey
from zhengxin.duties.models import Duty
from zhengxin.journey import objection_steps as steps
from zhengxin.journey.reasons import NumberInReason
from zhengxin.kernel.actor import Role
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as log
from zhengxin.ledger.types import Draft
from zhengxin.objections import queries as objections
from zhengxin.objections.enums import TRANSITIONS, ObjectionState
from zhengxin.objections.models import Copy, Objection
from zhengxin.objections.rules import NoSuchRecord, NotThus, ObjectionRefused
from zhengxin.publication.board import queries as board
from zhengxin.publication.board.letters import UnknownCode
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases="__all__")


def states(row):
    ids = [row.check_duty_id, row.answer_duty_id, row.decide_duty_id, row.correct_duty_id]
    duties = Duty.objects.in_bulk([pk for pk in ids if pk])
    return [duties[pk].state if pk else "" for pk in ids]


def test_everything_is_owed_by_a_day_and_met_by_the_acts(counter: Counter) -> None:
    row = counter.lodged()
    assert states(row) == ["open", "", "", ""]
    assert Duty.objects.get(pk=row.check_duty_id).bearer_id == counter.county.units["县住建局"]
    counter.checks(row)
    assert states(row) == ["on_time", "open", "open", ""]
    assert Duty.objects.get(pk=row.answer_duty_id).bearer_id == row.unit_id
    counter.answers(row)
    assert states(row) == ["on_time", "on_time", "open", ""]
    counter.decides(row, "part")
    assert states(row) == ["on_time", "on_time", "on_time", "open"]
    said = log.payload(row.decision_entry_id)
    assert said.open["reasons"] == "查阅了决定书"
    assert said.open["signature"]
    assert said.closed["by"] == "方正言"


def test_upheld_in_full_revokes_the_record_and_its_earlier_versions(counter: Counter) -> None:
    again = counter.sends(penalty(1, CF_NR="处罚款贰万元整"))
    assert log.entry(again).about_id == counter.entry_id
    row = counter.lodged(entry_id=again)
    counter.checks(row)
    counter.answers(row)
    counter.decides(row, "full")
    assert (row.state, row.closed_on is not None) == ("upheld", True)
    withheld = Notice.objects.filter(entry_id__in=[counter.entry_id, again])
    assert set(withheld.values_list("state", "withheld", "disputed")) == {
        ("withheld", "withdrawn", False)
    }
    assert board.item(again, counter.now.date()) is None
    assert [each.reason for each in board.corrections() if each.entry_id == again] == [
        "disputed",
        "withdrawn",
    ]


def test_upheld_in_part_waits_for_the_correction(counter: Counter) -> None:
    row = counter.decided("part")
    assert row.state == ObjectionState.CORRECTING
    with pytest.raises(NotThus, match="没有见到更正"):
        counter.settles(row)
    newer = counter.sends(penalty(1, CF_NR="处罚款贰仟元", CF_NR_FK="0.2"))
    # The correction of a disputed record is disputed until the case is settled.
    assert Notice.objects.get(entry_id=newer).disputed
    counter.settles(row)
    assert (row.state, states(row)[3]) == ("upheld", "on_time")
    assert not Notice.objects.get(entry_id=newer).disputed
    counter.publishes()
    assert not board.item(newer, counter.now.date()).brief.disputed
    with pytest.raises(NotThus, match="支持，已更正"):
        counter.settles(row)


def test_dismissed_ends_the_mark_and_the_words_of_the_objector_may_stay(counter: Counter) -> None:
    row = counter.decided("dismissed")
    shown = board.item(row.entry_id, counter.now.date())
    assert (shown.brief.disputed, shown.statement) == (False, "")
    with pytest.raises(NotAllowed):
        counter.releases(row, counter.actor("xinyong"))
    counter.releases(row)
    assert board.item(row.entry_id, counter.now.date()).statement == "本公司已缴清罚款"
    counter.publishes()
    assert board.item(row.entry_id, counter.now.date()).statement == "本公司已缴清罚款"
    with pytest.raises(NotThus, match="没有等放行的声明"):
        counter.releases(row)


def test_not_taken_up_and_taken_back_end_the_mark(counter: Counter) -> None:
    for end in (lambda row: counter.checks(row, admit=False), counter.withdraws):
        row = counter.lodged()
        assert Notice.objects.get(entry_id=row.entry_id).disputed
        end(row)
        assert not Notice.objects.get(entry_id=row.entry_id).disputed
        assert row.closed_on is not None
        assert states(row)[0] == "on_time"


def test_two_objectors_one_mark(counter: Counter) -> None:
    first = counter.lodged()
    second = counter.lodged(objector=replace(FIRM, name="另一家公司"))
    counter.withdraws(first)
    assert Notice.objects.get(entry_id=counter.entry_id).disputed
    counter.withdraws(second)
    assert not Notice.objects.get(entry_id=counter.entry_id).disputed


def test_what_is_not_taken_in(counter: Counter, county) -> None:
    with pytest.raises(NoSuchRecord) as missing:
        counter.lodges(entry_id=999_999)
    # An act is no record.
    row = counter.lodged()
    with pytest.raises(NoSuchRecord):
        counter.lodges(entry_id=row.lodged_entry_id)
    with pytest.raises(ObjectionRefused, match="正在办理"):
        counter.lodges(objector=replace(FIRM, name="示例县惠民建材有限公司 "))
    with pytest.raises(ObjectionRefused, match="联系电话"):
        counter.lodges(objector=replace(FIRM, name="甲公司", phone=""))
    with pytest.raises(NumberInReason):
        counter.lodges(claim="打13812345678问我", objector=replace(FIRM, name="甲公司"))
    with pytest.raises(ObjectionRefused, match="最多300个字"):
        counter.lodges(statement="长" * 301, objector=replace(FIRM, name="甲公司"))
    assert Objection.objects.count() == 1
    counter.checks(row)
    counter.answers(row)
    counter.decides(row, "dismissed")
    with pytest.raises(ObjectionRefused, match="已经作过决定") as decided:
        counter.lodges()
    assert "申诉" in decided.value.remedy
    [sealed] = ledger.append(
        drafts=[
            Draft(
                kind="penalty",
                subject_id=county.units["县市场监管局"],
                unit_id=county.units["县住建局"],
                true_on=None,
                known_at=counter.now,
                open={"CF_WSH": "示公（治）罚〔2026〕1号"},
                trait="public_order",
            )
        ],
        at=counter.now,
        actor=SYSTEM,
    )
    journey.follow(at=counter.now)
    with pytest.raises(NoSuchRecord) as refused:
        counter.lodges(entry_id=sealed)
    assert str(refused.value) == str(missing.value)


def test_a_corrected_record_is_objected_to_under_its_newer_number(counter: Counter) -> None:
    counter.sends(penalty(1, CF_NR="处罚款贰万元整"))
    with pytest.raises(ObjectionRefused, match="已经更正"):
        counter.lodges()


def test_a_unit_objects_to_what_is_recorded_of_itself_alone(counter: Counter, county) -> None:
    market = county.units["县市场监管局"]
    [honour] = ledger.append(
        drafts=[
            Draft(
                kind="honour",
                subject_id=market,
                unit_id=county.units["县住建局"],
                true_on=None,
                known_at=counter.now,
                open={"title": "先进单位"},
            )
        ],
        at=counter.now,
        actor=SYSTEM,
    )
    journey.follow(at=counter.now)
    clerk = counter.actor("shichang")
    own = steps.own_unit_objector(actor=clerk, phone="0000-7654321")
    with pytest.raises(NoSuchRecord):
        counter.lodges(actor=clerk, objector=own)
    row = counter.lodged(entry_id=honour, actor=clerk, objector=own)
    assert (row.objector_kind, row.objector_unit_id) == ("unit", market)
    with pytest.raises(NotAllowed):
        counter.withdraws(row, counter.actor("jingban"))
    counter.withdraws(row, clerk)
    assert row.state == "withdrawn"


def test_a_code_tells_how_it_stands_and_a_wrong_one_nothing(counter: Counter) -> None:
    lodged = counter.lodges()
    spelt = f"{lodged.code[:4]}-{lodged.code[4:8].lower()} {lodged.code[8:]}"
    assert objections.by_code(spelt).label == "待审查"
    with pytest.raises(UnknownCode, match="没有查到"):
        objections.by_code(lodged.code[:-1])
    row = Objection.objects.get(pk=lodged.id)
    assert lodged.code not in str(vars(row))
    assert FIRM.name.encode() not in bytes(row.contact)
    assert objections.objector_of(row) == FIRM


ACTS = {
    ObjectionState.ADMITTED: lambda c, row, actor: c.checks(row, actor=actor),
    ObjectionState.REFUSED: lambda c, row, actor: c.checks(row, admit=False, actor=actor),
    ObjectionState.ANSWERED: lambda c, row, actor: c.answers(row, actor),
    ObjectionState.CORRECTING: lambda c, row, actor: c.decides(row, "part", actor),
    ObjectionState.UPHELD: lambda c, row, actor: c.decides(row, "full", actor),
    ObjectionState.DISMISSED: lambda c, row, actor: c.decides(row, "dismissed", actor),
    ObjectionState.WITHDRAWN: lambda c, row, actor: c.withdraws(row, actor),
}
MAY = {
    ObjectionState.ADMITTED: {"xinyong"},
    ObjectionState.REFUSED: {"xinyong"},
    ObjectionState.ANSWERED: {"jingban", "fuze"},
    ObjectionState.CORRECTING: {"fuhe"},
    ObjectionState.UPHELD: {"fuhe"},
    ObjectionState.DISMISSED: {"fuhe"},
    ObjectionState.WITHDRAWN: {"xinyong"},
}


@pytest.mark.parametrize("to", ACTS)
def test_every_role_at_every_act(counter: Counter, to: ObjectionState) -> None:
    row = counter.lodged()
    if to not in (ObjectionState.ADMITTED, ObjectionState.REFUSED, ObjectionState.WITHDRAWN):
        counter.checks(row)
    if to in (ObjectionState.CORRECTING, ObjectionState.UPHELD, ObjectionState.DISMISSED):
        counter.answers(row)
    for username in sorted(POSTS.keys() - MAY[to]):
        with pytest.raises(NotAllowed):
            ACTS[to](counter, row, counter.actor(username))
    ACTS[to](counter, row, counter.actor(sorted(MAY[to])[0]))
    assert row.state == to


@pytest.mark.parametrize("stands", ObjectionState)
def test_from_every_state_only_what_the_table_allows(
    counter: Counter, stands: ObjectionState
) -> None:
    row = counter.lodged()
    counter.checks(row)
    Objection.objects.filter(pk=row.pk).update(state=stands)
    row.refresh_from_db()
    for to, act in ACTS.items():
        if to not in TRANSITIONS[stands]:
            with pytest.raises(NotThus):
                act(counter, row, counter.actor(sorted(MAY[to])[0]))
    if stands != ObjectionState.CORRECTING:
        with pytest.raises(NotThus):
            counter.settles(row)


def test_not_before_the_unit_was_heard_or_its_days_are_over(counter: Counter) -> None:
    row = counter.lodged()
    counter.checks(row)
    with pytest.raises(NotThus, match="报送单位没有答复"):
        counter.decides(row, "dismissed")
    Duty.objects.filter(pk=row.answer_duty_id).update(due_on="2026-01-05")
    counter.decides(row, "dismissed")
    assert row.state == "dismissed"


def test_who_recorded_graded_or_lodged_does_not_decide(counter: Counter) -> None:
    row = counter.lodged()
    counter.checks(row)
    counter.answers(row)
    for username in ("jingban", "xinyong"):
        with pytest.raises(NotAllowed, match="没有经手过"):
            counter.decides(row, "dismissed", counter.actor(username, role=Role.REVIEWER))
    with pytest.raises(NotAllowed, match="您所在的单位"):
        counter.decides(row, "dismissed", counter.actor("fuhe", unit="县住建局"))
    counter.decides(row, "dismissed")


def test_of_two_who_decide_the_second_reads_who_was_first(counter: Counter) -> None:
    row = counter.lodged()
    counter.checks(row)
    counter.answers(row)
    late = Objection.objects.get(pk=row.pk)
    counter.decides(row, "dismissed")
    with pytest.raises(NotThus, match="方正言"):
        counter.decides(late, "full")


def test_a_correction_is_chased_until_everybody_has_confirmed(counter: Counter) -> None:
    row = counter.decided("full")
    [copy] = objections.copies(row)
    assert (copy.kind, int(copy.ref), copy.confirmed_on) == ("unit", row.unit_id, None)
    assert objections.objection_of_duty(Duty.objects.get(pk=copy.duty_id)) == row
    assert list(objections.objections(None, state="chasing")) == [row]

    def confirms(username):
        actor = counter.actor(username)
        journey.confirm_correction(copy_id=copy.pk, words="已改正", at=counter.now, actor=actor)

    for username in ("shichang", "jiandu", "fuhe"):
        with pytest.raises(NotAllowed):
            confirms(username)
    confirms("jingban")
    copy.refresh_from_db()
    assert (copy.confirmed_by_name, Duty.objects.get(pk=copy.duty_id).state) == ("林禾", "on_time")
    with pytest.raises(NotThus, match="林禾"):
        confirms("xinyong")
    assert not objections.chase(only_open=True).exists()


def test_recipients_who_may_have_taken_it_are_asked_too(counter: Counter) -> None:
    from django.test import Client

    key = journey.register_recipient(
        name="示例银行",
        contact="风险部",
        purpose="贷前审查",
        at=counter.now,
        actor=counter.actor("xinyong"),
    )
    took = Client().get("/api/v1/entries?adverse=only", headers={"Authorization": f"Bearer {key}"})
    assert took.json()["items"][0]["entry"]["id"] == counter.entry_id
    row = counter.decided("full")
    assert set(row.copies.values_list("kind", "name")) == {
        ("unit", "示例县住房和城乡建设局"),
        ("recipient", "示例银行"),
    }
    assert Copy.objects.get(kind="recipient").duty_id is None


def test_nothing_of_it_is_refused_without_a_sentence(counter: Counter) -> None:
    with pytest.raises(Refused, match="没有找到这件异议"):
        objections.objection(99)
    with pytest.raises(Refused, match="没有找到这一行"):
        objections.copy(99)
