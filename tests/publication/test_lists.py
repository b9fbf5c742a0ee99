"""Lists on the board: none shows what is over, each is read from an index."""

from datetime import date
from itertools import product

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from tests.publication.county import AT
from zhengxin.publication.board import models, queries

pytestmark = pytest.mark.django_db(databases=["board"])
LAST, AFTER = date(2026, 11, 21), date(2026, 11, 22)
UNIT, FIRM = 2, 11


def put(entry_id, **changes):
    values = {
        "kind": "penalty",
        "true_on": date(2026, 1, 1),
        "shown_to": LAST,
        "document_number": "示住建罚〔2026〕18号",
        "document_year": 2026,
        "document_serial": 18,
        "prefix_id": 1,
    }
    values |= changes
    models.BoardItem.objects.using("board").create(
        entry_id=entry_id,
        position=entry_id - 1,
        adverse=True,
        title="行政处罚",
        subject_id=FIRM,
        subject_name="柳湾粮油有限公司",
        unit_id=UNIT,
        unit_name="县住建局",
        known_at=AT,
        shown_from=date(2026, 1, 1),
        true_year=values["true_on"].year,
        disclosure={"hidden": [], "proof": {}},
        **values,
    )


@pytest.fixture
def over():
    """One entry whose last day is LAST, about a firm of which nothing else is shown."""
    board = models.BoardSubject.objects.using("board")
    board.create(id=UNIT, name="县住建局", kind="unit", is_unit=True, folded="县住建局")
    board.create(id=FIRM, name="柳湾粮油有限公司", kind="enterprise", folded="柳湾粮油有限公司")
    models.BoardPrefix.objects.using("board").create(id=1, text="示住建罚")
    grams = [("subject", UNIT, "住建"), ("subject", FIRM, "柳湾"), ("prefix", 1, "住建")]
    for of, ref_id, gram in grams:
        models.BoardGram.objects.using("board").create(of=of, ref_id=ref_id, gram=gram)
    put(1)


def lines(day):
    """What every question about more than one entry answers on `day`, by question."""
    unit, subject = queries.unit_page(UNIT, day), queries.subject_page(FIRM, day)
    assert unit
    return {
        "home": queries.home(day).newest,
        "list": queries.listing(day, year=2026, kind="penalty", unit_id=UNIT).items,
        "number": queries.listing(day, number="示住建罚〔2026〕18号").items,
        "unit": unit.items,
        "subject": subject.items if subject else (),
        "machines": queries.items(day),
        **{text: queries.search(text, day).items for text in ("柳湾", "住建", "18号")},
    }


def test_every_list_holds_the_window_before_the_daily_step_does(over):
    assert {name: len(found) for name, found in lines(LAST).items() if len(found) != 1} == {}
    assert {name: len(found) for name, found in lines(AFTER).items() if found} == {}
    assert queries.item(1, LAST)
    assert queries.item(1, AFTER) is None
    assert queries.item_proof(1, AFTER) is None


def test_a_firm_of_which_nothing_is_shown_any_more_is_not_named(over):
    assert queries.subject_page(FIRM, LAST)
    assert queries.subject_page(FIRM, AFTER) is None
    assert [card.id for card in queries.search("柳湾", LAST).subjects] == [FIRM]
    assert queries.search("柳湾", AFTER).subjects == ()
    assert [card.id for card in queries.search("住建", AFTER).subjects] == [UNIT]


def test_a_term_of_very_many_names_holds_the_window_too(over, monkeypatch):
    from zhengxin.publication.board.queries import finding

    monkeypatch.setattr(finding, "_COMMON", 0)
    assert len(queries.search("柳湾", LAST).items) == 1
    assert queries.search("柳湾", AFTER).items == ()


def test_the_filters_choose_newest_first_and_turn_pages():
    for n in range(1, 9):
        put(
            n,
            kind="penalty" if n % 2 else "licence",
            true_on=date(2025 + n // 5, 12, 31),
            shown_to=None,
        )

    def ids(**chosen):
        return [item.entry_id for item in queries.listing(LAST, **chosen).items]

    assert ids(year=2025) == [4, 3, 2, 1]
    assert ids(year=2026, kind="penalty") == [7, 5]
    assert ids(year=2026, unit_id=UNIT, before=8) == [7, 6, 5]
    assert ids(year=2027) == []
    first = queries.listing(LAST, year=2025, limit=2)
    assert first.next_before == 3
    assert ids(year=2025, before=first.next_before) == [2, 1]


@pytest.mark.sqlite_story
@pytest.mark.parametrize(
    ("kind", "unit_id", "year", "before"),
    list(product(("", "penalty"), (None, UNIT), (None, 2026), (None, 50))),
)
def test_each_choice_of_filters_is_read_from_an_index_in_order(kind, unit_id, year, before):
    with CaptureQueriesContext(connections["board"]) as asked:
        queries.listing(LAST, kind=kind, unit_id=unit_id, year=year, before=before)
    statement = asked.captured_queries[0]["sql"]
    with connections["board"].cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + statement)
        (plan,) = [row[3] for row in cursor.fetchall()]
    equal = [
        f"{column}=?"
        for column, value in (("unit_id", unit_id), ("kind", kind), ("true_year", year))
        if value
    ]
    if equal:
        wanted = " AND ".join(equal)
        assert plan.startswith("SEARCH board_boarditem USING INDEX board_"), plan
        assert wanted in plan, plan
    elif before:
        assert "USING INTEGER PRIMARY KEY (rowid<?)" in plan
    else:
        # Newest first from the end of the table, as far as the page reaches.
        assert plan == "SCAN board_boarditem"
