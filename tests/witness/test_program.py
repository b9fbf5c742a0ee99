"""The program itself: alone, careful with its key and its state, and of one mind with the ledger's own forms."""

import ast
import base64
import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import threading
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.portal.boards import KEY as BOARD_KEY
from tests.portal.boards import LOG as BOARD_LOG
from tests.portal.boards import PENALTY, fill_board
from tests.witness.logs import VERIFIER, Log, site
from zhengxin import witness
from zhengxin.kernel import merkle
from zhengxin.ledger import notes
from zhengxin.publication.board import queries
from zhengxin.publication.board.tiles import tile_path

PROGRAM = Path(witness.__file__)


def laid(folder: Path, log: Log) -> Path:
    """The mirror in a folder."""
    for name, content in log.files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_it_needs_the_standard_library_and_cryptography_alone():
    imported = set()
    for node in ast.walk(ast.parse(PROGRAM.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).split(".")[0])
    assert imported - sys.stdlib_module_names == {"cryptography"}


def test_a_copy_runs_alone(tmp_path):
    shutil.copy(PROGRAM, tmp_path / "witness.py")
    mirror = laid(tmp_path / "mirror", Log(300))
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}

    def run(*words: object) -> str:
        command = [sys.executable, "-I", "witness.py", *map(str, words)]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    line = run("init", "renda.example/zhengxin", VERIFIER).strip()
    assert "300条" in run("check", mirror, "--all")
    note = (tmp_path / "zhengxin-witness/cosigned/300.txt").read_text(encoding="utf-8")
    assert len(notes.cosignatures(note, line)) == 1


def test_the_ledger_reads_what_it_signs(renda, tmp_path):
    began = datetime.now(UTC).replace(microsecond=0)
    assert renda("check", laid(tmp_path / "m", Log(5))) == 0
    note = renda.cosigned(5)
    (signed,) = notes.cosignatures(note, renda.verifier)
    assert began <= signed.at <= datetime.now(UTC)
    assert notes.read_checkpoint(notes.read_signed(note, VERIFIER)).size == 5
    with pytest.raises(notes.NoteWrong, match="见证签名与内容不符"):
        notes.cosignatures(note.replace("\n5\n", "\n6\n"), renda.verifier)
    assert notes.cosignatures(Log(5).checkpoint(), renda.verifier) == []


def test_the_signature_is_built_as_the_form_says(renda, tmp_path):
    """C2SP tlog-cosignature, written once more from its text."""
    assert renda("check", laid(tmp_path / "m", Log(5))) == 0
    text, _, lines = renda.cosigned(5).rpartition("\n\n")
    dash, name, encoded = lines.splitlines()[1].split(" ")
    blob = base64.b64decode(encoded)
    assert (dash, name, len(blob)) == ("—", "renda.example/zhengxin", 4 + 8 + 64)
    public = base64.b64decode(renda.verifier.split("+", 2)[2])[1:]
    assert blob[:4] == hashlib.sha256(name.encode() + b"\n\x04" + public).digest()[:4]
    (seconds,) = struct.unpack(">Q", blob[4:12])
    message = f"cosignature/v1\ntime {seconds}\n{text}\n".encode()
    Ed25519PublicKey.from_public_bytes(public).verify(blob[12:], message)


def test_both_name_tiles_alike_and_as_the_form_says():
    assert witness.tile_path(0, 1234067, 256) == "tile/0/x001/x234/067"
    for place in [(0, 0, 1), (1, 999, 256), (2, 1000, 255), (7, 10**9, 3)]:
        assert witness.tile_path(*place) == tile_path(*place)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 513, 1000])
