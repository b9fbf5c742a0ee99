"""A settled submission's files: sealed, few, and still read by receipts."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.intake.conftest import AT
from tests.intake.files import sound_row
from tests.intake.test_submissions import rows_of, send
from zhengxin.intake import actions, keeping, queries
from zhengxin.intake.folders import folder_of
from zhengxin.intake.sealing import SealBroken, seal, unseal
from zhengxin.kernel.actor import Actor
from zhengxin.ledger.vault.models import FileKey

pytestmark = [
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("store"),
]
KEY, PIECE = bytes(range(32)), 1 << 20


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_comes_back(tmp_path: Path, size: int) -> None:
    plain, sealed, again = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    plain.write_bytes(os.urandom(size))
    seal(plain, sealed, key=KEY, name="upload")
    unseal(sealed, again, key=KEY, name="upload")
    assert again.read_bytes() == plain.read_bytes()
    assert size < 16 or plain.read_bytes()[:16] not in sealed.read_bytes()


def test_what_was_changed_or_cut_is_not_opened(tmp_path: Path) -> None:
    plain, sealed, again = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    plain.write_bytes(bytes(3 * PIECE))
    seal(plain, sealed, key=KEY, name="upload")
    whole, piece = sealed.read_bytes(), PIECE + 16
    broken = (
        whole[:-1],
        whole[:piece],
        whole[: 2 * piece],
        whole[piece:],
        whole[piece : 2 * piece] + whole[:piece] + whole[2 * piece :],
        bytes([whole[0] ^ 1]) + whole[1:],
    )
    for each in broken:
        sealed.write_bytes(each)
        with pytest.raises(SealBroken):
            unseal(sealed, again, key=KEY, name="upload")
    sealed.write_bytes(whole)
    with pytest.raises(SealBroken):
        unseal(sealed, again, key=KEY, name="table.csv")


def test_nothing_lies_in_clear_when_it_is_put_away(clerk: Actor, monkeypatch) -> None:
    words = "琅玕琳琅"
    submission = send(rows_of(sound_row(1, CF_NR=words), sound_row(2, CF_XDR_MC="")), clerk)
    folder, before = folder_of(submission.pk), queries.faults(submission.pk)
    assert words.encode() in (folder / "upload").read_bytes()
    # Broken off twice: before the list of what is kept stands, and before the rest is removed.
    for module, name in ((keeping, "seal"), (keeping, "tidy")):
        with monkeypatch.context() as broken:

            def killed(*_, **__):
                raise KeyboardInterrupt

            broken.setattr(module, name, killed)
            with pytest.raises(KeyboardInterrupt):
                actions.put_away(submission_id=submission.pk, at=AT, actor=clerk)
        assert queries.faults(submission.pk) == before
    actions.put_away(submission_id=submission.pk, at=AT, actor=clerk)
    left = {path.name for path in folder.iterdir()}
    assert {name for name in left if not name.endswith(".sealed")} == {
        "kept.json",
        "places.parquet",
        "readers",
    }
    assert not any(words.encode() in path.read_bytes() for path in folder.iterdir())
    assert queries.faults(submission.pk) == before
    with queries.marked_workbook(submission.pk) as book:
        assert book.read(2) == b"PK"
    with keeping.opened(submission.pk) as place:
        assert words.encode() in (place / "upload").read_bytes()
    assert not place.exists()
    keys = FileKey.objects.filter(submission_id=submission.pk, secret__isnull=False)
    assert keys.count() == 1


def test_what_a_killed_reader_left_is_swept(clerk: Actor, settings, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    submission = send(rows_of(sound_row(1)), clerk)
    actions.put_away(submission_id=submission.pk, at=AT, actor=clerk)
    store = Path(settings.SUBMISSIONS_DIR)
    left = store / f"{keeping.OPEN}left"
    left.mkdir()
    (left / "lock").touch()
    arriving = store / ".incoming-x"
    arriving.touch()
    os.utime(arriving, (AT.timestamp(), AT.timestamp()))
    with keeping.opened(submission.pk) as place:
        actions.sweep(before=AT - timedelta(hours=1), at=AT, actor=clerk)
        assert (place / "upload").exists()
        assert not left.exists()
        assert arriving.exists()
    actions.sweep(before=AT + timedelta(seconds=1), at=AT, actor=clerk)
    assert not arriving.exists()
