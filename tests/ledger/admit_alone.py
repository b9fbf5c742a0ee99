"""A process of its own that stages and seals one batch, to be killed: see test_killed.py."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import django


def main(given):
    django.setup()
    from django.conf import settings
    from django.db import connections

    from zhengxin.kernel.actor import Actor
    from zhengxin.ledger import actions, staging

    for alias, name in given["stores"].items():
        connections[alias].settings_dict["NAME"] = name
    settings.KEYS_DIR = Path(given["keys"])
    staging.CHUNK, staging.ALONE, staging.STRETCH = 250, 1000, 1000
    verb = {"batch_id": given["batch"], "at": datetime.now(UTC), "actor": Actor.system("test")}
    actions.stage(
        drafts_path=Path(given["drafts"]),
        workers=2,
        progress=lambda done, n: print(done, flush=True),
        **verb,
    )
    actions.seal(**verb)
    print("sealed", flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
