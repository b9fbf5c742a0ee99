"""What is wrong with a suspected cell, in the reader's words; None where the suspicion was wrong. Pure."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date

from zhengxin.intake.types import Column, ColumnType, Disclosure, RowRule, Source
from zhengxin.kernel import idcard, uscc
from zhengxin.kernel.leaks import find_id_numbers
from zhengxin.kernel.personal import kinds_found, mask_personal_numbers
from zhengxin.kernel.say import say

Reason = tuple[str, str]
Row = Mapping[str, str | None]
SHOWN = 120
_DAY = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})")

LABELS = {
    "missing": "必填项为空",
    "missing_when": "该填的项为空",
    "too_long": "文字过长",
    "bad_date": "日期有误",
    "early_date": "日期有误",
    "future_date": "日期有误",
    "bad_amount": "金额有误",
    "bad_code": "代码校验位不符",
    "filler_not_here": "代码有误",
    "bad_id_number": "证件号码有误",
    "not_in_list": "代码表里没有的值",
    "unknown_kind": "代码表里没有的值",
    "id_in_text": "文字中有证件号码",
    "personal_number": "有不公开的号码",
    "formula": "公式",
    "error_value": "错误值",
    "digits_lost": "数字丢失末位",
    "control": "有不可见的字符",
    "cell_count": "单元格个数不对",
    "repeated": "重复行",
    "contradicting": "同一文书号内容不同",
    "recorded": "已入账的记录",
    "filler_needs_registration_number": "代码有误",
    "code_prefix_fits_category": "代码与类别不符",
    "person_has_no_code": "代码与类别不符",
    "valid_from_before_to": "日期有误",
    "pattern_refused": "不应报送",
    "amount_plausible": "金额可能不是万元",
    "one_of": "该填的项为空",
    "sender_decided": "机关与报送单位不符",
    "two_organs": "机关的名称与代码不符",
    "unsure": "主体不能确定",
    "none": "主体不能确定",
}


def label(code: str) -> str:
    """The name of a kind of fault, under which the receipt counts it."""
    return say(LABELS[code])


def explain_cell(
    code: str, column: Column, value: str | None, raw: str, today: date
) -> Reason | None:
    """Why a cell is wrong and what to do about it, or None when it is sound after all.

    value: the clean text; raw: the cell as it came (with our marks).
    """
    return _CELLS[code](column, value or "", raw, today)


def _missing(column: Column, _v: str, _r: str, _t: date) -> Reason:
    remedy = say("请填写{header}。", header=column.header)
    if column.role == "document_number":
        remedy = say("填决定书上的文号；确实没有文号的，填“无”并在备注中说明。")
    return say("必填，不能为空。"), remedy


def _missing_when(column: Column, _v: str, _r: str, _t: date) -> Reason:
    assert column.required_when is not None
    values = "、".join(column.required_when.values)
    return (
        say("这一行的类别是{values}时必填，现在是空的。", values=values),
        say("请填写{header}，或核对类别。", header=column.header),
    )


def _too_long(column: Column, value: str, _r: str, _t: date) -> Reason:
    return (
        say("最多{most}个字，现有{found}个。", most=column.length, found=len(value)),
        say("请缩短，或把说明移到备注。"),
    )


def _bad_date(_c: Column, value: str, _r: str, _t: date) -> Reason:
    because = say("不是一个日期。")
    if found := _DAY.search(value):
        month, day = int(found[2]), int(found[3])
        if not 1 <= month <= 12:
            because = say("不是一个日期，没有{month}月。", month=month)
        elif not 1 <= day <= monthrange(int(found[1]), month)[1]:
            because = say("不是一个日期，{month}月没有{day}日。", month=month, day=day)
    return because, say("请改成2026-10-02这样的写法。")


def _early_date(_c: Column, _v: str, _r: str, _t: date) -> Reason:
    return say("早于1949年10月1日。"), say("请核对年份。")


def _future_date(_c: Column, _v: str, _r: str, today: date) -> Reason:
    return (
        say(
            "晚于收到的日期（{year}年{month}月{day}日）。",
            year=today.year,
            month=today.month,
            day=today.day,
        ),
        say("请核对决定书上的日期。"),
    )


def _bad_amount(_c: Column, value: str, _r: str, _t: date) -> Reason:
    if value.startswith("-"):
        return say("金额不能是负数。"), say("请核对后填写，单位是万元。")
    if value.endswith("元"):
        return (
            say("带有单位，无法确定是元还是万元。"),
            say("请只填数字，单位是万元：2000元填0.2。"),
        )
    return say("不是金额。"), say("请只填数字，单位是万元，最多6位小数：2000元填0.2。")


def _bad_code(_c: Column, value: str, _r: str, _t: date) -> Reason | None:
    verdict = uscc.check_uscc(value)
    if verdict.state is not uscc.CodeState.BAD:
        return None
    return verdict.reason + "。", say("对照营业执照（或登记证书）核对18位，可能是录错或少一位。")


def _filler_not_here(_c: Column, _v: str, _r: str, _t: date) -> Reason:
    return (
        say("17个0加X只能代表没有代码的个体工商户。"),
        say("请填写真实的统一社会信用代码。"),
    )


def _bad_id_number(_c: Column, value: str, _r: str, _t: date) -> Reason | None:
    verdict = idcard.check_id_number(value)
    if verdict.state is not idcard.IdState.BAD:
        return None
    return verdict.reason + "。", say("请对照证件核对。")


def _not_in_list(column: Column, _v: str, _r: str, _t: date) -> Reason:
    known = "、".join(choice.label for choice in column.choices)
    return say("代码表里没有这个值。"), say("请改成以下之一：{known}。", known=known)


def _id_in_text(column: Column, value: str, _r: str, _t: date) -> Reason | None:
    if not find_id_numbers(value):
        return None
    return (
        say("文字中有身份证件号码，这一项不会公开。"),
        say("请删去号码后重新报送；在此之前其他项照常入账。"),
    )


def _personal_number(column: Column, value: str, _r: str, _t: date) -> Reason | None:
    closed = column.looked_through and bool(find_id_numbers(value))
    kinds = kinds_found(value)
    if closed or not kinds:
        return None
    if column.disclosure is Disclosure.TEXT:
        return (
            say("文字中有{kinds}，这段文字不能公开。", kinds=kinds),
            say("请删去号码后重新报送；在此之前照常入账。"),
        )
    return (
        say("这一项会随记录公开，里面却有{kinds}：这一行不会公开。", kinds=kinds),
        say("请删去号码后重新报送；在此之前照常入账，只是不公开。"),
    )


def _mark(column: Column, _v: str, raw: str, _t: date) -> Reason:
    if raw.startswith("\x01"):
        return (
            say("单元格里是公式，不是值。"),
            say("请选中这一列，复制后“选择性粘贴”为数值，再上传。"),
        )
    if raw.startswith("\x05"):
        return (
            say("单元格里是表格软件算出的错误值，不是内容。"),
            say("请在原表中改正公式，或按原件重新填写这一格，再上传。"),
        )
    if raw.startswith("\x04"):
        return (
            say("存成了数值，超过15位的数字已丢失末位，找不回来。"),
            say("请把这一列设为文本格式，按原件重新录入。"),
        )
    return (
        say("有不可见的控制字符。"),
        say("请删去这一格后重新输入，不要从其他系统直接粘贴。"),
    )


_CELLS: dict[str, Callable[[Column, str, str, date], Reason | None]] = {
    "missing": _missing,
    "missing_when": _missing_when,
    "too_long": _too_long,
    "bad_date": _bad_date,
    "early_date": _early_date,
    "future_date": _future_date,
    "bad_amount": _bad_amount,
    "bad_code": _bad_code,
    "filler_not_here": _filler_not_here,
    "bad_id_number": _bad_id_number,
    "not_in_list": _not_in_list,
    "id_in_text": _id_in_text,
    "personal_number": _personal_number,
    "mark": _mark,
}


def mark_code(raw: str) -> str:
    """Which of our marks of a cell it is."""
    marks = {"\x01": "formula", "\x04": "digits_lost", "\x05": "error_value"}
    return marks.get(raw[:1], "control")


def explain_row(rule: RowRule, source: Source, row: Row) -> Reason:
    """Why a row breaks a row rule, in the description's words where it has any."""
    because, remedy = _ROWS[rule.rule](rule, source, row)
    return rule.because or because, rule.remedy or remedy


