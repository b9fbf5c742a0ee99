"""Source descriptions: each has a sample with its expected result; a bad one is refused by name."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.intake.files import SOURCES, check_bytes, csv_text, table
from zhengxin.intake.parties import split_parties
from zhengxin.intake.sources import SourceUnreadable, read_source
from zhengxin.intake.types import Disclosure
from zhengxin.rulebook.queries import record_kind

NAMES = ["honours", "judgment_defaulters", "judgments", "licences", "penalties"]


def test_the_five_sources_are_there() -> None:
    assert sorted(path.parent.name for path in SOURCES.glob("*/source.yaml")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gives_the_expected_result(name: str, tmp_path: Path) -> None:
    source = read_source(SOURCES / name / "source.yaml")
    expected = json.loads((SOURCES / name / "expected.json").read_text(encoding="utf-8"))
    sample = (SOURCES / name / "sample.csv").read_bytes()
    found = check_bytes(tmp_path, sample, source, date.fromisoformat(expected["as_of"]))
    counts = (found.checked.rows, found.checked.records, found.checked.refused)
    assert counts == (expected["rows"], expected["records"], expected["refused"])
    assert [
        {"row": row, "column": column, "code": code, "because": because, "severity": severity}
        for row, column, code, _value, because, _remedy, severity in found.faults
    ] == expected["faults"]


@pytest.mark.parametrize("name", NAMES)
def test_a_source_names_a_record_kind_and_closes_what_identifies_a_person(name: str) -> None:
    source = read_source(SOURCES / name / "source.yaml")
    assert record_kind(source.record_kind).code == source.record_kind
    assert source.by_role["party_id_number"].disclosure is Disclosure.CLOSED
    assert source.purpose
    assert {"party_name", "document_number", "decided_on"} <= set(source.by_role)


@pytest.mark.parametrize("name", ["licences", "penalties"])
def test_the_end_and_the_start_of_a_licence_are_not_mixed_up(name: str) -> None:
    source = read_source(SOURCES / name / "source.yaml")
    if name == "licences":
        assert source.by_field["XK_YXQZ"].role == "valid_from"
        assert source.by_field["XK_YXQZI"].role == "valid_to"
    assert all(
        column.disclosure is Disclosure.IGNORED
        for column in source.columns
        if column.field.endswith(("FR_ZJHM", "FR_ZJLX"))
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_example_row_of_a_template_passes_the_source_s_own_checks(
    name: str, tmp_path: Path
) -> None:
    source = read_source(SOURCES / name / "source.yaml")
    row = {column.field: column.example for column in source.kept}
    content = csv_text(table([row], source)).encode()
    found = check_bytes(tmp_path, content, source, date(2026, 11, 23))
    assert found.faults == []
    assert (found.checked.records, found.checked.refused) == (1, 0)


BAD = [
    ("title: x\n", "缺少"),
    ("- 1\n", "没有内容"),
    ("a: [\n", "YAML"),
]


@pytest.mark.parametrize(("text", "says"), BAD)
def test_a_bad_description_is_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "source.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceUnreadable, match=r"odd/source\.yaml") as caught:
        read_source(folder / "source.yaml")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("type: uscc", "type: number", "number"),
        ("natural_key: [CF_WSH", "natural_key: [CF_XX", "CF_XX"),
        ("rule: person_has_no_code", "rule: no_such_rule", "no_such_rule"),
        ("role: party_name", "role: somebody", "party_name"),
        ("status: excerpt", "status: sure", "status"),
        ("required: true", "needed: true", "needed"),
    ],
)
def test_every_name_in_a_description_must_exist(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    text = (SOURCES / "penalties" / "source.yaml").read_text(encoding="utf-8")
    (folder / "source.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SourceUnreadable, match=says):
        read_source(folder / "source.yaml")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("甲公司、周某、周某", [("甲公司", 1), ("周某", 1), ("周某", 2)]),
        ("乙所(普通合伙、分所)、吴某", [("乙所(普通合伙、分所)", 1), ("吴某", 1)]),
        ("丙公司（甲、乙", [("丙公司（甲", 1), ("乙", 1)]),
        ("、丁、", [("丁", 1)]),
    ],
)
def test_parties_of_a_cell(cell: str, names: list[tuple[str, int]]) -> None:
    assert split_parties(cell, "、") == names
