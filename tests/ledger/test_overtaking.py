import pytest

from tests.ledger.conftest import ACTOR, AT, draft
from zhengxin.ledger import actions, queries
from zhengxin.ledger.overtaking import Overtaken

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def staged(drafts, digest="c", seen=None):
    path = drafts(30)
    seen = queries.size() if seen is None else seen
    batch = actions.reserve(
        digest=digest * 64, unit_id=3, n=30, seen=seen, known_at=AT, at=AT, actor=ACTOR
    )
    actions.stage(batch_id=batch.id, drafts_path=path, workers=0, at=AT, actor=ACTOR)
    return batch


def test_the_second_of_two_batches_with_one_key_is_not_sealed(drafts):
    first, second = staged(drafts, "a"), staged(drafts, "b")
    actions.seal(batch_id=first.id, at=AT, actor=ACTOR)
    with pytest.raises(Overtaken):
        actions.seal(batch_id=second.id, at=AT, actor=ACTOR)
    assert queries.size() == 30
    assert queries.verify().ok


def test_other_keys_do_not_hold_a_batch_up(drafts):
    batch = staged(drafts)
    actions.append(drafts=[draft(5)], at=AT, actor=ACTOR)
    actions.seal(batch_id=batch.id, at=AT, actor=ACTOR)
    assert queries.size() == 31


def test_what_was_seen_when_comparing_does_not_hold_a_batch_up(drafts):
    first = staged(drafts, "a")
    actions.seal(batch_id=first.id, at=AT, actor=ACTOR)
    second = staged(drafts, "b")
    actions.seal(batch_id=second.id, at=AT, actor=ACTOR)
    assert queries.size() == 60
