"""What the rulebook answers, and what it refuses to answer."""

from datetime import date

import pytest

from zhengxin.rulebook import queries
from zhengxin.rulebook.enums import Grade, LawStatus, ReportException
from zhengxin.rulebook.types import Citation

TODAY = date(2026, 11, 23)


def test_five_record_kinds() -> None:
    kinds = {kind.code: kind for kind in queries.record_kinds()}
    assert set(kinds) == {"licence", "penalty", "judgment", "judgment_defaulter", "honour"}
    assert {code for code, kind in kinds.items() if kind.adverse} == {
        "penalty",
        "judgment",
        "judgment_defaulter",
    }
    assert kinds["penalty"].report_exceptions == set(ReportException)
    assert kinds["licence"].report_exceptions == {ReportException.CLASSIFIED}
    assert kinds["penalty"].duties == ("double_publicity", "market_supervision_publicity")


def test_unknown_record_kind_is_refused() -> None:
    with pytest.raises(queries.NoRule, match="grudge"):
        queries.record_kind("grudge")


def test_an_ungraded_penalty_has_no_period() -> None:
    with pytest.raises(queries.NoRule, match="未定档"):
        queries.display_rule("penalty", None, TODAY)


def test_a_day_before_every_rule_is_refused() -> None:
    with pytest.raises(queries.NoRule):
        queries.display_rule("penalty", "general", date(2006, 12, 31))
    with pytest.raises(queries.NoRule):
        queries.penalty_grade(["warning"], date(2006, 12, 31))


def test_a_shortened_period_cites_both_rules() -> None:
    document_on = date(2024, 5, 10)
    rule = queries.display_rule("penalty", Grade.GENERAL, document_on)
    texts = [citation.text for citation in rule.citations(document_on)]
    assert any("第58号" in text for text in texts)
    assert any("第36号" in text for text in texts)
    assert any(citation.from_memory for citation in rule.citations(document_on))
    unshortened = queries.display_rule("penalty", "serious", document_on)
    assert len(unshortened.citations(document_on)) == 1


def test_a_rule_in_force_is_not_shortened() -> None:
    rule = queries.display_rule("penalty", "general", TODAY)
    assert rule.shortened_by is None
    assert rule.citations(TODAY) == (rule.citation,)


def test_a_defaulter_listing_comes_down_in_three_working_days() -> None:
    rule = queries.display_rule("judgment_defaulter", None, TODAY)
    assert rule.removal_working_days == 3
    assert rule.citation.status is LawStatus.MEMORY


def test_a_citation_says_what_was_not_read() -> None:
    read = queries.duty_terms("penalty", TODAY, frozenset({"market_supervision"}))[1].citation
    assert read.text == "市场监督管理行政处罚信息公示规定（市场监管总局令第45号）第九条"
    assert not read.needs_confirmation
    excerpt = queries.display_rule("penalty", "general", TODAY).citation
    assert excerpt.text == "信用修复管理办法（国家发展改革委令第36号）（待核实）"
    assert excerpt.needs_confirmation
    assert not excerpt.from_memory


def test_last_day_in_force_is_included() -> None:
    citation = Citation("甲", "第一条", LawStatus.READ, date(2026, 1, 1), date(2026, 1, 31))
    assert citation.in_force_on(date(2026, 1, 1))
    assert citation.in_force_on(date(2026, 1, 31))
    assert not citation.in_force_on(date(2026, 2, 1))


@pytest.mark.parametrize(
    ("text", "codes", "unknown"),
    [
        ("警告", ("warning",), ()),
        ("罚款;警告；罚款", ("fine", "warning"), ()),
        (" 罚 款 、\n警告 ", ("fine", "warning"), ()),
        ("没收违法所得(没收非法财物)", ("confiscation_of_gains", "confiscation_of_property"), ()),
        ("没收违法所得、没收非法财物", ("confiscation_of_gains", "confiscation_of_property"), ()),
        ("没收非法所得", ("confiscation_of_gains",), ()),
        ("法律、行政法规规定的其他行政处罚", ("other",), ()),
        ("罚款、市场禁入，警告", ("fine", "warning"), ("市场禁入",)),
        ("", (), ()),
        ("；；", (), ()),
    ],
)
def test_penalty_words(text: str, codes: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    assert queries.normalise_penalty_kinds(text) == (codes, unknown)


def test_every_statutory_name_reads_as_itself() -> None:
    for kind in queries.penalty_kinds():
        assert queries.normalise_penalty_kinds(kind.name) == ((kind.code,), ())


def test_a_verdict_says_why() -> None:
    verdict = queries.penalty_grade(["warning", "closure", "licence_revocation"], TODAY)
    assert verdict.because == "处罚含责令关闭、吊销许可证件，属于严重失信。"
    assert queries.penalty_grade(["fine"], TODAY).because.startswith("罚款按数额分档")
    assert queries.penalty_grade([], TODAY).because == "没有填写处罚种类，无法定档。"
    unknown = queries.penalty_grade(["warning", "exile"], TODAY)
    assert (unknown.grade, unknown.because) == (None, "不认识处罚种类“exile”。")


def test_grades_are_ordered() -> None:
    assert [grade.weight for grade in (Grade.MINOR, Grade.GENERAL, Grade.SERIOUS)] == [1, 2, 3]


def test_parameters_are_dated() -> None:
    assert queries.parameter("fine_grade_thresholds", TODAY).value == []
    assert queries.parameter("licence_long_term_end", TODAY).value == date(2099, 12, 31)
    assert "异议" in str(queries.parameter("objection_desk", TODAY).value)
    with pytest.raises(queries.NoRule):
        queries.parameter("order36_transition", date(2026, 3, 31))
