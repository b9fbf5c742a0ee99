"""Files from above: which belong together, whether manifest and signature hold, and rows of JSON and XML as CSV."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from zhengxin.handover.manifests import (
    MANIFEST,
    SIGNATURE,
    ManifestWrong,
    check_files,
    check_signature,
    read_manifest,
)
from zhengxin.handover.types import Incoming, Operation, Peer
from zhengxin.kernel.digests import file_digest
from zhengxin.kernel.say import say

TABLES = (".csv", ".xlsx")
_ENDS = (*TABLES, ".json", ".xml")


def read_batch(
    peer: Peer, folder: Path, manifest: Path, sources: Mapping[str, str], known: frozenset[str]
) -> list[Incoming]:
    """The files of one batch in `folder`. sources: record kind to source; known: digests of manifests taken before.

    Raises ManifestWrong: signature missing or wrong, files missing or other ones.
    """
    content = manifest.read_bytes()
    note = folder / f"{manifest.name.removesuffix(MANIFEST)}{SIGNATURE}"
    if note.is_file() and peer.verifier:
        check_signature(content, note.read_text(encoding="utf-8"), peer.verifier)
    elif peer.inward is not None and peer.inward.signed:
        raise ManifestWrong(say("没有签名文件。"))
    told = read_manifest(content)
    check_files(told, folder)
    gap = bool(told.previous) and told.previous not in known
    found = []
    for each in told.files:
        source, held = sources.get(each.kind, ""), ""
        if not source:
            held = say("本县没有“{kind}”的模板。", kind=each.kind)
        elif each.operation not in (Operation.NEW, Operation.CORRECT):
            held = say("撤销和终止公示要由人核对后办理。")
        found.append(
            Incoming(folder / each.name, each.name, each.sha256, source, told.number, held)
        )
    # Last: once it is written down, the batch is done with.
    found.append(Incoming(manifest, manifest.name, told.digest, "", told.number, gap=gap))
    return found


def read_alone(folder: Path, taken: frozenset[str], sources: Sequence[str]) -> list[Incoming]:
    """Data files without a manifest; a file's name begins with the name of its source."""
    found = []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name in taken or path.name.startswith("."):
            continue
        if path.suffix.lower() not in _ENDS or path.name.endswith(MANIFEST):
            continue
        source = next((name for name in sources if path.name.startswith(name)), "")
        held = "" if source else say("文件名没有以来源名称开头，看不出是哪种记录。")
        found.append(Incoming(path, path.name, file_digest(path), source, held=held))
    return found


def as_table(path: Path) -> tuple[Path | io.BytesIO, str]:
    """The file as intake reads it, and its name: CSV and XLSX as they are, JSON and XML as CSV with field codes.

    Raises ManifestWrong when the content cannot be read.
    """
    if path.suffix.lower() in TABLES:
        return path, path.name
    try:
        records = _json(path) if path.suffix.lower() == ".json" else _xml(path)
    except (ValueError, KeyError, TypeError, SyntaxError) as error:
        raise ManifestWrong(say("文件{name}读不懂。", name=path.name)) from error
    names = list(dict.fromkeys(name for record in records for name in record))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(records)
    return io.BytesIO(text.getvalue().encode("utf-8-sig")), f"{path.stem}.csv"


def _json(path: Path) -> list[dict[str, str]]:
    records = json.loads(path.read_bytes())["records"]
    return [{str(k): "" if v is None else str(v) for k, v in each.items()} for each in records]


def _xml(path: Path) -> list[dict[str, str]]:
    # Slow to load, and most commands read no such file. A damaged one is a SyntaxError, a hostile one a ValueError.
    from defusedxml import ElementTree

    body = ElementTree.parse(path).getroot().find("Body")
    if body is None:
        raise ValueError("no Body")
    return [{child.tag: child.text or "" for child in each} for each in body.findall("fields")]
