"""Witnesses with folders of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.witness.logs import VERIFIER
from zhengxin import witness


@dataclass
class Run:
    """One witness: its folder, and what its last command said."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    out: str = ""
    said: str = ""

    def __call__(self, *words: object) -> int:
        """The exit code of a command."""
        self.monkeypatch.setenv("ZHENGXIN_WITNESS", str(self.folder))
        code = witness.main([str(word) for word in words])
        self.out, self.said = self.capsys.readouterr()
        return code

    @property
    def sizes(self) -> list[int]:
        """The trees it co-signed."""
        return sorted(int(path.stem) for path in (self.folder / "cosigned").glob("*.txt"))

    @property
    def evidence(self) -> list[Path]:
        """Folders of evidence."""
        found = self.folder / "evidence"
        return sorted(found.iterdir()) if found.exists() else []

    def cosigned(self, size: int) -> str:
        """The note it signed."""
        return (self.folder / "cosigned" / f"{size}.txt").read_text(encoding="utf-8")

    @property
    def verifier(self) -> str:
        """Its public line."""
        return witness.Witness(self.folder).key.line


@pytest.fixture
def new_witness(tmp_path, capsys, monkeypatch) -> Callable[[str], Run]:
    """Makes a witness of a name; `PATIENCE` is short, so that slow servers fail fast."""
    monkeypatch.setattr(witness, "PATIENCE", 1.0)
    monkeypatch.setattr(witness.os, "umask", lambda _mask: 0)

    def make(name: str) -> Run:
        run = Run(tmp_path / name, capsys, monkeypatch)
        assert run("init", f"{name}.example/zhengxin", VERIFIER) == 0
        assert run.out.strip() == run.verifier
        return run

    return make


@pytest.fixture
def renda(new_witness) -> Run:
    """The people's congress."""
    return new_witness("renda")
