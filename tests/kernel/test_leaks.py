"""Identity numbers are found however they are written, and little else is."""

import hashlib

import duckdb
import pytest

from zhengxin.kernel.idcard import id_check_character
from zhengxin.kernel.leaks import CANDIDATE_RE2, find_id_numbers, mask_id_numbers
from zhengxin.kernel.regions import county_codes

NEW = "210321190001010014"
WITH_X = next(
    stem + "X" for n in range(1000) if id_check_character(stem := f"21032119850615{n:03d}") == "X"
)
OLD = "210321850615123"


@pytest.mark.parametrize(
    "text",
    [
        NEW,
        f"法定代表人张某（身份证号{NEW}）",
        f"张某{NEW}李某",
        "２１０３２１１９０００１０１００１４",
        "210321 1900 0101 0014",
        "210321-19000101-0014",
        "210321.1900.01.01.0014",
        "2 1 0 3 2 1 1 9 0 0 0 1 0 1 0 0 1 4",
        "210321 — 19000101 · 0014",
        "210321\u200b19000101\u200b0014",
        f"7{NEW}",
        f"99{NEW}88",
        f"id={NEW}&x=1",
        f"abc{NEW}def",
        f"证件\n{NEW[:6]}\n{NEW[6:]}",
        "①②③" + NEW,
    ],
)
def test_new_number_is_found(text: str) -> None:
    assert NEW in find_id_numbers(text)


@pytest.mark.parametrize(
    "gap",
    [
        *("\ufe0f\u20e3", "\u034f", "\u3164", "\u2800", "\u2009", "\u202f", "\u2028", "\x0b"),
        *(
            "\x85",
            "\0",
            "/",
            "+",
            "~",
            "\n        ",
            "（",
            "=",
            "#",
            "@",
            "&",
            "^",
            '"',
            "{",
            "%",
            " " * 40,
        ),
    ],
)
def test_nothing_set_between_two_digits_hides_a_number(gap: str) -> None:
    assert find_id_numbers(f"证号{gap.join(NEW)}，男") == [NEW]


@pytest.mark.parametrize("gap", [" ", "-", "        ", "·"])
def test_a_number_with_a_slip_is_one_also_where_people_part_it(gap: str) -> None:
    wrong = NEW[:-1] + str((int(NEW[-1]) + 1) % 10)
    assert find_id_numbers(gap.join((wrong[:6], wrong[6:14], wrong[14:]))) == [wrong]
    assert find_id_numbers(f"{wrong[:5]}{gap}{wrong[5:]}") == []


@pytest.mark.parametrize("zero", ["O", "o", "О", "〇", "\U0001d7ce", "\U0001d7ec"])
def test_a_letter_that_looks_like_a_digit_is_one(zero: str) -> None:
    assert find_id_numbers("证号" + NEW.replace("0", zero)) == [NEW]
    assert find_id_numbers(NEW.replace("1", "l")) == [NEW]


@pytest.mark.parametrize("last", ["X", "x", "Ｘ", "ｘ", " x", "-X"])
def test_number_ending_in_x_is_found_and_normalised(last: str) -> None:
    assert find_id_numbers(f"号码{WITH_X[:17]}{last}。") == [WITH_X]


@pytest.mark.parametrize(
    "text",
    [
        OLD,
        f"身份证{OLD}。",
        f"no{OLD}x",
        "２１０３２１８５０６１５１２３",
        "210321 850615 123",
        "210321-850615-123",
        f"0{OLD}",
        f"{OLD}7",
        f"000{OLD}000",
        f"2026112300{OLD}000111222",
    ],
)
def test_old_number_is_found(text: str) -> None:
    assert OLD in find_id_numbers(text)


def test_old_number_of_an_unlisted_county_is_found_when_it_stands_alone() -> None:
    assert "219999" not in county_codes()
    assert find_id_numbers("号码219999850615123") == ["219999850615123"]


@pytest.mark.parametrize(
    "text",
    [
        "112103210000000197",
        "91210321MA0000031B",
        "00000000000000000X",
        "210321190002290011",
        "990321190001010014",
        "示住建罚〔2026〕18号",
        "20261123153012345678",
        "13804120000、13904120000",
        "2021-03-05 2021-04-12 2021-05-13 2023-06-14",
        "2021-03-05\n2021-04-12\n2021-05-13",
        "2021-03-05 | 2022-03-04 | 2023-01-02",
        "210321********0014",
        "金额 1,234.56 万元，共 12 345 678 元",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find_id_numbers(text) == []


def test_digests_are_left_alone() -> None:
    digests = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(20_000)]
    assert [digest for digest in digests if find_id_numbers(digest)] == []


def test_a_new_number_is_found_even_inside_a_digest() -> None:
    assert find_id_numbers(f"ab{NEW}cdefabcdef0123456789abcdef") == [NEW]


def test_several_numbers_in_order() -> None:
    assert find_id_numbers(f"甲{OLD}，乙{NEW}；丙{WITH_X}") == [OLD, NEW, WITH_X]


def test_neighbouring_numbers_are_both_found() -> None:
    assert find_id_numbers(NEW + NEW) == [NEW, NEW]
    assert find_id_numbers(f"{NEW} {OLD}") == [NEW, OLD]


def test_masking_keeps_the_length_and_the_rest() -> None:
    text = f"张某（210321 １９００0101-0014）和李某{OLD}，罚款0.2万元"
    masked = mask_id_numbers(text)
    assert len(masked) == len(text)
    assert masked == "张某（****** ********-****）和李某***************，罚款0.2万元"
    assert find_id_numbers(masked) == []


def test_masking_text_without_numbers_changes_nothing() -> None:
    assert mask_id_numbers("示例县税务局 2026年11月23日") == "示例县税务局 2026年11月23日"


def test_the_county_table_knows_taian_and_abolished_counties() -> None:
    codes = county_codes()
    assert {"210321", "210323", "110103", "510228"} <= codes
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert 6_000 < len(codes) < 7_000


def test_the_pattern_for_columns_lets_no_number_through() -> None:
    texts = [
        f"身份证号{NEW}",
        "210321 1900 0101 0014",
        "210321\u200b19000101\u200b0014",
        "２１０３２１１９０００１０１００１４",
        "210321 — 19000101 · 0014",
        f"{WITH_X[:17]}x",
        f"0{OLD}",
    ]
    pattern = "SELECT count(*) FROM unnest(?) AS t(text) WHERE regexp_matches(text, ?)"
    with duckdb.connect() as engine:
        assert engine.execute(pattern, [texts, CANDIDATE_RE2]).fetchone() == (len(texts),)
        assert engine.execute(pattern, [["电话13804120000"], CANDIDATE_RE2]).fetchone() == (0,)


def test_a_mistyped_number_of_a_real_county_is_a_person_all_the_same() -> None:
    # The right last character is X for this invented number.
    assert find_id_numbers("核准身份证110105194912310021决定书") == ["110105194912310021"]
    assert find_id_numbers("编号990121194912310021") == []
    assert find_id_numbers("合同号110105190013310021") == []
