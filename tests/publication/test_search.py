"""Search on the board, against a scan of everything."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.publication.county import AT
from zhengxin.kernel.names import fold_name
from zhengxin.publication.actions.naming import prefix_ids, put_grams
from zhengxin.publication.board import models, queries
from zhengxin.publication.board.queries import finding as searching
from zhengxin.publication.board.spelling import NumberAsked, initials, number_asked, number_parts

pytestmark = pytest.mark.django_db(databases=["board"])
DAY = date(2026, 11, 20)
SYLLABLES = "东河柳湾双井建材粮油公司"


def put(subjects, items):
    """subjects: (id, names, is_unit, uscc); items: (entry id, subject, unit, document number)."""
    board = models.BoardSubject.objects.using("board")
    board.bulk_create(
        models.BoardSubject(
            id=i,
            name=names[0],
            kind="enterprise",
            kind_label="企业",
            is_unit=is_unit,
            uscc=uscc,
            folded="\n".join(fold_name(name) for name in names),
            initials="\n".join(initials(name) for name in names) if is_unit else "",
        )
        for i, names, is_unit, uscc in subjects
    )
    put_grams("subject", ((i, [fold_name(n) for n in names]) for i, names, _, _ in subjects))
    parts = {entry: number_parts(number) for entry, _, _, number in items}
    prefixes = prefix_ids(prefix for prefix, _, _ in parts.values())
    models.BoardItem.objects.using("board").bulk_create(
        models.BoardItem(
            entry_id=entry,
            position=entry,
            kind="licence",
            adverse=False,
            title="行政许可",
            subject_id=subject,
            subject_name="x",
            unit_id=unit,
            unit_name="y",
            document_number=number,
            prefix_id=prefixes.get(parts[entry][0]),
            document_year=parts[entry][1],
            document_serial=parts[entry][2],
            known_at=AT,
            shown_from=date(2026, 11, 1),
            disclosure={},
        )
        for entry, subject, unit, number in items
    )


def clear():
    for model in (models.BoardItem, models.BoardGram, models.BoardPrefix, models.BoardSubject):
        model.objects.using("board").all().delete()


def naive(text, subjects, items):
    asked = fold_name(text)
    if len(asked) < 2:
        return set(), []
    named = {i for i, names, _, _ in subjects if any(asked in fold_name(name) for name in names)}
    units = {i for i, _, is_unit, _ in subjects if is_unit}
    there = named & (units | {subject for _, subject, _, _ in items})
    number = number_asked(text)
    found = []
    for entry, subject, unit, written in items:
        prefix, year, serial = number_parts(written)
        numbered = (
            number is not None
            and serial == number.serial
            and (number.year is None or year == number.year)
            and (not number.prefix or number.prefix in prefix)
        )
        if subject in named or unit in named or numbered or (prefix and asked in prefix):
            found.append(entry)
    return there, sorted(found, reverse=True)[:20]


names = st.text(alphabet=SYLLABLES + "·A", min_size=2, max_size=6)
numbers = st.builds(
    "{}〔{}〕{}号".format,
    st.sampled_from(["示住建罚", "示住建许", "示市监罚", "河市罚"]),
    st.sampled_from([2025, 2026]),
    st.integers(1, 12),
)
queries_asked = st.one_of(
    st.text(alphabet=SYLLABLES + "·a%_", min_size=1, max_size=4),
    numbers,
    st.sampled_from(
        ["住建", "市监罚", "〔2026〕3号", "[2026]第3号", "3号", "示住建罚3号", "住建罚3号"]
    ),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    subjects=st.lists(
        st.tuples(st.lists(names, min_size=1, max_size=3), st.booleans()), max_size=12
    ),
    items=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), numbers), max_size=30),
    asked=st.lists(queries_asked, min_size=1, max_size=6),
    many=st.sampled_from([0, 2, 300]),
)
def test_search_finds_what_a_scan_finds(subjects, items, asked, many):
    clear()
    told = [(i, names, is_unit, "") for i, (names, is_unit) in enumerate(subjects)]
    units = {i for i, _, is_unit, _ in told if is_unit}
    sent = [
        (n + 1, subject, unit if unit in units else 99, number)
        for n, (subject, unit, number) in enumerate(items)
    ]
    put(told, sent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "_MANY", many or 300)
        patch.setattr(searching, "_COMMON", 2 if many else 2000)
        patch.setattr(searching, "_STEP", 3 if many else 500)
        for text in asked:
            found = queries.search(text, DAY)
            wanted, entries = naive(text, told, sent)
            assert found.complete
            assert [item.entry_id for item in found.items] == entries, text
            assert {card.id for card in found.subjects} <= wanted, text
            assert len(found.subjects) >= min(len(wanted), many or 20), text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("示住建罚〔2026〕18号", NumberAsked("示住建罚", 2026, 18)),
        ("示住建罚[2026]第018号", NumberAsked("示住建罚", 2026, 18)),
        ("示住建罚（２０２６）18号", NumberAsked("示住建罚", 2026, 18)),
        ("（2026）辽0321执18号", NumberAsked("辽0321执", 2026, 18)),
        ("〔2026〕18号", NumberAsked("", 2026, 18)),
        ("18号", NumberAsked("", None, 18)),
        ("第18号", NumberAsked("", None, 18)),
        ("示住建罚18号", NumberAsked("示住建罚", None, 18)),
        ("示住建罚18", NumberAsked("示住建罚", None, 18)),
        ("2026〕18号", NumberAsked("", 2026, 18)),
        ("示住建罚〔2026〕18号之一", NumberAsked("示住建罚", 2026, 18)),
        ("18", None),
        ("东河镇", None),
        ("99999999999号", None),
    ],
)
def test_spellings_of_a_number(text, expected):
    assert number_asked(text) == expected


ODD_NUMBERS = {
    1: "JY19901210012345",
    2: "示市监罚2026-77",
    3: "（示）市监罚〔2026〕78号",
    4: "示市监处罚〔2026〕A80号",
    5: "示市监罚字第20260082号",
    6: "示市监罚〔26〕81号",
    7: "示市监罚〔2026〕81号",
    8: "示住建许〔2026〕18号",
}


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        *((number, [entry]) for entry, number in ODD_NUMBERS.items()),
        ("jy19901210012345", [1]),
        ("JY1990", [1]),
        ("示市监罚２０２６—77", [2]),
        ("(示)市监罚[2026]第078号", [3]),
        ("〔2026〕A80号", [4]),
        ("〔26〕81号", [6]),
        ("2026〕81号", [7]),
        ("市监罚〔2026〕", [7, 6, 5, 3, 2]),
        ("市监罚〔2026", [7, 6, 5, 3, 2]),
        ("许〔2026〕", [8]),
        ("示住建许〔2026〕18号", [8]),
    ],
)
def test_a_record_is_found_by_its_own_number_and_by_parts_of_it(text, entries):
    put(
        [(1, ["示例县住房和城乡建设局"], True, ""), (11, ["东河建材有限公司"], False, "")],
        [(entry, 11, 1, number) for entry, number in ODD_NUMBERS.items()],
    )
    assert [item.entry_id for item in queries.search(text, DAY).items] == entries
    whole = queries.listing(DAY, number=text).items
    if text in ODD_NUMBERS.values():
        assert [item.entry_id for item in whole] == entries


def test_what_was_published_before_is_found_by_its_whole_number_after_the_upgrade():
    put([(11, ["东河建材有限公司"], False, "")], [(1, 11, 11, "JY19901210012345")])
    models.BoardItem.objects.using("board").update(prefix_id=None)
    for model in (models.BoardGram, models.BoardPrefix):
        model.objects.using("board").all().delete()
    moved = import_module("zhengxin.publication.board.migrations.0005_whole_numbers")
    for _ in range(2):
        moved.find_whole_numbers(apps, SimpleNamespace(connection=connections["board"]))
        for text in ("JY19901210012345", "JY1990"):
            assert [item.entry_id for item in queries.search(text, DAY).items] == [1]


def test_short_and_former_names_initials_and_codes():
    put(
        [
            (1, ["示例县住房和城乡建设局", "县住建局", "示例县城建局"], True, ""),
            (2, ["东河镇人民政府", "东河镇"], True, ""),
            (11, ["东河建材有限公司"], False, "91210321MA0000031B"),
        ],
        [(5, 11, 1, "示住建许〔2026〕18号"), (6, 2, 1, "示住建许〔2026〕19号")],
    )

    def found(text):
        result = queries.search(text, DAY)
        return [card.id for card in result.subjects], [item.entry_id for item in result.items]

    assert found("县住建局") == ([1], [6, 5])
    assert found("城建") == ([1], [6, 5])
    assert found("dhz") == ([2], [6])
    assert found("ＤＨＺ") == ([2], [6])
    assert found("东河") == ([2, 11], [6, 5])
    assert found("东 河 建 材") == ([11], [5])
    assert found("91210321ma0000031b") == ([11], [5])
    assert found("局") == ([], [])
    assert found("建局县城") == ([], [])
    assert found("%%") == ([], [])


def test_a_common_term_is_answered_from_the_newest(monkeypatch):
    put(
        [(i, [f"东河{i}号公司"], False, "") for i in range(50)],
        [(n, n % 50, 0, f"示许〔2026〕{n}号") for n in range(1, 200)],
    )
    monkeypatch.setattr(searching, "_MANY", 10)
    monkeypatch.setattr(searching, "_COMMON", 5)
    monkeypatch.setattr(searching, "_STEP", 7)
    result = queries.search("东河", DAY)
    assert [item.entry_id for item in result.items] == list(range(199, 179, -1))
    assert result.complete
    monkeypatch.setattr(searching, "_FARTHEST", 10)
    monkeypatch.setattr(searching, "NEWEST", 20)
    assert not queries.search("东河", DAY, limit=100).complete


def test_units_come_first_even_for_a_common_term(monkeypatch):
    put(
        [(1, ["示例县民政局"], True, "")]
        + [(i, [f"示例{i}公司"], False, "") for i in range(2, 60)],
        [(n, 2 + n % 50, 1, f"示许〔2026〕{n}号") for n in range(1, 60)],
    )
    monkeypatch.setattr(searching, "_COMMON", 5)
    result = queries.search("示例", DAY)
    assert result.subjects[0].id == 1
    assert [card.id for card in result.subjects[1:4]] == [51, 50, 49]
