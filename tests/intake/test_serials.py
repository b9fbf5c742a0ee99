"""One decision is one record, however the serial of its number is written."""

import pytest

from tests.intake.files import sound_row
from tests.intake.test_submissions import admit, drafts, rows_of, send
from zhengxin.intake import queries
from zhengxin.intake.drafting import SOUND
from zhengxin.intake.folders import folder_of
from zhengxin.kernel.actor import Actor
from zhengxin.lake.engine import connect
from zhengxin.lake.queries import one
from zhengxin.lake.sql import copy_to_parquet, parquet

pytestmark = [
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("store"),
]


@pytest.mark.parametrize(
    "again",
    ["示市监罚〔2026〕第90111号", "示市监罚〔2026〕090111号", "示市监罚（2026年）第 090111 号"],
)
def test_a_decision_is_the_same_however_its_serial_is_written(clerk: Actor, again: str) -> None:
    first = send(rows_of(sound_row(1, CF_WSH="示市监罚〔2026〕90111号")), clerk)
    [entry_id] = admit(first, clerk)
    later = send(rows_of(sound_row(1, CF_WSH=again)), clerk)
    assert (later.admitted, later.superseding) == (1, 1)
    [draft] = drafts(later)
    assert (draft["about_id"], draft["key"]) == (entry_id, drafts(first)[0]["key"])
    both = rows_of(
        sound_row(2, CF_WSH="示市监罚〔2026〕90112号"),
        sound_row(2, CF_WSH=again.replace("90111", "90112")),
    )
    assert send(both, clerk).refused == 2


def test_a_record_from_before_serials_were_folded_is_found_by_the_key_it_bears(
    clerk: Actor,
) -> None:
    written = "示市监罚〔2026〕第90111号"
    first = send(rows_of(sound_row(1, CF_WSH=written)), clerk)
    [before] = one(f"SELECT key_before FROM {parquet(folder_of(first.pk) / SOUND)}")
    path = queries.drafts_path(first.pk)
    rewrite_key = f"SELECT * REPLACE (CAST({before} AS BIGINT) AS key) FROM {parquet(path)}"
    with connect() as engine:
        engine.execute(copy_to_parquet(rewrite_key, path.with_suffix(".new")))
    path.with_suffix(".new").replace(path)
    [entry_id] = admit(first, clerk)
    assert drafts(first)[0]["key"] == before
    later = send(rows_of(sound_row(1, CF_WSH=written, CF_SY="更正后的事实")), clerk)
    [draft] = drafts(later)
    assert draft["about_id"] == entry_id
    assert draft["key"] != before
    [newer] = admit(later, clerk)
    last = send(rows_of(sound_row(1, CF_WSH=written, CF_SY="再更正的事实")), clerk)
    assert drafts(last)[0]["about_id"] == newer
    same = send(rows_of(sound_row(1, CF_WSH=written, CF_SY="更正后的事实", BZ="")), clerk)
    assert (same.admitted, same.refused) == (0, 1)
