"""At the shell: what is recorded about a unit, for itself; and a proposed rule tried on past years."""

import json
import shutil
from pathlib import Path

from tests.homes import Home
from zhengxin.rulebook.queries import law_folder

# The invented town that a court has listed.
TOWN = "990121107"


def test_a_unit_asks_at_the_counter_and_the_next_one_sees_that_it_did(demo_county: Home) -> None:
    asked = json.loads(demo_county.run("window", TOWN, "--json"))
    found = {each["kind"]: each for each in asked["entries"]}
    assert found["失信被执行人"]["standing"] == "公示中"
    assert all(each["unit"] for each in asked["entries"])
    again = json.loads(demo_county.run("window", TOWN, "--json"))
    assert len(again["readings"]) == len(asked["readings"]) + 1
    assert again["readings"][0]["purpose"] == "当事人查看自己的记录"
    assert "看过的" in demo_county.run("window", TOWN)


def test_a_code_nobody_has_is_refused_and_a_persons_is_not_asked_after(demo_county: Home) -> None:
    told = demo_county.run("window", "210321190001010014", fails=True)
    assert "没有代码为" in told
    assert "210321190001010014" not in told
    assert "自然人不按号码查询" in told


def test_a_proposed_rule_is_rehearsed_over_past_years(demo_county: Home, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(law_folder(), tmp_path / "拟议"))
    since = ("--since", "2025-01-01")
    same = json.loads(demo_county.run("rehearse", folder, *since, "--json"))
    assert same["n"] > 0
    assert same["changes"] == []
    penalties = folder / "publication" / "penalties.yaml"
    text = penalties.read_text("utf-8")
    assert "maximum_months: 12" in text
    penalties.write_text(text.replace("maximum_months: 12", "maximum_months: 6"), "utf-8")
    told = json.loads(demo_county.run("rehearse", folder, *since, "--json"))
    assert told["n"] == same["n"]
    assert told["changes"]
    assert all(each["kind"] == "penalty" and each["longer"] == 0 for each in told["changes"])
    assert sum(each["shorter"] for each in told["changes"]) > 0
    words = demo_county.run("rehearse", folder, *since)
    assert "公示期变短" in words
    penalties.write_text("display: 不是清单\n", "utf-8")
    assert "penalties.yaml" in demo_county.run("rehearse", folder, *since, fails=True)
    backwards = demo_county.run(
        "rehearse", law_folder(), *since, "--until", "2024-01-01", fails=True
    )
    assert "晚于" in backwards


def test_a_record_stands_as_known_on_a_day(demo_county: Home) -> None:
    asked = json.loads(demo_county.run("window", TOWN, "--json"))
    entry = next(each for each in asked["entries"] if each["kind"] == "失信被执行人")
    now = json.loads(demo_county.run("standing", entry["entry"], "--json"))
    assert (now["state"], now["disputed"]) == ("公示中", False)
    assert "还没有得知" in demo_county.run("standing", entry["entry"], "--on", "2020-01-01")
    assert "当天所知：公示中" in demo_county.run("standing", entry["entry"])
    assert "没有第 99999999 号记录" in demo_county.run("standing", 99999999, fails=True)
