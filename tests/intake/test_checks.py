"""Every rule of a source, on rows that break exactly one of them."""

from pathlib import Path

import pytest

from tests.intake.files import (
    FIRM,
    PERSON,
    SHOP,
    check_bytes,
    check_rows,
    csv_text,
    sound_row,
    table,
    the_source,
)
from zhengxin.kernel.personal import find_personal_numbers
from zhengxin.kernel.uscc import check_uscc

FILLER = "0" * 17 + "X"
SHOP_ROW = {"CF_XDR_LB": "个体工商户", "CF_XDR_SHXYM": SHOP}
BROKEN = [
    ({"CF_XDR_MC": ""}, "missing", "必填，不能为空。"),
    ({"CF_WSH": "　 "}, "missing", "必填，不能为空。"),
    ({"CF_XDR_SHXYM": ""}, "missing_when", "类别是法人及非法人组织、个体工商户时必填"),
    (
        {"CF_XDR_LB": "自然人", "CF_XDR_SHXYM": "", "CF_FRDB": ""},
        "missing_when",
        "类别是自然人时必填",
    ),
    ({"CF_XDR_MC": "长" * 201}, "too_long", "最多200个字，现有201个。"),
    ({"CF_JDRQ": "2026/13/02"}, "bad_date", "不是一个日期，没有13月。"),
    ({"CF_JDRQ": "2026-2-30"}, "bad_date", "不是一个日期，2月没有30日。"),
    ({"CF_JDRQ": "上周五"}, "bad_date", "不是一个日期。"),
    ({"CF_JDRQ": "2026-11-24"}, "future_date", "晚于收到的日期（2026年11月23日）。"),
    ({"CF_JDRQ": "1948-01-01"}, "early_date", "早于1949年10月1日。"),
    ({"CF_NR_FK": "2000元"}, "bad_amount", "带有单位"),
    ({"CF_NR_FK": "两千"}, "bad_amount", "不是金额。"),
    ({"CF_NR_FK": "-0.2"}, "bad_amount", "金额不能是负数。"),
    ({"CF_XDR_SHXYM": FIRM[:-1] + "C"}, "bad_code", "校验位不符：按前17位计算，末位应为B。"),
    ({"CF_XDR_SHXYM": FIRM[:-1]}, "bad_code", "统一社会信用代码应为18位，现为17位。"),
    ({"CF_CFJGDM": FILLER}, "filler_not_here", "17个0加X只能代表没有代码的个体工商户。"),
    ({"CF_XDR_LB": "公司"}, "not_in_list", "代码表里没有这个值。"),
    ({"CF_CFLB": "警告；口头教育"}, "unknown_kind", "不认识的处罚类别：口头教育。"),
    (
        {"CF_XDR_SHXYM": FILLER},
        "filler_needs_registration_number",
        "这一行的类别是法人及非法人组织",
    ),
    (SHOP_ROW | {"CF_XDR_SHXYM": FILLER}, "filler_needs_registration_number", "并须填工商注册号"),
    ({"CF_XDR_SHXYM": SHOP}, "code_prefix_fits_category", "92开头的代码是个体工商户。"),
    ({"CF_XDR_LB": "个体工商户"}, "code_prefix_fits_category", "代码却不是92开头。"),
    (
        {"CF_XDR_LB": "自然人", "CF_XDR_ZJHM": PERSON},
        "person_has_no_code",
        "自然人没有统一社会信用代码。",
    ),
    (
        {"CF_XDR_LB": "自然人", "CF_XDR_SHXYM": "", "CF_XDR_ZJHM": PERSON[:-1] + "5"},
        "bad_id_number",
        "",
    ),
    ({"CF_SY": "适用简易程序，当场处罚。"}, "pattern_refused", "当场处罚的决定不报送"),
    ({"CF_SY": "适用简\n易程序处理。"}, "pattern_refused", "当场处罚的决定不报送"),
    ({"CF_NR": "当场作出行政处罚决定，罚款200元。"}, "pattern_refused", "当场处罚的决定不报送"),
    ({"CF_WSH": "行政处罚事先告知书"}, "pattern_refused", "处罚还没有作出"),
    ({"CF_WSH": "示市监罚告〔2026〕31号"}, "pattern_refused", "处罚还没有作出"),
    ({"CF_WSH": "示市监听告字（2026）31号"}, "pattern_refused", "处罚还没有作出"),
    ({"BZ": "机密★三年"}, "pattern_refused", "涉密的决定不报送"),
]


