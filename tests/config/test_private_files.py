"""Databases are made for their owner alone."""

import os
import stat
from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler

from zhengxin.config.homes import STORE_FILES, databases

# Only so that a connection may open: these tests bring databases of their own.
pytestmark = pytest.mark.django_db(databases=list(STORE_FILES))


@pytest.fixture
def lax_home(tmp_path, monkeypatch):
    """A folder everybody may read, under the usual lax umask."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name in ("ZHENGXIN_KEYS_URL", "ZHENGXIN_BOARD_URL"):
        monkeypatch.delenv(name, raising=False)
    tmp_path.chmod(0o755)
    before = os.umask(0o022)
    yield tmp_path
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("alias", STORE_FILES)
def test_a_database_its_log_and_its_index_are_private_in_an_open_home(alias, lax_home):
    stores = ConnectionHandler(databases(lax_home))
    file = lax_home / STORE_FILES[alias]
    store = stores[alias]
    try:
        with store.cursor() as cursor:
            cursor.execute("CREATE TABLE line (n integer)")
        found = {path.name: mode(path) for path in lax_home.iterdir()}
        assert {file.name, f"{file.name}-wal", f"{file.name}-shm"} <= found.keys()
        assert set(found.values()) == {0o600}
    finally:
        store.close()


def test_what_an_administrator_allowed_stays(lax_home):
    file = lax_home / STORE_FILES["board"]
    file.touch()
    file.chmod(0o640)
    store = ConnectionHandler(databases(lax_home))["board"]
    with store.cursor() as cursor:
        cursor.execute("CREATE TABLE line (n integer)")
    store.close()
    assert mode(file) == 0o640
