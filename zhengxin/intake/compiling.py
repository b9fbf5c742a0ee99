"""Compiled statements, kept beside the submissions: the compiler is slow to load, the statements seldom change."""

import hashlib
import json
import os
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from zhengxin.intake.types import Compiled, Reading, Severity, Source, Suspicion

_STATEMENTS = ("texts", "clean", "judged", "doubted")
# Everything besides source and layout that a statement depends on.
_MAKERS = ("checks", "cleaning", "rowchecks", "statements", "types")


def compiled(source: Source, reading: Reading, *, with_checks: bool, kept: Path) -> Compiled:
    """The statements of one layout of a source, for ANY_DAY and ANY_CODE.

    kept: the folder where statements compiled before lie; whatever cannot be read there is compiled anew.
    """
    layout = (
        list(reading.fields),
        len(reading.headers),
        reading.numbered,
        reading.tidy,
        reading.marked,
        with_checks,
    )
    described = source.path.read_bytes()
    name = hashlib.sha256(_makers() + described + json.dumps(layout).encode()).hexdigest()
    file = _of(source.path.parent.name, "xlsx" if reading.encoding == "xlsx" else "csv") + name
    return _remembered(_Named(name, source, reading), with_checks, kept / f"{file}.json")


def ready(kept: Path, source: str, kind: str) -> bool:
    """Whether anything was compiled before for files of this kind of the source."""
    return any(kept.glob(_of(source, kind) + "*.json"))


def _of(source: str, kind: str) -> str:
    return f"{source}-{kind}-"


class _Named:
    """A layout known by its name alone."""

    def __init__(self, name: str, source: Source, reading: Reading) -> None:
        self.name, self.source, self.reading = name, source, reading

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Named) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


@lru_cache(maxsize=64)
def _remembered(layout: _Named, with_checks: bool, file: Path) -> Compiled:
    try:
        made = json.loads(file.read_text(encoding="utf-8"))
        checks = tuple(
            Suspicion(code, field, Severity(severity), place)
            for code, field, severity, place in made["checks"]
        )
        texts, clean, judged, doubted = (str(made[name]) for name in _STATEMENTS)
        return Compiled(texts, clean, judged, doubted, checks)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    # Loading the compiler takes longer than checking a small file.
    from zhengxin.intake.statements import compile_statements

    found = compile_statements(layout.source, layout.reading, with_checks=with_checks)
    _keep(file, found)
    return found


def _keep(file: Path, found: Compiled) -> None:
    """Written whole or not at all."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole: dict[str, object] = {name: getattr(found, name) for name in _STATEMENTS}
    whole["checks"] = [(c.code, c.field, str(c.severity), c.place) for c in found.checks]
    scratch = file.with_name(f"{file.name}.{os.getpid()}")
    scratch.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    scratch.replace(file)


@lru_cache(maxsize=1)
def _makers() -> bytes:
    here = Path(__file__).parent
    parts = [(here / f"{name}.py").read_bytes() for name in _MAKERS]
    return hashlib.sha256(b"".join([version("ibis-framework").encode(), *parts])).digest()
