"""Decisions are signed over what was shown: who comes second is asked to look again, also in a true race."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.conftest import signed_in as signed_in
from tests.desk.rows import penalty, table
from tests.factors import DeskClient, signed_at
from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.accounts.models import Signature
from zhengxin.accounts.proofs import FactorRefused
from zhengxin.accounts.queries import actor_for
from zhengxin.accounts.signatures import ContentChanged, verify
from zhengxin.accounts.types import Proof, Signed
from zhengxin.audit.models import AuditLine
from zhengxin.journey import signing
from zhengxin.journey.showing import entry_sheet
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.models import Entry
from zhengxin.publication.models import Notice

everything = pytest.mark.django_db(databases=["default", "keys", "board"])


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"


def actor(county: County, username: str) -> Actor:
    return actor_for(county.accounts[username], timezone.localdate())


@pytest.fixture
def entry_id(county: County, signed_in: Callable[[str], DeskClient]) -> int:
    signed_in("jingban").post(
        "/desk/submissions/new/penalties/", {"file": table("penalties", penalty(1))}
    )
    return Notice.objects.get().entry_id


def grade(county: County, username: str, entry_id: int, at: datetime, **changes) -> int:
    who = actor(county, username)
    given = {
        "grade": "general",
        "because": "裁量基准第三条",
        "signed": signed_at(who.account_id, entry_sheet("grading", entry_id), at),
    }
    return journey.grade(entry_id=entry_id, at=at, actor=who, **(given | changes))


@everything
def test_the_act_in_the_ledger_carries_its_signature(county: County, entry_id: int) -> None:
    act = grade(county, "xinyong", entry_id, timezone.now())
    [signature] = Signature.objects.all()
    content = ledger.payload(act).open
    assert (content["signature"], content["signed"]) == (str(signature.pk), signature.digest)
    line = AuditLine.objects.get(act="grading")
    assert (line.detail["signature"], line.detail["signed"]) == (
        str(signature.pk),
        signature.digest,
    )
    assert (signature.factor_kind, signature.account) == ("totp", county.accounts["xinyong"])
    assert verify(signature)


@everything
def test_who_was_shown_something_else_is_asked_to_look_again(county: County, entry_id: int) -> None:
    at = timezone.now()
    reviewer = actor(county, "fuhe")
    seen = signed_at(reviewer.account_id, entry_sheet("grading", entry_id), at)
    grade(county, "xinyong", entry_id, at)
    with pytest.raises(ContentChanged, match="内容已变"):
        grade(county, "fuhe", entry_id, at, signed=seen, grade="serious")
    assert Notice.objects.get().grade == "general"
    # Having looked again, the reviewer may decide otherwise; the code was not spent.
    grade(county, "fuhe", entry_id, at, grade="serious")
    assert Notice.objects.get().grade == "serious"
    first, second = Signature.objects.order_by("id")
    assert (first.after, second.after) == (0, first.pk)


@everything
def test_a_wrong_code_changes_nothing_and_is_counted(county: County, entry_id: int) -> None:
    at, who = timezone.now(), actor(county, "xinyong")
    sheet = entry_sheet("grading", entry_id)
    for _ in range(5):
        with pytest.raises(FactorRefused):
            grade(
                county, "xinyong", entry_id, at, signed=Signed(sheet.digest, "0", Proof("000000"))
            )
    with pytest.raises(Refused, match="分钟后再试"):
        grade(county, "xinyong", entry_id, at)
    assert AuditLine.objects.filter(act="signature.refuse", account_id=who.account_id).count() == 6
    assert not Signature.objects.exists()
    assert not Entry.objects.filter(about_id=entry_id).exists()


@everything
def test_neither_a_clerk_nor_the_system_signs(
    county: County, entry_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Even where a role's own rule let them through, the rule about signing does not.
    monkeypatch.setattr(permissions, "check_grade", lambda _actor: None)
    sheet = entry_sheet("grading", entry_id)
    for who in (actor(county, "jingban"), Actor.system("命令行")):
        with pytest.raises(NotAllowed, match="不能签署"):
            journey.grade(
                entry_id=entry_id,
                grade="general",
                because="裁量基准第三条",
                signed=Signed(sheet.digest, "0", Proof("000000")),
                at=timezone.now(),
                actor=who,
            )


@pytest.mark.django_db(transaction=True, databases=["default", "keys", "board"])
def test_of_two_officers_at_the_same_moment_one_grades(
    county: County, entry_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = timezone.now() + timedelta(minutes=1)
    told: dict[str, object] = {}
    together = Barrier(2)
    proven = signing.prove

    def both_proven(**given):
        # Both have looked, both have proven their factor; only now either writes.
        found = proven(**given)
        together.wait(timeout=20)
        return found

    monkeypatch.setattr(signing, "prove", both_proven)

    def decide(username: str, chosen: str) -> None:
        try:
            told[username] = grade(county, username, entry_id, at, grade=chosen)
        except Refused as refused:
            told[username] = refused
        finally:
            connections.close_all()

    threads = [
        Thread(target=decide, args=each) for each in (("xinyong", "general"), ("fuhe", "serious"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(each).__name__ for each in told.values()) == ["ContentChanged", "int"]
    assert Entry.objects.filter(about_id=entry_id, kind="grading").count() == 1
    assert Signature.objects.count() == 1
    winner = next(name for name, each in told.items() if isinstance(each, int))
    assert Notice.objects.get().grade == {"xinyong": "general", "fuhe": "serious"}[winner]
