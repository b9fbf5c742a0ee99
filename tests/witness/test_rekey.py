"""The log's signing key changes: no alarm where the old key announced it, and nothing followed that paper did not name."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.witness.logs import KEY, NAME, OTHER_KEY, Log, site
from tests.witness.test_program import laid
from zhengxin.ledger import notes

NEW = notes.verifier_key(NAME, OTHER_KEY.public_key().public_bytes_raw())
OLD = notes.verifier_key(NAME, KEY.public_key().public_bytes_raw())


def announced(log: Log, by=KEY, line=NEW) -> bytes:
    """The note in which one key names the next."""
    text = notes.checkpoint_text(notes.TreeHead(NAME, log.size, log.root()))
    return notes.sign(f"{text}key {line}\n", NAME, by, OTHER_KEY).encode()


@pytest.fixture
def changed(renda):
    """A witness that has seen 300, and the server after the key changed there."""
    with site(Log(300)) as served:
        assert renda("check", served.address) == 0
        served.files = Log(400, key=OTHER_KEY).files() | {"keys": announced(Log(300))}
        yield served


def test_a_change_that_the_old_key_announced_is_no_alarm_and_followed_by_command(renda, changed):
    assert renda("check", changed.address) == 1
    assert "登记簿换了密钥" in renda.said
    assert renda.sizes == [300]
    assert renda("rekey", changed.address, NEW) == 0
    assert renda("check", changed.address) == 0
    assert renda.sizes == [300, 400]
    # What the old key signed is still known; a new checkpoint by it is not.
    files = [renda.folder / "cosigned" / f"{size}.txt" for size in (300, 400)]
    assert renda("compare", *files, changed.address) == 0
    changed.files = Log(500).files()
    assert renda("check", changed.address) == 2
    assert renda.sizes == [300, 400]


@pytest.mark.parametrize(
    "keys",
    [
        None,
        b"",
        announced(Log(300), by=OTHER_KEY),
        announced(Log(300)).replace(NEW.encode(), OLD.encode()),
        notes.sign(notes.checkpoint_text(notes.TreeHead(NAME, 300, bytes(32))), NAME, OTHER_KEY).encode(),
    ],
)  # fmt: skip
def test_without_a_word_of_the_old_key_it_stays_an_alarm(renda, changed, keys):
    del changed.files["keys"]
    if keys is not None:
        changed.files["keys"] = keys
    assert renda("check", changed.address) == 2
    assert "不是用登记簿的密钥签的" in renda.said
    assert renda("rekey", changed.address, NEW) == 2
    assert "没有旧密钥签的" in renda.said
    assert renda("check", changed.address) == 2


def test_a_key_that_stands_on_no_paper_is_not_followed(renda, changed):
    """The old key was stolen, and its thief announced his own; paper names another, or this one with a slip."""
    other = notes.verifier_key(NAME, bytes(range(32)))
    assert renda("rekey", changed.address, other) == 2
    assert renda("rekey", changed.address, NEW[:-2] + "A=") == 1


def test_several_changes_are_followed_one_after_the_other_from_a_folder(renda, changed, tmp_path):
    third = Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34)))
    line = notes.verifier_key(NAME, third.public_key().public_bytes_raw())
    mirror = laid(tmp_path / "mirror", Log(500, key=third))
    both = announced(Log(300)) + b"\n\n" + announced(Log(400), by=OTHER_KEY, line=line)
    # As a mail program may leave it.
    (mirror / "keys").write_bytes(both.replace(b"\n", b"\r\n"))
    assert renda("rekey", mirror / "checkpoint", line) == 2
    assert renda("rekey", mirror / "checkpoint", NEW) == 0
    assert renda("rekey", mirror / "checkpoint", line) == 0
    assert renda("check", mirror) == 0
    assert renda.sizes == [300, 500]