def test_proofs_of_the_ledger_hold_here_and_changed_ones_do_not(size):
    log = Log(size)
    for old in sorted({1, 2, size // 2, size - 1, size} - {0}):
        if old > size:
            continue
        proof, before = log.proof(old), Log(old).root()
        assert witness.grown(old, size, before, iter(proof)) == (before, log.root())
        for place in range(len(proof)):
            changed = [*proof[:place], merkle.leaf_hash(b""), *proof[place + 1 :]]
            assert witness.grown(old, size, before, iter(changed)) != (before, log.root())


def test_key_and_notes_are_for_the_owner_alone(tmp_path):
    environment = {**os.environ, "ZHENGXIN_WITNESS": str(tmp_path / "w")}
    subprocess.run(
        [sys.executable, PROGRAM, "init", "renda.example", VERIFIER],
        env=environment,
        capture_output=True,
        check=True,
    )
    assert (tmp_path / "w" / "settings.json").stat().st_mode & 0o077 == 0


def test_a_second_key_is_not_made_over_the_first(renda):
    before = renda.verifier
    assert renda("init", "renda.example/zhengxin", VERIFIER) == 1
    assert renda.verifier == before


@pytest.mark.parametrize("name", ["", "人大 办公室", "a+b"])
def test_a_name_that_no_note_can_carry(renda, tmp_path, name):
    renda.folder = tmp_path / "other"
    assert renda("init", name, VERIFIER) == 1


def test_a_mistyped_key_of_the_log(renda, tmp_path):
    renda.folder = tmp_path / "other"
    assert renda("init", "x", VERIFIER.replace("A", "B", 1)) == 1
    assert "抄错" in renda.said


@pytest.mark.parametrize(
    "words", [[], ["help"], ["check"], ["verify", "missing.json"], ["take", "x"]]
)
def test_a_wrong_command_shows_the_usage(renda, words):
    assert renda(*words) == 1
    assert "用法" in renda.said


def test_two_at_once_never_sign_both_branches(renda, tmp_path):
    """Whoever comes second is compared with what the first one signed."""
    branches = [Log(40), Log(40, forked_at=1)]
    places = [laid(tmp_path / str(n), log) for n, log in enumerate(branches)]
    outcomes: list[str] = []

    def check(place: Path) -> None:
        try:
            outcomes.append(witness.Witness(renda.folder).do_check(str(place)))
        except witness.Alarm as alarm:
            outcomes.append(str(alarm.args[0]))

    threads = [threading.Thread(target=check, args=(place,)) for place in places * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("分叉" in said for said in outcomes) == 3
    assert sum("已核对" in said for said in outcomes) == 3


def test_a_mailed_file_carries_its_own_proof(renda, tmp_path):
    mail = tmp_path / "checkpoint.txt"

    def request(log: Log, old: int) -> str:
        lines = [f"old {old}", *(base64.b64encode(each).decode() for each in log.proof(old))]
        return "\n".join([*lines, "", log.checkpoint()])

    mail.write_text(request(Log(10), 0))
    assert renda("check", mail) == 0
    # A mail program that wrote Windows line ends and a byte order mark.
    mail.write_bytes(b"\xef\xbb\xbf" + request(Log(30), 10).replace("\n", "\r\n").encode())
    assert renda("check", mail) == 0
    assert "\r" not in renda.cosigned(30)
    mail.write_text(request(Log(50), 10))
    assert renda("check", mail) == 1
    assert "镜像网址" in renda.said
    mail.write_text(request(Log(50, forked_at=4), 30))
    assert renda("check", mail) == 2
    mail.write_text(request(Log(29), 10))
    assert renda("check", mail) == 2
    assert "旧文件" in renda.said
    mail.write_text(Log(30).checkpoint())
    assert renda("check", mail) == 1
    assert renda.sizes == [10, 30]


@pytest.mark.django_db(databases=["board"])
def test_a_proof_of_the_portal_is_checked(renda, tmp_path):
    fill_board()
    found = queries.item_proof(PENALTY, date(2026, 11, 23))
    assert found is not None
    renda.folder = tmp_path / "board"
    log = notes.verifier_key(BOARD_LOG, BOARD_KEY.public_key().public_bytes_raw())
    assert renda("init", "renda.example", log) == 0
    file = tmp_path / "proof.json"

    def given(**changes: object) -> int:
        proof = json.loads(json.dumps(asdict(found)))
        proof["disclosure"] = {**proof["disclosure"], **changes}
        file.write_text(json.dumps(proof, ensure_ascii=False), encoding="utf-8")
        return renda("verify", file)

    assert given() == 0
    assert "酸奶12盒" in renda.out
    assert given(text={"CF_SY": "销售超过保质期的酸奶2盒。"}) == 2
    assert given(open={**found.disclosure["open"], "CF_NR_FK": "0.2"}) == 2
    assert given(text={**found.disclosure["text"], "CF_YJ": "添上的"}) == 2
    assert given(leaf={**found.disclosure["leaf"], "subject": 1}) == 2
    assert given(salts={}) == 2
    assert given(hidden={}) == 2
    assert given(hidden="x") == 1


def test_a_kept_note_that_was_tampered_with_is_noticed(renda, tmp_path):
    with site(Log(20)) as served:
        assert renda("check", served.address) == 0
        note = renda.folder / "cosigned" / "20.txt"
        note.write_text(note.read_text().replace("\n20\n", "\n19\n"))
        assert renda("check", served.address) == 2


def test_time_of_signing_moves_on(renda, tmp_path, monkeypatch):
    mirror = laid(tmp_path / "m", Log(5))
    at = datetime(2026, 11, 28, 1, tzinfo=UTC)
    for each in (at, at + timedelta(days=1)):
        monkeypatch.setattr(witness.time, "time", each.timestamp)
        assert renda("check", mirror) == 0
        assert [found.at for found in notes.cosignatures(renda.cosigned(5), renda.verifier)] == [
            each
        ]
