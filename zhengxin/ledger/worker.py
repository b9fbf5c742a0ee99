"""A worker process of staging: reads chunks from standard input, answers each with a line.

Started by zhengxin.ledger.staging only. It ends when its input ends, so it never outlives its
starter by more than one chunk.
"""

import pickle
import sys
from pathlib import Path

import django
from django.conf import settings
from django.db import connections


def main() -> None:
    """Stage chunks until the input ends."""
    django.setup()
    from zhengxin.ledger.chunks import stage_chunk

    source, answers = sys.stdin.buffer, sys.stdout.buffer
    place, stores, keys_dir = pickle.load(source)
    settings.KEYS_DIR = Path(keys_dir)
    for alias, name in stores.items():
        connections[alias].settings_dict["NAME"] = name
    if connections["default"].vendor == "postgresql":
        # The seal's own commit, which waits for the disk, makes these rows safe as well.
        with connections["default"].cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
    else:
        connections["default"].ensure_connection()
        connections["default"].connection.execute("PRAGMA synchronous=NORMAL")
    while True:
        try:
            chunk = pickle.load(source)
        except (EOFError, pickle.UnpicklingError):
            return
        stage_chunk(place, chunk)
        try:
            answers.write(b"done\n")
            answers.flush()
        except BrokenPipeError:
            return


if __name__ == "__main__":
    main()