def _filler(rule: RowRule, source: Source, row: Row) -> Reason:
    registration = source.by_field[rule.options["registration"]].header
    column = source.by_role.get("party_category")
    category = row.get(column.field) if column is not None else None
    if category and category != uscc.PartyCategory.INDIVIDUAL_BUSINESS.label:
        return (
            say(
                "17个0加X只能代表没有统一社会信用代码的个体工商户，这一行的类别是{category}。",
                category=category,
            ),
            say("请填写真实代码；确是个体工商户的，请改类别，并填{name}。", name=registration),
        )
    return (
        say("17个0加X只能代表没有统一社会信用代码的个体工商户，并须填{name}。", name=registration),
        say("请补填{name}，或填写真实代码。", name=registration),
    )


def _prefix(_rule: RowRule, source: Source, row: Row) -> Reason:
    code = row.get(source.by_role["party_code"].field) or ""
    if code.startswith("92"):
        return say("92开头的代码是个体工商户。"), say("确认是类别填错，还是代码填错。")
    return (
        say("类别是个体工商户，代码却不是92开头。"),
        say("确认是类别填错，还是代码填错。"),
    )


def _person(_rule: RowRule, _source: Source, _row: Row) -> Reason:
    return say("自然人没有统一社会信用代码。"), say("请改类别，或删去代码。")


