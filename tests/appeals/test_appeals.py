"""Appeals: who lodges, until when, who reviews, what becomes of a decision set aside."""

from datetime import timedelta

import pytest

from tests.appeals.conftest import Counter
from tests.desk.test_discretion import PERSON
from zhengxin.appeals import queries
from zhengxin.appeals.enums import TRANSITIONS, AppealState
from zhengxin.appeals.models import Appeal
from zhengxin.appeals.rules import NoSuchDecision, NotThus
from zhengxin.duties import standing
from zhengxin.journey import rebuild
from zhengxin.journey.reasons import NumberInReason
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import NotAllowed
from zhengxin.ledger.models import Entry
from zhengxin.ledger.queries import payloads
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def test_a_decision_set_aside_goes_back_and_is_made_anew(counter: Counter) -> None:
    record = counter.penalty()
    graded = counter.grades(record)
    assert queries.decisions_about(record) == [graded]
    row = counter.lodges(graded)
    review = standing.duty(row.duty_id)
    assert (row.state, row.record_id, review.bearer_id) == (
        "lodged",
        record,
        counter.county.units["县政府"],
    )
    # Monday 2 November 2026 and twenty working days.
    assert review.due_on.isoformat() == "2026-11-30"
    counter.decides(row)
    assert (row.state, standing.duty(row.duty_id).state) == ("set_aside", "on_time")
    redo = standing.duty(row.redo_duty_id)
    assert (redo.kind, redo.state, redo.to_id) == (
        "appeal_redo",
        "open",
        counter.county.units["县政府"],
    )
    act = Entry.objects.get(pk=row.decision_entry_id)
    assert (act.kind, act.about_id) == ("appeal_set_aside", graded)
    assert payloads([act.id])[act.id].open["reasons"] == "裁量基准第三条不适用于这种情节"
    assert queries.set_aside(graded)
    counter.grades(record, "fuhe", "minor")
    assert Notice.objects.get(entry_id=record).grade == "minor"


def test_kept_it_ends_there_and_is_not_lodged_twice(counter: Counter) -> None:
    graded = counter.grades(counter.penalty())
    row = counter.lodges(graded)
    with pytest.raises(NotThus, match="已经申诉过"):
        counter.lodges(graded)
    counter.decides(row, "kept")
    assert (row.state, row.redo_duty_id) == ("kept", None)
    with pytest.raises(NotThus, match=f"第{row.pk}号申诉，维持原决定"):
        counter.lodges(graded)


def test_withdrawn_it_may_be_lodged_again_while_there_is_time(counter: Counter) -> None:
    graded = counter.grades(counter.penalty())
    row = counter.lodges(graded)
    counter.withdraws(row)
    assert standing.duty(row.duty_id).state == "on_time"
    assert counter.lodges(graded).pk != row.pk


@pytest.mark.parametrize(("days", "taken"), [(30, True), (31, False)])
def test_the_last_day_is_the_thirtieth_after_the_decision(
    counter: Counter, days: int, taken: bool
) -> None:
    graded = counter.grades(counter.penalty())
    counter.now += timedelta(days=days)
    if taken:
        assert counter.lodges(graded).state == "lodged"
        return
    with pytest.raises(NotThus) as refused:
        counter.lodges(graded)
    assert "到2026-12-02为止" in str(refused.value)
    assert not Appeal.objects.exists()


def test_whoever_decided_or_took_it_in_does_not_review(counter: Counter) -> None:
    record = counter.penalty()
    by_reviewer = counter.grades(record, "fuhe")
    row = counter.lodges(by_reviewer)
    with pytest.raises(NotAllowed, match="原决定是您作出的"):
        counter.decides(row)
    for username in ("xinyong", "fuze", "jiandu"):
        with pytest.raises(NotAllowed):
            counter.decides(row, "kept", username)
    counter.decides(row, "kept", "xianzhang")
    assert row.state == "kept"


def test_what_is_no_decision_or_sealed_is_not_found(counter: Counter) -> None:
    record = counter.penalty()
    for number in (record, 999_999):
        with pytest.raises(NoSuchDecision):
            counter.lodges(number)
    graded = counter.grades(record)
    # A later version names the law that seals: the whole line is given to nobody.
    counter.penalty(CF_YJ="《中华人民共和国治安管理处罚法》第二十三条")
    with pytest.raises(NoSuchDecision):
        counter.lodges(graded)


def test_a_unit_appeals_about_its_own_record_alone(counter: Counter) -> None:
    graded = counter.grades(counter.penalty())
    for username in ("jingban", "shichang"):
        with pytest.raises(NoSuchDecision):
            counter.lodges(graded, username)
    with pytest.raises(NotAllowed):
        counter.lodges(graded, "jiandu")


def test_numbers_of_persons_are_not_taken_in(counter: Counter) -> None:
    graded = counter.grades(counter.penalty())
    with pytest.raises(NumberInReason):
        counter.lodges(graded, words=f"当事人{PERSON['CF_XDR_ZJHM']}已经改正")
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("state", list(AppealState))
def test_every_state_takes_what_the_table_says_and_no_more(
    counter: Counter, state: AppealState
) -> None:
    row = counter.lodges(counter.grades(counter.penalty()))
    if state == AppealState.WITHDRAWN:
        counter.withdraws(row)
    elif state != AppealState.LODGED:
        counter.decides(row, state)
    acts = {
        AppealState.KEPT: lambda: counter.decides(row, "kept"),
        AppealState.SET_ASIDE: lambda: counter.decides(row, "set_aside"),
        AppealState.WITHDRAWN: lambda: counter.withdraws(row),
    }
    for to, act in acts.items():
        row.refresh_from_db()
        if to in TRANSITIONS[state]:
            Appeal.objects.filter(pk=row.pk).update(state=state)
            continue
        with pytest.raises(NotThus, match="现在是"):
            act()


def test_followed_anew_the_duties_are_the_same(counter: Counter) -> None:
    row = counter.lodges(counter.grades(counter.penalty()))
    counter.decides(row)

    def stood() -> list[tuple[object, ...]]:
        found = (standing.duty(pk) for pk in (row.duty_id, row.redo_duty_id))
        return [(each.kind, each.state, each.due_on, each.bearer_id) for each in found]

    before = stood()
    rebuild(name="all", at=counter.now, actor=Actor.system("测试"))
    assert stood() == before
