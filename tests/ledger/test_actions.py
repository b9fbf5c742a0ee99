import json
import secrets
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.ledger.conftest import ACTOR, AT, draft
from zhengxin.kernel.digests import canonical_json
from zhengxin.kernel.merkle import verify_consistency, verify_inclusion
from zhengxin.ledger import actions, queries
from zhengxin.ledger.chunks import StagingStopped
from zhengxin.ledger.commitments import leaf_of
from zhengxin.ledger.keys import pepper
from zhengxin.ledger.models import Batch, Entry, Seal
from zhengxin.ledger.notes import NoteWrong
from zhengxin.ledger.types import Range
from zhengxin.ledger.vault import keyring
from zhengxin.ledger.vault.models import Secret
from zhengxin.ledger.vault.refusals import KeyMissing
from zhengxin.ledger.vault.wrapping import wrap

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def append(*drafts):
    return actions.append(drafts=drafts or [draft()], at=AT, actor=ACTOR)


def submit(path, n, digest="d" * 64):
    batch = actions.reserve(digest=digest, unit_id=3, n=n, seen=0, known_at=AT, at=AT, actor=ACTOR)
    actions.stage(batch_id=batch.id, drafts_path=path, workers=0, at=AT, actor=ACTOR)
    return actions.seal(batch_id=batch.id, at=AT, actor=ACTOR)


def whole():
    report = queries.verify(payloads=True)
    assert report.problems == ()
    return report


def test_what_is_appended_can_be_read_and_proved():
    ids = append(draft(1), draft(2))
    assert queries.size() == 2
    found = queries.entry(ids[1])
    assert (found.kind, found.subject_id, found.trait) == ("penalty", 12, "fine;warning")
    assert found.known_at == AT.replace(microsecond=0)
    content = queries.payload(ids[1])
    assert content.open == dict(draft(2).open)
    assert content.text == draft(2).text
    assert content.closed == draft(2).closed
    position = queries.position(ids[1])
    assert position == 1
    proof = queries.inclusion_proof(position, 2)
    assert verify_inclusion(1, 2, bytes(found.leaf), proof, queries.root(2))
    assert whole().payloads == 2


def test_nothing_to_append_is_an_error():
    with pytest.raises(ValueError, match="nothing"):
        actions.append(drafts=[], at=AT, actor=ACTOR)


def test_payloads_are_not_readable_in_the_database():
    [entry_id] = append()
    from zhengxin.ledger.models import Payload

    stored = bytes(Payload.objects.get(pk=entry_id).ciphertext)
    assert "示市监罚".encode() not in stored


def test_a_disclosure_shows_the_open_part_and_only_digests_of_the_rest():
    [entry_id] = append()
    proof = queries.disclosure_proof(entry_id, frozenset())
    assert set(proof["salts"]) == {"open"}
    assert set(proof["hidden"]) == {"closed", "key", "text:FACTS"}
    assert leaf_of(proof["leaf"]) == bytes(queries.entry(entry_id).leaf)
    released = queries.disclosure_proof(entry_id, frozenset({"FACTS"}))
    assert set(released["salts"]) == {"open", "text:FACTS"}
    assert released["leaf"] == proof["leaf"]
    json.dumps(released)


def test_a_rolled_back_append_leaves_no_trace_and_its_ids_are_not_used_again():
    first = append()
    with transaction.atomic():
        append()
        transaction.set_rollback(True)
    second = append()
    assert second[0] > first[0] + 1
    assert queries.position(second[0]) == 1
    assert whole().size == 2


def test_the_same_submission_is_reserved_once():
    values: dict[str, Any] = {
        "digest": "a" * 64,
        "unit_id": 3,
        "known_at": AT,
        "seen": 0,
        "at": AT,
        "actor": ACTOR,
    }
    one = actions.reserve(n=5, **values)
    assert actions.reserve(n=5, **values).id == one.id
    with pytest.raises(ValueError, match="reserved for 5"):
        actions.reserve(n=6, **values)
    with pytest.raises(ValueError, match="at least one"):
        actions.reserve(n=0, **values)
    other = actions.reserve(n=1, **values | {"digest": "b" * 64})
    assert other.first_id == one.first_id + 5


