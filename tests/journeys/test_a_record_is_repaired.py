"""A firm checks its own record, is told to come later, comes, is granted repair; everybody who had the record is told."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import PASSWORD, SYSTEM, County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.conftest import signed_in as signed_in
from tests.desk.rows import days_ago
from tests.desk.test_repair import BASE, SignedIn, penalised
from tests.factors import fresh_code
from tests.journeys.test_deciding import own_keys as own_keys
from zhengxin import journey
from zhengxin.console.main import main
from zhengxin.ledger import queries as ledger
from zhengxin.publication.board import queries as board
from zhengxin.publication.models import Notice
from zhengxin.repair.models import Application

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def told(*arguments: object, typed: str = "", fails: bool = False) -> str:
    """What the command printed."""
    done = CliRunner().invoke(main, ["repair", *map(str, arguments)], input=typed)
    assert done.exit_code == (1 if fails else 0), done.output
    return done.output


def test_from_the_self_check_to_the_end_of_sharing(
    county: County, signed_in: SignedIn, tmp_path: Path
) -> None:
    entry_id = penalised(signed_in, 1, days_ago(100).isoformat())
    young = penalised(signed_in, 2, days_ago(5).isoformat())
    visitor, today = Client(), timezone.localdate()
    public = visitor.get(f"/entries/{entry_id}/").content.decode()
    assert "履行完毕的现在可以申请修复" in public
    # The same answer at the shell, for a day in the past and for today.
    early = json.loads(told("check", entry_id, "--on", days_ago(60), "--json"))
    assert (early["may"], early["from"] > days_ago(60).isoformat()) == (False, True)
    now = json.loads(told("check", entry_id, "--json"))
    assert (now["may"], now["from"]) == (True, early["from"])
    assert "只需要两样" in told("check", entry_id)
    assert "没有找到这条记录" in told("check", 999_999, fails=True)
    proof = tmp_path / "缴款凭证.txt"
    proof.write_text("虚构：罚没款已缴清。", encoding="utf-8")
    said = ("--fulfilled", "罚没款已缴清", "--commitment", "承诺依法诚信经营", "--proof", proof)
    assert "起可以申请" in told("apply", young, *said, fails=True)
    assert "受理编号" in told("apply", entry_id, *said)
    application = Application.objects.get()
    [line] = json.loads(told("list", "--open", "--json"))
    assert (line["receipt"], line["state"]) == (application.receipt, "filed")
    signed_in("jingban").post(f"{BASE}{application.pk}/accept/")
    # By name, with the person's own password and code; nobody else's will do.
    decide = ("decide", application.pk, "--grant", "--because", "凭证齐全", "--as")
    assert "密码不对" in told(*decide, "fuze", typed="cuo-de-mima\n123456\n", fails=True)
    officer = f"{PASSWORD}\n{fresh_code(county.accounts['xinyong'])}\n"
    assert "您不能决定" in told(*decide, "xinyong", typed=officer, fails=True)
    leaf = ledger.entry(entry_id).leaf
    leader = f"{PASSWORD}\n{fresh_code(county.accounts['fuze'])}\n"
    assert "公开站已撤下" in told(*decide, "fuze", typed=leader)
    # Gone from every public place at once, and the feed tells whoever took a copy.
    assert visitor.get(f"/entries/{entry_id}/").status_code == 404
    assert visitor.get(f"/entries/{young}/").status_code == 200
    assert entry_id not in {item.entry_id for item in board.latest(today)}
    feed = visitor.get("/api/v1/corrections").json()["items"]
    assert (feed[-1]["entry_id"], feed[-1]["reason"]) == (entry_id, "repaired")
    # The past stands, and what follows it can be rebuilt.
    assert ledger.entry(entry_id).leaf == leaf
    journey.rebuild(name="all", at=timezone.now(), actor=SYSTEM)
    journey.publish_due(at=timezone.now() + timedelta(minutes=1), actor=SYSTEM)
    assert visitor.get(f"/entries/{entry_id}/").status_code == 404
    assert Notice.objects.get(pk=entry_id).withheld == "repaired"
    assert "没有这样的修复申请" in told("list", "--open")
