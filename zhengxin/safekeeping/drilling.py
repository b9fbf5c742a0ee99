"""A drill: the newest backup becomes a home in a scratch folder (and scratch databases), is verified, and goes again."""

import fcntl
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from zhengxin.kernel.say import say
from zhengxin.safekeeping import restoring, unpacking
from zhengxin.safekeeping.refusals import RestoreRefused
from zhengxin.safekeeping.types import Manifest, Restored

PREFIX = "drill-"
_URLS = ("DATABASE_URL", "ZHENGXIN_KEYS_URL", "ZHENGXIN_BOARD_URL")


@dataclass(frozen=True, slots=True)
class Drilled:
    """What a drill showed. seconds: from the archives to a verified home."""

    manifest: Manifest
    restored: Restored
    seconds: float


def drill(
    *, data: Path, keys: Path, run: str | None, identity: Path, erasures: Path | None, home: Path,
    scratch: Path, environment: Mapping[str, str],
) -> Drilled:  # fmt: skip
    """Restores into scratch with the running home's master key and newest journal. Raises RestoreRefused, Refused."""
    sweep(scratch)
    with (
        tempfile.TemporaryDirectory(dir=scratch, prefix=PREFIX) as name,
        scratch_databases(environment) as urls,
        (Path(name) / "lock").open("w") as lock,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        place = Path(name) / "place"
        begun = time.monotonic()
        manifest = unpacking.unpack(
            data=data, keys=keys, run=run, identity=identity, erasures=erasures,
            own_journal=home / "erasures.jsonl", into=place,
        )  # fmt: skip
        there = {**environment, **urls}
        if there.get("ZHENGXIN_KEY_PROVIDER", "file") == "file":
            there["ZHENGXIN_KEY_PROVIDER"] = f"file:{home / 'keys' / 'master.key'}"
        restored = restoring.settle(place, there, lock)
        return Drilled(manifest, restored, time.monotonic() - begun)


def sweep(scratch: Path) -> bool:
    """Remove what killed drills left; False while one is being held."""
    idle = True
    for left in scratch.glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError), (left / "lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                idle = False
                continue
        shutil.rmtree(left, ignore_errors=True)
    return idle


@contextmanager
def scratch_databases(environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """On a server: an empty database for each that is in use, and the variables that name them."""
    made: dict[str, str] = {}
    try:
        for url in dict.fromkeys(environment.get(name, "") for name in _URLS):
            if url:
                name = f"zx_drill_{secrets.token_hex(4)}"
                _execute(url, f'CREATE DATABASE "{name}"')
                made[url] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        yield {name: made[environment[name]] for name in _URLS if environment.get(name)}
    finally:
        for url, scratch in made.items():
            name = urlsplit(scratch).path.removeprefix("/")
            _execute(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _execute(url: str, statement: str) -> None:
    import psycopg

    try:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(statement.encode())
    except psycopg.Error as error:
        raise RestoreRefused(
            say("没有演练：不能建立演练用的数据库（{kind}）。", kind=type(error).__name__),
            say("演练在一个临时的数据库里进行，账号要有CREATEDB权限。"),
            say("请给这个账号CREATEDB，或在另一台机器上演练。"),
        ) from None
