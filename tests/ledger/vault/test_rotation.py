"""Rotation: what it must leave alone, what it must make useless, and what a kill -9 may not spoil."""

import json
import shutil
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings as program
from django.db import connections

from tests.ledger.conftest import ACTOR, AT
from tests.ledger.test_verification import tamper
from tests.ledger.vault.ledgers import as_before, enter, held, holds, leaves
from tests.ledger.vault.test_providers import hsm
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries
from zhengxin.ledger.keys import pepper, signing_key
from zhengxin.ledger.models import Checkpoint, Verifier
from zhengxin.ledger.notes import sign
from zhengxin.ledger.vault import actions, keyring
from zhengxin.ledger.vault import queries as vault
from zhengxin.ledger.vault.enums import KeyKind
from zhengxin.ledger.vault.models import Key, Secret
from zhengxin.ledger.vault.providers import FileKeeper, GivenKeeper, NotOurs, provider
from zhengxin.ledger.vault.refusals import KeyDestroyed
from zhengxin.ledger.vault.suites import AES

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)
LATER = AT + timedelta(days=30)
VERB = {"at": LATER, "actor": ACTOR}


def silent(done: int) -> None:
    """Nobody watches."""


def bytes_on_disk() -> bytes:
    """Everything in the file of the keys and beside it; on a server, every row of both tables."""
    connection = connections["keys"]
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        return b"".join(
            path.read_bytes()
            for path in sorted(file.parent.glob(f"{file.name}*"))
            if path.is_file()
        )
    blobs = [*Key.objects.values_list("wrapped", flat=True)]
    blobs += Secret.objects.values_list("secret", flat=True)
    return b"".join(bytes(blob or b"") for blob in blobs)


def test_a_new_master_key_touches_no_entry_and_makes_the_old_one_useless() -> None:
    enter(5)
    there, secrets = leaves(), list(Secret.objects.order_by("pk").values())
    old = FileKeeper(Path(program.KEYS_DIR) / "master.key").key()
    wrapped = [bytes(row.wrapped or b"") for row in Key.objects.all()]
    done = actions.rotate_master(to=None, **VERB)
    assert done.keys == 4
    assert done.before != done.after
    assert leaves() == there
    assert list(Secret.objects.order_by("pk").values()) == secrets
    for row in Key.objects.all():
        with pytest.raises(NotOurs):
            GivenKeeper(old).unwrap(bytes(row.wrapped or b""))
    remains = bytes_on_disk()
    assert not any(blob in remains for blob in wrapped)
    assert all(bytes(row.wrapped or b"") in remains for row in Key.objects.all())
    keyring.forget()
    holds(5)
    status = vault.status()
    assert status is not None
    assert (status.wrapped_by, status.wrapped_at) == (done.after, LATER)
    assert status.keeper == done.after


def test_the_master_key_moves_into_a_device_and_out_again(settings, tmp_path) -> None:
    enter(2)
    device = hsm(tmp_path)
    actions.rotate_master(to=device, **VERB)
    settings.KEY_PROVIDER = device
    (tmp_path / "keys" / "master.key").unlink()
    keyring.forget()
    holds(2)
    # The device rotates its own key; the keys are wrapped by it once more.
    actions.rotate_master(to=None, **VERB)
    back = f"file:{tmp_path / 'other' / 'master.key'}"
    actions.rotate_master(to=back, **VERB)
    settings.KEY_PROVIDER = back
    keyring.forget()
    holds(2)


