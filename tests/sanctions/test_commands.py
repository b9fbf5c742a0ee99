"""Measures and values of the law on the command line, by named persons with their second factor."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from tests.desk.conftest import PASSWORD
from tests.factors import fresh_code
from tests.sanctions.conftest import FACTS, REPLY_DAYS, Office
from zhengxin.console.main import main
from zhengxin.kernel.refused import Refused
from zhengxin.sanctions.models import Case

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, [str(each) for each in arguments])
    refused = done.exception if isinstance(done.exception, Refused) else None
    return done.exit_code, str(refused) if refused else done.output


def by(username: str) -> tuple[str, ...]:
    return ("--account", username, "--password", PASSWORD)


def test_proposed_announced_and_decided_by_command(office: Office) -> None:
    office.now = timezone.now()
    entry_id = office.listed()
    said = ("--measure", "loss_of_honours", "--facts", FACTS)
    code, told = run("sanction", "propose", "县住建局", entry_id, *said, *by("fuhe"))
    assert code == 1
    assert "不任信用办工作人员" in told
    code, told = run("sanction", "propose", "ZX-T01", entry_id, *said, *by("xinyong"))
    assert code == 0, told
    case = Case.objects.get()
    code, told = run("sanction", "notice", case.pk, *by("xinyong"))
    assert (code, "还没有人核对过原文" in told) == (1, True)
    values = json.loads(run("law", "list", "--json")[1])
    assert {each["address"]: each["confirmed_by"] for each in values}[REPLY_DAYS] == ""
    read = ("--read", "县惩戒办理规则第三条", "--code", fresh_code(office.county.accounts["fuhe"]))
    code, told = run("law", "confirm", REPLY_DAYS, *read, *by("fuhe"))
    assert code == 0, told
    assert "方正言已确认" in run("law", "list")[1]
    code, told = run("sanction", "notice", case.pk, *by("xinyong"))
    assert code == 0, told
    Case.objects.update(reply_by=timezone.localdate() - timedelta(days=1))
    leader = office.county.accounts["juzhang"]
    decide = ("sanction", "decide", case.pk, "--reasons", "事实清楚", "--executing", "ZX-T02")
    code, told = run(
        *decide, "--keep", "circulated_criticism", "--code", fresh_code(leader), *by("juzhang")
    )
    assert (code, "没有告知过" in told) == (1, True)
    code, told = run(
        *decide, "--keep", "loss_of_honours", "--code", fresh_code(leader), *by("juzhang")
    )
    assert code == 0, told
    [line] = json.loads(run("sanction", "list", "--json")[1])
    assert (line["state"], line["measures"][0]["state"]) == ("decided", "decided")
    assert "取消当年评优评先资格" in run("sanction", "list")[1]
    assert FACTS in run("sanction", "show", case.pk)[1]
    assert json.loads(run("sanction", "show", case.pk, "--json")[1])["reasons"] == "事实清楚"
    assert "没有这样的惩戒" in run("sanction", "list", "--state", "ended")[1]
