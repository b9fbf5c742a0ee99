"""Verbs of the register: what they refuse, what they keep, what they make."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from tests.subjects.conftest import AT, SYSTEM, person
from zhengxin.kernel.actor import Role
from zhengxin.subjects import actions, queries
from zhengxin.subjects.establishing import IdentifierTaken
from zhengxin.subjects.models import Judgement, Name, SharingAgreement, Subject, Unit
from zhengxin.subjects.types import Mention, own_key

SHOP, SHOP_2 = "92210321MA000004X0", "91210321MA0000031B"
HASH = "ef" * 32
OFFICER = person(Role.CREDIT_OFFICER)


def establish(*mentions):
    return actions.establish(mentions=mentions, at=AT, actor=SYSTEM)


@pytest.mark.django_db
def test_new_subjects_take_their_kind_from_the_code():
    made = establish(
        Mention("示例县河口镇小吃店", SHOP),
        Mention("示例县建筑有限公司", SHOP_2),
        Mention("沈小河", id_hash=HASH),
    )
    kinds = {row.name: (row.kind, row.natural_person) for row in Subject.objects.all()}
    assert kinds == {
        "示例县河口镇小吃店": ("individual_business", False),
        "示例县建筑有限公司": ("enterprise", False),
        "沈小河": ("person", True),
    }
    assert set(made) == {
        f"示例县河口镇小吃店|{SHOP}",
        f"示例县建筑有限公司|{SHOP_2}",
        f"沈小河|{HASH}",
    }
    assert Subject.objects.get(natural_person=True).uscc is None


@pytest.mark.django_db
def test_no_subject_without_a_valid_identifier():
    made = establish(
        Mention("没有代码的店"),
        Mention("填充码的店", "0" * 17 + "X"),
        Mention("错码的店", SHOP[:-1] + "1"),
        Mention("", SHOP),
    )
    assert made == {}
    assert not Subject.objects.exists()


@pytest.mark.django_db
def test_establishing_twice_gives_the_same_subject_and_another_name_waits():
    first = establish(Mention("示例县河口镇小吃店", SHOP))
    again = establish(Mention("示例县河口镇小吃店", SHOP.lower()), Mention("别的店", SHOP))
    assert again == first
    assert Subject.objects.count() == 1
    both = establish(Mention("甲公司", SHOP_2), Mention("乙公司", SHOP_2))
    assert list(both) == [f"甲公司|{SHOP_2}"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mention", "text", "kind", "natural"),
    [
        (f"某店|{SHOP}", "某店", "individual_business", False),
        (f"沈小河|{HASH}", "沈小河", "person", True),
        ("沈小河|", "沈小河", "person", True),
        ("示例县河口镇小吃店|", "示例县河口镇小吃店", "organisation", False),
    ],
)
def test_a_person_may_say_that_a_subject_is_new(mention, text, kind, natural):
    pk = actions.establish_by_judgement(mention=mention, mention_text=text, at=AT, actor=OFFICER)
    row = Subject.objects.get(pk=pk)
    assert (row.kind, row.natural_person, row.name) == (kind, natural, text)


@pytest.mark.django_db
def test_saying_new_of_anothers_code_is_refused_and_of_ones_own_gives_the_known_subject():
    [pk] = establish(Mention("示例县河口镇小吃店", SHOP)).values()
    asked = {"at": AT, "actor": OFFICER}
    with pytest.raises(IdentifierTaken, match="已经登记在“示例县河口镇小吃店”名下"):
        actions.establish_by_judgement(mention=f"别的店|{SHOP}", mention_text="别的店", **asked)
    mention = Mention("示例县河口镇小吃店", SHOP)
    again = actions.establish_by_judgement(
        mention=mention.key, mention_text="示例县 河口镇小吃店", **asked
    )
    assert (again, Subject.objects.count()) == (pk, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "无"])
def test_of_a_person_without_a_number_each_is_a_subject_of_their_own(code):
    mention = Mention("沈小河", code)
    asked = {"mention": mention.key, "mention_text": "沈小河", "at": AT, "actor": OFFICER}
    pk = actions.establish_by_judgement(person=True, **asked)
    assert queries.stands_alone(mention.key, pk)
    actions.decide(
        mention=mention.key,
        mention_text="沈小河",
        subject_id=pk,
        because="核对了本人",
        at=AT,
        actor=OFFICER,
    )
    assert actions.establish_by_judgement(person=True, **asked) != pk
    [verdict] = queries.attribute([mention], AT.date())
    assert (verdict.certainty, verdict.subject_id) == ("none", None)


@pytest.mark.django_db
def test_a_person_beside_a_firms_code_is_entered_without_it_and_once():
    mention = Mention("张三", SHOP_2)
    asked = {"mention": mention.key, "mention_text": "张三", "at": AT, "actor": OFFICER}
    pk = actions.establish_by_judgement(person=True, **asked)
    row = Subject.objects.get(pk=pk)
    assert (row.kind, row.natural_person, row.uscc) == ("person", True, None)
    actions.decide(
        mention=mention.key,
        mention_text="张三",
        subject_id=pk,
        because="核对了身份证",
        at=AT,
        actor=OFFICER,
    )
    assert actions.establish_by_judgement(person=True, **asked) == pk
    firm = Subject.objects.get(pk=actions.establish_by_judgement(**asked))
    assert (firm.kind, firm.natural_person, firm.uscc) == ("enterprise", False, SHOP_2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"actor": SYSTEM}, "具名"),
        ({"because": " "}, "理由"),
        ({"subject_id": 10**9}, "没有这个主体"),
    ],
)
def test_a_judgement_needs_a_person_a_reason_and_a_subject(changes, words):
    asked = {
        "mention": "某店|",
        "mention_text": "某店",
        "subject_id": None,
        "because": "核对过",
        "at": AT,
        "actor": OFFICER,
    }
    with pytest.raises(actions.NotDecided, match=words):
        actions.decide(**(asked | changes))
    assert not Judgement.objects.exists()


def register(**changes):
    asked = {
        "name": "示例县新设局",
        "kind": "department",
        "code": "990121-B70",
        "at": AT,
        "actor": SYSTEM,
    }
    return actions.register_unit(**(asked | changes))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"kind": "bureau"},
        {"code": ""},
        {"uscc": SHOP[:-1] + "1"},
        {"uscc": "0" * 17 + "X"},
        {"code": "990121-B03"},
        {"opened_on": date(2020, 1, 2), "closed_on": date(2020, 1, 1)},
    ],
)
def test_a_unit_that_contradicts_the_register_is_refused(county, changes):
    with pytest.raises(actions.BadRegistration):
        register(**changes)
    assert Unit.objects.count() == 52


@pytest.mark.django_db
def test_a_unit_may_not_take_anothers_code(county, uscc_of):
    with pytest.raises(actions.BadRegistration, match="已登记"):
        register(uscc=uscc_of("示例县财政局"))


@pytest.mark.django_db
def test_renaming_keeps_the_old_name_with_its_last_day(county):
    pk = county["示例县商务局"]
    actions.add_name(
        subject_id=pk,
        text="示例县商务和口岸局",
        kind="official",
        valid_from=date(2026, 7, 1),
        at=AT,
        actor=SYSTEM,
    )
    old = Name.objects.get(subject_id=pk, text="示例县商务局")
    assert (old.kind, old.valid_to) == ("former", date(2026, 6, 30))
    assert queries.unit_by_name("示例县商务局", date(2026, 6, 30)).id == pk
    assert queries.unit_by_name("示例县商务局", date(2026, 7, 1)) is None
    assert queries.unit(pk).name == "示例县商务和口岸局"
    with pytest.raises(actions.BadRegistration):
        actions.add_name(subject_id=pk, text="无日期局", kind="official", at=AT, actor=SYSTEM)
    with pytest.raises(actions.BadRegistration):
        actions.add_name(
            subject_id=pk,
            text="更早的局",
            kind="official",
            valid_from=date(2020, 1, 1),
            at=AT,
            actor=SYSTEM,
        )
    assert queries.unit(pk).name == "示例县商务和口岸局"


@pytest.mark.django_db
def test_an_enterprise_can_be_renamed_too():
    [pk] = establish(Mention("甲公司", SHOP_2)).values()
    actions.add_name(
        subject_id=pk,
        text="乙公司",
        kind="official",
        valid_from=date(2026, 1, 1),
        at=AT,
        actor=SYSTEM,
    )
    old, new = queries.attribute([Mention("甲公司", SHOP_2), Mention("乙公司", SHOP_2)], AT.date())
    assert old.subject_id == new.subject_id == pk


@pytest.mark.django_db
def test_names_powers_and_successions_are_entered_once(county):
    pk = county["示例县商务局"]
    for _time in range(2):
        actions.add_name(subject_id=pk, text="县商局", kind="short", at=AT, actor=SYSTEM)
    assert Name.objects.filter(subject_id=pk, text="县商局").count() == 1
    with pytest.raises(actions.BadRegistration):
        actions.record_succession(
            predecessor_id=pk, successor_id=pk, kind="merged", at=AT, actor=SYSTEM
        )
    with pytest.raises(actions.BadRegistration):
        actions.grant_power(unit_id=pk, source="licences", basis="", at=AT, actor=SYSTEM)


def agreement(county, **changes):
    asked = {
        "owner_id": county["示例县财政局"],
        "reader_id": county["示例县商务局"],
        "fields": ["CF_WSH", " CF_JDRQ ", ""],
        "basis": "示例县信用信息共享办法",
        "purpose": "招商项目审查",
        "valid_from": date(2026, 11, 1),
        "expires_on": date(2027, 10, 31),
        "at": AT,
        "actor": OFFICER,
    }
    return actions.make_agreement(**(asked | changes))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"fields": ["", " "]},
        {"basis": ""},
        {"purpose": " "},
        {"expires_on": date(2026, 10, 31)},
        {"valid_from": date(2025, 1, 1), "expires_on": date(2026, 1, 1)},
    ],
)
def test_an_agreement_must_be_complete(county, changes):
    with pytest.raises(actions.BadAgreement):
        agreement(county, **changes)
    with pytest.raises(actions.BadAgreement):
        agreement(county, reader_id=county["示例县财政局"])
    assert not SharingAgreement.objects.exists()


@pytest.mark.django_db
def test_an_agreement_holds_in_one_direction_until_it_expires_or_ends(county):
    made = agreement(county)
    owner, reader = made.owner_id, made.reader_id
    line = queries.agreement_between(owner, reader, date(2027, 10, 31))
    assert line.fields == {"CF_WSH", "CF_JDRQ"}
    assert line.in_force(AT.date())
    assert queries.agreement_between(owner, reader, date(2027, 11, 1)) is None
    assert queries.agreement_between(owner, reader, date(2026, 10, 31)) is None
    assert queries.agreement_between(reader, owner, AT.date()) is None
    actions.end_agreement(agreement_id=made.pk, at=AT, actor=OFFICER)
    assert queries.agreement_between(owner, reader, AT.date()) is None
    assert [line.ended_at for line in queries.agreements()] == [AT]
    assert queries.agreements(AT.date()) == []


@pytest.mark.django_db
def test_decisions_kept_under_a_number_are_found_under_its_digest():
    name = "示例13804120000商行"
    made = actions.decide(
        mention=f"{name}|",
        mention_text=name,
        subject_id=None,
        because="核对过",
        at=AT,
        actor=OFFICER,
    )
    rekeying = import_module("zhengxin.subjects.migrations.0002_keys_without_numbers")
    rekeying.rekey(apps, SimpleNamespace(connection=connection))
    [kept] = Judgement.objects.all()
    assert made
    assert kept.mention == Mention(name).key
    assert "1380" not in kept.mention


@pytest.mark.django_db
def test_forgetting_one_of_two_people_with_one_name_leaves_the_other():
    mention = Mention("沈小河").key
    asked = {"mention_text": "沈小河", "at": AT, "actor": OFFICER}
    people = []
    for row in (1, 2):
        pk = actions.establish_by_judgement(mention=mention, person=True, **asked)
        key = own_key(mention, row)
        actions.decide(mention=key, subject_id=pk, because=f"核对了第{row}人", **asked)
        people.append(pk)
    actions.forget(subject_ids=people[:1], mentions=[], at=AT, actor=OFFICER)
    assert [line.because for line in queries.judgements(mention, 2)] == ["核对了第2人"]
    assert queries.judgements(mention, 1) == []
    assert Subject.objects.get(pk=people[1]).name == "沈小河"
    assert not Judgement.objects.filter(subject_id=people[0], because__contains="核对").exists()