def test_a_staged_batch_exists_only_after_its_seal(drafts):
    path = drafts(300)
    before = append()
    batch = actions.reserve(
        digest="c" * 64, unit_id=3, n=300, seen=0, known_at=AT, at=AT, actor=ACTOR
    )
    told = []
    actions.stage(
        batch_id=batch.id,
        drafts_path=path,
        workers=0,
        progress=lambda done, n: told.append((done, n)),
        at=AT,
        actor=ACTOR,
    )
    assert told[-1] == (300, 300)
    between = append()
    with pytest.raises(queries.EntryMissing):
        queries.entry(batch.first_id)
    assert queries.payloads([batch.first_id]) == {}
    assert queries.find_keys([11]) == {}
    seal = actions.seal(batch_id=batch.id, at=AT, actor=ACTOR)
    assert (seal.base, seal.n) == (2, 300)
    assert queries.seal(batch.id) == seal
    assert actions.seal(batch_id=batch.id, at=AT, actor=ACTOR) == seal
    assert queries.position(batch.first_id + 7) == 9
    assert [queries.position(i) for i in (*before, *between)] == [0, 1]
    assert queries.payload(batch.first_id + 7).text == {"FACTS": '事实 "7" \\ 𠮷'}
    assert whole().size == 302


def test_staging_again_adds_nothing_and_fills_what_is_missing(drafts):
    path = drafts(30)
    batch = actions.reserve(
        digest="c" * 64, unit_id=3, n=30, seen=0, known_at=AT, at=AT, actor=ACTOR
    )
    # An interrupted attempt: two secrets, one of them with its entry.
    kept = secrets.token_bytes(32)
    [(entry_id, wrapped, _why, epoch, origin)] = wrap([(batch.first_id + 3, kept, 1)])
    Secret.objects.create(entry_id=entry_id, secret=wrapped, epoch=epoch, origin=origin)
    for _ in range(2):
        actions.stage(batch_id=batch.id, drafts_path=path, workers=0, at=AT, actor=ACTOR)
    assert Entry.objects.count() == 30
    assert bytes(Secret.objects.get(pk=batch.first_id + 3).secret or b"") == wrapped
    actions.seal(batch_id=batch.id, at=AT, actor=ACTOR)
    actions.stage(batch_id=batch.id, drafts_path=path, workers=0, at=AT, actor=ACTOR)
    assert whole().payloads == 30


def test_a_batch_with_missing_entries_cannot_be_sealed(drafts):
    batch = actions.reserve(
        digest="c" * 64, unit_id=3, n=31, seen=0, known_at=AT, at=AT, actor=ACTOR
    )
    actions.stage(batch_id=batch.id, drafts_path=drafts(30), workers=0, at=AT, actor=ACTOR)
    with pytest.raises(actions.NotSealable, match="没有写入"):
        actions.seal(batch_id=batch.id, at=AT, actor=ACTOR)


@pytest.mark.parametrize("staged", [True, False])
def test_an_abandoned_batch_can_be_neither_read_nor_continued(drafts, staged):
    path = drafts(30)
    batch = actions.reserve(
        digest="c" * 64, unit_id=3, n=30, seen=0, known_at=AT, at=AT, actor=ACTOR
    )
    if staged:
        actions.stage(batch_id=batch.id, drafts_path=path, workers=0, at=AT, actor=ACTOR)
    actions.abandon(batch_id=batch.id, because="报错单位", at=AT, actor=ACTOR)
    assert not Secret.objects.filter(secret__isnull=False).exists()
    with pytest.raises(StagingStopped):
        actions.stage(batch_id=batch.id, drafts_path=path, workers=0, at=AT, actor=ACTOR)
    if staged:
        with pytest.raises(actions.NotSealable, match="已放弃"):
            actions.seal(batch_id=batch.id, at=AT, actor=ACTOR)
    append()
    assert whole().size == 1


