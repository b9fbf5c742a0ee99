"""Credit codes and identity numbers: published vectors, and one wrong character at a time."""

import csv
from pathlib import Path

import pytest

from zhengxin.kernel import idcard, uscc
from zhengxin.kernel.idcard import IdState, check_id_number
from zhengxin.kernel.uscc import CodeState, PartyCategory, check_uscc

VALID = [
    "112103210000000197",
    "12210321000000027Y",
    "91210321MA0000031B",
    "92210321MA000004X0",
    "91110000600037341L",
    "12440300MB2C92173E",
]


@pytest.mark.parametrize("code", VALID)
def test_valid_codes_pass_with_both_check_digits(code: str) -> None:
    check = check_uscc(code)
    assert check.ok
    assert check.warnings == ()
    assert check.kind == code[:2]


def test_every_published_code_passes(shared_data: Path) -> None:
    path = shared_data / "reference" / "uscc_valid_100.csv"
    with path.open(encoding="utf-8") as stream:
        codes = [row["uscc"] for row in csv.DictReader(stream)]
    assert len(codes) == 100
    assert [code for code in codes if not check_uscc(code).ok] == []


def test_wrong_check_digit_names_the_right_one() -> None:
    check = check_uscc("12440300MB2C92173A")
    assert check.state is CodeState.BAD
    assert check.reason == "校验位不符：按前17位计算，末位应为E"


@pytest.mark.parametrize("code", VALID)
def test_every_single_wrong_character_is_caught(code: str) -> None:
    for place in range(18):
        for char in uscc.ALPHABET:
            if char != code[place]:
                assert not check_uscc(code[:place] + char + code[place + 1 :]).ok


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("9121032", "统一社会信用代码应为18位，现为7位"),
        ("", "统一社会信用代码应为18位，现为0位"),
        ("000000000000000000", "第1位“0”不是登记管理部门代码"),
        ("9121032IMA0000031B", "第8位“I”不是代码用字"),
        ("91A10321MA0000031B", "第3至8位应为6位行政区划数字，现为“A10321”"),
    ],
)
def test_the_reason_says_what_is_wrong(code: str, reason: str) -> None:
    check = check_uscc(code)
    assert check.state is CodeState.BAD
    assert check.reason.startswith(reason)


def test_filler_is_neither_good_nor_bad() -> None:
    assert check_uscc("00000000000000000X").state is CodeState.FILLER
    assert not check_uscc("00000000000000000x").ok


def test_full_width_lower_case_and_spaces_are_normalised() -> None:
    check = check_uscc("　９１２１０３２１ma0000031b ")
    assert check.ok
    assert check.code == "91210321MA0000031B"


def test_inner_organisation_code_is_only_a_warning() -> None:
    body = "91210321MA0000032"
    code = body + uscc.uscc_check_character(body)
    check = check_uscc(code)
    assert check.ok
    assert check.warnings == ("第17位是组织机构代码的校验位，按前8位计算应为1",)


def test_unknown_kind_of_a_known_registrar_is_a_warning() -> None:
    body = "99210321MA0000031"
    check = check_uscc(body + uscc.uscc_check_character(body))
    assert check.ok
    assert check.warnings == ("前2位“99”不在已知的机构类别中",)


@pytest.mark.parametrize(
    ("prefix", "category"),
    [
        ("92", PartyCategory.INDIVIDUAL_BUSINESS),
        ("91", PartyCategory.ORGANISATION),
        ("93", PartyCategory.ORGANISATION),
        ("11", PartyCategory.ORGANISATION),
        ("N2", PartyCategory.ORGANISATION),
        ("00", None),
    ],
)
def test_the_prefix_implies_the_category(prefix: str, category: PartyCategory | None) -> None:
    assert uscc.implied_category(prefix + "210321") is category


def test_every_kind_belongs_to_a_registrar() -> None:
    assert {kind[0] for kind in uscc.KINDS} == set(uscc.REGISTRARS)
    assert uscc.KINDS["92"] == PartyCategory.INDIVIDUAL_BUSINESS.label


def test_identity_number_with_right_check_digit_and_date() -> None:
    check = check_id_number("210321190001010014")
    assert check.state is IdState.OK
    assert check.born_on is not None
    assert check.born_on.isoformat() == "1900-01-01"


def test_right_check_digit_but_no_such_day() -> None:
    check = check_id_number("210321190002290011")
    assert (check.state, check.reason) == (IdState.BAD, "出生日期“19000229”不存在")


@pytest.mark.parametrize("region", ["810000", "820000", "830000", "210321", "522723"])
def test_residence_permits_and_old_regions_pass(region: str) -> None:
    body = region + "19850615" + "123"
    assert check_id_number(body + idcard.id_check_character(body)).state is IdState.OK


def test_lower_case_x_is_normalised() -> None:
    body = next(
        stem
        for serial in range(1000)
        if idcard.id_check_character(stem := f"21032119850615{serial:03d}") == "X"
    )
    check = check_id_number(body + "x")
    assert (check.state, check.number) == (IdState.OK, body + "X")


def test_old_number_is_recognised_as_old() -> None:
    check = check_id_number("210321850615123")
    assert (check.state, check.born_on and check.born_on.year) == (IdState.OLD, 1985)
    assert check_id_number("210321851315123").state is IdState.BAD


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("2103211900", "身份证号码应为18位，现为10位"),
        ("99032119000101001X", "前2位“99”不是省级行政区划代码"),
        ("21032119000101001A", "校验位不符：按前17位计算，末位应为4"),
        ("2103X1190001010014", "身份证号码除末位外应全是数字"),
    ],
)
def test_identity_faults_are_named(number: str, reason: str) -> None:
    assert check_id_number(number).reason == reason


def test_every_single_wrong_digit_of_an_identity_number_is_caught() -> None:
    number = "210321190001010014"
    for place in range(17):
        for char in "0123456789":
            if char != number[place]:
                assert (
                    check_id_number(number[:place] + char + number[place + 1 :]).state
                    is IdState.BAD
                )
