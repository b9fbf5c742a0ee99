"""The mirror is written little by little, and its checkpoint never runs ahead of its tiles."""

from datetime import UTC, datetime

import pytest

from tests.witness.logs import NAME, OTHER_KEY, VERIFIER, Log
from zhengxin.ledger import notes
from zhengxin.publication import actions
from zhengxin.publication.actions import mirroring
from zhengxin.publication.board.models import BoardCheckpoint, BoardTile
from zhengxin.publication.board.tiles import tile_paths
from zhengxin.witness import Checkpoint, Tree

pytestmark = pytest.mark.django_db(databases=["board"])
AT = datetime(2026, 11, 28, 1, tzinfo=UTC)


@pytest.fixture
def mirror(settings, tmp_path):
    settings.MIRROR_DIR = tmp_path / "mirror"
    return settings.MIRROR_DIR


def show(log: Log) -> None:
    """The board carries this log."""
    BoardTile.objects.all().delete()
    for name, content in log.files().items():
        if name.startswith("tile/"):
            level, index = name.split("/")[1:3]
            BoardTile.objects.create(
                level=int(level), index=int(index.removesuffix(".p")), hashes=content
            )
    BoardCheckpoint.objects.update_or_create(
        id=1,
        defaults={
            "size": log.size,
            "root": log.root(),
            "note": log.checkpoint(),
            "verifier": VERIFIER,
            "signed_at": AT,
        },
    )


def names(folder):
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)) for path in found}


def insist_whole(folder, log):
    """Everything in the folder leads to the root of the log."""
    files = {name: (folder / name).read_bytes() for name in names(folder)}
    assert files["checkpoint"].decode() == log.checkpoint()
    tree = Tree(Checkpoint("", log.size, log.root(), []), files.get)
    for index in range(log.size >> 8):
        tree.tile(0, index)


def test_before_the_first_publication_there_is_none(mirror):
    assert actions.write_mirror() is None
    assert names(mirror) == set()


@pytest.mark.parametrize("sizes", [[0, 1], [255, 256, 257], [3, 300, 512, 513, 1030]])
def test_it_follows_the_board(mirror, sizes):
    for size in sizes:
        log = Log(size)
        show(log)
        assert actions.write_mirror() == size
        insist_whole(mirror, log)
        assert set(tile_paths(size)) <= names(mirror)


def test_only_what_grew_is_written(mirror, monkeypatch):
    show(Log(1000))
    actions.write_mirror()
    written = []
    plain = mirroring._write
    monkeypatch.setattr(
        mirroring, "_write", lambda path, content: (written.append(path), plain(path, content))
    )
    show(Log(1010))
    actions.write_mirror()
    assert [str(path.relative_to(mirror)) for path in written] == [
        "tile/0/003.p/242",
        "tile/1/000.p/3",
        "checkpoint",
    ]


def test_partial_tiles_stay_until_the_full_one_has_come(mirror):
    for size in (100, 200):
        show(Log(size))
        actions.write_mirror()
    assert {"tile/0/000.p/100", "tile/0/000.p/200"} <= names(mirror)
    show(Log(256))
    actions.write_mirror()
    assert names(mirror) == {"checkpoint", "tile/0/000", "tile/1/000.p/1"}


def test_killed_before_the_checkpoint_the_old_one_still_stands(mirror, monkeypatch):
    old = Log(300)
    show(old)
    actions.write_mirror()
    plain = mirroring._write

    def dies(path, content):
        if path.name == "checkpoint":
            raise KeyboardInterrupt
        plain(path, content)

    monkeypatch.setattr(mirroring, "_write", dies)
    show(Log(600))
    with pytest.raises(KeyboardInterrupt):
        actions.write_mirror()
    insist_whole(mirror, old)
    monkeypatch.setattr(mirroring, "_write", plain)
    actions.write_mirror()
    insist_whole(mirror, Log(600))


@pytest.mark.parametrize("restored", [Log(200), Log(300, forked_at=5)])
def test_a_register_restored_from_an_old_copy_does_not_take_the_mirror_back(mirror, restored):
    show(Log(300))
    actions.write_mirror()
    show(restored)
    with pytest.raises(actions.MirrorAhead, match="旧备份"):
        actions.write_mirror()
    insist_whole(mirror, Log(300))


def test_the_checkpoint_carries_the_cosignatures_of_its_own_tree_alone(mirror):
    log = Log(5)
    show(log)
    other = notes.sign(log.checkpoint().split("\n\n")[0] + "\n", NAME, OTHER_KEY)
    cosigned = log.checkpoint() + other.split("\n\n")[1]
    actions.put_witnesses(seen=[], cosigned=cosigned, at=AT)
    actions.write_mirror()
    assert (mirror / "checkpoint").read_text() == cosigned
    show(Log(6))
    actions.write_mirror()
    assert (mirror / "checkpoint").read_text() == Log(6).checkpoint()
    assert (mirror / "cosigned").read_text() == cosigned
