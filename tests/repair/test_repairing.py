"""From the application to the end of display, sharing and use; and what comes in between."""

from datetime import date, timedelta

import pytest

from tests.desk.conftest import SYSTEM
from tests.journeys.test_deciding import TABLES, rows_of
from tests.repair.conftest import PROOF
from zhengxin import journey
from zhengxin.duties.models import Duty
from zhengxin.evidence import queries as evidence
from zhengxin.journey.owing import DutyNotThus, report_duty
from zhengxin.journey.reasons import NoReason, NumberInReason
from zhengxin.kernel.refused import NotAllowed
from zhengxin.ledger import queries as ledger
from zhengxin.publication import queries as publication
from zhengxin.publication.board import queries as board
from zhengxin.publication.models import Notice
from zhengxin.repair import queries as repairs
from zhengxin.repair.actions import put_application
from zhengxin.repair.enums import TRANSITIONS, RepairState
from zhengxin.repair.models import Application
from zhengxin.repair.queries import UnknownRecord
from zhengxin.repair.rules import NotThus, NotYet

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def assert_rebuilt_alike(counter):
    """Emptied, folded again from the ledger and published, every follower has the same rows."""
    counter.publish()
    before = {name: rows_of(name) for name in TABLES}
    journey.rebuild(name="all", at=counter.now, actor=SYSTEM)
    counter.publish()
    for name in TABLES:
        assert rows_of(name) == before[name], name


def test_granted_ends_at_once_and_the_ledger_keeps_the_past(counter):
    entry_id = counter.penalty()
    other = counter.penalty(2)
    assert board.item(entry_id, counter.today) is not None
    before = ledger.entry(entry_id)
    application = counter.applies(entry_id)
    assert application.receipt == f"XF2026-{application.pk:05d}"
    assert Notice.objects.get(pk=entry_id).state == "shown"
    acceptance = Duty.objects.get(pk=application.duty_id)
    assert (acceptance.kind, acceptance.due_on) == ("repair_acceptance", date(2026, 11, 5))
    assert acceptance.bearer_id == counter.county.units["县住建局"]
    counter.accepts(application)
    acceptance.refresh_from_db()
    assert acceptance.state == "on_time"
    decision = Duty.objects.get(pk=application.duty_id)
    assert (decision.kind, decision.due_on) == ("repair_decision", date(2026, 11, 16))
    act = counter.decides(application)
    decision.refresh_from_db()
    assert (application.state, decision.state) == ("granted", "on_time")
    # In the same call, before anything else runs:
    assert board.item(entry_id, counter.today) is None
    assert board.item(other, counter.today) is not None
    [told] = [each for each in board.latest_corrections() if each.entry_id == entry_id]
    assert (told.reason, told.reason_label) == ("repaired", "已修复")
    notice = Notice.objects.get(pk=entry_id)
    assert (notice.state, notice.withheld, notice.on_board) == ("ended", "repaired", False)
    # The past stands: the entry, its content, its leaf, and the whole tree.
    assert ledger.entry(entry_id).leaf == before.leaf
    assert ledger.payload(entry_id).open["CF_CFLB"] == "没收违法所得"
    assert ledger.entry(act).about_id == entry_id
    counter.publish()
    assert board.item(entry_id, counter.today) is None
    assert_rebuilt_alike(counter)
    assert board.item(entry_id, counter.today) is None


def test_refused_before_its_time_with_the_day_and_the_article(counter):
    entry_id = counter.penalty(CF_JDRQ="2026-10-20")
    with pytest.raises(NotYet) as refused:
        counter.applies(entry_id)
    assert "2027年1月20日起可以申请" in refused.value.why
    assert "国家发展改革委令第36号" in refused.value.why
    assert "2027年1月20日" in refused.value.remedy
    assert not Application.objects.exists()
    verdict = repairs.self_check(entry_id, date(2027, 1, 20))
    assert (verdict.may, verdict.from_on) == (True, date(2027, 1, 20))


def test_only_proof_and_commitment_are_asked_for_and_both_are(counter):
    entry_id = counter.penalty()
    with pytest.raises(NotThus, match="没有履行完毕的证明"):
        counter.applies(entry_id, files=[])
    with pytest.raises(NoReason):
        counter.applies(entry_id, commitment=" ")
    with pytest.raises(NumberInReason):
        counter.applies(entry_id, fulfilled="由110101199003070073缴清")
    application = counter.applies(entry_id)
    [file] = application.files
    assert evidence.content(file["piece"]) == PROOF.content
    assert ledger.payload(application.filed_entry_id).open["commitment"] == "承诺依法诚信经营"


def test_one_application_of_a_record_at_a_time(counter):
    entry_id = counter.penalty()
    first = counter.applies(entry_id)
    with pytest.raises(NotYet, match=first.receipt):
        counter.applies(entry_id)
    # Two at once: both saw none.
    record = repairs.record(entry_id)
    with pytest.raises(NotThus, match="已有一件申请在办"):
        put_application(
            notice=record,
            fulfilled="x",
            commitment="x",
            files=[],
            entry_id=first.filed_entry_id,
            **counter.by("xinyong"),
        )


