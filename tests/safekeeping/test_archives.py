"""One archive: what went in comes out, and nothing that was changed, cut off or put in its place."""

import json
from pathlib import Path

import pytest
from pyrage import x25519

from zhengxin.safekeeping.archives import identity_of, read_archive, recipients_of, write_archive
from zhengxin.safekeeping.manifests import contents_json, listing_of
from zhengxin.safekeeping.refusals import BackupRefused, Damaged, RestoreRefused, WrongIdentity

BIG = bytes(range(256)) * 4000


@pytest.fixture
def identity():
    return x25519.Identity.generate()


@pytest.fixture
def archive(tmp_path: Path, identity) -> Path:
    (tmp_path / "one").write_bytes(BIG)
    (tmp_path / "two").write_bytes(b"")
    target = tmp_path / "a.age"
    members = [("stores/one", tmp_path / "one"), ("files/数/two", tmp_path / "two")]
    made = write_archive(target, members, contents_json, [identity.to_public()])
    assert made.size == target.stat().st_size
    return target


def test_what_went_in_comes_out(archive: Path, tmp_path: Path, identity):
    read_archive(archive, tmp_path / "out", identity, listing_of)
    assert (tmp_path / "out/stores/one").read_bytes() == BIG
    assert (tmp_path / "out/files/数/two").read_bytes() == b""
    assert BIG[:64] not in archive.read_bytes()


def test_another_identity_does_not_open_it(archive: Path, tmp_path: Path):
    with pytest.raises(WrongIdentity, match="打不开"):
        read_archive(archive, tmp_path / "out", x25519.Identity.generate(), listing_of)


@pytest.mark.parametrize("place", [0.01, 0.3, 0.6, 0.999])
def test_a_changed_byte_or_a_cut_is_noticed(archive: Path, tmp_path: Path, identity, place: float):
    whole = archive.read_bytes()
    at = int(len(whole) * place)
    archive.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises((Damaged, WrongIdentity)):
        read_archive(archive, tmp_path / "changed", identity, listing_of)
    archive.write_bytes(whole[:at])
    with pytest.raises((Damaged, WrongIdentity)):
        read_archive(archive, tmp_path / "cut", identity, listing_of)


def test_a_file_that_is_not_as_listed_is_refused(archive: Path, tmp_path: Path, identity):
    def other(body: bytes):
        found = json.loads(body)["files"]
        return {name: (size, "0" * 64) for name, (size, _) in found.items()}

    with pytest.raises(Damaged, match="清单不符"):
        read_archive(archive, tmp_path / "out", identity, other)


def test_a_name_that_leads_outside_is_refused(tmp_path: Path, identity):
    (tmp_path / "one").write_bytes(b"1")
    members = [("../one", tmp_path / "one")]
    write_archive(tmp_path / "a", members, contents_json, [identity.to_public()])
    with pytest.raises(Damaged):
        read_archive(tmp_path / "a", tmp_path / "out", identity, listing_of)


def test_a_missing_member_stops_the_writing(tmp_path: Path, identity):
    with pytest.raises(FileNotFoundError):
        write_archive(
            tmp_path / "a", [("one", tmp_path / "one")], contents_json, [identity.to_public()]
        )


def test_halves_that_are_none_are_refused(tmp_path: Path):
    with pytest.raises(BackupRefused):
        recipients_of(["age1nonsense"])
    with pytest.raises(RestoreRefused):
        identity_of(tmp_path / "nothing")
    (tmp_path / "words").write_text("words")
    with pytest.raises(RestoreRefused):
        identity_of(tmp_path / "words")
