"""Masked identity numbers, mobile numbers and bank cards are found; public numbers are not."""

import hashlib
import random

import pytest

from zhengxin.kernel.personal import (
    PersonalKind,
    find_id_numbers_in_code,
    find_personal_numbers,
    kinds_found,
    mask_personal_numbers,
)
from zhengxin.kernel.uscc import uscc_check_character

WHOLE = "210321190001010014"
MOBILE = "13804120000"
# An invented card of an issuer's range with its right last digit.
CARD, CARD_16 = "6222021234567890128", "4111111111111111"


def kinds(text: str) -> list[str]:
    return [number.kind.value for number in find_personal_numbers(text)]


@pytest.mark.parametrize(
    "text",
    [
        "210321********0014",
        "2103211990****0011",
        "210321199001****001X",
        "210321199001****001x",
        "210321xxxxxxxx0014",
        "210321XXXXXXXX001X",
        "２１０３２１＊＊＊＊＊＊＊＊００１４",
        "210321××××××××0014",
        "210321########0014",
        "210321●●●●●●●●0014",
        "210321 **** **** 0014",
        "210321-19900101-****",
        "21032119900101****",
        "210321************",
        "2103**************",
        "2****************4",
        "2103211900010100*4",
        "210321190001**0014",
        "21032119000101001*",
        "210321*90*01**0014",
        "******190001010014",
        "210321〇〇〇〇〇〇〇〇0014",
        "210321****0014",
        "210321******123",
        "张某（身份证号210321********0014）",
        "张某210321********0014李某",
        "210321△△△△△△△△0014",
        "210321--------0014",
        "210321········0014",
        "210321........0014",
        "210321……0014",
        "2103211990☆☆☆☆0014",
    ],
)
def test_a_masked_identity_number_is_found(text: str) -> None:
    assert kinds(text) == ["masked_id_number"]


@pytest.mark.parametrize(
    "text",
    [
        MOBILE,
        f"联系电话{MOBILE}。",
        "138-0412-0000",
        "138 0412 0000",
        "138.0412.0000",
        "1380-412-0000",
        "138-04120000",
        "1 3 8 0 4 1 2 0 0 0 0",
        "１３８０４１２００００",
        "１３８－０４１２－００００",
        f"+86{MOBILE}",
        f"+86-{MOBILE}",
        "+86 138 0412 0000",
        f"0086{MOBILE}",
        f"(+86){MOBILE}",
        f"0{MOBILE}",
        "13\u200b804\u200b120000",
        f"tel:{MOBILE}",
        f"微信wx{MOBILE}",
        f"{MOBILE}@example.invalid",
        f"2026-11-23 {MOBILE}",
        f"0412-4822345/{MOBILE}",
        f"{MOBILE}号机主",
        "138     0412     0000",
        "138" + " " * 40 + "0412　　　0000",
        "138/0412/0000",
        "138→0412→0000",
    ],
)
def test_a_mobile_number_is_found(text: str) -> None:
    assert kinds(text) == ["mobile"]


@pytest.mark.parametrize("gap", ["\u2009", "\u202f", "\n", "\u2003"])
def test_a_mobile_number_in_two_lines_or_with_odd_spaces_is_found(gap: str) -> None:
    assert kinds(f"138{gap}0412{gap}0000") == ["mobile"]


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        CARD_16,
        f"汇入{CARD}账户",
        "6222 0212 3456 7890 128",
        "6222-0212-3456-7890-128",
        "622202 1234567890128",
        "4111 1111 1111 1111",
        "６２２２０２１２３４５６７８９０１２８",
    ],
)
def test_a_bank_card_is_found(text: str) -> None:
    assert kinds(text) == ["bank_card"]


@pytest.mark.parametrize(
    "gap", ["：", "；", "、", "─", "〜", "→", "，", "※", "……", " · · · ", "》《", ""]
)
def test_county_birthday_and_rest_are_a_number_whatever_parts_them(gap: str) -> None:
    # With a slip in the last place, too.
    for number in (WHOLE, WHOLE[:-1] + "5"):
        text = "证号" + gap.join((number[:6], number[6:14], number[14:])) + "，男"
        assert kinds(text) == ["id_number"]
        assert not any(char.isdigit() for char in mask_personal_numbers(text))


@pytest.mark.parametrize(
    "text",
    [
        "210321 1990年1月1日 0015",
        "210321，1990年01月01日生，001X",
        "210321：1990-01-01：0015",
        "２１０３２１：１９９０年１月１日：００１５",
    ],
)
def test_a_birthday_in_words_is_one_too(text: str) -> None:
    assert kinds(text) == ["id_number"]


