"""A real county under a new program: rehearsed on a copy, then made new; and back, with nothing lost unsaid."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.homes import Home
from tests.journeys.test_backups import STATE, a_home, penalties
from tests.journeys.test_erasing_everywhere import ERASE, SETTING
from tests.journeys.test_faults import OPEN

# As a program left it that had no holds and erasures yet; whose board says that the county is real.
OLDER = """
from django.core.management import call_command
from zhengxin.publication.board.models import BoardFigure
for alias in ("default", "keys", "board"):
    call_command("migrate", "retention", "zero", database=alias, verbosity=0)
BoardFigure.objects.using("board").filter(name="county").update(value={"name": "某县", "invented": False})
answer = None
"""
TABLES = "from django.db import connection\nanswer = 'retention_hold' in connection.introspection.table_names()"
TAMPERED = """
from django.db import connection
from tests.stores import triggers_aside
with triggers_aside("default"), connection.cursor() as cursor:
    cursor.execute("UPDATE ledger_entry SET unit_id = 1 + coalesce(unit_id, 0) WHERE id = 7")
answer = None
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A county with 200 penalties, made once: every story begins with a copy of it."""
    folder = tmp_path_factory.mktemp("small")
    with a_home(folder / "home") as made:
        made.run("backup", "init", "--identity", folder / "identity")
        made.ask(OPEN)
        penalties(made, folder / "small.csv", 200, 8)
        yield made


@pytest.fixture
def home(small: Home, tmp_path: Path) -> Iterator[Home]:
    with a_home(tmp_path / "home", like=small) as made:
        yield made


def test_a_real_county_is_upgraded_on_purpose_and_can_go_back(home: Home, tmp_path: Path) -> None:
    before = home.ask(STATE)
    home.ask(OLDER)
    for command in (["worker", "--once"], ["migrate"], ["ledger", "verify"]):
        assert "zhengxin upgrade" in home.run(*command, fails=True)
    assert not home.ask(TABLES)
    assert "没有备份过" in home.run("upgrade", fails=True)
    assert "演练通过" in home.run("upgrade", "--without-backup")
    assert home.ask(STATE) == before
    assert "不必升级" in home.run("upgrade")
    penalties(home, tmp_path / "more.csv", 200, 9)
    after = home.ask(STATE)
    assert after["penalties"] == 2 * 198
    said = home.run("upgrade", "--back", fails=True)
    assert "198条" in said
    assert home.ask(STATE) == after
    home.run("upgrade", "--back", "--lose", 198)
    assert not home.ask(TABLES)
    assert (home.path / "safekeeping" / "laid-aside").is_dir()
    home.run("upgrade", "--without-backup")
    assert home.ask(STATE) == before


@pytest.mark.sqlite_story
def test_a_rehearsal_that_fails_leaves_the_home_as_it_was(home: Home) -> None:
    home.ask(OLDER)
    home.ask(TAMPERED)
    said = home.run("upgrade", "--without-backup", fails=True)
    assert "演练没有通过" in said
    assert "Traceback" not in said
    assert not home.ask(TABLES)
    assert not (home.path / "safekeeping" / "rehearsal").exists()


def test_a_backup_of_today_is_enough_and_an_erasure_closes_the_way_back(
    home: Home, tmp_path: Path
) -> None:
    home.run("backup", tmp_path / "kept")
    home.ask(OLDER)
    home.run("upgrade")
    home.ask(SETTING + ERASE.format(entry_id=5))
    home.run("worker", "--once")
    assert "随之销毁" in home.run("upgrade", "--back", fails=True)


@pytest.mark.sqlite_story
def test_an_invented_county_is_made_new_by_itself(home: Home) -> None:
    home.ask(OLDER.replace("False", "True"))
    home.run("worker", "--once")
    assert home.ask(TABLES)