def test_a_sealed_batch_cannot_be_abandoned(drafts):
    seal = submit(drafts(3), 3)
    with pytest.raises(actions.AlreadySealed):
        actions.abandon(batch_id=seal.batch_id, because="x", at=AT, actor=ACTOR)
    assert whole().payloads == 3


def test_an_erased_payload_is_gone_and_every_old_proof_holds():
    ids = append(draft(1), draft(2), draft(3))
    root, proof = queries.root(3), queries.inclusion_proof(1, 3)
    note = actions.sign_checkpoint(at=AT, actor=ACTOR)
    actions.erase(entry_id=ids[1], because="依法删除", at=AT, actor=ACTOR)
    with pytest.raises(queries.Erased):
        queries.payload(ids[1])
    with pytest.raises(queries.Erased):
        queries.disclosure_proof(ids[1], frozenset())
    assert set(queries.payloads(ids)) == {ids[0], ids[2]}
    leaf = bytes(queries.entry(ids[1]).leaf)
    assert verify_inclusion(1, 3, leaf, proof, queries.root(3))
    assert queries.root(3) == root == bytes(note.root)
    report = whole()
    assert (report.payloads, report.erased) == (2, 1)
    with pytest.raises(actions.NothingToErase):
        actions.erase(entry_id=ids[1], because="x", at=AT, actor=ACTOR)
    with pytest.raises(actions.NothingToErase):
        actions.erase(entry_id=999, because="x", at=AT, actor=ACTOR)


def test_an_unknown_entry_is_refused_in_words():
    with pytest.raises(queries.EntryMissing, match="没有第 5 条"):
        queries.payload(5)
    with pytest.raises(queries.EntryMissing):
        queries.position(5)
    with pytest.raises(queries.NotInTree):
        queries.inclusion_proof(0, 0)
    with pytest.raises(queries.NotInTree):
        queries.root(1)
    with pytest.raises(queries.NotInTree):
        queries.tile(0, 0, 0)


