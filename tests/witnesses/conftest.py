"""A small county, its board and mirror, and three witnesses: by mail, by file, by network."""

import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.publication.county import County, record
from tests.witnesses.peers import mail_server
from zhengxin import witness
from zhengxin.ledger.queries import verifier_key


@dataclass
class Program:
    """A witness's program with its folder."""

    folder: Path
    office: str

    @property
    def running(self) -> witness.Witness:
        """As it stands on the disk."""
        return witness.Witness(self.folder)

    @property
    def verifier(self) -> str:
        """Its public line."""
        return self.running.key.line

    def note(self, size: int) -> str:
        """What it signed."""
        return (self.folder / "cosigned" / f"{size}.txt").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    settings.ZHENGXIN_HOME = tmp_path
    settings.MIRROR_DIR = tmp_path / "mirror"
    settings.WITNESSES_FILE = tmp_path / "witnesses.yaml"


@pytest.fixture
def county(db):
    return County()


@pytest.fixture
def grow(county):
    """Adds so many records to the ledger."""
    numbers = iter(range(1, 10_000))

    def grow(n: int) -> None:
        county.send(
            *(
                record(number=f"示住建许〔2026〕{number}号", key=number, content=number)
                for number in [next(numbers) for _ in range(n)]
            )
        )

    return grow


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Makes the program of a witness."""
    monkeypatch.setattr(witness.os, "umask", lambda _mask: 0)

    def make(name: str, office: str) -> Program:
        folder = tmp_path / "programs" / name
        monkeypatch.setenv("ZHENGXIN_WITNESS", str(folder))
        assert witness.main(["init", f"{name}.example/zhengxin", verifier_key()]) == 0
        return Program(folder, office)

    return make


@pytest.fixture
def served(monkeypatch):
    """Serves witnesses on free ports; gives the address."""
    servers: list[witness.HTTPServer] = []
    plain = witness.HTTPServer

    class Server(plain):
        def __init__(self, *args):
            super().__init__(*args)
            servers.append(self)
            ready.set()

    monkeypatch.setattr(witness, "HTTPServer", Server)
    ready = threading.Event()

    def serve(program: Program) -> str:
        ready.clear()
        arguments = ("127.0.0.1", "0")
        threading.Thread(target=program.running.do_serve, args=arguments, daemon=True).start()
        assert ready.wait(10)
        return f"http://127.0.0.1:{servers[-1].server_address[1]}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def mailbox(tmp_path):
    """The witnesses' mail server, and channels.yaml that names it."""
    with mail_server() as box:
        smtp = {"host": "127.0.0.1", "port": box.port, "security": "none", "from": "zx@b.invalid"}
        (tmp_path / "channels.yaml").write_text(yaml.safe_dump({"smtp": smtp}), encoding="utf-8")
        yield box


@pytest.fixture
def configure(settings):
    """Writes witnesses.yaml."""

    def configure(*rows: tuple[Program, str, str]) -> None:
        blocks = [
            {
                "office": program.office,
                "verifier": program.verifier,
                "channel": channel,
                "address": address,
            }
            for program, channel, address in rows
        ]
        text = yaml.safe_dump({"witnesses": blocks}, allow_unicode=True)
        settings.WITNESSES_FILE.write_text(text, encoding="utf-8")

    return configure
