"""Where everything lives: ZHENGXIN_HOME, its three databases and its signing secrets."""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url

from zhengxin.kernel.stores import STORE_FILES as STORE_FILES

STORE_SCHEMAS = {"default": "public", "keys": "zx_keys", "board": "zx_board"}
STORE_VARIABLES = {"keys": "ZHENGXIN_KEYS_URL", "board": "ZHENGXIN_BOARD_URL"}
PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "PRAGMA recursive_triggers=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000;"
)
# Erased secrets, and what the board no longer shows, leave no trace on free pages; the board is a
# copy and may lose its last second.
EXTRA_PRAGMAS = {
    "keys": "PRAGMA secure_delete=ON;",
    "board": "PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
}


def home() -> Path:
    """The folder of the embedded databases, keys and files; made private to its owner."""
    default = Path(__file__).resolve().parents[2] / "var"
    folder = Path(os.environ.get("ZHENGXIN_HOME", default)).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def private(folder: Path) -> Path:
    """A folder for the program's own account alone, made if it is not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def databases(folder: Path) -> dict[str, dict[str, Any]]:
    """The three stores: PostgreSQL schemas when DATABASE_URL is set, else SQLite files in `folder`."""
    return {alias: _store(folder, alias) for alias in STORE_FILES}


def board_only(folder: Path) -> dict[str, dict[str, Any]]:
    """The board and no other store; asking for the main database fails."""
    return {"default": {}, "board": _store(folder, "board")}


def _store(folder: Path, alias: str) -> dict[str, Any]:
    main = os.environ.get("DATABASE_URL", "")
    url = os.environ.get(STORE_VARIABLES.get(alias, ""), "") or main
    if url:
        store: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
        if url == main and alias != "default":
            options = dict(store.get("OPTIONS") or {})
            options["options"] = f"-c search_path={STORE_SCHEMAS[alias]}"
            store["OPTIONS"] = options
        return store
    return {
        "ENGINE": "zhengxin.config.sqlite",
        "NAME": folder / STORE_FILES[alias],
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": PRAGMAS + EXTRA_PRAGMAS.get(alias, ""),
        },
    }


def secret_key(folder: Path) -> str:
    """The secret that signs sessions, made at first start."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "session.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def portal_secret_key() -> str:
    """The portal signs nothing that must outlive the process."""
    return secrets.token_urlsafe(48)
