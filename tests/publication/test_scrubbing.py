"""Nothing that was deleted is left between the live rows of the board's file."""

import random
from pathlib import Path

import pytest
from django.db import connections, transaction

from zhengxin.ledger.scrubbing import scrub
from zhengxin.publication.board.models import BoardSubject

ROWS = 3000


@pytest.mark.sqlite_story
@pytest.mark.django_db(transaction=True, databases=["board"])
def test_no_copy_is_left_where_rows_moved_from_page_to_page() -> None:
    board = connections["board"]
    dice = random.Random(1)
    ids = list(range(1, ROWS + 1))
    # Out of order and of many sizes: pages are split and rows copied to new ones.
    dice.shuffle(ids)
    with transaction.atomic(using="board"):
        for pk in ids:
            name = f"{dice.random()}:{pk:06d};"
            BoardSubject.objects.using("board").create(
                id=pk, name=name, uscc=name[2:18], folded="x" * dice.randrange(900)
            )
    gone = dice.sample(ids, ROWS // 3)
    for pk in gone:
        BoardSubject.objects.using("board").filter(id=pk).delete()
    assert scrub("board", [])
    file = Path(str(board.settings_dict["NAME"]))
    left = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert [pk for pk in gone if f":{pk:06d};".encode() in left] == []
    assert f":{next(pk for pk in ids if pk not in gone):06d};".encode() in left


@pytest.mark.sqlite_story
@pytest.mark.django_db(transaction=True, databases=["board"])
def test_a_reader_of_the_log_is_told_of() -> None:
    board = connections["board"]
    BoardSubject.objects.using("board").create(id=1, name="甲")
    other = board.copy()
    try:
        with board.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=100")
        with other.cursor() as reading:
            reading.execute("BEGIN")
            reading.execute("SELECT count(*) FROM board_boardsubject")
            reading.fetchall()
            BoardSubject.objects.using("board").create(id=2, name="乙")
            assert not scrub("board", [])
            reading.execute("COMMIT")
        assert scrub("board", [])
    finally:
        other.close()
        with board.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=30000")
