"""A home of its own for stories told through the doors: the command line and the served pages.

Each home has its own folder and, where the suite runs on PostgreSQL, its own database on that server.
"""

import atexit
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit

COMMAND = [sys.executable, "-m", "zhengxin"]
PATIENCE = 60


@dataclass(frozen=True)
class Home:
    """A folder for ZHENGXIN_HOME and what commands run with."""

    path: Path
    environment: dict[str, str]

    def run(self, *arguments: object, fails: bool = False) -> str:
        """What the command printed; it must succeed (or, with `fails`, be refused with exit code 1)."""
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == (1 if fails else 0), done.stdout + done.stderr
        return done.stderr if fails else done.stdout

    def start(self, *arguments: object, log: Path | None = None) -> subprocess.Popen[bytes]:
        """The command running in a process group of its own; what it writes goes to `log`."""
        with (log or Path(os.devnull)).open("ab") as written:
            return subprocess.Popen(
                [*COMMAND, *map(str, arguments)],
                env=self.environment,
                stdout=written,
                stderr=written,
                start_new_session=True,
            )

    def having(self, **variables: str) -> "Home":
        """The same home, with these environment variables."""
        return replace(self, environment={**self.environment, **variables})

    def ask(self, code: str) -> Any:
        """The value of `answer` after `code` ran in a process with Django awake in this home."""
        script = (
            "import json, django; django.setup()\n"
            f"{code}\nprint(json.dumps(answer, default=str, ensure_ascii=False))"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "zhengxin.config.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def serving(self, *arguments: object, log: Path | None = None) -> Iterator[str]:
        """The address of the site served from this home on a free port."""
        with self.serving_group(*arguments, log=log) as (address, _server):
            yield address

    @contextmanager
    def serving_group(
        self, *arguments: object, log: Path | None = None
    ) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
        """The same, with the process that leads all others of the server."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        server = self.start("serve", "--port", port, "--workers", 1, *arguments, log=log)
        try:
            _wait_for(address, server)
            yield address, server
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    begun = time.monotonic()
    while True:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=10):
                return
        except (URLError, ConnectionError, TimeoutError):
            assert time.monotonic() - begun < PATIENCE, "the server did not answer"
            time.sleep(0.1)


STORES = ("zhengxin.sqlite3", "keys.sqlite3", "board.sqlite3")
_TABLES = "from zhengxin.console.ready import ready; ready(keyless=True)"


@cache
def _with_tables(server: str) -> str:
    """A folder (or the name of a database on the server) with the tables of a new home and nothing in them.

    Made once: what every first command of a home would do again.
    """
    folder = Path(tempfile.mkdtemp(prefix="zhengxin-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment = {**os.environ, "ZHENGXIN_HOME": str(folder), "PYTHONWARNINGS": "ignore"}
    made = str(folder)
    if server:
        made = f"zx_tables_{secrets.token_hex(4)}"
        _on_server(server, f'CREATE DATABASE "{made}"')
        atexit.register(_on_server, server, f'DROP DATABASE IF EXISTS "{made}" WITH (FORCE)')
        environment["DATABASE_URL"] = _database(server, made)
    subprocess.run([sys.executable, "-c", _TABLES], env=environment, check=True)
    return made


def _on_server(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _database(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


@contextmanager
def new_home(folder: Path, *, tables: bool = True, like: Home | None = None) -> Iterator[Home]:
    """A home in `folder`, with a database of its own when the suite runs on a server.

    It has tables, empty ones; without `tables` there is nothing at all. like: it begins as a copy of that home, which
    nobody uses at that moment.
    """
    environment = {**os.environ, "ZHENGXIN_HOME": str(folder), "PYTHONWARNINGS": "ignore"}
    for name in ("ZHENGXIN_KEYS_URL", "ZHENGXIN_BOARD_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    server = environment.get("DATABASE_URL", "")
    if not server:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if like is not None:
            shutil.copytree(like.path, folder, dirs_exist_ok=True)
        for store in STORES if tables and like is None else ():
            shutil.copy(Path(_with_tables("")) / store, folder / store)
        yield Home(folder, environment)
        return
    name = f"zx_story_{secrets.token_hex(4)}"
    template = f' TEMPLATE "{_with_tables(server)}"' if tables else ""
    if like is not None:
        shutil.copytree(like.path, folder, dirs_exist_ok=True)
        template = f' TEMPLATE "{urlsplit(like.environment["DATABASE_URL"]).path[1:]}"'
    _on_server(server, f'CREATE DATABASE "{name}"{template}')
    try:
        yield Home(folder, {**environment, "DATABASE_URL": _database(server, name)})
    finally:
        _on_server(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