def test_a_key_in_the_environment_needs_a_place_to_go(settings, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("ZX_TEST_KEY", "ab" * 32)
    settings.KEY_PROVIDER = "environment:ZX_TEST_KEY"
    enter(1)
    with pytest.raises(actions.WhereTo, match="--to"):
        actions.rotate_master(to=None, **VERB)
    monkeypatch.setenv("ZX_OTHER_KEY", "cd" * 32)
    actions.rotate_master(to="environment:ZX_OTHER_KEY", **VERB)
    settings.KEY_PROVIDER = "environment:ZX_OTHER_KEY"
    keyring.forget()
    holds(1)


def test_new_entries_rest_on_a_new_epoch_with_other_ciphers(settings) -> None:
    old = enter(2)
    settings.KEY_SUITE = "sm4-gcm"
    assert actions.rotate_epoch(**VERB) == 2
    new = enter(3, first=20)
    epochs = dict(Secret.objects.values_list("entry_id", "epoch"))
    assert epochs == dict.fromkeys(old, 1) | dict.fromkeys(new, 2)
    keyring.forget()
    holds(5)
    status = vault.status()
    assert status is not None
    assert [(e.content_suite, e.secrets) for e in status.epochs] == [
        ("aes-256-gcm", 2),
        ("sm4-gcm", 3),
    ]


def test_wrapping_all_anew_makes_old_copies_of_the_keys_useless() -> None:
    ids = enter(4)
    ledger.erase(entry_id=ids[1], because="依法删除", at=AT, actor=ACTOR)
    old_keys = {(row.kind, row.number): row for row in Key.objects.all()}
    old_secrets = [bytes(s) for s in Secret.objects.values_list("secret", flat=True) if s]
    there = leaves()
    actions.rotate_epoch(**VERB)
    told: list[int] = []
    assert actions.rewrap(progress=told.append, **VERB) == 3
    assert told == [3]
    assert held(KeyKind.WRAPPING) == {1: False, 2: True}
    assert held(KeyKind.DERIVING) == {1: True, 2: True}
    assert leaves() == there
    keyring.forget()
    holds(4)
    with pytest.raises(queries.Erased):
        queries.payload(ids[1])
    # Who kept the old wrapped keys and even their master key opens no secret of today's store.
    stale = keyring.unwrapped(provider(), old_keys["wrapping", 1])
    for row in Secret.objects.filter(secret__isnull=False):
        blob = bytes(row.secret or b"")
        with pytest.raises(InvalidTag):
            AES.cipher(stale).decrypt(blob[:12], blob[12:], row.entry_id.to_bytes(8, "big"))
    remains = bytes_on_disk()
    assert not any(blob in remains for blob in old_secrets)
    assert bytes(old_keys["wrapping", 1].wrapped or b"") not in remains
    with pytest.raises(KeyDestroyed):
        keyring.key(KeyKind.WRAPPING, 1)
    assert actions.rewrap(progress=silent, **VERB) == 0


def test_secrets_from_before_are_wrapped_and_leave_no_trace() -> None:
    as_before(600)
    bare = [bytes(s) for s in Secret.objects.values_list("secret", flat=True) if s]
    there = leaves()
    keyring.check()
    assert actions.rewrap(progress=silent, **VERB) == 600
    assert not vault.bare()
    assert leaves() == there
    remains = bytes_on_disk()
    assert not any(secret in remains for secret in bare)
    keyring.forget()
    holds(600)
    assert held(KeyKind.WRAPPING) == {1: True}


def test_a_damaged_secret_stops_the_wrapping_and_is_named() -> None:
    ids = enter(3)
    tamper(
        f"UPDATE vault_secret SET secret = (SELECT secret FROM vault_secret WHERE entry_id = {ids[0]}) "
        f"WHERE entry_id = {ids[1]}",
        "keys",
    )
    actions.rotate_epoch(**VERB)
    with pytest.raises(actions.SecretDamaged, match=f"第{ids[1]}条"):
        actions.rewrap(progress=silent, **VERB)
    assert held(KeyKind.WRAPPING) == {1: True, 2: True}


def test_old_checkpoints_verify_after_the_signing_key_was_rotated() -> None:
    enter(2)
    ledger.sign_checkpoint(at=AT, actor=ACTOR)
    old_note, old_line, old_key = (
        Checkpoint.objects.get().note,
        queries.verifier_key(),
        signing_key(),
    )
    new_line = actions.rotate_signing(**VERB)
    assert queries.verifier_key() == new_line != old_line
    enter(1, first=9)
    ledger.sign_checkpoint(at=LATER + timedelta(days=1), actor=ACTOR)
    holds(3)
    assert queries.read_checkpoint(old_note).size == 2
    # Both keys vouch for the tree as it stood at the change.
    change = Checkpoint.objects.order_by("id")[1].note
    assert queries.read_signed(change, old_line) == queries.read_signed(change, new_line)
    assert [(s.from_at, s.until_at) for _, s in queries.verifier_keys()] == [
        (None, LATER),
        (LATER, None),
    ]
    assert held(KeyKind.SIGNING) == {1: False, 2: True}
    # Whoever stole the old key cannot sign what the new one should have signed.
    last = Checkpoint.objects.order_by("-id")[0]
    forged = sign(last.note.rpartition("\n\n")[0] + "\n", queries.log_name(), old_key)
    Checkpoint.objects.create(
        size=last.size, root=last.root, note=forged, signed_at=LATER + timedelta(days=2)
    )
    assert [p.where for p in queries.verify().problems] == ["ledger_checkpoint.note"]


def killed(die: str) -> None:
    """A rotation in another process that dies by kill -9 there."""
    given = {
        "stores": {a: str(connections[a].settings_dict["NAME"]) for a in ("default", "keys")},
        "keys": str(program.KEYS_DIR),
        "die": die,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.ledger.vault.rotate_alone", json.dumps(given)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    keyring.forget()


@pytest.mark.parametrize("where", ["before the commit", "between store and file"])
def test_a_killed_rotation_of_the_master_key(where: str) -> None:
    enter(3)
    file = Path(program.KEYS_DIR) / "master.key"
    old = file.read_text()
    identity = pepper()
    killed(where)
    # Either the old or the new master key, never neither, and the next command goes on with it.
    keyring.check()
    holds(3)
    assert pepper() == identity
    assert (file.read_text() == old) == (where == "before the commit")
    keyring.forget()
    actions.rotate_master(to=None, **VERB)
    assert [path.name for path in file.parent.iterdir()] == ["master.key"]
    assert file.read_text() != old
    keyring.forget()
    holds(3)


@pytest.mark.parametrize("chunks", [0, 1, 4])
def test_a_killed_wrapping_goes_on(chunks: int) -> None:
    as_before(300)
    keyring.check()
    there = leaves()
    killed(str(chunks))
    moved = Secret.objects.filter(epoch=1).count()
    assert moved == 50 * (chunks + 1)
    holds(300)
    assert actions.rewrap(progress=silent, **VERB) == 300 - moved
    assert leaves() == there
    keyring.forget()
    holds(300)


@pytest.mark.parametrize(
    "where", ["between the signing keys", "before the old signing key is destroyed"]
)
def test_a_killed_rotation_of_the_signing_key_goes_on(where: str) -> None:
    enter(2)
    ledger.sign_checkpoint(at=AT, actor=ACTOR)
    killed(where)
    holds(2)
    actions.rotate_signing(**VERB)
    assert Verifier.objects.count() == 2
    assert held(KeyKind.SIGNING) == {1: False, 2: True}
    holds(2)


def test_a_copy_of_the_store_and_the_old_master_key_give_nothing_of_later(tmp_path) -> None:
    # What leaves with a stolen backup: keys and secrets of that day. What enters after a rotation of
    # both, and what is wrapped anew, rests on keys that the thief has never seen.
    enter(1)
    shutil.copy(Path(program.KEYS_DIR) / "master.key", tmp_path / "stolen.key")
    stolen = [bytes(row.wrapped or b"") for row in Key.objects.filter(kind=KeyKind.WRAPPING)]
    actions.rotate_master(to=None, **VERB)
    actions.rotate_epoch(**VERB)
    enter(1, first=7)
    thief = FileKeeper(tmp_path / "stolen.key")
    seen = {thief.unwrap(blob) for blob in stolen}
    newest = Key.objects.filter(kind=KeyKind.WRAPPING).order_by("-number")[0]
    with pytest.raises(NotOurs):
        thief.unwrap(bytes(newest.wrapped or b""))
    assert keyring.opened(newest) not in seen
    assert Secret.objects.order_by("-pk")[0].epoch == newest.number


def test_entries_that_come_in_meanwhile_are_never_lost() -> None:
    entered: list[int] = []
    stop = threading.Event()

    def write() -> None:
        try:
            while not stop.is_set():
                entered.extend(enter(3, first=len(entered)))
        finally:
            connections.close_all()

    entered += enter(1)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(2, 7):
            assert actions.rotate_epoch(**VERB) == number
            actions.rewrap(progress=silent, **VERB)
    finally:
        stop.set()
        writer.join()
    assert len(entered) > 10
    keyring.forget()
    holds(len(entered))
    assert [n for n, alive in held(KeyKind.WRAPPING).items() if alive] == [6]
