"""A wrong law file is refused by file and line, never half read."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from zhengxin.rulebook import queries
from zhengxin.rulebook.blocks import LawUnreadable
from zhengxin.rulebook.reading import read_law

SHIPPED = Path(__file__).resolve().parents[2] / "law"
Spoil = Callable[[str, str, str], Path]


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Copy the shipped law and replace one piece of one file."""

    def replaced(name: str, old: str, new: str) -> Path:
        folder = tmp_path / "law"
        shutil.copytree(SHIPPED, folder)
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return replaced


DUTY = "duties/market_supervision.yaml"
PENALTIES = "publication/penalties.yaml"
MEASURES = "measures/government_units.yaml"


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        (DUTY, "    article: 第九条\n", "", "缺“article”"),
        (DUTY, "article: 第九条", "article:", "“article”应填文字"),
        (DUTY, "article: 第九条", "article: 条款待核", "读过条文的应写明条款"),
        (DUTY, "status: read", "status: sure", "只能填：read、excerpt、memory"),
        (DUTY, "working_days: 20", "working_days: '20'", "应填不小于零的整数"),
        (DUTY, "working_days: 20", "working_days: -1", "应填不小于零的整数"),
        (DUTY, "working_days: 20", "working_day: 20", "缺“working_days”"),
        (
            DUTY,
            "    working_days: 20\n",
            "    working_days: 20\n    weekdays: 1\n",
            "不认识“weekdays”",
        ),
        (DUTY, "    working_days: 20\n", "    working_days: 20\n    working_days: 7\n", "写了两次"),
        (DUTY, "until: 2021-08-31", "until: 2013-01-01", "失效日早于施行日"),
        (DUTY, "from: 2014-10-01", "from: 2014年", "应填日期"),
        (DUTY, "kinds: [penalty]", "kinds: [fine]", "“fine”没有登记这项时限"),
        (DUTY, "terms:", "terms: [", "文件不是正确的YAML"),
        (PENALTIES, "until: 2023-04-30", "until: 2023-05-30", "施行期间重叠"),
        (PENALTIES, "grade: minor", "grade: tiny", "只能填：minor、general、serious"),
        ("publication/grades.yaml", "general: [confiscation_of_gains, ", "general: [", "逐一定档"),
        ("records/honour.yaml", "code: honour", "code: honor", "代码与文件名不一致"),
        ("records/honour.yaml", "except: [classified]", "except: [secret]", "不认识的例外"),
        ("calendar/2026.yaml", "year: 2026", "year: 2025", "年份与文件名不一致"),
        ("calendar/2026.yaml", "  - 2026-01-04", "  - 2026-01-05", "只写本年的周六和周日"),
        ("calendar/2026.yaml", "  2026-01-01: 元旦", "  2026-01-03: 元旦", "只写本年的周一至周五"),
        ("penalty_kinds.yaml", "words: [拘留]", "words: [警告]", "“警告”对应了两种处罚"),
        (MEASURES, "        article: 条款待核\n", "", "缺“article”"),
        (MEASURES, "imposed_by: [credit_office]", "imposed_by: []", "没有写明由谁决定"),
        (
            MEASURES,
            "imposed_by: [credit_office]",
            "imposed_by: [anybody]",
            "只能填：credit_office、",
        ),
        (MEASURES, "target: unit", "target: citizen", "只能填：unit、official"),
        (MEASURES, "measure: loss_of_honours", "measure: written_explanation", "写了两次"),
        ("measures/officials.yaml", "        months: 6\n", "", "写明几个月"),
        (MEASURES, "        months:\n", "        months: 6\n", "写明几个月"),
        ("parameters/transition.yaml", "name: order36_transition", "name: objection_desk", ""),
    ],
)
def test_a_wrong_value_is_refused(spoil: Spoil, name: str, old: str, new: str, why: str) -> None:
    folder = spoil(name, old, new)
    if not why:
        folder.joinpath("parameters/zzz.yaml").write_text(
            folder.joinpath(name).read_text(encoding="utf-8"), encoding="utf-8"
        )
    with pytest.raises(LawUnreadable) as caught:
        read_law(folder)
    assert why in caught.value.why
    assert name.split("/")[0] in str(caught.value.path)


def test_the_line_is_the_line_of_the_value(spoil: Spoil) -> None:
    folder = spoil(DUTY, "status: read", "status: sure")
    lines = (folder / DUTY).read_text(encoding="utf-8").splitlines()
    with pytest.raises(LawUnreadable) as caught:
        read_law(folder)
    assert lines[caught.value.line - 1].strip() == "status: sure"
    assert caught.value.path == folder / DUTY
    assert f"第{caught.value.line}行" in str(caught.value)


def test_an_empty_calendar_is_not_a_year_without_holidays(spoil: Spoil) -> None:
    folder = spoil("calendar/2026.yaml", "year: 2026", "year: 2026")
    (folder / "calendar" / "2027.yaml").write_text(
        "year: 2027\nstatus: official\ndocument: 通知\nsource: 无\ndays_off: []\nmake_up_days: []\n",
        encoding="utf-8",
    )
    with pytest.raises(LawUnreadable, match="没有放假日"):
        read_law(folder)


def test_an_empty_file_is_refused(spoil: Spoil) -> None:
    folder = spoil(DUTY, "duty:", "duty:")
    (folder / DUTY).write_text("", encoding="utf-8")
    with pytest.raises(LawUnreadable, match="文件是空的"):
        read_law(folder)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawUnreadable):
        read_law(tmp_path / "nowhere")


def test_another_folder_can_be_named(spoil: Spoil, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = spoil(DUTY, "working_days: 20", "working_days: 10")
    monkeypatch.setenv(queries.LAW_VARIABLE, str(folder))
    assert queries.law_folder() == folder
    first = [term.working_days for term in queries.law().duty_terms if term.unit_traits]
    assert first == [10, 20]
