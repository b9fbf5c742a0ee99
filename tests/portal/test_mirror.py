"""What stands under /log/, and what the page of verification says of the witnesses."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.witness.logs import Log
from zhengxin.portal.mirror import PROGRAM
from zhengxin.publication.board import models, queries
from zhengxin.publication.board.tiles import tile_paths

pytestmark = [
    pytest.mark.django_db(databases=["board"]),
    pytest.mark.usefixtures("board"),
    pytest.mark.urls("zhengxin.config.portal_urls"),
]


@pytest.fixture
def mirror(settings, tmp_path):
    settings.MIRROR_DIR = tmp_path / "mirror"
    for name, content in Log(300).files().items():
        path = settings.MIRROR_DIR / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return settings.MIRROR_DIR


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_files_are_given_as_they_lie(client, mirror):
    for name in ("checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"):
        answer = client.get(f"/log/{name}")
        assert answer.status_code == 200
        assert body(answer) == (mirror / name).read_bytes()
        tile = name != "checkpoint"
        kind = "application/octet-stream" if tile else "text/plain; charset=utf-8"
        assert answer["Content-Type"] == kind
        assert ("immutable" in answer["Cache-Control"]) == tile


@pytest.mark.parametrize(
    "name", ["tile/0/002", "tile/0/001.p/0", "tile/entries/000", ".lock", "tile/0/..", "x"]
)
def test_what_is_not_there(client, mirror, name):
    (mirror / ".lock").touch()
    assert client.get(f"/log/{name}").status_code == 404


def test_the_list_names_every_file(client, mirror):
    listed = body(client.get("/log/files.txt")).decode().split()
    assert listed == ["checkpoint", *tile_paths(300)]
    assert all((mirror / name).is_file() for name in listed)


def test_before_the_first_publication(client, settings, tmp_path):
    settings.MIRROR_DIR = tmp_path / "none"
    assert client.get("/log/checkpoint").status_code == 404
    assert client.get("/log/files.txt").status_code == 404
    assert client.get("/verify/").status_code == 200


def test_the_address_of_the_mirror_leads_people_to_its_explanation(client):
    assert client.get("/log/")["Location"] == "/verify/#mirror"


def test_the_program_is_handed_out_with_its_digest(client, tmp_path):
    given = client.get("/log/witness.py").content
    assert given == PROGRAM.read_bytes()
    assert hashlib.sha256(given).hexdigest() in client.get("/verify/").content.decode()
    copy = tmp_path / "witness.py"
    copy.write_bytes(given)
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-I", copy], env=environment, capture_output=True, text=True, check=False
    )
    assert "用法" in done.stderr


def seen(office, size, signed_at):
    return {
        "office": office,
        "name": f"{office}.example",
        "verifier": f"{office}.example+00000000+BAAA",
        "size": size,
        "signed_at": signed_at and signed_at.isoformat(),
        "silent_after": 7,
    }


def tell(*witnesses, cosigned=None):
    models.BoardFigure.objects.create(
        name="witnesses",
        value={"seen": list(witnesses), "cosigned": cosigned},
        computed_at=datetime(2026, 11, 28, tzinfo=UTC),
    )


def test_the_page_says_who_has_seen_what_and_who_is_silent(client):
    now = timezone.now()
    tell(
        seen("人大办", 303, now - timedelta(days=1)),
        seen("政协办", 200, now - timedelta(days=8)),
        seen("法院", None, None),
    )
    page = client.get("/verify/").content.decode()
    for words in ("见证正常", "太久没有见证", "已有8天没有见证", "还没有见证过", "不知道"):
        assert words in page
    states = {each.office: (each.size, each.standing) for each in queries.witnesses(now)}
    assert states == {
        "人大办": (303, "current"),
        "政协办": (200, "silent"),
        "法院": (None, "never"),
    }


def test_silence_shows_by_itself(client):
    """The board need not be told again: a dead worker is seen too."""
    signed_at = datetime(2026, 11, 20, tzinfo=UTC)
    tell(seen("人大办", 303, signed_at))
    (found,) = queries.witnesses(signed_at + timedelta(days=6, hours=23))
    assert found.standing == "current"
    (found,) = queries.witnesses(signed_at + timedelta(days=7))
    assert found.standing == "silent"


def test_without_witnesses_the_page_says_what_to_do(client):
    assert "还没有见证人" in client.get("/verify/").content.decode()


def test_cosignatures_go_with_the_proofs(client):
    top = models.BoardCheckpoint.objects.get()
    tell(cosigned=top.note + "— renda.example AAAA\n")
    found = queries.checkpoint()
    assert found is not None
    assert found.note.endswith("— renda.example AAAA\n")
    page = client.get("/verify/").content.decode()
    assert "上面的签名原文就是最新一份见证过的检查点" in page


def test_cosignatures_of_an_older_tree_stand_apart(client):
    tell(cosigned="zhengxin.example/register\n3\nAAAA\n\n— renda.example AAAA\n")
    found = queries.checkpoint()
    assert found is not None
    assert "renda" not in found.note
    assert "最新一份见证过的检查点" in client.get("/verify/").content.decode()