def test_completed_once_then_declined(counter):
    application = counter.applies(counter.penalty())

    def ask():
        journey.ask_to_complete_repair(
            application_id=application.pk, because="缺缴款凭证", **counter.by("jingban")
        )

    ask()
    application.refresh_from_db()
    assert application.state == "incomplete"
    assert Duty.objects.get(pk=application.duty_id).state == "on_time"
    with pytest.raises(NotThus, match="待补正"):
        counter.accepts(application)
    counter.now += timedelta(days=2)
    journey.complete_repair(
        application_id=application.pk,
        fulfilled="补交凭证",
        files=[PROOF],
        **counter.by("xinyong"),
    )
    application.refresh_from_db()
    assert (application.state, len(application.files)) == ("filed", 2)
    assert Duty.objects.get(pk=application.duty_id).due_on == date(2026, 11, 9)
    with pytest.raises(NotThus, match="要求补正过一次"):
        ask()
    journey.decline_repair(
        application_id=application.pk, because="凭证不是这笔罚没款的", **counter.by("jingban")
    )
    application.refresh_from_db()
    assert application.state == "declined"
    # Whoever has the right proof asks again.
    assert counter.applies(application.entry_id).state == "filed"


def test_refused_says_from_when_it_may_be_asked_again(counter):
    application = counter.applies(counter.penalty())
    counter.accepts(application)
    with pytest.raises(NotThus, match="哪天起可以再申请"):
        counter.decides(application, granted=False)
    again_on = counter.today + timedelta(days=30)
    counter.decides(application, granted=False, again_on=again_on, because="整改不到位")
    assert (application.state, application.again_on) == ("refused", again_on)
    assert Notice.objects.get(pk=application.entry_id).state == "shown"
    with pytest.raises(NotYet) as refused:
        counter.applies(application.entry_id)
    assert "12月2日起可以再申请" in str(refused.value)
    assert repairs.self_check(application.entry_id, again_on).may


def test_extended_once_with_a_reason(counter):
    application = counter.applies(counter.penalty())

    def extend(days, username="fuze"):
        journey.extend_repair(
            application_id=application.pk,
            due_on=counter.today + timedelta(days=days),
            because="需要向三家单位核实",
            **counter.signs(username, "repair_extended", application.pk),
        )

    with pytest.raises(NotThus, match="待受理"):
        extend(30)
    counter.accepts(application)
    with pytest.raises(NotThus, match="不在原期限之后"):
        extend(3)
    extend(30)
    assert Duty.objects.get(pk=application.duty_id).due_on == date(2026, 12, 2)
    with pytest.raises(NotThus, match="已经延长过一次"):
        extend(60)


def test_withdrawn_by_the_applicant_and_asked_again(counter):
    application = counter.applies(counter.penalty())
    counter.accepts(application)
    journey.withdraw_repair(
        application_id=application.pk, because="申请人另行处理", **counter.by("xinyong")
    )
    application.refresh_from_db()
    assert application.state == "withdrawn"
    assert Duty.objects.get(pk=application.duty_id).state == "changed"
    with pytest.raises(NotThus, match="申请人撤回"):
        counter.decides(application)
    assert counter.applies(application.entry_id).state == "filed"


def test_a_repair_on_false_proof_is_revoked_and_display_resumes_while_it_runs(counter):
    entry_id = counter.penalty()
    application = counter.granted(entry_id)
    counter.revokes(application)
    assert application.state == "revoked"
    assert Notice.objects.get(pk=entry_id).state == "scheduled"
    counter.publish()
    assert board.item(entry_id, counter.today) is not None
    assert_rebuilt_alike(counter)
    with pytest.raises(NotThus, match="修复已撤销"):
        counter.revokes(application)


def test_revoked_after_its_period_it_is_not_displayed_again(counter):
    entry_id = counter.penalty(CF_JDRQ="2026-01-05")
    application = counter.granted(entry_id)
    counter.now += timedelta(days=120)
    counter.revokes(application)
    counter.publish()
    notice = Notice.objects.get(pk=entry_id)
    assert (notice.state, notice.withheld) == ("ended", "period_over")
    assert board.item(entry_id, counter.today) is None


def test_a_correction_of_what_was_repaired_and_the_same_document_again_stay_repaired(counter):
    entry_id = counter.penalty()
    counter.granted(entry_id)
    corrected = counter.penalty(CF_NR_WFFF="1.2")
    assert corrected != entry_id
    assert Notice.objects.get(pk=corrected).withheld == "repaired"
    assert board.item(corrected, counter.today) is None
    assert_rebuilt_alike(counter)


def test_what_was_corrected_or_withdrawn_meanwhile_is_not_granted(counter):
    application = counter.applies(counter.penalty())
    counter.accepts(application)
    corrected = counter.penalty(CF_NR_WFFF="1.2")
    with pytest.raises(NotThus, match="已更正"):
        counter.decides(application)
    assert not repairs.self_check(application.entry_id, counter.today).may
    assert repairs.self_check(corrected, counter.today).may


