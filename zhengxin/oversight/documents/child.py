"""Opens a packed or marked-up file in a process of its own, with little memory and time.

`python -m zhengxin.oversight.documents.child KIND FILE` prints {"lines": [...]} or {"refused": [...]}.
"""

import json
import resource
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.oversight.documents.kinds import FileKind, damaged

_SECONDS = 30
_MEMORY = 1 << 30
_NAMES = {FileKind.WORD: "DOCX文件", FileKind.PDF: "PDF文件", FileKind.PAGE: "网页"}


def lines_aside(path: Path, kind: FileKind) -> list[str]:
    """The lines of a file, read by a child process. Raises Refused, also where the child gives up."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "zhengxin.oversight.documents.child", kind, str(path)],
            capture_output=True,
            timeout=_SECONDS * 2,
        )
    except subprocess.TimeoutExpired as error:
        raise damaged(say(_NAMES[kind])) from error
    if done.returncode != 0:
        raise damaged(say(_NAMES[kind]))
    outcome = json.loads(done.stdout)
    if "refused" in outcome:
        raise Refused(*outcome["refused"])
    return list(outcome["lines"])


def _read(kind: FileKind, path: Path) -> list[str]:
    if kind is FileKind.WORD:
        from zhengxin.oversight.documents import word

        return word.lines_of(path)
    if kind is FileKind.PDF:
        from zhengxin.oversight.documents import portable

        return portable.lines_of(path)
    from zhengxin.oversight.documents import texts, webpages

    raw = path.read_bytes()
    named = webpages.charset_of(raw)
    try:
        text = raw.decode(named) if named else texts.decode(raw)
    except UnicodeDecodeError:
        text = texts.decode(raw)
    return webpages.lines_of(text)


def main() -> None:
    """Reads, and tells the outcome on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    kind, path = FileKind(sys.argv[1]), Path(sys.argv[2])
    try:
        outcome = {"lines": _read(kind, path)}
    except Refused as refusal:
        outcome = {"refused": [refusal.what, refusal.why, refusal.remedy]}
    except (
        SyntaxError,
        ValueError,
        KeyError,
        OSError,
        EOFError,
        MemoryError,
        RecursionError,
        RuntimeError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        # Whatever a broken or hostile file brings about, its reader is told the same.
        broken = damaged(say(_NAMES[kind]))
        outcome = {"refused": [broken.what, broken.why, broken.remedy]}
    json.dump(outcome, sys.stdout)


if __name__ == "__main__":
    main()
