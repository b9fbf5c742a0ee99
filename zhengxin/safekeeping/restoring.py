"""A backup becomes a home: unpacked aside, settled by a process that wakes in it, then moved to its place in one go.

Runs without stores. Whatever goes wrong, and wherever it is killed, the home stays empty or is whole.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

from zhengxin.kernel.say import say
from zhengxin.safekeeping import homefiles, unpacking
from zhengxin.safekeeping.refusals import RestoreRefused
from zhengxin.safekeeping.types import Restored

_LOCK = "restore.lock"


class NotSettled(RestoreRefused):
    """The process that woke in the unpacked backup refused it, in these words."""


def restore(
    *, data: Path, keys: Path, run: str | None, identity: Path, erasures: Path | None, home: Path,
    master_key: bytes | None, even_so: bool, environment: Mapping[str, str],
) -> Restored:  # fmt: skip
    """Brings a backup into an empty home. With problems found, only `even_so` moves it in; see Restored.problems.

    Raises RestoreRefused and what unpacking raises.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    busy = RestoreRefused(say("没有恢复：另一次恢复正在进行。"), "", say("请等它办完。"))
    with homefiles.alone(home / _LOCK, busy) as lock:
        place = home / unpacking.PLACE
        _finish_or_clear(place, home, environment, lock)
        unpacking.insist_vacant(home)
        place.mkdir(mode=0o700)
        keep = False
        try:
            unpacking.unpack(
                data=data, keys=keys, run=run, identity=identity, erasures=erasures,
                own_journal=None, into=place,
            )  # fmt: skip
            _lay_master_key(place, home, master_key)
            restored = settle(place, environment, lock)
            keep = not restored.problems or even_so
            if keep:
                unpacking.move_in(place, home)
        finally:
            if not keep:
                clear(place, environment, lock)
    return restored


def settle(place: Path, environment: Mapping[str, str], lock: IO[str]) -> Restored:
    """Lets a process wake in place/home and settle it. Raises NotSettled."""
    done = _child(["settle-restored", str(place)], place, environment, lock)
    if done.returncode:
        told = done.stderr.strip()[-2000:].replace(str(place / unpacking.HOME), str(place.parent))
        raise NotSettled(
            told or say("没有恢复：核验的进程中断了。"),
            "",
            say("主密钥用--master-key文件或--shares给出。") if "主密钥" in told else "",
        )
    found = json.loads(done.stdout.splitlines()[-1])
    return Restored(**found | {"made_at": datetime.fromisoformat(found["made_at"])})


def clear(place: Path, environment: Mapping[str, str], lock: IO[str]) -> None:
    """Nothing is left of an attempt, neither in the folder nor in a database that was empty before."""
    if (place / unpacking.LOADING).exists() and environment.get("DATABASE_URL"):
        _child(["settle-restored", "--undo", str(place)], place, environment, lock)
    shutil.rmtree(place, ignore_errors=True)


def _child(
    arguments: list[str], place: Path, environment: Mapping[str, str], lock: IO[str]
) -> "subprocess.CompletedProcess[str]":
    # The child holds the lock too: when we are killed, nobody begins anew while it still writes.
    return subprocess.run(
        [sys.executable, "-m", "zhengxin", *arguments],
        env={**environment, "ZHENGXIN_HOME": str(place / unpacking.HOME)},
        capture_output=True,
        text=True,
        check=False,
        pass_fds=[lock.fileno()],
    )


def _lay_master_key(place: Path, home: Path, given: bytes | None) -> None:
    """The master key that was given, or the one that was laid in the home before."""
    own = home / "keys" / "master.key"
    target = place / unpacking.HOME / "keys" / "master.key"
    text = given if given is not None else own.read_bytes() if own.exists() else None
    if text is not None:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())


def _finish_or_clear(
    place: Path, home: Path, environment: Mapping[str, str], lock: IO[str]
) -> None:
    """What a killed restore left: moved in if it was settled, else taken away."""
    if not place.exists():
        return
    if (place / unpacking.SETTLED).exists():
        unpacking.move_in(place, home)
        return
    clear(place, environment, lock)
