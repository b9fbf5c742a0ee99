"""What every test stands on."""

import os
from pathlib import Path

import pytest

from tests.stores import flush_past_triggers, name_test_databases

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
REQUIRED = set(filter(None, os.environ.get("ZHENGXIN_REQUIRE", "").split(",")))


def require_or_skip(what: str, reason: str) -> None:
    """Skip on a newcomer's machine; fail where ZHENGXIN_REQUIRE names `what`."""
    if what in REQUIRED:
        pytest.fail(f"ZHENGXIN_REQUIRE={what}: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real inputs beside the checkout."""
    if not SHARED.is_dir():
        require_or_skip("data", f"no folder {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each store is tested in a database of its own that other processes can open."""
    name_test_databases(tmp_path_factory.mktemp("stores"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Append-only tables can be emptied between transactional tests."""
    flush_past_triggers()
