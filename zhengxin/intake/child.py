"""Heavy work on a big file happens in a process of its own, so that its memory returns.

A job goes in as JSON on standard input, the outcome comes back as JSON on standard output.
"""

import gc
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from zhengxin.intake.checking import check_upload
from zhengxin.intake.compiling import ready
from zhengxin.intake.contents import write_contents
from zhengxin.intake.drafting import Drafted, write_drafts
from zhengxin.intake.ground import Ground
from zhengxin.intake.sources import read_source
from zhengxin.intake.types import Checked, FaultKind, Reading, Severity
from zhengxin.intake.uploads import UploadRefused, kind_of
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.subjects.types import Spelling

# Seconds for a small workbook; a sound one takes one or two.
PATIENCE = 60.0
# How much memory whoever reads a workbook may ask for; bytes.
_MOST_MEMORY = 16 << 30
_BROKEN = (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS, -signal.SIGILL)


class WorkFailed(RuntimeError):
    """The child process ended without an outcome; carries its last words."""


def _unreadable() -> UploadRefused:
    return UploadRefused(
        say("这个工作簿读不出来。"),
        say("里面有单元格写在极远的行或列，或者文件结构有误。"),
        say("请在Excel中把有内容的部分复制到新的工作簿，或另存为CSV，再上传。"),
    )


def check(ground: Ground) -> tuple[Reading, Checked]:
    """checking.check_upload, in a process of its own when the file is big or a workbook.

    A small workbook may be made to need any memory or time: whoever reads it ends, nobody else. Raises WorkFailed
    for whatever is not a refusal, and UploadRefused for a workbook that its reader did not survive.
    """
    if ground.small and kind_of(ground.upload) != "xlsx":
        try:
            return check_upload(ground)
        except Refused:
            raise
        except Exception as fault:
            raise WorkFailed(repr(fault)[-2000:]) from fault
    # What the file is gets looked into while the process starts.
    with _started() as child:
        ground = replace(ground, kind=kind_of(ground.upload))
        try:
            patience = PATIENCE if ground.small else None
            outcome = _answer(child, {"task": "check", **_job(ground)}, patience)
        except subprocess.TimeoutExpired:
            raise _unreadable() from None
        except WorkFailed:
            # Ended by itself (no memory, a fault of the reader); not stopped from outside, nor a fault of ours.
            if ground.kind == "xlsx" and child.returncode in _BROKEN:
                raise _unreadable() from None
            raise
    return as_reading(outcome["reading"]), as_checked(outcome["checked"])


@contextmanager
def contents(ground: Ground, reading: Reading) -> Iterator[None]:
    """contents.write_contents, beside what the block does when the file is big; done when the block is."""
    if ground.small:
        write_contents(ground, reading)
        yield
        return
    with ThreadPoolExecutor(max_workers=1) as aside:
        job = {"task": "contents", "reading": asdict(reading), **_job(ground)}
        written = aside.submit(_run, job)
        yield
        written.result()


def draft(ground: Ground, reading: Reading) -> Drafted:
    """drafting.write_drafts, in a process of its own when the file is big."""
    if ground.small:
        return write_drafts(ground, reading)
    return Drafted(**_run({"task": "draft", "reading": asdict(reading), **_job(ground)}))


def as_reading(data: Mapping[str, Any]) -> Reading:
    """A Reading from its JSON form."""
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
    }
    return Reading(**values)


def as_checked(data: Mapping[str, Any]) -> Checked:
    """A Checked from its JSON form."""
    kinds = tuple(
        FaultKind(kind["code"], kind["label"], Severity(kind["severity"]), kind["count"])
        for kind in data["kinds"]
    )
    return Checked(
        data["rows"], data["records"], data["refused"], kinds, tuple(data.get("warnings", ()))
    )


def _job(ground: Ground) -> dict[str, Any]:
    return {
        "upload": str(ground.upload),
        "folder": str(ground.folder),
        "source": str(ground.source.path),
        "unit_id": ground.unit_id,
        "today": ground.today.isoformat(),
        "pepper": ground.pepper.hex(),
        "kind": ground.kind,
        "sender": ground.sender,
        "collects": ground.collects,
        "spellings": [
            [each.written, each.unit, each.unit_id, each.own, *_iso(each.valid_from, each.valid_to)]
            for each in ground.spellings
        ],
    }


def _run(job: dict[str, Any]) -> dict[str, Any]:
    with _started() as child:
        return _answer(child, job)


@contextmanager
def _started() -> Iterator["subprocess.Popen[str]"]:
    """A child process that waits for its job; gone when the block ends."""
    child = subprocess.Popen(
        [sys.executable, "-m", "zhengxin.intake.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with child:
        try:
            yield child
        finally:
            child.kill()


def _answer(
    child: "subprocess.Popen[str]", job: dict[str, Any], patience: float | None = None
) -> dict[str, Any]:
    out, words = child.communicate(json.dumps(job), timeout=patience)
    if child.returncode != 0:
        raise WorkFailed(words[-2000:])
    outcome: dict[str, Any] = json.loads(out)
    if "refused" in outcome:
        raise Refused(*outcome["refused"])
    return outcome


def _iso(*days: date | None) -> list[str | None]:
    return [day.isoformat() if day else None for day in days]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _work(job: Mapping[str, Any]) -> dict[str, Any]:
    ground = Ground(
        upload=Path(job["upload"]),
        folder=Path(job["folder"]),
        source=read_source(Path(job["source"])),
        unit_id=job["unit_id"],
        today=date.fromisoformat(job["today"]),
        pepper=bytes.fromhex(job["pepper"]),
        kind=job["kind"],
        sender=job["sender"],
        collects=job["collects"],
        spellings=tuple(
            Spelling(written, unit, unit_id, own, *map(_day, days))
            for written, unit, unit_id, own, *days in job["spellings"]
        ),
    )
    try:
        if job["task"] == "contents":
            write_contents(ground, as_reading(job["reading"]))
            return {}
        if job["task"] == "draft":
            return asdict(write_drafts(ground, as_reading(job["reading"])))
        reading, checked = check_upload(ground)
    except Refused as refused:
        return {"refused": [refused.what, refused.why, refused.remedy]}
    return {"reading": asdict(reading), "checked": asdict(checked)}


if __name__ == "__main__":
    # Whoever opens a page meanwhile goes first.
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    # Millions of cells and no circles among them; the process is gone before long.
    gc.disable()
    given = json.load(sys.stdin)
    kept = Path(given["folder"]).parent / "statements"
    if not ready(kept, Path(given["source"]).parent.name, given["kind"]):
        # Loads while a workbook is read, which leaves the interpreter free.
        Thread(target=import_module, args=("zhengxin.intake.statements",)).start()
    print(json.dumps(_work(given)))