def test_each_broken_rule_is_named_and_refuses_its_row(tmp_path: Path) -> None:
    rows = [sound_row(n, **changed) for n, (changed, _, _) in enumerate(BROKEN, start=1000)]
    found = check_rows(tmp_path, [*rows, sound_row(1)])
    assert found.codes == [(n, code) for n, (_, code, _) in enumerate(BROKEN, start=2)]
    for fault, (_changed, _code, because) in zip(found.faults, BROKEN, strict=True):
        assert because in fault[4]
        assert fault[6] == "refuse"
        assert fault[4].endswith("。")
        assert fault[5].endswith("。")
    counts = (found.checked.rows, found.checked.records, found.checked.refused)
    assert counts == (len(BROKEN) + 1, len(BROKEN) + 1, len(BROKEN))


def test_a_row_not_to_be_reported_names_the_column_and_only_the_words(tmp_path: Path) -> None:
    (fault,) = check_rows(tmp_path, [sound_row(1, BZ="甲机密★三年，详见附件")]).faults
    assert fault[1:4] == ("备注", "pattern_refused", "机密★")


SOUND = [
    {"CF_JDRQ": text}
    for text in (
        "2026-1-5",
        "2026.1.5",
        "2026/1/5",
        "2026年1月5日",
        "20260105",
        "46027",
        "２０２６－１－５",
        " 2026-01-05 ",
        "2026-01-05 00:00:00",
        "2026/01/05 0:00",
    )
] + [
    {"CF_XDR_SHXYM": FIRM.lower()},
    {"CF_XDR_SHXYM": "".join(chr(ord(c) + 0xFEE0) for c in FIRM)},
    {"CF_XDR_SHXYM": " " + FIRM[:8] + " " + FIRM[8:] + "　"},
    {"CF_NR_FK": "1,000.0"},
    {"CF_NR_FK": "０.２"},
    {"CF_NR_FK": "0.2万元"},
    {"CF_XDR_LB": "法人"},
    {"CF_XDR_LB": "０２"},
    {"CF_CFLB": "罚款,没收违法所得（没收非法财物）"},
    SHOP_ROW,
    SHOP_ROW | {"CF_XDR_SHXYM": FILLER, "CF_XDR_GSZC": "210321600012345"},
    {"CF_XDR_LB": "自然人", "CF_XDR_SHXYM": "", "CF_XDR_ZJHM": PERSON, "CF_FRDB": ""},
    {"CF_XDR_LB": "自然人", "CF_XDR_SHXYM": "", "CF_XDR_ZJHM": "810000199408230021", "CF_FRDB": ""},
]


def test_other_ways_of_writing_are_understood(tmp_path: Path) -> None:
    rows = [sound_row(n, **changed) for n, changed in enumerate(SOUND, start=1000)]
    found = check_rows(tmp_path, rows)
    assert found.faults == []
    assert found.checked.records == len(SOUND)


def test_doubts_admit_the_row(tmp_path: Path) -> None:
    text = f"当事人（身份证号{PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}）在场。"
    found = check_rows(tmp_path, [sound_row(1, CF_NR_FK="2000"), sound_row(2, CF_SY=text)])
    assert found.codes == [(2, "amount_plausible"), (3, "id_in_text")]
    assert {row[6] for row in found.faults} == {"warn"}
    assert found.checked.refused == 0


def test_all_faults_of_a_row_are_collected(tmp_path: Path) -> None:
    found = check_rows(
        tmp_path, [sound_row(1, CF_XDR_MC="", CF_JDRQ="x", CF_NR_FK="y", CF_CFJG="")]
    )
    assert [code for _row, code in found.codes] == ["missing", "bad_amount", "bad_date", "missing"]
    assert found.checked.refused == 1


def test_twins_within_a_file(tmp_path: Path) -> None:
    rows = [
        sound_row(1),
        sound_row(1),
        sound_row(2),
        sound_row(2, CF_WSH="示市监罚[2026]2号", CF_NR="警告。"),
        sound_row(3),
        sound_row(3, CF_XDR_MC="另一当事人有限公司", CF_XDR_SHXYM="91110000600037341L"),
        sound_row(4, CF_WSH="无"),
        sound_row(5, CF_WSH="无", CF_SY="另一件事。"),
        sound_row(4, CF_WSH="无"),
    ]
    found = check_rows(tmp_path, rows)
    assert found.codes == [
        (3, "repeated"),
        (4, "contradicting"),
        (5, "contradicting"),
        (10, "repeated"),
    ]
    assert "与第5行的文书号和当事人相同" in found.faults[1][4]
    assert found.checked.refused == 4


def test_a_contradicting_twin_is_told_which_row_differs(tmp_path: Path) -> None:
    found = check_rows(tmp_path, [sound_row(1), sound_row(1), sound_row(1, CF_NR="警告。")])
    assert found.codes == [(n, "contradicting") for n in (2, 3, 4)]
    assert [f"与第{n}行" in row[4] for n, row in zip((4, 4, 2), found.faults, strict=True)] == [
        True
    ] * 3


