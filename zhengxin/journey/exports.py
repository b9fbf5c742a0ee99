"""An export of the audit log as JSON Lines: how it is written, and how whoever receives it checks it.

The first line says what was asked for, by whom, when, and the newest checkpoint. Then a line for
each line of the log: its leaf input, its leaf (base64) and its block. Then the blocks concerned. The last line has
the number of lines, the SHA-256 over every byte before it, and a note over both signed with the log's key.
"""

import base64
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from zhengxin.audit.leaves import line_bytes, root_of
from zhengxin.audit.types import FEW, Line
from zhengxin.kernel.digests import canonical_json
from zhengxin.kernel.merkle import leaf_hash
from zhengxin.kernel.say import say
from zhengxin.ledger.keys import log_name
from zhengxin.ledger.notes import NoteWrong, read_signed

VERSION = 1


@dataclass(frozen=True, slots=True)
class Exported:
    """One line of an export: what stands in the log, its leaf (None: its content is gone past its term)
    and the block it is sealed in (None: not yet)."""

    line: Line
    leaf: bytes | None
    block: int | None


@dataclass(frozen=True, slots=True)
class Sealing:
    """A block that an export touches, as the ledger has it."""

    block: int
    first_id: int
    last_id: int
    n: int
    root: str
    entry_id: int


class Sign(Protocol):
    """Signs the number of lines and the digest."""

    def __call__(self, *, n: int, sha256: str) -> str: ...


def signed_text(*, n: int, sha256: str) -> str:
    """What an export's note says."""
    return f"{log_name()}/audit-export\nlines {n}\nsha256 {sha256}\n"


def json_lines(
    *,
    head: dict[str, Any],
    lines: Iterable[Exported],
    blocks: Callable[[set[int]], Iterable[Sealing]],
    sign: Sign,
) -> Iterator[str]:
    """The export, a line at a time; nothing is held back but the numbers of the blocks."""
    digest, n, touched = sha256(), 0, set()

    def out(text: str) -> str:
        digest.update(text.encode())
        return text

    yield out(_json({"audit_export": VERSION, **head}))
    for each in lines:
        n += 1
        if each.block is not None:
            touched.add(each.block)
        leaf = "null" if each.leaf is None else f'"{base64.b64encode(each.leaf).decode()}"'
        block = "null" if each.block is None else each.block
        yield out(f'{{"line":{line_bytes(each.line).decode()},"leaf":{leaf},"block":{block}}}\n')
    for seal in blocks(touched):
        yield out(
            _json(
                {
                    "seal": seal.block,
                    "first": seal.first_id,
                    "last": seal.last_id,
                    "lines": seal.n,
                    "root": seal.root,
                    "entry": seal.entry_id,
                }
            )
        )
    found = digest.hexdigest()
    yield _json({"lines": n, "sha256": found, "note": sign(n=n, sha256=found)})


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of an export found. whole: blocks of which every line is there and gives the root."""

    lines: int
    whole: int
    part: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True when nothing was found wrong."""
        return not self.problems

    def as_text(self) -> str:
        """The result for a reader."""
        told = [
            say("文件中有{n:,}行。", n=self.lines),
            say(
                "整块都在、根值相符的{whole}块；只有一部分行的{part}块（按条件导出时如此）。",
                whole=self.whole,
                part=self.part,
            ),
            say("签名、行数、指纹和每一行的叶值都相符。") if self.ok else say("不符："),
        ]
        return "\n".join([*told, *self.problems[:FEW]])


def check(file: Path, key: str) -> Checked:
    """Check an exported file against the log's public key; reads it twice, a line at a time.

    The roots of whole blocks are to be looked up in the ledger, at the entries the file names.
    """
    problems: list[str] = []
    tail = _check_tail(file, key, problems)
    n = 0
    leaves: dict[int, bytearray] = defaultdict(bytearray)
    whole = part = 0
    with file.open(encoding="utf-8") as stream:
        for number, text in enumerate(stream, start=1):
            try:
                told = json.loads(text)
            except ValueError:
                problems.append(say("文件第{n}行不是 JSON。", n=number))
                continue
            if "line" in told:
                n += 1
                if told["leaf"] is None:
                    continue
                leaf = base64.b64decode(told["leaf"])
                if leaf_hash(canonical_json(told["line"])) != leaf:
                    problems.append(say("审计第{n}行的叶值与内容不符。", n=told["line"]["id"]))
                if told["block"] is not None:
                    leaves[told["block"]] += leaf
            elif "seal" in told:
                packed = bytes(leaves.pop(told["seal"], b""))
                if len(packed) != 32 * told["lines"]:
                    part += 1
                elif root_of(packed).hex() == told["root"]:
                    whole += 1
                else:
                    problems.append(say("第{n}块的行算不出它的根值。", n=told["seal"]))
    if tail.get("lines") != n:
        problems.append(say("行数不符：应有{a}行，有{b}行。", a=tail.get("lines", "?"), b=n))
    return Checked(lines=n, whole=whole, part=part, problems=tuple(problems))


def _check_tail(file: Path, key: str, problems: list[str]) -> dict[str, Any]:
    """The last line, after digest and signature were compared."""
    digest, last = sha256(), b""
    with file.open("rb") as stream:
        for piece in stream:
            digest.update(last)
            last = piece
    try:
        tail: dict[str, Any] = json.loads(last)
        text = read_signed(tail["note"], key)
        if tail["sha256"] != digest.hexdigest():
            problems.append(say("指纹不符：文件被改过或不完整。"))
        if text != signed_text(n=tail["lines"], sha256=tail["sha256"]):
            problems.append(say("签名的不是这份文件。"))
    except (ValueError, KeyError, TypeError):
        problems.append(say("没有结尾行：文件不完整。"))
        return {}
    except NoteWrong as wrong:
        problems.append(str(wrong))
    return tail