def test_proofs_across_batches_tiles_and_sizes(drafts):
    append(draft(1), draft(2), draft(3))
    submit(drafts(700), 700)
    append()
    total = queries.size()
    assert total == 704
    ids = queries.sealed_ranges(0, 10_000)
    leaves = [bytes(e.leaf) for piece in ids for e in queries.entries(piece)]
    assert b"".join(leaves[256:512]) == queries.tile(0, 1, total)
    assert len(queries.tile(0, 2, total)) == (704 - 512) * 32
    assert len(queries.tile(1, 0, total)) == 2 * 32
    for size in (1, 3, 4, 255, 256, 257, 512, 703, 704):
        root = queries.root(size)
        for position in {0, size // 2, size - 1}:
            proof = queries.inclusion_proof(position, size)
            assert verify_inclusion(position, size, leaves[position], proof, root)
        proof = queries.consistency_proof(size, total)
        assert verify_consistency(size, total, root, queries.root(total), proof)
    assert queries.root(total) == bytes(Seal.objects.order_by("-base")[0].root)


def test_checkpoints_are_signed_and_repeat_only_when_something_changed():
    append()
    one = actions.sign_checkpoint(at=AT, actor=ACTOR)
    assert actions.sign_checkpoint(at=AT, actor=ACTOR) == one
    append()
    two = actions.sign_checkpoint(at=AT, actor=ACTOR)
    assert queries.latest_checkpoint() == two
    head = queries.read_checkpoint(two.note)
    with pytest.raises(NoteWrong):
        queries.read_checkpoint(two.note.replace("\n2\n", "\n3\n"))
    assert (head.size, head.root) == (2, queries.root(2))


def test_ranges_are_given_in_ledger_order_and_cut_to_the_limit(drafts):
    batch = actions.reserve(
        digest="c" * 64, unit_id=3, n=10, seen=0, known_at=AT, at=AT, actor=ACTOR
    )
    [later_id] = append()
    actions.stage(batch_id=batch.id, drafts_path=drafts(10), workers=0, at=AT, actor=ACTOR)
    actions.seal(batch_id=batch.id, at=AT, actor=ACTOR)
    later = Entry.objects.get(pk=later_id).batch_id
    assert queries.sealed_ranges(0, 5) == [
        Range(later, 0, later_id, 1),
        Range(batch.id, 1, batch.first_id, 4),
    ]
    assert queries.sealed_ranges(5, 100) == [Range(batch.id, 5, batch.first_id + 4, 6)]
    assert queries.sealed_ranges(11, 100) == []
    assert queries.entries(Range(batch.id, 5, batch.first_id + 4, 6)).count() == 6


def test_cursors_advance_and_reset():
    assert queries.cursor("archive") == 0
    actions.advance(follower="archive", position=5)
    actions.advance(follower="archive", position=9)
    actions.advance(follower="duties", position=1)
    assert queries.cursor("archive", lock=True) == 9
    assert queries.cursor("publication", lock=True) == 0
    actions.reset(follower="archive")
    assert (queries.cursor("archive"), queries.cursor("duties")) == (0, 1)


def test_keys_find_entries_newest_first_but_not_withdrawn_ones(drafts):
    [old] = append(draft(1, key=7, content=1))
    [new] = append(draft(1, key=7, content=2, about_id=old))
    found = queries.find_keys([7, 8])
    assert [(m.entry_id, m.content, m.about_id) for m in found[7]] == [
        (new, 2, old),
        (old, 1, None),
    ]
    assert 8 not in found
    append(
        draft(
            kind="withdrawal", key=None, content=None, about_id=Entry.objects.get(pk=new).batch_id
        )
    )
    assert [m.entry_id for m in queries.find_keys([7])[7]] == [old]
    append(draft(kind="revocation", key=None, content=None, about_id=old))
    assert queries.find_keys([7]) == {}


def test_keys_are_made_once_private_and_never_twice_for_a_ledger_in_use(tmp_path):
    first = pepper()
    keyring.forget()
    assert pepper() == first
    [path] = (tmp_path / "keys").iterdir()
    assert (path.name, path.stat().st_mode & 0o777) == ("master.key", 0o600)
    append()
    path.unlink()
    keyring.forget()
    for use in (pepper, keyring.check, append):
        with pytest.raises(KeyMissing, match="不能另造"):
            use()
    assert not path.exists()


def test_content_without_byte_form_is_refused_before_anything_is_written():
    with pytest.raises(TypeError):
        append(draft(open={"amount": 1.5}))
    assert Batch.objects.count() == 0


def test_the_commitment_covers_the_bytes_of_the_open_part():
    [entry_id] = append()
    proof = queries.disclosure_proof(entry_id, frozenset({"FACTS"}))
    from hashlib import sha256

    salt = bytes.fromhex(proof["salts"]["open"])
    digests = {"open": sha256(salt + canonical_json(dict(draft().open))).digest()}
    text = canonical_json(draft().text["FACTS"])
    digests["text:FACTS"] = sha256(bytes.fromhex(proof["salts"]["text:FACTS"]) + text).digest()
    digests |= {name: bytes.fromhex(value) for name, value in proof["hidden"].items()}
    from zhengxin.ledger.commitments import commitment

    assert commitment(digests).hex() == proof["leaf"]["commitment"]


def test_two_seals_cannot_take_the_same_place():
    append()
    seal = Seal.objects.get()
    seal.batch_id += 1000
    with pytest.raises(IntegrityError), transaction.atomic():
        seal.save(force_insert=True)
