"""A process of its own that rotates and dies by kill -9 where it is told: see test_rotation.py."""

import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import django


def main(given):
    django.setup()
    from django.conf import settings
    from django.db import connections

    from zhengxin.kernel.actor import Actor
    from zhengxin.ledger.vault import actions
    from zhengxin.ledger.vault.providers import FileKeeper

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    for alias, name in given["stores"].items():
        connections[alias].settings_dict["NAME"] = name
    settings.KEYS_DIR = Path(given["keys"])
    actions.CHUNK = 50
    verb = {"at": datetime.now(UTC), "actor": Actor.system("test")}
    match given["die"]:
        case "before the commit":
            plain = actions.keyring.wrapped_row
            rows = []

            def fragile(*row):
                rows.append(row)
                return die() if len(rows) == 3 else plain(*row)

            actions.keyring.wrapped_row = fragile
            actions.rotate_master(to=None, **verb)
        case "between store and file":
            FileKeeper.settle = die
            actions.rotate_master(to=None, **verb)
        case "before the old signing key is destroyed":
            actions._destroy_signing = die
            actions.rotate_signing(**verb)
        case "between the signing keys":
            actions.sign = die
            actions.rotate_signing(**verb)
        case chunks:
            left = [None] * int(chunks)
            actions.rewrap(progress=lambda done: left.pop() if left else die(), **verb)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
