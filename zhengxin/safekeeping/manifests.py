"""The signed statement of a backup. Who signed is only believed when the restored key store, opened by the master
key, holds that very signing key: whoever made up a backup cannot have wrapped one.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from zhengxin.kernel.say import say
from zhengxin.ledger.notes import NoteWrong, read_signed
from zhengxin.safekeeping.archives import Listing
from zhengxin.safekeeping.refusals import Damaged
from zhengxin.safekeeping.types import Archive, Manifest, Totals

FILE = "manifest.note"
_FORM = "zhengxin/backup/v1"


def text_of(manifest: Manifest) -> str:
    """What is signed."""
    found = {
        "run": manifest.run,
        "at": manifest.at.isoformat(),
        "program": manifest.program,
        "engine": manifest.engine,
        "size": manifest.size,
        "root": manifest.root,
        "verifier": manifest.verifier,
        "data": [manifest.data.sha256, manifest.data.size],
        "keys": [manifest.keys.sha256, manifest.keys.size],
    }
    return f"{_FORM}\n{json.dumps(found)}\n"


def read_manifest(folder: Path) -> tuple[Manifest, str]:
    """The manifest in the folder of a run, and the note as it stands. Raises Damaged."""
    path = folder / FILE
    try:
        note = path.read_text(encoding="utf-8")
        form, line = note.split("\n")[:2]
        found = json.loads(line)
        manifest = Manifest(
            run=str(found["run"]),
            at=datetime.fromisoformat(found["at"]),
            program=str(found["program"]),
            engine=str(found["engine"]),
            size=int(found["size"]),
            root=str(found["root"]),
            verifier=str(found["verifier"]),
            data=Archive(*found["data"]),
            keys=Archive(*found["keys"]),
        )
        if form != _FORM or read_signed(note, manifest.verifier) != text_of(manifest):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, NoteWrong):
        raise Damaged(str(path), say("清单读不出，或签名不符。")) from None
    return manifest, note


def contents_json(listed: Listing, **more: Any) -> bytes:
    """The last member of an archive."""
    return json.dumps({"files": listed, **more}, ensure_ascii=False).encode()


def listing_of(body: bytes) -> Listing:
    """The files that an archive must hold, by its last member. Raises ValueError."""
    try:
        return {
            name: (int(size), str(sha)) for name, (size, sha) in json.loads(body)["files"].items()
        }
    except (KeyError, TypeError, AttributeError):
        raise ValueError("no listing") from None


def totals_json(totals: Totals) -> dict[str, Any]:
    """Totals as they stand in an archive."""
    return {name: getattr(totals, name) for name in Totals.__slots__}


def totals_of(found: dict[str, Any]) -> Totals:
    """The same, read."""
    return Totals(**{name: found[name] for name in Totals.__slots__})
