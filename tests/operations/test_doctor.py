"""The doctor, asked about a real home after each of its parts was broken."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.homes import COMMAND, Home, new_home
from zhengxin.rulebook.queries import law_folder

pytestmark = pytest.mark.sqlite_story
Ask = Callable[..., dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Iterator[Home]:
    """A blank real county whose worker has just done its round."""
    with new_home(tmp_path_factory.mktemp("sound")) as home:
        home.run("init", "taian")
        home.run("worker", "--once")
        yield home


@pytest.fixture
def home(sound: Home, tmp_path: Path) -> Home:
    """A copy of it to break."""
    folder = tmp_path / "home"
    shutil.copytree(sound.path, folder)
    folder.chmod(0o700)
    return Home(folder, {**sound.environment, "ZHENGXIN_HOME": str(folder)})


def ask(home: Home, *, code: int = 1) -> dict[str, dict[str, str]]:
    """Findings by code; the command must end with this exit code."""
    done = subprocess.run(
        [*COMMAND, "doctor", "--json"],
        env=home.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return {each["code"]: each for each in json.loads(done.stdout)}


def change(path: Path, *statements: str) -> None:
    """Runs statements in a store behind the program's back."""
    with sqlite3.connect(path) as store:
        for statement in statements:
            store.execute(statement)
    store.close()


def failing(found: dict[str, dict[str, str]]) -> set[str]:
    return {code for code, each in found.items() if each["verdict"] == "fail"}


def test_a_sound_home_passes_and_the_words_are_for_people(home):
    found = ask(home, code=0)
    assert failing(found) == set()
    assert found["worker"]["verdict"] == "ok"
    told = home.run("doctor")
    assert "[正常] 主库：能读。" in told
    assert "怎么办：" in told
    assert "留意" in told.splitlines()[-1]


def test_a_home_that_is_not_there_is_not_made(home, tmp_path):
    found = ask(home.having(ZHENGXIN_HOME=str(tmp_path / "elsewhere")))
    assert failing(found) == {"home"}
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    "name", ["keys", "keys/master.key", "zhengxin.sqlite3", ".", "channels.yaml"]
)
def test_what_others_can_read_is_told(home, name):
    path = home.path / name
    path.touch()
    path.chmod(0o755)
    found = ask(home)
    # A master key that others can read is not used either.
    assert failing(found) == {"modes"} | ({"keys"} if path.name == "master.key" else set())
    assert str(path.resolve()) in found["modes"]["remedy"]


def test_a_lost_key_is_told(home):
    master = home.path / "keys" / "master.key"
    kept = master.read_bytes()
    master.unlink()
    found = ask(home)
    assert failing(found) == {"keys"}
    assert "master.key" in found["keys"]["what"]
    assert not master.exists()
    master.touch(0o600)
    master.write_text("00" * 32 + "\n")
    assert failing(ask(home)) == {"keys"}
    master.write_bytes(kept)
    assert failing(ask(home, code=0)) == set()


def test_a_lost_store_is_told_and_not_made_again(home):
    for file in home.path.glob("keys.sqlite3*"):
        file.unlink()
    found = ask(home)
    assert failing(found) == {"store_keys"}
    assert not (home.path / "keys.sqlite3").exists()


def test_a_damaged_store_is_told(home):
    for log in home.path.glob("board.sqlite3-*"):
        log.unlink()
    (home.path / "board.sqlite3").write_bytes(b"damaged" * 1000)
    found = ask(home)
    assert failing(found) == {"store_board"}
    assert "损坏" in found["store_board"]["what"]


@pytest.mark.parametrize(
    "statements",
    [
        ["DROP TRIGGER audit_auditline_no_delete"],
        ["DROP TRIGGER audit_auditline_no_delete",
         "CREATE TRIGGER audit_auditline_no_delete BEFORE DELETE ON audit_auditline BEGIN SELECT 1; END"],
    ],
)  # fmt: skip
def test_a_guard_taken_away_or_made_blunt_is_told(home, statements):
    change(home.path / "zhengxin.sqlite3", *statements)
    found = ask(home)
    assert failing(found) == {"guards"}
    assert "audit_auditline_no_delete" in found["guards"]["what"]


def test_tables_behind_and_ahead_of_the_program_are_told(home):
    main = home.path / "zhengxin.sqlite3"
    change(main, "DELETE FROM django_migrations WHERE app = 'duties' AND name LIKE '0002%'")
    assert "duties.0002" in ask(home)["migrations"]["what"]
    change(
        main,
        "INSERT INTO django_migrations (app, name, applied) VALUES ('duties', '0099_x', '2026-01-01')",
    )
    found = ask(home)
    assert failing(found) == {"migrations"}
    assert "程序不认识duties.0099_x" in found["migrations"]["what"]


