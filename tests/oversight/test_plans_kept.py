"""Plans of a county on the command line: sent, listed, shown; nothing is confirmed there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.homes import Home, new_home

TEXT = """台安县诚信方案
一、任务
1.压缩时限。2027年底前完成。（牵头单位：县财政局；配合单位：县发改局）
2.公开结果。（牵头单位：县不存在局）
台安县人民政府办公室
2026年3月1日
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with new_home(tmp_path_factory.mktemp("plans")) as made:
        made.run("init", "taian")
        yield made


@pytest.fixture(scope="module")
def sent(home: Home) -> Path:
    plan = home.path / "plan.txt"
    plan.write_text(TEXT, encoding="utf-8")
    told = home.run("plan", "send", plan)
    assert "方案第1号　读出待核　台安县诚信方案" in told
    assert "还有1处要办" in told
    assert "县不存在局：还认不出，请登记名称或选单位。" in told
    return plan


def test_the_same_file_is_recognised(home: Home, sent: Path) -> None:
    assert "方案第1号" in home.run("plan", "send", sent)
    assert home.run("plan", "list").count("台安县诚信方案") == 1


def test_a_plan_as_json(home: Home, sent: Path) -> None:
    [line] = json.loads(home.run("plan", "list", "--json"))
    assert (line["number"], line["state"], line["dated"]) == (1, "read", "2026-03-01")
    shown = json.loads(home.run("plan", "show", 1, "--json"))
    assert shown["hindrances"] == [
        {"where": "县不存在局", "because": "还认不出，请登记名称或选单位。"}
    ]
    first = shown["mandates"][0]
    assert [(each["name"], each["role"]) for each in first["units"]] == [
        ("台安县财政局", "lead"),
        ("台安县发展和改革局", "supporting"),
    ]
    assert first["terms"] == [{"kind": "by", "text": "2027年底前", "year": 2027}]


def test_a_number_that_is_none_is_refused(home: Home, sent: Path) -> None:
    assert "没有找到这份方案" in home.run("plan", "show", 99, fails=True)


def test_what_is_no_plan_is_refused_and_not_kept(home: Home, sent: Path) -> None:
    poem = home.path / "poem.txt"
    poem.write_text("春眠不觉晓，处处闻啼鸟。", encoding="utf-8")
    assert "这不是工作方案" in home.run("plan", "send", poem, fails=True)
    assert len(json.loads(home.run("plan", "list", "--json"))) == 1
