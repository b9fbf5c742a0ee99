"""Both registers load whole, twice without harm, and say what is not known."""

from datetime import date

import pytest
import yaml

from tests.subjects.conftest import AT, REGISTERS, SYSTEM
from zhengxin.kernel.leaks import find_id_numbers
from zhengxin.kernel.uscc import check_uscc
from zhengxin.subjects import queries
from zhengxin.subjects.enums import UnitKind
from zhengxin.subjects.models import Judgement, Name, Power, Subject, Succession, Unit
from zhengxin.subjects.registers import BadRegister, load_register

PLAN = date(2018, 1, 2)
# Every unit the plan names, as it writes it.
NAMES_IN_THE_PLAN = [
    "县政府办公室",
    "县发改局",
    "县委政府督查室",
    "县督考办",
    "县监察委员会",
    "县公安局",
    "县司法局",
    "县人社局",
    "县人民法院",
    "县委组织部",
    "县委党校",
    "县行政学院",
    "县财政局",
    "县金融办",
    "县公共资源交易管理局",
    "县公共资源交易中心",
    "县城建局",
    "县经合局",
    "县商务局",
    "县教育局",
    "县民政局",
    "县卫计局",
    "县委宣传部",
    "县委县政府督查室",
    "县政务公开办公室",
    "县政府政务公开办公室",
    "台安县人民政府办公室",
]
TOWNS = ["西佛", "新开河", "黄沙坨", "高力房", "桑林", "富家", "达牛", "韭菜台", "新台", "桓洞"]


def tables():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Unit, Subject, Name, Power, Succession)
    ]


@pytest.mark.django_db
def test_every_unit_of_the_plan_is_found_by_its_name_there(taian):
    found = {name: queries.unit_by_name(name, PLAN) for name in NAMES_IN_THE_PLAN}
    assert [name for name, unit in found.items() if unit is None] == []
    ids = {name: unit.id for name, unit in found.items()}
    assert ids["县委政府督查室"] == ids["县委县政府督查室"] == ids["县督考办"]
    assert ids["县政务公开办公室"] == ids["县政府政务公开办公室"]
    assert ids["县委党校"] == ids["县行政学院"]
    assert len(set(ids.values())) == 22


@pytest.mark.django_db
def test_divisions_carry_their_official_codes(taian):
    kinds = {kind: [u for u in queries.units() if u.kind == kind] for kind in UnitKind.values}
    assert {u.code for u in kinds["town"]} == {f"210321{n}" for n in range(101, 112) if n != 108}
    assert [queries.unit_by_name(f"{town}镇", PLAN).kind for town in TOWNS] == ["town"] * 10
    assert {u.code for u in kinds["subdistrict"]} == {"210321001", "210321002"}
    assert {u.code: u.name for u in kinds["state_farm"]} == {
        "210321400": "台安县新华农场",
        "210321401": "台安县洪家农牧场",
    }
    assert kinds["development_zone"] == []
    others = [u for u in queries.units() if len(u.code) != 9 and u.kind != "government"]
    assert all(u.code.startswith("ZX-210321-") for u in others)


@pytest.mark.django_db
def test_a_real_county_starts_blank(taian):
    assert Unit.objects.count() == Subject.objects.count() == 40
    assert not Subject.objects.filter(uscc__isnull=False).exists()
    assert not Judgement.objects.exists()
    assert not Succession.objects.filter(confirmed_at__isnull=False).exists()


@pytest.mark.django_db
def test_bodies_abolished_since_are_closed_and_successors_unconfirmed(taian):
    today = AT.date()
    for name in ("县卫计局", "县经合局", "县金融办"):
        assert queries.unit_by_name(name, PLAN) is not None
        assert queries.unit_by_name(name, today) is None
    waiting = {unit.name: line for unit, line in queries.unconfirmed_successions()}
    assert waiting["台安县卫生和计划生育局"].other_name == "台安县卫生健康局"
    assert waiting["台安县金融办"].other_name == ""
    assert all(not line.confirmed and "待核实" in line.basis for line in waiting.values())
    # Fate unknown: still open, with a successor to be confirmed.
    assert queries.unit_by_name("县城建局", today) is not None
    assert "台安县城建局" in waiting


