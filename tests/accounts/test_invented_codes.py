"""The invented county tells the codes of its invented second factors, and only those."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from zhengxin.accounts import locking, queries
from zhengxin.accounts.invented import open_invented_accounts
from zhengxin.accounts.models import Account, Factor
from zhengxin.accounts.proofs import FactorRefused, prove
from zhengxin.accounts.types import Proof
from zhengxin.console.people import account as command
from zhengxin.kernel.actor import Actor, Role
from zhengxin.subjects.registers import load_register

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
AT = datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC)
SYSTEM = Actor.system("test")
REGISTER = Path(__file__).resolve().parents[2] / "registers" / "example.yaml"


@pytest.fixture
def officer(settings) -> Account:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    load_register(REGISTER, at=AT, actor=SYSTEM)
    open_invented_accounts(register=REGISTER, from_on=date(2026, 1, 1), at=AT, actor=SYSTEM)
    return Account.objects.get(username="xinyong")


def code_told(username: str) -> str | None:
    return {each.username: each.code for each in queries.invented_accounts(AT)}[username]


def test_two_codes_pass_at_a_time_and_a_clerk_needs_none(officer: Account) -> None:
    for line in queries.invented_accounts(AT):
        assert (line.code is None) == (line.role in (Role.CLERK, Role.DELEGATE)), line.username
    told = []
    for _ in range(2):
        told.append(code_told("xinyong"))
        given = {"account_id": officer.pk, "challenge": b"", "at": AT, "actor": SYSTEM}
        assert prove(proof=Proof(code=str(told[-1])), **given).kind == "totp"
        with pytest.raises(FactorRefused):
            prove(proof=Proof(code=str(told[-1])), **given)
    assert len(set(told)) == 2
    assert code_told("xinyong") == ""
    later = AT + timedelta(minutes=1)
    assert queries.invented_codes(later, officer.pk)[officer.pk]


def test_no_code_is_told_once_the_person_has_a_password_or_a_factor_of_the_own(
    officer: Account,
) -> None:
    assert queries.invented_codes(AT, officer.pk)
    Account.objects.filter(pk=officer.pk).update(invented=False)
    assert queries.invented_codes(AT, officer.pk) == {}
    Account.objects.filter(pk=officer.pk).update(invented=True)
    Factor.objects.filter(account=officer).delete()
    assert code_told("xinyong") is None


def test_the_command_line_lifts_a_lock(officer: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhengxin.console.people.ready", lambda: None)
    monkeypatch.setattr("zhengxin.console.people.now", lambda: AT)
    for _ in range(5):
        locking.admit(key=locking.password_key("xinyong"), account=officer, at=AT, actor=SYSTEM)
    said = [CliRunner().invoke(command, ["unlock", "xinyong"]).output for _ in range(2)]
    assert said == ["已解除账号xinyong的锁定。\n", "账号xinyong没有被锁定。\n"]
    assert queries.locked(AT) == []
