"""What must go up next, when it is tried again, what an answer means: values in, verdicts out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from zhengxin.handover.rules import (
    LONGEST_PAUSE,
    next_try,
    place_of,
    row_faults,
    state_after,
    state_of_answers,
    wanted,
)
from zhengxin.handover.types import (
    AnswerRow,
    Known,
    Operation,
    Standing,
    Template,
    TemplateField,
    Version,
    Wanted,
)

AT = datetime(2026, 11, 28, 9, tzinfo=UTC)


def version(
    entry_id: int, *, stands: bool = True, must: bool = True, sealed: str = "", over: bool = False
) -> Version:
    return Version(entry_id, 7, "penalty", stands, must, sealed, over)


def test_what_was_repaired_is_told_to_whom_has_it_and_to_nobody_else() -> None:
    repaired = replace(version(1, over=True), repaired=True)
    told = wanted([repaired], Known(1))
    assert (told.operation, told.because) == (Operation.REPAIR, "已修复，停止共享使用。")
    never_sent = wanted([repaired], Known())
    assert (never_sent.operation, never_sent.exempt) == (None, True)
    assert wanted([version(1)], Known(1, over=True)).operation is Operation.CORRECT


@pytest.mark.parametrize(
    ("versions", "known", "operation", "entry_id"),
    [
        ([version(1)], Known(), Operation.NEW, 1),
        ([version(1)], Known(1), None, 1),
        ([version(1, stands=False), version(2)], Known(1), Operation.CORRECT, 2),
        # Corrected before it was ever sent: the newer one goes as new.
        ([version(1, stands=False), version(2)], Known(), Operation.NEW, 2),
        # The correction was withdrawn: the older version stands again.
        ([version(1), version(2, stands=False)], Known(2), Operation.CORRECT, 1),
        ([version(1, stands=False)], Known(1), Operation.REVOKE, 1),
        ([version(1, stands=False)], Known(), None, 1),
        ([version(1, sealed="国家秘密。")], Known(1), Operation.REVOKE, 1),
        ([version(1, must=False)], Known(), None, 1),
        ([version(1, over=True)], Known(1), Operation.REPAIR, 1),
        ([version(1, over=True)], Known(1, over=True), None, 1),
        ([version(1)], Known(1, over=True), Operation.CORRECT, 1),
    ],
)
def test_what_the_peer_is_told_next(
    versions: list[Version], known: Known, operation: Operation | None, entry_id: int
) -> None:
    found = wanted(versions, known)
    assert (found.operation, found.entry_id) == (operation, entry_id)


def test_what_may_be_given_to_nobody_says_why() -> None:
    found = wanted([version(1, sealed="国家秘密。")], Known())
    assert (found.exempt, found.because) == (True, "国家秘密。")


def test_what_the_peer_sent_itself_is_not_told_back() -> None:
    theirs = replace(version(2), came=True)
    assert wanted([theirs], Known()).exempt
    found = wanted([version(1, stands=False), theirs], Known(1))
    assert (found.operation, found.exempt) == (None, False)


def test_what_was_rejected_does_not_go_again_by_itself() -> None:
    want = Wanted(2, 7, "penalty", Operation.CORRECT)
    rejected = {"last": "rejected", "last_line": (2, "correct")}
    assert state_after(want, **rejected)[0] is Standing.REJECTED
    newer = Wanted(3, 7, "penalty", Operation.CORRECT)
    assert state_after(newer, **rejected)[0] is Standing.DUE


def test_pauses_grow_and_never_end() -> None:
    assert next_try(0, None) is None
    pauses = [next_try(n, AT) - AT for n in range(1, 40)]  # type: ignore[operator]
    assert pauses[:4] == [timedelta(minutes=m) for m in (1, 2, 4, 8)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


TEMPLATE = Template(
    source="penalties",
    kind="penalty",
    title="行政处罚",
    fields=(
        TemplateField("CF_WSH", "文号", length=5, required=True),
        TemplateField("CF_XDR_LB", "类别", choices=("自然人", "法人及非法人组织")),
        TemplateField("CF_XDR_ZJHM", "证件号码", when=("CF_XDR_LB", ("自然人",))),
        TemplateField("CF_JDRQ", "日期", is_date=True),
    ),
    number_field="CF_WSH",
    party_field="CF_XDR_MC",
)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"CF_WSH": "一号"}, ""),
        ({}, "缺少文号"),
        ({"CF_WSH": "一二三四五六"}, "最多5个"),
        ({"CF_WSH": "一号", "CF_XDR_LB": "公司"}, "代码表"),
        ({"CF_WSH": "一号", "CF_XDR_LB": "自然人"}, "缺少证件号码"),
        ({"CF_WSH": "一号", "CF_JDRQ": "2026/1/2"}, "不是日期"),
        ({"CF_WSH": "一\x00号"}, "控制字符"),
    ],
)
def test_a_row_is_held_to_the_template(values: dict[str, str], word: str) -> None:
    found = "".join(row_faults(TEMPLATE, values))
    assert (word in found) if word else found == ""


def test_contradictions_are_shown() -> None:
    assert state_of_answers([True]) is Standing.ACCEPTED
    assert state_of_answers([False]) is Standing.REJECTED
    assert state_of_answers([True, False]) is Standing.CONTRADICTED


def answer(file: str, row: int | None) -> AnswerRow:
    return AnswerRow(2, "city-2026-000001", file, row, "", "", True, "")


def test_a_row_without_its_file_is_not_guessed() -> None:
    rows = {(0, 1): 10, (1, 1): 11}
    assert place_of(answer("b.csv", 1), ["a.csv", "b.csv"], rows) == 11
    assert place_of(answer("", 1), ["a.csv", "b.csv"], rows) is None
    assert place_of(answer("", 1), ["a.csv"], rows) == 10
    assert place_of(answer("c.csv", 1), ["a.csv"], rows) is None
