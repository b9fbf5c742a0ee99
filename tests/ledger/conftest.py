"""A small ledger's surroundings: keys of its own, drafts as files and as values."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import canonical_json
from zhengxin.lake.queries import write_parquet
from zhengxin.ledger.types import Draft

AT = datetime(2026, 11, 23, 2, 0, 5, 123456, tzinfo=UTC)
ACTOR = Actor.system("test")
DRAFT_TYPES = {
    "seq": "BIGINT",
    "row_number": "BIGINT",
    "kind": "VARCHAR",
    "subject_id": "BIGINT",
    "unit_id": "BIGINT",
    "true_on": "DATE",
    "key": "BIGINT",
    "content": "BIGINT",
    "about_id": "BIGINT",
    "trait": "VARCHAR",
    "open_json": "VARCHAR",
    "text_json": "VARCHAR",
    "closed_json": "VARCHAR",
}


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"


def draft(number=1, **changes):
    values = {
        "kind": "penalty",
        "subject_id": 10 + number,
        "unit_id": 3,
        "true_on": date(2026, 1, 5),
        "known_at": AT,
        "open": {"document": f"示市监罚〔2026〕{number}号", "kinds": ["罚款", "警告"]},
        "text": {"FACTS": f"事实“{number}”\n"},
        "closed": {"party_id": "x" * 18},
        "key": -1000 - number,
        "content": -5,
        "about_id": None,
        "trait": "fine;warning",
    }
    return Draft(**(values | changes))


def rows(n, filler=0):
    """n rows of drafts.parquet, every tenth without date, texts and closed part."""
    for seq in range(n):
        bare = seq % 10 == 0
        opened = {"document": f"示罚〔2026〕{seq}号", "filler": "某" * filler}
        yield (
            seq,
            seq + 2,
            "penalty",
            seq % 7 or None,
            3,
            None if bare else date(2026, 1, 1) + timedelta(days=seq % 300),
            None if bare else seq * 11,
            None if bare else seq * 13,
            None,
            "" if bare else "fine",
            canonical_json(opened).decode(),
            "{}" if bare else canonical_json({"FACTS": f'事实 "{seq}" \\ 𠮷'}).decode(),
            "{}" if bare else json.dumps({"a": str(seq)}, separators=(",", ":")),
        )


@pytest.fixture
def drafts(tmp_path):
    def write(n, filler=0):
        path = tmp_path / f"drafts-{n}.parquet"
        write_parquet(path, DRAFT_TYPES, rows(n, filler))
        return path

    return write