def test_as_known_before_the_grant_the_record_stands_unrepaired(counter):
    entry_id = counter.penalty()
    application = counter.applies(entry_id)
    counter.accepts(application)
    granted_on = counter.today + timedelta(days=3)
    counter.now += timedelta(days=3)
    counter.decides(application)
    assert publication.repaired([entry_id]) == {entry_id: granted_on}
    assert publication.repaired([entry_id], known_on=granted_on - timedelta(days=1)) == {}
    counter.revokes(application)
    assert publication.repaired([entry_id]) == {}


def test_a_person_is_not_shown_and_what_is_sealed_is_not_there(counter):
    person = counter.penalty(
        3, CF_XDR_MC="张三", CF_XDR_LB="自然人", CF_XDR_SHXYM="", CF_FRDB="",
        CF_XDR_ZJLX="身份证", CF_XDR_ZJHM="210321190001010014",
    )  # fmt: skip
    assert "自然人" in repairs.self_check(person, counter.today).because
    sealed = counter.penalty(4, CF_YJ="《中华人民共和国治安管理处罚法》第二十三条")
    messages = set()
    for entry_id in (sealed, 999_999):
        with pytest.raises(UnknownRecord) as unknown:
            repairs.self_check(entry_id, counter.today)
        messages.add(str(unknown.value))
    assert len(messages) == 1


def test_a_minor_one_is_not_shown_but_repaired_once_done(counter):
    entry_id = counter.penalty(CF_JDRQ="2026-10-30", CF_CFLB="警告", CF_NR_WFFF="")
    assert Notice.objects.get(pk=entry_id).withheld == "minor"
    counter.granted(entry_id)
    assert Notice.objects.get(pk=entry_id).withheld == "repaired"


def test_its_duties_are_done_on_the_page_of_the_application(counter):
    application = counter.applies(counter.penalty())
    with pytest.raises(DutyNotThus, match="自己的办理页面"):
        report_duty(duty_id=application.duty_id, words="已受理", files=[], **counter.by("jingban"))


ROLES = ("jingban", "fuze", "shichang", "xinyong", "fuhe", "jiandu", "xitong", "daibiao")
FILING = {"jingban", "fuze", "xinyong"}
ACCEPTING = {"jingban", "fuze"}


def _tried(act):
    try:
        act()
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize("username", ROLES)
def test_who_does_what(counter, username):
    entry_id = counter.penalty()
    may_file = _tried(lambda: counter.applies(entry_id, username))
    assert may_file == (username in FILING)
    application = Application.objects.first() or counter.applies(entry_id)
    assert _tried(lambda: counter.accepts(application, username)) == (username in ACCEPTING)
    if application.state == "filed":
        counter.accepts(application)
    signer = counter.signs("fuze", "repair_decided", application.pk)
    said = {"granted": True, "because": "已经履行完毕", "again_on": None}
    actor = counter.actor(username)

    def decide():
        journey.decide_repair(application_id=application.pk, **said, **(signer | {"actor": actor}))

    # The leader who took the application in does not decide it.
    if username == "fuze":
        with pytest.raises(NotAllowed, match="另一人"):
            decide()
    else:
        assert not _tried(decide)
    application.refresh_from_db()
    assert application.state == "accepted"


def test_who_recorded_the_entry_does_not_decide(counter):
    application = counter.applies(counter.penalty())
    counter.accepts(application)
    recorder = counter.actor("jingban")
    leader = counter.actor("fuze")
    signer = counter.signs("fuze", "repair_decided", application.pk)
    as_leader = type(leader)(
        account_id=recorder.account_id, name="林禾", unit_id=leader.unit_id, roles=leader.roles
    )
    with pytest.raises(NotAllowed, match="您报送的"):
        journey.decide_repair(
            application_id=application.pk,
            granted=True,
            because="已经履行",
            again_on=None,
            **(signer | {"actor": as_leader}),
        )


STATES = list(RepairState)


@pytest.mark.parametrize("state", STATES)
def test_no_act_fits_where_the_table_has_no_step(counter, state):
    application = counter.applies(counter.penalty())
    Application.objects.filter(pk=application.pk).update(state=state)
    acts = {
        RepairState.ACCEPTED: lambda: counter.accepts(application),
        RepairState.INCOMPLETE: lambda: journey.ask_to_complete_repair(
            application_id=application.pk, because="缺凭证", **counter.by("jingban")
        ),
        RepairState.DECLINED: lambda: journey.decline_repair(
            application_id=application.pk, because="不符合条件", **counter.by("jingban")
        ),
        RepairState.GRANTED: lambda: counter.decides(application),
        RepairState.REFUSED: lambda: counter.decides(
            application, granted=False, again_on=counter.today
        ),
        RepairState.WITHDRAWN: lambda: journey.withdraw_repair(
            application_id=application.pk, because="不办了", **counter.by("xinyong")
        ),
        RepairState.REVOKED: lambda: counter.revokes(application),
    }
    for to, act in acts.items():
        if to not in TRANSITIONS[state]:
            with pytest.raises(NotThus):
                act()
    application.refresh_from_db()
    assert application.state == state
