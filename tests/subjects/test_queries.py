"""Attribution against the register, set-based; limits of what a role sees."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.subjects.conftest import AT, SYSTEM, person
from zhengxin.kernel.actor import Role
from zhengxin.subjects import actions, queries
from zhengxin.subjects.models import Subject
from zhengxin.subjects.types import Mention

TODAY = AT.date()
SHOP = "92210321MA000004X0"
HASH = "cd" * 32


def attribute(*mentions, on=TODAY):
    return queries.attribute(mentions, on)


def firm_code():
    """A valid invented enterprise code."""
    from zhengxin.kernel.uscc import organisation_check_character, uscc_check_character

    body = "91990121" + "MA000003" + organisation_check_character("MA000003")
    return body + uscc_check_character(body)


@pytest.mark.django_db
def test_two_spellings_and_all_short_names_are_one_unit(county):
    reform = county["示例县发展和改革局"]
    spellings = [
        "示例县发展和改革局",
        "县发改局",
        "县发展和改革局",
        "示例县发改局",
        "示例县 发展和改革局",
    ]
    verdicts = attribute(*(Mention(each) for each in spellings))
    assert {(v.certainty, v.subject_id) for v in verdicts} == {("certain", reform)}
    town = county["示例县东河镇人民政府"]
    verdicts = attribute(
        *(Mention(each) for each in ("东河镇", "东河镇政府", "示例县东河镇", "东河镇人民政府"))
    )
    assert {(v.certainty, v.subject_id) for v in verdicts} == {("certain", town)}


@pytest.mark.django_db
def test_codes_and_names_against_the_register(county, uscc_of):
    code = uscc_of("示例县公路养护中心")
    agree, differ, old = attribute(
        Mention("县公路养护中心", code),
        Mention("示例路桥养护中心", code),
        Mention("县卫计局", uscc_of("示例县卫生健康局")),
    )
    assert agree.subject_id == county["示例县公路养护中心"]
    assert differ.certainty == "unsure"
    assert differ.candidates == (county["示例县公路养护中心"],)
    assert "登记名称是“示例县公路养护中心”" in differ.because
    assert old.subject_id == county["示例县卫生健康局"]


@pytest.mark.django_db
def test_the_records_own_day_goes_first(county):
    then, now = attribute(Mention("县工商局", on=date(2018, 5, 1)), Mention("县工商局"))
    assert then.subject_id == county["示例县工商行政管理局"]
    assert now.certainty == "unsure"
    assert now.candidates == (county["示例县市场监督管理局"], county["示例县工商行政管理局"])
    assert "承接单位是示例县市场监督管理局" in now.because


@pytest.mark.django_db
def test_an_unconfirmed_successor_is_only_a_candidate_until_confirmed(county):
    [verdict] = attribute(Mention("县金融办"))
    assert "尚未确认" in verdict.because
    [(unit, line)] = queries.unconfirmed_successions()
    assert unit.name == "示例县金融工作办公室"
    officer = person(Role.CREDIT_OFFICER, account_id=5)
    row = actions.confirm_succession(succession_id=line.id, at=AT, actor=officer)
    assert (row.confirmed_at, row.confirmed_by) == (AT, 5)
    again = actions.confirm_succession(
        succession_id=line.id, at=AT + timedelta(days=1), actor=officer
    )
    assert again.confirmed_at == AT
    assert queries.unconfirmed_successions() == []
    assert "承接单位是示例县财政局" in attribute(Mention("县金融办"))[0].because


@pytest.mark.django_db
def test_a_person_is_found_by_number_and_never_by_name(county):
    actions.establish(mentions=[Mention("阿依古丽·买买提", id_hash=HASH)], at=AT, actor=SYSTEM)
    by_number, other_dot, by_name, wrong = attribute(
        Mention("阿依古丽·买买提", id_hash=HASH),
        Mention("阿依古丽•买买提", id_hash=HASH),
        Mention("阿依古丽·买买提"),
        Mention("李四", id_hash=HASH),
    )
    assert by_number.certainty == other_dot.certainty == "certain"
    assert (by_name.certainty, by_name.candidates) == ("none", ())
    assert "不能只凭姓名" in by_name.because
    assert wrong.certainty == "unsure"


@pytest.mark.django_db
def test_a_judgement_is_kept_and_can_be_superseded(county, uscc_of):
    mention = Mention("示例路桥养护中心", uscc_of("示例县公路养护中心"))
    officer = person(Role.CREDIT_OFFICER)
    target, other = county["示例县公路养护中心"], county["示例县公共资源交易中心"]
    first = actions.decide(
        mention=mention.key,
        mention_text=mention.name,
        subject_id=other,
        because="先认错了",
        at=AT,
        actor=officer,
    )
    assert attribute(mention)[0].subject_id == other
    second = actions.decide(
        mention=mention.key,
        mention_text=mention.name,
        subject_id=target,
        because="对照证照",
        at=AT,
        actor=officer,
    )
    assert second.supersedes_id == first.pk
    [verdict] = attribute(mention)
    assert (verdict.certainty, verdict.subject_id) == ("certain", target)
    assert "对照证照" in verdict.because
    third = actions.decide(
        mention=mention.key,
        mention_text=mention.name,
        subject_id=None,
        because="两家都不是",
        at=AT,
        actor=officer,
    )
    assert attribute(mention)[0].certainty == "none"
    history = queries.judgements(mention.key)
    assert [line.id for line in history] == [third.pk, second.pk, first.pk]
    assert [line.superseded for line in history] == [False, True, True]


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_mentions(county):
    few = [Mention(f"示例县第{n}商店", "") for n in range(10)]
    many = [Mention(f"示例县第{n}商店", "") for n in range(800)]
    with CaptureQueriesContext(
        connection,
    ) as small:
        queries.attribute(few, TODAY)
    with CaptureQueriesContext(connection) as large:
        assert len(queries.attribute(many, TODAY)) == 800
    assert len(large) == len(small) < 10


@pytest.mark.django_db
def test_more_mentions_than_one_lookup_holds():
    mentions = [Mention(f"示例第{n}人", id_hash=f"{n:064x}") for n in range(2000)]
    made = actions.establish(mentions=mentions, at=AT, actor=SYSTEM)
    assert len(made) == 2000
    verdicts = queries.attribute(mentions, TODAY)
    assert [v.subject_id for v in verdicts] == [made[m.key] for m in mentions]


@pytest.mark.django_db
def test_an_alias_does_not_hide_the_name_itself(county):
    code = firm_code()
    [pk] = actions.establish(
        mentions=[Mention("示例县建材有限公司", code)], at=AT, actor=SYSTEM
    ).values()
    actions.add_name(subject_id=pk, text="示例建材", kind="alias", at=AT, actor=SYSTEM)
    own, alias = attribute(Mention("示例县建材有限公司", code), Mention("示例建材", code))
    assert own.subject_id == alias.subject_id == pk


@pytest.mark.django_db
def test_powers_by_day(county):
    house = county["示例县住房和城乡建设局"]
    assert queries.may_send(house, "penalties", TODAY)
    allowed, because = queries.may_send(house, "judgments", TODAY)
    assert (allowed, "权责" in because) == (False, True)
    assert not queries.may_send(0, "penalties", TODAY)
    actions.grant_power(
        unit_id=house,
        source="judgments",
        basis="试点",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 6, 30),
        at=AT,
        actor=SYSTEM,
    )
    assert queries.may_send(house, "judgments", date(2026, 6, 30))
    assert not queries.may_send(house, "judgments", date(2026, 7, 1))
    assert [line.name for line in queries.units_with_power("judgments", TODAY)] == [
        "示例县人民法院"
    ]


@pytest.mark.django_db
def test_each_role_sees_its_units(county):
    house, market = county["示例县住房和城乡建设局"], county["示例县市场监督管理局"]
    merged = {market, county["示例县工商行政管理局"], county["示例县质量技术监督局"]}
    for role in (Role.CLERK, Role.LEADER):
        assert queries.visible_units(person(role, house), TODAY) == {house}
        assert queries.visible_units(person(role, market), TODAY) == merged
        assert queries.visible_units(person(role, market), date(2019, 3, 14)) == {market}
        # Nobody confirmed that the treasury took over: its clerk does not see the old office yet.
        treasury = county["示例县财政局"]
        assert queries.visible_units(person(role, treasury), TODAY) == {treasury}
    for role in (Role.CREDIT_OFFICER, Role.REVIEWER, Role.SUPERVISOR, Role.SYSTEM):
        assert queries.visible_units(person(role, house), TODAY) is None
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        assert queries.visible_units(person(role, house), TODAY) == frozenset()


@pytest.mark.django_db
def test_search_by_role(county):
    actions.establish(
        mentions=[Mention("沈小河", id_hash=HASH), Mention("沈小河建材店", SHOP)],
        at=AT,
        actor=SYSTEM,
    )
    clerk, officer = person(Role.CLERK, county["示例县财政局"]), person(Role.CREDIT_OFFICER)
    assert [line.name for line in queries.search_subjects("沈小河", clerk)] == ["沈小河建材店"]
    assert [line.name for line in queries.search_subjects("沈小河", officer)] == [
        "沈小河",
        "沈小河建材店",
    ]
    assert [line.name for line in queries.search_subjects("小河", officer)] == ["沈小河建材店"]
    assert [line.name for line in queries.search_subjects(SHOP.lower(), clerk)] == ["沈小河建材店"]
    assert [line.name for line in queries.search_subjects("发改局", clerk)] == [
        "示例县发展和改革局"
    ]
    assert queries.search_subjects("沈", officer) == []
    assert queries.search_subjects("沈小河", person(Role.SYSTEM_ADMIN)) == []


@pytest.mark.django_db
def test_cards_and_codes(county, uscc_of):
    card = queries.subject_card(county["示例县东河镇人民政府"])
    assert (card.unit.code, card.unit.short_name, card.kind_label) == (
        "990121101",
        "东河镇",
        "机关单位",
    )
    assert queries.unit_by_code("990121101").id == card.id
    assert queries.unit_by_code(uscc_of("示例县财政局").lower()).name == "示例县财政局"
    assert queries.subject_names([card.id]) == {card.id: "示例县东河镇人民政府"}
    with pytest.raises(queries.UnknownSubject):
        queries.subject_card(10**9)
    with pytest.raises(queries.UnknownSubject):
        queries.unit(10**9)
    assert Subject.objects.get(pk=card.id).created_at == datetime(2026, 11, 23, 1, tzinfo=UTC)