def _order(_rule: RowRule, source: Source, row: Row) -> Reason:
    end = source.by_role["valid_to"]
    value = row.get(end.field) or ""
    return (
        say("晚于{header}（{value}）。", header=end.header, value=value),
        say("两列可能填反，请核对决定书。"),
    )


def _pattern(_rule: RowRule, _source: Source, _row: Row) -> Reason:
    return say("这一行不应报送。"), say("请从文件中删去这一行。")


def _amount(rule: RowRule, _source: Source, _row: Row) -> Reason:
    return (
        say("超过{above}万元，可能是按元填的。", above=rule.options["above"]),
        say("请核对单位：2000元应填0.2。"),
    )


def _one_of(rule: RowRule, source: Source, _row: Row) -> Reason:
    names = "、".join(source.by_field[field].header for field in rule.options["fields"])
    return say("{names}至少要填一项。", names=names), say("请补填其中一项。")


_ROWS: dict[str, Callable[[RowRule, Source, Row], Reason]] = {
    "filler_needs_registration_number": _filler,
    "code_prefix_fits_category": _prefix,
    "person_has_no_code": _person,
    "valid_from_before_to": _order,
    "pattern_refused": _pattern,
    "amount_plausible": _amount,
    "one_of": _one_of,
}


def explain_count(found: int, expected: int) -> Reason:
    """A line of a text file with too few or too many cells."""
    if found < expected:
        return (
            say("这一行只有{found}格，应有{expected}格。", found=found, expected=expected),
            say("可能是漏了分隔符，请对照原表补齐。"),
        )
    return (
        say("这一行有{found}格，应为{expected}格。", found=found, expected=expected),
        say("可能是文字里有逗号，请给这一格加上引号，或用XLSX上传。"),
    )


def explain_kinds(unknown: str) -> Reason:
    """Words that are no kind of penalty (行政处罚法第九条)."""
    return (
        say("不认识的处罚类别：{words}。", words=mask_personal_numbers(unknown)),
        say("请用行政处罚法第九条的名称，多个之间用分号隔开。"),
    )


def explain_twin(other: int, *, same: bool) -> Reason:
    """Two rows of one file with the same natural key."""
    if same:
        return (
            say("与第{row}行是同一条，内容相同。", row=other),
            say("删去一行；如是两次决定，请补不同的文书号。"),
        )
    return (
        say("同一文书号内容不同：与第{row}行的文书号和当事人相同，其他内容不同。", row=other),
        say("两行都未收；请核对决定书，只留正确的一行。"),
    )


def explain_organ(header: str, other: str, sender: str) -> Reason:
    """A decision of another unit of the register than the one that sends it."""
    return (
        say("{header}是{other}，由{sender}报送。", header=header, other=other, sender=sender),
        say("代报的，请由信用办（牵头归集的单位）代为报送；写错的，请改正。"),
    )


def explain_disagreeing(header: str, organ: str, whose: str) -> Reason:
    """The organ's name is one unit's and its code another's."""
    return (
        say(
            "{header}是{whose}的，机关名称却写的是{organ}。",
            header=header,
            whose=whose,
            organ=organ,
        ),
        say("请对照决定书，把机关的名称和代码改成同一个单位的，再上传。"),
    )


def explain_sealed(n: int) -> str:
    """How many records of a file the law seals, said of the whole file."""
    return say(
        "{n}条依治安管理处罚法封存，不公示，也不提供；更正、撤回以后再报，仍然封存。", n=f"{n:,}"
    )


def explain_erased() -> Reason:
    """The ledger has a record of this document whose content was erased."""
    return (
        say("这份文书的记录内容已依法抹去，不能再报。"),
        say("再报会把抹去的内容带回来。确需重新登记的，请先与信用办核对依据。"),
    )


def explain_recorded(entry_id: int) -> Reason:
    """The same record is in the ledger already."""
    return (
        say("这条记录已经入账（记录号{entry}），内容相同。", entry=entry_id),
        say("不必重报；要更正时，改动内容后重新上传。"),
    )


def refused_words(rule: RowRule, row: Row) -> tuple[str, str]:
    """The column and the words for which a row is not to be reported; ("", "") for other rules.

    Only the words are shown: the rest of such a cell may be secret.
    """
    if rule.rule == "pattern_refused":
        for field in rule.options["fields"]:
            if found := re.search(rule.options["pattern"], row.get(field) or ""):
                return field, found.group()
    return "", ""


def shown(column: Column | None, raw: str) -> str:
    """The value as a fault shows it: without our marks or persons' numbers, not longer than a line or two."""
    text = mask_personal_numbers(raw.lstrip("\x01\x04\x05").strip())
    if not text and raw.startswith("\x01"):
        return say("公式（没有保存结果）")
    if column is not None and column.type is ColumnType.ID_NUMBER and len(text) > 8:
        return f"{text[:6]}****{text[-2:]}"
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
