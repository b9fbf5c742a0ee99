"""Keepers of the master key: what each demands, and what it says when it is not content."""

import secrets
import shlex
import sys
from pathlib import Path

import pytest

from tests.ledger.vault import loopback_hsm
from zhengxin.ledger.vault.providers import (
    EnvironmentKeeper,
    FileKeeper,
    GivenKeeper,
    NotOurs,
    RawKeeper,
    fingerprint,
    provider,
    suite,
)
from zhengxin.ledger.vault.refusals import (
    KeyExposed,
    KeyMalformed,
    KeyMissing,
    ProviderFailed,
    ProviderUnknown,
    SuiteUnknown,
)

PLAIN = bytes(range(32))


class Mirrored:
    """A provider of one's own: turns the bytes round."""

    def wrap(self, plain: bytes) -> bytes:
        return plain[::-1]

    def unwrap(self, wrapped: bytes) -> bytes:
        return wrapped[::-1]

    def describe(self) -> str:
        return "镜子"


def hsm(tmp_path: Path, name: str = "device.key") -> str:
    key = tmp_path / name
    key.write_text(secrets.token_hex(32))
    return "command:" + shlex.join([sys.executable, str(loopback_hsm.__file__), str(key)])


def test_a_file(tmp_path: Path) -> None:
    keeper = FileKeeper(tmp_path / "keys" / "master.key")
    with pytest.raises(KeyMissing, match=r"master\.key"):
        keeper.key()
    keeper.make()
    assert keeper.path.stat().st_mode & 0o777 == 0o600
    assert keeper.path.parent.stat().st_mode & 0o777 == 0o700
    key = keeper.key()
    keeper.make()
    assert keeper.key() == key
    wrapped = keeper.wrap(PLAIN)
    assert PLAIN not in wrapped
    assert wrapped != keeper.wrap(PLAIN)
    assert keeper.unwrap(wrapped) == PLAIN
    assert fingerprint(key) in keeper.describe()
    with pytest.raises(NotOurs):
        GivenKeeper(secrets.token_bytes(32)).unwrap(wrapped)
    with pytest.raises(NotOurs):
        keeper.unwrap(b"\x09" + wrapped[1:])
    with pytest.raises(NotOurs):
        keeper.unwrap(b"")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    keeper = FileKeeper(tmp_path / "keys" / "master.key")
    keeper.make()
    keeper.path.chmod(mode)
    with pytest.raises(KeyExposed, match=rf"权限是{mode:03o}.*chmod 600"):
        keeper.key()


def test_a_credential_elsewhere_may_be_lent_to_a_group(tmp_path: Path) -> None:
    keeper = FileKeeper(tmp_path / "credentials" / "master")
    keeper.make()
    keeper.path.chmod(0o440)
    assert len(keeper.key()) == 32
    keeper.path.chmod(0o444)
    with pytest.raises(KeyExposed):
        keeper.key()


@pytest.mark.parametrize("content", ["", "zz" * 32, "ab" * 31, "ab" * 33, "钥" * 64])
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyMalformed, match="64位十六进制"):
        FileKeeper(path).key()


def test_the_environment(monkeypatch) -> None:
    keeper = provider("environment:ZX_TEST_KEY")
    assert isinstance(keeper, EnvironmentKeeper)
    assert isinstance(keeper, RawKeeper)
    with pytest.raises(KeyMissing, match="ZX_TEST_KEY"):
        keeper.wrap(PLAIN)
    monkeypatch.setenv("ZX_TEST_KEY", "abc")
    with pytest.raises(KeyMalformed):
        keeper.wrap(PLAIN)
    monkeypatch.setenv("ZX_TEST_KEY", "ab" * 32)
    assert keeper.unwrap(keeper.wrap(PLAIN)) == PLAIN
    assert fingerprint(b"\xab" * 32) in keeper.describe()
    assert "ab" * 32 not in keeper.describe()


def test_an_outside_program(tmp_path: Path) -> None:
    keeper = provider(hsm(tmp_path))
    assert not isinstance(keeper, RawKeeper)
    wrapped = keeper.wrap(PLAIN)
    assert PLAIN not in wrapped
    assert keeper.unwrap(wrapped) == PLAIN
    with pytest.raises(NotOurs):
        provider(hsm(tmp_path, "other.key")).unwrap(wrapped)
    assert "device.key" not in keeper.describe()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("/nowhere/to/be/found", "FileNotFoundError"),
        (f"{sys.executable} -c 'import sys; sys.exit(\"无PIN\")'", "退出码1，提示：无PIN"),
        (f"{sys.executable} -c pass", "退出码0"),
        (f"{sys.executable} -c 'print(\"no hex\")'", "退出码0"),
    ],
)
def test_an_outside_program_that_fails_is_named(command: str, told: str) -> None:
    with pytest.raises(ProviderFailed, match=told):
        provider(f"command:{command}").wrap(PLAIN)


def test_a_class_of_ones_own() -> None:
    keeper = provider("tests.ledger.vault.test_providers.Mirrored")
    assert keeper.unwrap(keeper.wrap(PLAIN)) == PLAIN
    assert keeper.describe() == "镜子"


@pytest.mark.parametrize("spec", ["hsm", "pkcs11:slot", "no.such.Class", "os.nothing", "command:"])
def test_an_unknown_keeper_is_refused(spec: str) -> None:
    with pytest.raises(ProviderUnknown, match="ZHENGXIN_KEY_PROVIDER"):
        provider(spec)


def test_the_ciphers_of_the_wrapping_can_be_chosen_and_both_are_read(settings, tmp_path) -> None:
    keeper = FileKeeper(tmp_path / "master.key")
    keeper.make()
    by_aes = keeper.wrap(PLAIN)
    settings.KEY_SUITE = "sm4-gcm"
    by_sm4 = keeper.wrap(PLAIN)
    assert by_aes[0] != by_sm4[0]
    assert keeper.unwrap(by_aes) == keeper.unwrap(by_sm4) == PLAIN
    settings.KEY_SUITE = "rot13"
    with pytest.raises(SuiteUnknown, match="rot13"):
        suite()


def test_a_rotation_broken_off_between_store_and_file_is_finished(tmp_path: Path) -> None:
    keeper = FileKeeper(tmp_path / "master.key")
    keeper.make()
    old = keeper.key()
    coming = keeper.successor()
    assert keeper.successor().key() == coming.key() != old
    before, after = keeper.wrap(PLAIN), coming.wrap(PLAIN)
    assert keeper.unwrap(before) == PLAIN
    assert keeper.key() == old
    assert keeper.unwrap(after) == PLAIN
    assert keeper.key() != old
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]
    with pytest.raises(NotOurs):
        keeper.unwrap(before)