@pytest.mark.django_db
def test_who_may_send_what_in_the_real_county(taian):
    court = queries.unit_by_name("县人民法院", PLAN)
    assert queries.sources_of(court.id, PLAN) == ["honours", "judgment_defaulters", "judgments"]
    closed = queries.unit_by_name("县卫计局", PLAN)
    assert not queries.may_send(closed.id, "penalties", AT.date())


@pytest.mark.django_db
@pytest.mark.parametrize("register", ["taian", "example"])
def test_loading_again_changes_nothing(register):
    first = load_register(REGISTERS / f"{register}.yaml", at=AT, actor=SYSTEM)
    before = tables()
    second = load_register(REGISTERS / f"{register}.yaml", at=AT, actor=SYSTEM)
    assert tables() == before
    assert first.new_units == first.units == second.units
    assert second.new_units == 0
    assert (first.name, first.invented) == {
        "taian": ("台安县", False),
        "example": ("示例县", True),
    }[register]


@pytest.mark.django_db
def test_the_invented_county_has_every_kind(county):
    lines = queries.units(AT.date())
    assert {line.kind for line in lines} == set(UnitKind.values)
    assert len(lines) == 48
    assert len(county) == 52
    assert [line.position for line in lines] == sorted(line.position for line in lines)
    codes = [line.uscc for line in queries.units()]
    assert len(set(codes)) == 52
    assert all(check_uscc(code).ok and not check_uscc(code).warnings for code in codes)
    assert find_id_numbers("\n".join(codes)) == []
    assert {line.region_code[:6] for line in lines} == {"990121"}
    [market] = [line for line in lines if "market_supervision" in line.traits]
    assert market.short_name == "县市场监管局"


@pytest.mark.django_db
def test_rename_merger_and_end_in_the_invented_county(county):
    health = county["示例县卫生健康局"]
    assert queries.unit_by_name("县卫计局", date(2018, 6, 1)).id == health
    assert queries.unit_by_name("县卫健局", date(2018, 6, 1)) is None
    assert queries.unit_by_name("县卫健局", AT.date()).id == health
    card = queries.subject_card(health)
    assert {n.kind for n in card.names if "计划生育" in n.text} == {"former"}
    assert [n.text for n in card.names if n.kind == "official"] == ["示例县卫生健康局"]
    market = queries.subject_card(county["示例县市场监督管理局"])
    assert {(line.other_name, line.confirmed) for line in market.predecessors} == {
        ("示例县工商行政管理局", True),
        ("示例县质量技术监督局", True),
    }
    [ended] = queries.subject_card(county["示例县经济合作局"]).successors
    assert (ended.kind, ended.other_id) == ("abolished", None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c["units"][1].update(unknown=1), "不认识unknown"),
        (lambda c: c["units"][1].pop("basis"), "缺basis"),
        (lambda c: c["units"][1].update(status="sure"), "status"),
        (lambda c: c["units"][1].update(uscc=119901213100013753), "引号"),
        (lambda c: c["units"][1].update(closed_on="2019.3.1"), "2019-03-31"),
        (lambda c: c["successions"][0].update({"from": "no"}), "没有代码为no"),
        (lambda c: c["county"].update(invented=False), "要由人确认"),
        (lambda c: c["county"].pop("name"), "name"),
        (lambda c: c["units"][1].update(uscc="11990121MB1002745A"), "校验位不符"),
    ],
)
def test_a_wrong_register_is_refused_whole(tmp_path, change, words):
    content = yaml.safe_load((REGISTERS / "example.yaml").read_text(encoding="utf-8"))
    change(content)
    path = tmp_path / "wrong.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(Exception, match=words) as caught:
        load_register(path, at=AT, actor=SYSTEM)
    assert "没有" in str(caught.value)
    assert not Unit.objects.exists()


@pytest.mark.django_db
def test_a_missing_register_is_refused(tmp_path):
    with pytest.raises(BadRegister, match="没有文件"):
        load_register(tmp_path / "nowhere.yaml", at=AT, actor=SYSTEM)
