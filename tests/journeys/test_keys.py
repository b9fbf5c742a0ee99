"""The keys told through the command line: custody in shares, a lost key, a wrong one, a start without a file."""

import os
import re
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.homes import COMMAND, PATIENCE, Home, new_home
from tests.journeys.test_command_line import UNIT, licences

SHARE = re.compile(r"^分片\d：((?:[0-9A-Z]{5} ){13}[0-9A-Z]{4})$", re.MULTILINE)


@pytest.fixture
def taian(tmp_path: Path) -> Iterator[Home]:
    with new_home(tmp_path / "home") as home:
        home.run("init", "taian")
        sent = licences(tmp_path / "许可.csv", 20)
        home.run("intake", sent, "--source", "licences", "--unit", UNIT)
        yield home


def type_in(home: Home, lines: list[str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command without a terminal, so that it reads what is typed from its input."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=home.environment,
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )


def split(home: Home, *arguments: object) -> list[str]:
    return SHARE.findall(home.run("keys", "split", *arguments))


@pytest.mark.sqlite_story
def test_a_lost_key_comes_back_from_any_two_of_three_shares(taian: Home) -> None:
    file = taian.path / "keys" / "master.key"
    first, second, third = split(taian, "--total", 3)
    checked = type_in(taian, [first, second], "keys", "combine", "--check")
    assert "分片核对无误" in checked.stdout, checked.stderr
    kept = file.read_text()
    file.unlink()
    for command in (
        ("ledger", "verify"), ("serve", "--port", "0"), ("worker", "--once"), ("keys", "rotate-master"),
        ("publish-due",), ("keys", "status"),
    ):  # fmt: skip
        told = taian.run(*command, fails=True)
        assert "没有找到主密钥" in told
        assert "zhengxin keys combine" in told
    assert not file.exists()
    # A slip of the pen is asked for again.
    slipped = third[:-1] + ("7" if third[-1] != "7" else "8")
    done = type_in(taian, [slipped, third, first], "keys", "combine")
    assert "校验码不符" in done.stderr
    assert "已写入" in done.stdout
    assert file.read_text() == kept
    assert file.stat().st_mode & 0o777 == 0o600
    assert "全部相符" in taian.run("ledger", "verify", "--payloads")


@pytest.mark.sqlite_story
def test_a_wrong_key_is_refused_everywhere_and_never_written_over(taian: Home) -> None:
    file = taian.path / "keys" / "master.key"
    shares = split(taian)
    right, wrong = file.read_text(), secrets.token_hex(32) + "\n"
    file.write_text(wrong)
    for command in (("ledger", "checkpoint"), ("worker", "--once"), ("serve", "--port", "0")):
        assert "主密钥与本库不符" in taian.run(*command, fails=True)
    refused = type_in(taian, shares, "keys", "combine")
    assert "已经存在，但与分片合成的不是同一个" in refused.stderr
    assert file.read_text() == wrong
    file.write_text(right)
    taian.run("keys", "rotate-master")
    stale = type_in(taian, shares, "keys", "combine", "--check")
    assert stale.returncode == 1
    assert "主密钥与本库不符" in stale.stderr
    file.chmod(0o644)
    assert "chmod 600" in taian.run("ledger", "verify", fails=True)


@pytest.mark.sqlite_story
def test_without_a_key_on_disk_the_site_starts_only_after_two_people_typed(taian: Home) -> None:
    shares = split(taian)
    gone = type_in(taian, shares, "keys", "combine", "--remove-file")
    assert "已删除" in gone.stdout, gone.stderr
    key = taian.path / "keys" / "master.key"
    assert not key.exists()
    assert "没有找到主密钥" in taian.run("serve", "--port", "0", fails=True)
    refused = type_in(taian, [shares[0], shares[0]], "keys", "unlock", "ledger", "verify")
    assert "同一个分片输入了两次" in refused.stderr
    done = type_in(taian, shares, "keys", "unlock", "ledger", "verify", "--payloads")
    assert "全部相符" in done.stdout, done.stderr
    sent = licences(taian.path.parent / "更多.csv", 30, first=100)
    done = type_in(
        taian, shares, "keys", "unlock", "intake", str(sent), "--source", "licences", "--unit", UNIT
    )
    assert "入账30条" in done.stdout, done.stdout + done.stderr
    port = free_port()
    server = subprocess.Popen(
        [*COMMAND, "keys", "unlock", "serve", "--port", str(port), "--workers", "1"],
        env=taian.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert server.stdin is not None
        server.stdin.write("".join(f"{share}\n" for share in shares).encode())
        server.stdin.close()
        answers(f"http://127.0.0.1:{port}/desk/sign-in/", server)
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
    assert not key.exists()
    raw = b"".join(path.read_bytes() for path in taian.path.rglob("*") if path.is_file())
    whole = type_in(taian, shares, "keys", "combine")
    assert whole.returncode == 0
    assert key.read_bytes().strip() not in raw
    assert bytes.fromhex(key.read_text()) not in raw


def free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def answers(address: str, server: "subprocess.Popen[bytes]") -> None:
    begun = time.monotonic()
    while True:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=10) as page:
                assert page.status == 200
                return
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() - begun < PATIENCE, "the server did not answer"
            time.sleep(0.2)


@pytest.mark.sqlite_story
def test_shares_as_pages_to_print(taian: Home, tmp_path: Path) -> None:
    folder = tmp_path / "sheets"
    told = taian.run("keys", "split", "--total", 3, "--sheets", folder)
    assert "删除这些文件" in told
    assert SHARE.findall(told) == []
    pages = sorted(folder.iterdir())
    assert [page.name for page in pages] == ["share-1.html", "share-2.html", "share-3.html"]
    assert all(page.stat().st_mode & 0o777 == 0o600 for page in pages)
    texts = [re.findall(r"<code>([^<]+)</code>", page.read_text())[0] for page in pages]
    assert "分片核对无误" in type_in(taian, texts[1:], "keys", "combine", "--check").stdout
    assert taian.run("keys", "split", "--total", 2, "--sheets", folder)


def test_a_rotation_is_in_the_log_and_everything_still_verifies(taian: Home) -> None:
    before = taian.run("ledger", "checkpoint")
    saved = taian.path.parent / "old.txt"
    saved.write_text(before)
    assert "5个密钥重新包裹" in taian.run("keys", "rotate-master")
    taian.environment["ZHENGXIN_KEY_SUITE"] = "sm4-gcm"
    assert "第2期" in taian.run("keys", "rotate-epoch")
    assert "本次重新包裹20个" in taian.run("keys", "rewrap")
    assert "新公钥" in taian.run("keys", "rotate-signing")
    status = taian.run("keys", "status")
    assert "第1期" in status
    assert "包裹密钥已销毁" in status
    assert "sm4-gcm" in status
    assert status.count("检查点公钥") == 2
    assert "不能轮换" in status
    assert "全部相符" in taian.run("ledger", "verify", "--payloads")
    assert '"consistent": true' in taian.run("ledger", "consistency", saved)
    acts = taian.ask(
        "from zhengxin.audit.models import AuditLine\n"
        "answer = list(AuditLine.objects.filter(object_kind='keys').order_by('id').values_list('act', flat=True))"
    )
    assert acts == [
        "keys.rotate_master",
        "keys.rotate_epoch",
        "keys.rewrap",
        "keys.rotate_signing",
    ]


def test_what_is_asked_wrongly_is_said() -> None:
    for arguments in (["split", "--needed", "3"], ["combine", "--check", "--remove-file"]):
        done = subprocess.run(
            [sys.executable, "-m", "zhengxin", "keys", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert "没有执行" in done.stderr
