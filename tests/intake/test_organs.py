"""A unit reports its own decisions; another unit's name or code on a row sends it back."""

from datetime import date
from pathlib import Path

import pytest

from tests.intake.conftest import AT
from tests.intake.files import AGENCY, sound_row, the_source
from tests.intake.test_submissions import drafts, rows_of, send
from zhengxin.intake import ground, queries
from zhengxin.intake.models import Submission
from zhengxin.intake.sources import SourceUnreadable, read_source
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.names import fold_name
from zhengxin.subjects.models import Name, Power, Subject, Succession, Unit

pytestmark = [
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("store"),
]
CITY_COURT = "11210300MB0000019Y"
POLICE, POLICE_CODE = "示例县公安局", "112103210000000272"
OTHERS = "sender_decided"


def unit(name: str, code: str, *, uscc: str | None = None) -> int:
    subject = Subject.objects.create(
        kind="unit", name=name, folded=fold_name(name), uscc=uscc, created_at=AT
    )
    Unit.objects.create(subject=subject, kind="department", code=code)
    return subject.pk


def named(unit_id: int, text: str, since: date | None = None, until: date | None = None) -> None:
    Name.objects.create(
        subject_id=unit_id,
        text=text,
        folded=fold_name(text),
        kind="alias",
        valid_from=since,
        valid_to=until,
    )


@pytest.fixture
def police(db: None) -> int:
    made = unit(POLICE, "T-02", uscc=POLICE_CODE)
    named(made, "县公安局")
    return made


def found(submission: Submission) -> list[tuple[str, str, str, str]]:
    page = queries.faults(submission.pk, kind=OTHERS)
    return [(fault.header, fault.value, fault.because, fault.remedy) for fault in page.faults]


def test_the_name_and_the_code_of_another_unit_are_faults(clerk: Actor, police: int) -> None:
    sent = send(
        rows_of(
            sound_row(1),
            sound_row(2, CF_CFJG=POLICE, CF_CFJGDM=POLICE_CODE),
            sound_row(3, CF_CFJG=" 县 公安局"),
        ),
        clerk,
    )
    assert (sent.admitted, sent.refused) == (1, 2)
    page = queries.faults(sent.pk)
    assert [(fault.row_number, fault.header) for fault in page.faults] == [
        (3, "处罚机关"),
        (3, "处罚机关统一社会信用代码"),
        (4, "处罚机关"),
    ]
    remedy = "代报的，请由信用办（牵头归集的单位）代为报送；写错的，请改正。"
    assert found(sent)[0] == (
        "处罚机关",
        POLICE,
        "处罚机关是示例县公安局，由示例县市场监督管理局报送。",
        remedy,
    )
    assert found(sent)[1][1] == POLICE_CODE


def test_the_same_holds_in_a_process_of_its_own(
    clerk: Actor, police: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ground, "SMALL", 0)
    named(police, "示例县公安分局", date(2010, 1, 1), date(2015, 1, 1))
    sent = send(rows_of(sound_row(1), sound_row(2, CF_CFJG="示例县公安分局")), clerk)
    assert (sent.admitted, sent.refused) == (1, 1)
    assert found(sent)[0][2] == "处罚机关是示例县公安局，由示例县市场监督管理局报送。"


def test_an_organ_the_register_does_not_know_stays_with_its_sender(
    clerk: Actor, police: int
) -> None:
    sent = send(
        rows_of(
            sound_row(1, CF_CFJG="示例市中级人民法院", CF_CFJGDM=CITY_COURT),
            sound_row(2, CF_CFJG="示例县公安局城关派出所"),
        ),
        clerk,
    )
    assert not found(sent)


def test_predecessors_and_successors_are_the_sender_itself(clerk: Actor, police: int) -> None:
    assert clerk.unit_id is not None
    trade, price = unit("示例县工商行政管理局", "T-03"), unit("示例县物价局", "T-04")
    Succession.objects.create(predecessor_id=price, successor_id=trade, kind="merged")
    Succession.objects.create(predecessor_id=trade, successor_id=clerk.unit_id, kind="merged")
    Succession.objects.create(predecessor_id=trade, successor_id=police, kind="split")
    sent = send(
        rows_of(
            sound_row(1, CF_CFJG="示例县工商行政管理局"),
            sound_row(2, CF_CFJG="示例县物价局"),
            sound_row(3, CF_CFJG=POLICE),
        ),
        clerk,
    )
    assert [fault.row_number for fault in queries.faults(sent.pk, kind=OTHERS).faults] == [4]


def test_a_name_is_whose_it_was_on_the_day_of_the_decision(clerk: Actor, police: int) -> None:
    assert clerk.unit_id is not None
    named(clerk.unit_id, "示例县城管局", None, date(2020, 12, 31))
    named(police, "示例县城管局", date(2021, 1, 1))
    sent = send(
        rows_of(
            sound_row(1, CF_CFJG="示例县城管局", CF_JDRQ="2020-12-30"),
            sound_row(2, CF_CFJG="示例县城管局"),
        ),
        clerk,
    )
    assert [fault.row_number for fault in queries.faults(sent.pk, kind=OTHERS).faults] == [3]


