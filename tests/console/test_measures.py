"""zhengxin measures: what may be imposed on a day."""

import json

from click.testing import CliRunner

from zhengxin.console.measures import measures


def said(*arguments: str) -> str:
    done = CliRunner().invoke(measures, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_each_measure_with_whom_and_by_which_rule():
    found = said("--on", "2026-11-28")
    assert "书面说明（对单位，由县信用主管部门决定，办完即止）" in found
    assert "记过，12个月：辽宁省政务严重失信行为联合惩戒实施办法（试行）（待核实）" in found
    assert "2016-01-01没有可以采取的措施" in said("--on", "2016-01-01")


def test_in_json_every_basis_has_its_address():
    found = json.loads(said("--on", "2026-11-28", "--json"))
    assert found["on"] == "2026-11-28"
    bases = [basis for each in found["measures"] for basis in each["bases"]]
    assert all(basis["document"] and basis["article"] and basis["from"] for basis in bases)
    assert {each["target"] for each in found["measures"]} == {"unit", "official"}
