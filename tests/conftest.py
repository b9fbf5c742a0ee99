"""What every test stands on."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.homes import Home, new_home
from tests.stores import flush_past_triggers, name_test_databases

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
REQUIRED = set(filter(None, os.environ.get("ZHENGXIN_REQUIRE", "").split(",")))


def require_or_skip(what: str, reason: str) -> None:
    """Skip on a newcomer's machine; fail where ZHENGXIN_REQUIRE names `what`."""
    if what in REQUIRED:
        pytest.fail(f"ZHENGXIN_REQUIRE={what}: {reason}")
    pytest.skip(reason)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server runs what touches a database; the rest ran once beside it, on any machine."""
    if not os.environ.get("DATABASE_URL"):
        return
    apart = [item for item in items if not _touches_a_database(item)]
    config.hook.pytest_deselected(items=apart)
    items[:] = [item for item in items if item not in set(apart)]


def _touches_a_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "demo_county"} & set(getattr(item, "fixturenames", ()))
    # What a command does with a home of its own is not told by fixtures.
    homes = {"new_home", "Home", "COMMAND"} & set(vars(getattr(item, "module", object)))
    return item.get_closest_marker("django_db") is not None or bool(fixtures or homes)


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; a test opens a context of its own in it."""
    chromium = Path("/usr/bin/chromium")
    if not chromium.exists():
        require_or_skip("chromium", f"no {chromium}")
    # Playwright keeps an event loop in this thread; the tests' own queries are not asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # A busy machine shows a page late; five seconds are for one that does nothing else.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(chromium),
            args=["--no-sandbox", "--disable-background-networking", "--headless=new"],
        )
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def demo_county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A small invented county (about 400 records) in a home of its own. Stories read it; none may change it."""
    folder = tmp_path_factory.mktemp("county")
    shared = os.environ.get("ZHENGXIN_TEST_COUNTY")
    with new_home(folder) as home:
        if shared and not os.environ.get("DATABASE_URL"):
            shutil.copytree(_built_once(Path(shared)), folder, dirs_exist_ok=True)
        else:
            _build(home)
        yield home


def _built_once(shared: Path) -> Path:
    """Runs side by side build it once and take a copy each."""
    with (shared / "lock").open("w") as turn, new_home(shared / "home", tables=False) as first:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (shared / "built").exists():
            _build(first)
            (shared / "built").touch()
        return first.path


def _build(home: Home) -> None:
    home.run("demo", "--no-serve", "--scale", "0.1")