def test_the_credit_office_reports_for_others(clerk: Actor, police: int) -> None:
    Unit.objects.filter(pk=clerk.unit_id).update(traits=["credit_office"])
    row = sound_row(1, CF_CFJG=POLICE, CF_CFJGDM=POLICE_CODE)
    sent = send(rows_of(row, sound_row(2, CF_CFJG="外省某厅")), clerk)
    assert (sent.admitted, sent.refused) == (2, 0)
    assert [each["unit_id"] for each in drafts(sent)] == [police, clerk.unit_id]
    (told,) = queries.receipt(sent.pk).warnings
    assert told.startswith("1行是登记册里其他1个单位作出的决定")
    # The same document is the same record, whoever sends it.
    Power.objects.create(unit_id=police, source="penalties")
    own = Actor(account_id=9, name="乙", unit_id=police, roles=clerk.roles)
    assert drafts(send(rows_of(row), own))[0]["key"] == drafts(sent)[0]["key"]


@pytest.fixture
def office(clerk: Actor) -> int:
    """The sender is the unit that collects for the whole county."""
    assert clerk.unit_id is not None
    Unit.objects.filter(pk=clerk.unit_id).update(traits=["credit_office"])
    return clerk.unit_id


def deciders(sent: Submission) -> list[object]:
    return [each["unit_id"] for each in drafts(sent)]


def test_a_name_and_a_code_of_two_units_go_back_to_the_office(
    clerk: Actor, police: int, office: int
) -> None:
    traffic_code = "112103210000000352"
    unit("示例县交通运输局", "T-05", uscc=traffic_code)
    Subject.objects.filter(pk=office).update(uscc=AGENCY)
    sent = send(
        rows_of(
            sound_row(1, CF_CFJG=POLICE, CF_CFJGDM=traffic_code),
            sound_row(2, CF_CFJGDM=POLICE_CODE),
            sound_row(3, CF_CFJG=POLICE, CF_CFJGDM=AGENCY),
            sound_row(4, CF_CFJG="县公安局", CF_CFJGDM=POLICE_CODE),
            sound_row(5),
            sound_row(6, CF_CFJG="示例县公安局交警大队", CF_CFJGDM=POLICE_CODE),
        ),
        clerk,
    )
    faults = queries.faults(sent.pk, kind="two_organs").faults
    assert [(f.row_number, f.header) for f in faults] == [
        (n, "处罚机关统一社会信用代码") for n in (2, 3, 4)
    ]
    assert faults[1].because == (
        "处罚机关统一社会信用代码是示例县公安局的，机关名称却写的是示例县市场监督管理局。"
    )
    assert deciders(sent) == [police, office, police]
    (told,) = queries.receipt(sent.pk).warnings
    assert told.startswith("2行是登记册里其他1个单位作出的决定")


def test_a_closed_units_decision_is_its_followers(clerk: Actor, police: int, office: int) -> None:
    gone, split, over = (unit(f"示例县{n}局", f"T-1{n}") for n in ("旧", "分", "撤"))
    Unit.objects.filter(pk__in=[gone, split, over]).update(closed_on=date(2019, 3, 14))
    other = unit("示例县交通运输局", "T-05")
    Succession.objects.create(predecessor_id=gone, successor_id=police, kind="merged")
    for heir in (police, other):
        Succession.objects.create(predecessor_id=split, successor_id=heir, kind="split")
    Succession.objects.create(predecessor_id=over, successor=None, kind="abolished")
    sent = send(
        rows_of(
            sound_row(1, CF_CFJG="示例县旧局", CF_CFJGDM=CITY_COURT),
            sound_row(2, CF_CFJG="示例县旧局", CF_CFJGDM=POLICE_CODE, CF_JDRQ="2018-01-02"),
            # Split between two: the code tells which; else nobody does.
            sound_row(3, CF_CFJG="示例县分局", CF_CFJGDM=POLICE_CODE),
            sound_row(4, CF_CFJG="示例县分局"),
            sound_row(5, CF_CFJG="示例县撤局"),
        ),
        clerk,
    )
    assert deciders(sent) == [police, police, police, office, office]


def test_the_receipt_counts_for_others_only_rows_that_were_taken(
    clerk: Actor, police: int, office: int
) -> None:
    sent = send(rows_of(sound_row(1, CF_CFJG=POLICE, CF_CFLB="没有这一种")), clerk)
    assert (sent.admitted, sent.refused) == (0, 1)
    assert not [w for w in queries.receipt(sent.pk).warnings if "其他" in w]


def test_a_source_with_the_rule_says_which_column_names_the_organ(tmp_path: Path) -> None:
    text = the_source().path.read_text(encoding="utf-8")
    file = tmp_path / "fines" / "source.yaml"
    file.parent.mkdir()
    file.write_text(text.replace("role: unit_name, ", "").replace("role: unit_code, ", ""))
    with pytest.raises(SourceUnreadable, match="unit_name"):
        read_source(file)
