"""Keys are made once, adopted from before, and refused when they are not the right ones."""

import secrets
from pathlib import Path

import pytest
from django.db import transaction

from tests.ledger.vault.ledgers import as_before, enter, holds, lay, leaves
from tests.ledger.vault.test_providers import hsm
from zhengxin.ledger import queries
from zhengxin.ledger.keys import pepper, signing_key
from zhengxin.ledger.vault import keyring
from zhengxin.ledger.vault import queries as vault
from zhengxin.ledger.vault.enums import KeyKind
from zhengxin.ledger.vault.models import Key, Secret
from zhengxin.ledger.vault.providers import GivenKeeper
from zhengxin.ledger.vault.refusals import KeyExposed, KeyMissing, KeyWrong

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_nothing_in_the_store_is_in_clear(tmp_path: Path) -> None:
    ids = enter(3)
    clear = {pepper(), signing_key().private_bytes_raw()}
    opener = keyring.key(KeyKind.WRAPPING), keyring.key(KeyKind.DERIVING)
    stored = [bytes(row.wrapped or b"") for row in Key.objects.all()]
    stored += [bytes(row.secret or b"") for row in Secret.objects.all()]
    assert len(stored) == 4 + 3
    assert all(key not in blob for key in (*clear, *opener) for blob in stored)
    assert {len(bytes(row.secret or b"")) for row in Secret.objects.all()} == {60}
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["master.key"]
    assert queries.payload(ids[0]).closed == {"party_id": "x" * 18}


def test_the_wrong_master_key_is_refused_with_both_fingerprints(tmp_path: Path) -> None:
    enter(1)
    was = vault.status()
    lay({"master.key": secrets.token_hex(32)})
    keyring.forget()
    for use in (keyring.check, pepper, lambda: enter(1), lambda: queries.payload(1)):
        with pytest.raises(KeyWrong, match=r"与本库不符.*请放回指纹相符的主密钥") as refused:
            use()
    assert was is not None
    assert was.wrapped_by in str(refused.value)
    assert vault.status() is not None


def test_an_exposed_master_key_is_refused(tmp_path: Path) -> None:
    enter(1)
    (tmp_path / "keys" / "master.key").chmod(0o644)
    keyring.forget()
    with pytest.raises(KeyExposed):
        keyring.check()


def test_another_keeper_can_hold_the_master_key_from_the_start(settings, tmp_path: Path) -> None:
    settings.KEY_PROVIDER = hsm(tmp_path)
    enter(2)
    keyring.forget()
    holds(2)
    assert not (tmp_path / "keys").exists()
    (tmp_path / "device.key").write_text(secrets.token_hex(32))
    keyring.forget()
    with pytest.raises(KeyWrong, match="外部程序"):
        keyring.check()


def test_a_home_from_before_is_taken_over(django_capture_on_commit_callbacks) -> None:
    files = as_before(4)
    there = leaves()
    with django_capture_on_commit_callbacks(using="keys", execute=True):
        keyring.check()
    assert leaves() == there
    assert {name: bytes.fromhex(text) for name, text in files.items()} == {
        "master.key": keyring.key(KeyKind.DERIVING),
        "pepper.key": pepper(),
        "log.ed25519": signing_key().private_bytes_raw(),
    }
    # The files that are now held wrapped are gone; bare secrets are still read.
    folder = Path(keyring.settings.KEYS_DIR)
    assert [path.name for path in folder.iterdir()] == ["master.key"]
    assert vault.bare()
    holds(4)
    enter(1, first=50)
    holds(5)
    status = vault.status()
    assert status is not None
    assert (status.bare, status.epochs[0].secrets) == (4, 1)


def test_taking_over_needs_all_that_was_there() -> None:
    as_before(2)
    (Path(keyring.settings.KEYS_DIR) / "pepper.key").unlink()
    with pytest.raises(KeyMissing, match=r"pepper\.key"):
        keyring.check()
    assert not Key.objects.exists()


def test_a_home_from_before_can_move_to_another_keeper(
    settings, tmp_path, django_capture_on_commit_callbacks
) -> None:
    as_before(2)
    settings.KEY_PROVIDER = hsm(tmp_path)
    with django_capture_on_commit_callbacks(using="keys", execute=True):
        keyring.check()
    assert list((tmp_path / "keys").iterdir()) == []
    keyring.forget()
    holds(2)


def test_keys_that_are_rolled_back_leave_the_files_of_before() -> None:
    files = as_before(1)
    try:
        with transaction.atomic(using="keys"):
            keyring.ensure()
            raise RuntimeError
    except RuntimeError:
        pass
    assert {path.name for path in Path(keyring.settings.KEYS_DIR).iterdir()} == set(files)


def test_a_key_of_another_place_is_not_taken_for_this_one() -> None:
    enter(1)
    keyring.forget()
    pepper_row = Key.objects.get(kind=KeyKind.PEPPER)
    signing_row = Key.objects.get(kind=KeyKind.SIGNING)
    pepper_row.wrapped = signing_row.wrapped
    with pytest.raises(KeyWrong):
        keyring.unwrapped(keyring.provider(), pepper_row)
    with pytest.raises(KeyWrong, match="分片合成"):
        keyring.unwrapped(GivenKeeper(bytes(32)), signing_row)
