"""The audit log: purpose asked, numbers masked, nothing changed afterwards."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from zhengxin.audit import actions, permissions, queries
from zhengxin.audit.enums import Outcome
from zhengxin.audit.leaves import line_bytes
from zhengxin.audit.models import AuditLine
from zhengxin.audit.types import Page, Wanted
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.digests import NotCanonical, canonical_json
from zhengxin.kernel.refused import NotAllowed

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OFFICER = Actor(account_id=7, name="许知", unit_id=3, roles=frozenset({Role.CREDIT_OFFICER}))


def read_file(subject_id=5, purpose="核对处罚记录", at=AT, actor=OFFICER):
    return actions.record(
        act="file.open",
        object_kind="subject",
        object_id=subject_id,
        outcome=Outcome.READ,
        at=at,
        actor=actor,
        subject_id=subject_id,
        purpose=purpose,
    )


@pytest.mark.django_db
def test_reading_a_personal_file_needs_a_purpose():
    with pytest.raises(actions.PurposeMissing) as caught:
        read_file(purpose="  ")
    assert "用途" in str(caught.value)
    assert not AuditLine.objects.exists()
    assert read_file().purpose == "核对处罚记录"


@pytest.mark.django_db
def test_the_actors_stated_purpose_serves_and_other_acts_need_none():
    stated = Actor(7, "许知", 3, frozenset({Role.CREDIT_OFFICER}), purpose="招录审查")
    assert read_file(purpose="", actor=stated).purpose == "招录审查"
    done = actions.record(
        act="submission.receive",
        object_kind="submission",
        object_id=9,
        outcome=Outcome.DONE,
        at=AT,
        actor=OFFICER,
        source="licences",
        rows=14,
    )
    assert done.detail == {"source": "licences", "rows": 14}
    assert done.object_id == "9"


@pytest.mark.django_db
def test_identity_numbers_never_reach_the_log():
    line = actions.record(
        act="file.open",
        object_kind="subject",
        object_id=5,
        outcome=Outcome.READ,
        at=AT,
        actor=OFFICER,
        subject_id=5,
        purpose="核对210321190001010014本人",
        because="证件210321190001010014",
    )
    stored = AuditLine.objects.get(pk=line.id)
    assert "210321190001010014" not in stored.purpose + str(stored.detail)


@pytest.mark.django_db
def test_the_person_concerned_can_see_the_readers():
    read_file(purpose="第一次")
    read_file(subject_id=6, purpose="另一人")
    read_file(purpose="第二次", at=AT + timedelta(days=1))
    actions.record(
        act="file.open",
        object_kind="subject",
        object_id=5,
        outcome=Outcome.REFUSED,
        at=AT,
        actor=OFFICER,
        subject_id=5,
    )
    assert [each.purpose for each in queries.readers_of([5])] == ["第二次", "第一次"]
    assert queries.readers_of([5])[0].actor_name == "许知"


@pytest.mark.django_db
def test_lines_are_filtered_and_paged_newest_first():
    ids = [read_file(at=AT + timedelta(hours=n)).id for n in range(5)]

    def found(**wanted):
        return [line.id for line in queries.lines(Wanted(**wanted)).lines]

    first = queries.lines(Wanted(), limit=2)
    assert [line.id for line in first.lines] == [ids[4], ids[3]]
    second = queries.lines(Wanted(), before=first.older, limit=2)
    assert [line.id for line in second.lines] == [ids[2], ids[1]]
    assert queries.lines(Wanted(), before=second.older, limit=2).older is None
    since, until = AT + timedelta(hours=1), AT + timedelta(hours=3)
    assert found(since=since, until=until) == [ids[2], ids[1]]
    page = queries.lines(Wanted(since=AT), limit=2)
    rest = queries.lines(Wanted(since=AT), before=page.older)
    assert [line.id for line in (*page.lines, *rest.lines)] == ids[::-1]
    assert found(who="许知") == found(who="7") == ids[::-1]
    assert found(who="许") == found(who="8") == found(object_id="6") == []
    assert found(object_kind="subject", object_id="5", outcome=Outcome.READ) == ids[::-1]
    assert len(found(subject_id=5, act="file.open")) == 5
    assert [line.id for line in queries.every_line(Wanted(), up_to=ids[3])] == ids[:4]
    assert queries.acts() == ["file.open"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditline SET purpose = 'x'",
        "DELETE FROM audit_auditline",
        "INSERT OR REPLACE INTO audit_auditline SELECT * FROM audit_auditline",
    ],
)
def test_the_database_refuses_to_change_the_log(statement):
    read_file()
    if connection.vendor != "sqlite" and statement.startswith("INSERT OR REPLACE"):
        statement = "TRUNCATE audit_auditline"
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        connection.cursor().execute(statement)
    assert "不可" in str(caught.value)
    assert AuditLine.objects.get().purpose == "核对处罚记录"


def test_only_the_audit_administrator_reads_the_log():
    allowed = {
        role for role in Role if permissions.can_read_audit(Actor(1, "某", 1, frozenset({role})))
    }
    assert allowed == {Role.AUDIT_ADMIN}
    with pytest.raises(NotAllowed):
        permissions.check_read_audit(OFFICER)


@pytest.mark.django_db
def test_words_of_a_purpose_are_looked_for_a_stretch_at_a_time(monkeypatch):
    wanted, others = read_file(purpose="招录审查一").id, [read_file().id for _ in range(4)]
    newest = read_file(purpose="为招录审查").id
    monkeypatch.setattr(queries, "SCANNED", 3)
    first = queries.lines(Wanted(purpose="招录"))
    assert ([line.id for line in first.lines], first.older) == ([newest], others[2])
    second = queries.lines(Wanted(purpose="招录"), before=first.older)
    assert ([line.id for line in second.lines], second.older) == ([wanted], wanted)
    assert queries.lines(Wanted(purpose="招录"), before=wanted) == Page([], None)
    all_of_them = queries.every_line(Wanted(purpose="招录"), up_to=newest)
    assert [line.id for line in all_of_them] == [wanted, newest]


@pytest.mark.django_db
def test_a_line_has_one_form_or_none():
    with pytest.raises(NotCanonical):
        actions.record(
            act="x", object_kind="x", object_id=1, outcome=Outcome.DONE, at=AT, actor=OFFICER, n=0.5
        )
    assert not AuditLine.objects.exists()
    nested = actions.record(
        act="x", object_kind="x", object_id=1, outcome=Outcome.DONE, at=AT, actor=OFFICER,
        fields=["b", "210321190001010014"],
    )  # fmt: skip
    assert "210321190001010014" not in str(nested.detail)
    again = queries.line(nested.id)
    assert line_bytes(again) == line_bytes(nested) == canonical_json(json.loads(line_bytes(nested)))