def test_a_clock_set_back_is_told(home):
    ahead = (datetime.now() + timedelta(days=3, hours=12)).isoformat(sep=" ")
    change(
        home.path / "zhengxin.sqlite3",
        "INSERT INTO audit_auditline (at, actor_name, act, object_kind, object_id, purpose, outcome, detail) "
        f"VALUES ('{ahead}', 'x', 'x', 'x', 'x', '', 'done', '{{}}')",
    )
    found = ask(home)
    assert failing(found) == {"clock"}
    assert "早3天" in found["clock"]["what"]


def test_a_silent_worker_is_told(home):
    beat = home.path / "run" / "worker.json"
    told = json.loads(beat.read_text())
    beat.write_text(json.dumps(told | {"beat_at": "2026-01-01T00:00:00+00:00"}))
    assert failing(ask(home)) == {"worker"}
    beat.write_text("{damaged")
    assert "没有运行过" in ask(home)["worker"]["what"]


def test_a_server_that_stopped_answering_is_told(home):
    note = home.path / "run" / "serving.json"
    note.write_text(json.dumps({"host": "127.0.0.1", "port": 9}))
    found = ask(home)
    assert failing(found) == {"served"}
    assert "http://127.0.0.1:9没有回答" in found["served"]["what"]


def test_a_name_for_outside_without_encryption_is_told(home):
    assert failing(ask(home.having(ZHENGXIN_HOSTS="xinyong.example"))) == {"exposure"}
    served = home.having(
        ZHENGXIN_HOSTS="xinyong.example", ZHENGXIN_ORIGINS="https://xinyong.example"
    )
    assert ask(served, code=0)["exposure"]["verdict"] == "ok"


def test_an_invented_account_in_a_real_county_is_told(home):
    change(
        home.path / "zhengxin.sqlite3",
        "INSERT INTO accounts_account (username, name, password, is_active, invented, created_at) "
        "VALUES ('zhujian', 'x', '!', 1, 1, '2026-01-01')",
    )
    assert failing(ask(home)) == {"accounts"}


def test_a_short_session_key_is_told(home):
    (home.path / "keys" / "session.key").write_text("short")
    assert failing(ask(home)) == {"session_key"}


def test_settings_that_do_not_start_are_told(home):
    key = home.path / "keys" / "session.key"
    key.unlink()
    key.mkdir(0o700)
    found = ask(home)
    assert failing(found) == {"settings"}
    assert "keys文件夹" in found["settings"]["remedy"]


def test_no_password_of_an_address_is_repeated(home):
    for variable in ("DATABASE_URL", "ZHENGXIN_KEYS_URL"):
        for url in ("postgres://zx:geheim@127.0.0.1:9/zx", "nosuch://zx:geheim@127.0.0.1/zx"):
            found = ask(home.having(**{variable: url}))
            assert failing(found)
            assert "geheim" not in json.dumps(found)


def test_a_law_folder_that_cannot_be_read_is_told(home, tmp_path):
    law = shutil.copytree(law_folder(), tmp_path / "law")
    (law / "penalty_kinds.yaml").write_text("[", encoding="utf-8")
    found = ask(home.having(ZHENGXIN_LAW=str(law)))
    assert failing(found) == {"law", "calendar"}
    assert "penalty_kinds.yaml" in found["law"]["what"]


def test_channels_are_read_and_the_mail_server_asked(home):
    file = home.path / "channels.yaml"
    file.touch(0o600)
    file.write_text("smtp: {host: 127.0.0.1}\n", encoding="utf-8")
    assert failing(ask(home)) == {"channels"}
    file.write_text(
        "smtp: {host: 127.0.0.1, port: 9, from: a@b.example, security: none}\n"
        "recipients:\n- {role: system_admin, channel: smtp, address: ops@b.example}\n",
        encoding="utf-8",
    )
    found = ask(home)
    assert failing(found) == {"channels"}
    assert "连不上" in found["channels"]["what"]


def test_mail_settings_of_earlier_versions_are_told(home):
    found = ask(home.having(ZHENGXIN_SMTP_HOST="mail.example"), code=0)
    assert "ZHENGXIN_SMTP_HOST" in found["mail_variables"]["what"]


def test_a_full_disk_is_told(home, monkeypatch):
    import errno

    from zhengxin.operations import machine

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(machine.tempfile, "NamedTemporaryFile", full)
    found = {each.code: each for each in machine.machine_findings(home.path)}
    assert found["home"].verdict == "fail"
    assert "磁盘已满" in found["home"].what