@pytest.mark.parametrize("odd", ["\u2060", "\u0085", "\u200b", "\ufeff", "\u2003", "\u3000"])
def test_marks_nobody_sees_are_no_part_of_a_cell(tmp_path: Path, odd: str) -> None:
    rows = [
        sound_row(1),
        sound_row(1, CF_WSH=f"{odd}示市监罚〔2026〕1号{odd}", CF_YJ=f"{odd}价格法"),
    ]
    rows[0]["CF_YJ"] = "价格法"
    assert check_rows(tmp_path, rows).codes == [(3, "repeated")]


@pytest.mark.parametrize("field", ["CF_SJLYDM", "CF_XDR_SHXYM"])
def test_the_columnar_check_digit_agrees_with_the_kernel(
    tmp_path: Path, shared_data: Path, field: str
) -> None:
    listed = (shared_data / "reference" / "uscc_valid_100.csv").read_text(encoding="utf-8-sig")
    codes = [
        cell for line in listed.splitlines() for cell in line.split(",") if len(cell.strip()) == 18
    ]
    assert len(codes) >= 100
    wrong = [code[:-1] + ("0" if code[-1] != "0" else "1") for code in codes]
    source = the_source()
    rows = [sound_row(n, **{field: code}) for n, code in enumerate([*codes, *wrong])]
    found = check_rows(tmp_path, rows, source)
    expected = [
        (n + 2, "bad_code") for n, code in enumerate([*codes, *wrong]) if check_uscc(code).reason
    ]
    assert [each for each in found.codes if each[1] == "bad_code"] == expected
    assert len(expected) == len(wrong)


def test_a_file_of_only_faults(tmp_path: Path) -> None:
    found = check_rows(tmp_path, [sound_row(n, CF_XDR_MC="") for n in range(500)])
    assert (found.checked.records, found.checked.refused, len(found.faults)) == (500, 500, 500)


def test_a_header_alone_is_an_empty_report(tmp_path: Path) -> None:
    found = check_rows(tmp_path, [])
    assert (found.checked.rows, found.checked.records, found.faults) == (0, 0, [])


def test_values_that_look_like_formulas_are_values(tmp_path: Path) -> None:
    found = check_rows(tmp_path, [sound_row(1, BZ='=HYPERLINK("x")', CF_WFXW="+1")])
    assert found.faults == []


def test_blank_rows_count_for_nothing_and_shift_no_number(tmp_path: Path) -> None:
    cells = table([sound_row(1), {}, sound_row(2, CF_XDR_MC="")])
    found = check_bytes(tmp_path, csv_text(cells).encode())
    assert found.checked.rows == 2
    assert found.codes == [(4, "missing")]
    lines = csv_text(table([sound_row(1), sound_row(2, CF_XDR_MC="")])).split("\r\n")
    lines.insert(2, "")
    again = check_bytes(tmp_path, "\r\n".join(lines).encode())
    assert again.codes == [(4, "missing")]


@pytest.mark.parametrize(
    ("field", "written", "says"),
    [
        ("CF_SY", "当事人张三，电话138-0412-0000。", "手机号码，这段文字不能公开"),
        ("CF_WFXW", "退款至6222 0212 3456 7890 128", "银行卡号：这一行不会公开"),
        ("CF_WSH", "13804120000", "手机号码：这一行不会公开"),
        ("CF_XDR_GSZC", "13804120000", "手机号码：这一行不会公开"),
        ("CF_XDR_GSZC", "210321190001010014", "身份证件号码：这一行不会公开"),
    ],
)
def test_a_number_that_keeps_a_row_from_the_public_is_said_and_not_shown(
    tmp_path: Path, field: str, written: str, says: str
) -> None:
    found = check_rows(tmp_path, [sound_row(1, **{field: written}), sound_row(2)])
    assert found.codes == [(2, "personal_number")]
    [fault] = found.faults
    assert says in fault[4]
    assert "*" in fault[3]
    assert not find_personal_numbers(fault[3])
    assert (fault[6], found.checked.refused) == ("warn", 0)


def test_an_identity_number_hides_a_mobile_number_on_the_receipt_as_well(tmp_path: Path) -> None:
    text = "当事人张三，身份证２１０３２１１９０００１０１００１４，电话13804120000。"
    found = check_rows(tmp_path, [sound_row(1, CF_SY=text)])
    assert found.codes == [(2, "id_in_text")]
    assert "13804120000" not in found.faults[0][3]