def test_whole_numbers_are_found_as_before_and_kinds_are_named_once() -> None:
    text = f"张某{WHOLE}，{MOBILE}，李某13904120000"
    assert kinds(text) == ["id_number", "mobile", "mobile"]
    assert kinds_found(text) == "身份证件号码、手机号码"
    assert find_personal_numbers(text)[1] == (PersonalKind.MOBILE, MOBILE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        # Documents, codes, registrations.
        "示住建罚〔2026〕18号",
        "示市监许〔2026〕13804120000号",
        "第13804120000号",
        "（2026）辽0321行审13号",
        "91210321MA0000031B",
        "112103210000000197",
        "00000000000000000X",
        # Of an organisation whose nine digits look like a birth day and more.
        "91210321750906995A",
        "统一社会信用代码：91210321750906995A，地址东河路",
        "210321000012345",
        "2103216000123456",
        "JY12103210001234",
        "SC13021032100012",
        "(辽)JZ安许证字〔2026〕000123",
        "XK13-003-12345",
        # A masked code or registration that is nobody's number.
        "91210321********1B",
        "编号****0014",
        "合同***号",
        "990321********0014",
        "2103212990****0011",
        # Telephones of offices.
        "0412-4822345",
        "04124822345",
        "024-12345678",
        "400-123-4567",
        "12345",
        "12315",
        "+86-412-4822345",
        # Dates and moments.
        "2021-03-05 2021-04-12 2021-05-13 2023-06-14",
        "1998-12-31 2010-01-01",
        "20261123153012345678",
        "2026年11月23日15时30分",
        "13:30-15:00",
        "邮编210000：2019年1月1日 0412",
        "批次999999：20190101：0015",
        "210321 2026年11月23日 15时",
        # Amounts.
        "注册资本13804120000元",
        "13804120000.50元",
        "19291104007.829876",
        "138亿元、13,804,120,000元",
        "金额 1,234.56 万元，共 12 345 678 元",
        # Masked in a way that names nobody, or too long, too short, wrong.
        "138****0000",
        "6222************128",
        "1380412000",
        "138041200001",
        "12804120000",
        "6222021234567890129",
        "9999021234567890128",
        "62220212345678901285555",
    ],
)
def test_public_numbers_are_left_alone(text: str) -> None:
    assert kinds(text) == []


def test_a_code_that_is_no_credit_code_hides_nobody() -> None:
    assert kinds("91210321750906995J") == ["id_number"]
    assert kinds(f"91210321750906995A{WHOLE}") == ["id_number"]
    assert find_id_numbers_in_code("91210321750906995A") == []
    assert find_id_numbers_in_code(f"{WHOLE}、{MOBILE}") == [WHOLE]


def test_digests_are_left_alone() -> None:
    digests = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(20_000)]
    assert [digest for digest in digests if kinds(digest)] == []


def test_credit_codes_of_digits_alone_are_no_cards() -> None:
    dice = random.Random(5)
    for prefix in ("51", "52", "53", "35", "31", "91"):
        for _ in range(500):
            first = f"{prefix}210321{dice.randrange(10**9):09d}"
            code = first + uscc_check_character(first)
            if code.isdigit():
                assert "bank_card" not in kinds(code), code


@pytest.mark.parametrize("kind", ["mobile", "masked_id_number", "bank_card"])
def test_any_number_is_found_in_any_sentence(kind: str) -> None:
    dice = random.Random(kind)
    around = ["当事人", "电话：", "（", "2026年", " ", "", "，", "账号", "\n"]
    for _ in range(500):
        number = {"mobile": mobile, "masked_id_number": masked, "bank_card": card}[kind](dice)
        text = f"{dice.choice(around)}{number}{dice.choice(['。', '', '，', '）', ' 李某'])}"
        assert kind in kinds(text), text


def mobile(dice: random.Random) -> str:
    digits = f"1{dice.randrange(3, 10)}{dice.randrange(10**9):09d}"
    gap = dice.choice(["", "", " ", "-"])
    return dice.choice(["", "", "+86", "+86 "]) + gap.join((digits[:3], digits[3:7], digits[7:]))


def masked(dice: random.Random) -> str:
    mask, hidden = dice.choice("*＊xX×"), dice.choice([(6, 14), (10, 14), (6, 15), (3, 16)])
    return WHOLE[: hidden[0]] + mask * (hidden[1] - hidden[0]) + WHOLE[hidden[1] :]


def card(dice: random.Random) -> str:
    first = f"62{dice.randrange(10**16):016d}"
    last = next(digit for digit in "0123456789" if kinds(first + digit) == ["bank_card"])
    return first + last


def test_long_texts_of_words_and_dates_are_quick_and_clean() -> None:
    text = "经查，当事人于2026年3月12日至2026年5月31日期间在示例县东河路128号经营，" * 200
    assert kinds(text) == []


def test_masking_leaves_no_number_that_was_written_with_gaps() -> None:
    text = "证号210321 19000101 0014，电话138-0412-0000"
    assert not any(char.isdigit() for char in mask_personal_numbers(text))
