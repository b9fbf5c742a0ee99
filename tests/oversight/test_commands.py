"""zhengxin plan read and zhengxin bench plans, as somebody types them."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.homes import new_home

TWINS = Path(__file__).resolve().parents[1] / "data" / "plans"
TWIN = TWINS / "styles" / "12_standing_rules.txt"


def run(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The command on a machine where no home was ever made."""
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "zhengxin", *map(str, arguments)],
        env={**kept, "ZHENGXIN_HOME": str(folder / "none")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_json_has_the_promised_shape_and_no_home_is_made(tmp_path: Path) -> None:
    done = run(tmp_path, "plan", "read", TWIN, "--json")
    found = json.loads(done.stdout)
    assert list(found) == ["title", "sections", "tasks", "lint"]
    assert found["title"] == "江岚市促进消费若干措施"
    assert found["sections"][0] == {"level": 1, "number": "一", "title": "支持汽车消费"}
    assert found["tasks"][0] == {
        "clause": 1,
        "section": "一",
        "text": "一、支持汽车消费。（市商务局、市发展改革委、市公安局负责，列第一位的为牵头单位，下同）",
        "lead_units": [],
        "supporting_units": [],
        "responsible_units": ["市商务局", "市发展改革委", "市公安局"],
        "standing_rule": "also_responsible,first_listed_is_lead",
        "terms": [],
    }
    # 等部门 names nobody.
    assert [(each["kind"], each["where"]) for each in found["lint"]] == [("unread", "任务3")]
    assert not (tmp_path / "none").exists()


def test_terms_and_lint_in_json(tmp_path: Path) -> None:
    plan = TWINS / "styles" / "19_time_in_bracket.txt"
    found = json.loads(run(tmp_path, "plan", "read", plan, "--json").stdout)
    assert found["tasks"][0]["terms"] == [
        {"kind": "by", "text": "2025年10月底前", "year": 2025, "month": 10}
    ]
    assert [list(each) for each in found["lint"]] == [["kind", "where", "message"]]
    assert found["lint"][0]["kind"] == "no_responsible_unit"


def test_the_tree_for_people(tmp_path: Path) -> None:
    told = run(tmp_path, "plan", "read", TWINS / "styles" / "01_brackets_semicolon.txt").stdout
    assert "云溪县优化营商环境行动方案" in told
    assert "    1 压缩审批时限\n      任务1\n        牵头：县行政审批局\n" in told
    assert "时限：2025年底前（2025-12-31）" in told
    assert "登记册" not in told


def test_a_refusal_is_told_and_ends_in_1(tmp_path: Path) -> None:
    poem = tmp_path / "poem.txt"
    poem.write_text("春眠不觉晓，处处闻啼鸟。", encoding="utf-8")
    done = run(tmp_path, "plan", "read", poem, "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "这不是工作方案" in done.stderr


def test_a_document_without_duties_is_told_so(tmp_path: Path) -> None:
    done = run(tmp_path, "plan", "read", TWINS / "negative" / "speech.txt", "--json")
    found = json.loads(done.stdout)
    assert found["tasks"] == []
    assert [each["kind"] for each in found["lint"]] == ["no_tasks"]


def test_the_countys_plan_within_a_second(shared_data: Path, tmp_path: Path) -> None:
    spent = []
    for _ in range(3):
        begun = time.perf_counter()
        run(tmp_path, "plan", "read", shared_data.parent / "plan" / "taian-2018.txt", "--json")
        spent.append(time.perf_counter() - begun)
    assert min(spent) < 1


def test_a_home_with_a_county_resolves_the_names(tmp_path: Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text(
        "示例县方案\n一、任务。（牵头单位：县财政局；配合单位：县不存在局、各镇）\n",
        encoding="utf-8",
    )
    with new_home(tmp_path / "home") as home:
        home.run("init", "taian")
        told = home.run("plan", "read", plan)
        found = json.loads(home.run("plan", "read", plan, "--json"))
    assert "县财政局 → 台安县财政局" in told
    assert "县不存在局 → 没有找到" in told
    assert "各镇 → 10个单位：台安县西佛镇人民政府" in told
    assert [each["kind"] for each in found["lint"]] == ["unknown_unit"]
    assert found["tasks"][0]["lead_units"] == ["县财政局"]


@pytest.mark.parametrize("json_wanted", [True, False])
def test_the_bench_of_the_twins(tmp_path: Path, json_wanted: bool) -> None:
    more = ["--json"] if json_wanted else []
    done = run(tmp_path, "bench", "plans", "--data", TWINS, *more)
    assert done.returncode == 0
    if json_wanted:
        assert all(target["met"] for target in json.loads(done.stdout)["targets"])
    else:
        assert "| 合计：任务查全率 | ≥ 0.98 | 1.0000 | 是 |" in done.stdout


def test_the_bench_without_tables_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, "bench", "plans", "--data", tmp_path)
    assert done.returncode == 1
    assert "没有找到标注" in done.stderr
