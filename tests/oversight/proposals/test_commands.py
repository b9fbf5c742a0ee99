"""A session's list comes in at the shell, or is refused with every fault, and is listed."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.desk.conftest import County
from zhengxin.audit.models import AuditLine
from zhengxin.console.main import main
from zhengxin.oversight.proposals.models import Proposal
from zhengxin.subjects.models import Unit

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
LIST = "类别,编号,标题,内容,领衔人,代表团\n建议,{n},关于信号灯的建议,装灯。,江雨眠,城关代表团\n"


@pytest.fixture(autouse=True)
def credit_office(people: County) -> None:
    Unit.objects.filter(pk=people.units["县发改局"]).update(traits=["credit_office"])


def run(*arguments: str, fails: bool = False) -> str:
    done = CliRunner().invoke(main, ["proposals", *arguments])
    assert done.exit_code == (1 if fails else 0), done.output
    return done.output


def test_a_list_is_imported_and_listed(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(LIST.format(n=3), encoding="utf-8")
    assert "已导入1件" in run("import", str(path), "--session", "第五次会议")
    assert Proposal.objects.get().number == "3"
    assert AuditLine.objects.get(act="proposal.import").actor_name.startswith("命令行")
    told = run("list", "--session", "第五次会议")
    assert "人大代表建议 第五次会议 第3号 关于信号灯的建议" in told
    assert "待交办" in told
    [line] = json.loads(run("list", "--json"))
    assert (line["number"], line["parts"]) == ("3", [])
    assert "共0件" in run("list", "--overdue")


def test_a_faulty_list_is_refused_with_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(LIST.format(n="") + "议案,4,题,文,甲、乙,\n", encoding="utf-8")
    told = run("import", str(path), "--session", "第五次会议", fails=True)
    assert "第2行 编号：没有填。" in told
    assert "第3行 类别“议案”：不是人大代表建议" in told
    assert "名单里有3处要改" in told
    assert not Proposal.objects.exists()


def test_before_eight_in_the_morning_it_is_today_in_the_county(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(LIST.format(n=3), encoding="utf-8")
    # In Greenwich it is still the 28th.
    for module in ("proposals", "ready"):
        monkeypatch.setattr(
            f"zhengxin.console.{module}.now", lambda: datetime(2026, 11, 28, 20, 20, tzinfo=UTC)
        )
    run("import", str(path), "--session", "第五次会议")
    assert Proposal.objects.get().received_on == date(2026, 11, 29)
