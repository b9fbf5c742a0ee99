"""A worker process of staging: reads from standard input which drafts to take, answers with a line a chunk.

Started by zhengxin.ledger.staging only. It ends when its input ends, so it never outlives its
starter by more than one stretch.
"""

import fcntl
import gc
import os
import pickle
import sys

import django
from django.conf import settings
from django.db import connections

NICE = 10


def main() -> None:
    """Stage stretches until the input ends."""
    # Millions of values and no circles among them.
    gc.disable()
    # Whoever waits at a page goes first on a crowded machine.
    os.nice(NICE)
    django.setup()
    from zhengxin.ledger.chunks import StagingStopped, stage_chunk
    from zhengxin.ledger.staging import chunks
    from zhengxin.ledger.storing import standing_back

    source, answers = sys.stdin.buffer, sys.stdout.buffer
    place, drafts_path, stores, keys, seat = pickle.load(source)
    settings.KEYS_DIR, settings.KEY_PROVIDER, settings.KEY_SUITE = keys
    for alias, name in stores.items():
        connections[alias].settings_dict["NAME"] = name
    if connections["default"].vendor == "postgresql":
        # The seal's own commit, which waits for the disk, makes these rows safe as well.
        with connections["default"].cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
    else:
        connections["default"].ensure_connection()
        connections["default"].connection.execute("PRAGMA synchronous=NORMAL")
    with standing_back(), seat.open("w") as place_to_sit:
        while True:
            try:
                stretch = pickle.load(source)
            except (EOFError, pickle.UnpicklingError):
                return
            for chunk in chunks(drafts_path, *stretch):
                fcntl.flock(place_to_sit, fcntl.LOCK_EX)
                try:
                    stage_chunk(place, chunk)
                except StagingStopped:
                    # A withdrawal overtook it: whoever started this process says so.
                    return
                fcntl.flock(place_to_sit, fcntl.LOCK_UN)
                try:
                    answers.write(b"%d\n" % len(chunk))
                    answers.flush()
                except BrokenPipeError:
                    return


if __name__ == "__main__":
    main()
